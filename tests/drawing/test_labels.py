"""Names beside points: none over another, whatever the points are."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.drawing import labels
from cnncalc.drawing.labels import Disc, LabelPlace, Rectangle, place_labels, places_around

AREA = Rectangle(0, 0, 400, 300)
POINTS = st.builds(Disc, st.floats(20, 380), st.floats(20, 280), st.floats(1, 40))


def on_line(place: LabelPlace, parts: int = 200) -> list[tuple[float, float]]:
    """Points along the line that leads to a name."""
    if place.leader is None:
        return []
    x1, y1, x2, y2 = place.leader
    return [(x1 + (x2 - x1) * i / parts, y1 + (y2 - y1) * i / parts) for i in range(parts + 1)]


def inside(box: Rectangle, x: float, y: float, edge: float = 1e-6) -> bool:
    return box.left + edge < x < box.right - edge and box.top + edge < y < box.bottom - edge


def check(found: list[LabelPlace | None], discs: list[Disc], area: Rectangle) -> None:
    """Every claim about places, by other means than those that made them."""
    there = [place for place in found if place is not None]
    for place in there:
        box = place.box
        assert area.left <= box.left < box.right <= area.right
        assert area.top <= box.top < box.bottom <= area.bottom
        for disc in discs:
            assert not inside(box, disc.x, disc.y)
    for one, other in combinations(there, 2):
        width = min(one.box.right, other.box.right) - max(one.box.left, other.box.left)
        height = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
        assert width <= 1e-9 or height <= 1e-9
        for mine, its in ((one, other), (other, one)):
            assert not any(inside(its.box, x, y) for x, y in on_line(mine))


@settings(max_examples=40, deadline=None)
@given(st.lists(POINTS, max_size=14), st.integers(10, 120))
def test_no_name_is_over_another(discs: list[Disc], width: int) -> None:
    found = place_labels([places_around(disc, width, 12) for disc in discs], AREA, discs)
    assert len(found) == len(discs)
    check(found, discs, AREA)


def test_one_name_stands_beside_its_point() -> None:
    (place,) = place_labels([places_around(Disc(100, 100, 10), 50, 12)], AREA, [Disc(100, 100, 10)])
    assert place is not None
    assert (place.box, place.anchor, place.leader) == (Rectangle(113, 94, 163, 106), "start", None)


@pytest.mark.parametrize(("x", "y", "anchor"), [(395, 150, "end"), (5, 150, "start")])
def test_at_the_border_the_name_goes_inwards(x: float, y: float, anchor: str) -> None:
    (place,) = place_labels([places_around(Disc(x, y, 4), 60, 12)], AREA, [Disc(x, y, 4)])
    assert place is not None
    assert place.anchor == anchor


def test_a_crowd_on_one_place_is_named_all_around() -> None:
    discs = [Disc(200, 150, 6)] * 4
    found = place_labels([places_around(disc, 40, 12) for disc in discs], AREA, discs)
    assert None not in found
    check(found, discs, AREA)


def test_a_name_drives_out_another_that_has_more_room() -> None:
    """The first takes the only place of the second; both have one in the end."""
    left, right = Rectangle(100, 100, 150, 112), Rectangle(200, 100, 250, 112)
    discs = [Disc(175, 50, 2), Disc(175, 160, 2)]
    one, other = place_labels([[LabelPlace(left), LabelPlace(right, distance=1)], [LabelPlace(left)]], AREA, discs)
    assert one is not None
    assert other is not None
    assert (one.box, other.box) == (right, left)


def test_where_there_is_no_room_some_go_without() -> None:
    box = Rectangle(100, 100, 150, 112)
    found = place_labels(
        [[LabelPlace(box)], [LabelPlace(box)], [LabelPlace(Rectangle(390, 0, 410, 12))]],
        AREA,
        [Disc(10, 10, 1), Disc(30, 10, 1), Disc(50, 10, 1)],
    )
    assert sum(place is not None for place in found[:2]) == 1
    assert found[2] is None  # it is not inside
    assert place_labels([], AREA, []) == []


def test_who_is_out_of_patience_takes_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "ROUNDS", 0)
    discs = [Disc(100, 100, 5), Disc(110, 100, 5)]
    found = place_labels([places_around(disc, 40, 12) for disc in discs], AREA, discs)
    assert None not in found
    check(found, discs, AREA)


def test_a_name_keeps_off_discs_if_it_can() -> None:
    discs = [Disc(100, 100, 8), Disc(150, 100, 30)]
    place, _ = place_labels([places_around(disc, 60, 12) for disc in discs], AREA, discs)
    assert place is not None
    assert place.anchor == "end"


@pytest.mark.parametrize(
    ("line", "crossed"),
    [
        ((0, 0, 20, 20), True),
        ((0, 15, 40, 15), True),
        ((15, 0, 15, 40), True),
        ((12, 12, 14, 14), True),
        ((0, 0, 9, 9), False),
        ((0, 5, 40, 5), False),
        ((5, 0, 5, 40), False),
        ((0, 25, 12, 40), False),
        ((10, 10, 10, 20), False),
    ],
)
def test_a_line_through_a_box(line: tuple[float, float, float, float], crossed: bool) -> None:
    assert Rectangle(10, 10, 20, 20).crossed_by(line) is crossed
    assert Rectangle(10, 10, 20, 20).crossed_by((*line[2:], *line[:2])) is crossed


def test_lines_do_not_cross_each_other() -> None:
    name = Rectangle(0, 0, 10, 10)
    one, other = LabelPlace(name, leader=(100, 100, 140, 140)), LabelPlace(Rectangle(50, 0, 60, 10), leader=(100, 140, 140, 100))
    beside = LabelPlace(Rectangle(80, 0, 90, 10), leader=(200, 100, 240, 140))
    assert one.overlaps(other)
    assert other.overlaps(one)
    assert not one.overlaps(beside)
