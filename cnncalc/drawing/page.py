"""Positions of boxes, frames and lines on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.drawing.frames import DrawingLayout, FrameLayout, NestedBox
    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.page_columns import PageColumns
    from cnncalc.drawing.turn import UShape

    Paths = dict[tuple[NestedBox | None, NestedBox, NestedBox | None], list[Point]]  # inside a frame, from a source, to a child or out

NEAR = 0.01


class Placement(NamedTuple):
    """The position of a box or frame, and whether it is drawn upward."""

    x: float
    y: float
    width: float
    height: float
    up: bool = False


class Origin(NamedTuple):
    """The origin of coordinates on the page, and whether y grows upward."""

    x: float = 0.0
    y: float = 0.0
    up: bool = False

    def point(self, x: float, y: float) -> Point:
        """Return a point on the page."""
        return self.x + x, self.y - y if self.up else self.y + y

    def placement(self, corner: Point, width: float, height: float, *, up: bool) -> Placement:
        """Return a box or a frame on the page."""
        x, y = self.point(*corner)
        flipped = up != self.up
        return Placement(x, y - height if flipped else y, width, height, flipped)


class PlacedDrawing:
    """The positions of the boxes, frames and lines of a drawing, in its order."""

    def __init__(self) -> None:
        self.boxes: dict[NestedBox, Placement] = {}
        self.frames: dict[NestedBox, tuple[Placement, float]] = {}  # with the left edge of the title
        self.lines: dict[tuple[NestedBox, NestedBox], list[Point]] = {}


def place_drawing(drawing: DrawingLayout, at: Point, plan: PageColumns | UShape | None = None) -> PlacedDrawing:
    """Place a drawing with its corner at a point; `plan` has the positions of the items of the outermost frame."""
    placed = PlacedDrawing()
    root = drawing.tree.root
    paths: Paths = {}
    _place_frame(drawing, root, plan or drawing.frames[root].plan, Origin(*at), placed, paths)
    for source, target in drawing.tree.edges:
        placed.lines[source, target] = simplified(_line(source, target, paths))
    return placed


def _place_frame(
    drawing: DrawingLayout, frame: NestedBox, plan: PageColumns | UShape, origin: Origin, placed: PlacedDrawing, paths: Paths
) -> None:
    """Place the content of a frame, and find the paths of its lines."""
    layout = drawing.frames[frame]
    for number, child in zip(layout.children, frame.children, strict=True):
        corner, up = plan.corner(number), plan.upward(number)
        if child in drawing.sizes:
            placed.boxes[child] = origin.placement(corner, *drawing.sizes[child], up=up)
        else:
            inner = drawing.frames[child]
            place = origin.placement(corner, inner.width, inner.height, up=up)
            placed.frames[child] = (place, place.x + inner.title)
            _place_frame(drawing, child, inner.plan, _inside(place, inner), placed, paths)
    index = dict(zip(frame.children, layout.children, strict=True))
    out = layout.children.stop
    for net, (box, wire) in enumerate(drawing.wires[frame].items()):
        for target in wire.targets:
            number = out if target is None else index[target]
            paths[frame, box, target] = [origin.point(x, y) for x, y in plan.path(net, number)]
        out += None in wire.targets


def _inside(place: Placement, inner: FrameLayout) -> Origin:
    """Return the origin of the content of a frame."""
    x, y = inner.corner
    return Origin(place.x + x, place.y + place.height - y if place.up else place.y + y, place.up)


def _line(source: NestedBox, target: NestedBox, paths: Paths) -> list[Point]:
    """Return the path from box to box, through all frames."""
    down: list[tuple[NestedBox, NestedBox]] = []
    child = target
    while (child.parent, source, child) in paths:
        assert child.parent is not None
        down.append((child.parent, child))
        child = child.parent
    found: list[Point] = []
    here = source
    while here.parent is not down[-1][0]:
        assert here.parent is not None
        found += paths[here.parent, source, None]
        here = here.parent
    for frame, inner in reversed(down):
        found += paths[frame, source, inner]
    return found


def simplified(points: Sequence[Point]) -> list[Point]:
    """Remove points on straight lines from a path."""
    found: list[Point] = []
    for x, y in points:
        if found and abs(found[-1][0] - x) < NEAR and abs(found[-1][1] - y) < NEAR:
            continue
        if len(found) > 1 and _is_straight(found[-2], found[-1], (x, y)):
            found.pop()
        found.append((x, y))
    return found


def _is_straight(one: Point, two: Point, three: Point) -> bool:
    return any(abs(one[axis] - two[axis]) < NEAR and abs(two[axis] - three[axis]) < NEAR for axis in (0, 1))
