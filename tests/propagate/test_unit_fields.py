"""The rules of receptive fields one by one: kernels, merges, gates, and the narrowest path."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.dims import Inconclusive, symbol
from cnncalc.layers import KINDS, Volume
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import OPEN, Reach
from cnncalc.propagate.receptive_field import MOST_PATHS, joined, narrowest, next_fields
from cnncalc.propagate.unit_fields import UNKNOWN, UNKNOWN_GATE, UnitFields, extremes, narrower, tabulated, through

if TYPE_CHECKING:
    from collections.abc import Sequence

H = symbol("H")


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("dilation", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("pads", [(0, 0), (1, 0), (0, 1), (2, 1)])
def test_what_a_transposed_window_sees(kernel: int, stride: int, dilation: int, pads: tuple[int, int]) -> None:
    """Input i is laid over the outputs from i·stride − pad on, an element of the kernel every `dilation`."""
    before, after = pads
    padding = Padding(before, after, after, before)
    upconv = KINDS["upconv"](filters=1, kernel=(kernel, 1), stride=(stride, 1), dilation=(dilation, 1), pad=padding)
    down, across = upconv.reach(Volume(9, 9, 1))  # type: ignore[misc]  # it has one
    seen = [[i for i in range(-40, 40) for tap in range(kernel) if i * stride - before + tap * dilation == unit] for unit in range(12)]
    assert [[*down.seen(unit)] for unit in range(12)] == seen
    assert down.gapless <= all(seen)
    if dilation == 1:
        assert down.extent == max(map(len, seen))
    assert down.step == Fraction(1, stride)
    assert (across.extent, across.step, across.start) == (1, 1, after)


@pytest.mark.parametrize("size", range(1, 13))
@pytest.mark.parametrize("count", range(1, 9))
def test_what_an_adaptive_pool_sees(size: int, count: int) -> None:
    down, _ = KINDS["adaptivepool"](size=(count, 1)).reach(Volume(size, 1, 1))  # type: ignore[misc]  # it has one
    seen = [[*range(unit * size // count, -(-(unit + 1) * size // count))] for unit in range(count)]
    assert [[*down.seen(unit)] for unit in range(count)] == seen
    assert down.extent == max(map(len, seen))


MOVING, GATE = UnitFields(3, 1, -1), UnitFields(33, 0, 0)
TWICE = tabulated(((-1, 2), (-1, 2)), 1)  # the same behind an upsampling by 2: the jump is a half


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([MOVING, GATE], [MOVING, GATE]),  # what moves is not what all see
        ([MOVING, UNKNOWN_GATE], [MOVING, UNKNOWN_GATE]),
        ([GATE, UNKNOWN_GATE], [UNKNOWN_GATE]),
        ([GATE, UnitFields(5, 0, -2)], [UnitFields(35, 0, -2)]),
        ([MOVING, UNKNOWN], [UNKNOWN]),
        ([MOVING, UnitFields(5, 1, 0)], [UnitFields(6, 1, -1)]),
        ([UnitFields(3, 2, 0), MOVING], [UnitFields(3, 2, 0), MOVING]),  # units of one branch lie further apart
        ([TWICE, TWICE._replace(start=-2, cycle=((-2, 1), (-1, 2)))], [UnitFields(4, 1, -2, ((-2, 2), (-1, 2)))]),
        ([UnitFields(H, 1, 0), UnitFields(9, 1, 0)], [UNKNOWN]),  # 9 or H
        ([UnitFields(H, 0, 0), UnitFields(9, 0, 0)], [UNKNOWN_GATE]),
        ([UnitFields(1, jump, 0) for jump in range(MOST_PATHS + 1)], [UNKNOWN]),
    ],
)
def test_what_branches_see_together(several: list[UnitFields], expected: list[UnitFields]) -> None:
    assert joined(several) == tuple(expected)


@pytest.mark.parametrize(
    ("fields", "reach", "expected"),
    [
        (MOVING, Reach(3, 2, -1), UnitFields(5, 2, -2)),
        (GATE, Reach(3, 2, -1), GATE),  # however many windows follow
        (GATE, Reach(2, 1, -1, parts=2), GATE),
        (GATE, Reach(1, 1, 0, parts=2), UnitFields(33, 0, 0, ((0, 33), None))),  # every second unit sees only an inserted zero
        (MOVING, Reach(2, 1, -1, parts=2), TWICE),
        (TWICE, Reach(2, 2, 0), MOVING),  # and back
        (TWICE, Reach(3, 1, 0), UnitFields(4, 1, -1, ((-1, 3), (-1, 3)))),
        (TWICE, Reach(H, 0, 0), UNKNOWN_GATE),  # the last one may be either of two
        (TWICE, Reach(2 * H, 0, 0), UnitFields(H + 2, 0, -1)),
        (TWICE, Reach(3, 1, -H), UNKNOWN),
        (UNKNOWN, Reach(9, 0, 0), UNKNOWN_GATE),
        (MOVING, OPEN, UNKNOWN),
        (GATE, OPEN, UNKNOWN_GATE),
        (MOVING, Reach(H, 1, 1 - H, parts=H), UNKNOWN),
        (MOVING, Reach(300, 1, -299, parts=300), UNKNOWN),
    ],
)
def test_what_is_seen_one_layer_further(fields: UnitFields, reach: Reach, expected: UnitFields) -> None:
    assert next_fields(fields, reach) == expected


def test_windows_over_units_that_see_nothing_or_are_out_of_order() -> None:
    upconv = Reach(4, 1, -3, dilation=3, parts=2)  # two elements: unit 2 sees input 1, unit 3 sees input 0
    fields = through(UnitFields(1, 1, 0), upconv)
    assert [fields.field(unit) for unit in range(4)] == [(0, 1), (-1, 0), (1, 2), (0, 1)]
    behind = through(fields, Reach(2, 1, 0))
    assert [behind.field(unit) for unit in range(4)] == [(-1, 1), (-1, 2), (0, 2), (0, 3)]
    holes = through(UnitFields(1, 1, 0), Reach(1, 1, 0, parts=3))
    assert [holes.field(unit) for unit in range(4)] == [(0, 1), None, None, (1, 2)]
    assert [through(holes, Reach(2, 1, 0)).field(unit) for unit in range(3)] == [(0, 1), None, (1, 2)]


@pytest.mark.parametrize(
    ("several", "units", "expected"),
    [
        ([MOVING], 9, (3, 3)),
        ([UNKNOWN, GATE], 9, (None, None)),
        ([MOVING, GATE], 30, (33, 33)),  # all of the input, which is 30 pixels
        ([MOVING, UnitFields(29, 0, 0)], 30, (31, 29)),  # not quite all: unit 0 sees one more ahead, the last one two more behind
        ([UnitFields(1, 2, 0), UnitFields(1, 1, 10)], 30, (20, 1)),  # 2p and p + 10 meet at unit 10
        ([UnitFields(1, 2, 0), UnitFields(1, 1, 10)], H, (None, None)),
        ([UnitFields(2, 2, 0, ((0, 1), (0, 2)))], 9, (2, 1)),
        ([UnitFields(2, 2, 0, ((0, 1), (0, 2)))], 1, (1, 1)),  # there is no second unit
        ([UnitFields(2, 2, 0, ((0, 1), (0, 2)))], H, (None, None)),  # or there may be none
        ([UnitFields(2, 2, 0, ((0, 1), (0, 2)))], 2 * H, (2, 1)),
        ([UnitFields(2, 2, 0, ((0, 2), (1, 3)))], H, (2, 2)),
        ([UnitFields(1, 1, 0, (None, None, (0, 1))), UnitFields(1, 1, 0, ((0, 1),) * 128)], 300, (None, None)),
    ],
)
def test_the_largest_and_the_smallest(several: Sequence[UnitFields], units: Any, expected: tuple[Any, Any]) -> None:
    assert extremes(several, units, 30) == expected


def test_which_path_stays_the_narrowest() -> None:
    wide, shifted = UnitFields(5, 1, 0), UnitFields(3, 1, 7)
    assert narrower(shifted, wide)
    assert not narrower(wide, shifted)
    assert narrowest([wide, shifted, MOVING, GATE]) == (shifted, GATE)  # the gate is, once the others have grown
    assert not narrower(UnitFields(H, 1, 0), wide)
    one, other = tabulated(((0, 1), (0, 3)), 2), tabulated(((0, 3), (0, 1)), 2)
    assert narrowest([one, other, UnitFields(3, 1, 0)]) == (one, other)  # either may turn out to be
    assert not narrower(UnitFields(1, 1, 0, ((0, 1), None)), UnitFields(1, 1, 0, ((0, 1), None)))  # it sees nothing by this path
    assert narrowest([UnitFields(9, jump, 0) for jump in range(MOST_PATHS + 1)]) == (UNKNOWN,)
    with pytest.raises(Inconclusive):
        through(TWICE, Reach(H, 1, 0, parts=2))


def test_the_narrowest_way_along_each_axis() -> None:
    branches = {"concat": ["identity", {"conv": 2, "kernel": [3, 1], "pad": [1, 0]}, {"conv": 2, "kernel": [1, 5], "pad": [0, 2]}]}
    row = cnncalc.analyze({"input": "20x20x3", "layers": [branches, {"conv": 4, "kernel": [3, 5]}]}).rows[-1]
    assert row.receptive_field == (5, 9)
    assert row.narrowest == (3, 5)


def test_a_row_and_a_column_that_stretch_are_no_window() -> None:
    sums = {"multiply": [{"conv": 1, "kernel": [9, 1]}, {"conv": 8, "kernel": [1, 9]}]}
    rows = cnncalc.analyze({"input": "9x9x3", "layers": [sums, {"conv": 4, "kernel": 3, "pad": 1}]}).rows
    for view in rows[-2].view:
        assert sorted(view.fields) == [UnitFields(1, 1, 0), UnitFields(9, 0, 0)]
    for view in rows[-1].view:
        assert sorted(view.fields) == [UnitFields(3, 1, -1), UnitFields(9, 0, 0)]
    assert rows[-1].receptive_field == (9, 9)  # not two more: the product's neighbours see the same sums


@pytest.mark.parametrize(("kernel", "field"), [([1, 9], (3, 9)), ([9, 1], (9, 3)), ([9, 9], (9, 9))])
def test_what_stretches_along_an_axis_is_the_same_there(kernel: list[int], field: tuple[int, int]) -> None:
    gated = {"multiply": ["identity", {"conv": 8, "kernel": kernel}]}
    rows = cnncalc.analyze({"input": "9x9x8", "layers": [gated, {"conv": 4, "kernel": 3, "pad": 1}]}).rows
    assert rows[-1].receptive_field == field


def test_how_much_is_seen_is_known_where_it_begins_is_not() -> None:
    row = cnncalc.analyze({"input": "HxWx3", "layers": [{"conv": 1, "kernel": 3, "stride": 4, "pad": "same", "repeat": 2}]}).rows[-1]
    assert row.receptive_field == (11, 11)  # wherever the zeros are
    assert row.offset == (None, None)


def test_values_that_are_moved_are_seen_where_they_were() -> None:
    shuffled = cnncalc.analyze({"input": "9x9x8", "layers": [{"pixelshuffle": 2}]}).rows[-1]
    assert [(view.largest, view.jump * 2, view.start) for view in shuffled.view] == [(1, 1, 0)] * 2


@pytest.mark.parametrize("layer", [{"upsample": ["K", 2]}, {"upconv": 1, "kernel": 3, "stride": ["K", 1]}])
def test_what_is_seen_where_a_step_is_no_number_is_not_known(layer: dict[str, Any]) -> None:
    row = cnncalc.analyze({"input": "8x8x3", "params": {"K": ""}, "layers": [layer]}).rows[-1]
    assert (row.receptive_field[0], row.jump[0], row.offset[0]) == (None, None, None)  # not just its own place
