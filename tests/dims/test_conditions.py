"""Conditions: whether they hold, how they read, and that equal ones are one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import Condition, Dim, Inconclusive, Traced, at, at_least, divides, equal, symbol, whole

from .expressions import NAMES, SYMBOLS, Tree, linear_trees, points, worked_out

C, H, W, g, k, w = (SYMBOLS[name] for name in ("C", "H", "W", "g", "k", "w"))
small = st.integers(-20, 20)


@given(small, small)
def test_on_numbers(left: int, right: int) -> None:
    assert at_least(left, right, "").holds is (left >= right)
    assert equal(left, right, "").holds is (left == right)
    assert divides(left, right, "").holds is (left != 0 and right % left == 0)
    assert at_least(Traced.named("H", left), right, "").holds is (left >= right)
    assert at_least(left, right, "").at({}) is (left >= right)


@given(linear_trees, linear_trees, points, st.integers(1, 12))
def test_on_formulas_as_on_numbers(left: Tree, right: Tree, point: dict[str, int], divisor: int) -> None:
    a, b = worked_out(left, SYMBOLS), worked_out(right, SYMBOLS)
    x, y = worked_out(left, point), worked_out(right, point)
    for condition, expected in (
        (at_least(a, b, ""), x >= y),
        (at_least(a, divisor, ""), x >= divisor),
        (equal(a, b, ""), x == y),
        (divides(divisor, a, ""), x % divisor == 0),
        (divides(k, a, ""), x % point["k"] == 0),
    ):
        assert condition.at(point) is expected
        assert condition.holds in (expected, None)
        assert set(condition.symbols) <= set(NAMES)


@pytest.mark.parametrize(
    ("condition", "text", "holds"),
    [
        (at_least(H, 7, ""), "H >= 7", None),
        (at_least((H - 7) // 2 + 1, 1, ""), "H >= 7", None),
        (at_least(((H - 7) // 2 + 1 - 3) // 2 + 1, 1, ""), "H >= 11", None),
        (at_least(3 * H, 7, ""), "H >= 3", None),
        (at_least(H, 2 * w, ""), "H >= 2*w", None),
        (at_least(H + 3, 2 * w + 5, ""), "H >= 2*w + 2", None),
        (at_least(5, H, ""), "5 >= H", None),
        (at_least((H + 1) // w, 4, ""), "H + 1 >= 4*w", None),
        (at_least(64 // g, 1, ""), "64 >= g", None),
        (at_least((H + 3) // 4, 1, ""), "H >= 1", True),
        (at_least(H - H // 2, 0, ""), "H >= H//2", True),
        (at_least(3, 5, ""), "3 >= 5", False),
        (at_least(-H, 0, ""), "0 >= H", False),
        (at_least(H, -2, ""), "H >= -2", True),
        (at_least(k / 2, 3, ""), "k >= 6", None),
        (at_least((H // 2) ** 2, 9, ""), "(H//2)^2 >= 9", None),
        (at_least((H // 2) * (W // 2), 6, ""), "(H//2)*(W//2) >= 6", None),  # neither floor alone
        (at_least(H // 2, 0, ""), "H >= 0", True),
        (divides(2, k, ""), "k divisible by 2", None),
        (divides(4, 4 * k + 2 * H, ""), "H divisible by 2", None),
        (divides(6, 6 * k + 4 * H + 2, ""), "2*H + 1 divisible by 3", None),
        (divides(4, 6 * k, ""), "k divisible by 2", None),
        (divides(4, 6 * k + 8, ""), "k divisible by 2", None),
        (divides(6, 4 * k + 2, ""), "2*k + 1 divisible by 3", None),
        (divides(2, 4 * k, ""), "4*k divisible by 2", True),
        (divides(2, 4 * k + 1, ""), "4*k + 1 divisible by 2", False),
        (divides(2, k * (k + 1), ""), "k^2 + k divisible by 2", True),
        (divides(g, C * g, ""), "C*g divisible by g", True),
        (divides(g, C, ""), "C divisible by g", None),
        (divides(C - 3, H, ""), "H divisible by C - 3", None),
        (divides(g, 64, ""), "64 divisible by g", None),
        (divides(0, k, ""), "k divisible by 0", False),
        (divides(2, k / 2, ""), "k divisible by 4", None),
        (divides(2, (H + Fraction(3, 2)) - H, ""), "3 divisible by 4", False),
        (divides(2, 2 * H + W, ""), "W divisible by 2", None),
        (divides(2, 3 * H + 1, ""), "H + 1 divisible by 2", None),
        (divides(4, 6 * H + 2 * W, ""), "H + W divisible by 2", None),
        (divides(-2, k, ""), "k divisible by -2", None),
        (divides(H - 2, W * (H - 2), ""), "H*W - 2*W divisible by H - 2", None),  # 0 divides nothing
        (divides(H + 2, W * (H + 2), ""), "H*W + 2*W divisible by H + 2", True),
        (divides(H - H // 2 - (H + 1) // 2, W, ""), "W divisible by H - (H + 1)//2 - H//2", False),
        (divides(3, 12, ""), "12 divisible by 3", True),
        (equal(2 * (H // 2), H, ""), "2*(H//2) == H", None),
        (equal(64 * w, 256 * w, ""), "64*w == 256*w", False),
        (equal(H - H // 2, (H + 1) // 2, ""), "H - H//2 == (H + 1)//2", True),
        (equal(H, H, ""), "H == H", True),
        (equal(H, 3, ""), "H == 3", None),
        (equal(3, H, ""), "3 == H", None),
        (equal(3, 4, ""), "3 == 4", False),
    ],
)
def test_how_they_read_and_whether_they_hold(condition: Condition, text: str, holds: bool | None) -> None:
    assert str(condition) == text
    assert condition.holds is holds


def test_equal_ones_are_one() -> None:
    found = {
        at_least(H, 7, "the first window"),
        at_least((H - 7) // 2 + 1, 1, "another window"),
        at_least(H, 8, ""),
        divides(2, k, ""),
        divides(4, 2 * k, ""),
        divides(k, 2, ""),
        equal(H, W, ""),
        equal(W, H, ""),
    }
    assert len(found) == 5
    assert at_least(H, 7, "") != equal(H, 7, "")
    for one, other in (
        (at_least(H, 7, ""), at_least(W, 7, "")),
        (at_least(H, 7, ""), at_least(H, 8, "")),
        (at_least(H, W, ""), at_least(W, H, "")),
        (divides(H, W, ""), divides(W, H, "")),
        (equal(H, W, ""), equal(k, H, "")),
        (equal(H, W, ""), equal(W, k, "")),
    ):
        assert not one == other  # noqa: SIM201  # equality is asked for
        assert not other == one  # noqa: SIM201
    assert at_least(H, 7, "") != "H >= 7"


def test_the_symbols_of_both_sides() -> None:
    assert at_least(H, 2 * w, "").symbols == ("H", "w")
    assert equal(7, k, "").symbols == ("k",)
    assert at_least(3, 5, "").symbols == ()


def test_numbers_for_some_of_the_symbols() -> None:
    condition = at_least(H, 2 * w, "too narrow")
    assert condition.at({"H": 7, "w": 3}) is True
    assert condition.at({"H": 5, "w": 3}) is False
    assert condition.at({"H": 2 * symbol("w") + 1}) is True
    with pytest.raises(Inconclusive, match=r"7 >= 2\*w cannot be decided for all w"):
        condition.at({"H": 7})


def test_where_it_has_no_value_it_does_not_hold() -> None:
    assert at_least((H // k) * (W // k), 3, "").at({"H": 9, "W": 9, "k": 0}) is False


def test_what_it_is_made_of() -> None:
    condition = at_least(Traced.named("H", 5), 7, "the kernel is wider than the padded input")
    assert (condition.relation, condition.left, condition.right) == ("at_least", 5, 7)
    assert repr(condition) == "Condition('5 >= 7', 'the kernel is wider than the padded input')"


@given(linear_trees, st.integers(-10, 10))
def test_solving_for_the_floor_changes_nothing(tree: Tree, minimum: int) -> None:
    value: Dim = worked_out(tree, SYMBOLS)
    condition = at_least(value, minimum, "")
    for number in range(1, 20):
        point = dict.fromkeys(NAMES, number)
        assert condition.at(point) is (worked_out(tree, point) >= minimum)
        assert at(condition.left, point) is not None


@given(linear_trees, st.integers(1, 12), points)
def test_fractions_that_are_whole(tree: Tree, parts: int, point: dict[str, int]) -> None:
    value = worked_out(tree, SYMBOLS) * Fraction(1, parts)
    number = worked_out(tree, point)
    conditions = list(whole(value, "half a filter")) if not isinstance(value, (int, Fraction)) else []
    assert all(condition.at(point) for condition in conditions) is (number % parts == 0) or isinstance(value, (int, Fraction))
    assert list(whole(worked_out(tree, SYMBOLS), "")) == []


def test_a_half_is_whole_where_its_number_is_even() -> None:
    assert [str(condition) for condition in whole(H / 2, "")] == ["H divisible by 2"]


def test_what_is_assumed_is_an_equal_condition() -> None:
    assumed = Condition("at_least", H, 7, "another network", assumed=True)
    assert assumed == at_least(H, 7, "")
    assert assumed.assumed
    assert not at_least(H, 7, "").assumed
