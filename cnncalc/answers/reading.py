"""Parses an answer as a value of the same type as the correct one, and compares them."""

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

SAMPLES = ((7, 11, 13, 5), (64, 32, 96, 48), (225, 227, 3, 17))  # values of symbols, to distinguish formulas
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
BETWEEN = re.compile(r"\s+by\s+|\s*(?:×|(?<!ma)x)\s*")  # separators of the dimensions of a volume; not the x of max()
SIGNS = str.maketrans({
    "·": "*", "×": "*", "−": "-", "÷": "/", "²": "^2", "³": "^3", "⁴": "^4", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")",
})  # fmt: skip
FACTORS = re.compile(r"(?<=[0-9])(?=[A-Za-z(])(?![eE][0-9])(?<![A-Za-z][0-9])")  # 27C^2 is 27*C^2; k1(...) is not a product
PRODUCT = re.compile(r"\d+(?:\s*\*\s*\d+){2}")  # volumes are also written 55*55*96


class UnclearError(Exception):
    """An answer that cannot be graded, with the reason."""


def symbols_of(report: Report | None, meter: Meter) -> SymbolScope:
    """Return the scope of a network's symbols, or a new one without a network."""
    return SymbolScope(meter) if report is None else report.graph.symbols


def known_symbols(report: Report | None, symbols: SymbolScope) -> dict[str, Any]:
    """Return the symbols of a network's input and params."""
    if report is None:
        return {}
    names: set[str] = set()
    for value in (*report.input, *report.graph.params.values()):
        if isinstance(value, Poly):
            names.update(value.symbols)
    return {name: symbol(name, symbols) for name in names}


def parse_answer(text: str, name: str, value: Any, scope: Scope) -> Any:
    """Parse an answer as a value of the same type as the computed one; numbers as people print them become a PrintedNumber."""
    text = " ".join(text.split())
    figure = ASKED.get(name)
    if isinstance(value, bool) or (figure is not None and figure.unit == TRUTH):
        if text.lower() not in TRUTHS:
            raise UnclearError(f"{text!r}: expected true or false")
        return TRUTHS[text.lower()]
    if isinstance(value, Volume):
        sides = pieces(text)
        if PRODUCT.fullmatch(text) and value[:2] != (1, 1):
            sides = text.split("*")
        sides = ["1", "1", *sides] if len(sides) == 1 else sides
        if len(sides) != 3:
            raise UnclearError(f"{text!r} is not a volume; a volume needs its depth, e.g. 55x55x96")
        return Volume(*(number(side, scope) for side in sides))
    if isinstance(value, (tuple, list)):
        sides = pieces(text)
        sides = sides * len(value) if len(sides) == 1 else sides
        if len(sides) != len(value):
            raise UnclearError(f"{text!r} is not a size; write 7 or 7x7")
        return tuple(number(side, scope) for side in sides)
    printed = printed_number(text, memory=figure is not None and figure.in_bytes)
    if printed is None:
        return arithmetic(text, scope)
    if printed.unit and figure is not None and not figure.in_bytes:
        raise UnclearError(f"{text!r} is an amount of memory, not a number of {figure.words}")
    return printed


def pieces(text: str) -> list[str]:
    """Split 55x55x96, 55 × 55 × 96, 55 by 55 by 96 or [55, 55, 96]."""
    if text[:1] + text[-1:] in ("[]", "()") and "," in text:
        return [side.strip() for side in text[1:-1].split(",")]
    return BETWEEN.split(text)


def number(text: str, scope: Scope) -> Any:
    """Parse one dimension."""
    printed = printed_number(text)
    return printed.value if printed is not None and printed.exact else arithmetic(text, scope)


def arithmetic(text: str, scope: Scope) -> Any:
    """Evaluate an answer that is an expression, also in common notations: 27·C², 5x5x3.

    Unknown single letters are symbols.
    """
    try:
        expression = parse(FACTORS.sub("*", (text if "x" in scope.values else BETWEEN.sub("*", text)).translate(SIGNS)))
        letters = {name: symbol(name, scope.symbols) for name in expression.names if looks_like_symbol(name)}
        scope.operate(OF_SIGN * expression.size)
        value = expression.evaluate(Scope({**letters, **scope.values}, scope))
    except (ExpressionError, OperationError) as error:
        raise UnclearError(f"{text!r} could not be parsed: {error.message}") from None
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, Poly)):
        raise UnclearError(f"{text!r} is not a number")
    return value


def judge(said: Any, value: Any, tolerance: Fraction | None) -> bool:
    """Return whether an answer is right."""
    if value is None or (isinstance(value, tuple) and None in value):
        raise UnclearError("the correct answer depends on the values of symbols")
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
        return said.rounds(value)  # a ratio may be rounded to the digits given
    return said.agrees(value, tolerance)


def equal(one: Any, other: Any) -> bool:
    """Compare numbers and formulas; formulas that differ for some values are not equal."""
    if not isinstance(one, Poly) and not isinstance(other, Poly):
        return bool(one == other)
    one, other = together(one, other)
    scope = (one if isinstance(one, Poly) else other).scope
    names = sorted({*getattr(one, "symbols", ()), *getattr(other, "symbols", ())})
    for sample in SAMPLES:  # faster than a proof if they are not equal
        numbers = {name: sample[i % len(sample)] + i // len(sample) + scope.domain(name).least - 1 for i, name in enumerate(names)}
        try:
            if substituted(one, numbers) != substituted(other, numbers):
                return False
        except (Inconclusive, ArithmeticError):
            continue
    with suppress(ArithmeticError):  # the difference may be too long a formula
        known = same(one, other)
        if known is not None:
            return known
    raise UnclearError("could not decide whether the two formulas are equal")


def substituted(value: Any, numbers: Mapping[str, int]) -> Any:
    """Substitute numbers for symbols."""
    return at(value, numbers) if isinstance(value, Poly) else value
