"""Reads numbers as people print them: 35K, 1.43G, 93MiB, ~50."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

SHARE = 20  # a rounded number is at most 5% off, whatever its digits
LONGEST = 40  # characters in a number

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
    """A printed number; `slack` is its maximal error, 0 for a number with all digits."""

    text: str
    value: Fraction
    slack: Fraction
    unit: str  # "" for a count, else the unit of bytes as written
    step: Fraction  # one unit of the last printed digit; 0 for approximate numbers such as ~50

    @property
    def exact(self) -> bool:
        """Whether it must match in all digits."""
        return not self.slack

    def agrees(self, exact: int | Fraction, tolerance: Fraction | None = None) -> bool:
        """Return whether the exact number agrees with it; a relative `tolerance` overrides the slack."""
        slack = self.slack if tolerance is None else abs(exact * tolerance)
        return abs(exact - self.value) <= slack

    def rounds(self, exact: int | Fraction) -> bool:
        """Return whether the exact number rounds to it: 8.913 to 8.9."""
        return abs(exact - self.value) * 2 <= self.step if self.step else self.agrees(exact)


def exact_number(text: str, longest: int = LONGEST) -> Fraction | None:
    """Return a number written as 224, -0.75 or 3/4, exactly; None for anything else."""
    from fractions import Fraction

    if not (0 < len(text) <= longest and all(each in "0123456789./-+" for each in text)):
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def printed_number(text: str, *, memory: bool = False) -> PrintedNumber | None:
    """Parse a printed number; None if it is not one. B is a billion or, for `memory`, a byte."""
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
    """Return the factor of a unit; bits (Mb) are not supported."""
    if not unit or (memory and unit.upper() == "B"):
        return 1
    return None if _BITS.fullmatch(unit) else _COUNTS.get(unit.upper()) or _BYTES.get(unit.upper())


def _last_digit(number: str) -> Fraction:
    """Return one unit of the last nonzero digit: 100 for 800, 1/100 for 1.43."""
    from fractions import Fraction

    before, _, after = number.removeprefix("-").partition(".")
    if after.rstrip("0"):
        return Fraction(1, 10 ** len(after.rstrip("0")))
    stripped = before.rstrip("0")
    return Fraction(10 ** (len(before) - len(stripped))) if stripped else Fraction(1)
