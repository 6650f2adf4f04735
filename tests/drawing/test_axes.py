"""Axes: round ticks that cover the numbers, and places in proportion."""

from __future__ import annotations

from itertools import pairwise
from math import isclose, log10

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnncalc.drawing import axes
from cnncalc.drawing.axes import Prefixes
from cnncalc.output.forms.numbers import BINARY, SI

PREFIXES = {1000: Prefixes(1000, SI), 1024: Prefixes(1024, BINARY)}
NUMBERS = st.integers(0, 10**15)
POSITIVE = st.integers(1, 10**15)


def is_round(step: float, base: int) -> bool:
    """1, 2 or 5 times a power of ten of some unit."""
    units = [base**power for power in range(7)]
    return any(isclose(step / unit, digit * 10.0**power, rel_tol=1e-6) for unit in units for power in range(-4, 4) for digit in (1, 2, 5))


@settings(max_examples=60)
@given(NUMBERS, NUMBERS, st.sampled_from([1000, 1024]))
@example(0, 0, 1000)
@example(0, 102_764_544, 1000)
@example(7, 7, 1024)
def test_even_ticks_are_round_and_cover_the_numbers(one: int, other: int, base: int) -> None:
    least, most = sorted((one, other))
    axis = axes.fitting([least, most], kind="auto" if least * axes.LARGE > most else "linear", base=base)
    assert axis.low <= least * (1 + 1e-9)
    assert axis.high >= most * (1 - 1e-9)
    assert len(axis.ticks) >= 2
    assert len(axis.ticks) <= axes.MOST + 1
    steps = [after - before for before, after in pairwise(axis.ticks)]
    assert all(isclose(step, steps[0], rel_tol=1e-6) for step in steps)
    assert is_round(steps[0], base)
    assert axis.low == 0 or axis.ticks[1] > least - most / axes.NEAR  # no step is empty, except those that keep a difference small
    assert axis.ticks[-2] < most + most / axes.NEAR or not most
    assert len(set(axes.tick_labels(axis, PREFIXES[base]))) == len(axis.ticks)


@given(NUMBERS)
def test_things_that_are_counted_have_no_halves(most: int) -> None:
    assert all(tick == int(tick) for tick in axes.fitting([most, most + most // 3]).ticks)


@given(POSITIVE, POSITIVE)
@example(1, 1)
@example(10**15, 1)
@example(20_000_000, 41_000_000_000)
def test_ticks_of_powers_cover_the_numbers(one: int, other: int) -> None:
    least, most = sorted((one, other))
    axis = axes.logarithmic(least, most)
    assert axis.low <= least
    assert axis.high >= most
    assert len(axis.ticks) >= 2
    assert all(f"{tick:e}"[0] in "125" and float(f"{tick:.0e}") == tick for tick in axis.ticks)
    assert len(set(axes.tick_labels(axis, PREFIXES[1000]))) == len(axis.ticks)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_places_are_in_proportion(one: int, other: int, value: int) -> None:
    least, most = sorted((one, other))
    even, powers = axes.linear(least, most), axes.logarithmic(least, most)
    for axis in (even, powers):
        assert axis.at(axis.low) == 0
        assert isclose(axis.at(axis.high), 1)
        assert (value > least) == (axis.at(value) > axis.at(least))
    assert isclose(axis_difference(even, most, least), (most - least) / (even.high - even.low), abs_tol=1e-9)
    assert isclose(axis_difference(powers, most, least), (log10(most) - log10(least)) / log10(powers.high / powers.low), abs_tol=1e-9)


def axis_difference(axis: axes.ChartAxis, most: float, least: float) -> float:
    return axis.at(most) - axis.at(least)


@pytest.mark.parametrize(
    ("values", "kind", "ticks"),
    [
        ([3, 17], "auto", [0, 5, 10, 15, 20]),
        ([9, 17], "auto", [8, 10, 12, 14, 16, 18]),
        ([9, 17], "linear", [0, 5, 10, 15, 20]),
        ([9, 17], "log", [5, 10, 20]),
        ([2, 3], "auto", [2, 3]),
        ([100, 101], "auto", [90, 95, 100, 105, 110, 115]),
        ([10, 200], "auto", [10, 20, 50, 100, 200]),
        ([11, 200], "auto", [0, 50, 100, 150, 200]),
        ([0, 200], "auto", [0, 50, 100, 150, 200]),
        ([1, 10**7], "auto", [10**power for power in range(8)]),
    ],
)
def test_which_axis_fits(values: list[int], kind: str, ticks: list[int]) -> None:
    axis = axes.fitting(values, kind=kind)
    assert list(axis.ticks) == ticks


@pytest.mark.parametrize(
    ("values", "low", "high"), [([57.5, 84.3], 55, 85), ([75.3, 71.6], 70, 76), ([75, 75], 72, 78), ([99, 99.5], 95, 100), ([1, 2], 0, 5)]
)
def test_small_differences_of_accuracy_stay_small(values: list[float], low: float, high: float) -> None:
    axis = axes.percentages(values)
    assert axis.low <= min(values)
    assert axis.high >= max(values)
    assert axis.high - axis.low >= axes.CLOSEST
    assert (axis.low, axis.high) == (low, high)


@pytest.mark.parametrize(
    ("value", "base", "unit", "text"),
    [
        (0, 1000, "B", "0"), (20, 1000, "", "20"), (1000, 1000, "", "1 k"), (50_000_000, 1000, "", "50 M"), (2e9, 1000, "B", "2 GB"),
        (512, 1024, "B", "512 B"), (16 * 1024**2, 1024, "B", "16 MiB"), (200_000, 1000, "", "200 k"),
        (1e21, 1000, "", "1 Z"), (1e28, 1000, "", "10000 Y"),
    ],
)  # fmt: skip
def test_labels(value: float, base: int, unit: str, text: str) -> None:
    assert axes.tick_label(value, PREFIXES[base]._replace(unit=unit)) == text


def test_even_steps_are_told_in_one_unit() -> None:
    assert axes.tick_labels(axes.ChartAxis([0, 400_000, 800_000, 1_200_000]), PREFIXES[1000]._replace(unit="B")) == [
        "0",
        "0.4 MB",
        "0.8 MB",
        "1.2 MB",
    ]
    assert axes.tick_labels(axes.ChartAxis([5e8, 1e9], log=True), PREFIXES[1000]) == ["500 M", "1 G"]
