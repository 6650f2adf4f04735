"""Finds the order of layers with the lowest peak memory.

The parts before and after a step on every path are ordered separately. Within a part, the search runs over sets of finished steps: the
memory held after a set does not depend on the order of its steps.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.study.memory.liveness import OUTSIDE, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.study.memory.liveness import Plan

SETS = 30_000  # sets visited per part before the exact search stops
BEAM = 32  # width of the beam search that follows
LONGEST = 5_000  # largest part, in steps, that is searched


class Order(NamedTuple):
    """An order of the steps, its peak, and a lower bound of the peak over all orders (equal if the order is proven optimal)."""

    steps: list[int]
    peak: int
    least: int

    @property
    def exact(self) -> bool:
        """Whether no order has a lower peak."""
        return self.least == self.peak


class PartOrder(NamedTuple):
    """The order found for one part."""

    peak: int
    steps: tuple[int, ...]
    least: int


def best(plan: Plan) -> Order:
    """Return the order with the lowest peak; the file's order if no other is better."""
    whole = run(plan)
    cuts = parts(plan)
    peaks = [max(whole.course[start:end], default=0) for start, end in cuts]
    order = list(range(len(plan.steps)))
    known: dict[tuple[object, ...], PartOrder] = {}
    lowest = least = 0
    # Highest peak first: the search ends at parts whose file order stays within the peak found so far.
    for k in sorted(range(len(cuts)), key=lambda k: -peaks[k]):
        start, end = cuts[k]
        if peaks[k] <= lowest:
            break
        part = PlanPart(plan, start, end)
        likeness = part.likeness()
        if likeness not in known:
            known[likeness] = part.search(peaks[k], least)
        part_order = known[likeness]
        order[start:end] = [start + step for step in part_order.steps]
        lowest, least = max(lowest, part_order.peak), max(least, part_order.least)
    return Order(order, lowest, least)


def parts(plan: Plan) -> list[tuple[int, int]]:
    """Return the ranges of steps between the steps that lie on every path."""
    count = len(plan.steps)
    first_reader = [count] * count
    for i, step in enumerate(plan.steps):
        for each in step.after:
            first_reader[each] = min(first_reader[each], i)
    # Step k is on every path if the results of all earlier steps are last needed by k or before, and all later steps depend on k or later.
    waiting = 0
    ahead = []
    for reader in first_reader:
        ahead.append(waiting)
        waiting = max(waiting, reader)
    cuts = [count]
    reaching = count
    for k in range(count - 1, -1, -1):
        if ahead[k] <= k <= reaching:
            cuts.append(k)
        reaching = min(reaching, max(plan.steps[k].after, default=-1))
    cuts.reverse()
    return [(start, end) for start, end in zip([0, *cuts], cuts, strict=False) if start < end]


