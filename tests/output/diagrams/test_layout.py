"""Layouts: no overlaps, lines around boxes, few crossings, and reasonable page shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.drawing import positions, ranks, routes
from cnncalc.drawing.page import simplified
from cnncalc.drawing.ranks import Item, Net, RankedGraph
from cnncalc.errors import SpecError
from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
from cnncalc.output.diagrams.diagram_picture import DrawnLines, laid_out
from tests.output.diagrams.networks import CELLS, tangled
from tests.output.diagrams.reading import boxes, drawn, faults, frames, lines

if TYPE_CHECKING:
    from cnncalc.drawing.page import PlacedDrawing
    from cnncalc.output.diagrams.boxes import Box

OPENED = [
    "vgg16",
    "resnet20_cifar",
    "unet",
    "googlenet",
    "densenet40_k12_cifar",
    "fractalnet20_cifar",
    "shufflenet_v2_050",
    "mobilenet_v3_small",
]


@pytest.mark.parametrize("network", [*OPENED, CELLS], ids=lambda each: each if isinstance(each, str) else "cells")
def test_nothing_stands_on_anything_else_in_opened_networks(network: str) -> None:
    _, found = drawn(network, 0)
    (page,), (width, height) = laid_out(found)
    assert not list(faults(page))
    assert 0.4 < height / width < 3.5


@pytest.mark.parametrize("name", ["nasnet_a_mobile", "inception_v4", "enas_macro_cifar", "amoebanet_b_mobile", "efficientnet_b0"])
def test_nothing_stands_on_anything_else_on_pages_with_details(name: str) -> None:
    pages, (width, height) = laid_out(Diagram(cnncalc.analyze(name), DiagramOptions()))
    whole = pages[0]
    for page in pages:
        assert not list(faults(page))
        for place in (*page.boxes.values(), *[place for place, _ in page.frames.values()]):
            assert place.x >= 0
            assert place.y >= 0
            assert place.x + place.width <= width + 0.1
            assert place.y + place.height <= height + 0.1
        if page is not whole:
            (around, _), *_ = page.frames.values()
            for each in pages:
                if each is not page:
                    for there in (*each.boxes.values(), *[place for place, _ in each.frames.values()]):
                        apart = there.x >= around.x + around.width or there.x + there.width <= around.x
                        assert apart or there.y >= around.y + around.height or there.y + there.height <= around.y


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_tangled_networks_are_drawn_without_boxes_on_boxes_or_lines_through_them(seed: int) -> None:
    for fold in (0, 1):
        _, found = drawn(tangled(seed), fold)
        (page,), _ = laid_out(found)
        assert not [fault for fault in faults(page) if " upon " not in fault]  # two lines may share some pixels where all else fails


@pytest.mark.parametrize(("seed", "fold"), [*[(seed, 0) for seed in range(20)], (50, 0), (376, 1), (744, 1), (1012, 1)])
def test_lines_do_not_lie_upon_each_other(seed: int, fold: int) -> None:
    _, found = drawn(tangled(seed), fold)
    (page,), _ = laid_out(found)
    assert not list(faults(page))


def test_the_checks_of_this_file_find_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(seed: int) -> str:
        (page,), _ = laid_out(drawn(tangled(seed), 0)[1])
        return "\n".join(faults(page))

    monkeypatch.setattr(positions, "ITEM_GAP", -40)
    assert " on " in found(3)
    monkeypatch.undo()
    monkeypatch.setattr(routes, "_set_tracks", lambda buses: 1)
    assert any(" upon " in found(seed) for seed in range(8))
    monkeypatch.undo()
    monkeypatch.setattr(routes, "TURN", -30)
    assert any(" through " in found(seed) for seed in range(8))


def main(page: PlacedDrawing) -> dict[str, Box]:
    return {box.path: box for box in boxes(page)}


def test_the_main_line_is_straight_and_skips_and_side_exits_stand_beside_it() -> None:
    _, found = drawn("resnet20_cifar", 0)
    (page,), _ = laid_out(found)
    ways = {(source.path, target.path): points for (source, target), points in lines(page).items()}
    unit = "conv2_x/basic1"
    chain = [(f"{unit}/add1/residual/conv1", f"{unit}/add1/residual/conv2"), (f"{unit}/add1/residual/conv2", f"{unit}/add1")]
    assert all(len(ways[step]) == 2 for step in chain)
    skip = ways["conv1", f"{unit}/add1"]
    assert len({x for x, _ in skip}) == 2
    _, found = drawn("googlenet")
    (page,), _ = laid_out(found)
    ways = {(source.path, target.path): points for (source, target), points in lines(page).items()}
    assert len(ways["4a", "4b"]) == 2
    assert len(ways["4a", "exit1"]) == 4


def test_branches_stand_in_the_order_in_which_they_are_written() -> None:
    _, found = drawn("googlenet", 0)
    (page,), _ = laid_out(found)
    left = {box.path: place.x for box, place in boxes(page).items()}
    row = [left[f"3a/concat1/{name}"] for name in ("1x1", "3x3_reduce", "5x5_reduce", "pool")]
    assert row == sorted(row)


def test_equal_blocks_are_laid_out_alike() -> None:
    _, found = drawn("resnet20_cifar", 0)
    (page,), _ = laid_out(found)
    around = {frame.path: place for frame, (place, _) in frames(page).items()}
    inside = {box.path: place for box, place in boxes(page).items()}
    shapes = [
        [(inside[f"conv2_x/basic{i}/add1{tail}"].x - around[f"conv2_x/basic{i}"].x) for tail in ("", "/residual/conv1", "/residual/conv2")]
        for i in (2, 3)
    ]
    assert shapes[0] == pytest.approx(shapes[1])


def test_a_long_chain_is_broken_into_columns() -> None:
    _, found = drawn({"input": "8x8x4", "layers": [{"conv": 4, "repeat": 100}]}, 0)
    (page,), (width, height) = laid_out(found)
    assert 0.5 < height / width < 1.5
    assert not list(faults(page))
    assert len({place.x + place.width / 2 for place in page.boxes.values()}) > 5


def crossings(items: int, nets: list[Net]) -> int:
    """How many lines cross when all is done to avoid that."""
    found = [Item(10, 10) for _ in range(items)]
    graph = RankedGraph(found, nets, ranks.assign_ranks(found, nets))
    ranks.order_as_written(graph)
    ranks.reduce_crossings(graph)
    return ranks.count_crossings(graph)


def test_crossings_are_counted_and_taken_away() -> None:
    assert crossings(5, [Net(0, [1, 2]), Net(1, [4]), Net(2, [3])]) == 0
    assert crossings(5, [Net(0, [2, 3]), Net(1, [2, 3])]) == 1
    assert crossings(6, [Net(0, [3, 4, 5]), Net(1, [3, 4, 5]), Net(2, [3, 4, 5])]) == 9


def test_ranks_are_as_high_as_they_may_be() -> None:
    items = [Item(), Item(), Item(), Item(), Item(last=True)]
    assert ranks.assign_ranks(items, [Net(0, [1, 3]), Net(1, [2]), Net(2, [3, 4]), Net(0, [4])]) == [0, 1, 2, 3, 4]


def test_what_is_too_tangled_is_refused() -> None:
    count = 260
    steps = [{"conv": 4, "name": "c{i}", "repeat": count}, {"mean": None, "from": [f"c{i}" for i in range(1, count + 1)]}]
    _, found = drawn({"input": "8x8x4", "layers": steps}, 0)
    with pytest.raises(SpecError, match="its lines pass more than 30,000 boxes in total"):
        laid_out(found)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=40))
def test_horizontal_lines_are_stacked_below_all_that_they_would_touch(lines: list[tuple[int, int]]) -> None:
    skyline = routes.OccupiedHeights()
    stacked: list[tuple[int, int, int]] = []
    for low, width in lines:
        track = skyline.add(low, low + width)
        assert track == max((under + 1 for start, end, under in stacked if start <= low + width and low <= end), default=0)
        stacked.append((low, low + width, track))
    assert skyline.height == max((track + 1 for *_, track in stacked), default=0)


def test_a_way_without_what_is_straight() -> None:
    assert simplified([(0, 0), (0, 5), (0, 5), (0, 9), (3, 9), (7, 9), (7, 12)]) == [(0, 0), (0, 9), (7, 9), (7, 12)]


def test_what_is_drawn_already_is_not_drawn_again() -> None:
    known = DrawnLines()
    way = [(0.0, 100.0), (0.0, 80.0), (-50.0, 80.0), (-50.0, 0.0)]
    assert known.undrawn(way) == way
    other = [(0.0, 100.0), (0.0, 80.0), (-90.0, 80.0), (-90.0, 0.0)]
    assert known.undrawn(other) == [(-36.0, 80.0), (-50.0, 80.0), (-90.0, 80.0), (-90.0, 0.0)]
    right = [(0.0, 100.0), (0.0, 80.0), (40.0, 80.0), (40.0, 0.0)]
    assert known.undrawn(right) == [(0.0, 94.0), (0.0, 80.0), (40.0, 80.0), (40.0, 0.0)]
