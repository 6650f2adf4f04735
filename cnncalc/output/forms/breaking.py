"""Breaks long formulas into lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPENING, CLOSING = "([{⌊⌈", ")]}⌋⌉"
SIGNS = "+-−"
FACTORS = "·*"


def broken(text: str, width: int, groups: Sequence[object] = ()) -> list[str]:
    """Break a sum into lines of a given width (0: one line), starting a new line for each group of terms; see `rows`."""
    if not width or len(text) <= width:
        return [text]
    parts = list(split(text))
    return [
        piece for row in rows([len(part) for part in parts], width, groups) for piece in pieces(" ".join(parts[at] for at in row), width)
    ]


def rows(lengths: Sequence[int], width: int, groups: Sequence[object]) -> list[range]:
    """Return the range of parts in each line; `groups` gives the group of each part, or is empty."""
    if len(groups) != len(lengths):
        groups = [None] * len(lengths)
    ranges: list[range] = []
    room = 0
    for at, length in enumerate(lengths):
        opens = at + 1 < len(lengths) and groups[at] == groups[at + 1] != groups[at - 1]  # a group of one term does not start a line
        if at and not opens and length < room:
            ranges[-1] = range(ranges[-1].start, at + 1)
            room -= length + 1
        else:
            ranges.append(range(at, at + 1))
            room = width - length
    return ranges


def split(text: str) -> Iterator[str]:
    """Yield the signed terms of a sum; splits at a spaced sign outside of brackets."""
    depth = start = 0
    for at, character in enumerate(text):
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
        elif character in SIGNS and not depth and text[at - 1 : at + 2] == f" {character} ":
            yield text[start : at - 1]
            start = at
    yield text[start:]


def pieces(line: str, width: int) -> Iterator[str]:
    """Split a term that is too long after a factor, or anywhere if it has none."""
    width = max(width, 1)
    while len(line) > width:
        end = max(line.rfind(sign, 1, width - 1) for sign in FACTORS) + 1 or width
        yield line[:end]
        line = line[end:]
    yield line
