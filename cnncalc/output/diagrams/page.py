"""A drawing on a page: frames laid out go in, out comes where each box, frame and line is, in as many columns as suit the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.output.diagrams.boxes import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.output.diagrams.boxes import Child, Frame
    from cnncalc.output.diagrams.frames import Arranged
    from cnncalc.output.diagrams.levels import Level, Point
    from cnncalc.output.diagrams.ranks import Node, Segment

    Pieces = dict[tuple[Frame | None, Box, Child | None], list[Point]]

PAGE = 1.3  # width by height: what suits slides and screens
TALLEST = 2  # height by width of a picture that needs no breaks where several lines lead on
BETTER, WORSE = 1.1, 0.75  # what makes another column worth its while, and when there is no use in trying more
NEAR = 0.01
COLUMNS, BEND, LANE = 44, 6, 8  # between columns; from their ends to the lines that lead on, and from one of these to the next
MANY = 3  # lines that may lead on at once


class Place(NamedTuple):
    """Left, top, width and height."""

    x: float
    y: float
    width: float
    height: float


class Page:
    """Where everything is."""

    def __init__(self) -> None:
        self.boxes: dict[Box, Place] = {}
        self.frames: dict[Frame, tuple[Place, float]] = {}  # with the left edge of the title
        self.lines: dict[tuple[Box, Box], list[Point]] = {}


class Columns:
    """The outermost level, broken where few lines lead on."""

    def __init__(self, level: Level, breaks: Sequence[int] = ()) -> None:
        self.level = level
        self.breaks = {rank: column for column, rank in enumerate(breaks)}  # behind which a column ends
        self.lanes = [_lanes(level, rank) for rank in breaks]  # of the lines that lead on, the innermost first
        self.shifts: list[Point] = []  # of columns
        self.bottoms: list[float] = []
        self.rights: list[float] = []
        x = 0.0
        top = BEND + LANE * max(map(len, self.lanes), default=0) if breaks else 0.0
        starts, ends = [0, *[rank + 1 for rank in breaks]], [*breaks, len(level.tops) - 1]
        for start, end in zip(starts, ends, strict=True):
            left, right = _extent(level, start, end)
            self.shifts.append((x - left, top - level.tops[start]))
            self.bottoms.append(top + level.bottoms[end] - level.tops[start])
            self.rights.append(x + right - left)
            x = self.rights[-1] + COLUMNS
        self.column = [column for column, (start, end) in enumerate(zip(starts, ends, strict=True)) for _ in range(start, end + 1)]
        self.width = self.rights[-1]
        self.height = max(bottom + BEND + LANE * len(lanes) for bottom, lanes in zip(self.bottoms, [*self.lanes, ()], strict=True))

    def shift(self, rank: int) -> Point:
        """How far the things of a rank are moved."""
        return self.shifts[self.column[rank]]

    def piece(self, segment: Segment) -> list[Point]:
        """The way of a piece; at a break it goes around: below the column, up beside it, and down into the next."""
        points = self.level.piece(segment)
        rank = segment.upper.rank
        dx, dy = self.shift(rank)
        if rank not in self.breaks:
            return [(x + dx, y + dy) for x, y in points]
        column = self.breaks[rank]
        lanes = self.lanes[column]
        lane = LANE * lanes.index((segment.upper, segment.net))
        (start, above), (end, below) = points[0], points[-1]
        to_x, to_y = self.shift(rank + 1)
        under, over = self.bottoms[column] + BEND + lane, lane
        beside = self.rights[column] + COLUMNS / 2 + lane - LANE * (len(lanes) - 1) / 2
        return [
            (start + dx, above + dy),
            (start + dx, under),
            (beside, under),
            (beside, over),
            (end + to_x, over),
            (end + to_x, below + to_y),
        ]


def _lanes(level: Level, rank: int) -> list[tuple[Node, int]]:
    """What goes on below a rank, from the right: in this order, ways around do not cross."""
    ends = {(each.upper, each.net): each.upper.x + each.exit for node in level.ranked.ranks[rank] for each in node.downs}
    return sorted(ends, key=lambda end: -ends[end])


def _extent(level: Level, start: int, end: int) -> tuple[float, float]:
    """Left and right edge of some ranks."""
    nodes = [node for rank in level.ranked.ranks[start : end + 1] for node in rank]
    return min(node.x for node in nodes), max(node.x + node.item.width for node in nodes)


def scale(width: float, height: float) -> float:
    """How large a picture can be on a page."""
    return min(PAGE / max(width, 1), 1 / max(height, 1))


def columns(level: Level, aside: Callable[[Point], Point]) -> Columns:
    """The columns that make the largest picture on a page; `aside` is how much room the drawings beside it take, if it is so large."""
    found = Columns(level)
    best = _scale(found, aside)
    for most in range(1, MANY + 1):
        waists = [rank for rank in range(len(level.tops) - 1) if _narrow(level, rank, most)]
        for count in range(2, len(waists) + 2):
            broken = Columns(level, _breaks(level, waists, count))
            reached = _scale(broken, aside)
            if reached > BETTER * best:
                found, best = broken, reached
            elif reached < WORSE * best:
                break
        if found.height <= TALLEST * found.width:
            break
    return found


def _scale(found: Columns, aside: Callable[[Point], Point]) -> float:
    width, height = aside((found.width, found.height))
    return scale(found.width + width, max(found.height, height))


def _narrow(level: Level, rank: int, most: int) -> bool:
    """No more lines than `most` lead on below a rank, and none of them turns aside there."""
    pieces = [each for node in level.ranked.ranks[rank] for each in node.downs]
    asides = any(each.lower.item.side and not each.upper.item.side for each in pieces)
    return not asides and len({(each.upper, each.net) for each in pieces}) <= most


def _breaks(level: Level, waists: Sequence[int], count: int) -> list[int]:
    """Where to break for so many columns of about the same height."""
    most = level.height / count
    while len(found := _filled(level, waists, most)) >= count:
        most *= 1.04
    return found


def _filled(level: Level, waists: Sequence[int], most: float) -> list[int]:
    """The breaks of columns that are no taller, where that can be."""
    found: list[int] = []
    start, before = 0, -1
    for rank in (*waists, len(level.tops) - 1):
        if level.bottoms[rank] - level.tops[start] > most and before >= start:
            found.append(before)
            start = before + 1
        before = rank
    return found


def placed(arranged: Arranged, at: Point = (0.0, 0.0), whole: Columns | None = None) -> Page:
    """Where everything of a drawing is, on a page that begins at a point."""
    page = Page()
    root = arranged.drawing.root
    columns = whole or Columns(arranged.insides[root].level)
    pieces: Pieces = {}
    _put(arranged, root, columns, at, page, pieces)
    for source, target in arranged.drawing.edges:
        page.lines[source, target] = joined(_way(source, target, pieces))
    return page


def _put(arranged: Arranged, frame: Frame, columns: Columns, at: Point, page: Page, pieces: Pieces) -> None:
    """The things inside a frame, and the ways of its lines."""
    inside = arranged.insides[frame]
    level = columns.level
    for number, child in zip(inside.places, frame.children, strict=True):
        x, y = level.corner(number)
        dx, dy = columns.shift(level.ranked.nodes[number].rank)
        corner = (at[0] + x + dx, at[1] + y + dy)
        if isinstance(child, Box):
            page.boxes[child] = Place(*corner, *arranged.sizes[child])
        else:
            inner = arranged.insides[child]
            page.frames[child] = (Place(*corner, inner.width, inner.height), corner[0] + inner.title)
            content = (corner[0] + inner.corner[0], corner[1] + inner.corner[1])
            _put(arranged, child, Columns(inner.level), content, page, pieces)
    index = dict(zip(frame.children, inside.places, strict=True))
    out = inside.places.stop
    for net, (box, wire) in enumerate(arranged.wires[frame].items()):
        for target in wire.targets:
            number = out if target is None else index[target]
            way = [point for each in level.way(net, number) for point in columns.piece(each)]
            pieces[frame, box, target] = [(at[0] + x, at[1] + y) for x, y in way]
        out += None in wire.targets


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
