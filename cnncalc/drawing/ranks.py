"""Ranks of the items of a graph, and their order within ranks with few crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SWEEPS = 8  # through all ranks, as long as something crosses


class Item:
    """A thing on the page: how large it is, and where, from its left edge, the line of a net arrives and leaves."""

    __slots__ = ("entries", "exits", "height", "last", "side", "takes", "width")

    def __init__(self, width: float = 0, height: float = 0, takes: Sequence[int] = (), *, last: bool = False, side: bool = False) -> None:
        self.width = width
        self.height = height
        self.takes = takes  # the nets that arrive, in the order in which they were written
        self.entries: dict[int, float] = {}  # by net; in the middle where nothing is said
        self.exits: dict[int, float] = {}
        self.last = last  # stands in the last rank
        self.side = side  # stands beside, whatever it takes from


class Net(NamedTuple):
    """What leaves one item and arrives at others, all of which come later."""

    source: int
    targets: list[int]


class Node:
    """An item in its rank, or the place where a long line crosses one."""

    __slots__ = ("downs", "item", "net", "order", "rank", "skips", "ups", "x")

    def __init__(self, rank: int, item: Item, net: int = -1, *, skips: bool = False) -> None:
        self.rank = rank
        self.item = item
        self.net = net  # of a line that crosses; -1 for a thing
        self.skips = skips  # the line has other targets above, so it goes past something
        self.ups: list[Segment] = []
        self.downs: list[Segment] = []
        self.order = 0
        self.x = 0.0  # of the left edge

    @property
    def crossing(self) -> bool:
        """No thing, only a line."""
        return self.net >= 0


class Segment:
    """The piece of a net between two neighbouring ranks."""

    __slots__ = ("entry", "exit", "lower", "net", "upper", "weak")

    def __init__(self, net: int, upper: Node, lower: Node) -> None:
        self.net = net
        self.upper = upper
        self.lower = lower
        self.exit = upper.item.exits.get(net, upper.item.width / 2)  # from the left edge of the upper node
        self.entry = lower.item.entries.get(net, lower.item.width / 2)
        self.weak = False  # a line that goes past something, or aside: things need not stand straight above each other for it
        upper.downs.append(self)
        lower.ups.append(self)


class Ranked:
    """Nodes by rank, from left to right."""

    __slots__ = ("nodes", "ranks")

    def __init__(self, items: Sequence[Item], nets: Sequence[Net], given: Sequence[int] | None = None) -> None:
        found = ranks(items, nets) if given is None else given
        self.nodes = [Node(rank, item) for rank, item in zip(found, items, strict=True)]
        self.ranks: list[list[Node]] = [[] for _ in range(max((node.rank for node in self.nodes), default=-1) + 1)]
        for number, net in enumerate(nets):
            self._chain(number, net)
        for node in self.nodes:
            _sort_as_taken(node)
        for node in _first(self.nodes):
            node.order = len(self.ranks[node.rank])
            self.ranks[node.rank].append(node)
            _weaken(node)
        self._untangle()

    def _chain(self, number: int, net: Net) -> None:
        """The pieces of a net, and the places where it crosses ranks on the way to its targets."""
        source = self.nodes[net.source]
        targets = sorted([self.nodes[target] for target in net.targets], key=lambda node: node.rank)
        chain = [source]
        for target in targets:
            while len(chain) < target.rank - source.rank:
                node = Node(chain[-1].rank + 1, Item(), number, skips=targets[0].rank <= chain[-1].rank + 1)
                Segment(number, chain[-1], node)
                chain.append(node)
            Segment(number, chain[-1], target)

    def _untangle(self) -> None:
        """Barycenters, down and up, as long as that takes crossings away."""
        fewest = self.crossings()
        for sweep in range(SWEEPS):
            if not fewest:
                return
            before = [list(rank) for rank in self.ranks]
            for rank in self.ranks[1:] if sweep % 2 == 0 else self.ranks[-2::-1]:
                _sort(rank, up=sweep % 2 == 0)
            found = self.crossings()
            if found < fewest:
                fewest = found
            else:
                self.ranks = before
                for rank in before:
                    for order, node in enumerate(rank):
                        node.order = order
                if sweep % 2:
                    return

    def crossings(self) -> int:
        """How many pairs of lines cross."""
        from bisect import bisect_right, insort

        count = 0
        for rank in self.ranks:
            ends: list[tuple[float, int]] = []
            for _, lower in sorted((_place(each, up=True), _place(each, up=False)) for node in rank for each in node.downs):
                count += len(ends) - bisect_right(ends, lower)
                insort(ends, lower)
        return count


def ranks(items: Sequence[Item], nets: Sequence[Net]) -> list[int]:
    """Every item as far up as it may stand: below all that it takes from."""
    found = [0] * len(items)
    for net in sorted(nets, key=lambda net: net.source):
        for target in net.targets:
            found[target] = max(found[target], found[net.source] + 1)
    deepest = max((rank for rank, item in zip(found, items, strict=True) if not item.last), default=-1)
    return [deepest + 1 if item.last else rank for rank, item in zip(found, items, strict=True)]


def spans(nets: Sequence[Net], ranks: Sequence[int]) -> int:
    """How many ranks lines go down, each counted from its source to its target: what a picture of them takes grows with this."""
    return sum(ranks[target] - ranks[net.source] for net in nets for target in net.targets)


def _weaken(node: Node) -> None:
    """Tell what arrives, and begins or ends a line that goes past something, or aside."""
    past = not node.crossing and any(not each.upper.skips for each in node.ups)  # something arrives that goes past nothing
    for each in node.ups:
        aside = not node.crossing and node.item.side != each.upper.item.side
        each.weak = aside or (node.skips and not each.upper.skips if node.crossing else each.upper.skips and past)


def _sort_as_taken(node: Node) -> None:
    """What arrives, in the order in which it was written."""
    order = {net: i for i, net in enumerate(node.item.takes)}
    node.ups.sort(key=lambda each: order.get(each.net, 0))


def _first(nodes: Sequence[Node]) -> Iterator[Node]:
    """All nodes in an order in which branches stand as they were written: what is taken first is further left."""
    seen: set[Node] = set()
    for sink in sorted([node for node in nodes if not node.downs], key=lambda node: -node.rank):
        waiting = [sink]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                yield node
                waiting += [each.upper for each in reversed(node.ups)]


def _place(segment: Segment, *, up: bool) -> tuple[float, int]:
    """Where a segment ends in the order of a rank."""
    node, at = (segment.upper, segment.exit) if up else (segment.lower, segment.entry)
    return node.order + at / (node.item.width or 1), segment.net


def _sort(rank: list[Node], *, up: bool) -> None:
    """By the mean of the neighbours above, or below; who has none keeps to the one on the left."""
    keys: list[float] = []
    for node in rank:
        places = [_place(each, up=up)[0] for each in (node.ups if up else node.downs)]
        keys.append(sum(places) / len(places) if places else keys[-1] if keys else 0.0)
    for order, (_, node) in enumerate(sorted(zip(keys, rank, strict=True), key=lambda pair: pair[0])):
        node.order = order
    rank.sort(key=lambda node: node.order)
