"""Tokenizes arithmetic expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.limits import LIMITS
from cnncalc.spec.operations import ExpressionError, OperationError, exact

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import TypeAlias

    Token: TypeAlias = tuple[str, int, int]  # the operator or the type of token, and where it starts and ends

_KEYWORDS = frozenset(("if", "else", "or", "and", "not"))
_SIGNS = frozenset((*"+-*/%()[],.<>", "**", "//", "<=", ">=", "==", "!="))
_PASTED = {"×": "*", "·": "*", "−": "-", "^": "**"}
_INSTEAD = {"=": "==", "!": "not", "&": "and", "|": "or", "≤": "<=", "≥": ">=", "≠": "!=", "÷": "/", "²": "^2", "³": "^3"}
_DIGITS = frozenset("0123456789")
NUMBER, NAME, END = "number", "name", ""  # tokens other than operators


def next_token(text: str, at: int) -> Token:
    """Return the next token from an index on."""
    while text[at : at + 1].isspace():
        at += 1
    first = text[at : at + 1]
    if first in _DIGITS or (first == "." and text[at + 1 : at + 2] in _DIGITS):
        return NUMBER, at, _number_end(text, at)
    if first.isidentifier():
        end = at + 1
        while end < len(text) and ("a" + text[end]).isidentifier():
            end += 1
        return text[at:end] if text[at:end] in _KEYWORDS else NAME, at, end
    if not first:
        return END, at, at
    if first in "\"'" and (end := text.find(first, at + 1)) > at + 1:
        return NAME, at, end + 1  # a name such as 'conv2.1'
    written = text[at : at + 2] if text[at : at + 2] in _SIGNS else first
    sign = _PASTED.get(written, written)
    if sign not in _SIGNS:
        hint = f"write {_INSTEAD[sign]!r}" if sign in _INSTEAD else ""
        raise ExpressionError(f"{sign!r} is not an operator", at, 1, hint)
    return sign, at, at + len(written)


def _number_end(text: str, at: int) -> int:
    at = _digits_end(text, at)
    if text.startswith(".", at):
        at = _digits_end(text, at + 1)
    if text.startswith(("e", "E"), at):
        start = at + 2 if text.startswith(("+", "-"), at + 1) else at + 1
        end = _digits_end(text, start)
        at = end if end > start else at
    following = text[at : at + 1]
    if following == "_":
        raise ExpressionError("a number cannot contain '_'", at, hint="remove it")
    if following.isidentifier():
        raise ExpressionError(f"a number cannot be followed by {following!r}", at, hint="write products with '*', as in 2 * x")
    return at


def _digits_end(text: str, at: int) -> int:
    while text[at : at + 1] in _DIGITS:
        at += 1
    return at


def number(text: str, at: int) -> int | Fraction:
    """Return the exact value of a number."""
    digits, _, exponent = text.lower().partition("e")
    before, _, after = digits.partition(".")
    power = int(exponent[:6] or 0) - len(after)
    if len(before) + len(after) > LIMITS.digits or len(exponent) > 6 or abs(power) > LIMITS.digits:
        raise ExpressionError(f"a number of more than {LIMITS.digits:,} digits", at, len(text))
    value: int | Fraction = int(before + after)
    if power:
        from fractions import Fraction

        value *= Fraction(10) ** power
    try:
        return exact(value)  # type: ignore[no-any-return]  # a number stays one
    except OperationError as error:
        raise ExpressionError(error.message, at, len(text)) from None
