"""Routes lines between two ranks so that none covers another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.drawing.ranks import Node, Segment

CLOSE = 3  # lines that are no further apart look like one
SPREAD = 16  # between the places at which lines arrive at one thing
TURN, HEIGHT, ARROW = 9, 9, 16  # from a rank to the first horizontal line, between two, and from the last one to the next rank
STRAIGHT = 0.5  # a line that moves less far sideways goes straight


class Bus:
    """Pieces of lines that share a horizontal one: all leave one thing, or all arrive at one."""

    __slots__ = ("high", "low", "lowers", "segments", "track", "uppers")

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.track = 0
        self._measure()

    def _measure(self) -> None:
        self.uppers = {leaving(each) for each in self.segments}
        self.lowers = {arriving(each) for each in self.segments}
        self.low = min(*self.uppers, *self.lowers)
        self.high = max(*self.uppers, *self.lowers)

    @property
    def straight(self) -> bool:
        """Needs no horizontal line."""
        return self.high - self.low < STRAIGHT

    @property
    def key(self) -> tuple[int, float]:
        """Among lines to the right, those that begin furthest right turn first; among lines to the left, those furthest left."""
        start = sum(self.uppers) / len(self.uppers)
        right = sum(self.lowers) / len(self.lowers) > start
        return (0, -start) if right else (1, start)

    def evades(self, others: Iterable[Bus]) -> bool:
        """Arrive a little beside the places where others begin; only at things that are wide enough."""
        begun = {x for other in others for x in other.uppers}
        near = {each.lower: _end(each) for each in self.segments if any(abs(arriving(each) - x) < CLOSE for x in begun)}
        if any(node is not end or not node.item.width for node, end in near.items()):
            return False
        for each in self.segments:
            if each.lower in near:
                each.entry += 2 * CLOSE
        self._measure()
        return True


class Channel:
    """The space below a rank: buses, and how many heights they need."""

    __slots__ = ("buses", "height")

    def __init__(self, rank: Iterable[Node]) -> None:
        self.buses = [Bus(group) for group in _groups([each for node in rank for each in node.downs])]
        count = _set_tracks([bus for bus in self.buses if not bus.straight])
        arrives = any(each.lower.item.height for bus in self.buses for each in bus.segments)
        self.height = (TURN + HEIGHT * max(count - 1, 0) if count or arrives else 0) + (ARROW if arrives else 0)


def leaving(segment: Segment) -> float:
    """Where a piece begins."""
    return segment.upper.x + segment.exit


def arriving(segment: Segment) -> float:
    """Where it ends."""
    return segment.lower.x + segment.entry


def _groups(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The pieces that may share a horizontal line. Where several things lead to several, each keeps its own and its place to arrive."""
    found = []
    for group in _connected(segments):
        if len({(each.upper, each.net) for each in group}) == 1 or len({_end(each) for each in group}) == 1:
            found.append(group)
            continue
        _spread(group)
        by_source: dict[tuple[Node, int], list[Segment]] = {}
        for each in group:
            by_source.setdefault((each.upper, each.net), []).append(each)
        found += by_source.values()
    return found


def _connected(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Pieces that begin or end together, directly or by others."""
    group_of: dict[object, list[Segment]] = {}
    for each in segments:
        ends = ((each.upper, each.net), _end(each))
        groups = {id(group): group for end in ends if (group := group_of.get(end)) is not None}
        largest = max(groups.values(), key=len, default=[])
        for group in groups.values():
            if group is not largest:
                largest += group
                for other in group:
                    group_of[other.upper, other.net] = group_of[_end(other)] = largest
        largest.append(each)
        for end in ends:
            group_of[end] = largest
    return list({id(group): group for group in group_of.values()}.values())


def _end(segment: Segment) -> object:
    """What it arrives at: a thing, or a place of its own on one."""
    return (segment.lower, segment.net) if segment.net in segment.lower.item.entries else segment.lower


def _spread(group: Sequence[Segment]) -> None:
    """Lines that arrive at one thing arrive side by side."""
    arriving: dict[Node, list[Segment]] = {}
    for each in group:
        if each.net not in each.lower.item.entries:
            arriving.setdefault(each.lower, []).append(each)
    for node, pieces in arriving.items():
        step = min(SPREAD, node.item.width * 0.7 / len(pieces))
        for i, each in enumerate(sorted(pieces, key=leaving)):
            each.entry = node.item.width / 2 + step * (i - (len(pieces) - 1) / 2)


def _set_tracks(buses: Sequence[Bus]) -> int:
    """Give every bus a height, counted from above; what comes back is how many there are."""
    from heapq import heapify, heappop, heappush

    ordered = sorted(buses, key=lambda bus: bus.key)
    number = {bus: i for i, bus in enumerate(ordered)}
    above = _above(buses)
    below: dict[Bus, list[Bus]] = {bus: [] for bus in buses}
    for bus, others in above.items():
        for other in others:
            below[other].append(bus)
    ready = [i for i, bus in enumerate(ordered) if not above[bus]]
    heapify(ready)
    evading, others_left = iter(ordered), iter(ordered)
    done: set[Bus] = set()
    skyline = Skyline()
    while len(done) < len(buses):
        if ready:
            bus = ordered[heappop(ready)]
        else:  # each waits for another one: the first that can step aside, else the first
            able = next((each for each in evading if each not in done and each.evades(above[each])), None)
            bus = able or next(each for each in others_left if each not in done)
        bus.track = skyline.add(bus.low, bus.high + CLOSE)
        done.add(bus)
        for other in below[bus]:
            above[other].discard(bus)
            if not above[other] and other not in done:
                heappush(ready, number[other])
    return skyline.height


class Skyline:
    """How many horizontal lines stand above each other at every x."""

    def __init__(self) -> None:
        self.height = 0
        self._starts: list[float] = []
        self._pieces: list[tuple[float, float, int]] = []  # from where to where, side by side, and how many there

    def add(self, low: float, high: float) -> int:
        """Put a line below all that it would touch; what comes back is how many there are above it."""
        from bisect import bisect_left, bisect_right

        starts, pieces = self._starts, self._pieces
        first, last = bisect_left(starts, low), bisect_right(starts, high)
        first -= first > 0 and pieces[first - 1][1] >= low
        met = pieces[first:last]
        count = max([piece[2] for piece in met], default=0)
        new = [(low, high, count + 1)]
        if met and met[0][0] < low:
            new.insert(0, (met[0][0], low, met[0][2]))
        if met and met[-1][1] > high:
            new.append((high, met[-1][1], met[-1][2]))
        pieces[first:last] = new
        starts[first:last] = [start for start, _, _ in new]
        self.height = max(self.height, count + 1)
        return count


def _above(buses: Sequence[Bus]) -> dict[Bus, set[Bus]]:
    """The buses that have to turn before each: those that begin where it ends."""
    begin: dict[int, list[tuple[float, Bus]]] = {}
    for bus in buses:
        for x in bus.uppers:
            begin.setdefault(int(x // CLOSE), []).append((x, bus))
    found: dict[Bus, set[Bus]] = {}
    for bus in buses:
        near = [
            each for x in bus.lowers for place in (-1, 0, 1) for each in begin.get(int(x // CLOSE) + place, ()) if abs(each[0] - x) < CLOSE
        ]
        found[bus] = {other for _, other in near if other is not bus}
    return found
