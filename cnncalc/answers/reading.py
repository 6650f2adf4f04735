"""Parses an answer as a value of the same type as the correct one, and compares them."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.answers.notation import BETWEEN, FIRST, LAST, both_sides, split_sides, unbracketed, volume_sides, without_words
from cnncalc.answers.quantities import ASKED
from cnncalc.dims import Inconclusive, Poly, SymbolScope, at, same, symbol, together
from cnncalc.layers import Volume
from cnncalc.limits import OF_SIGN
from cnncalc.printed_number import PrintedNumber, printed_number
from cnncalc.propagate.figures import TRUTH
from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.functions import FUNCTIONS
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
TRUTHS = {"true": True, "yes": True, "t": True, "y": True, "false": False, "no": False, "f": False, "n": False}
LETTERS = 6  # symbols side by side that are a product
SIGNS = str.maketrans({
    "·": "*", "×": "*", "−": "-", "–": "-", "÷": "/", "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", "⌊": "floor(", "⌋": ")", "⌈": "ceil(",
    "⌉": ")",
})  # fmt: skip
POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
FACTORS = re.compile(
    r"(?<=[0-9])(?=[A-Za-z(])(?![eE][0-9])(?<![A-Za-z][0-9])|(?<=\))\s*(?=[A-Za-z0-9(])"
)  # 27C^2 is 27*C^2; k1(...) is none
NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]+(?![A-Za-z0-9_])( *\()?")
DIVISION = re.compile(r"(?<!/)/(?!/)")


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
    """Return a number as people print it, or arithmetic; of a working and its result both are looked at."""
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
    printed = printed_number(result, memory=memory) or printed_number(without_words(result), memory=memory)
    if printed is None:
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
        if re.match(r"~?[\d., ]+[A-Za-z]{2}", text):
            raise UnclearError(f"could not read {text!r}: write just the number") from None
        raise UnclearError(f"{text!r} could not be parsed: {error.message}") from None
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, Poly)):
        raise UnclearError(f"{text!r} is not a number")
    return value


def as_written(text: str, known: Mapping[str, Any]) -> str:
    """Arithmetic with the signs that people leave out or print: 9CK is 9*C*K, K(F²C+1) is K*(F^2*C+1)."""

    def product(match: re.Match[str]) -> str:
        word, opened = match[0].rstrip(" ("), match[1] or ""
        letters = word not in known and word not in FUNCTIONS and len(word) <= LETTERS and all(letter in known for letter in word)
        if not letters and (word not in known or not opened):
            return match[0]
        return "*".join([*(word if letters else [word]), *(["("] if opened else [])])

    text = text if "x" in known else BETWEEN.sub("*", text)
    text = RAISED.sub(lambda match: "^" + match[0].translate(POWERS), text).translate(SIGNS)
    return NAME.sub(product, FACTORS.sub("*", text))


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
