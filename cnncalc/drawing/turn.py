"""Draws an encoder-decoder with skip connections as a U."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing.levels import Level
from cnncalc.drawing.ranks import Item, Net

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.ranks import Segment

BETWEEN, BEND = 64, 8  # between the two sides, and below them for the line that turns
FEWEST = 2  # lines from side to side that make a U
TRIED = 4  # places where it may turn, of those with most such lines the ones nearest to the middle


class Turned:
    """The outermost level, down on the left and up on the right; `bridges` are the nets that lead across, the outermost first."""

    def __init__(self, level: Level, rank: int, bridges: Sequence[int], turning: int) -> None:
        self.bridges = bridges
        self.turning = turning
        ranks = [node.rank for node in level.ranked.nodes]
        self.left = _Side(level, {item: at for item, at in enumerate(ranks) if at <= rank}, outs=bridges)
        self.right = _Side(level, {item: at - rank for item, at in enumerate(ranks) if at > rank}, ins=(*bridges, turning))
        self._align()
        self.across = self.left.level.width + BETWEEN  # where the right side begins
        self.bottom = max(self.left.level.height, self.right.level.height)
        self.width = self.across + self.right.level.width
        self.height = self.bottom + BEND

    def _align(self) -> None:
        """Room below ranks of one side or the other until every bridge is level, from the innermost one."""
        left, right = self.left.level, self.right.level
        for net in reversed(self.bridges):
            out, into = self.left.gate(net), self.right.gate(net)
            lacks = right.turn(into) - (left.height - left.turn(out))
            if lacks > 0:
                left.stretch(out.upper.rank, below=lacks)
            else:
                right.stretch(into.upper.rank, above=-lacks)

    @property
    def clear(self) -> bool:
        """Nothing lies on the bridges, on neither side."""
        return all(
            _alone(self.left.level, self.left.gate(net), right=True) and _alone(self.right.level, self.right.gate(net), right=False)
            for net in self.bridges
        )

    def corner(self, item: int) -> Point:
        """Where an item stands; of one on the right, where its lower corner does."""
        side = self._side(item)
        return self._point(side, side.level.corner(side.items[item]))

    def upward(self, item: int) -> bool:
        """The right side is read from below."""
        return item in self.right.items

    def way(self, net: int, item: int) -> list[Point]:
        """The way of a net to an item."""
        side = self._side(item)
        found = [self._point(side, point) for point in side.way(net, item)]
        if side is self.left or net in self.right.starts:
            return found
        start = self._point(self.left, self.left.exit(net))
        if net == self.turning:
            return [start, (start[0], self.height), (found[0][0], self.height), *found]
        height = self._point(self.left, (0.0, self.left.level.turn(self.left.gate(net))))[1]
        return [start, (start[0], height), (found[-1][0], height), found[-1]]

    def _side(self, item: int) -> _Side:
        return self.right if item in self.right.items else self.left

    def _point(self, side: _Side, point: Point) -> Point:
        x, y = point
        if side is self.right:
            return self.across + x, self.bottom - y
        return x, self.bottom - side.level.height + y


class _Side:
    """One side, laid out by itself. A gate stands where a line leaves for the other side (`outs`), or comes from there (`ins`)."""

    def __init__(self, whole: Level, ranks: Mapping[int, int], outs: Iterable[int] = (), ins: Iterable[int] = ()) -> None:
        self.whole = whole
        self.items = {item: number for number, item in enumerate(ranks)}
        self.gates: dict[int, int] = {}
        rank_of = list(ranks.values())
        for net in (*outs, *ins):
            source, targets = whole.nets[net].source, [ranks[each] for each in whole.nets[net].targets if each in ranks]
            self.gates[net] = len(rank_of)
            rank_of.append(ranks[source] + 1 if source in ranks else min(targets) - 1)
        nets: dict[int, Net] = {}
        for net in (*self.gates, *[each for each in range(len(whole.nets)) if each not in self.gates]):
            source, targets = whole.nets[net].source, [self.items[each] for each in whole.nets[net].targets if each in ranks]
            if source not in ranks and net in self.gates:
                nets[net] = Net(self.gates[net], targets)
            elif source in ranks and (targets or net in self.gates):
                nets[net] = Net(self.items[source], [*targets, *([self.gates[net]] if net in self.gates else [])])
        self.nets = {net: number for number, net in enumerate(nets)}
        self.starts = {net for net in nets if whole.nets[net].source in ranks}  # that begin on this side
        found = [self._like(whole.items[item]) for item in ranks]
        found += [Item(side=rank_of[number] > 0) for number in self.gates.values()]
        self.level = Level(found, list(nets.values()), rank_of)

    def _like(self, item: Item) -> Item:
        """An item, whose nets have other numbers here; those that come from the other side come first."""
        takes = sorted([self.nets[net] for net in item.takes if net in self.nets], key=lambda number: number >= len(self.gates))
        found = Item(item.width, item.height, takes, side=item.side)
        found.entries.update((self.nets[net], x) for net, x in item.entries.items() if net in self.nets)
        found.exits.update((self.nets[net], x) for net, x in item.exits.items() if net in self.nets)
        return found

    def gate(self, net: int) -> Segment:
        """The piece of line that leads to a gate, or from one."""
        node = self.level.ranked.nodes[self.gates[net]]
        return (node.ups or node.downs)[0]

    def exit(self, net: int) -> Point:
        """Where a net leaves its source."""
        item = self.whole.nets[net].source
        x, y = self.level.corner(self.items[item])
        source = self.whole.items[item]
        return x + source.exits.get(net, source.width / 2), y + source.height

    def way(self, net: int, item: int) -> list[Point]:
        """The way of a net to an item, from its source or its gate."""
        return [point for piece in self.level.way(self.nets[net], self.items[item]) for point in self.level.piece(piece)]


def _alone(level: Level, gate: Segment, *, right: bool) -> bool:
    """No other line turns at the height of a gate's between it and the right edge, or the left one."""
    own = level.buses[gate]
    others = (bus for bus in level.channels[gate.upper.rank].buses if bus.track == own.track and not bus.straight)
    return all(bus is own or (bus.high < own.low if right else bus.low > own.high) for bus in others)


