"""Functions of fractions: what is an atom, what it is at numbers, and what is proved of it, each against plain arithmetic."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import dims
from cnncalc.dims import FRACTION, FunctionCall, Inconclusive, SymbolScope, at_least, call_of, divides, fractional, symbol
from cnncalc.dims.assumptions import decided_from
from cnncalc.dims.bounds import at_least_zero, lower, positive, upper, zero
from cnncalc.dims.notation import show

SCOPE = SymbolScope(domains={"w": FRACTION})
w: Any = symbol("w", SCOPE)
H: Any = symbol("H", SCOPE)
larger: Any = dims.larger
smaller: Any = dims.smaller
divisible: Any = partial(call_of, "divisible")
VERDICTS: list[tuple[Any, Any]] = [(at_least_zero, lambda n: n >= 0), (positive, lambda n: n > 0), (zero, lambda n: n == 0)]
positives = st.fractions(Fraction(1, 40), 12, max_denominator=48)
slopes = st.integers(1, 40)


def mobilenet(value: Fraction, step: int) -> int:
    """The reference code: int(v + step / 2) // step * step, at least step and at least 90 %."""
    nearest = max(step, int(value + Fraction(step, 2)) // step * step)
    return nearest + step if nearest < Fraction(9, 10) * value else nearest


@given(positives, slopes, st.integers(1, 16))
def test_functions_at_a_number_are_those_of_numbers(value: Fraction, slope: int, step: int) -> None:
    here = {"w": value}
    assert divisible(slope * w, step).at(here) == mobilenet(slope * value, step)
    assert larger(w * slope, step).at(here) == max(slope * value, step)
    assert smaller(w * slope, step).at(here) == min(slope * value, step)
    assert (slope * w // step).at(here) == slope * value // step
    assert ((2 * slope * w + 1) // 2).at(here) == floor(slope * value + Fraction(1, 2))


@settings(max_examples=25)
@given(slopes, slopes, st.integers(1, 12), st.integers(1, 12), st.integers(-3, 3), st.lists(positives, min_size=12, max_size=12))
def test_what_is_proved_holds_at_every_number(a: int, b: int, step: int, other: int, shift: int, values: list[Fraction]) -> None:
    one, two = divisible(a * w, step), divisible(larger(b * w, other), other)
    for formula in (one - two, one - two + shift, one - (b * w) // 1, larger(one, two) - smaller(one, step) + shift):
        if isinstance(formula, int):
            continue
        numbers = [formula.at({"w": value}) for value in values]
        for verdict, holds in VERDICTS:
            answer = verdict(formula)
            assert answer is None or all(holds(number) == answer for number in numbers), (str(formula), verdict)
        least, most = lower(formula), upper(formula)
        assert least is None or least <= min(numbers)
        assert most is None or most >= max(numbers)


def test_a_bound_from_which_filters_differ_is_the_least_multiple_of_a_sixteenth() -> None:
    wide, narrow = divisible(32 * w, 8), divisible(16 * w, 8)
    assert zero(wide - narrow) is None
    equal = [n for n in range(1, 64) if mobilenet(Fraction(32 * n, 16), 8) == mobilenet(Fraction(16 * n, 16), 8)]
    assert equal == [1, 2, 3, 4]  # sixteenths
    assert decided_from(Inconclusive("", wide - narrow, zero)) == {"w": Fraction(5, 16)}


def test_divisible_may_be_more_than_half_a_step_above_its_number() -> None:
    assert divisible(11, 8) == 16  # 8 is below 90 % of 11
    most = upper(divisible(8 * w, 8) - 8 * w)
    assert most is None or most >= 5


def test_divisible_of_a_number_below_zero_is_its_step() -> None:
    formula = divisible(-3 * w, 8) + 3 * w
    assert formula.at({"w": Fraction(10)}) == 38
    assert upper(formula) is None  # no v + b, which is 8 here


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (divisible(32 * w, 8) * 3, "3·divisible(32·w, 8)"),
        (larger(w, 1), "max(1, w)"),
        (larger(larger(w, 1), w), "max(1, w)"),
        (smaller(w, 1) * H, "H·min(1, w)"),
        ((32 * w) // 1, "⌊32·w⌋"),
        (divisible(8 * ((32 * w) // 1) + 8, 8), "8·⌊32·w + 1⌋"),  # a multiple already, as compact writes it
        (larger(w + 1, 1), "w + 1"),
    ],
)
def test_atoms_and_identities(formula: Any, text: str) -> None:
    assert show(formula) == text


def test_fractions_are_not_rounded_as_whole_numbers() -> None:
    assert str((2 * w) // 2) == "w//1"
    assert str((w + 1) // 1) != str(w // 1)  # not taken out before it is known to be equal
    assert ((w + 3) // 2).at({"w": Fraction(1, 2)}) == 1
    assert fractional(w)
    assert not fractional(H)
    assert isinstance(larger(w, 1).terms[0][1][0][0], FunctionCall)
    with pytest.raises(Inconclusive):
        larger(H, 3)  # of whole numbers, a bound is found instead
    assert positive(w) is True
    assert zero(w) is False
    assert ceil(Fraction(1, 3)) == -((-w) // 1).at({"w": Fraction(1, 3)})


def test_conditions_on_fractions() -> None:
    assert str(at_least(32 * w, 1, "")) == "w >= 1/32"
    assert at_least(32 * w, 1, "").bound == ("w", Fraction(1, 32))
    here: Any = {"w": Fraction(1, 33)}
    assert not at_least(32 * w, 1, "").at(here)
    whole: Any = divides(1, 240 * w, "")
    assert whole.holds is None
    assert whole.at({"w": Fraction(1, 2)})
    assert not whole.at({"w": Fraction(1, 7)})
    assert divides(4, 3 * divisible(w, 8), "").holds is True
    assert divides(3, divisible(w, 8), "").holds is None


def test_a_rounded_number_is_rounded_already() -> None:
    assert divisible(divisible(16 * w, 8), 8) == divisible(16 * w, 8)
    assert divisible(divisible(16 * w, 8), 4) == divisible(16 * w, 8)
    assert divisible(divisible(16 * w, 4), 8) != divisible(16 * w, 4)


def test_a_condition_with_a_fraction_is_moved_to_a_narrower_scope() -> None:
    narrower = SCOPE.narrowed({"w": Fraction(1, 16)})
    here: Any = {"w": Fraction(1, 8)}
    both: Any = at_least(H * w, w * w + symbol("w", SCOPE) * Fraction(1, 3), "").within(narrower)
    assert both.at({**here, "H": 1})
    bound: Any = at_least(32 * w, 1, "").within(narrower)
    assert bound.right.scope is narrower
    assert bound.at(here)
