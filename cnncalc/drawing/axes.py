"""Axes of a chart: positions of values, and round numbers for the ticks."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 6  # steps of an axis
LARGE = 20  # largest by smallest value for which an axis is logarithmic
STEPS = (1, 2, 5)
NEAR = 5  # an axis that does not start at 0 covers at least a fifth of its largest value, so that small differences do not look large
CLOSEST = 5  # percentage points from one end of an axis to the other


class Prefixes(NamedTuple):
    """The names of the powers of a base ("", "k", "M" for 1000), and the unit after them."""

    base: int
    names: Sequence[str]
    unit: str = ""


class ChartAxis:
    """An axis from its first tick (`low`) to its last (`high`); `at` is the position of a value, from 0 to 1."""

    __slots__ = ("high", "log", "low", "ticks")

    def __init__(self, ticks: Sequence[float], *, log: bool = False) -> None:
        self.ticks = ticks
        self.low = ticks[0]
        self.high = ticks[-1]
        self.log = log

    def at(self, value: float) -> float:
        """Return the position of a value."""
        if self.log:
            return log10(value / self.low) / log10(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def linear(least: float, most: float, *, base: int = 1000, steps: int = MOST, whole: bool = False) -> ChartAxis:
    """Return an axis in steps of 1, 2 or 5 times a power of ten of a power of the base, from below the least value to above the most."""
    span = (most - least) or abs(most) or 1
    unit = base ** _power(span, base)
    power = floor(log10(span / unit / steps))
    step = next(
        step
        for step in (unit * digit * 10.0**each for each in range(power, power + 3) for digit in STEPS)
        if ceil(most / step) - floor(least / step) <= steps and (not whole or step >= 1)
    )
    first, last = floor(least / step), ceil(most / step)
    return ChartAxis([_whole(step * i) for i in range(first, max(last, first + 1) + 1)])


def logarithmic(least: float, most: float, *, steps: int = 2 * MOST) -> ChartAxis:
    """Return a logarithmic axis with ticks at 1, 2 and 5 times the powers of ten, or at 1 alone if these are too many."""
    for digits in (STEPS, (1,)):
        ticks = [_whole(digit * 10.0**power) for power in range(floor(log10(least)) - 1, ceil(log10(most)) + 2) for digit in digits]
        first = max(i for i, tick in enumerate(ticks) if tick <= least)
        last = min(i for i, tick in enumerate(ticks) if tick >= most)
        found = ticks[first : max(last, first + 1) + 1]
        if len(found) <= steps + 1:
            break
    return ChartAxis(found, log=True)


def fitting(values: Sequence[float], *, kind: str = "auto", base: int = 1000) -> ChartAxis:
    """Choose an axis for values, linear or log; `auto` is log if they differ much."""
    least, most = min(values), max(values)
    if kind == "log" or (kind == "auto" and 0 < least * LARGE <= most):
        return logarithmic(least, most)
    if kind == "linear" or least * 2 <= most:
        return linear(0, most, base=base, whole=True)
    room = max(most / NEAR - (most - least), 0) / 2
    return linear(least - room, most + room, base=base, whole=True)


def percentages(values: Sequence[float]) -> ChartAxis:
    """Return an axis for percentages."""
    least, most = min(values), max(values)
    if most - least < CLOSEST:
        least = min(max((least + most - CLOSEST) / 2, 0), 100 - CLOSEST)
        most = least + CLOSEST
    return linear(least, most, steps=8)


def tick_labels(axis: ChartAxis, prefixes: Prefixes) -> list[str]:
    """Return the labels of the ticks, all with one prefix on a linear axis: 0, 0.5 G, 1 G."""
    shared = None if axis.log else _power(axis.high, prefixes.base)
    return [tick_label(tick, prefixes, shared) for tick in axis.ticks]


def tick_label(value: float, prefixes: Prefixes, power: int | None = None) -> str:
    """Format a tick: 50 M, 1 G, 16 MiB, and 0 without a unit; `power` selects the prefix."""
    if not value:
        return "0"
    power = min(_power(value, prefixes.base) if power is None else power, len(prefixes.names) - 1)
    return f"{value / prefixes.base**power:g} {prefixes.names[power]}{prefixes.unit}".rstrip()


def _power(value: float, base: int) -> int:
    """Return the largest power of a base that is not larger than a value; 0 for small ones."""
    power = 0
    while base ** (power + 1) <= value:
        power += 1
    return power


def _whole(value: float) -> float:
    """Remove rounding errors from a round number."""
    return float(f"{value:.12g}")
