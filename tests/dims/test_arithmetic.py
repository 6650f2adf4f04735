"""Divisions, minima and maxima: the same rule on numbers, formulas and traced numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import Dim, Poly, Traced, at, ceil_div, exact_div, grouped, larger, one_part, smaller

from .expressions import SYMBOLS, Tree, linear_trees, points, worked_out

if TYPE_CHECKING:
    from collections.abc import Callable

C, H, W, g, k, w = (SYMBOLS[name] for name in ("C", "H", "W", "g", "k", "w"))


@given(st.integers(-(10**30), 10**30), st.integers(1, 50))
def test_rounding_up_numbers(value: int, divisor: int) -> None:
    expected = math.ceil(Fraction(value, divisor))
    assert ceil_div(value, divisor) == expected
    assert ceil_div(value, -divisor) == math.ceil(Fraction(-value, divisor))
    traced = ceil_div(Traced.named("W", value), divisor)
    assert isinstance(traced, Traced)
    assert traced.value == expected


@given(linear_trees, points, st.integers(1, 30))
def test_rounding_up_formulas(tree: Tree, point: dict[str, int], divisor: int) -> None:
    value = worked_out(tree, SYMBOLS)
    assert plain_at(ceil_div(value, divisor), point) == -(-worked_out(tree, point) // divisor)
    assert plain_at(ceil_div(value, k), point) == -(-worked_out(tree, point) // point["k"])
    if isinstance(value, Poly):
        assert plain_at(ceil_div(value / 6, 1), point) == math.ceil(Fraction(worked_out(tree, point), 6))


@given(linear_trees, points, st.integers(1, 30))
def test_exact_division(tree: Tree, point: dict[str, int], divisor: int) -> None:
    value, number = worked_out(tree, SYMBOLS), worked_out(tree, point)
    assert exact_div(value * divisor, divisor) == value
    assert exact_div(value * k, k) == value
    if number % divisor == 0 and isinstance(value, Poly):
        assert plain_at(exact_div(value, divisor), point) == number // divisor
    if number % point["k"] == 0:
        assert plain_at(exact_div(value, k), point) == number // point["k"]


def plain_at(dim: Dim, point: dict[str, int]) -> Dim:
    """A size that is not traced, with values substituted."""
    assert not isinstance(dim, Traced)
    return at(dim, point)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ceil_div(H, 2), "(H + 1)//2"),
        (ceil_div(H, w), "(H - 1)//w + 1"),
        (ceil_div(32 * H, 32), "H"),
        (ceil_div(ceil_div(H, 2), 2), "(H + 3)//4"),
        (exact_div(C, 2), "1/2*C"),
        (exact_div(6 * C, 2), "3*C"),
        (exact_div(C * g, g), "C"),
        (exact_div(3 * C * g, 2 * g), "3/2*C"),
        (exact_div(C * g + k * g, g), "C + k"),
        (exact_div(C, g), "C//g"),
        (exact_div(64, g), "64//g"),
        (exact_div(7, 2), "3"),  # its condition says that this is no quotient
        (ceil_div(64, g), "63//g + 1"),
        (exact_div(12, 4), "3"),
        (smaller(H, 2 * H), "H"),
        (smaller(H + 1, H), "H"),
        (larger(H, 2 * H), "2*H"),
        (larger(H + 1, H), "H + 1"),
        (smaller(1, H), "1"),
        (larger(3, 5), "5"),
        (smaller(3, 5), "3"),
    ],
)
def test_what_comes_out(value: Dim, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize(
    ("operation", "rule", "worked", "value"),
    [
        (ceil_div, "⌈6/S⌉", "⌈6/4⌉", 2),
        (exact_div, "6/S", "6/4", 1),
        (smaller, "min(6, S)", "min(6, 4)", 4),
        (larger, "max(6, S)", "max(6, 4)", 6),
    ],
)
def test_one_side_that_is_traced_is_enough(operation: Callable[[Dim, Dim], Dim], rule: str, worked: str, value: int) -> None:
    found = operation(6, Traced.named("S", 4))
    assert isinstance(found, Traced)
    assert (found.rule(), found.worked(), found.value) == (rule, worked, value)
    back = operation(Traced.named("S", 4), 6)
    assert isinstance(back, Traced)
    assert back.rule() == rule.replace("6", "_").replace("S", "6").replace("_", "S")
    formula = operation(Traced.named("S", H), 2 * H)
    assert isinstance(formula, Traced)
    assert isinstance(operation(2 * H, Traced.named("S", H)), Traced)


def test_division_by_zero() -> None:
    for divide in (ceil_div, exact_div):
        for value in (5, H, Traced.named("W", 5)):
            with pytest.raises(ZeroDivisionError):
                divide(value, 0)


def test_what_is_no_size() -> None:
    with pytest.raises(TypeError, match="ceil_div is for sizes"):
        ceil_div(1.5, 2)  # type: ignore[arg-type]  # that is the mistake


def test_one_of_several_parts() -> None:
    assert one_part(1) == 1
    assert type(one_part(1)) is int
    assert one_part(4) == Fraction(1, 4)
    part = one_part(Traced.named("S", 4))
    assert isinstance(part, Traced)
    assert part.value == Fraction(1, 4)
    assert (part.rule(), part.worked()) == ("1/S", "1/4")


def test_grouping_changes_no_size() -> None:
    assert grouped(6) == 6
    assert grouped(H) is H
    weights = grouped(Traced.named("F", 3) * 2)
    assert isinstance(weights, Traced)
    assert (weights * 5).rule() == "(F·2)·5"
