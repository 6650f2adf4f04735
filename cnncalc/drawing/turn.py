"""Draws an encoder-decoder with skip connections as a U."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing.ranks import Item, Net

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cnncalc.drawing.levels import GraphLayout, Point
    from cnncalc.drawing.ranks import RankedGraph, Segment

    LayOut = Callable[[Sequence[Item], Sequence[Net], Sequence[int]], GraphLayout]

BETWEEN, BEND = 64, 8  # distance between the two sides, and below them for the turning line
FEWEST = 2  # minimal number of bridges
TRIED = 4  # ranks to try for the turn: those with the most bridges, nearest to the middle


class UShape:
    """The outermost graph, down on the left and up on the right; `bridges` are the nets across, outermost first."""

    def __init__(self, graph: RankedGraph, rank: int, bridges: Sequence[int], turning: int, lay_out: LayOut) -> None:
        self.bridges = bridges
        self.turning = turning  # the net at the bottom
        ranks = [node.rank for node in graph.nodes]
        self.left = _Side(graph, {item: at for item, at in enumerate(ranks) if at <= rank}, lay_out, outs=bridges)
        self.right = _Side(graph, {item: at - rank for item, at in enumerate(ranks) if at > rank}, lay_out, ins=(*bridges, turning))
        self._align()
        self.across = self.left.layout.width + BETWEEN  # left edge of the right side
        self.bottom = max(self.left.layout.height, self.right.layout.height)
        self.width = self.across + self.right.layout.width
        self.height = self.bottom + BEND

    def _align(self) -> None:
        """Add space below ranks until every bridge is horizontal, innermost first."""
        left, right = self.left.layout, self.right.layout
        for net in reversed(self.bridges):
            out, into = self.left.port(net), self.right.port(net)
            lacks = right.turn_height(into) - (left.height - left.turn_height(out))
            if lacks > 0:
                left.stretch(out.upper.rank, below=lacks)
            else:
                right.stretch(into.upper.rank, above=-lacks)

    @property
    def clear(self) -> bool:
        """Return whether nothing overlaps the bridges."""
        return all(
            _is_alone(self.left.layout, self.left.port(net), right=True) and _is_alone(self.right.layout, self.right.port(net), right=False)
            for net in self.bridges
        )

    def corner(self, item: int) -> Point:
        """Return the top left corner of an item; on the right side, its bottom left one."""
        side = self._side(item)
        return self._point(side, side.layout.corner(side.items[item]))

    def upward(self, item: int) -> bool:
        """Return whether an item is on the right side, which is drawn upward."""
        return item in self.right.items

    def path(self, net: int, item: int) -> list[Point]:
        """Return the corners of the line from the source of a net to an item."""
        side = self._side(item)
        found = [self._point(side, point) for point in side.path(net, item)]
        if side is self.left or net in self.right.starts:
            return found
        start = self._point(self.left, self.left.exit(net))
        if net == self.turning:
            return [start, (start[0], self.height), (found[0][0], self.height), *found]
        height = self._point(self.left, (0.0, self.left.layout.turn_height(self.left.port(net))))[1]
        return [start, (start[0], height), (found[-1][0], height), found[-1]]

    def _side(self, item: int) -> _Side:
        return self.right if item in self.right.items else self.left

    def _point(self, side: _Side, point: Point) -> Point:
        x, y = point
        if side is self.right:
            return self.across + x, self.bottom - y
        return x, self.bottom - side.layout.height + y


class _Side:
    """The layout of one side. Lines to the other side end in ports (`outs`), lines from there start in ports (`ins`)."""

    def __init__(
        self, graph: RankedGraph, ranks: Mapping[int, int], lay_out: LayOut, outs: Iterable[int] = (), ins: Iterable[int] = ()
    ) -> None:
        self.graph = graph
        self.items = {item: number for number, item in enumerate(ranks)}
        self.ports: dict[int, int] = {}
        rank_of = list(ranks.values())
        for net in (*outs, *ins):
            source, targets = graph.nets[net].source, [ranks[each] for each in graph.nets[net].targets if each in ranks]
            self.ports[net] = len(rank_of)
            rank_of.append(ranks[source] + 1 if source in ranks else min(targets) - 1)
        nets: dict[int, Net] = {}
        for net in (*self.ports, *[each for each in range(len(graph.nets)) if each not in self.ports]):
            source, targets = graph.nets[net].source, [self.items[each] for each in graph.nets[net].targets if each in ranks]
            if source not in ranks and net in self.ports:
                nets[net] = Net(self.ports[net], targets)
            elif source in ranks and (targets or net in self.ports):
                nets[net] = Net(self.items[source], [*targets, *([self.ports[net]] if net in self.ports else [])])
        self.nets = {net: number for number, net in enumerate(nets)}
        self.starts = {net for net in nets if graph.nets[net].source in ranks}  # with their source on this side
        found = [self._copy(graph.items[item]) for item in ranks]
        found += [Item(side=rank_of[number] > 0) for number in self.ports.values()]
        self.layout = lay_out(found, list(nets.values()), rank_of)

    def _copy(self, item: Item) -> Item:
        """Return an item with the numbers of its nets on this side; nets from the other side come first."""
        takes = sorted([self.nets[net] for net in item.takes if net in self.nets], key=lambda number: number >= len(self.ports))
        found = Item(item.width, item.height, takes, side=item.side)
        found.entries.update((self.nets[net], x) for net, x in item.entries.items() if net in self.nets)
        found.exits.update((self.nets[net], x) for net, x in item.exits.items() if net in self.nets)
        return found

    def port(self, net: int) -> Segment:
        """Return the segment at a port."""
        node = self.layout.graph.nodes[self.ports[net]]
        return (node.ups or node.downs)[0]

    def exit(self, net: int) -> Point:
        """Return the point where a net leaves its source."""
        item = self.graph.nets[net].source
        x, y = self.layout.corner(self.items[item])
        source = self.graph.items[item]
        return x + source.exits.get(net, source.width / 2), y + source.height

    def path(self, net: int, item: int) -> list[Point]:
        """Return the corners of the line from the source or the port of a net to an item."""
        return [point for segment in self.layout.path(self.nets[net], self.items[item]) for point in self.layout.points(segment)]


def _is_alone(layout: GraphLayout, port: Segment, *, right: bool) -> bool:
    """Return whether the track of a port's segment is free up to the edge."""
    own = layout.buses[port]
    others = (bus for bus in layout.channels[port.upper.rank].buses if bus.track == own.track and not bus.straight)
    return all(bus is own or (bus.high < own.low if right else bus.low > own.high) for bus in others)


