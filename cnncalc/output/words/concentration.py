"""Finds where in a network a cost is concentrated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

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
