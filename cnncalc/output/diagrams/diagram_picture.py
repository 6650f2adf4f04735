"""Diagrams as SVG."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing import svg
from cnncalc.drawing.layout import LargeError, lay_out_page
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS
from cnncalc.output.diagrams import shapes
from cnncalc.output.diagrams.diagram import Diagram

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.frames import NestedBox
    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.page import PlacedDrawing
    from cnncalc.output.diagrams.boxes import Box, Drawing

MARGIN = 24
DESCRIBED = 40  # boxes that the description for screen readers names
TITLE, SUBTITLE = 15, 11.5  # font sizes


def picture(diagram: Diagram) -> str:
    """Return the whole file."""
    placed, (width, height) = laid_out(diagram)
    parts = [element for drawing, places in zip(diagram.drawings, placed, strict=True) for element in _drawn(drawing, places, diagram)]
    head = list(_head(diagram, width))
    above = MARGIN + sum(size * 1.6 for _, size in head) + (8 if head else 0)
    y = float(MARGIN)
    lines = []
    for text, size in head:
        y += size
        lines.append(svg.text(MARGIN, y, text, size=size, faint=size < TITLE, font_weight="bold" if size >= TITLE else None))
        y += size * 0.6
    moved = svg.element("g", "\n".join(["", *parts, ""]), transform=f"translate({MARGIN} {svg.number(above)})")
    return svg.document(
        width + 2 * MARGIN, above + height + MARGIN, diagram.title or "diagram", described(diagram), [*lines, moved], shapes.STYLE
    )


def _head(diagram: Diagram, width: float) -> Iterator[tuple[str, float]]:
    """Yield the lines of the title and the subtitle, with their font sizes."""
    for text, size in ((diagram.title, TITLE), (diagram.subtitle, SUBTITLE)):
        yield from ((line, size) for line in svg.wrapped(text, size, max(width, 240)))


def described(diagram: Diagram) -> str:
    """Return the description for screen readers."""
    main = diagram.drawings[0]
    texts = [diagram.texts[box] for box in main.boxes[:DESCRIBED]]
    steps = [f"{' '.join([text.name, text.what]).strip()} ({text.volume})" for text in texts]
    more = f", and {len(main.boxes) - DESCRIBED} more" if len(main.boxes) > DESCRIBED else ""
    return f"Diagram of {len(main.boxes)} boxes, from top to bottom: {', '.join(steps)}{more}."


def laid_out(diagram: Diagram) -> tuple[list[PlacedDrawing], Point]:
    """Return the drawings on a page and its size; raise an error with alternatives if they are too large."""
    try:
        return _lay_out(diagram)
    except LargeError as error:
        hint = "--format dot or mermaid writes all of it, for other programs to draw"
        for option, fold in (("without --fold", None), ("with --fold 1", 1)):
            other = Diagram(diagram.report, diagram.options._replace(fold=fold))
            if fold != diagram.options.fold and _fits(other):
                hint = f"{option} it has {len(other.boxes):,} boxes; {hint}"
                break
        raise SpecError(Problem(f"the diagram is too large for an SVG: {error}", hint=hint)) from None


def _fits(diagram: Diagram) -> bool:
    """Return whether the diagram is within the limits."""
    try:
        _lay_out(diagram)
    except LargeError:
        return False
    return True


def _lay_out(diagram: Diagram) -> tuple[list[PlacedDrawing], Point]:
    """Return the drawings on a page, and its size."""
    layers = sum(len(box.lines) for box in diagram.boxes)  # including in-place layers
    if layers > LIMITS.picture_layers:
        raise LargeError(f"{layers:,} layers; at most {LIMITS.picture_layers:,} are drawn")
    sizes: dict[NestedBox, Point] = {box: shapes.room(box, diagram.texts[box]) for box in diagram.boxes}
    titles: dict[NestedBox, float] = {frame: -(-svg.text_width(title, shapes.SMALL) // 8) * 8 for frame, title in diagram.titles.items()}
    return lay_out_page(diagram.drawings, sizes, titles)


def _drawn(drawing: Drawing, placed: PlacedDrawing, diagram: Diagram) -> Iterator[str]:
    """Frames, lines and boxes, each above those before."""
    for frame in drawing.frames:
        place, left = placed.frames[frame]
        yield from shapes.frame(place, diagram.titles[frame], left)
    yield from _lines(drawing, placed, diagram)
    for box in drawing.boxes:
        yield shapes.drawn(box, placed.boxes[box], diagram.texts[box])


def _lines(drawing: Drawing, placed: PlacedDrawing, diagram: Diagram) -> Iterator[str]:
    """Yield the lines, grouped by source. A shared part is drawn once."""
    paths: dict[tuple[Box, bool], dict[Box, list[Point]]] = {}
    tops = {box: shapes.start(placed.boxes[box], diagram.texts[box], box) for box in drawing.boxes}
    for source, target in drawing.edges:
        points = placed.lines[source, target]
        paths.setdefault((source, target.side), {})[target] = [(points[0][0], tops[source]), *points[1:]]
    ends, starts = DrawnLines(), DrawnLines()
    for (source, dashed), targets in sorted(paths.items(), key=lambda each: each[0][1]):
        drawn = []
        for points in targets.values():
            rest = ends.undrawn(points[::-1])[::-1]
            if dashed and not source.side:
                rest = starts.undrawn(rest)
            else:
                starts.add(points)
            drawn.append(shapes.path(rest, short=rest[-1:] == points[-1:]))
        numbers = " ".join([str(target.number) for target in targets])
        yield shapes.line(drawn, dashed=dashed, data_from=str(source.number), data_to=numbers)
    for point, up in {path[-1]: path[-2][1] > path[-1][1] for targets in paths.values() for path in targets.values()}.items():
        yield shapes.head(point, up=up)


class DrawnLines:
    """The parts of lines drawn so far, by point and direction."""

    def __init__(self) -> None:
        self.reach: dict[tuple[Point, bool, bool, bool], float] = {}

    def add(self, path: Sequence[Point]) -> None:
        """Record a path as drawn."""
        for one, other in pairwise(path):
            key = _direction(one, other)
            self.reach[key] = max(self.reach.get(key, 0.0), shapes.length([one, other]))

    def undrawn(self, path: list[Point]) -> list[Point]:
        """Return the part of a path not yet drawn, plus its last corner, and record it as drawn."""
        at, meeting = 0, self._reached(path[0], path[1])
        while meeting == path[at + 1] and at + 2 < len(path):
            at += 1
            meeting = self._reached(path[at], path[at + 1])
        self.add(path)
        if meeting == path[0]:
            return path
        before = path[at] if meeting != path[at] else path[at - 1]
        return [shapes.toward(meeting, before, 2 * shapes.BOW), meeting, *path[at + 1 :]]

    def _reached(self, one: Point, other: Point) -> Point:
        """Return the point up to which a line is drawn."""
        return shapes.toward(one, other, min(self.reach.get(_direction(one, other), 0.0), shapes.length([one, other])))


def _direction(one: Point, other: Point) -> tuple[Point, bool, bool, bool]:
    """Return a point and the direction of another."""
    return one, one[0] == other[0], one[0] < other[0], one[1] < other[1]
