"""Reads numbers as people print them: 35K, 1.43G, 93MiB, ~50."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

SHARE = 20  # a rounded number is within a twentieth, 5%, whatever its digits
LONGEST = 40  # characters of a number

_COUNTS = {"K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12, "THOUSAND": 10**3, "MILLION": 10**6, "BILLION": 10**9}
_BYTES = {"BYTE": 1, "BYTES": 1} | {f"{letter}{unit}": size for power, letter in enumerate("KMGT", 1) for unit, size in (
    ("B", 1000**power), ("IB", 1024**power))}  # fmt: skip
# A comma, a blank, an apostrophe or an underscore parts thousands and nothing else: 0,5M is not 5M.
_BLANKS = " ,_'\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_FORM = re.compile(
    rf"(?P<about>[~≈]?) *(?P<number>-?(?=\.?[0-9])(?:[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}})+|[0-9]*)(?P<point>\.[0-9]*)?)"
    r"(?:e\+?(?P<power>-?[0-9]{1,2}))? *(?P<unit>[a-z]*)",
    re.IGNORECASE,
)
_BITS = re.compile("[KMGT]b")


class PrintedNumber(NamedTuple):
    """A printed number; `slack` is how far the exact one may be from it, 0 for a number given in full."""

    text: str
    value: Fraction
    slack: Fraction
    unit: str  # "" for a count, else the unit of bytes as it was written
    step: Fraction  # one unit of the last digit that is printed; 0 where no digit is meant, as in ~50

    @property
    def exact(self) -> bool:
        """Has to match to the last digit."""
        return not self.slack

    def agrees(self, exact: int | Fraction, tolerance: Fraction | None = None) -> bool:
        """Whether the exact number may be printed so; `tolerance` is a share of it that overrides its own."""
        slack = self.slack if tolerance is None else abs(exact * tolerance)
        return abs(exact - self.value) <= slack

    def rounds(self, exact: int | Fraction) -> bool:
        """Whether the exact number, rounded to the digits that are printed, is the printed one: 8.9 for 8.913."""
        return abs(exact - self.value) * 2 <= self.step if self.step else self.agrees(exact)


def printed_number(text: str, *, memory: bool = False) -> PrintedNumber | None:
    """The number that a text prints; None where it prints none. B is a billion, of `memory` a byte."""
    from fractions import Fraction

    found = _FORM.fullmatch(text.strip()) if len(text) <= LONGEST else None
    factor = _factor(found["unit"], memory=memory) if found is not None else None
    if found is None or factor is None:
        return None
    number = found["number"].translate(dict.fromkeys(map(ord, _BLANKS)))
    scale = factor * Fraction(f"1e{found['power'] or 0}")
    value = Fraction(number) * scale
    about = abs(value) / SHARE
    slack = Fraction(0)
    if found["about"]:
        slack = about
    elif factor > 1 or found["power"] or found["point"]:
        slack = min(_last_digit(number) * scale / 2, about)
    step = Fraction(0) if found["about"] else scale / 10 ** len((found["point"] or ".")[1:])
    unit = found["unit"]
    return PrintedNumber(text, value, slack, unit if unit.upper() in _BYTES or (memory and unit.upper() == "B") else "", step)


def _factor(unit: str, *, memory: bool) -> int | None:
    """What a unit multiplies by; Mb are bits, and no unit here."""
    if not unit or (memory and unit.upper() == "B"):
        return 1
    return None if _BITS.fullmatch(unit) else _COUNTS.get(unit.upper()) or _BYTES.get(unit.upper())


def _last_digit(number: str) -> Fraction:
    """One unit of the last digit that is not zero: 100 for 800, 1/100 for 1.43."""
    from fractions import Fraction

    before, _, after = number.removeprefix("-").partition(".")
    if after.rstrip("0"):
        return Fraction(1, 10 ** len(after.rstrip("0")))
    stripped = before.rstrip("0")
    return Fraction(10 ** (len(before) - len(stripped))) if stripped else Fraction(1)
