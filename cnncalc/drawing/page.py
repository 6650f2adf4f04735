"""Positions of boxes, frames and lines on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.drawing.page_columns import Columns
from cnncalc.output.diagrams.boxes import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.drawing.frames import Arranged, Inside
    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.turn import Turned
    from cnncalc.output.diagrams.boxes import Child, Frame

    Pieces = dict[tuple[Frame | None, Box, Child | None], list[Point]]

NEAR = 0.01


class Place(NamedTuple):
    """Left, top, width and height; and whether what is there is read from below."""

    x: float
    y: float
    width: float
    height: float
    up: bool = False


class Spot(NamedTuple):
    """Where the origin of coordinates comes to stand; upward, they grow towards the top of the page."""

    x: float = 0.0
    y: float = 0.0
    up: bool = False

    def point(self, x: float, y: float) -> Point:
        """A point on the page."""
        return self.x + x, self.y - y if self.up else self.y + y

    def place(self, corner: Point, width: float, height: float, *, up: bool) -> Place:
        """A thing on the page."""
        x, y = self.point(*corner)
        flipped = up != self.up
        return Place(x, y - height if flipped else y, width, height, flipped)


class Page:
    """Where everything is."""

    def __init__(self) -> None:
        self.boxes: dict[Box, Place] = {}
        self.frames: dict[Frame, tuple[Place, float]] = {}  # with the left edge of the title
        self.lines: dict[tuple[Box, Box], list[Point]] = {}


def placed(arranged: Arranged, at: Point = (0.0, 0.0), plan: Columns | Turned | None = None) -> Page:
    """Where everything of a drawing is, on a page that begins at a point; `plan` is where the outermost things are."""
    page = Page()
    root = arranged.drawing.root
    pieces: Pieces = {}
    _put(arranged, root, plan or Columns(arranged.insides[root].level), Spot(*at), page, pieces)
    for source, target in arranged.drawing.edges:
        page.lines[source, target] = joined(_way(source, target, pieces))
    return page


def _put(arranged: Arranged, frame: Frame, plan: Columns | Turned, spot: Spot, page: Page, pieces: Pieces) -> None:
    """The things inside a frame, and the ways of its lines."""
    inside = arranged.insides[frame]
    for number, child in zip(inside.places, frame.children, strict=True):
        corner, up = plan.corner(number), plan.upward(number)
        if isinstance(child, Box):
            page.boxes[child] = spot.place(corner, *arranged.sizes[child], up=up)
        else:
            inner = arranged.insides[child]
            place = spot.place(corner, inner.width, inner.height, up=up)
            page.frames[child] = (place, place.x + inner.title)
            _put(arranged, child, Columns(inner.level), _content(place, inner), page, pieces)
    index = dict(zip(frame.children, inside.places, strict=True))
    out = inside.places.stop
    for net, (box, wire) in enumerate(arranged.wires[frame].items()):
        for target in wire.targets:
            number = out if target is None else index[target]
            pieces[frame, box, target] = [spot.point(x, y) for x, y in plan.way(net, number)]
        out += None in wire.targets


def _content(place: Place, inner: Inside) -> Spot:
    """Where that begins what is inside a frame."""
    x, y = inner.corner
    return Spot(place.x + x, place.y + place.height - y if place.up else place.y + y, place.up)


def _way(source: Box, target: Box, pieces: Pieces) -> list[Point]:
    """The pieces from box to box, through all frames."""
    down: list[tuple[Frame, Child]] = []
    child: Child = target
    while (child.parent, source, child) in pieces:
        assert child.parent is not None
        down.append((child.parent, child))
        child = child.parent
    found: list[Point] = []
    here: Child = source
    while here.parent is not down[-1][0]:
        assert here.parent is not None
        found += pieces[here.parent, source, None]
        here = here.parent
    for frame, inner in reversed(down):
        found += pieces[frame, source, inner]
    return found


def joined(points: Sequence[Point]) -> list[Point]:
    """The same way without points on straight lines."""
    found: list[Point] = []
    for x, y in points:
        if found and abs(found[-1][0] - x) < NEAR and abs(found[-1][1] - y) < NEAR:
            continue
        if len(found) > 1 and _straight(found[-2], found[-1], (x, y)):
            found.pop()
        found.append((x, y))
    return found


def _straight(one: Point, two: Point, three: Point) -> bool:
    return any(abs(one[axis] - two[axis]) < NEAR and abs(two[axis] - three[axis]) < NEAR for axis in (0, 1))
