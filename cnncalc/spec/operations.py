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


def divide(left: Any, right: Any) -> Any:
    """Divide exactly."""
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
    return divide(1, base**-times)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": divide,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "**": _power,
}


def comparison(sign: str, left: object, right: object) -> bool:
    """Return whether a comparison holds for all values of the symbols."""
    try:
        if sign in ("==", "!="):
            return equal(left, right) is (sign == "==")
        return bool(ORDER[sign](numeric(left, 0), numeric(right, 1)))
    except ArithmeticError as error:
        raise operation_error(error) from None


ORDER: dict[str, Callable[[Any, Any], bool]] = {
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
