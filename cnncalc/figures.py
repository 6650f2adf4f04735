"""Figures as people print them, 35K, 1.43G, 93MiB, ~50: a text goes in, out comes the number and how far off it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

SHARE = 20  # a rounded figure is within a twentieth, 5 %, whatever its digits

_THOUSANDS = {"K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}
_BYTES = {f"{letter}{unit}": size for letter, power in (("", 0), ("K", 1), ("M", 2), ("G", 3), ("T", 4)) for unit, size in (
    ("B", 1000**power), ("iB", 1024**power)) if letter or unit == "B"}  # fmt: skip


class Figure(NamedTuple):
    """A printed number; `slack` is how far the exact one may be from it, 0 for a number given in full."""

    text: str
    value: Fraction
    slack: Fraction
    unit: str  # "" for a count, else the unit of bytes as it was written

    @property
    def exact(self) -> bool:
        """Has to match to the last digit."""
        return not self.slack

    def agrees(self, exact: int | Fraction, tolerance: Fraction | None = None) -> bool:
        """Whether the exact number may be printed so; `tolerance` is a share of it that overrides the figure's own."""
        slack = self.slack if tolerance is None else abs(self.value) * tolerance
        return abs(exact - self.value) <= slack

    def rounds(self, exact: int | Fraction) -> bool:
        """Whether the exact number, rounded to the digits that are printed, is the printed one: 8.9 for 8.913."""
        digits = self.text.partition(".")[2]
        off: Fraction = abs(exact - self.value)
        return off * 2 * int(10 ** len(digits)) <= 1


def figure(text: str) -> Figure | None:
    """Read a printed figure; None where the text is none."""
    from fractions import Fraction

    written = text.strip().replace(",", "").replace("_", "").replace("\N{NARROW NO-BREAK SPACE}", "").replace(" ", "")
    about = written.startswith(("~", "≈"))
    digits = written.lstrip("~≈")
    number = digits.rstrip("KMGTBikm")
    unit = digits[len(number) :]
    factor = _factor(unit)
    if factor is None or not _is_number(number):
        return None
    value = Fraction(number) * factor
    if about:
        slack = abs(value) / SHARE
    elif unit or "." in number:
        slack = min(_last_digit(number) * factor / 2, abs(value) / SHARE)
    else:
        slack = Fraction(0)
    return Figure(text, value, slack, unit if unit.endswith("B") and unit != "B" else "")


def _factor(unit: str) -> int | None:
    if not unit:
        return 1
    return _THOUSANDS.get(unit.upper()) or _BYTES.get(unit) or _BYTES.get(unit.upper())


def _is_number(text: str) -> bool:
    before, _, after = text.removeprefix("-").partition(".")
    return len(text) <= 40 and (before + after).isdecimal() and (before + after).isascii()


def _last_digit(number: str) -> Fraction:
    """One unit of the last digit that is not zero: 100 for 800, 1/100 for 1.43."""
    from fractions import Fraction

    before, _, after = number.removeprefix("-").partition(".")
    if after.rstrip("0"):
        return Fraction(1, 10 ** len(after.rstrip("0")))
    stripped = before.rstrip("0")
    return Fraction(10 ** (len(before) - len(stripped))) if stripped else Fraction(1)
