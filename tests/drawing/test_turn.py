"""U-shaped layouts: down on the left, up on the right, horizontal bridges; and graphs that are not U-shaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cnncalc.drawing.layout import lay_out_frames, lay_out_graph
from cnncalc.drawing.turn import UShape, u_shape
from cnncalc.output.diagrams import shapes
from cnncalc.output.diagrams.diagram_picture import laid_out, picture
from tests.output.diagrams.reading import boxes, drawn, edges_of_svg, expected, faults, frames, lines

if TYPE_CHECKING:
    from cnncalc.drawing.frames import NestedBox
    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.page import Placement


def network(*links: tuple[int, int], length: int = 9) -> dict[str, Any]:
    """A chain a0, a1, … with further lines from one to another."""
    into: dict[int, list[int]] = {}
    for source, target in links:
        into.setdefault(target, []).append(source)
    layers: list[Any] = [{"conv": 4, "name": "a0"}]
    for i in range(1, length):
        sources = [f"a{i - 1}", *[f"a{each}" for each in into.get(i, ())]]
        layers.append({"add": None, "from": sources, "name": f"a{i}"} if i in into else {"conv": 4, "name": f"a{i}"})
    return {"input": "8x8x4", "layers": layers}


def turned(chain: dict[str, Any]) -> UShape | None:
    _, found = drawn(chain, 0)
    (drawing,) = found.drawings
    sizes: dict[NestedBox, Point] = {box: shapes.room(box, found.texts[box]) for box in drawing.boxes}
    layout, _ = lay_out_frames(drawing, sizes, {})
    return u_shape(layout.frames[drawing.root].layout, lay_out_graph)


def places(chain: Any) -> tuple[dict[str, Placement], dict[tuple[str, str], list[Point]]]:
    _, found = drawn(chain, 0)
    (page,), _ = laid_out(found)
    assert not list(faults(page))
    paths = {(source.path, target.path): points for (source, target), points in lines(page).items()}
    return {box.path: place for box, place in boxes(page).items()}, paths


@pytest.mark.parametrize("links", [[(0, 7), (2, 5)], [(1, 8), (2, 6), (3, 5)], [(0, 8), (1, 7), (2, 6)], [(0, 6), (1, 4)]])
def test_a_u_has_level_bridges_between_two_sides(links: list[tuple[int, int]]) -> None:
    placed, paths = places(network(*links))
    left = {path: place for path, place in placed.items() if not place.up}
    right = {path: place for path, place in placed.items() if place.up}
    assert max(place.x + place.width for place in left.values()) < min(place.x for place in right.values())
    for source, target in links:
        points = paths[f"a{source}", f"a{target}"]
        assert f"a{source}" in left
        assert f"a{target}" in right
        assert len(points) == 4
        assert points[1][1] == points[2][1]
        assert points[0][1] < points[1][1] > points[3][1]
    order = [f"a{i}" for i in range(9)]
    assert [path for path in order if path in left] + [path for path in order if path in right] == order
    assert sorted(left, key=lambda path: left[path].y) == ["input", *[path for path in order if path in left]]
    assert sorted(right, key=lambda path: -right[path].y) == [path for path in order if path in right]


@pytest.mark.parametrize(
    "links",
    [
        [],
        [(0, 5)],  # one line is no U
        [(0, 5), (2, 7)],  # they cross
        [(0, 7), (1, 7)],  # both arrive at one thing
        [(0, 5), (0, 6), (1, 4)],  # one leads across twice
        [(0, 2), (2, 4), (4, 6)],  # one after the other
        [(0, 12), (1, 3), (3, 5), (5, 7), (7, 9), (9, 11)],  # one around many that are short
    ],
)
def test_what_is_no_u(links: list[tuple[int, int]]) -> None:
    assert turned(network(*links, length=14)) is None


def test_what_else_leads_across_makes_no_u() -> None:
    chain = network((0, 7), (2, 5))
    chain["layers"] += [{"conv": 4, "from": "a3", "name": "b"}, {"add": None, "from": ["a8", "b", "a3"], "name": "c"}]
    assert turned(chain) is None


def test_it_turns_where_it_is_lowest_and_has_most_bridges() -> None:
    found = turned(network((0, 12), (1, 11), (2, 10), length=14))
    assert found is not None
    assert len(found.bridges) == 3
    assert found.left.layout.height == pytest.approx(found.right.layout.height, abs=120)
    both = turned(network((0, 4), (1, 3), (6, 13), (7, 12), (8, 11), length=14))
    assert both is not None
    assert len(both.bridges) == 3


def test_side_exits_and_short_skips_stay_on_their_side() -> None:
    chain = network((0, 10), (1, 9), (2, 4), (6, 8), length=11)
    chain["layers"].insert(3, {"side": [{"conv": 3, "name": "s"}, {"conv": 2, "name": "t"}]})
    placed, _ = places(chain)
    assert not placed["s"].up
    assert placed["a10"].up


def test_on_the_way_up_words_and_strips_stand_where_the_line_goes_on() -> None:
    report, found = drawn("unet")
    text = picture(found)
    assert edges_of_svg(text) == expected(report, found)
    (page,), _ = laid_out(found)
    said = {box.path: (place, found.texts[box], box) for box, place in boxes(page).items()}
    place, words, box = said["up4/convolutions/conv2"]
    height = shapes.size(words)[1]
    assert place.up
    assert shapes.start(place, words, box) == place.y + place.height - height
    frame = next(frame for frame in frames(page) if frame.path == "up4/convolutions")
    around, _ = page.frames[frame]
    lower, _, _ = said["up4/convolutions/conv1"]
    assert around.up
    assert place.y < lower.y
    title = next(each for each in shapes.frame(around, "here", 0) if "here" in each)
    assert f'y="{around.y + around.height - 7:g}"' in title
    head = shapes.head((0, 0), up=True)
    assert "l-3.6 7" in head


def test_arrows_point_where_lines_go() -> None:
    _, found = drawn("unet")
    text = picture(found)
    (page,), _ = laid_out(found)
    ends = {points[-1]: target for (_, target), points in lines(page).items()}
    upward = [target for target in ends.values() if page.boxes[target].up]
    assert text.count("l-3.6 7h7.2z") == len(upward) + 1  # and the output
    assert text.count("l-3.6 -7h7.2z") == len(ends) - len(upward)
