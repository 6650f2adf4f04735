"""Reads an answer as a value of the same sort as the correct one, and compares the two."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.answers.quantities import ASKED
from cnncalc.dims import Inconclusive, Poly, SymbolScope, at, same, symbol, together
from cnncalc.layers import Volume
from cnncalc.limits import OF_SIGN
from cnncalc.printed_number import PrintedNumber, printed_number
from cnncalc.propagate.figures import TRUTH
from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.operations import OperationError
from cnncalc.spec.scope import Scope
from cnncalc.spec.settings import looks_like_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.limits import Meter
    from cnncalc.propagate.report import Report

SAMPLES = ((7, 11, 13, 5), (64, 32, 96, 48), (225, 227, 3, 17))  # numbers for symbols, to tell formulas apart
VOLUMES = {
    1: "it has a length and channels, e.g. 128x64",
    2: "a volume needs its depth, e.g. 55x55x96",
    3: "it has a depth, height, width and channels, e.g. 16x112x112x3",
}
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
BETWEEN = re.compile(r"\s+by\s+|\s*(?:×|(?<!ma)x)\s*")  # the signs between the sides of a volume; not the x of max()
SIGNS = str.maketrans({
    "·": "*", "×": "*", "−": "-", "÷": "/", "²": "^2", "³": "^3", "⁴": "^4", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")",
})  # fmt: skip
FACTORS = re.compile(r"(?<=[0-9])(?=[A-Za-z(])(?![eE][0-9])(?<![A-Za-z][0-9])")  # 27C^2 is 27*C^2; k1(...) is no product
PRODUCT = re.compile(r"\d+(?:\s*\*\s*\d+){2}")  # 55*55*96, as volumes are written too


class UnclearError(Exception):
    """An answer that cannot be decided; the text says why."""


def symbols_of(report: Report | None, meter: Meter) -> SymbolScope:
    """The scope of a network's symbols, or one of its own where there is no network."""
    return SymbolScope(meter) if report is None else report.graph.symbols


def known_symbols(report: Report | None, symbols: SymbolScope) -> dict[str, Any]:
    """The symbols of a network: its input's and its params'."""
    if report is None:
        return {}
    names: set[str] = set()
    for value in (*report.input, *report.graph.params.values()):
        if isinstance(value, Poly):
            names.update(value.symbols)
    return {name: symbol(name, symbols) for name in names}


def understood(text: str, name: str, value: Any, scope: Scope) -> Any:
    """An answer to a metric or claim as a value of the same sort as the computed one; a number as it is printed stays a PrintedNumber."""
    text = " ".join(text.split())
    figure = ASKED.get(name)
    if isinstance(value, bool) or (figure is not None and figure.unit == TRUTH):
        if text.lower() not in TRUTHS:
            raise UnclearError(f"{text!r}: expected true or false")
        return TRUTHS[text.lower()]
    if isinstance(value, Volume):
        sides = pieces(text)
        if PRODUCT.fullmatch(text) and value.places != 1:
            sides = text.split("*")
        sides = ["1"] * value.rank + sides if len(sides) == 1 else sides
        if len(sides) != len(value):
            raise UnclearError(f"{text!r} is not a volume; {VOLUMES[value.rank]}")
        return Volume(*(number(side, scope) for side in sides))
    if isinstance(value, (tuple, list)):
        sides = pieces(text)
        sides = sides * len(value) if len(sides) == 1 else sides
        if len(sides) != len(value):
            raise UnclearError(f"{text!r} is not a size: 7, or 7x7")
        return tuple(number(side, scope) for side in sides)
    printed = printed_number(text, memory=figure is not None and figure.in_bytes)
    if printed is None:
        return arithmetic(text, scope)
    if printed.unit and figure is not None and not figure.in_bytes:
        raise UnclearError(f"{text!r} is an amount of memory, not a number of {figure.words}")
    return printed


def pieces(text: str) -> list[str]:
    """The sides of 55x55x96, 55 × 55 × 96, 55 by 55 by 96 or [55, 55, 96]."""
    if text[:1] + text[-1:] in ("[]", "()") and "," in text:
        return [side.strip() for side in text[1:-1].split(",")]
    return BETWEEN.split(text)


def number(text: str, scope: Scope) -> Any:
    """One side."""
    printed = printed_number(text)
    return printed.value if printed is not None and printed.exact else arithmetic(text, scope)


def arithmetic(text: str, scope: Scope) -> Any:
    """The value of an answer that is arithmetic, also as it is printed and as people write it: 27·C², 5x5x3.

    Single letters that the network does not know are symbols all the same.
    """
    try:
        expression = parse(FACTORS.sub("*", (text if "x" in scope.values else BETWEEN.sub("*", text)).translate(SIGNS)))
        letters = {name: symbol(name, scope.symbols) for name in expression.names if looks_like_symbol(name)}
        scope.operate(OF_SIGN * expression.size)
        value = expression.evaluate(Scope({**letters, **scope.values}, scope))
    except (ExpressionError, OperationError) as error:
        raise UnclearError(f"{text!r} cannot be read: {error.message}") from None
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, Poly)):
        raise UnclearError(f"{text!r} is not a number")
    return value


def judge(said: Any, value: Any, tolerance: Fraction | None) -> bool:
    """Whether an answer is right."""
    if value is None or (isinstance(value, tuple) and None in value):
        raise UnclearError("the right answer depends on the values of symbols")
    if isinstance(value, (tuple, list)):
        return all(equal(one, other) for one, other in zip(said, value, strict=True))
    if isinstance(value, bool):
        return said is value
    if isinstance(value, Poly):
        if isinstance(said, PrintedNumber):
            return said.exact and equal(said.value, value)
        return equal(said, value)
    if not isinstance(said, PrintedNumber):
        if tolerance is not None and not isinstance(said, Poly):
            return abs(Fraction(said) - Fraction(value)) <= abs(Fraction(value) * tolerance)
        return equal(said, value)
    if tolerance is None and Fraction(value).denominator != 1:
        return said.rounds(value)  # a ratio is right when rounded to the digits given
    return said.agrees(value, tolerance)


def equal(one: Any, other: Any) -> bool:
    """Equality of numbers and formulas; formulas that differ somewhere are not equal."""
    if not isinstance(one, Poly) and not isinstance(other, Poly):
        return bool(one == other)
    one, other = together(one, other)
    scope = (one if isinstance(one, Poly) else other).scope
    names = sorted({*getattr(one, "symbols", ()), *getattr(other, "symbols", ())})
    for sample in SAMPLES:  # two that are not equal are soon told apart so, and a proof takes longer
        numbers = {name: sample[i % len(sample)] + i // len(sample) + scope.domain(name).least - 1 for i, name in enumerate(names)}
        try:
            if put_in(one, numbers) != put_in(other, numbers):
                return False
        except (Inconclusive, ArithmeticError):
            continue
    with suppress(ArithmeticError):  # the difference is too long a formula
        known = same(one, other)
        if known is not None:
            return known
    raise UnclearError("whether the two formulas are equal cannot be decided")


def put_in(value: Any, numbers: Mapping[str, int]) -> Any:
    """A formula with numbers for its symbols; a number stays what it is."""
    return at(value, numbers) if isinstance(value, Poly) else value
