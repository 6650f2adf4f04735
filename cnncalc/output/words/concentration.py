"""Finds where in a network a cost is concentrated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.output.forms.numbers import percent
from cnncalc.propagate.figures import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.propagate.figures import Figure
    from cnncalc.study.folding import Line

FEW = 4  # parts of a network; with fewer, its layers are used instead
SITTING = tuple(FIGURES[name] for name in ("params", "memory", "macs"))  # metrics for which the summary says where they are concentrated
LONGEST = 100  # lines up to which every run is tried; with more, only runs at the start or the end
INSIDE = 0.85  # factor for a run in the middle, which takes more words to describe
HALF, EXCESS = 0.5, 0.3  # a run is mentioned if it holds half of the cost, and its share exceeds that of its layers by this much


class Run(NamedTuple):
    """The lines from `start` to `end` (exclusive), with their cost and the total."""

    start: int
    end: int
    part: int
    whole: int


def densest(costs: Sequence[int], weights: Sequence[int]) -> Run | None:
    """Return the run that maximizes share × (1 − share of the layers); `weights` is the number of layers with a cost in each line.

    The product is large for a small part of the network with nearly all of the cost, and 0 for the whole network.
    None if no run holds much more than its share of the layers.
    """
    cost, weight = _sums(costs), _sums(weights)
    n = len(costs)
    if not cost[-1] or weight[-1] < 3:
        return None
    best, score = (0, n), 0.0
    for start in range(n):
        for end in range(start + 1, n + 1) if n <= LONGEST or start == 0 else (n,):
            share, layers = (cost[end] - cost[start]) / cost[-1], (weight[end] - weight[start]) / weight[-1]
            candidate = share * (1 - layers) * (INSIDE if weight[start] and weight[end] < weight[-1] else 1)
            if candidate > score * (1 + 1e-9):  # of equal runs the first, regardless of rounding errors
                best, score = (start, end), candidate
    start, end = best
    while start < end and not weights[start]:
        start += 1
    while start < end and not weights[end - 1]:
        end -= 1
    share, layers = (cost[end] - cost[start]) / cost[-1], (weight[end] - weight[start]) / weight[-1]
    return Run(start, end, cost[end] - cost[start], cost[-1]) if share >= HALF and share - layers >= EXCESS else None


def _sums(numbers: Sequence[int]) -> list[int]:
    """Return the prefix sums, starting with 0."""
    from itertools import accumulate

    return [0, *accumulate(numbers)]


class CostPart:
    """A part of a network with its number of layers that have the cost, and their total cost."""

    __slots__ = ("cost", "layers", "name")

    def __init__(self, name: str, layers: int, cost: Any) -> None:
        self.name = name
        self.layers = layers
        self.cost = cost


class CostRun:
    """Consecutive parts of a network that hold much of a cost."""

    __slots__ = ("parts", "run")

    def __init__(self, run: Run, parts: Sequence[CostPart]) -> None:
        self.run = run
        self.parts = parts

    @property
    def share(self) -> str:
        """The share of the total as text."""
        return percent(self.run.part, self.run.whole)

    @property
    def held(self) -> Sequence[CostPart]:
        """The parts in the run."""
        return self.parts[self.run.start : self.run.end]

    @property
    def where(self) -> str:
        """The position in words: before a part, in a part, or from one to another."""
        if self.run.start == 0 and 1 < self.run.end < len(self.parts):
            return f"before {self.parts[self.run.end].name}"
        first, last = self.held[0].name, self.held[-1].name
        return f"in {first if first == last else f'{first} to {last}'}"


def parts(lines: Sequence[Line], figure: Figure) -> list[CostPart]:
    """Return the parts with a cost: top-level parts, or single lines if there are few of these."""
    by_line = [CostPart(line.path, *_cost(line, figure)) for line in lines]
    by_line = [part for part in by_line if part.layers]
    outer: dict[str, CostPart] = {}
    for part in by_line:
        head = part.name.partition("/")[0]
        known = outer.setdefault(head, CostPart(head, 0, 0))
        known.layers += part.layers
        known.cost += part.cost
    return list(outer.values()) if len(outer) >= FEW else by_line


def _cost(line: Line, figure: Figure) -> tuple[int, Any]:
    """Return the number of layers with a cost, and its sum."""
    costs = [cost for row in line.rows if (cost := getattr(row, figure.key)) != 0 and (not figure.stored or row.stored)]
    return len(costs), sum(costs)


def spot(lines: Sequence[Line], figure: Figure) -> CostRun | None:
    """Return the run where a cost is concentrated; None if it is spread out or symbolic."""
    units = parts(lines, figure)
    if any(not isinstance(unit.cost, int) for unit in units):
        return None
    run = densest([unit.cost for unit in units], [unit.layers for unit in units])
    return CostRun(run, units) if run is not None else None


def sits(lines: Sequence[Line]) -> str:
    """Return a sentence on where parameters, activation memory and MACs are concentrated."""
    return said((figure, spot(lines, figure)) for figure in SITTING)


def said(spots: Iterable[tuple[Figure, CostRun | None]]) -> str:
    """Return a sentence on where costs are concentrated."""
    phrases = []
    for figure, run in spots:
        if run is not None:
            be, come = ("are", "come") if figure.plural else ("is", "comes")
            phrases.append(f"{run.share} of the {figure.words} {come if run.where.startswith('before ') else be} {run.where}")
    return "; ".join(phrases) + "." if phrases else ""