def turned(level: Level) -> Turned | None:
    """The level as a U, if it is one: with as many bridges as there can be, and no higher than it needs to be."""
    found = []
    turns = sorted(_turns(level), key=lambda turn: (-len(turn[1]), max(level.bottoms[turn[0]], level.height - level.tops[turn[0] + 1])))
    for rank, bridges, turning in turns[:TRIED]:
        candidate = Turned(level, rank, bridges, turning)
        if candidate.clear:
            found.append(candidate)
    return min(found, key=lambda each: (-len(each.bridges), each.height), default=None)


def _turns(level: Level) -> Iterator[tuple[int, list[int], int]]:
    """Below which ranks the level may turn, with the nets that lead across there, the outermost first, and the one that turns."""
    ranks = [node.rank for node in level.ranked.nodes]
    starts = [ranks[net.source] for net in level.nets]
    targets = [sorted([-1, *[ranks[target] for target in net.targets]]) for net in level.nets]
    ends = [each[-1] for each in targets]
    long = sum(end > start + 1 for start, end in zip(starts, ends, strict=True))  # lines that go past something
    for rank, nodes in enumerate(level.ranked.ranks[:-1]):
        pieces = {each.net: each.upper for node in nodes for each in node.downs}
        turning = [net for net in pieces if starts[net] == rank and ends[net] == rank + 1]
        if len(turning) != 1 or len(pieces) <= FEWEST or long > 2 * (len(pieces) - 1):
            continue
        bridges = sorted([net for net in pieces if net != turning[0]], key=lambda net: starts[net])
        alone = all(starts[net] < rank and targets[net][-2] <= rank for net in bridges)
        if alone and all(starts[one] < starts[other] and ends[one] > ends[other] for one, other in pairwise(bridges)):
            yield rank, bridges, turning[0]
