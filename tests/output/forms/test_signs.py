"""Texts in encodings that lack letters."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.output.forms.signs import ASCII, carried, divisions, plain

PACKAGE = Path(cnncalc.__file__).parent
ENCODINGS = ("ascii", "cp1252", "latin-1", "cp437", "koi8-r", "gb2312", "shift_jis")


@given(st.text(max_size=40), st.sampled_from(ENCODINGS), st.sampled_from(["", "markdown", "latex", "csv"]))
def test_whatever_is_carried_can_be_written_and_nothing_is_lost(text: str, encoding: str, form: str) -> None:
    shown = carried(text, encoding, form)
    shown.encode(encoding)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        assert len(shown) >= len(text)
    else:
        assert shown == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("⌊H/2⌋", "(H//2)"),
        ("⌊(⌊H/2⌋ + 1)/3⌋·4", "(((H//2) + 1)//3)*4"),
        ("⌊a⌋/⌊b⌋", "(a)/(b)"),
        ("⌋⌊", ")("),
        ("⌊⌊", "(("),
        ("⌈H/2⌉ ≥ 3", "ceil(H/2) >= 3"),
        ("3×3 − 2 ± 1 ≈ 5 → 6 ← 7 … 8 – 9", "3x3 - 2 +- 1 ~ 5 -> 6 <- 7 ... 8 - 9"),
        ("é", "\\xe9"),
        ("网", "\\u7f51"),
        ("👍", "\\U0001f44d"),
        ("plain // text", "plain // text"),
    ],
)
def test_signs_in_ascii(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(("form", "shown"), [("markdown", "&#32593;"), ("latex", '\\symbol{"7F51}'), ("csv", "\\u7f51"), ("", "\\u7f51")])
def test_letters_are_escaped_as_the_form_has_it(form: str, shown: str) -> None:
    assert carried("网é", "latin-1", form) == f"{shown}é"


def test_an_encoding_that_nobody_knows_is_ascii() -> None:
    assert carried("×é", "no-such") == "x\\xe9"


def test_every_sign_of_ours_has_a_form_in_ascii() -> None:
    ours = set()
    for path in PACKAGE.glob("*/*.py"):
        if path.parent.name in ("output", "cli", "layers", "propagate", "dims") and path.name != "svg.py":
            texts = [node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)]
            ours |= {letter for text in texts if isinstance(text, str) for letter in text}
    known = {chr(number) for number in ASCII} | set("✓✗＝＋－＠")  # verdicts are words in ASCII; the last begin formulas of spreadsheets
    assert {letter for letter in ours if not letter.isascii()} <= known


def test_divisions_leave_other_texts_alone() -> None:
    assert divisions("a/b") == "a/b"
