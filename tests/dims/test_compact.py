"""Formulas in fewer terms: the same value, never longer, and read back to the same formula."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import Poly, at
from cnncalc.dims.compact import compact
from cnncalc.dims.notation import show

from .expressions import SYMBOLS, Tree, linear_trees, points, read, trees, worked_out

C, H, W, k, w = (SYMBOLS[name] for name in ("C", "H", "W", "k", "w"))
sides = st.tuples(linear_trees, linear_trees, st.integers(1, 4), st.integers(-9, 9), st.integers(-9, 9))


@pytest.mark.parametrize(
    ("value", "text", "ascii"),
    [
        (3 * (H - 4) * (W - 4), "3·(H − 4)·(W − 4)", "3*(H - 4)*(W - 4)"),
        (150 * (H - 4) * (W + 2) + 7, "150·(H − 4)·(W + 2) + 7", "150*(H - 4)*(W + 2) + 7"),
        (14112 * ((H - 5) // 2) * ((W - 5) // 2), "14112·⌊(H − 5)/2⌋·⌊(W − 5)/2⌋", "14112*((H - 5)//2)*((W - 5)//2)"),
        (w**2 * ((H - 3) // 4) * ((W - 3) // 4) + 9 * w, "w²·⌊(H − 3)/4⌋·⌊(W − 3)/4⌋ + 9·w", None),
        ((H - 1) ** 3, "(H − 1)³", "(H - 1)^3"),
        ((H // 2 - 1) ** 2 * C, "C·⌊(H − 2)/2⌋²", "C*((H - 2)//2)^2"),
        ((H + 1) // 2 - 3, "⌊(H − 5)/2⌋", "(H - 5)//2"),
        (5 * (H // 2) - 10 + 3 * W, "5·⌊(H − 4)/2⌋ + 3·W", None),
        (2 * k + 2, "2·k + 2", "2*k + 2"),
        (H**2 + 2 * H, "H² + 2·H", "H^2 + 2*H"),  # (H + 1)² − 1 is no shorter
        ((H + 1) // 2 + 3, "⌊(H + 7)/2⌋", None),
        ((H + 1) * (W + 1), "(H + 1)·(W + 1)", "(H + 1)*(W + 1)"),
        (H * W - 5, "H·W − 5", "H*W - 5"),
        ((H + 31) // 32, "⌊(H + 31)/32⌋", "(H + 31)//32"),
        (5 + 0 * H, "5", "5"),
    ],
)
def test_how_they_look(value: Any, text: str, ascii: str | None) -> None:
    assert show(value) == text
    assert ascii is None or show(value, "ascii") == ascii
    assert read(show(value, "ascii")) == value


@given(trees | linear_trees, points)
def test_the_value_is_the_same(tree: Tree, point: dict[str, int]) -> None:
    try:
        value = worked_out(tree, SYMBOLS)
    except ZeroDivisionError:
        return
    found = compact(value)
    assert at(found, point) == worked_out(tree, point)
    assert read(show(value, "ascii")) == value
    if isinstance(value, Poly):
        assert len(found.terms) <= len(value.terms) if isinstance(found, Poly) else len(value.terms)


@given(st.lists(sides, min_size=1, max_size=4), points)
def test_sums_of_products_as_layers_make_them(products: list[Any], point: dict[str, int]) -> None:
    value: Any = 0
    expected = 0
    for one, other, number, before, behind in products:
        value += number * (worked_out(one, SYMBOLS) + before) * (worked_out(other, SYMBOLS) + behind)
        expected += number * (worked_out(one, point) + before) * (worked_out(other, point) + behind)
    assert at(compact(value), point) == expected
    assert read(show(value, "ascii")) == value


def test_very_long_ones_are_left_as_they_are() -> None:
    wide = sum((SYMBOLS["H"] ** power * (W - 1) ** 3 for power in range(60)), start=H)
    assert compact(wide) is wide
