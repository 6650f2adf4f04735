"""Finds where in a network a cost is concentrated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 100  # lines among which every run is tried; among more, only those from the start and to the end
INSIDE = 0.85  # a run in the middle takes more words than one that begins or ends with the network, so it has to be that much better
HALF, EXCESS = 0.5, 0.3  # a run is worth a word if it holds half of the cost, and so much more than its part of the layers


class Run(NamedTuple):
    """Lines from `start` up to but without `end`, and their part of the whole."""

    start: int
    end: int
    part: int
    whole: int


def densest(costs: Sequence[int], weights: Sequence[int]) -> Run | None:
    """The run with the largest share × (1 − its share of the layers); `weights` says how many layers with any cost a line stands for.

    The product is large for a run with nearly all of the cost that is still a small part of the network, and 0 for the whole network.
    None where no run holds much more than its part.
    """
    cost, weight = _sums(costs), _sums(weights)
    n = len(costs)
    if not cost[-1] or weight[-1] < 3:
        return None
    best, score = (0, n), 0.0
    for start in range(n):
        for end in range(start + 1, n + 1) if n <= LONGEST or start == 0 else (n,):
            share, layers = (cost[end] - cost[start]) / cost[-1], (weight[end] - weight[start]) / weight[-1]
            found = share * (1 - layers) * (INSIDE if weight[start] and weight[end] < weight[-1] else 1)
            if found > score * (1 + 1e-9):  # of equals the first, so that the words do not depend on rounding
                best, score = (start, end), found
    start, end = best
    while start < end and not weights[start]:
        start += 1
    while start < end and not weights[end - 1]:
        end -= 1
    share, layers = (cost[end] - cost[start]) / cost[-1], (weight[end] - weight[start]) / weight[-1]
    return Run(start, end, cost[end] - cost[start], cost[-1]) if share >= HALF and share - layers >= EXCESS else None


def _sums(numbers: Sequence[int]) -> list[int]:
    """The sums from the start, one more than there are numbers."""
    from itertools import accumulate

    return [0, *accumulate(numbers)]
