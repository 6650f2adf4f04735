"""Writes a value as an answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from cnncalc.dims import Poly
from cnncalc.layers import Volume


def answer(value: Any) -> str:
    """Format a correct value as a student may write it: all digits; ratios to two decimal places."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Volume):
        return "x".join(f"({side})" if " " in str(side) else str(side) for side in value)
    if isinstance(value, tuple):
        return str(value[0]) if len(set(value)) == 1 else "x".join(map(str, value))
    if isinstance(value, Fraction):
        hundredths = round(value * 100)
        return f"{hundredths // 100}.{hundredths % 100:02}"
    return str(value) if isinstance(value, (int, Poly)) else ""
