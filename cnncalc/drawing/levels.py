"""Lays out the content of one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.drawing.routes import HEIGHT, TURN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.drawing.ranks import RankedGraph, Segment
    from cnncalc.drawing.routes import Bus, Channel

Point: TypeAlias = tuple[float, float]


class GraphLayout:
    """A ranked graph with coordinates relative to its top left corner."""

    __slots__ = ("bottoms", "buses", "channels", "ends", "graph", "height", "lowered", "tops", "width")

    def __init__(self, graph: RankedGraph, width: float, channels: Sequence[Channel]) -> None:
        self.graph = graph
        self.width = width
        self.channels = channels  # below the ranks
        self.buses: dict[Segment, Bus] = {each: bus for channel in channels for bus in channel.buses for each in bus.segments}
        self.ends = {(each.net, each.lower): each for each in self.buses}
        self.lowered = [0.0] * len(channels)  # extra space above the horizontal lines below each rank
        self.tops: list[float] = []  # of the ranks
        self.bottoms: list[float] = []
        y = 0.0
        for rank, channel in zip(graph.ranks, channels, strict=True):
            self.tops.append(y)
            self.bottoms.append(y + max(node.item.height for node in rank))
            y = self.bottoms[-1] + channel.height
        self.height = self.bottoms[-1] if self.bottoms else 0.0

    def stretch(self, rank: int, *, above: float = 0.0, below: float = 0.0) -> None:
        """Add room below a rank: above its horizontal lines, and below them."""
        self.lowered[rank] += above
        for later in range(rank + 1, len(self.tops)):
            self.tops[later] += above + below
            self.bottoms[later] += above + below
        self.height = self.bottoms[-1]

    def corner(self, item: int) -> Point:
        """Return the top left corner of an item."""
        node = self.graph.nodes[item]
        return node.x, self.tops[node.rank]

    def path(self, net: int, target: int) -> list[Segment]:
        """Return the segments from the source of a net to an item."""
        found = [self.ends[net, self.graph.nodes[target]]]
        while found[-1].upper.is_line:
            found += found[-1].upper.ups  # a node of a line has one segment above it
        return found[::-1]

    def points(self, segment: Segment) -> list[Point]:
        """Return the corners of a segment: down, across where needed, down."""
        upper, lower = segment.upper, segment.lower
        start, end = upper.x + segment.exit, lower.x + segment.entry
        above = self.tops[upper.rank] if upper.is_line else self.tops[upper.rank] + upper.item.height
        below = self.tops[lower.rank]
        if self.buses[segment].straight:
            return [(start, above), (start, below)]
        y = self.turn_height(segment)
        return [(start, above), (start, y), (end, y), (end, below)]

    def turn_height(self, segment: Segment) -> float:
        """Return the y of the horizontal part of a segment."""
        rank = segment.upper.rank
        return self.bottoms[rank] + self.lowered[rank] + TURN + HEIGHT * self.buses[segment].track
