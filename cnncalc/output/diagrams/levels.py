"""The inside of one frame laid out: things and nets go in, out come where each thing stands and the way of every line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.output.diagrams.places import place
from cnncalc.output.diagrams.ranks import Ranked
from cnncalc.output.diagrams.routes import HEIGHT, TURN, Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.output.diagrams.ranks import Item, Net, Segment
    from cnncalc.output.diagrams.routes import Bus

Point: TypeAlias = tuple[float, float]


class Level:
    """Items in ranks; coordinates begin at its own corner."""

    __slots__ = ("bottoms", "buses", "height", "ranked", "tops", "width")

    def __init__(self, items: Sequence[Item], nets: Sequence[Net]) -> None:
        self.ranked = Ranked(items, nets)
        self.width = place(self.ranked.ranks)
        self.buses: dict[Segment, Bus] = {}
        self.tops: list[float] = []  # of the ranks
        self.bottoms: list[float] = []
        y = 0.0
        for rank in self.ranked.ranks:
            channel = Channel(rank)
            self.buses.update((each, bus) for bus in channel.buses for each in bus.segments)
            self.tops.append(y)
            self.bottoms.append(y + max(node.item.height for node in rank))
            y = self.bottoms[-1] + channel.height
        self.height = self.bottoms[-1] if self.bottoms else 0.0

    def corner(self, item: int) -> Point:
        """Where an item stands."""
        node = self.ranked.nodes[item]
        return node.x, self.tops[node.rank]

    def way(self, net: int, target: int) -> list[Segment]:
        """The pieces that lead from a net's source to an item."""
        end = self.ranked.nodes[target]
        piece = next(each for each in end.ups if each.net == net)
        found = [piece]
        while piece.upper.crossing:
            piece = next(each for each in piece.upper.ups if each.net == net)
            found.append(piece)
        return found[::-1]

    def piece(self, segment: Segment) -> list[Point]:
        """The way of a piece: down, across where that is needed, down."""
        upper, lower = segment.upper, segment.lower
        start, end = upper.x + segment.exit, lower.x + segment.entry
        above = self.tops[upper.rank] if upper.crossing else self.tops[upper.rank] + upper.item.height
        below = self.tops[lower.rank]
        bus = self.buses[segment]
        if bus.straight:
            return [(start, above), (start, below)]
        y = self.bottoms[upper.rank] + TURN + HEIGHT * bus.track
        return [(start, above), (start, y), (end, y), (end, below)]
