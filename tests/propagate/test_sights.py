"""What is seen, rule by rule: where transposed windows begin, what branches and gates see together, and the narrowest way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.dims import symbol
from cnncalc.layers import KINDS, Volume
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import Reach
from cnncalc.propagate.receptive_field import Sight, sees

if TYPE_CHECKING:
    from cnncalc.propagate.receptive_field import View


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("pads", [(0, 0), (1, 0), (0, 1), (2, 1)])
def test_where_a_transposed_window_begins(kernel: int, stride: int, pads: tuple[int, int]) -> None:
    """Input i is laid over the outputs from i·stride − pad on, as many as the kernel is high."""
    before, after = pads
    upconv = KINDS["upconv"](filters=1, kernel=(kernel, 1), stride=(stride, 1), pad=Padding(before, after, after, before))
    reach = upconv.reach(Volume(9, 9, 1))
    assert reach is not None
    down, across = reach
    seen = [[i for i in range(-20, 20) if 0 <= place + before - i * stride < kernel] for place in range(stride)]
    assert down.extent == max(map(len, seen))
    assert down.start == -((kernel - 1 - before) // stride)
    assert not seen[0] or seen[0][0] == down.start
    assert (across.extent, across.step, across.start) == (1, 1, after)


def both(sight: Sight) -> View:
    return sight, sight


MOVING, GATE = Sight(3, 1, -1), Sight(33, 0, 0)
OPEN_START = Sight(None, 0, None)  # a gate of which no more is known than that it is one
NOT_KNOWN = (None, None)


@pytest.mark.parametrize(
    ("sights", "expected"),
    [
        ([MOVING, GATE], (3, 1, -1, (0, 33))),  # what moves is not what is seen alike
        ([GATE, MOVING], (3, 1, -1, (0, 33))),
        ([MOVING, OPEN_START], (3, 1, -1, NOT_KNOWN)),
        ([MOVING, Sight(33, 0, None)], (3, 1, -1, NOT_KNOWN)),
        ([GATE, OPEN_START], (None, 0, None, None)),
        ([GATE, Sight(5, 0, -2)], (35, 0, -2, None)),
        ([MOVING, Sight(3, None, None)], (None, None, None, None)),
        ([Sight(3, 2, 0), Sight(5, 1, -1)], (5, 2, -1, None)),  # as far apart as in the coarsest
        ([Sight(5, 1, -1), Sight(3, 2, 0)], (5, 2, -1, None)),
        ([MOVING._replace(alike=(0, 33)), MOVING._replace(alike=(-5, 9))], (3, 1, -1, (-5, 33))),
        ([MOVING, MOVING._replace(alike=(-5, 9))], (3, 1, -1, (-5, 9))),
        ([MOVING._replace(alike=NOT_KNOWN), MOVING._replace(alike=(-5, 9))], (3, 1, -1, NOT_KNOWN)),
        ([MOVING._replace(alike=(0, symbol("H"))), MOVING._replace(alike=(0, 9))], (3, 1, -1, NOT_KNOWN)),
    ],
)
def test_what_branches_see_together(sights: list[Sight], expected: tuple[Any, ...]) -> None:
    for found in sees(None, [both(sight) for sight in sights]):
        assert found[:4] == expected


def test_gates_on_the_way() -> None:
    gated = MOVING._replace(alike=(0, 33))
    assert sees((Reach(3, 2, -1), Reach(1, 1, 0)), [both(gated)]) == (Sight(5, 2, -2, (0, 33)), gated)
    (down, across) = sees((Reach(9, 0, 0), Reach(1, 1, 0)), [both(gated)])
    assert down[:4] == (34, 0, -1, None)  # one place that sees what all its inputs see: from -1 to 9, and from 0 to 32
    assert across == gated
    shifted = MOVING._replace(alike=(-4, 33))
    assert sees((Reach(9, 0, 0), Reach(1, 1, 0)), [both(shifted)])[0][:4] == (37, 0, -4, None)
    assert sees((Reach(9, 0, 0), Reach(1, 1, 0)), [both(gated._replace(start=None))])[0] == OPEN_START
    assert sees((Reach(9, 0, 0), Reach(1, 1, 0)), [both(MOVING._replace(alike=NOT_KNOWN))])[0] == OPEN_START
    assert sees((Reach(3, 2, -1), Reach(1, 1, 0)), [both(MOVING._replace(alike=NOT_KNOWN))])[0] == Sight(5, 2, -2, NOT_KNOWN)
    assert sees((Reach(None, None, None), Reach(None, 0, None)), [both(MOVING)]) == (Sight(None, None, None), OPEN_START)


def test_how_much_is_seen_is_known_where_it_begins_is_not() -> None:
    somewhere = Sight(3, 2, None)
    assert sees(None, [both(somewhere)]) == both(somewhere)
    assert sees((Reach(3, 2, -1), Reach(3, 2, None)), [both(somewhere)]) == both(Sight(7, 4, None))
    assert sees((Reach(3, 2, -1), Reach(3, 2, None)), [both(MOVING)]) == (Sight(5, 2, -2), Sight(5, 2, None))
    row = cnncalc.analyze({"input": "HxWx3", "layers": [{"conv": 1, "kernel": 3, "stride": 2, "pad": "same", "repeat": 2}]}).rows[-1]
    assert row.receptive_field == (7, 7)  # wherever the zeros are


def test_the_narrowest_way_along_each_axis() -> None:
    branches = {"concat": ["identity", {"conv": 2, "kernel": [3, 1], "pad": [1, 0]}, {"conv": 2, "kernel": [1, 5], "pad": [0, 2]}]}
    row = cnncalc.analyze({"input": "20x20x3", "layers": [branches, {"conv": 4, "kernel": [3, 5]}]}).rows[-1]
    assert row.receptive_field == (5, 9)
    assert [sight.least for sight in row.view] == [3, 5]


def test_a_row_and_a_column_that_stretch_are_no_window() -> None:
    sums = {"multiply": [{"conv": 1, "kernel": [9, 1]}, {"conv": 8, "kernel": [1, 9]}]}
    rows = cnncalc.analyze({"input": "9x9x3", "layers": [sums, {"conv": 4, "kernel": 3, "pad": 1}]}).rows
    for sight in rows[-2].view:
        assert sight[:4] == (1, 1, 0, (0, 9))
    for sight in rows[-1].view:
        assert sight[:4] == (3, 1, -1, (0, 9))
    assert rows[-1].receptive_field == (9, 9)  # not two more: the product's neighbours see the same sums


@pytest.mark.parametrize(("kernel", "field"), [([1, 9], (3, 9)), ([9, 1], (9, 3)), ([9, 9], (9, 9))])
def test_what_stretches_along_an_axis_is_the_same_there(kernel: list[int], field: tuple[int, int]) -> None:
    gated = {"multiply": ["identity", {"conv": 8, "kernel": kernel}]}
    rows = cnncalc.analyze({"input": "9x9x8", "layers": [gated, {"conv": 4, "kernel": 3, "pad": 1}]}).rows
    assert rows[-1].receptive_field == field


def test_values_that_are_moved_are_seen_where_they_were() -> None:
    shuffled = cnncalc.analyze({"input": "9x9x8", "layers": [{"pixelshuffle": 2}]}).rows[-1]
    assert [(sight.extent, sight.jump * 2, sight.start) for sight in shuffled.view] == [(1, 1, 0)] * 2


def test_what_is_seen_where_a_step_is_no_number_is_not_known() -> None:
    row = cnncalc.analyze({"input": "8x8x3", "params": {"K": ""}, "layers": [{"upsample": ["K", 2]}]}).rows[-1]
    assert row.receptive_field == (None, None)  # not just its own place
