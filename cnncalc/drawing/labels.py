"""Places labels of points without overlaps."""

from __future__ import annotations

from math import cos, hypot, inf, pi, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    LineEnds = tuple[float, float, float, float]

RINGS = (0, 10, 20, 30, 40, 52, 64, 80, 100, 120, 145, 170)  # distances from the disc
BESIDE = (0, 16, 24, 8, 28, 4, 20, 12)  # directions, in parts of a circle of 32: right, left, up, down, the corners
TURNS = (*BESIDE, *(turn for turn in range(32) if turn % 4))
EVICTION = 60.0  # cost of evicting a label, as a distance
GROWTH = 1.5  # factor by which each further eviction of the same label costs more
ROUNDS, PATIENCE = 10, 2  # limit of rounds; stops after PATIENCE rounds without progress
COVERING = 40  # cost of covering a part of a disc, as a distance
MIDDLE = 3  # radius of the part of a disc that labels must not cover


class Rectangle(NamedTuple):
    """A rectangle; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """Return whether two rectangles overlap in more than an edge."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Rectangle) -> bool:
        """Return whether it is inside another rectangle."""
        return self.left >= other.left and self.top >= other.top and self.right <= other.right and self.bottom <= other.bottom

    def crossed_by(self, line: LineEnds) -> bool:
        """Return whether a line crosses the rectangle, by clipping it."""
        x1, y1, x2, y2 = line
        start, end = 0.0, 1.0
        for at, step, low, high in ((x1, x2 - x1, self.left, self.right), (y1, y2 - y1, self.top, self.bottom)):
            if not step:
                if not low < at < high:
                    return False
                continue
            first, last = sorted(((low - at) / step, (high - at) / step))
            start, end = max(start, first), min(end, last)
        return start < end


class Disc(NamedTuple):
    """A point drawn as a disc."""

    x: float
    y: float
    radius: float

    def near(self, box: Rectangle) -> bool:
        """Return whether its bounding box, or the part that must stay free, overlaps a rectangle."""
        x, y, reach = self.x, self.y, max(self.radius, MIDDLE)
        return x + reach > box.left and x - reach < box.right and y + reach > box.top and y - reach < box.bottom

    def overlaps(self, box: Rectangle) -> bool:
        """Return whether it overlaps a rectangle."""
        dx = self.x - min(max(self.x, box.left), box.right)
        dy = self.y - min(max(self.y, box.top), box.bottom)
        return dx * dx + dy * dy < self.radius * self.radius


class LabelPlace:
    """A possible position of a label: rectangle, text anchor, distance and leader line."""

    __slots__ = ("anchor", "bounds", "box", "distance", "leader", "line")

    def __init__(self, box: Rectangle, anchor: str = "middle", distance: float = 0, leader: LineEnds | None = None) -> None:
        self.box = box
        self.anchor = anchor
        self.distance = distance
        self.leader = leader
        self.bounds = box
        self.line: LineEnds | None = None  # without its start, since lines from the same point meet there
        if leader is not None:
            x1, y1, x2, y2 = leader
            part = min(MIDDLE / (hypot(x2 - x1, y2 - y1) or 1), 0.5)
            self.line = (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part, x2, y2)
            self.bounds = Rectangle(min(box.left, x1, x2), min(box.top, y1, y2), max(box.right, x1, x2), max(box.bottom, y1, y2))

    def overlaps(self, other: LabelPlace) -> bool:
        """Return whether the labels or leader lines of two places collide."""
        if not self.bounds.overlaps(other.bounds):
            return False
        if self.box.overlaps(other.box):
            return True
        mine, its = self.line, other.line
        return (
            (mine is not None and other.box.crossed_by(mine))
            or (its is not None and self.box.crossed_by(its))
            or (mine is not None and its is not None and _cross(mine, its))
        )


