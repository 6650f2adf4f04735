"""Horizontal positions within ranks, with lines as straight as possible (Brandes and Köpf 2001)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.drawing.ranks import RankedGraph, RankNode, Segment

ITEM_GAP, LINE_GAP = 26, 14  # minimal distance between items, and between a line and its neighbour


def set_positions(graph: RankedGraph) -> float:
    """Set x of every node and return the width of the graph. Uses the median of four biased alignments."""
    nodes = [node for rank in graph.ranks for node in rank]
    conflicts = _conflicts(graph.ranks)
    found = []
    for left in (True, False):
        for up in (True, False):
            xs = _Alignment(graph.ranks, conflicts, up=up, left=left).xs()
            found.append((left, xs, min(xs.values()), max(x + node.item.width for node, x in xs.items())))
    _, _, low, high = min(found, key=lambda alignment: alignment[3] - alignment[2])
    moved = [(xs, low - start if left else high - end) for left, xs, start, end in found]
    for node in nodes:
        middle = sorted([xs[node] + by for xs, by in moved])[1:3]
        node.x = sum(middle) / 2
    start = min(node.x for node in nodes)
    for node in nodes:
        node.x -= start
    return max(node.x + node.item.width for node in nodes)


def gap(left: RankNode, right: RankNode) -> float:
    """Return the minimal distance of two neighbours."""
    return LINE_GAP if left.is_line or right.is_line or not left.item.width or not right.item.width else ITEM_GAP


def _conflicts(ranks: Sequence[Sequence[RankNode]]) -> set[Segment]:
    """Return the segments that cross an inner segment of a long line, which has priority to be straight."""
    found = set()
    for rank in ranks[1:]:
        last, done = -1.0, 0
        for at, node in enumerate(rank):
            inner = next((each.upper for each in node.ups if node.is_line and each.upper.is_line), None)
            if inner is None and at < len(rank) - 1:
                continue
            limit = inner.order if inner is not None else float("inf")
            for other in rank[done : at + 1]:
                found |= {
                    each for each in other.ups if not last <= each.upper.order <= limit and not (other.is_line and each.upper.is_line)
                }
            last, done = limit, at + 1
    return found


class _Alignment:
    """One of four alignments: with the median neighbour above or below, from the left or from the right."""

    def __init__(self, ranks: Sequence[Sequence[RankNode]], conflicts: set[Segment], *, up: bool, left: bool) -> None:
        self.up = up
        self.sign = 1 if left else -1
        self.ranks = [list(rank)[:: self.sign] for rank in (ranks if up else reversed(ranks))]
        self.conflicts = conflicts
        self.root: dict[RankNode, RankNode] = {node: node for rank in ranks for node in rank}  # root of each block of aligned nodes
        self.offset: dict[RankNode, float] = dict.fromkeys(self.root, 0.0)  # of a node's near edge relative to its root
        self._align()

    def _align(self) -> None:
        for rank in self.ranks:
            before = (float("-inf"), 0.0)
            beside: RankNode | None = None
            blocks: set[RankNode] = set()  # with a node in this rank
            for node in rank:
                segments = [each for each in (node.ups if self.up else node.downs) if not each.weak and each not in self.conflicts]
                ends = sorted([self._ends(each) for each in segments], key=lambda end: (self.sign * end[0].order, end[1]))
                for other, there, here in ends[(len(ends) - 1) // 2 : len(ends) // 2 + 1]:
                    at = (self.sign * other.order, there)
                    block, offset = self.root[other], self.offset[other] + there - here
                    if self.root[node] is node and before < at and (block not in blocks or self._fits(beside, node, block, offset)):
                        self.root[node], self.offset[node] = block, offset
                        before = at
                blocks.add(self.root[node])
                beside = node

    def _fits(self, beside: RankNode | None, node: RankNode, block: RankNode, offset: float) -> bool:
        """Return whether a block has room for a second node of a rank next to the first, below a wide item."""
        if beside is None or self.root[beside] is not block:
            return False
        return self.offset[beside] + beside.item.width + gap(beside, node) <= offset

    def _ends(self, segment: Segment) -> tuple[RankNode, float, float]:
        """Return a neighbour and the ends of the line on both, relative to the near edges."""
        other, there, here = (segment.upper, segment.exit, segment.entry) if self.up else (segment.lower, segment.entry, segment.exit)
        if self.sign > 0:
            return other, there, here
        node = segment.lower if self.up else segment.upper
        return other, other.item.width - there, node.item.width - here

    def xs(self) -> dict[RankNode, float]:
        """Return the left edges, with blocks packed as closely as possible."""
        after: dict[RankNode, list[tuple[RankNode, float]]] = {root: [] for root in self.root.values()}
        for rank in self.ranks:
            for one, other in pairwise(rank):
                apart = self.offset[one] + one.item.width + gap(one, other) - self.offset[other]
                if self.root[one] is not self.root[other]:
                    after[self.root[one]].append((self.root[other], apart))
        order = _sorted(after)
        found = dict.fromkeys(order, 0.0)
        for block in order:
            for other, apart in after[block]:
                found[other] = max(found[other], found[block] + apart)
        for block in reversed(order):
            if after[block]:
                found[block] = max(found[block], min(found[other] - apart for other, apart in after[block]))
        near = {node: found[root] + self.offset[node] for node, root in self.root.items()}
        return near if self.sign > 0 else {node: -x - node.item.width for node, x in near.items()}


def _sorted(after: dict[RankNode, list[tuple[RankNode, float]]]) -> list[RankNode]:
    """Return the blocks in topological order, from near to far."""
    waits = dict.fromkeys(after, 0)
    for others in after.values():
        for other, _ in others:
            waits[other] += 1
    ready = [block for block, count in waits.items() if not count]
    for block in ready:
        for other, _ in after[block]:
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    return ready
