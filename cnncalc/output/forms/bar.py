"""Bars of letters, in tables and charts."""

from __future__ import annotations

EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(value: float, most: float, length: int, *, ascii: bool = False) -> str:
    """Return a bar as long as the value, to an eighth of a letter where there are such signs; as long as `length` for the largest."""
    if not most:
        return ""
    if ascii:
        return "#" * int(value * length / most + 0.5)
    whole, part = divmod(int(8 * value * length / most + 0.5), 8)
    return (EIGHTHS[8] * whole + EIGHTHS[part]).rstrip()
