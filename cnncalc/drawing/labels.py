"""Places the names of points so that none covers another."""

from __future__ import annotations

from math import cos, hypot, inf, pi, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    LineEnds = tuple[float, float, float, float]

RINGS = (0, 10, 20, 30, 40, 52, 64, 80, 100, 120, 145, 170)  # distances from the disc
BESIDE = (0, 16, 24, 8, 28, 4, 20, 12)  # directions, in parts of a circle of 32: right, left, up, down, the corners
TURNS = (*BESIDE, *(turn for turn in range(32) if turn % 4))
EVICTION = 60.0  # the cost of removing a name from its place, as a distance
GROWTH = 1.5  # each removal of the same name costs so much more than the last
ROUNDS, PATIENCE = 10, 2  # every name may look for a place once a round; after so many rounds without progress it ends
COVERING = 40  # the cost of covering a part of a disc, as a distance
MIDDLE = 3  # radius of the part of a disc that no name may cover


class Rectangle(NamedTuple):
    """A rectangle; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """They have more than an edge in common."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Rectangle) -> bool:
        """No part of it is outside the other."""
        return self.left >= other.left and self.top >= other.top and self.right <= other.right and self.bottom <= other.bottom

    def crossed_by(self, line: LineEnds) -> bool:
        """A part of the line is inside: what is left of it between the sides, and then between top and bottom."""
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
    """A point with what is drawn around it."""

    x: float
    y: float
    radius: float

    def near(self, box: Rectangle) -> bool:
        """Its bounding box, or the part that no name may cover, reaches into a rectangle."""
        x, y, reach = self.x, self.y, max(self.radius, MIDDLE)
        return x + reach > box.left and x - reach < box.right and y + reach > box.top and y - reach < box.bottom

    def overlaps(self, box: Rectangle) -> bool:
        """A part of a rectangle is inside."""
        dx = self.x - min(max(self.x, box.left), box.right)
        dy = self.y - min(max(self.y, box.top), box.bottom)
        return dx * dx + dy * dy < self.radius * self.radius


class LabelPlace:
    """A place for a name: its rectangle, how the text is anchored in it, how far away it is, and the line that leads there."""

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
        """Its name or line covers or crosses the other's."""
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
    """The places of one name, the nearest first; their costs are computed when needed, since most never are."""

    __slots__ = ("costs", "discs", "places", "reach")

    def __init__(self, places: Iterable[LabelPlace], area: Rectangle, discs: Sequence[Disc]) -> None:
        self.places = [place for place in places if place.box.within(area)]
        corners = list(zip(*[place.bounds for place in self.places], strict=True)) or [(0.0,)] * 4
        self.reach = Rectangle(min(corners[0]), min(corners[1]), max(corners[2]), max(corners[3]))
        self.discs = [disc for disc in discs if disc.near(self.reach)]
        self.costs: dict[int, float] = {}

    def cost(self, at: int) -> float:
        """The cost of a place: its distance, and whether it covers discs; infinite on the middle of one."""
        if at not in self.costs:
            place = self.places[at]
            near = [disc for disc in self.discs if disc.near(place.bounds)]
            blocked = any(_blocks(disc, place) for disc in near)
            on = not blocked and any(disc.overlaps(place.box) for disc in near)
            self.costs[at] = inf if blocked else place.distance + at / 100 + (COVERING if on else 0)
        return self.costs[at]

    def cheapest(self, taken: Mapping[int, LabelPlace], eviction: Sequence[float]) -> tuple[LabelPlace | None, list[int]]:
        """The place that costs least, and the names that have to leave theirs for it."""
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
    """A place inside the area for each name, on no name, no line and no middle of a disc; None for names without room.

    Names are placed one by one. One that finds no room may evict others, which then look for another place. Evicting the same name costs
    more every time, so that this comes to an end.
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
    for i in sorted(set(range(len(wanted))) - set(best)):  # without room so far, and without eviction
        place, _ = choices[i].cheapest(best, [inf] * len(wanted))
        if place is not None:
            best[i] = place
    return [best.get(i) for i in range(len(wanted))]


def _crowd(disc: Disc, discs: Sequence[Disc]) -> float:
    """How crowded the neighbourhood of a disc is."""
    return sum(1 / (1 + hypot(disc.x - other.x, disc.y - other.y) / 40) for other in discs)


def _blocks(disc: Disc, place: LabelPlace) -> bool:
    """The name or its line covers the middle of a disc, other than the one that the line comes from."""
    middle = Rectangle(disc.x - MIDDLE, disc.y - MIDDLE, disc.x + MIDDLE, disc.y + MIDDLE)
    if middle.overlaps(place.box):
        return True
    line = place.leader
    return line is not None and hypot(line[0] - disc.x, line[1] - disc.y) > 2 * MIDDLE and middle.crossed_by(line)


def _cross(one: LineEnds, other: LineEnds) -> bool:
    """Two lines have a point in common."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other

    def side(px: float, py: float, qx: float, qy: float, x: float, y: float) -> float:
        return (qx - px) * (y - py) - (qy - py) * (x - px)

    return (
        side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) <= 0
        and side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) <= 0
    )


def places_around(disc: Disc, width: float, height: float, *, gap: float = 3) -> Iterator[LabelPlace]:
    """Places around a disc: beside it, above and below, at its corners, then farther and farther away with a line."""
    for i, distance in enumerate(RINGS):
        for turn in TURNS if i else BESIDE:
            dx, dy = round(cos(turn * pi / 16), 6), round(sin(turn * pi / 16), 6)
            reach = disc.radius + gap + distance
            x, y = disc.x + dx * reach, disc.y + dy * reach  # the point of the box that is nearest
            left = x - (0 if dx > 0 else width if dx < 0 else width / 2)
            top = y - (height / 2 if not dy else 0 if dy > 0 else height)
            leader = (disc.x, disc.y, x - dx, y - dy) if i else None
            anchor = "start" if dx > 0 else "end" if dx < 0 else "middle"
            yield LabelPlace(Rectangle(left, top, left + width, top + height), anchor, distance, leader)
