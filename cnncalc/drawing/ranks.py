"""Ranks of the items of a graph, and their order within ranks with few crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SWEEPS = 8  # limit of passes over all ranks


class Item:
    """A box to be placed: its size, and where lines enter at its top and leave at its bottom, from its left edge."""

    __slots__ = ("entries", "exits", "height", "last", "side", "takes", "width")

    def __init__(self, width: float = 0, height: float = 0, takes: Sequence[int] = (), *, last: bool = False, side: bool = False) -> None:
        self.width = width
        self.height = height
        self.takes = takes  # incoming nets, in the order of the file
        self.entries: dict[int, float] = {}  # by net; others enter in the middle
        self.exits: dict[int, float] = {}
        self.last = last  # belongs in the last rank
        self.side = side  # placed beside its source instead of below


class Net(NamedTuple):
    """Lines from one item to later ones."""

    source: int
    targets: list[int]


class RankNode:
    """An item in its rank, or the point where a long line crosses a rank."""

    __slots__ = ("downs", "is_line", "item", "net", "order", "rank", "skips", "ups", "x")

    def __init__(self, rank: int, item: Item, net: int = -1, *, skips: bool = False) -> None:
        self.rank = rank
        self.item = item
        self.net = net  # for a crossing line
        self.is_line = net >= 0
        self.skips = skips  # the line has other targets above, so it passes at least one item
        self.ups: list[Segment] = []
        self.downs: list[Segment] = []
        self.order = 0  # index in its rank, from left to right
        self.x = 0.0  # left edge


class Segment:
    """The part of a line between two neighbouring ranks."""

    __slots__ = ("entry", "exit", "lower", "net", "upper", "weak")

    def __init__(self, net: int, upper: RankNode, lower: RankNode) -> None:
        self.net = net
        self.upper = upper
        self.lower = lower
        self.exit = upper.item.exits.get(net, upper.item.width / 2)  # from the left edge of the upper node
        self.entry = lower.item.entries.get(net, lower.item.width / 2)
        self.weak = False  # part of a line that passes an item or turns: its ends do not have to be aligned
        upper.downs.append(self)
        lower.ups.append(self)


class RankedGraph:
    """A graph of items and nets in ranks, with a node for every rank that a line crosses."""

    __slots__ = ("items", "nets", "nodes", "ranks")

    def __init__(self, items: Sequence[Item], nets: Sequence[Net], rank_of: Sequence[int]) -> None:
        self.items = items
        self.nets = nets
        self.nodes = [RankNode(rank, item) for rank, item in zip(rank_of, items, strict=True)]  # of the items
        self.ranks: list[list[RankNode]] = [[] for _ in range(max(rank_of, default=-1) + 1)]  # empty until nodes are ordered
        for number, net in enumerate(nets):
            self._add_line(number, net)
        for node in self.nodes:
            order = {net: i for i, net in enumerate(node.item.takes)}
            node.ups.sort(key=lambda each: order.get(each.net, 0))

    def _add_line(self, number: int, net: Net) -> None:
        """Add the segments of a net, with a node in every rank that it crosses."""
        source = self.nodes[net.source]
        targets = sorted([self.nodes[target] for target in net.targets], key=lambda node: node.rank)
        chain = [source]
        for target in targets:
            while len(chain) < target.rank - source.rank:
                node = RankNode(chain[-1].rank + 1, Item(), number, skips=targets[0].rank <= chain[-1].rank + 1)
                Segment(number, chain[-1], node)
                chain.append(node)
            Segment(number, chain[-1], target)


def assign_ranks(items: Sequence[Item], nets: Sequence[Net]) -> list[int]:
    """Return the rank of every item: as high as possible, below all its sources."""
    found = [0] * len(items)
    for net in sorted(nets, key=lambda net: net.source):
        for target in net.targets:
            found[target] = max(found[target], found[net.source] + 1)
    deepest = max((rank for rank, item in zip(found, items, strict=True) if not item.last), default=-1)
    return [deepest + 1 if item.last else rank for rank, item in zip(found, items, strict=True)]


def count_spans(nets: Sequence[Net], rank_of: Sequence[int]) -> int:
    """Return the total number of ranks that lines span, to which the work is proportional."""
    return sum(rank_of[target] - rank_of[net.source] for net in nets for target in net.targets)


def order_as_written(graph: RankedGraph) -> None:
    """Fill the ranks so that branches are in the order of the file, from left to right."""
    for node in _from_sinks(graph.nodes):
        node.order = len(graph.ranks[node.rank])
        graph.ranks[node.rank].append(node)


def _from_sinks(nodes: Sequence[RankNode]) -> Iterator[RankNode]:
    """Return all nodes depth-first from those without readers, deepest first."""
    seen: set[RankNode] = set()
    for sink in sorted([node for node in nodes if not node.downs], key=lambda node: -node.rank):
        waiting = [sink]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                yield node
                waiting += [each.upper for each in reversed(node.ups)]


def reduce_crossings(graph: RankedGraph) -> None:
    """Sort ranks by the mean position of neighbours, alternately down and up, while that reduces crossings."""
    fewest = count_crossings(graph)
    for sweep in range(SWEEPS):
        if not fewest:
            return
        before = [list(rank) for rank in graph.ranks]
        for rank in graph.ranks[1:] if sweep % 2 == 0 else graph.ranks[-2::-1]:
            _sort(rank, up=sweep % 2 == 0)
        found = count_crossings(graph)
        if found < fewest:
            fewest = found
        else:
            graph.ranks = before
            for rank in before:
                for order, node in enumerate(rank):
                    node.order = order
            if sweep % 2:
                return


def count_crossings(graph: RankedGraph) -> int:
    """Return the number of pairs of lines that cross."""
    from bisect import bisect_right, insort

    count = 0
    for rank in graph.ranks:
        ends: list[tuple[float, int]] = []
        for _, lower in sorted((_position(each, up=True), _position(each, up=False)) for node in rank for each in node.downs):
            count += len(ends) - bisect_right(ends, lower)
            insort(ends, lower)
    return count


def _position(segment: Segment, *, up: bool) -> tuple[float, int]:
    """Return the position of a segment's end in the order of a rank."""
    node, at = (segment.upper, segment.exit) if up else (segment.lower, segment.entry)
    return node.order + at / (node.item.width or 1), segment.net


def _sort(rank: list[RankNode], *, up: bool) -> None:
    """Sort by the mean position of the neighbours above or below; a node without any follows the one on its left."""
    keys: list[float] = []
    for node in rank:
        positions = [_position(each, up=up)[0] for each in (node.ups if up else node.downs)]
        keys.append(sum(positions) / len(positions) if positions else keys[-1] if keys else 0.0)
    for order, (_, node) in enumerate(sorted(zip(keys, rank, strict=True), key=lambda pair: pair[0])):
        node.order = order
    rank.sort(key=lambda node: node.order)


def mark_weak(graph: RankedGraph) -> None:
    """Mark segments at the ends of lines that pass an item, and those that turn."""
    for node in [node for rank in graph.ranks for node in rank]:
        direct = not node.is_line and any(not each.upper.skips for each in node.ups)  # a line enters that passes no item
        for each in node.ups:
            if node.is_line:
                each.weak = node.skips and not each.upper.skips
            else:
                each.weak = node.item.side != each.upper.item.side or (each.upper.skips and direct)
