"""Long formulas in lines: nothing is lost, no line is too long, and floors hold together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import Poly, symbol
from cnncalc.dims.compact import compact
from cnncalc.dims.notation import show
from cnncalc.output.forms.breaking import broken, rows, split
from cnncalc.output.forms.tables import wrapped
from tests.dims.expressions import SYMBOLS, Tree, trees, worked_out

H, W = symbol("H"), symbol("W")
SUM = 3 * H * W + 20 * (H // 2) * (W // 2) - 7 * ((H + 31) // 32) + 12


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (0, ["3·H·W + 20·⌊H/2⌋·⌊W/2⌋ − 7·⌊(H + 31)/32⌋ + 12"]),
        (48, ["3·H·W + 20·⌊H/2⌋·⌊W/2⌋ − 7·⌊(H + 31)/32⌋ + 12"]),
        (40, ["3·H·W + 20·⌊H/2⌋·⌊W/2⌋ − 7·⌊(H + 31)/32⌋", "+ 12"]),
        (39, ["3·H·W + 20·⌊H/2⌋·⌊W/2⌋", "− 7·⌊(H + 31)/32⌋ + 12"]),
        (20, ["3·H·W", "+ 20·⌊H/2⌋·⌊W/2⌋", "− 7·⌊(H + 31)/32⌋", "+ 12"]),
        (13, ["3·H·W", "+ 20·⌊H/2⌋·", "⌊W/2⌋", "− 7·", "⌊(H + 31)/32⌋", "+ 12"]),
    ],
)
def test_where_a_sum_is_broken(width: int, lines: list[str]) -> None:
    assert broken(show(SUM), width) == lines


def test_groups_of_terms_begin_lines() -> None:
    assert broken("a + b + c + d + e + f", 12, list("112223")) == ["a + b", "+ c + d + e", "+ f"]
    assert broken("a + b + c + d + e + f", 15, list("112223")) == ["a + b", "+ c + d + e + f"]
    assert broken("a + b + c + d + e + f", 50, list("112223")) == ["a + b + c + d + e + f"]
    assert broken("a + b + c", 5, ["of another sum"]) == ["a + b", "+ c"]


@given(trees, st.integers(6, 60), st.sampled_from(["text", "ascii"]))
def test_nothing_is_lost_and_no_line_is_too_long(tree: Tree, width: int, style: str) -> None:
    try:
        value = worked_out(tree, SYMBOLS)
    except ZeroDivisionError:
        return
    text = show(value, style)  # type: ignore[arg-type]  # one of the styles
    lines = broken(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    shown = compact(value)
    if isinstance(shown, Poly):
        assert len(list(split(text))) == len(shown.terms)
        assert len(list(split(show(value, "latex")))) == len(shown.terms)


@given(st.lists(st.integers(1, 20), min_size=1), st.integers(5, 50))
def test_rows_hold_every_part_once(lengths: list[int], width: int) -> None:
    found = rows(lengths, width, ())
    assert [at for row in found for at in row] == list(range(len(lengths)))
    for row in found:
        assert len(row) == 1 or sum(lengths[at] for at in row) + len(row) - 1 <= width


def test_a_paragraph_is_not_broken_inside_a_floor() -> None:
    text = "total MACs = 5·⌊(H + 31)/32⌋·⌊(W + 31)/32⌋ + 1000"
    assert wrapped(text, 34) == ["total MACs =", "  5·⌊(H + 31)/32⌋·⌊(W + 31)/32⌋ +", "  1000"]
    assert wrapped("so many words", 8) == ["so many", "  words"]
