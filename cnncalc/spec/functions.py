"""The functions of arithmetic: rounding, sums, extremes, ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.limits import LIMITS
from cnncalc.spec.operations import (
    ORDER,
    OperationError,
    described,
    divide,
    exact,
    numeric,
    operation_error,
    shortened,
    to_number,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Logarithm:
    """The logarithm of a number, which the parser passes to `ROUNDING` only: powers of the base are compared with the number."""

    __slots__ = ("base", "number")

    def __init__(self, number: Any, base: Any) -> None:
        self.number = number
        self.base = base

    def floor(self) -> int:
        """Return the largest k with base ** k at most the number."""
        if self.number < 1:
            return -Logarithm(divide(1, self.number), self.base).ceil()
        k, power = 0, self.base
        while power <= self.number:
            k, power = k + 1, exact(power * self.base)
        return k

    def ceil(self) -> int:
        """Return the least k with base ** k at least the number."""
        if self.number <= 1:
            return -Logarithm(divide(1, self.number), self.base).floor()
        k, power = 0, 1
        while power < self.number:
            k, power = k + 1, exact(power * self.base)
        return k

    def round(self) -> int:
        """Return the nearest integer: the floor of log(x² b, b) / 2, which is log(x, b) + 1/2."""
        return Logarithm(exact(self.number * self.number * self.base), self.base).floor() // 2


def _rounded(value: object, shift: int) -> Any:
    """Return the floor of the value plus `shift` halves."""
    if isinstance(value, Logarithm):
        return value.round() if shift else value.floor()
    return exact((2 * numeric(value, 0) + shift) // 2)


def _ceil(value: object) -> Any:
    if isinstance(value, Logarithm):
        return value.ceil()
    number = numeric(value, 0)
    if hasattr(number, "numerator"):
        return -(-number // 1)
    from cnncalc.dims import ceil_div

    return exact(ceil_div(number, 1))  # ⌈H/2⌉ as ⌊(H + 1)/2⌋, unlike -(-H // 2)


def _numbers(values: tuple[object, ...], function: str) -> list[Any]:
    """Return the arguments, or the items if the only argument is a list."""
    if len(values) == 1 and isinstance(values[0], list):
        if not values[0] and function != "sum":
            raise OperationError(f"the {function} of an empty list", operand=0)
        return values[0] if set(map(type, values[0])) == {int} else [numeric(each, 0) for each in values[0]]
    return [numeric(each, operand) for operand, each in enumerate(values)]


def _extreme(values: list[Any], sign: str) -> Any:
    if set(map(type, values)) == {int}:
        return min(values) if sign == "<=" else max(values)
    best, *others = values
    for other in others:
        best = _better(best, other, ORDER[sign])
    return best


def _better(left: Any, right: Any, before: Callable[[Any, Any], bool]) -> Any:
    try:
        return left if before(left, right) else right
    except ArithmeticError:  # 1 >= H can be undecided when H >= 1 is not
        from cnncalc.dims import call_of, fractional

        if fractional(left, right):
            return call_of("min" if before is ORDER["<="] else "max", left, right)
        return right if before(right, left) else left


def _sum(*values: object) -> Any:
    numbers = _numbers(values, "sum")
    if set(map(type, numbers)) == {int}:
        return exact(sum(numbers))
    total: Any = 0
    for each in numbers:
        total = exact(total + each)
    return total


def _len(value: object) -> int:
    if not isinstance(value, list):
        raise OperationError(f"{described(value)} is not a list", operand=0)
    return len(value)


def _range(*values: object) -> list[int]:
    numbers = [whole(value, operand, "a bound of range") for operand, value in enumerate(values)]
    if len(numbers) == 3 and not numbers[2]:
        raise OperationError("the step of range must not be 0", operand=2)
    found = range(*numbers)
    if found[LIMITS.items :]:  # len() is limited to 63 bits
        raise OperationError(f"a list of more than {LIMITS.items:,} items")
    return list(found)


def _divisible(value: object, by: object, least: object = None) -> Any:
    """Return the nearest multiple, at least `least` and at least 90% of the number (as in the MobileNet reference code)."""
    number, step = numeric(value, 0), whole(by, 1, "the divisor")
    if step < 1:
        raise OperationError("the divisor must be at least 1", operand=1)
    from cnncalc.dims import call_of, fractional
    from cnncalc.dims.calls import near_multiple

    if least is None and fractional(number):
        return exact(call_of("divisible", number, step))
    minimum = step if least is None else numeric(least, 2)
    return exact(near_multiple(number, step, minimum, lambda *values: _extreme([*values], ">=")))


def _log(value: object, base: object) -> Logarithm:
    """Return the logarithm of a number above 0 to a base above 1."""
    numbers = [numeric(value, 0), numeric(base, 1)]
    for operand, number in enumerate(numbers):
        if not hasattr(number, "numerator"):
            raise OperationError(f"the logarithm of {shortened(str(number))} is not known", to_number(number), operand)
        if number <= operand:
            what = ("a logarithm is taken of a number above 0", "the base of a logarithm is above 1")[operand]
            raise OperationError(f"{what}, not {shortened(str(number))}", operand=operand)
    return Logarithm(*numbers)


def _multiple(value: object, by: object) -> Any:
    """Return the nearest multiple; of two as near, the even one (as NumPy rounds)."""
    step = whole(by, 1, "the divisor")
    if step < 1:
        raise OperationError("the divisor must be at least 1", operand=1)
    number = numeric(value, 0)
    if not hasattr(number, "numerator"):
        raise OperationError(f"the nearest multiple to {shortened(str(number))} is not known", to_number(number), 0)
    return exact(round(divide(number, step)) * step)  # Python rounds fractions to the even one


ROUNDING = ("round", "floor", "ceil")
MANY = 1_000_000
FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {  # minimum and maximum number of arguments
    "ceil": (1, 1, _ceil),
    "floor": (1, 1, lambda value: _rounded(value, 0)),
    "round": (1, 1, lambda value: _rounded(value, 1)),  # halves go up
    "min": (1, MANY, lambda *values: _extreme(_numbers(values, "min"), "<=")),
    "max": (1, MANY, lambda *values: _extreme(_numbers(values, "max"), ">=")),
    "sum": (1, MANY, _sum),
    "len": (1, 1, _len),
    "range": (1, 3, _range),
    "divisible": (2, 3, _divisible),
    "multiple": (2, 2, _multiple),
    "log": (2, 2, _log),
}


def call(function: str, values: list[Any]) -> Any:
    """Call one of the functions."""
    try:
        return FUNCTIONS[function][2](*values)
    except ArithmeticError as error:
        raise operation_error(error) from None