class LabelChoice:
    """The possible places of one label, nearest first; costs are computed on demand."""

    __slots__ = ("costs", "discs", "places", "reach")

    def __init__(self, places: Iterable[LabelPlace], area: Rectangle, discs: Sequence[Disc]) -> None:
        self.places = [place for place in places if place.box.within(area)]
        corners = list(zip(*[place.bounds for place in self.places], strict=True)) or [(0.0,)] * 4
        self.reach = Rectangle(min(corners[0]), min(corners[1]), max(corners[2]), max(corners[3]))
        self.discs = [disc for disc in discs if disc.near(self.reach)]
        self.costs: dict[int, float] = {}

    def cost(self, at: int) -> float:
        """Return the cost of a place: its distance plus covered discs; infinite on the middle of one."""
        if at not in self.costs:
            place = self.places[at]
            near = [disc for disc in self.discs if disc.near(place.bounds)]
            blocked = any(_blocks(disc, place) for disc in near)
            on = not blocked and any(disc.overlaps(place.box) for disc in near)
            self.costs[at] = inf if blocked else place.distance + at / 100 + (COVERING if on else 0)
        return self.costs[at]

    def cheapest(self, taken: Mapping[int, LabelPlace], eviction: Sequence[float]) -> tuple[LabelPlace | None, list[int]]:
        """Return the place with the lowest cost, and the labels it would evict."""
        least, best, out = inf, None, []
        near = [(i, other) for i, other in taken.items() if other.bounds.overlaps(self.reach)]
        for at, place in enumerate(self.places):
            if place.distance >= least:
                break
            cost = self.cost(at)
            met: list[int] = []
            for i, other in near:
                if cost >= least:
                    break
                if place.overlaps(other):
                    cost += eviction[i]
                    met.append(i)
            if cost < least:
                least, best, out = cost, place, met
        return best, out


def place_labels(wanted: Sequence[Iterable[LabelPlace]], area: Rectangle, discs: Sequence[Disc]) -> list[LabelPlace | None]:
    """Place labels inside an area without covering labels, lines or middles of discs; None for labels without room.

    Labels are placed one by one. A label without room can evict others, which are then placed again. Evicting the same label costs more
    every time, so that this terminates.
    """
    choices = [LabelChoice(places, area, discs) for places in wanted]
    taken: dict[int, LabelPlace] = {}
    best: dict[int, LabelPlace] = {}
    eviction = [EVICTION] * len(wanted)
    waiting = sorted(range(len(wanted)), key=lambda i: -_crowd(discs[i], discs))
    better = 0
    for step in range(ROUNDS * len(wanted)):
        if not waiting or step - better > PATIENCE * len(wanted):
            break
        chosen = waiting.pop(0)
        place, out = choices[chosen].cheapest(taken, eviction)
        for each in out:
            del taken[each]
            eviction[each] *= GROWTH
            waiting.append(each)
        if place is not None:
            taken[chosen] = place
        if len(taken) > len(best):
            best, better = dict(taken), step
    for i in sorted(set(range(len(wanted))) - set(best)):  # still without room: try once more without eviction
        place, _ = choices[i].cheapest(best, [inf] * len(wanted))
        if place is not None:
            best[i] = place
    return [best.get(i) for i in range(len(wanted))]


def _crowd(disc: Disc, discs: Sequence[Disc]) -> float:
    """Return how crowded the neighbourhood of a disc is."""
    return sum(1 / (1 + hypot(disc.x - other.x, disc.y - other.y) / 40) for other in discs)


def _blocks(disc: Disc, place: LabelPlace) -> bool:
    """Return whether a label or its line covers the middle of a disc other than its own."""
    middle = Rectangle(disc.x - MIDDLE, disc.y - MIDDLE, disc.x + MIDDLE, disc.y + MIDDLE)
    if middle.overlaps(place.box):
        return True
    line = place.leader
    return line is not None and hypot(line[0] - disc.x, line[1] - disc.y) > 2 * MIDDLE and middle.crossed_by(line)


def _cross(one: LineEnds, other: LineEnds) -> bool:
    """Return whether two lines intersect."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other

    def side(px: float, py: float, qx: float, qy: float, x: float, y: float) -> float:
        return (qx - px) * (y - py) - (qy - py) * (x - px)

    return (
        side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) <= 0
        and side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) <= 0
    )


def places_around(disc: Disc, width: float, height: float, *, gap: float = 3) -> Iterator[LabelPlace]:
    """Yield places around a disc: beside, above, below, at the corners, then further away with a leader line."""
    for i, distance in enumerate(RINGS):
        for turn in TURNS if i else BESIDE:
            dx, dy = round(cos(turn * pi / 16), 6), round(sin(turn * pi / 16), 6)
            reach = disc.radius + gap + distance
            x, y = disc.x + dx * reach, disc.y + dy * reach  # the nearest point of the box
            left = x - (0 if dx > 0 else width if dx < 0 else width / 2)
            top = y - (height / 2 if not dy else 0 if dy > 0 else height)
            leader = (disc.x, disc.y, x - dx, y - dy) if i else None
            anchor = "start" if dx > 0 else "end" if dx < 0 else "middle"
            yield LabelPlace(Rectangle(left, top, left + width, top + height), anchor, distance, leader)
