"""Domains of symbols: verdicts and floors hold for the whole domain, in any order of operands; scopes are not mixed."""

from __future__ import annotations

import operator
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import (
    Condition,
    Inconclusive,
    Poly,
    SymbolScope,
    at,
    at_least,
    ceil_div,
    divides,
    equal,
    exact_div,
    larger,
    smaller,
    symbol,
    together,
    whole,
    within,
)
from cnncalc.dims.bounds import at_least_zero, lower, positive, upper, zero
from cnncalc.dims.domains import ANYWHERE, NATURAL, Domain

from .expressions import NAMES, Tree, trees, worked_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERDICTS: list[tuple[Callable[[Any], bool | None], Callable[[Any, int], bool]]] = [
    (at_least_zero, operator.ge),
    (positive, operator.gt),
    (zero, operator.eq),
]
WIDTH = Domain(0, whole=False)  # a positive fraction, as a width multiplier is one
H32 = symbol("H", ANYWHERE.narrowed({"H": 32}))
a, b = (symbol(name, ANYWHERE.narrowed({"a": 30, "b": 10})) for name in "ab")
w, k = (symbol(name, SymbolScope(domains={"w": Domain(1, whole=False)})) for name in "wk")
domains = st.fixed_dictionaries(
    {name: st.sampled_from([NATURAL, Domain(2), Domain(9), Domain(30), WIDTH, Domain(1, whole=False)]) for name in NAMES}
)


def symbols_in(scope: SymbolScope) -> dict[str, Any]:
    return {name: symbol(name, scope) for name in NAMES}


def point_in(found: Mapping[str, Domain], steps: tuple[Fraction, ...]) -> dict[str, Any]:
    """A value of each domain: so far from its beginning."""
    values = (domain.least + (step.__ceil__() if domain.whole else step) for domain, step in zip(found.values(), steps, strict=True))
    return dict(zip(found, values, strict=True))


steps = st.tuples(*[st.fractions(Fraction(1, 12), 9, max_denominator=12)] * len(NAMES))


def test_a_bound_is_a_part_of_what_a_symbol_is() -> None:
    assert symbol("H") != H32
    assert {symbol("H"): 1, H32: 2}[symbol("H", ANYWHERE.narrowed({"H": 32}))] == 2
    assert symbol("H", SymbolScope(domains={"H": Domain(32), "W": NATURAL})) == H32  # every W is from 1 up unless a scope says otherwise
    assert Condition("at_least", H32, 7, "") != at_least(symbol("H"), 7, "")


def test_verdicts_do_not_depend_on_the_order_of_operands() -> None:
    assert at_least_zero(a + b - 40) is at_least_zero(b + a - 40) is True
    assert at_least_zero(a + b - 41) is at_least_zero(b + a - 41) is None


@given(st.lists(trees, min_size=2, max_size=3), domains, st.integers(-40, 5))
def test_sums_and_products_do_not_depend_on_the_order_of_operands(some: list[Tree], found: dict[str, Domain], number: int) -> None:
    values = symbols_in(SymbolScope(domains=found))
    try:
        parts = [*(worked_out(tree, values) for tree in some), number]
    except (ArithmeticError, Inconclusive):
        return
    for operation in (operator.add, operator.mul):
        answers = set()
        for order in permutations(parts):
            result = order[0]
            for part in order[1:]:
                result = operation(result, part)
            answers.add((str(result), lower(result), upper(result), *(verdict(result) for verdict, _ in VERDICTS)))
        assert len(answers) == 1


