"""Parses an answer as a value of the same type as the correct one, and compares them."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from cnncalc.answers.implicit_products import as_written
from cnncalc.answers.notation import FIRST, LAST, both_sides, split_sides, unbracketed, volume_sides, without_words
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
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report

VOLUMES = {
    1: "it has a length and channels, e.g. 128x64",
    2: "a volume needs its depth, e.g. 55x55x96",
    3: "it has a depth, height, width and channels, e.g. 16x112x112x3",
}
SAMPLES = ((7, 11, 13, 5), (64, 32, 96, 48), (225, 227, 3, 17))  # values of symbols, to distinguish formulas
FAR = 1_000_000  # larger than what the domain of a symbol excludes
TRUTHS = {"true": True, "yes": True, "t": True, "y": True, "false": False, "no": False, "f": False, "n": False}
BYTES = re.compile(r"(?<=[\w)])\s*bytes?$", re.IGNORECASE)
DIVISION = re.compile(r"(?<!/)/(?!/)")


class UnclearError(Exception):
    """An answer that cannot be graded, with the reason."""


def symbols_of(report: Report | None, meter: Meter) -> SymbolScope:
    """Return the scope of a network's symbols, or a new one without a network."""
    return SymbolScope(meter) if report is None else report.graph.symbols


def known_symbols(report: Report | None, symbols: SymbolScope) -> dict[str, Any]:
    """Return the symbols of a network's input and params, and the params that are whole numbers."""
    if report is None:
        return {}
    names: set[str] = set()
    for value in (*report.input, *report.graph.params.values()):
        if isinstance(value, Poly):
            names.update(value.symbols)
    numbers = {name: value for name, value in report.graph.params.items() if type(value) is int}
    return {**numbers, **{name: symbol(name, symbols) for name in names}}


def parse_answer(text: str, name: str, value: Any, scope: Scope, layout: str = "", batch: str = "1") -> Any:
    """Parse an answer as a value of the same type as the computed one; numbers as people print them become a PrintedNumber."""
    figure = ASKED.get(name)
    if isinstance(value, bool) or (figure is not None and figure.unit == TRUTH):
        if text.lower() not in TRUTHS:
            raise UnclearError(f"{text!r}: expected true or false")
        return TRUTHS[text.lower()]
    if isinstance(value, Volume):
        return volume(text, value, scope, layout or LAST, batch)[0]
    if isinstance(value, (tuple, list)):
        sides = split_sides(unbracketed(text), flat=False)
        sides = sides * len(value) if len(sides) == 1 else sides
        if len(sides) != len(value):
            raise UnclearError(f"{text!r} is not a size; write 7 or 7x7")
        return tuple(number(side, scope) for side in sides)
    return one_number(text, figure, scope)


def volume(text: str, value: Volume, scope: Scope, layout: str, batch: str) -> tuple[Volume, str]:
    """Return a volume that is written in the order of `layout`, or in the one that its notation names, and that order."""
    flat = value.places == 1
    sides, named = volume_sides(text, value.rank, flat=flat, batch=batch)
    if len(sides) == value.rank and value.c == 1:
        sides = [*sides, "1"]
    if len(sides) != len(value):
        raise UnclearError(f"{text!r} is not a volume; {VOLUMES[value.rank]}")
    written = Volume(*(number(side, scope) for side in sides))
    order = named or layout
    if order == FIRST and not (flat and not named and written.places == 1):
        return Volume(*written[1:], written[0]), order
    return written, order


def one_number(text: str, figure: Figure | None, scope: Scope) -> Any:
    """Parse a printed number or arithmetic; `working = result` must agree."""
    working, result = both_sides(text)
    if working:
        said = one_number(result, figure, scope)
        try:
            other = arithmetic(without_words(working), scope)
        except UnclearError:  # the name of what is computed
            return said
        same = (
            said.agrees(other) if isinstance(said, PrintedNumber) and not isinstance(other, Poly) else other == getattr(said, "value", said)
        )
        if not same and not isinstance(other, Poly):
            raise UnclearError(f"{working} is {other}, not {result}")
        return said
    memory = figure is not None and figure.in_bytes
    result = BYTES.sub("", result) if memory else result
    printed = printed_number(result, memory=memory) or printed_number(without_words(result), memory=memory)
    if printed is None or isinstance(scope.values.get(result[-1:]), Poly):  # 9K with the symbol K
        return percentage(result) if result.endswith("%") and figure is None else arithmetic(without_words(result), scope)
    if printed.unit and figure is not None and not figure.in_bytes:
        raise UnclearError(f"{text!r} is an amount of memory, not a number of {figure.words}")
    return printed


def percentage(text: str) -> PrintedNumber:
    """Return a share, as in 55%."""
    printed = printed_number(text.rstrip("% "))
    if printed is None:
        raise UnclearError(f"could not read {text!r}: write just the number")
    return printed._replace(value=printed.value / 100, slack=printed.slack / 100, step=printed.step / 100, text=text)


def number(text: str, scope: Scope) -> Any:
    """Parse one dimension."""
    printed = printed_number(text)
    return printed.value if printed is not None and printed.exact else arithmetic(text, scope)


def arithmetic(text: str, scope: Scope) -> Any:
    """Evaluate an answer that is an expression, also in common notations: 27·C², 5x5x3.

    Unknown single letters are symbols.
    """
    try:
        expression = parse(as_written(text, scope.values))
        letters = {name: symbol(name, scope.symbols) for name in expression.names if looks_like_symbol(name)}
        scope.operate(OF_SIGN * expression.size)
        value = expression.evaluate(Scope({**letters, **scope.values}, scope))
    except (ExpressionError, OperationError) as error:
        symbols = sorted(name for name, value in scope.values.items() if isinstance(value, Poly))
        if symbols and error.message.startswith("unknown name"):
            raise UnclearError(f"{text!r}: {error.message}; the symbols are {', '.join(symbols)}") from None
        if re.match(r"~?[\d., ]+[A-Za-z]{2}", text):
            raise UnclearError(f"could not read {text!r}: write just the number") from None
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
    firsts = [max(ceil(scope.domain(name).least), 1) for name in names]
    for sample in SAMPLES:  # faster than a proof if they are not equal
        numbers = {name: sample[i % len(sample)] + i // len(sample) + firsts[i] - 1 for i, name in enumerate(names)}
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


def sampled(value: Any) -> Any:
    """Return a formula, or a tuple of them, at numbers that depend only on the names of its symbols; None if a symbol cannot be that small.

    Formulas that differ there are not equal.
    """
    if isinstance(value, tuple):
        parts = tuple(map(sampled, value))
        return None if None in parts else parts
    if not isinstance(value, Poly):
        return value
    numbers = {name: FAR + sum(map(ord, name)) for name in value.symbols}
    if any(value.scope.domain(name).least > number for name, number in numbers.items()):
        return None
    with suppress(ArithmeticError, Inconclusive):
        return at(value, numbers)
    return None


def substituted(value: Any, numbers: Mapping[str, int]) -> Any:
    """Substitute numbers for symbols."""
    return at(value, numbers) if isinstance(value, Poly) else value
