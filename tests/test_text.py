"""Places that texts take, held to the blocks of Unicode; and texts made to measure."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.text import COMBINING, SINGLE, breadth, end, even, filled, lines_of, place_of, shortened, start, wide

LETTERS = st.text(st.sampled_from("ab -_/éß\u0301\u0308日本語网络한글ｱﾞ👍שלום.,"), max_size=60)


# Blocks of Unicode, and parts of them, by the places that a terminal gives each letter: from its charts and EastAsianWidth.txt.
# All have been the same since Unicode 9; later ones have made a few signs wide (U+4DC0 to U+4DFF), which are left out.
BLOCKS = {
    1: [
        (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF),  # Latin, and sounds of speech
        (0x391, 0x3A1), (0x3A3, 0x3FF), (0x400, 0x482), (0x48A, 0x52F),  # Greek, Cyrillic
        (0x5D0, 0x5EA), (0x620, 0x64A), (0x905, 0x939), (0xE01, 0xE30),  # Hebrew, Arabic, Devanagari, Thai
        (0x2010, 0x2027), (0x2190, 0x22FF), (0x2500, 0x25FC),  # punctuation, arrows, signs of maths, lines and blocks
        (0xFF61, 0xFF9F), (0x1D400, 0x1D454),  # half as wide as others in Japanese; letters of maths
    ],
    2: [
        (0x1100, 0x115F), (0xAC00, 0xD7A3),  # Hangul: first letters, syllables
        (0x2E80, 0x2E99), (0x3001, 0x3029), (0x3041, 0x3096), (0x309B, 0x30FF),  # radicals, punctuation, Hiragana, Katakana
        (0x3400, 0x4DB5), (0x4E00, 0x9FD5), (0xF900, 0xFA6D), (0x20000, 0x2A6D6),  # Chinese
        (0xA000, 0xA48C), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x1F600, 0x1F64F),  # Yi, wide Latin, faces
    ],
    0: [
        (0x300, 0x36F), (0x483, 0x489), (0x5B0, 0x5BD), (0x64B, 0x652), (0xE34, 0xE3A), (0x3099, 0x309A),  # accents and vowels
        (0x1160, 0x11FF), (0x200B, 0x200F), (0xFE00, 0xFE0F), (0xE0020, 0xE007F),  # Hangul inside a syllable; without a form
    ],
}  # fmt: skip


@pytest.mark.parametrize(("first", "last", "places"), [(*block, places) for places, blocks in BLOCKS.items() for block in blocks])
def test_letters_are_as_wide_as_unicode_has_them(first: int, last: int, places: int) -> None:
    assert {breadth(f"x{chr(number)}") - 1 for number in range(first, last + 1)} == {places}


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
