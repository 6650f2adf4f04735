"""Diagrams as SVG."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing import svg
from cnncalc.drawing.frames import Arranged, LargeError
from cnncalc.drawing.page import placed
from cnncalc.drawing.page_columns import columns, scale
from cnncalc.drawing.turn import turned
from cnncalc.errors import Problem, SpecError
from cnncalc.output.diagrams import shapes
from cnncalc.output.diagrams.diagram import Diagram

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.page import Page
    from cnncalc.output.diagrams.boxes import Box

LAYERS = 10_000  # in the boxes of a diagram
MARGIN = 24
TOLD = 40  # boxes that the description for those who cannot see it names
TITLE, SUBTITLE = 15, 11.5  # sizes of the words above
FEW = 24  # blocks beside the network of which every arrangement is tried
BESIDE, APART = 56, 36  # between the network and the blocks beside it, and between these


def picture(diagram: Diagram) -> str:
    """The whole file."""
    pages, (width, height) = laid_out(diagram)
    parts = [element for page in pages for element in _drawn(page, diagram)]
    head = list(_head(diagram, width))
    above = MARGIN + sum(size * 1.6 for _, size in head) + (8 if head else 0)
    y = float(MARGIN)
    words = []
    for text, size in head:
        y += size
        words.append(svg.words(MARGIN, y, text, size=size, faint=size < TITLE, font_weight="bold" if size >= TITLE else None))
        y += size * 0.6
    moved = svg.element("g", "\n".join(["", *parts, ""]), transform=f"translate({MARGIN} {svg.number(above)})")
    return svg.picture(
        width + 2 * MARGIN, above + height + MARGIN, diagram.title or "diagram", described(diagram), [*words, moved], shapes.STYLE
    )


def _head(diagram: Diagram, width: float) -> Iterator[tuple[str, float]]:
    """The lines above, with their sizes."""
    for text, size in ((diagram.title, TITLE), (diagram.subtitle, SUBTITLE)):
        yield from ((line, size) for line in svg.lines(text, size, max(width, 240)))


def described(diagram: Diagram) -> str:
    """The picture in words, for those who cannot see it."""
    main = diagram.drawings[0]
    steps = [f"{' '.join([said.name, said.what]).strip()} ({said.volume})" for box in main.boxes[:TOLD] if (said := diagram.said[box])]
    more = f", and {len(main.boxes) - TOLD} more" if len(main.boxes) > TOLD else ""
    return f"Diagram of {len(main.boxes)} boxes, from top to bottom: {', '.join(steps)}{more}."


def laid_out(diagram: Diagram) -> tuple[list[Page], Point]:
    """The network in columns, the blocks beside it, and how large that is."""
    arranged = _arranged(diagram)
    main = arranged[0].insides[diagram.drawings[0].root].level
    sizes = [(root.width, root.height) for each in arranged[1:] if (root := each.insides[each.drawing.root])]
    whole = turned(main) or columns(main, lambda size: _shelves(sizes, size)[1])
    corners, (width, height) = _shelves(sizes, (whole.width, whole.height))
    pages = [placed(arranged[0], (0.0, 0.0), whole)]
    pages += [placed(each, (whole.width + x, y)) for each, (x, y) in zip(arranged[1:], corners, strict=True)]
    return pages, (whole.width + width, max(whole.height, height))


def _arranged(diagram: Diagram) -> list[Arranged]:
    """Every drawing laid out, or the error that says what can be drawn instead."""
    try:
        return _each_arranged(diagram)
    except LargeError as error:
        hint = "--format dot or mermaid writes all of it, for other programs to draw"
        for option, fold in (("without --fold", None), ("with --fold 1", 1)):
            other = Diagram(diagram.report, diagram.options._replace(fold=fold))
            if fold != diagram.options.fold and _fits(other):
                hint = f"{option} it has {len(other.boxes):,} boxes; {hint}"
                break
        raise SpecError(Problem(str(error), hint=hint)) from None


def _fits(diagram: Diagram) -> bool:
    """It is not too large."""
    try:
        _each_arranged(diagram)
    except LargeError:
        return False
    return True


def _each_arranged(diagram: Diagram) -> list[Arranged]:
    """Every drawing laid out."""
    layers = sum(len(box.lines) for box in diagram.boxes)  # those that work in place as well
    if layers > LAYERS:
        raise LargeError(f"a diagram of {layers:,} layers; as SVG, at most {LAYERS:,} are drawn")
    found: list[Arranged] = []
    for drawing in diagram.drawings:
        sizes = {box: shapes.room(box, diagram.said[box]) for box in drawing.boxes}
        titles = {frame: -(-svg.breadth(diagram.titles[frame], shapes.SMALL) // 8) * 8 for frame in drawing.frames}
        found.append(Arranged(drawing, sizes, titles, spans=found[-1].spans if found else 0))
    return found


def _shelves(sizes: Sequence[Point], main: Point) -> tuple[list[Point], Point]:
    """Where the blocks beside a network stand, and how much room they take: in rows or in columns, as makes the largest picture."""
    if not sizes:
        return [], (0.0, 0.0)
    found = []
    for across in (False, True):
        along = [size[not across] for size in sizes]  # their heights in columns, their widths in rows
        least = max(along) if across else max(main[1], *along)
        found += [_stacked(sizes, limit, across=across) for limit in sorted({least, *[run for run in _runs(along) if run > least]})]
    return max(found, key=lambda each: scale(main[0] + each[1][0], max(main[1], each[1][1])))


def _runs(along: Sequence[float]) -> set[float]:
    """How long neighbours are together; of many blocks, all on one shelf, on two, on four, and in between."""
    ends = [0.0, *accumulate(each + APART for each in along)]
    if len(along) > FEW:
        return {ends[-1] / 2 ** (halves / 2) for halves in range(12)}
    return {ends[j] - ends[i] - APART for i in range(len(along)) for j in range(i + 1, len(ends))}


def _stacked(sizes: Sequence[Point], limit: float, *, across: bool) -> tuple[list[Point], Point]:
    """One after the other in columns of a height, or in rows of a width."""
    corners: list[Point] = []
    place, shelf, deep, farthest = 0.0, 0.0, 0.0, 0.0
    for size in sizes:
        long, wide = size[not across], size[across]
        if place and place + long > limit + 0.1:
            place, shelf, deep = 0.0, shelf + deep + APART, 0.0
        corners.append((place + BESIDE, shelf) if across else (shelf + BESIDE, place))
        deep, farthest = max(deep, wide), max(farthest, place + long)
        place += long + APART
    return corners, (farthest + BESIDE, shelf + deep) if across else (shelf + deep + BESIDE, farthest)


def _drawn(page: Page, diagram: Diagram) -> Iterator[str]:
    """Frames, lines and boxes, each above those before."""
    for frame, (place, left) in page.frames.items():
        yield from shapes.frame(place, diagram.titles[frame], left)
    yield from _lines(page, diagram)
    for box, place in page.boxes.items():
        yield shapes.drawn(box, place, diagram.said[box])


def _lines(page: Page, diagram: Diagram) -> Iterator[str]:
    """The lines, those that leave one box together. What several share is drawn once: where they arrive, and where some turn aside."""
    ways: dict[tuple[Box, bool], dict[Box, list[Point]]] = {}
    tops = {box: shapes.start(place, diagram.said[box], box) for box, place in page.boxes.items()}
    for (source, target), points in page.lines.items():
        ways.setdefault((source, target.side), {})[target] = [(points[0][0], tops[source]), *points[1:]]
    ends, starts = Drawn(), Drawn()
    for (source, dashed), targets in sorted(ways.items(), key=lambda each: each[0][1]):
        paths = []
        for points in targets.values():
            rest = ends.rest(points[::-1])[::-1]
            if dashed and not source.side:
                rest = starts.rest(rest)
            else:
                starts.note(points)
            paths.append(shapes.path(rest, short=rest[-1:] == points[-1:]))
        numbers = " ".join([str(target.number) for target in targets])
        yield shapes.line(paths, dashed=dashed, data_from=str(source.number), data_to=numbers)
    for point, up in {way[-1]: way[-2][1] > way[-1][1] for targets in ways.values() for way in targets.values()}.items():
        yield shapes.head(point, up=up)


class Drawn:
    """How far lines are drawn already: from which points, in which directions."""

    def __init__(self) -> None:
        self.reach: dict[tuple[Point, bool, bool, bool], float] = {}

    def note(self, way: Sequence[Point]) -> None:
        """This is drawn."""
        for one, other in pairwise(way):
            key = _towards(one, other)
            self.reach[key] = max(self.reach.get(key, 0.0), shapes.length([one, other]))

    def rest(self, way: list[Point]) -> list[Point]:
        """What of a way is to be drawn yet, with a bit of the part before, from which it turns."""
        at, meeting = 0, self._reached(way[0], way[1])
        while meeting == way[at + 1] and at + 2 < len(way):
            at += 1
            meeting = self._reached(way[at], way[at + 1])
        self.note(way)
        if meeting == way[0]:
            return way
        before = way[at] if meeting != way[at] else way[at - 1]
        return [shapes.toward(meeting, before, 2 * shapes.BOW), meeting, *way[at + 1 :]]

    def _reached(self, one: Point, other: Point) -> Point:
        """How far the way from one point to another is drawn."""
        return shapes.toward(one, other, min(self.reach.get(_towards(one, other), 0.0), shapes.length([one, other])))


def _towards(one: Point, other: Point) -> tuple[Point, bool, bool, bool]:
    """A point and a direction."""
    return one, one[0] == other[0], one[0] < other[0], one[1] < other[1]
