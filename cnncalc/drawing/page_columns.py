"""Breaks a long drawing into columns that fit a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.drawing.levels import GraphLayout, Point
    from cnncalc.drawing.ranks import RankNode, Segment

PAGE = 1.3  # ratio of width to height that suits slides and screens
TALLEST = 2  # drawings below this ratio of height to width are not broken where several lines continue
BETTER, WORSE = 1.1, 0.75  # a further column must enlarge the drawing by BETTER; below WORSE, no more are tried
COLUMNS, BEND, LANE = 44, 6, 8  # distances between columns, from columns to the lines between them, and between these lines
MANY = 3  # limit of lines from one column to the next


class PageColumns:
    """The outermost graph, broken into columns where few lines continue."""

    def __init__(self, layout: GraphLayout, breaks: Sequence[int] = ()) -> None:
        self.layout = layout
        self.breaks = {rank: column for column, rank in enumerate(breaks)}  # last rank of each column
        self.lanes = [_lanes(layout, rank) for rank in breaks]  # of the continuing lines, innermost first
        self.shifts: list[Point] = []  # of columns
        self.bottoms: list[float] = []
        self.rights: list[float] = []
        x = 0.0
        top = BEND + LANE * max(map(len, self.lanes), default=0) if breaks else 0.0
        starts, ends = [0, *[rank + 1 for rank in breaks]], [*breaks, len(layout.tops) - 1]
        for start, end in zip(starts, ends, strict=True):
            left, right = _extent(layout, start, end)
            self.shifts.append((x - left, top - layout.tops[start]))
            self.bottoms.append(top + layout.bottoms[end] - layout.tops[start])
            self.rights.append(x + right - left)
            x = self.rights[-1] + COLUMNS
        self.column = [column for column, (start, end) in enumerate(zip(starts, ends, strict=True)) for _ in range(start, end + 1)]
        self.width = self.rights[-1]
        self.height = max(bottom + BEND + LANE * len(lanes) for bottom, lanes in zip(self.bottoms, [*self.lanes, ()], strict=True))

    def corner(self, item: int) -> Point:
        """Return the top left corner of an item."""
        x, y = self.layout.corner(item)
        dx, dy = self._shift(self.layout.graph.nodes[item].rank)
        return x + dx, y + dy

    def upward(self, item: int) -> bool:
        """Return False: everything is drawn downward."""
        return False

    def path(self, net: int, item: int) -> list[Point]:
        """Return the corners of the line from the source of a net to an item."""
        return [point for segment in self.layout.path(net, item) for point in self._points(segment)]

    def _shift(self, rank: int) -> Point:
        """Return the shift of the items of a rank."""
        return self.shifts[self.column[rank]]

    def _points(self, segment: Segment) -> list[Point]:
        """Return the corners of a segment; at a break it goes below the column, up beside it, and down into the next."""
        points = self.layout.points(segment)
        rank = segment.upper.rank
        dx, dy = self._shift(rank)
        if rank not in self.breaks:
            return [(x + dx, y + dy) for x, y in points]
        column = self.breaks[rank]
        lanes = self.lanes[column]
        lane = LANE * lanes.index((segment.upper, segment.net))
        (start, above), (end, below) = points[0], points[-1]
        to_x, to_y = self._shift(rank + 1)
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


def _lanes(layout: GraphLayout, rank: int) -> list[tuple[RankNode, int]]:
    """Return the lines that continue below a rank, from the right, so that they do not cross on the way to the next column."""
    ends = {(each.upper, each.net): each.upper.x + each.exit for node in layout.graph.ranks[rank] for each in node.downs}
    return sorted(ends, key=lambda end: -ends[end])


def _extent(layout: GraphLayout, start: int, end: int) -> tuple[float, float]:
    """Return the left and right edge of some ranks."""
    nodes = [node for rank in layout.graph.ranks[start : end + 1] for node in rank]
    return min(node.x for node in nodes), max(node.x + node.item.width for node in nodes)


def page_scale(width: float, height: float) -> float:
    """Return the scale of a drawing on a page."""
    return min(PAGE / max(width, 1), 1 / max(height, 1))


def break_into_columns(layout: GraphLayout, beside: Callable[[Point], Point]) -> PageColumns:
    """Return the columns that give the largest scale; `beside` returns the total size including drawings at the side."""
    found = PageColumns(layout)
    best = _scale(found, beside)
    for most in range(1, MANY + 1):
        waists = [rank for rank in range(len(layout.tops) - 1) if _is_narrow(layout, rank, most)]
        for count in _counts(len(waists) + 1):
            broken = PageColumns(layout, _breaks(layout, waists, count))
            reached = _scale(broken, beside)
            if reached > BETTER * best:
                found, best = broken, reached
            elif reached < WORSE * best:
                break
        if found.height <= TALLEST * found.width:
            break
    return found


def _counts(most: int) -> Iterator[int]:
    """Return numbers of columns to try; for many, one in twenty."""
    count = 2
    while count <= most:
        yield count
        count += max(1, count // 20)


def _scale(columns: PageColumns, beside: Callable[[Point], Point]) -> float:
    width, height = beside((columns.width, columns.height))
    return page_scale(columns.width + width, max(columns.height, height))


def _is_narrow(layout: GraphLayout, rank: int, most: int) -> bool:
    """Return whether few lines continue below a rank, all of them straight."""
    segments = [each for node in layout.graph.ranks[rank] for each in node.downs]
    asides = any(each.lower.item.side and not each.upper.item.side for each in segments)
    return not asides and len({(each.upper, each.net) for each in segments}) <= most


def _breaks(layout: GraphLayout, waists: Sequence[int], count: int) -> list[int]:
    """Return the ranks after which to break, for columns of about equal height."""
    most = layout.height / count
    while len(found := _filled(layout, waists, most)) >= count:
        most *= 1.04
    return found


def _filled(layout: GraphLayout, waists: Sequence[int], most: float) -> list[int]:
    """Return breaks for columns that are not taller, if possible."""
    found: list[int] = []
    start, before = 0, -1
    for rank in (*waists, len(layout.tops) - 1):
        if layout.bottoms[rank] - layout.tops[start] > most and before >= start:
            found.append(before)
            start = before + 1
        before = rank
    return found
