"""Normal form of floors: every small case, and merging of nested floors."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given

from cnncalc.dims import Dim, Inconclusive, Poly, at
from cnncalc.dims.bounds import zero
from cnncalc.dims.division import ceil_divide, quotient_of
from tests.work import check_growth

from .expressions import SYMBOLS, Tree, trees, worked_out

H, W, k, w, C, g = (SYMBOLS[name] for name in ("H", "W", "k", "w", "C", "g"))
GRID = [{"H": high, "W": wide, "w": width} for high, wide, width in product((1, 2, 3, 7, 12), (1, 4, 9), (1, 2, 5))]


def number_of(value: Any, point: dict[str, int]) -> Any:
    """A formula or a number, with values substituted."""
    return at(value, point)


@pytest.mark.parametrize("times", [1, -1, 2, 3, 5])
@pytest.mark.parametrize("divisor", [2, 3, 4, 6, w, 2 * w, w + 1])
def test_a_multiple_of_a_floor_over_numbers_and_formulas(times: int, divisor: Any) -> None:
    inner: Any
    more: Any
    for inner, more in product((2, 3, w), (-4, -1, 0, 1, 5, 3 * W)):
        value: Any = (times * (H // inner) + more) // divisor
        for point in GRID:
            above = times * (point["H"] // number_of(inner, point)) + number_of(more, point)
            assert number_of(value, point) == above // number_of(divisor, point)


@pytest.mark.parametrize("divisor", [2, 5, w, 2 * w])
@pytest.mark.parametrize("times", [1, -1])
def test_one_floor_is_left_of_a_floor_in_a_floor(times: int, divisor: Dim) -> None:
    value: Any = (times * (H // 3) + W) // divisor
    assert value.depth == 1


@pytest.mark.parametrize("divisor", [2, 3, 7, w])
def test_powers_and_products_of_floors_stay_in_their_floor(divisor: Dim) -> None:
    square, mixed = (H // 2) ** 2, (H // 2) * (W // 3)
    for above in (square, square + 1, mixed, mixed - 3, square + H // 3):
        for point in GRID:
            assert number_of(above // divisor, point) == number_of(above, point) // number_of(divisor, point)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (H // -W, "(-H)//W"),
        ((H + k) // (-2 * W), "(-H - k)//(2*W)"),
        (-H // -W, "H//W"),
        (H // -1, "-H"),
        ((5 * W) // (5 * W + 5), "(-1)//(W + 1) + 1"),
        ((4 * H) // (6 * W), "(2*H)//(3*W)"),
        ((C * H + C) // (C * W), "(H + 1)//W"),
        ((C**2 * H) // (C * W * g), "(C*H)//(W*g)"),
        ((6 * C * H + 4) // (2 * C), "3*H + 2//C"),
        (3 // (2 * H + 4), "0"),
        ((4 * H) // (3 * H * W), "1//W"),
        (W**3 * ((3 * k) // (2 * k * W**2)), "W^3*(1//(W^2))"),
        (4 // (2 * H + 2), "2//(H + 1)"),
        (-1 // (2 * H), "(-1)//H"),  # the same value: a constant is rounded with what is cancelled
        (ceil_divide(H, W), "(H - 1)//W + 1"),
        (ceil_divide(6 * H, 4), "H + (H + 1)//2"),
    ],
)
def test_how_they_look(value: Dim, text: str) -> None:
    assert str(value) == text


def test_a_divisor_below_zero_for_all_symbols_is_one() -> None:
    for point in GRID:
        high, wide = point["H"], point["W"]
        assert number_of(H // -W, point) == high // -wide
        assert number_of((H - 9) // (-W - 1), point) == (high - 9) // (-wide - 1)
    with pytest.raises(Inconclusive, match=r"-W \+ 3 >= 1 cannot be decided"):
        H // (3 - W)


def test_division_by_nothing_names_what_is_divided() -> None:
    with pytest.raises(ZeroDivisionError, match=r"^\(H\)//0$"):
        H // 0
    with pytest.raises(ZeroDivisionError, match=r"^\(H\)/0$"):
        H / 0


@given(trees, trees)
def test_a_factor_comes_out_of_a_product(left: Tree, right: Tree) -> None:
    try:
        one, other = (worked_out(tree, SYMBOLS) for tree in (left, right))
    except ZeroDivisionError:
        return
    if isinstance(other, Poly) and zero(other) is False:
        assert (one * other) / other == one
        assert (one * other * H + other) / other == one * H + 1


TERMS = [H, W, k, H * W, H * k, H**2, W**2, (H // 2) * W, H * W * k]


@pytest.mark.parametrize("divisor", [2 * H + 2 * k, 2 * W**2 + H * W, H - W + 2, H * W - k, (H // 2) * W + H, H**2 - W**2 + 1])
def test_long_division_takes_terms_in_an_order_that_products_keep(divisor: Poly) -> None:
    for one, other, times in product(TERMS, [*TERMS, 1], (1, -1, 2)):
        quotient = one + times * other
        assert quotient_of(quotient * divisor, divisor) == quotient


def test_a_division_takes_as_long_as_its_result_is() -> None:
    """A power over a sum of two has as many terms as half the square of the power."""
    small, large = (k - H) ** 40, (k - H) ** 57
    check_growth(lambda: quotient_of(small, H + W), lambda: quotient_of(large, H + W))
