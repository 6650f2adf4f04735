"""Parses diagrams: the lines expected from the report, and the boxes and lines in a text or page."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree

import cnncalc
from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.page import PlacedDrawing, Placement
    from cnncalc.output.diagrams.boxes import Box, Frame
    from cnncalc.propagate.report import Report

    Edges = set[tuple[int, int]]

SVG = "{http://www.w3.org/2000/svg}"
NEAR = 0.01


def drawn(network: str | dict[str, Any], fold: int | None = None, **options: Any) -> tuple[Report, Diagram]:
    report = cnncalc.analyze(network, **options)
    return report, Diagram(report, DiagramOptions(fold, details=False))


def expected(report: Report, found: Diagram) -> Edges:
    """The lines that the rows of a report ask for, between the boxes in which they are; an identity stands for what it takes from."""
    inside = {row.path: box.number for box in found.drawings[0].boxes for line in box.lines for row in line.rows}
    for row in report.rows:
        if row.path not in inside:
            assert row.kind == "identity"
            inside[row.path] = inside[row.sources[0]]
    pairs = {(inside[source], inside[row.path]) for row in report.rows for source in row.sources}
    return {(source, target) for source, target in pairs if source != target}


def edges_of_dot(text: str) -> Edges:
    return {(int(source), int(target)) for source, target in re.findall(r"^  n(\d+) -> n(\d+)(?: \[style=dashed\])?;$", text, re.MULTILINE)}


def edges_of_mermaid(text: str) -> Edges:
    return {(int(source), int(target)) for source, target in re.findall(r"^  n(\d+) (?:-->|-\.->) n(\d+)$", text, re.MULTILINE)}


def edges_of_svg(text: str) -> Edges:
    lines = [each for each in ElementTree.fromstring(text).iter(f"{SVG}path") if "data-from" in each.attrib]
    return {(int(each.attrib["data-from"]), int(target)) for each in lines for target in each.attrib["data-to"].split()}


def boxes(page: PlacedDrawing) -> dict[Box, Placement]:
    """The boxes of a network on a page."""
    return cast("dict[Box, Placement]", page.boxes)


def frames(page: PlacedDrawing) -> dict[Frame, tuple[Placement, float]]:
    """The frames of a network on a page."""
    return cast("dict[Frame, tuple[Placement, float]]", page.frames)


def lines(page: PlacedDrawing) -> dict[tuple[Box, Box], list[Point]]:
    """The lines of a network on a page."""
    return cast("dict[tuple[Box, Box], list[Point]]", page.lines)


def faults(page: PlacedDrawing) -> Iterator[str]:
    """What must not be on a page: boxes on boxes, lines through boxes or upon each other, frames around what is not theirs."""
    places = list(boxes(page).items())
    for i, (box, place) in enumerate(places):
        yield from (f"{box.path} on {other.path}" for other, there in places[i + 1 :] if _meet(place, there))
    for frame, (around, _) in frames(page).items():
        for box, place in places:
            inside = _is_inside(box, frame)
            if inside != _meet(around, place) or (inside and not _holds(around, place)):
                yield f"{box.path} and the frame {frame.path}"
    for (source, target), points in lines(page).items():
        name = f"{source.path} to {target.path}"
        yield from (f"{name} {fault}" for fault in _ends(page.boxes[source], page.boxes[target], points))
        for one, other in pairwise(points):
            yield from (f"{name} through {box.path}" for box, place in places if _crosses(one, other, place))
    yield from _upon(page)


def _ends(here: Placement, there: Placement, points: list[Point]) -> Iterator[str]:
    """A line leaves its box below, arrives from above (on the way up, the other way round), and has only right angles."""
    (x, y), (end, last) = points[0], points[-1]
    out, into = here.y if here.up else here.y + here.height, there.y + there.height if there.up else there.y
    if not (here.x < x < here.x + here.width and abs(out - y) < NEAR and (points[1][1] < y) == here.up):
        yield "begins elsewhere"
    if not (there.x < end < there.x + there.width and abs(into - last) < NEAR and (points[-2][1] > last) == there.up):
        yield "ends elsewhere"
    if any(abs(one[0] - other[0]) > NEAR and abs(one[1] - other[1]) > NEAR for one, other in pairwise(points)):
        yield "is slanted"


def _upon(page: PlacedDrawing) -> Iterator[str]:
    """Lines that have nothing to do with each other and share a piece of their way."""
    runs: dict[tuple[int, float], list[tuple[float, float, tuple[Box, Box]]]] = defaultdict(list)
    for edge, points in lines(page).items():
        for one, other in pairwise(points):
            axis = 0 if abs(one[0] - other[0]) < NEAR else 1
            start, end = sorted((one[1 - axis], other[1 - axis]))
            runs[axis, round(one[axis], 1)].append((start, end, edge))
    for pieces in runs.values():
        pieces.sort(key=lambda piece: piece[:2])
        for i, (_, last, (source, target)) in enumerate(pieces):
            for first, _, (above, below) in pieces[i + 1 :]:
                if first < last - NEAR and above is not source and below is not target:
                    yield f"{source.path} to {target.path} upon {above.path} to {below.path}"


def _is_inside(box: Box, frame: object) -> bool:
    around: Any = box.parent
    while around is not None and around is not frame:
        around = around.parent
    return around is frame


def _meet(one: Placement, other: Placement) -> bool:
    across = one.x < other.x + other.width - NEAR and other.x < one.x + one.width - NEAR
    return across and one.y < other.y + other.height - NEAR and other.y < one.y + one.height - NEAR


def _holds(one: Placement, other: Placement) -> bool:
    across = one.x <= other.x and other.x + other.width <= one.x + one.width
    return across and one.y <= other.y and other.y + other.height <= one.y + one.height


def _crosses(one: tuple[float, float], other: tuple[float, float], place: Placement) -> bool:
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    inside = 0.5
    across = left < place.x + place.width - inside and right > place.x + inside
    return across and top < place.y + place.height - inside and bottom > place.y + inside
