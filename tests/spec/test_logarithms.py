"""Rounded logarithms and multiples, decided exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.functions import Logarithm
from cnncalc.spec.scope import Scope


def value(text: str) -> object:
    return parse(text).evaluate(Scope({}))


@given(st.fractions(Fraction(1, 200), 5000, max_denominator=300), st.fractions(Fraction(5, 4), 20, max_denominator=9))
def test_rounding_compares_powers(x: Fraction, base: Fraction) -> None:
    log = Logarithm(x, base)
    assert base ** log.floor() <= x < base ** (log.floor() + 1)
    assert base ** (log.ceil() - 1) < x <= base ** log.ceil()
    assert base ** (2 * log.round() - 1) <= x * x < base ** (2 * log.round() + 1)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("floor(log(1023, 2))", 9), ("floor(log(1024, 2))", 10), ("ceil(log(1025, 2))", 11), ("round( log(8, 4) )", 2),
        ("round(log(1/8, 2))", -3),
        ("round(log(243, 3))", 5), ("ceil(log(1/9, 3))", -2), ("floor(log(1/10, 3))", -3),
        ("multiple(392, 16)", 384), ("multiple(24, 16)", 32), ("multiple(59.76, 8)", 56), ("multiple(148.8, 8)", 152),
        ("multiple(3, 8)", 0),
    ],
)  # fmt: skip
def test_values(text: str, result: int) -> None:
    assert value(text) == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("log(8, 2)", "a logarithm has to be rounded"),
        ("round(log(8, 2) + 1)", "a logarithm has to be rounded"),
        ("round(log(0, 2))", "a logarithm is taken of a number above 0, not 0"),
        ("round(log(8, 1))", "the base of a logarithm is above 1, not 1"),
        ("round(log(8))", "log with 1 argument"),
        ("floor(log(2, 1 + 1/10^30))", "a number of more than 2,048 bits"),
        ("multiple(8, 0)", "the divisor must be at least 1"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        value(text)
    assert error.value.message == message
