"""Places that texts take, held to what rich knows of terminals; and texts made to measure."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cnncalc.breadth import COMBINING, SINGLE, breadth, end, even, filled, lines_of, place_of, shortened, start, wide

LETTERS = st.text(st.sampled_from("ab -_/éß\u0301\u0308日本語网络한글ｱﾞ👍שלום.,"), max_size=60)


def test_letters_are_as_wide_as_rich_takes_them_to_be() -> None:
    """Apart from signs that Unicode has made wide since, and from marks with a place of their own, in which terminals differ."""
    other = []
    for number in range(0x20, sys.maxunicode + 1):
        letter = chr(number)
        if letter.isprintable() and unicodedata.category(letter) not in ("So", "Sk", "No", "Mc", "Cn") and number not in (0x3164, 0xFFA0):
            other += [hex(number)] * (breadth(letter) != cell_len(letter) and breadth(f"x{letter}") != cell_len(f"x{letter}"))
    assert len(other) < 40, other  # versions of Unicode


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("网络", 4), ("한글", 4), (unicodedata.normalize("NFD", "한글"), 4), ("ﾊﾟ", 2),
        ("👍", 2), ("👍🏽", 2), ("🏽", 2), ("a🏽", 3), ("❤", 1), ("❤\ufe0f", 2), ("1\ufe0f\u20e3", 2), ("a\ufe0f", 1), ("🇩🇪", 2),
        ("กำ", 2), ("שלום", 4),
        ("ab\nabc", 3), ("网\nabc", 3), ("\u200b", 0), ("👍\ufe0f", 2),
    ],
)  # fmt: skip
def test_texts_that_people_write(text: str, places: int) -> None:
    assert breadth(text) == places


def test_letters_that_are_not_looked_at_one_by_one_take_one_place() -> None:
    single = re.findall(SINGLE[:-1], "".join(map(chr, range(ord(COMBINING), 0x10000))))
    assert {"…", "→", "⌊", "≥", "█", "│"} <= set(single)
    assert all(place_of(letter) == 1 and even(letter) for letter in single)
    assert not even("█\ufe0f")


@given(LETTERS, st.integers(1, 20))
def test_ends_of_texts_are_as_long_as_they_may_be(text: str, most: int) -> None:
    first, last = start(text, most), end(text, most)
    assert text.startswith(first)
    assert text.endswith(last)
    for piece in (first, last):
        assert breadth(piece) <= most
        assert piece == text or breadth(piece) >= most - 1 or breadth(text) < most
    assert not last or unicodedata.category(last[0]) != "Mn"
    rest = text[len(first) :]
    assert not rest or unicodedata.category(rest[0]) != "Mn"


@given(LETTERS, st.integers(4, 30))
def test_a_shortened_name_fits_and_keeps_its_ends(text: str, most: int) -> None:
    name = shortened(text, most, "…")
    assert breadth(name) <= most
    assert name == text or name.count("…") == 1


@given(LETTERS, st.integers(4, 30), st.sampled_from(["", "  "]))
def test_a_paragraph_keeps_its_letters_in_lines_that_fit(text: str, width: int, indent: str) -> None:
    lines = lines_of(text, width, indent)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        words = line.split()
        assert breadth(line) <= width or (len(words) == 1 and not wide(line))
        assert line == line.rstrip() or " " in text


@given(LETTERS, st.integers(0, 30))
def test_a_filled_text_takes_its_places(text: str, width: int) -> None:
    for right in (False, True):
        assert breadth(filled(text, width, right=right)) == max(width, breadth(text))


def test_long_texts_take_no_squares_of_time() -> None:
    for text in ("a" + "\u0301" * 50_000, "网" * 50_000, "a网" * 25_000, "x " * 25_000 + "网"):
        assert lines_of(text, 40)
        assert breadth(start(text, 40)) <= 40
        assert breadth(shortened(text, 40, "…")) <= 40


def test_chinese_goes_on_anywhere_and_words_do_not() -> None:
    assert lines_of("Note: 这是一个很长的注释", 12) == ["Note: 这是一", "  个很长的注", "  释"]
    assert lines_of("a word, anextremelylongone here", 10) == ["a word,", "  anextremelylongone", "  here"]
    assert lines_of("… ⌊(H − 28)/4⌋·⌊(W − 28)/4⌋ – an…extremely–longone", 9) == [
        "…",
        "  ⌊(H − 28)/4⌋·⌊(W − 28)/4⌋",
        "  –",
        "  an…extremely–longone",
    ]
