"""Lays out the inside of one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.drawing.positions import place
from cnncalc.drawing.ranks import Ranked
from cnncalc.drawing.routes import HEIGHT, TURN, Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.drawing.ranks import Item, Net, Segment
    from cnncalc.drawing.routes import Bus

Point: TypeAlias = tuple[float, float]


class Level:
    """Items in ranks; coordinates begin at its own corner."""

    __slots__ = ("bottoms", "buses", "channels", "ends", "height", "items", "nets", "ranked", "sinks", "tops", "width")

    def __init__(self, items: Sequence[Item], nets: Sequence[Net], ranks: Sequence[int] | None = None) -> None:
        self.items = items
        self.nets = nets
        self.ranked = Ranked(items, nets, ranks)
        self.width = place(self.ranked.ranks)
        self.buses: dict[Segment, Bus] = {}
        self.sinks = [0.0] * len(self.ranked.ranks)  # how much further down the horizontal lines below a rank are than they need to be
        self.tops: list[float] = []  # of the ranks
        self.bottoms: list[float] = []
        y = 0.0
        self.channels: list[Channel] = []  # below the ranks
        for rank in self.ranked.ranks:
            channel = Channel(rank)
            self.channels.append(channel)
            self.buses.update((each, bus) for bus in channel.buses for each in bus.segments)
            self.tops.append(y)
            self.bottoms.append(y + max(node.item.height for node in rank))
            y = self.bottoms[-1] + channel.height
        self.height = self.bottoms[-1] if self.bottoms else 0.0
        self.ends = {(each.net, each.lower): each for each in self.buses}  # the pieces by where they arrive

    def stretch(self, rank: int, *, above: float = 0.0, below: float = 0.0) -> None:
        """More room below a rank: above its horizontal lines, and below them."""
        self.sinks[rank] += above
        for later in range(rank + 1, len(self.tops)):
            self.tops[later] += above + below
            self.bottoms[later] += above + below
        self.height = self.bottoms[-1]

    def corner(self, item: int) -> Point:
        """Where an item stands."""
        node = self.ranked.nodes[item]
        return node.x, self.tops[node.rank]

    def way(self, net: int, target: int) -> list[Segment]:
        """The pieces that lead from a net's source to an item."""
        found = [self.ends[net, self.ranked.nodes[target]]]
        while found[-1].upper.crossing:
            found += found[-1].upper.ups  # of a line that crosses a rank there is one piece above
        return found[::-1]

    def piece(self, segment: Segment) -> list[Point]:
        """The way of a piece: down, across where that is needed, down."""
        upper, lower = segment.upper, segment.lower
        start, end = upper.x + segment.exit, lower.x + segment.entry
        above = self.tops[upper.rank] if upper.crossing else self.tops[upper.rank] + upper.item.height
        below = self.tops[lower.rank]
        if self.buses[segment].straight:
            return [(start, above), (start, below)]
        y = self.turn(segment)
        return [(start, above), (start, y), (end, y), (end, below)]

    def turn(self, segment: Segment) -> float:
        """The height at which a piece turns aside."""
        rank = segment.upper.rank
        return self.bottoms[rank] + self.sinks[rank] + TURN + HEIGHT * self.buses[segment].track
