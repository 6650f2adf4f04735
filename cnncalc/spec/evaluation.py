"""Compiles parsed arithmetic into functions of a scope."""

from __future__ import annotations

from operator import add, floordiv, mod, mul, sub
from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.errors import suggestion
from cnncalc.spec.functions import FUNCTIONS, call
from cnncalc.spec.operations import (
    ExpressionError,
    OperationError,
    arithmetic,
    comparison,
    item,
    limited,
    side,
    truth,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from cnncalc.spec.operations import Value

    Run: TypeAlias = "Callable[[Environment], Any]"
    Place: TypeAlias = tuple[int, int]  # indices of the first character and the one after the last

NAMES = 12  # names listed when no similar name is known
SMALL = 2**64  # below it, numbers are computed directly


class Environment(Protocol):
    """Resolves the names in an expression."""

    def lookup(self, name: str, /) -> Value:
        """Return the value of a name; raise KeyError if it is unknown."""

    def names(self) -> Iterable[str]:
        """Return all names, for suggestions."""

    def words(self) -> Iterable[str]:
        """Return the words that are known besides names, for suggestions only."""

    def reference(self, function: str, argument: str, /) -> Value:
        """Return the value of a reference such as params(vgg16/conv1-1)."""

    def operate(self, amount: int, /) -> None:
        """Count operations; raise OperationError if there are too many."""


class Subexpression:
    """A parsed part of the text."""

    __slots__ = ("place", "run")

    def __init__(self, run: Run, place: Place) -> None:
        self.run = run
        self.place = place


class OperatorAndOperand:
    """An operator and its right operand, with the places of the left operand, the operator and the right operand."""

    __slots__ = ("left", "place", "right", "run", "sign")

    def __init__(self, sign: str, run: Run, left: Place, place: Place, right: Place) -> None:
        self.sign = sign
        self.run = run
        self.left = left
        self.place = place
        self.right = right


def constant(value: Value) -> Run:
    """Return a function for a constant."""
    return lambda _: value


def lookup(word: str, at: int) -> Run:
    """Return a function that looks up a name."""

    def run(scope: Environment) -> Any:
        try:
            return scope.lookup(word)
        except KeyError:
            raise ExpressionError(f"unknown name {word[:40]!r}", at, len(word), _known(word, scope)) from None

    return run


def _known(word: str, scope: Environment) -> str:
    if word in FUNCTIONS:
        return f"{word} is a function: {word}(...)"
    names = sorted(scope.names())
    listed = f"known here: {', '.join(names[:NAMES])}{', ...' if len(names) > NAMES else ''}" if names else ""
    return suggestion(word, [*names, *scope.words()]) or listed


def chain(text: str, first: Run, links: tuple[OperatorAndOperand, ...]) -> Run:
    """Return a function that applies operators from left to right."""
    steps = tuple((_QUICK.get(link.sign), link.run, link) for link in links)

    def run(scope: Environment) -> Any:
        value = first(scope)
        for quick, operand, link in steps:
            other = operand(scope)
            small = type(value) is int and type(other) is int and -SMALL < value < SMALL and -SMALL < other < SMALL
            # 0 is handled by `arithmetic`, which checks for division by zero.
            value = quick(value, other) if quick and small and other else _apply(scope, _calculated, text, link, value, other)
        return value

    return run


_QUICK: dict[str, Callable[[int, int], int]] = {"+": add, "-": sub, "*": mul, "//": floordiv, "%": mod}


def _calculated(scope: Environment, sign: str, left: Any, right: Any) -> Any:
    scope.operate(cost(left) + cost(right))
    return arithmetic(sign, left, right)


def _compared(scope: Environment, sign: str, left: Any, right: Any) -> bool:
    scope.operate(cost(left) + cost(right))
    return comparison(sign, left, right)


def cost(value: Any) -> int:
    """Return the number of operations for reading a value. Work on formulas is counted where it is done."""
    if isinstance(value, int):
        return value.bit_length() // 32
    if isinstance(value, list):
        return len(value) // 2 if set(map(type, value)) == {int} else sum(map(cost, value)) + 10 * len(value)
    if hasattr(value, "numerator"):
        return 20 + int(value.numerator.bit_length() + value.denominator.bit_length()) // 12
    return 0


def _select(scope: Environment, sign: str, value: Any, index: Any) -> Any:
    return item(value, index) if sign == "[" else side(value, sign)


def _apply(
    scope: Environment, operate: Callable[[Environment, str, Any, Any], Any], text: str, link: OperatorAndOperand, left: Any, right: Any
) -> Any:
    try:
        return operate(scope, link.sign, left, right)
    except OperationError as error:
        raise _located(text, error, link.place, (link.left, link.right)) from None


def _located(text: str, error: OperationError, own: Place, operands: tuple[Place, ...]) -> ExpressionError:
    at, end = own if error.operand is None else operands[min(error.operand, len(operands) - 1)]
    return ExpressionError(error.message, at, max(1, end - at), error.hint.replace("{}", text[at:end][:40]))


def comparisons(text: str, first: Run, links: tuple[OperatorAndOperand, ...]) -> Run:
    """Return a function for chained comparisons; it stops at the first that is false."""

    def run(scope: Environment) -> bool:
        left = first(scope)
        for link in links:
            right = link.run(scope)
            if not _apply(scope, _compared, text, link, left, right):
                return False
            left = right
        return True

    return run


def logic(text: str, first: Run, links: tuple[OperatorAndOperand, ...]) -> Run:
    """Return a function for `or` or `and`, which short-circuits as in Python."""

    def run(scope: Environment) -> Any:
        value = first(scope)
        for link in links:
            if _truth_of(text, value, link.left) is (link.sign == "or"):
                return value
            value = link.run(scope)
        return value

    return run


def _truth_of(text: str, value: Any, place: Place) -> bool:
    try:
        return truth(value)
    except OperationError as error:
        raise _located(text, error, place, (place,)) from None


def negation(text: str, part: Subexpression, odd: bool) -> Run:
    """Return a function for an odd or even number of `not`."""
    return lambda scope: _truth_of(text, part.run(scope), part.place) is not odd


def choice(text: str, cases: tuple[tuple[Subexpression, Run], ...], otherwise: Run) -> Run:
    """Return a function for the value of the first case whose condition is true."""

    def run(scope: Environment) -> Any:
        for condition, value in cases:
            if _truth_of(text, condition.run(scope), condition.place):
                return value(scope)
        return otherwise(scope)

    return run


def tail(text: str, first: Run, links: tuple[OperatorAndOperand, ...]) -> Run:
    """Return a function for dimensions (.h) and items ([0])."""

    def run(scope: Environment) -> Any:
        value = first(scope)
        for link in links:
            value = _apply(scope, _select, text, link, value, link.run(scope))
        return value

    return run


def list_of(text: str, place: Place, parts: tuple[Subexpression, ...]) -> Run:
    """Return a function for a list."""

    def run(scope: Environment) -> Any:
        try:
            found = [part.run(scope) for part in parts]
            scope.operate(cost(found))
            return limited(found)
        except OperationError as error:
            raise _located(text, error, place, ()) from None

    return run


def called(text: str, function: str, place: Place, parts: tuple[Subexpression, ...]) -> Run:
    """Return a function for a function call."""
    places = tuple(part.place for part in parts)

    def run(scope: Environment) -> Any:
        try:
            values = [part.run(scope) for part in parts]
            scope.operate(cost(values))
            result = call(function, values)
            scope.operate(cost(result))
            return result
        except OperationError as error:
            raise _located(text, error, place, places) from None

    return run
