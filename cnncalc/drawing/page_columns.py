"""Breaks a long drawing into columns that fit a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.drawing.levels import Level, Point
    from cnncalc.drawing.ranks import Node, Segment

PAGE = 1.3  # width by height: what suits slides and screens
TALLEST = 2  # height by width of a picture that needs no breaks where several lines lead on
BETTER, WORSE = 1.1, 0.75  # what makes another column worth its while, and when there is no use in trying more
COLUMNS, BEND, LANE = 44, 6, 8  # between columns; from their ends to the lines that lead on, and from one of these to the next
MANY = 3  # lines that may lead on at once


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

    def corner(self, item: int) -> Point:
        """Where an item stands."""
        x, y = self.level.corner(item)
        dx, dy = self._shift(self.level.ranked.nodes[item].rank)
        return x + dx, y + dy

    def upward(self, item: int) -> bool:
        """All is drawn downward."""
        return False

    def way(self, net: int, item: int) -> list[Point]:
        """The way of a net to an item."""
        return [point for piece in self.level.way(net, item) for point in self._piece(piece)]

    def _shift(self, rank: int) -> Point:
        """How far the things of a rank are moved."""
        return self.shifts[self.column[rank]]

    def _piece(self, segment: Segment) -> list[Point]:
        """The way of a piece; at a break it goes around: below the column, up beside it, and down into the next."""
        points = self.level.piece(segment)
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
        for count in _counts(len(waists) + 1):
            broken = Columns(level, _breaks(level, waists, count))
            reached = _scale(broken, aside)
            if reached > BETTER * best:
                found, best = broken, reached
            elif reached < WORSE * best:
                break
        if found.height <= TALLEST * found.width:
            break
    return found


def _counts(most: int) -> Iterator[int]:
    """Numbers of columns to try; of many, one in twenty."""
    count = 2
    while count <= most:
        yield count
        count += max(1, count // 20)


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
