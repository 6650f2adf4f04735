"""Legal sizes: sets of numbers that repeat, and what conditions leave of a symbol, against trying numbers one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.dims import at
from cnncalc.dims.conditions import at_least, divides, equal
from cnncalc.study.symbols.legal_sizes import EVERY, MOST_CLASSES, PeriodicSet, Sizes, _asked, _period, _solved, sizes
from tests.dims.expressions import SYMBOLS, Tree, linear_trees, worked_out

MANY = 400
runs = st.dictionaries(st.integers(1, 12), st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)))


def of(network: dict[str, Any], **options: Any) -> dict[str, Sizes]:
    return {each.symbol: each for each in sizes(cnncalc.analyze(network, **options))}


@given(st.sampled_from([1, 2, 3, 4, 6, 12]), runs)
def test_a_set_of_numbers(period: int, found: dict[int, tuple[int, int | None]]) -> None:
    pairs: list[tuple[int, int | None]] = []
    for rest, (first, more) in found.items():
        if rest <= period:
            pairs.append((rest + period * first, None if more is None else rest + period * (first + more)))
    expected = {number for first, last in pairs for number in range(first, MANY, period) if last is None or number <= last}
    numbers = PeriodicSet(period, pairs)
    assert {number for number in range(1, MANY) if number in numbers} == expected
    assert numbers.first(10) == sorted(expected)[:10]
    assert numbers.least == min(expected, default=None)
    assert numbers.endless is any(last is None for _, last in pairs)
    assert period % numbers.period == 0
    assert numbers.all_from_least is (bool(expected) and expected == set(range(min(expected), MANY)))


def test_the_smallest_period_is_taken() -> None:
    assert PeriodicSet(4, [(1, None), (3, None), (2, None), (4, None)]) == EVERY
    assert PeriodicSet(4, [(5, None), (3, None), (6, None), (4, None)]) == PeriodicSet(1, [(3, None)])
    assert PeriodicSet(4, [(2, None), (4, None)]) == PeriodicSet(2, [(2, None)])
    assert PeriodicSet(4, [(2, None), (8, None)]).period == 4
    assert PeriodicSet(4, [(2, 10), (4, None)]).period == 4
    assert len({PeriodicSet(2, [(2, None)]), PeriodicSet(4, [(2, None), (4, None)])}) == 1
    assert PeriodicSet(1, []) != "nothing"


@given(linear_trees, linear_trees, st.sampled_from(["at_least", "equal", "divides"]), st.integers(1, 6))
def test_what_a_condition_leaves(left: Tree, right: Tree, relation: str, divisor: int) -> None:
    one = dict.fromkeys(SYMBOLS, SYMBOLS["H"])
    a, b = worked_out(left, one), worked_out(right, one)
    condition = {"at_least": at_least(a, b, ""), "equal": equal(a, b, ""), "divides": divides(divisor, a, "")}[relation]
    found = _solved("H", [_asked(condition)])
    if found is None:
        assert _period("H", [a, b]) * divisor > MOST_CLASSES
        return
    for number in range(1, 120):
        assert (number in found) is condition.at({"H": number})


@pytest.mark.parametrize(
    ("layers", "works", "tiles", "rounding"),
    [
        (["relu"], EVERY, EVERY, 1),
        ([{"conv": 8, "kernel": 3}], PeriodicSet(1, [(3, None)]), PeriodicSet(1, [(3, None)]), 1),
        ([{"maxpool": 2}], PeriodicSet(1, [(2, None)]), PeriodicSet(2, [(2, None)]), 2),
        ([{"maxpool": 3, "stride": 2, "round": "ceil"}, {"maxpool": 2}], PeriodicSet(1, [(4, None)]), PeriodicSet(4, [(5, None)]), 4),
        ([{"conv": 8, "kernel": 3, "stride": 2, "pad": "same"}], EVERY, EVERY, 2),
        ([{"pixelshuffle": 2}, {"maxpool": 3}], PeriodicSet(1, [(2, None)]), PeriodicSet(3, [(3, None)]), 3),
        ([{"concat": [["identity"], [{"maxpool": 2}, {"upsample": 2}]]}], PeriodicSet(2, [(2, None)]), PeriodicSet(2, [(2, None)]), 2),
        (
            [{"concat": [["identity"], [{"maxpool": [3, 1], "pad": "same", "stride": [2, 1]}]]}],
            PeriodicSet(1, [(1, 1)]),
            PeriodicSet(1, [(1, 1)]),
            2,
        ),
        ([{"concat": [[{"crop": 3}], [{"maxpool": 2}]]}], PeriodicSet(2, [(12, 12), (11, 11)]), PeriodicSet(2, [(12, 12)]), 2),
    ],
)
def test_what_layers_leave(layers: list[Any], works: PeriodicSet, tiles: PeriodicSet, rounding: int) -> None:
    found = of({"input": "HxHx8" if "crop" in str(layers) else "Hx12x8", "layers": layers})
    size = found.get("H", Sizes("H", EVERY, EVERY, rests=False, rounding=1))
    assert members(size.works) == members(works)
    assert members(size.tiles) == members(tiles)
    assert size.rounding == rounding


def members(numbers: PeriodicSet | None) -> list[int]:
    """The numbers of a set below 99."""
    assert numbers is not None
    return [number for number in range(1, 99) if number in numbers]


def test_symbols_that_depend_on_one_another() -> None:
    found = of({"input": "HxWx12", "params": {"K": "", "g": ""}, "layers": [{"conv": 8, "kernel": "K"}, {"conv": 12, "groups": "g"}]})
    assert [found[name].works for name in "HKW"] == [None, None, None]
    assert members(found["g"].works) == [1, 2, 4]
    stride = of({"input": "HxWx12", "params": {"S": ""}, "layers": [{"conv": 8, "kernel": 3, "stride": "S"}]})
    assert stride["H"].works == PeriodicSet(1, [(3, None)])
    assert stride["H"].tiles is None


def test_too_many_classes_and_curves_are_left_open() -> None:
    odd = [{"conv": 8, "kernel": size, "stride": size} for size in (7, 11, 13, 17)]
    found = of({"input": "HxWx3", "layers": odd})["H"]
    assert found.works is not None
    assert found.works.least == 7 * 11 * 13 * 17
    assert found.tiles is None
    square = of({"input": "HxHx3", "layers": ["flatten", {"slice": [0, 100]}]})["H"]
    assert square.works is None


def test_halves_count_as_whole_numbers() -> None:
    found = of({"input": "4x4xC", "layers": [{"split": 2}, {"concat": ""}, {"slice": ["in.c // 2", "in.c"]}]})
    assert found["C"].works == PeriodicSet(2, [(2, None)])
    assert not found["C"].free


def test_the_figures_of_no_symbol() -> None:
    assert of({"input": "4x4x3", "layers": ["relu"]}) == {}
    assert at(3, {}) == 3
