from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.output.forms import styles
from cnncalc.output.forms.sheet import COUNT, TEXT, Column, Section, Sheet
from cnncalc.output.forms.tables import Page, render, wrapped
from cnncalc.output.sheets import overview
from cnncalc.output.sheets.overview import Arrangement
from cnncalc.text import breadth, shortened
from tests.output.networks import PLAIN, RESIDUAL, analyze

ESCAPES = re.compile(r"\x1b\[[\d;]+m")


def small(rows: list[list[object]], total: list[object] | None = None, hint: str = "") -> Sheet:
    columns = (Column("name", "name", TEXT, 100), Column("what", "what", TEXT, 10), Column("count", "count", COUNT, 50))
    return Sheet(("A title",), columns, [Section(rows, total)], ("A note.",), ("An aside.",), hint)


ROWS: list[list[object]] = [["first", "conv 3×3", 12], ["second/part", "relu", 0], ["third", None, 1234567]]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert render(small(ROWS, ["total", None, 1234579]), Page()) == (
        "A title\n"
        "\n"
        "name         what          count\n"
        "────────────────────────────────\n"
        "first        conv 3×3         12\n"
        "second/part  relu              0\n"
        "third                  1,234,567\n"
        "────────────────────────────────\n"
        "total                  1,234,579\n"
        "\n"
        "A note.\n"
        "An aside.\n"
    )


def test_plain_pages_have_no_lines_and_no_signs() -> None:
    assert render(small(ROWS), Page(encoding="ascii", ruled=False)).splitlines()[2:5] == [
        "name         what          count",
        "first        conv 3x3         12",
        "second/part  relu              0",
    ]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "koi8-r"])
def test_a_page_without_the_signs_falls_back(encoding: str) -> None:
    text = render(small([["日本", "3×3 ⌊H/2⌋ – …", 1]]), Page(encoding=encoding))
    text.encode(encoding)
    assert "3x3 (H//2) - ..." in text
    assert "\\u65e5\\u672c  " in text
    assert "─" not in text


def test_an_unknown_encoding_is_ascii() -> None:
    assert Page(encoding="no-such").ascii
    assert render(small([["日本", "3×3 ⌊H/2⌋", 1]]), Page(encoding="no-such")) == render(
        small([["日本", "3×3 ⌊H/2⌋", 1]]), Page(encoding="ascii")
    )
    assert not Page(encoding="utf-8").ascii


def test_wide_letters_take_two_places() -> None:
    lines = render(small([["日本語", "x", 1], ["e\u0301cole", "y", 2], ["abcdef", "z", 3]]), Page()).splitlines()[4:7]
    assert [breadth(line) for line in lines] == [breadth(lines[0])] * 3
    assert breadth("日本語") == 6
    assert breadth("e\u0301") == 1


def test_names_cannot_steer_the_terminal() -> None:
    text = render(small([["\x1b[31mred\x07\u202e", "a\nb", 1]]), Page(colour=True))
    assert "\x1b[31m" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_colour_only_adds_escapes() -> None:
    plain = render(small(ROWS, ["total", None, 3]), Page())
    coloured = render(small(ROWS, ["total", None, 3]), Page(colour=True))
    assert ESCAPES.sub("", coloured) == plain
    assert f"        {styles.DIM}0{styles.RESET}" in coloured  # blanks stay outside, or pictures lose them
    assert coloured.startswith(f"{styles.BOLD}A title{styles.RESET}")


def test_a_narrow_page_leaves_out_what_matters_least_and_says_so() -> None:
    text = render(small(ROWS, hint="use --columns to choose, "), Page(25))
    assert "conv" not in text
    assert "1,234,567" in text
    assert "Hidden at this width:" in text


def test_what_there_is_room_for_stays() -> None:
    columns = [Column("a", "a", TEXT, 100), Column("b", "b" * 30, COUNT, 50), Column("c", "c", COUNT, 40)]
    text = render(Sheet((), columns, [Section([["x", 1, 2]])]), Page(20))
    assert text.splitlines()[0] == "a  c"


