"""Formats numbers, memory, volumes and formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.dims.notation import Style

UNITS = ("si", "binary", "exact")
SI = ("", "k", "M", "G", "T", "P", "E", "Z", "Y")
BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")


class Math(str):
    """A text in LaTeX math mode that must not be escaped again."""

    __slots__ = ()


class NumberFormat:
    """Units and style of formatted numbers."""

    __slots__ = ("style", "units")

    def __init__(self, units: str = "", style: Style = "text") -> None:
        self.units = units  # "": exact counts, memory in MB
        self.style = style


def size(value: Any, fmt: NumberFormat) -> str:
    """Format a number without separators, or a formula."""
    return str(value) if isinstance(value, int) else _formula(value, fmt)


def count(value: Any, fmt: NumberFormat) -> str:
    """Format a count: 138,357,544, or 138 M with units."""
    if not isinstance(value, int):
        return _formula(value, fmt)
    if fmt.units == "si" and value >= 1000:
        return scaled(value, 1000, SI)
    return f"{value:,}"


def memory(value: Any, fmt: NumberFormat) -> str:
    """Format a number of bytes with its unit."""
    if not isinstance(value, int):
        formula = _formula(value, fmt)
        return type(formula)(f"{formula} B")
    if fmt.units == "exact":
        return f"{value:,} B"
    return f"{scaled(value, 1024, BINARY)}B" if fmt.units == "binary" else f"{scaled(value, 1000, SI)}B"


def scaled(value: int, base: int, prefixes: tuple[str, ...]) -> str:
    """Format with three digits (four below 1024) and a unit prefix."""
    if value < base:
        return f"{value} {prefixes[0]}"
    unit = base
    for prefix in prefixes[1:]:  # pragma: no branch  # the last prefix always breaks
        digits = 2 if value < 10 * unit else 1 if value < 100 * unit else 0
        rounded = (value * 10**digits * 2 + unit) // (2 * unit)
        if rounded < base * 10**digits or prefix == prefixes[-1]:
            break
        unit *= base
    if digits and rounded >= 1000:  # 9.996 is 10.0, not 10.00
        digits, rounded = digits - 1, (rounded + 5) // 10
    whole, part = divmod(rounded, 10**digits)
    return f"{whole}.{part:0{digits}} {prefix}" if digits else f"{whole:,} {prefix}"


def volume(value: Any, fmt: NumberFormat) -> str:
    """Format height, width and channels, in the order of their layout."""
    value = getattr(value, "printed", value)
    if fmt.style == "latex":
        return Math("$" + r" \times ".join([_side(side, fmt) for side in value]) + "$")
    return ("×" if fmt.style == "text" else "x").join([str(side) if isinstance(side, int) else _side(side, fmt) for side in value])


def pair(value: Any, fmt: NumberFormat) -> str:
    """Format one number if all sides agree; "open" if they depend on symbols."""
    if None in value:
        return "open"
    return size(value[0], fmt) if all(side == value[0] for side in value) else volume(value, fmt)


def percent(part: int, whole: int, digits: int = 0) -> str:
    """Format a share, such as 89%. Only zero is shown as 0%, only the whole as 100%."""
    unit = 10**digits
    hundredths = (part * 100 * unit * 2 + whole) // (2 * whole)
    if part and not hundredths:
        return f"< {1 / unit:.{digits}f}%"
    if part != whole and hundredths == 100 * unit:
        return f"> {100 - 1 / unit:.{digits}f}%"
    return f"{hundredths / unit:.{digits}f}%"


def _formula(value: Any, fmt: NumberFormat) -> str:
    """Format a formula or a fraction (the jump after a transposed convolution)."""
    text, _ = _shown(value, fmt)
    return Math(f"${text}$") if fmt.style == "latex" else text


def _side(value: Any, fmt: NumberFormat) -> str:
    """Format one dimension, in brackets if it is a sum."""
    text, is_sum = _shown(value, fmt)
    if not is_sum:
        return text
    return rf"\left({text}\right)" if fmt.style == "latex" else f"({text})"


def _shown(value: Any, fmt: NumberFormat) -> tuple[str, bool]:
    """Return the text, and whether it is a sum (which needs brackets in a product)."""
    from cnncalc.dims import Poly
    from cnncalc.dims.compact import compact
    from cnncalc.dims.notation import SUM, FormulaRenderer, tree

    if not isinstance(value, Poly):
        return str(value), False
    piece = FormulaRenderer(fmt.style, worked=False, close=False).piece(tree(compact(value)))
    return piece.text, piece.level == SUM