class PlanPart:
    """A range of steps that is ordered by itself. Sets of steps are bit masks."""

    def __init__(self, plan: Plan, start: int, end: int) -> None:
        self.count = end - start
        self.needs = [sum(1 << (each - start) for each in plan.steps[i].after if each >= start) for i in range(start, end)]
        self.writes: list[int] = []  # elements written by each step
        self.scratch = [step.scratch for step in plan.steps[start:end]]
        self.overwrites: list[bool] = []
        self.behind: list[list[int]] = [[] for _ in self.needs]
        for reader, needs in enumerate(self.needs):
            for each in bits(needs):
                self.behind[each].append(reader)
        self.first = sum(1 << i for i, needs in enumerate(self.needs) if not needs)  # steps without predecessors in the part
        self.is_read: list[bool] = []  # whether any step reads the result
        self.frees: list[list[tuple[int, int]]] = []  # for each input freed in this part: its readers, its size
        waiting = [tensor for tensor in plan.tensors if tensor.writer < start and any(_later(each, start) for each in tensor.readers)]
        self.held = sum(tensor.values for tensor in waiting)
        for i in range(start, end):
            step = plan.steps[i]
            own = plan.tensors[step.writes] if step.writes is not None else None
            self.writes.append(own.values if own is not None else 0)
            self.is_read.append(own is not None and bool(own.readers))
            dying = [plan.tensors[each] for each in step.reads]
            dying = [tensor for tensor in dying if all(OUTSIDE < each < end for each in tensor.readers)]
            self.frees.append([(sum(1 << (each - start) for each in t.readers if each >= start), t.values) for t in dying])
            self.overwrites.append(step.overwrites and bool(dying))

    def likeness(self) -> tuple[object, ...]:
        """Return a key; parts with equal keys have the same optimal order."""
        frees = tuple(map(tuple, self.frees))
        return (self.held, tuple(self.needs), tuple(self.writes), tuple(self.scratch), tuple(self.is_read), tuple(self.overwrites), frees)

    def after(self, done: int, held: int, step: int) -> tuple[int, int]:
        """Return the memory held while a step runs after a set, and once it is done."""
        gone = [values for readers, values in self.frees[step] if not readers & ~done & ~(1 << step)]
        written = self.writes[step]
        moment = held + self.scratch[step] + (0 if gone and self.overwrites[step] else written)
        return moment, held - sum(gone) + (written if self.is_read[step] else 0)

    def ready(self, done: int, could: int, step: int) -> int:
        """Return the steps that can run after `step`: the other ready ones, and its readers with no other pending input."""
        could &= ~(1 << step)
        for each in self.behind[step]:
            if not self.needs[each] & ~done:
                could |= 1 << each
        return could

    def search(self, highest: int, lowest: int) -> PartOrder:
        """Return the order with the lowest peak. `highest` is the peak of the file's order, `lowest` a bound from other parts."""
        if self.count > LONGEST:
            return PartOrder(highest, tuple(range(self.count)), lowest)
        order = self._best_first_search(highest, lowest)
        if order.least < order.peak:
            better = self._beam_search(highest)
            return order if better is None else PartOrder(better[0], better[1], order.least)
        return order

    def _best_first_search(self, highest: int, lowest: int) -> PartOrder:
        """Best-first search over sets by peak: the first complete order is optimal. Returns the file's order after SETS sets."""
        file = tuple(range(self.count))
        full = (1 << self.count) - 1
        came: dict[int, tuple[int, int]] = {0: (-1, -1)}
        peaks = {0: lowest}
        queue = [(lowest, 0, 0, self.held, self.first)]  # peak, number of remaining steps, set, memory held, ready steps
        closed: set[int] = set()
        while queue:
            peak, _, done, held, could = heappop(queue)
            if done in closed:
                continue
            closed.add(done)
            if done == full:
                return PartOrder(peak, self._path_to_end(came), peak)
            if len(closed) > SETS:
                return PartOrder(highest, file, peak)
            for step, moment, left in self._next(done, held, could, peak):
                reached, top = done | 1 << step, max(peak, moment)
                if top < peaks.get(reached, highest):
                    peaks[reached] = top
                    came[reached] = (done, step)
                    heappush(queue, (top, self.count - reached.bit_count(), reached, left, self.ready(reached, could, step)))
        return PartOrder(highest, file, highest)

    def _next(self, done: int, held: int, could: int, peak: int) -> list[tuple[int, int, int]]:
        """Return the candidates for the next step. A step that neither raises the peak nor the memory held is always optimal."""
        candidates = []
        for step in bits(could):
            moment, left = self.after(done, held, step)
            if moment <= peak and left <= held:
                return [(step, moment, left)]
            candidates.append((step, moment, left))
        return candidates

    def _beam_search(self, highest: int) -> tuple[int, tuple[int, ...]] | None:
        """Beam search: for each size, keep the sets with the lowest peak and, among those, the least memory held."""
        line: list[tuple[int, int, int, int, Any]] = [(0, self.held, 0, self.first, None)]
        for _ in range(self.count):
            reached: dict[int, tuple[int, int, int, int, Any]] = {}
            for peak, held, done, could, path in line:
                for step, moment, left in self._next(done, held, could, peak):
                    after, top = done | 1 << step, max(peak, moment)
                    if top < highest and (after not in reached or top < reached[after][0]):
                        reached[after] = (top, left, after, self.ready(after, could, step), (step, path))
            if not reached:
                return None
            line = sorted(reached.values(), key=lambda each: each[:3])[:BEAM]
        peak, *_, path = line[0]
        steps = []
        while path is not None:
            step, path = path
            steps.append(step)
        return peak, tuple(reversed(steps))

    def _path_to_end(self, came: dict[int, tuple[int, int]]) -> tuple[int, ...]:
        done, steps = (1 << self.count) - 1, []
        while done:
            done, step = came[done]
            steps.append(step)
        return tuple(reversed(steps))


def bits(number: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _later(reader: int, start: int) -> bool:
    return reader >= start or reader == OUTSIDE
