"""Axes of a chart: positions of values, and round numbers for the ticks."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError
from cnncalc.output.forms.numbers import BINARY, SI

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 6  # steps of an axis
LARGE = 20  # times the least is the most, and an axis goes by powers of ten
STEPS = (1, 2, 5)
BINARY_BASE = 1024
NEAR = 5  # an axis that does not begin at 0 is a fifth of its numbers long: a small difference does not look like a large one
CLOSEST = 5  # percent from one end of an axis to the other


class Scale:
    """An axis from `low` to `high`, both of them ticks; `at` says where a value stands, from 0 to 1."""

    __slots__ = ("high", "log", "low", "ticks")

    def __init__(self, ticks: Sequence[float], *, log: bool = False) -> None:
        self.ticks = ticks
        self.low = ticks[0]
        self.high = ticks[-1]
        self.log = log

    def at(self, value: float) -> float:
        """The part of the axis that lies before a value."""
        if self.log:
            return log10(value / self.low) / log10(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def linear(least: float, most: float, *, base: int = 1000, steps: int = MOST, whole: bool = False) -> Scale:
    """Round steps of 1, 2 or 5 of the unit that fits (kilo, mega, or kibi, mebi), from below the least to above the most."""
    span = (most - least) or abs(most) or 1
    unit = _unit(span, base)
    power = floor(log10(span / unit / steps))
    step = next(
        step
        for step in (unit * digit * 10.0**each for each in range(power, power + 3) for digit in STEPS)
        if ceil(most / step) - floor(least / step) <= steps and (not whole or step >= 1)
    )
    first, last = floor(least / step), ceil(most / step)
    return Scale([_whole(step * i) for i in range(first, max(last, first + 1) + 1)])


def logarithmic(least: float, most: float, *, steps: int = 2 * MOST) -> Scale:
    """Ticks at 1, 2 and 5 of every power of ten; at 1 alone where these are too many."""
    for digits in (STEPS, (1,)):
        ticks = [_whole(digit * 10.0**power) for power in range(floor(log10(least)) - 1, ceil(log10(most)) + 2) for digit in digits]
        first = max(i for i, tick in enumerate(ticks) if tick <= least)
        last = min(i for i, tick in enumerate(ticks) if tick >= most)
        found = ticks[first : max(last, first + 1) + 1]
        if len(found) <= steps + 1:
            break
    return Scale(found, log=True)


def fitting(values: Sequence[float], *, kind: str = "auto", base: int = 1000) -> Scale:
    """The axis for some numbers that may start anywhere: powers where they lie far apart, or where that is asked for."""
    least, most = min(values), max(values)
    if kind == "log" and least <= 0:
        raise SpecError(Problem("--scale log has no place for 0", hint="--scale linear"))
    if kind == "log" or (kind == "auto" and 0 < least * LARGE <= most):
        return logarithmic(least, most)
    if kind == "linear" or least * 2 <= most:
        return linear(0, most, base=base, whole=True)
    room = max(most / NEAR - (most - least), 0) / 2
    return linear(least - room, most + room, base=base, whole=True)


def accuracy(values: Sequence[float]) -> Scale:
    """The axis for percentages."""
    least, most = min(values), max(values)
    if most - least < CLOSEST:
        least = min(max((least + most - CLOSEST) / 2, 0), 100 - CLOSEST)
        most = least + CLOSEST
    return linear(least, most, steps=8)


def labels(scale: Scale, base: int = 1000, unit: str = "") -> list[str]:
    """The ticks in words, all in one unit where the steps are even: 0, 0.5 G, 1 G."""
    shared = None if scale.log else _unit(scale.high, base)
    return [label(tick, base, unit, shared) for tick in scale.ticks]


def label(value: float, base: int = 1000, unit: str = "", size: int | None = None) -> str:
    """A tick in words: 50 M, 1 G, 16 MiB, and 0 without a unit."""
    if not value:
        return "0"
    size = size or _unit(value, base)
    prefix = (BINARY if base == BINARY_BASE else SI)[round(log10(size) / log10(base))]
    return f"{value / size:g} {prefix}{unit}".rstrip()


def _unit(value: float, base: int) -> int:
    """The largest unit that is not larger; 1 for what is small."""
    size, power = 1, 0
    while size * base <= value and power < len(SI) - 1:
        size, power = size * base, power + 1
    return size


def _whole(value: float) -> float:
    """Without what binary fractions add to a round number."""
    return float(f"{value:.12g}")