def u_shape(layout: GraphLayout, lay_out: LayOut) -> UShape | None:
    """Return the layout as a U, if possible: with the most bridges and the least height."""
    found = []
    turns = sorted(
        _turns(layout.graph),
        key=lambda turn: (-len(turn[1]), max(layout.bottoms[turn[0]], layout.height - layout.tops[turn[0] + 1])),
    )
    for rank, bridges, turning in turns[:TRIED]:
        candidate = UShape(layout.graph, rank, bridges, turning, lay_out)
        if candidate.clear:
            found.append(candidate)
    return min(found, key=lambda each: (-len(each.bridges), each.height), default=None)


def _turns(graph: RankedGraph) -> Iterator[tuple[int, list[int], int]]:
    """Yield the ranks below which a graph can turn, with the bridges (outermost first) and the turning net."""
    ranks = [node.rank for node in graph.nodes]
    starts = [ranks[net.source] for net in graph.nets]
    targets = [sorted([-1, *[ranks[target] for target in net.targets]]) for net in graph.nets]
    ends = [each[-1] for each in targets]
    long = sum(end > start + 1 for start, end in zip(starts, ends, strict=True))  # lines that pass an item
    for rank, nodes in enumerate(graph.ranks[:-1]):
        below = {each.net for node in nodes for each in node.downs}
        turning = [net for net in below if starts[net] == rank and ends[net] == rank + 1]
        if len(turning) != 1 or len(below) <= FEWEST or long > 2 * (len(below) - 1):
            continue
        bridges = sorted(below - {turning[0]}, key=lambda net: starts[net])
        alone = all(starts[net] < rank and targets[net][-2] <= rank for net in bridges)
        if alone and all(starts[one] < starts[other] and ends[one] > ends[other] for one, other in pairwise(bridges)):
            yield rank, bridges, turning[0]
