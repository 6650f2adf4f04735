"""Routes lines between two ranks without overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.drawing.ranks import RankNode, Segment

CLOSE = 3  # closer lines look like one
SPREAD = 16  # between the ends of lines at one item
TURN, HEIGHT, ARROW = 9, 9, 16  # distances from a rank to the first horizontal line, between these, and to the next rank
STRAIGHT = 0.5  # a smaller horizontal offset is drawn straight


class Bus:
    """Segments that share a horizontal line: all from one item, or all to one."""

    __slots__ = ("ends", "high", "low", "segments", "starts", "track")

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.track = 0
        self._measure()

    def _measure(self) -> None:
        self.starts = {start_of(each) for each in self.segments}
        self.ends = {end_of(each) for each in self.segments}
        self.low = min(*self.starts, *self.ends)
        self.high = max(*self.starts, *self.ends)

    @property
    def straight(self) -> bool:
        """Whether it needs no horizontal line."""
        return self.high - self.low < STRAIGHT

    def turn_order(self) -> tuple[int, float]:
        """Return the sort key: lines to the right turn first if they start furthest right, lines to the left if furthest left."""
        start = sum(self.starts) / len(self.starts)
        right = sum(self.ends) / len(self.ends) > start
        return (0, -start) if right else (1, start)

    def move_ends(self, others: Iterable[Bus]) -> bool:
        """Move the ends away from the starts of other lines, if the items are wide enough."""
        begun = {x for other in others for x in other.starts}
        near = {each.lower: _destination(each) for each in self.segments if any(abs(end_of(each) - x) < CLOSE for x in begun)}
        if any(node is not end or not node.item.width for node, end in near.items()):
            return False
        for each in self.segments:
            if each.lower in near:
                each.entry += 2 * CLOSE
        self._measure()
        return True


class Channel:
    """The space below a rank: buses with their tracks, and its height."""

    __slots__ = ("buses", "height")

    def __init__(self, rank: Iterable[RankNode]) -> None:
        self.buses = [Bus(group) for group in _groups([each for node in rank for each in node.downs])]
        count = _set_tracks([bus for bus in self.buses if not bus.straight])
        arrives = any(each.lower.item.height for bus in self.buses for each in bus.segments)
        self.height = (TURN + HEIGHT * max(count - 1, 0) if count or arrives else 0) + (ARROW if arrives else 0)


def start_of(segment: Segment) -> float:
    """Return the x of a segment's start."""
    return segment.upper.x + segment.exit


def end_of(segment: Segment) -> float:
    """Return the x of a segment's end."""
    return segment.lower.x + segment.entry


def _groups(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return groups of segments that can share a horizontal line. Between several items on both sides, each source has its own."""
    found = []
    for group in _connected(segments):
        if len({(each.upper, each.net) for each in group}) == 1 or len({_destination(each) for each in group}) == 1:
            found.append(group)
            continue
        _spread(group)
        by_source: dict[tuple[RankNode, int], list[Segment]] = {}
        for each in group:
            by_source.setdefault((each.upper, each.net), []).append(each)
        found += by_source.values()
    return found


def _connected(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return groups of segments connected by common ends."""
    group_of: dict[object, list[Segment]] = {}
    for each in segments:
        ends = ((each.upper, each.net), _destination(each))
        groups = {id(group): group for end in ends if (group := group_of.get(end)) is not None}
        largest = max(groups.values(), key=len, default=[])
        for group in groups.values():
            if group is not largest:
                largest += group
                for other in group:
                    group_of[other.upper, other.net] = group_of[_destination(other)] = largest
        largest.append(each)
        for end in ends:
            group_of[end] = largest
    return list({id(group): group for group in group_of.values()}.values())


def _destination(segment: Segment) -> object:
    """Return the target of a segment: an item, or its own point on one."""
    return (segment.lower, segment.net) if segment.net in segment.lower.item.entries else segment.lower


def _spread(group: Sequence[Segment]) -> None:
    """Spread the ends of lines at one item."""
    arriving: dict[RankNode, list[Segment]] = {}
    for each in group:
        if each.net not in each.lower.item.entries:
            arriving.setdefault(each.lower, []).append(each)
    for node, segments in arriving.items():
        step = min(SPREAD, node.item.width * 0.7 / len(segments))
        for i, each in enumerate(sorted(segments, key=start_of)):
            each.entry = node.item.width / 2 + step * (i - (len(segments) - 1) / 2)


def _set_tracks(buses: Sequence[Bus]) -> int:
    """Assign a track to every bus, counted from above, and return their number."""
    from heapq import heapify, heappop, heappush

    ordered = sorted(buses, key=Bus.turn_order)
    number = {bus: i for i, bus in enumerate(ordered)}
    above = _above(buses)
    below: dict[Bus, list[Bus]] = {bus: [] for bus in buses}
    for bus, others in above.items():
        for other in others:
            below[other].append(bus)
    ready = [i for i, bus in enumerate(ordered) if not above[bus]]
    heapify(ready)
    movable, stuck = iter(ordered), iter(ordered)
    done: set[Bus] = set()
    skyline = OccupiedHeights()
    while len(done) < len(buses):
        if ready:
            bus = ordered[heappop(ready)]
        else:  # a cycle: start with the first bus whose ends can be moved, else the first one
            moved = next((each for each in movable if each not in done and each.move_ends(above[each])), None)
            bus = moved or next(each for each in stuck if each not in done)
        bus.track = skyline.add(bus.low, bus.high + CLOSE)
        done.add(bus)
        for other in below[bus]:
            above[other].discard(bus)
            if not above[other] and other not in done:
                heappush(ready, number[other])
    return skyline.height


class OccupiedHeights:
    """The number of occupied tracks at every x."""

    def __init__(self) -> None:
        self.height = 0
        self._starts: list[float] = []
        self._pieces: list[tuple[float, float, int]] = []  # (low, high, tracks), side by side

    def add(self, low: float, high: float) -> int:
        """Add a line below all overlapping lines, and return its track."""
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
    """Return for each bus those that must turn before it, because they start where it ends."""
    begin: dict[int, list[tuple[float, Bus]]] = {}
    for bus in buses:
        for x in bus.starts:
            begin.setdefault(int(x // CLOSE), []).append((x, bus))
    found: dict[Bus, set[Bus]] = {}
    for bus in buses:
        near = [
            each for x in bus.ends for place in (-1, 0, 1) for each in begin.get(int(x // CLOSE) + place, ()) if abs(each[0] - x) < CLOSE
        ]
        found[bus] = {other for _, other in near if other is not bus}
    return found
