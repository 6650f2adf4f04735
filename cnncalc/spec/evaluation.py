"""Compiles parsed arithmetic into functions of a scope."""

from __future__ import annotations

from operator import add, floordiv, mod, mul, sub
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cnncalc.errors import suggestion
from cnncalc.spec.operations import (
    FUNCTIONS,
    ExpressionError,
    OperationError,
    arithmetic,
    call,
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
    Place: TypeAlias = tuple[int, int]  # the first character, and the one after the last

NAMES = 12  # that are listed where none is near an unknown one
SMALL = 2**64  # so far numbers are worked with at once


class Environment(Protocol):
    """Where an expression finds what its names mean."""

    def lookup(self, name: str, /) -> Value:
        """The value of a name; KeyError where it has none."""

    def names(self) -> Iterable[str]:
        """All names, to suggest one."""

    def reference(self, function: str, argument: str, /) -> Value:
        """What a reference like params(vgg16/conv1-1) stands for."""

    def operate(self, amount: int, /) -> None:
        """Notes that so many operations are done; OperationError where it is too many."""


class Part(NamedTuple):
    """A parsed piece of the text."""

    run: Run
    place: Place


class Link(NamedTuple):
    """A sign and what stands behind it, with the places of the left operand, the sign, and the right operand."""

    sign: str
    run: Run
    left: Place
    place: Place
    right: Place


def constant(value: Value) -> Run:
    """The same in every scope."""
    return lambda _: value


def lookup(word: str, at: int) -> Run:
    """The value of a name."""

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
    return suggestion(word, names) or listed


def chain(text: str, first: Run, links: tuple[Link, ...]) -> Run:
    """Signs of arithmetic, from left to right."""
    steps = tuple((_QUICK.get(link.sign), link.run, link) for link in links)

    def run(scope: Environment) -> Any:
        value = first(scope)
        for quick, operand, link in steps:
            other = operand(scope)
            small = type(value) is int and type(other) is int and -SMALL < value < SMALL and -SMALL < other < SMALL
            # 0 is left to what knows of division by zero.
            value = quick(value, other) if quick and small and other else _linked(scope, _calculated, text, link, value, other)
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
    """The operations of reading a value once. Work on formulas is counted where it is done."""
    if isinstance(value, int):
        return value.bit_length() // 32
    if isinstance(value, list):
        return len(value) // 2 if set(map(type, value)) == {int} else sum(map(cost, value)) + 10 * len(value)
    if hasattr(value, "numerator"):
        return 20 + int(value.numerator.bit_length() + value.denominator.bit_length()) // 12
    return 0


def _taken(scope: Environment, sign: str, value: Any, index: Any) -> Any:
    return item(value, index) if sign == "[" else side(value, sign)


def _linked(scope: Environment, operate: Callable[[Environment, str, Any, Any], Any], text: str, link: Link, left: Any, right: Any) -> Any:
    try:
        return operate(scope, link.sign, left, right)
    except OperationError as error:
        raise _placed(text, error, link.place, (link.left, link.right)) from None


def _placed(text: str, error: OperationError, own: Place, operands: tuple[Place, ...]) -> ExpressionError:
    at, end = own if error.operand is None else operands[min(error.operand, len(operands) - 1)]
    return ExpressionError(error.message, at, max(1, end - at), error.hint.replace("{}", text[at:end][:40]))


def comparisons(text: str, first: Run, links: tuple[Link, ...]) -> Run:
    """Whether each value stands to the next as the sign between them says; nothing is looked at after the first that does not."""

    def run(scope: Environment) -> bool:
        left = first(scope)
        for link in links:
            right = link.run(scope)
            if not _linked(scope, _compared, text, link, left, right):
                return False
            left = right
        return True

    return run


def logic(text: str, first: Run, links: tuple[Link, ...]) -> Run:
    """`or`, or `and`: the first value that decides, else the last one."""

    def run(scope: Environment) -> Any:
        value = first(scope)
        for link in links:
            if _holds(text, value, link.left) is (link.sign == "or"):
                return value
            value = link.run(scope)
        return value

    return run


def _holds(text: str, value: Any, place: Place) -> bool:
    try:
        return truth(value)
    except OperationError as error:
        raise _placed(text, error, place, (place,)) from None


def negation(text: str, part: Part, odd: bool) -> Run:
    """`not`, once or another odd number of times, or an even one."""
    return lambda scope: _holds(text, part.run(scope), part.place) is not odd


def choice(text: str, cases: tuple[tuple[Part, Run], ...], otherwise: Run) -> Run:
    """The value of the first case whose condition holds."""

    def run(scope: Environment) -> Any:
        for condition, value in cases:
            if _holds(text, condition.run(scope), condition.place):
                return value(scope)
        return otherwise(scope)

    return run


def tail(text: str, first: Run, links: tuple[Link, ...]) -> Run:
    """Sides (.h) and items ([0]), of one another."""

    def run(scope: Environment) -> Any:
        value = first(scope)
        for link in links:
            value = _linked(scope, _taken, text, link, value, link.run(scope))
        return value

    return run


def listing(text: str, place: Place, parts: tuple[Part, ...]) -> Run:
    """A list of values."""

    def run(scope: Environment) -> Any:
        try:
            found = [part.run(scope) for part in parts]
            scope.operate(cost(found))
            return limited(found)
        except OperationError as error:
            raise _placed(text, error, place, ()) from None

    return run


def called(text: str, function: str, place: Place, parts: tuple[Part, ...]) -> Run:
    """The result of a function."""
    places = tuple(part.place for part in parts)

    def run(scope: Environment) -> Any:
        try:
            values = [part.run(scope) for part in parts]
            scope.operate(cost(values))
            result = call(function, values)
            scope.operate(cost(result))
            return result
        except OperationError as error:
            raise _placed(text, error, place, places) from None

    return run
