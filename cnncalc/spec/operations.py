"""Operators and functions of arithmetic on numbers, formulas, lists and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from cnncalc.dims import Poly
    from cnncalc.layers import Volume

Value: TypeAlias = "int | Fraction | bool | Poly | list[Value] | Volume | Word"

NESTED = 100  # nesting of lists
LARGEST = 2**LIMITS.number_bits - 1
SHOWN = 60  # characters of a value in a message


class Word(str):
    """The name of a kind or block, or a word such as 'same'; can be passed and compared only."""

    __slots__ = ()


class Logarithm:
    """The logarithm of a number, which the parser passes to `ROUNDING` only: powers of the base are compared with the number."""

    __slots__ = ("base", "number")

    def __init__(self, number: Any, base: Any) -> None:
        self.number = number
        self.base = base

    def floor(self) -> int:
        """Return the largest k with base ** k at most the number."""
        if self.number < 1:
            return -Logarithm(_divide(1, self.number), self.base).ceil()
        k, power = 0, self.base
        while power <= self.number:
            k, power = k + 1, exact(power * self.base)
        return k

    def ceil(self) -> int:
        """Return the least k with base ** k at least the number."""
        if self.number <= 1:
            return -Logarithm(_divide(1, self.number), self.base).floor()
        k, power = 0, 1
        while power < self.number:
            k, power = k + 1, exact(power * self.base)
        return k

    def round(self) -> int:
        """Return the nearest integer: the floor of log(x² b, b) / 2, which is log(x, b) + 1/2."""
        return Logarithm(exact(self.number * self.number * self.base), self.base).floor() // 2


class OperationError(Exception):
    """An invalid operation; `operand` is the index of the wrong operand, whose text replaces '{}' in the hint."""

    def __init__(self, message: str, hint: str = "", operand: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.operand = operand


class ExpressionError(Exception):
    """An error in an expression, with its location in the text."""

    def __init__(self, message: str, at: int, width: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.width = width
        self.hint = hint


def described(value: object) -> str:
    """Describe a value for a message."""
    if isinstance(value, bool):
        return f"a condition ({str(value).lower()})"
    if isinstance(value, Word):
        return f"the word {shortened(value)!r}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return shortened(f"the volume {value}" if is_volume(value) else str(value))


def shortened(text: str, most: int = SHOWN) -> str:
    """Shorten a long number or formula to its beginning."""
    return text if len(text) <= most else f"{text[:most]}..."


def is_volume(value: object) -> bool:
    """Return whether a value is a volume."""
    return hasattr(value, "rank")


def numeric(value: object, operand: int) -> Any:
    """Return the value if it is a number or formula, else raise OperationError."""
    if isinstance(value, (bool, str)):
        raise OperationError(f"{described(value)} is not a number", operand=operand)
    if isinstance(value, list):
        raise OperationError(f"{described(value)} is not a number", "did you mean an item, {}[0]?", operand)
    if is_volume(value):
        raise OperationError(f"{described(value)} is not a number", "did you mean {}.c?", operand)
    return value


def whole(value: object, operand: int, what: str) -> int:
    """Return the value if it is an integer, else raise OperationError."""
    number = numeric(value, operand)
    if not isinstance(number, int):
        raise OperationError(f"{what} must be a whole number, not {shortened(str(number))}", to_number(number), operand)
    return number


def to_number(value: object) -> str:
    """Return the hint for a formula where a number is needed."""
    return f"give {', '.join(getattr(value, 'symbols', ()))} a number" if getattr(value, "symbols", ()) else ""


def exact(value: Any) -> Any:
    """Simplify a result and check limits: fractions with denominator 1 become ints, constant formulas numbers."""
    if isinstance(value, int):
        if -LARGEST <= value <= LARGEST:
            return value
    elif hasattr(value, "numerator"):
        if value.denominator == 1:
            return exact(value.numerator)
        if -LARGEST <= value.numerator <= LARGEST and value.denominator <= LARGEST:
            return value
    else:
        constant = getattr(value, "constant", None)
        return value if constant is None else exact(constant)
    raise OperationError(f"a number of more than {LIMITS.number_bits:,} bits")


def operation_error(error: ArithmeticError) -> OperationError:
    """Convert an error from numbers and formulas to one about the expression."""
    from cnncalc.dims import Inconclusive
    from cnncalc.limits import LimitError

    if isinstance(error, Inconclusive):
        names = ", ".join(error.symbols)
        return OperationError(f"{shortened(error.relation)} cannot be decided for all {names}", f"give {names} a number")
    if isinstance(error, LimitError):
        return OperationError(error.message, error.hint)
    if isinstance(error, ZeroDivisionError):
        return OperationError("division by zero")
    return OperationError(shortened(str(error), 3 * SHOWN), "give its symbols numbers")


def arithmetic(sign: str, left: object, right: object) -> Any:
    """Apply an arithmetic operator."""
    if sign == "+" and isinstance(left, list) and isinstance(right, list):
        return limited(left + right)
    a, b = numeric(left, 0), numeric(right, 1)
    try:
        return exact(_ARITHMETIC[sign](a, b))
    except ArithmeticError as error:
        raise operation_error(error) from None


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        from fractions import Fraction

        return Fraction(left, right)
    return left / right


def _power(base: Any, exponent: Any) -> Any:
    times = whole(exponent, 1, "an exponent")
    if hasattr(base, "numerator"):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if (bits - 1) * abs(times) > LIMITS.number_bits:  # a lower bound: do not start computing it
            raise OperationError(f"a number of more than {LIMITS.number_bits:,} bits")
    if times >= 0:
        return base**times
    return _divide(1, base**-times)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "**": _power,
}


def comparison(sign: str, left: object, right: object) -> bool:
    """Return whether a comparison holds for all values of the symbols."""
    try:
        if sign in ("==", "!="):
            return equal(left, right) is (sign == "==")
        return bool(_ORDER[sign](numeric(left, 0), numeric(right, 1)))
    except ArithmeticError as error:
        raise operation_error(error) from None


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def equal(left: Any, right: Any) -> bool:
    """Return whether two values of the same type are equal; for formulas, for all values of their symbols."""
    sorts = [_sort(left), _sort(right)]
    if sorts[0] != sorts[1]:
        raise OperationError(f"{described(left)} cannot be compared with {described(right)}")
    if sorts[0] == "list":
        if set(map(type, left)) == set(map(type, right)) == {int}:
            return bool(left == right)
        return len(left) == len(right) and all(map(equal, left, right))
    if sorts[0] == "volume":
        return len(left) == len(right) and all(equal(one, other) for one, other in zip(left, right, strict=True))
    if hasattr(left, "symbols") or hasattr(right, "symbols"):
        from cnncalc.dims import Inconclusive
        from cnncalc.dims.bounds import zero

        answer = zero(left - right)
        if answer is None:
            raise Inconclusive(f"{left} == {right}", left - right, zero)
        return answer
    return bool(left == right)


def _sort(value: object) -> str:
    if isinstance(value, bool):
        return "condition"
    if isinstance(value, list):
        return "list"
    if isinstance(value, str):
        return "word"
    return "volume" if is_volume(value) else "number"


def truth(value: Any, operand: int = 0) -> bool:
    """Return whether a condition is true, or a number nonzero."""
    if isinstance(value, bool):
        return value
    if _sort(value) != "number":
        raise OperationError(f"{described(value)} is not a condition", operand=operand)
    try:
        return bool(value)
    except ArithmeticError as error:
        raise operation_error(error) from None


def item(value: object, index: object) -> Any:
    """Return an item of a list; negative indices count from the end."""
    if not isinstance(value, list):
        raise OperationError(f"{described(value)} is not a list", operand=0)
    at = whole(index, 1, "an index")
    if not -len(value) <= at < len(value):
        indexes = f"its items are 0 to {len(value) - 1}" if value else "it is empty"
        raise OperationError(f"there is no item {at} in a list of {len(value)}", indexes, 1)
    return value[at]


def side(value: object, name: str) -> Any:
    """Return a side of a volume, or its channels."""
    if not is_volume(value):
        raise OperationError(f"{described(value)} has no .{name}: it is not a volume", operand=0)
    try:
        return getattr(value, name)
    except AttributeError as error:
        raise OperationError(str(error), operand=0) from None


def limited(items: list[Any], written: int = 0) -> list[Any]:
    """Check the length of a list; items written one by one in a file do not count."""
    if _weight(items) > LIMITS.items + written:
        raise OperationError(f"a list of more than {LIMITS.items + written:,} items")
    return items


def _weight(items: list[Any], level: int = 1) -> int:
    if level > NESTED:
        raise OperationError(f"lists nested more than {NESTED} deep")
    return sum(_weight(each, level + 1) if isinstance(each, list) else 1 for each in items) + (not items)


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
        best = _better(best, other, _ORDER[sign])
    return best


def _better(left: Any, right: Any, before: Callable[[Any, Any], bool]) -> Any:
    try:
        return left if before(left, right) else right
    except ArithmeticError:  # 1 >= H can be undecided when H >= 1 is not
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
    minimum = step if least is None else numeric(least, 2)
    nearest = _extreme([minimum, (2 * number + step) // (2 * step) * step], ">=")
    return exact(nearest + step if 10 * nearest < 9 * number else nearest)


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
    return exact(round(_divide(number, step)) * step)  # Python rounds fractions to the even one


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
