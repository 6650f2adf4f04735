"""Finds the largest setting within budgets, or the nearest miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from cnncalc.explore.budget import Budget
    from cnncalc.explore.sweep import Measured
    from cnncalc.explore.vary import Axis


class Fit(NamedTuple):
    """The result of a fit."""

    tried: list[Measured]
    fitting: list[Measured]
    largest: list[Measured]  # fitting points that no other fitting point dominates
    answer: Measured | None  # the one of these that uses most of the first budget
    nearest: Measured | None  # of the others, the point closest to its budgets


def fit(tried: Sequence[Measured], along: Sequence[Axis], limits: Sequence[Budget]) -> Fit:
    """Find the largest points of a grid within the budgets."""
    had = [each for each in tried if each.error is None]
    for each in had:
        for limit in limits:
            if not isinstance(each.metrics[limit.metric.name], int):
                raise SpecError(
                    Problem(f"{limit.metric.name} is a formula here, not a number", hint="give the symbols numbers: --input, --set")
                )
    fitting = [each for each in had if not over(each, limits)]
    order = [(axis.name, axis.ranks()) for axis in along]
    ranks = {id(each): tuple(ranked[each.values[name]] for name, ranked in order) for each in fitting}
    largest = frontier(fitting, ranks)
    first = limits[0].metric.name if limits else ""
    answer = max(largest, key=lambda each: (each.metrics.get(first, 0), ranks[id(each)]), default=None)
    missing = [each for each in had if over(each, limits)]
    nearest = min(missing, key=lambda each: max(excess(each, limit) for limit in limits), default=None)
    return Fit(list(tried), fitting, largest, answer, nearest)


def over(point: Measured, limits: Sequence[Budget]) -> list[Budget]:
    """Return the budgets that a point exceeds."""
    return [limit for limit in limits if point.metrics[limit.metric.name] > limit.most]


def excess(point: Measured, limit: Budget) -> Fraction:
    """Return the ratio of use to budget, or the use if the budget is 0."""
    from fractions import Fraction

    return Fraction(point.metrics[limit.metric.name], max(limit.most, 1))


def frontier(points: Sequence[Measured], ranks: dict[int, tuple[Any, ...]]) -> list[Measured]:
    """Return the points not dominated by another one (at least as large in all values), in the given order; `ranks` are sort keys."""
    undominated: list[Measured] = []
    # In this order, a dominated point comes after some point in `undominated` that dominates it.
    for point in sorted(points, key=lambda each: ranks[id(each)], reverse=True):
        mine = ranks[id(point)]
        if not any(all(its >= own for its, own in zip(ranks[id(other)], mine, strict=True)) for other in undominated):
            undominated.append(point)
    chosen = {id(point) for point in undominated}
    return [point for point in points if id(point) in chosen]
