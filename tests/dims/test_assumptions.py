"""Lower bounds of symbols: decisions hold from the bound on, and bounds are minimal."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.dims import Dim, Inconclusive, Poly, at, one_part, same, smaller, symbol
from cnncalc.dims.assumptions import decided_from
from cnncalc.dims.bounds import at_least_zero, lower, positive, zero
from cnncalc.dims.domains import ANYWHERE

from .expressions import NAMES, SYMBOLS, Tree, linear_trees, trees, worked_out

if TYPE_CHECKING:
    from collections.abc import Callable

H, W, k, w = (SYMBOLS[name] for name in ("H", "W", "k", "w"))
VERDICTS: list[tuple[Callable[[Any], bool | None], Callable[[int], bool]]] = [
    (at_least_zero, lambda number: number >= 0),
    (positive, lambda number: number > 0),
    (zero, lambda number: number == 0),
]


@given(trees, st.fixed_dictionaries({name: st.integers(1, 30) for name in NAMES}))
def test_verdicts_hold_from_the_bounds_on(tree: Tree, bounds: dict[str, int]) -> None:
    try:
        value = worked_out(tree, {name: symbol(name, ANYWHERE.narrowed(bounds)) for name in NAMES})
    except ZeroDivisionError:
        return
    least = lower(value)
    for steps in ((0, 0, 0), (1, 0, 5), (0, 7, 1), (60, 61, 62)):
        point = {name: bounds[name] + step for name, step in zip(NAMES, steps, strict=True)}
        number = worked_out(tree, point)
        assert at(value, point) == number
        assert least is None or least <= number
        for verdict, holds in VERDICTS:
            assert verdict(value) in (holds(number), None)


@given(linear_trees, st.integers(-9, 9))
def test_a_bound_that_is_found_decides(tree: Tree, number: int) -> None:
    value = worked_out(tree, {"H": H, "W": H, "k": H}) - number
    for verdict, holds in VERDICTS:
        if verdict(value) is not None:
            continue
        found = decided_from(Inconclusive("", value, verdict))
        if found:
            (least,) = found.values()
            answers = {holds(at(value, {"H": point})) for point in range(least, least + 90)}  # type: ignore[arg-type]  # of one symbol
            assert len(answers) == 1
            assert holds(at(value, {"H": least - 1})) not in answers or least > 2  # type: ignore[arg-type, dict-item]  # the same


@pytest.mark.parametrize(
    ("ask", "bounds"),
    [
        (lambda: bool((H + 1) // 2 - 1 - (H + 1) // 4), {"H": 5}),
        (lambda: bool(H - (H + 1) // 2), {"H": 2}),
        (lambda: bool(16 * k - 16), {"k": 2}),
        (lambda: k > 1, {"k": 2}),
        (lambda: H > 100, {"H": 101}),
        (lambda: bool(H - 50), {"H": 51}),
        (lambda: w * (H - 3) > 0, {"H": 4}),
        (lambda: H + W > 5, {"H": 5}),
        (lambda: (H - 3) * (W - 3) > 0, {"H": 4, "W": 4}),
        (lambda: smaller(H // 2, 7), {"H": 14}),
        (lambda: H > 1000, {}),
        (lambda: bool(H % 2), {}),
        (lambda: H >= 2 * W, {}),
        (lambda: one_part(k), {}),
    ],
)
def test_from_where_on_there_is_one_answer(ask: Callable[[], object], bounds: dict[str, int]) -> None:
    with pytest.raises(Inconclusive) as caught:
        ask()
    assert decided_from(caught.value) == bounds


def test_nothing_is_found_where_no_symbol_is() -> None:
    assert decided_from(Inconclusive("3 == 3", 0, zero)) == {}


def test_a_symbol_with_a_bound() -> None:
    tall = symbol("H", ANYWHERE.narrowed({"H": 7}))
    assert str((tall + 31) // 32) == "(H + 31)//32"
    assert at(tall // 2, {"H": 9}) == 4
    assert at(H // 2, {"H": tall}) == tall // 2
    for value in (tall, copy.deepcopy(tall), pickle.loads(pickle.dumps(tall))):
        assert value == tall
        assert bool(value >= 7) is True
        assert bool((value - 3) // 4 >= 1) is True
        assert same(value - 6, 0) is False
        with pytest.raises(Inconclusive):
            value >= 8  # noqa: B015  # it must raise


def test_a_bound_known_before_is_raised_further() -> None:
    tall = symbol("H", ANYWHERE.narrowed({"H": 7}))
    with pytest.raises(Inconclusive) as caught:
        bool(tall - 20)
    assert decided_from(caught.value) == {"H": 21}


def test_long_relations_are_shortened() -> None:
    value: Dim = sum((symbol(f"s{number}") * number for number in range(1, 60)), start=H)
    assert isinstance(value, Poly)
    with pytest.raises(Inconclusive) as caught:
        value > 3000  # noqa: B015  # it must raise
    assert len(caught.value.relation) < 130
    assert caught.value.relation.endswith("…")
