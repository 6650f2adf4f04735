"""The syntax tree of a YAML text."""

from __future__ import annotations

from typing import TypeAlias

from cnncalc.errors import Source, Span


class Scalar:
    """A text; `at` is the index of its first character, `plain` means unquoted."""

    __slots__ = ("at", "plain", "text")

    def __init__(self, text: str, at: int, plain: bool) -> None:
        self.text = text
        self.at = at
        self.plain = plain


class Sequence:
    """A list of nodes."""

    __slots__ = ("at", "items")

    def __init__(self, items: list[YamlNode], at: int) -> None:
        self.items = items
        self.at = at


class Mapping:
    """Keys and their values, in the order of the file."""

    __slots__ = ("at", "keys", "values")

    def __init__(self, keys: list[Scalar], values: list[YamlNode], at: int) -> None:
        self.keys = keys
        self.values = values
        self.at = at


CUT = "inside { } YAML ends a text at a comma: put the text in quotes"  # the hint for a key that is bare
YamlNode: TypeAlias = "Scalar | Sequence | Mapping"


def inside(source: Source, scalar: Scalar, offset: int, width: int = 1) -> Span:
    """Return the span of characters of a scalar; if the file writes its text differently (escapes, lines), that of its start."""
    start = scalar.at if scalar.plain else scalar.at + 1
    if not source.text.startswith(scalar.text, start):
        return Span(source, scalar.at)
    return Span(source, min(start + offset, len(source.text)), width)


def is_bare(source: Source, key: Scalar) -> bool:
    """Return whether a key has no colon: what YAML makes of the rest of a text with commas, `{output: 32, 32, 20}`."""
    return key.plain and source.text[key.at + len(key.text) :][:80].lstrip()[:1] in (",", "}")