def test_names_are_shortened_last() -> None:
    text = render(small([["a_rather_long_name_of_a_layer", "x", 1234567]]), Page(25))
    assert "a_rath…a_layer  1,234,567" in text


@settings(max_examples=60)
@given(st.integers(1, 200), st.booleans(), st.sampled_from(["utf-8", "ascii"]))
def test_no_width_drops_a_digit(width: int, colour: bool, encoding: str) -> None:
    report = analyze(RESIDUAL)
    sheet = overview.overview(report, Arrangement(columns="layer,params,macs,memory,output", units="exact"))
    text = ESCAPES.sub("", render(sheet, Page(width, colour=colour, encoding=encoding), "exact"))
    heads, _, below = text.partition("\n\n")[2].partition("\n")
    numbers = {int(number.replace(",", "")) for number in re.findall(r"(?<![\w.–-])\d[\d,]*(?![\w.])", below.partition("\n\n")[0])}
    for heading, figure in (("params", report.total.params), ("MACs", report.total.macs), ("memory", report.total.bytes)):
        assert (figure in numbers) == (heading in heads)
    for line in text.splitlines():
        assert breadth(line) <= max(width, 46)  # a word of a note, or the shortest name with one figure


def test_words_wrap_in_their_column() -> None:
    columns = [Column("a", "field", TEXT, 100), Column("b", "means", TEXT, 50, wraps=True), Column("c", "no", COUNT, 40)]
    sheet = Sheet((), columns, [Section([["kernel", "height and width of the kernel that slides", 3], ["pad", "zeros", 1]])])
    assert render(sheet, Page(38)) == (
        "field   means                    no\n"
        "───────────────────────────────────\n"
        "kernel  height and width of the   3\n"
        "        kernel that slides\n"
        "pad     zeros                     1\n"
    )


def test_sections_have_titles() -> None:
    columns = [Column("a", "a", TEXT, 1)]
    text = render(Sheet((), columns, [Section([["x"]]), Section([["y"]], title="Others")]), Page())
    assert text == "a\n─\nx\n\nOthers\n─\ny\n"


def test_a_sheet_may_have_no_rows_or_no_columns() -> None:
    assert render(Sheet((), [Column("a", "a", TEXT, 1)], [Section([])]), Page(10)) == "a\n─\n"
    assert render(Sheet(("Title", "more"), (), (), ("note",)), Page()) == "Title\nmore\n\nnote\n"


def test_shortening_keeps_both_ends() -> None:
    assert shortened("stage2/bottleneck3/add1", 11, "…") == "stage…/add1"
    assert shortened("short", 11, "…") == "short"
    assert shortened("abcdefgh", 1, "…") == "a…h"


def test_paragraphs_wrap_at_words() -> None:
    assert wrapped("one two three", 0) == ["one two three"]
    assert wrapped("one two three", 8) == ["one two", "  three"]
    assert wrapped("a_word_that_is_too_long b", 5) == ["a_word_that_is_too_long", "  b"]


def test_a_row_costs_microseconds() -> None:
    """Nothing in the layout grows faster than the table: ten times the rows, at most about ten times the calls."""
    from sys import setprofile

    def calls(rows: int) -> int:
        seen = 0

        def note(*_: object) -> None:
            nonlocal seen
            seen += 1

        sheet = small([[f"layer{i}", "conv 3×3", i] for i in range(rows)])
        setprofile(note)
        try:
            render(sheet, Page(80, colour=True))
        finally:
            setprofile(None)
        return seen

    few, many = calls(100), calls(1000)
    assert many < 11 * few
    assert many < 60 * 1000


def test_the_plain_network() -> None:
    text = render(overview.overview(analyze(PLAIN), Arrangement()), Page())
    assert "bn" in text
    assert text.splitlines()[0] == "Plain, 1998"
