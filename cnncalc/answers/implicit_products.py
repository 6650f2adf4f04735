"""Rewrites arithmetic as people write it, with products without a sign and printed signs, for the parser of expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.answers.notation import BETWEEN
from cnncalc.spec.functions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Container

LETTERS = 6  # symbols side by side that are a product
SIGNS = str.maketrans({
    "·": "*", "×": "*", "−": "-", "–": "-", "÷": "/", "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", "⌊": " floor(", "⌋": ")", "⌈": " ceil(",
    "⌉": ")",
})  # fmt: skip
POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
TOKEN = re.compile(r"(\s*)(\d+(?:\.\d+)?(?:[eE]\d+(?![A-Za-z]))?|[A-Za-z_]\w*|\S)")
PRODUCT = re.compile(r"([A-Za-z]+)(\d*)")


def as_written(text: str, known: Container[str]) -> str:
    """Add the signs that people leave out or print: 9CK is 9*C*K, CK3² is C*K*3^2, K(F²C+1) is K*(F^2*C+1)."""
    text = text if "x" in known else BETWEEN.sub("*", text)
    text = RAISED.sub(lambda match: "^" + match[0].translate(POWERS), text).translate(SIGNS)
    parts: list[str] = []
    before = ""  # the token before, where a product may go on: a number, a symbol or a closing bracket
    for gap, token in TOKEN.findall(text):
        factors = split_product(token, known)
        is_operand = token[0].isdigit() or token in known or len(factors) > 1
        is_factor = is_operand or token in FUNCTIONS or not gap or before == ")"
        if before and (token == "(" or (is_factor if token[0].isalpha() else token[0].isdigit() and not before[0].isdigit())):
            parts.append("*")
        parts.append(gap + "*".join(factors))
        before = token if is_operand or token == ")" else ""
    return "".join(parts)


def split_product(name: str, known: Container[str]) -> list[str]:
    """Return the symbols, and the number after them, of a name that is a product; else the name itself."""
    found = PRODUCT.fullmatch(name)
    if found is None or name in known or name in FUNCTIONS or len(found[1]) > LETTERS or not all(letter in known for letter in found[1]):
        return [name]
    return [*found[1], *filter(None, [found[2]])]
