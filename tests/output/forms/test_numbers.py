from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import symbol
from cnncalc.output.forms.numbers import BINARY, SI, Math, NumberFormat, count, memory, pair, percent, scaled, size, volume

TEXT = NumberFormat()


@pytest.mark.parametrize(
    ("value", "si", "binary"),
    [
        (0, "0 ", "0 "),
        (1, "1 ", "1 "),
        (999, "999 ", "999 "),
        (1000, "1.00 k", "1000 "),
        (1023, "1.02 k", "1023 "),
        (1024, "1.02 k", "1.00 Ki"),
        (9994, "9.99 k", "9.76 Ki"),
        (9995, "10.0 k", "9.76 Ki"),
        (99_949, "99.9 k", "97.6 Ki"),
        (99_950, "100 k", "97.6 Ki"),
        (999_499, "999 k", "976 Ki"),
        (999_500, "1.00 M", "976 Ki"),
        (1_048_575, "1.05 M", "1.00 Mi"),
        (1_040_000, "1.04 M", "1,016 Ki"),
        (138_357_544, "138 M", "132 Mi"),
        (10**40, "10,000,000,000,000,000 Y", "8,271,806,125,530,277 Yi"),
    ],
)
def test_three_digits_and_a_prefix(value: int, si: str, binary: str) -> None:
    assert scaled(value, 1000, SI) == si
    assert scaled(value, 1024, BINARY) == binary


@given(st.integers(0, 10**23), st.sampled_from([(1000, SI), (1024, BINARY)]))
def test_a_scaled_figure_is_the_number_to_three_digits(value: int, way: tuple[int, tuple[str, ...]]) -> None:
    base, prefixes = way
    number, _, prefix = scaled(value, base, prefixes).partition(" ")
    unit = base ** prefixes.index(prefix)
    found = Fraction(number.replace(",", "")) * unit
    digits = len(number.partition(".")[2])
    assert abs(found - value) <= Fraction(unit, 2 * 10**digits)
    assert value < base or base == 1024 or len(number.replace(".", "")) == 3


def test_counts_are_exact_unless_units_are_asked_for() -> None:
    assert count(138357544, TEXT) == "138,357,544"
    assert count(138357544, NumberFormat("si")) == "138 M"
    assert count(999, NumberFormat("si")) == "999"
    assert count(138357544, NumberFormat("binary")) == "138,357,544"


def test_memory_always_says_its_unit() -> None:
    assert memory(12845056, TEXT) == "12.8 MB"
    assert memory(12845056, NumberFormat("si")) == "12.8 MB"
    assert memory(12845056, NumberFormat("binary")) == "12.3 MiB"
    assert memory(12845056, NumberFormat("exact")) == "12,845,056 B"
    assert memory(40, TEXT) == "40 B"
    assert memory(1000 * symbol("k"), TEXT) == "1000·k B"


def test_volumes_and_pairs() -> None:
    h = symbol("H")
    assert volume((55, 55, 96), TEXT) == "55×55×96"
    assert volume((55, 55, 96), NumberFormat("", "ascii")) == "55x55x96"
    assert volume((h + 1, h // 2, 3), TEXT) == "(H + 1)×⌊H/2⌋×3"
    assert volume((h - 1, h // 2, 3), NumberFormat("", "ascii")) == "(H - 1)xH//2x3"
    assert volume((h + 1, 2, 3), NumberFormat("", "latex")) == r"$\left(H + 1\right) \times 2 \times 3$"
    assert pair((11, 11), TEXT) == "11"
    assert pair((11, 5), TEXT) == "11×5"
    assert pair((Fraction(1, 2), Fraction(1, 2)), TEXT) == "1/2"
    assert pair((None, None), TEXT) == "open"


def test_formulas_in_latex_are_mathematics() -> None:
    assert isinstance(size(3 * symbol("C") ** 2, NumberFormat("", "latex")), Math)
    assert size(3 * symbol("C") ** 2, NumberFormat("", "latex")) == r"$3 \cdot C^{2}$"
    assert isinstance(memory(symbol("C"), NumberFormat("", "latex")), Math)
    assert not isinstance(size(3, NumberFormat("", "latex")), Math)


@pytest.mark.parametrize(
    ("part", "whole", "digits", "text"),
    [
        (0, 7, 0, "0%"),
        (7, 7, 0, "100%"),
        (1, 2, 0, "50%"),
        (1, 3, 1, "33.3%"),
        (1, 10**9, 0, "< 1%"),
        (10**9 - 1, 10**9, 0, "> 99%"),
        (1, 10**9, 1, "< 0.1%"),
        (10**9 - 1, 10**9, 1, "> 99.9%"),
    ],
)
def test_what_is_not_nothing_never_reads_as_nothing(part: int, whole: int, digits: int, text: str) -> None:
    assert percent(part, whole, digits) == text