def chosen(choose: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    try:
        return choose(one, other)
    except Inconclusive:
        return None


@given(trees, trees, domains)
def test_what_is_the_larger_does_not_depend_on_the_order(left: Tree, right: Tree, found: dict[str, Domain]) -> None:
    values = symbols_in(SymbolScope(domains=found))
    try:
        one, other = worked_out(left, values), worked_out(right, values)
    except ArithmeticError:
        return
    for choose in (larger, smaller):
        first, second = (chosen(choose, *pair) for pair in ((one, other), (other, one)))
        assert (first is None) is (second is None)
        assert first is None or zero(first - second) is not False


@given(trees, domains, steps)
def test_formulas_and_verdicts_hold_wherever_symbols_are_in_their_domains(tree: Tree, found: dict[str, Domain], more: Any) -> None:
    try:
        value = worked_out(tree, symbols_in(SymbolScope(domains=found)))
    except ArithmeticError:
        return
    point = point_in(found, more)
    number = worked_out(tree, point)
    assert not value - number if isinstance(value, int) else value.at(point) == number
    least, most = lower(value), upper(value)
    assert least is None or least <= number
    assert most is None or number <= most
    for verdict, holds in VERDICTS:
        assert verdict(value) in (holds(number, 0), None)


@given(trees, trees, domains, steps)
def test_divisions_and_conditions_hold_wherever_symbols_are_in_their_domains(
    left: Tree, right: Tree, found: dict[str, Domain], more: Any
) -> None:
    values, point = symbols_in(SymbolScope(domains=found)), point_in(found, more)
    try:
        one, other = worked_out(left, values), worked_out(right, values)
        x, y = worked_out(left, point), worked_out(right, point)
        up: Any = ceil_div(one, other) if y else 0
    except ArithmeticError:
        return
    assert not y or at(up, point) == -(-x // y)
    for condition, expected in (
        (at_least(one, other, ""), x >= y),
        (at_least(one, 3, ""), x >= 3),
        (equal(one, other, ""), x == y),
        (divides(other, one, ""), y != 0 and x % y == 0),
        (divides(4, one, ""), x % 4 == 0),
        *((condition, x % 1 == 0) for condition in whole(one, "")),
    ):
        assert condition.holds in (expected, None)
        assert condition.at(point) is expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((2 * w + 3) // 2, "(2*w + 1)//2 + 1"),  # at w = 3/2 it is 3
        ((2 * k + 3) // 2, "k + 1"),
        ((4 * w + 3) // 8, "(4*w + 3)//8"),
        ((4 * w + 4) // 8, "(w + 1)//2"),
        ((2 * w + 4 * k) // 4, "k + w//2"),
        ((w * k) // w, "k"),
        ((w * k + w) // k, "(k*w + w)//k"),
        ((k // 2 + w) // 3, "(k//2 + w)//3"),
        ((k // 2 + k) // 3, "k//2"),
        ((w // 2 + k) // 3, "(2*k + w)//6"),
        ((4 * k + 3) // (8 * w), "(4*k + 3)//(8*w)"),
        (ceil_div(w, 2), "-((-w)//2)"),
        (ceil_div(k, 2), "(k + 1)//2"),
        (exact_div(w * k, w), "k"),
    ],
)
def test_what_is_known_of_whole_numbers_is_not_used_of_fractions(value: Any, text: str) -> None:
    assert str(value) == text


def test_conditions_on_fractions() -> None:
    assert [str(condition) for condition in whole(w, "")] == ["w divisible by 1"]
    assert [str(condition) for condition in whole(8 * w + k, "")] == ["8*w + k divisible by 1"]
    assert not [*whole(8 * k, "")]
    assert str(at_least(2 * w, 3, "")) == "w >= 3/2"
    assert str(at_least(2 * k, 3, "")) == "k >= 2"
    assert divides(2, 2 * w, "").holds is None
    assert divides(2, 2 * k, "").holds is True


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.truediv])
def test_scopes_are_not_mixed(operation: Callable[[Any, Any], Any]) -> None:
    for one, other in ((H32, symbol("W")), (symbol("W"), H32), (H32 + 1, symbol("H") // 2)):
        with pytest.raises(ValueError, match="different domains"):
            operation(one, other)
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, larger, exact_div):
        with pytest.raises(ValueError, match="different domains"):
            compare(H32, symbol("W"))
    with pytest.raises(ValueError, match="different domains"):
        at(symbol("H") + symbol("W"), {"H": H32})
    with pytest.raises(ValueError, match="different domains"):
        at(symbol("H") * symbol("W") + symbol("W"), {"W": H32})


def test_formulas_go_into_narrower_scopes_only() -> None:
    value = symbol("H") * symbol("W") - 3
    inside = within(value, H32.scope)
    assert isinstance(inside, Poly)
    assert inside.scope is H32.scope
    assert at_least_zero(inside) is True
    assert inside * H32 == H32 * H32 * symbol("W", H32.scope) - 3 * H32
    assert within([7, (value, "x")], H32.scope) == [7, (inside, "x")]
    assert H32.within(ANYWHERE.narrowed({"H": 40})) != H32
    with pytest.raises(ValueError, match="the formula holds for H from 32 up only"):
        H32.within(ANYWHERE)
    with pytest.raises(ValueError, match="the formula holds for k from 1 up only"):
        k.within(SymbolScope(domains={"k": WIDTH}))


def test_formulas_of_several_networks_in_one_scope() -> None:
    one, other, number = together(H32, symbol("H") - symbol("W"), 7)
    assert str(one - other + number) == "W + 7"
    assert at_least_zero(other + one - 64 + symbol("W", other.scope)) is True
    assert together(a, b) == (a, b)
    assert together(3, 4) == (3, 4)


def test_a_bound_only_rises() -> None:
    assert ANYWHERE.narrowed({"H": 9}).narrowed({"H": 3, "W": 2}).domains == {"H": Domain(9), "W": Domain(2)}
    assert ANYWHERE.narrowed({"H": 1}).domains == {}
    assert at_least(H32, 7, "").bound == ("H", 7)
    for condition in (at_least(H32, H32 * H32, ""), at_least(2 * H32 * H32, 9, ""), at_least(5, H32, ""), equal(H32, 9, "")):
        assert condition.bound is None
