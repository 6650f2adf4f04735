"""Functions of formulas whose symbols are fractions, as atoms: `divisible`, `max` and `min`."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.dims.poly import Poly, made, symbol
from cnncalc.dims.terms import FunctionCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.dims.terms import Function, Monomial, Number, Whole


def call_of(function: Function, left: Number | Poly, right: Number | Poly) -> Number | Poly:
    """Return the value of a function, for numbers and formulas."""
    if function == "divisible":
        assert isinstance(right, int)
        return divisible(left, right)
    if not (isinstance(left, Poly) or isinstance(right, Poly)):
        return max(left, right) if function == "max" else min(left, right)
    from cnncalc.dims.arithmetic import extreme

    return extreme(function, *as_sizes(left, right))


def as_sizes(*values: Number | Poly) -> list[Whole]:
    """Return numbers and formulas with fractions as formulas."""
    scope = next(value.scope for value in values if isinstance(value, Poly))
    return [value if isinstance(value, (int, Poly)) else made({(): value}, scope) for value in values]


def chosen(function: Function, left: Whole, right: Whole) -> Whole:
    """Return the atom for an undecided `max` or `min`; a side that has the other in a call of the same function holds it already."""
    for one, other in ((left, right), (right, left)):
        call = only_call(one)
        if call is not None and call.function == function and other in call.parts:
            return one
    return atom(function, *sorted((left, right), key=str))


def only_call(value: Whole) -> FunctionCall | None:
    """Return the call that a formula consists of, or None."""
    if isinstance(value, int):
        return None
    ((monomial, number), *others) = value._terms.items()
    found = monomial[0][0] if len(monomial) == 1 and monomial[0][1] == 1 and number == 1 and not others else None
    return found if isinstance(found, FunctionCall) else None


def atom(function: Function, *parts: Whole) -> Poly:
    """Return the formula of one call."""
    found = FunctionCall(function, *parts)
    return symbol(found, found.scope)


def divisible(value: Number | Poly, step: int) -> Number | Poly:
    """Return the nearest multiple of `step`, at least `step` and at least 90% of the value: it never falls where the value rises."""
    if not isinstance(value, Poly):
        nearest: Number = near_multiple(value, step, step, max)
        return nearest
    from cnncalc.dims.bounds import at_least_zero, lower, upper

    if multiple(value, step) and at_least_zero(value - step):
        return value
    least, most = lower(value), upper(value)
    if least is not None and most is not None and divisible(least, step) == divisible(most, step):
        return divisible(least, step)
    return atom("divisible", value, step)


def near_multiple(value: Any, step: int, least: Any, larger: Callable[[Any, Any], Any]) -> Any:
    """Return the nearest multiple of `step`, at least `least`, or the next one if that is below 90% of the value."""
    nearest = larger(least, (2 * value + step) // (2 * step) * step)
    return nearest + step if 10 * nearest < 9 * value else nearest


def multiple(value: Poly, step: int) -> bool:
    """Return whether a formula is known to be a multiple of a number: of the factors divisible(v, b), each is one of b."""
    return value.whole and all(number * step_of(monomial) % step == 0 for monomial, number in value._terms.items())


def step_of(monomial: Monomial) -> int:
    """Return a number that divides a whole product."""
    steps = [atom.parts[1] ** power for atom, power in monomial if isinstance(atom, FunctionCall) and atom.function == "divisible"]
    return prod(steps)  # type: ignore[arg-type]  # the second part of these is a number


def least_of_call(found: FunctionCall) -> Number | None:
    """Return a lower bound of a call, or None."""
    from cnncalc.dims.bounds import lower

    if found.function == "divisible":
        value, step = found.parts
        assert isinstance(step, int)
        least = lower(value)
        bound = step if least is None else divisible(least, step)
        return None if isinstance(bound, Poly) else bound
    known = [least for least in map(lower, found.parts) if least is not None]
    if found.function == "max":
        return max(known, default=None)
    return min(known) if len(known) == len(found.parts) else None


def line_beside_call(found: FunctionCall, *, below: bool) -> Number | Poly | None:
    """Return a bound of a call without it: v - b/2 <= divisible(v, b), for v >= 0 <= v + b; sums or single parts for `max` and `min`."""
    from cnncalc.dims.bounds import at_least_zero

    one, other = found.parts
    if found.function == "divisible":
        assert isinstance(other, int)
        if below:
            return one - other * half()
        return one + other if at_least_zero(one) else None
    if below == (found.function == "max"):  # either part is such a bound
        return max(found.parts, key=lambda part: 0 if isinstance(part, int) else part.total_degree)
    if not (at_least_zero(one) and at_least_zero(other)):
        return None
    return 0 if below else one + other


def half() -> Number:
    """Return 1/2."""
    from fractions import Fraction

    return Fraction(1, 2)
