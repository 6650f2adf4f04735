from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.errors import printable
from cnncalc.output.forms import formats
from cnncalc.output.forms.sheet import COUNT, PAIR, TEXT, Column, Form, Section, Sheet
from cnncalc.output.sheets.overview import Arrangement, listing, overview
from tests.output.networks import PLAIN, RESIDUAL, analyze

WORDS = st.text(max_size=20)
NASTY = [
    "a|b",
    "*x*",
    "_y_",
    "in_side",
    "`code`",
    "<b>",
    "[l](u)",
    "\\",
    "100%",
    "$x$",
    "a&b",
    "#1",
    "~^{}",
    "x\x1b[31m",
    "日本",
    '"q"',
    "a,b",
    "é",
]


def one(words: list[str]) -> Sheet:
    return Sheet(
        (words[0], "more"), [Column("a", words[0], TEXT, 1)], [Section([[word] for word in words], [words[-1]], words[0])], words, ["aside"]
    )


@given(
    st.dictionaries(
        st.text(max_size=5), st.recursive(st.none() | st.integers() | WORDS, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
    )
)
def test_json_is_json(document: dict[str, Any]) -> None:
    text = formats.json({"layers": [{"path": '}, {"path": ', **document}, {"path": 1}], **document})
    assert json.loads(text) == {"layers": [{"path": '}, {"path": ', **document}, {"path": 1}], **document} | document
    assert text.isascii()


def test_json_has_a_layer_a_line() -> None:
    report = analyze(PLAIN)
    text = formats.json(report.as_dict())
    assert json.loads(text) == report.as_dict()
    assert len([line for line in text.splitlines() if line.startswith('  {"path": ')]) == len(report.rows)
    assert formats.json({"none": [], "empty": [{}]}) == '{"none": [],\n "empty": [{}]}\n'


def test_csv_reads_back_to_the_figures() -> None:
    report = analyze(RESIDUAL)
    rows = list(csv.DictReader(io.StringIO(formats.csv(listing(report, Arrangement())))))
    assert [row["layer"] for row in rows] == [row.path for row in report.rows]
    main = [row for row in rows if row["side"] == "false"]
    for name in ("params", "weights", "biases", "buffers", "macs", "flops", "values"):
        assert sum(int(row[name]) for row in main) == getattr(report.total, name)
    assert sum(int(row["memory"]) for row in main) == report.total.bytes
    assert rows[1]["what"] == "conv 16 3x3 pad 1"
    assert rows[1]["output"] == "32x32x16"
    assert float(rows[1]["params_share"]) == pytest.approx(448 / int(str(report.total.params)), abs=1e-6)


def test_csv_of_formulas_reads_back_as_arithmetic() -> None:
    report = cnncalc.analyze(PLAIN, input="HxWx1")
    rows = list(csv.DictReader(io.StringIO(formats.csv(listing(report, Arrangement())))))
    assert rows[1]["macs"] == str(report["C1"].macs)
    assert rows[-1]["params_share"] == ""
    assert rows[4]["exact"] == ""


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_csv_quotes_what_it_must(words: list[str]) -> None:
    sheet = one(words)
    rows = list(csv.reader(io.StringIO(formats.csv(sheet), newline="")))
    read = [row[0] if row else "" for row in rows[1:]]
    assert [word.removeprefix("'") if word[1:].lstrip()[:1] in formats.FORMULA else word for word in read] == [*map(printable, words)]


@pytest.mark.parametrize(
    "word", ["=1+1", "=cmd|' C calc'!A0", "+x", "-x", "@SUM(A1)", " =x", "\t=x", "--1", "＝1", "-1x", "=3", "-e5", "-x3", "-1e5x3"]
)
def test_csv_has_no_formulas(word: str) -> None:
    ((cell,),) = list(csv.reader(io.StringIO(formats.csv(one([word])))))[1:]
    assert cell == f"'{printable(word)}"


@pytest.mark.parametrize("word", ["-1", "+1", "-1.5", "-1,000", "-1e-5", "1-1", "conv", "'", "a=b", "−1", "–", "-", "="])
def test_csv_leaves_numbers_and_words_as_they_are(word: str) -> None:
    ((cell,),) = list(csv.reader(io.StringIO(formats.csv(one([word])))))[1:]
    assert cell == word


def test_csv_has_no_formulas_in_any_column_whatever_it_is_made_of() -> None:
    pair = Form(lambda value, fmt: value[0], lambda value: value[0])
    columns = [Column("=a", "a", TEXT, 1), Column("b,c", "b", Form(lambda value, fmt: ""), 1), Column("@d", "d", pair, 1)]
    text = formats.csv(Sheet((), columns, [Section([["=1", ("=2",), ("=3", True)]])]))
    assert list(csv.reader(io.StringIO(text))) == [["'=a", "b,c", "'@d"], ["'=1", "('=2',)", "'=3"]]


def test_csv_leaves_sizes_as_they_are() -> None:
    sizes: list[list[Any]] = [[(-3, -3)], [(-3, 4)], [(None, 4)]]
    assert formats.csv(Sheet((), [Column("offset", "offset", PAIR, 1)], [Section(sizes)])) == "offset\n-3x-3\n-3x4\n\n"


def test_csv_leaves_figures_as_they_are() -> None:
    sheet = Sheet((), [Column("a", "a", COUNT, 1)], [Section([[-5], [-cnncalc.analyze(PLAIN, input="HxWx1").input.size]])])
    assert formats.csv(sheet).splitlines()[1:] == ["-5", "-H*W"]


def test_markdown_is_a_table_that_says_only_what_it_should() -> None:
    text = formats.markdown(one(NASTY))
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 2, line
    assert r"\*x\*" in text
    assert r"\_y\_" in text
    assert "in_side" in text
    assert r"\<b>" in text
    assert "\x1b" not in text
    table = formats.markdown(overview(analyze(RESIDUAL), Arrangement(columns="layer,params")))
    assert re.search(r"^\| name +\| +params \|\n\| -+ \| -+: \|\n\| input +\| +0 \|$", table, re.MULTILINE)
    assert re.search(rf"^\| \*\*total\*\* +\| \*\*{analyze(RESIDUAL).total.params:,}\*\* \|$", table, re.MULTILINE)
    assert "**Auxiliary heads, not in the totals**" in table


@pytest.mark.parametrize(("lines", "fence"), [(["a"], "```"), (["a ``` b", "````"], "`````")])
def test_no_line_closes_the_fence_around_it(lines: list[str], fence: str) -> None:
    assert formats.fenced(lines).splitlines() == [f"{fence}text", *lines, fence]


def test_latex_has_nothing_that_latex_would_take_for_itself() -> None:
    text = formats.latex(one([word for word in NASTY if word != "日本"]))
    balanced(text)
    assert r"\textbackslash{}" in text
    assert r"100\%" in text
    report = cnncalc.analyze(PLAIN, input="HxWx1")
    table = formats.latex(overview(report, Arrangement(columns="layer,output,macs,params_share")))
    balanced(table)
    assert r"$H \times W \times 1$" in table
    assert r"\begin{tabular}{llrr}" in table
    assert r"2\times2" not in table


def balanced(text: str) -> None:
    """Braces and dollars come in pairs, every other active sign is escaped, and every row has as many cells as the table columns."""
    bare = re.sub(r"\\[\\%&#_{}$^]", "", text.replace(r"\\" + "\n", "\n"))
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    outside = re.sub(r"\$[^$]*\$", "", bare)
    assert not re.search(r"[%#_^~]", re.sub(r"\\begin\{tabular\}\{[lr]+\}", "", outside)), outside
    for table in re.findall(r"\\begin\{tabular\}\{([lr]+)\}(.*?)\\end\{tabular\}", text, re.DOTALL):
        for row in table[1].split(r"\\" + "\n"):
            if row.strip().strip(r"\hline"):
                assert len(re.findall(r"(?<!\\)&", row)) == len(table[0]) - 1


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data


def test_html_is_one_page_with_the_same_cells() -> None:
    text = formats.html(one(NASTY))
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    assert reader.cells == [word.replace("\x1b", "\N{REPLACEMENT CHARACTER}") for word in [*NASTY, NASTY[-1]]]
    assert text.isascii()
    assert "src=" not in text
    assert "http" not in text


def test_html_and_markdown_without_a_title() -> None:
    sheet = Sheet((), [Column("a", "a", TEXT, 1)], [Section([["x"]])])
    assert "<title>cnncalc</title>" in formats.html(sheet)
    assert formats.markdown(sheet) == "| a   |\n| --- |\n| x   |\n"


def test_a_notebook_shows_the_table() -> None:
    shown = analyze(PLAIN)._repr_html_()
    assert shown is not None
    assert "<td>C1</td>" in shown
    assert "<html" not in shown
