"""One network under every counting convention, and the causes of differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.propagate.counting import CONVENTIONS, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.dims import Dim
    from cnncalc.propagate.counting import Convention
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

BIASES = "biases"


class ConventionCount(NamedTuple):
    """The count and the parameters of a network under one convention, by cause."""

    convention: Convention
    causes: Mapping[str, Dim]  # without zeros
    parameters: Mapping[str, Dim]

    @property
    def value(self) -> Dim:
        """The total count."""
        return sum(self.causes.values())

    @property
    def params(self) -> Dim:
        """The number of parameters as the tool reports it."""
        return sum(self.parameters.values())


class CauseDifference(NamedTuple):
    """The contribution of one cause to each of two counts."""

    cause: str
    one: Dim
    other: Dim

    @property
    def difference(self) -> Dim:
        """The first contribution minus the second."""
        return self.one - self.other


class Difference(NamedTuple):
    """The difference between two counts of a network, as a sum over causes."""

    one: ConventionCount
    other: ConventionCount
    parts: tuple[CauseDifference, ...]
    parameters: tuple[CauseDifference, ...]


def counts(report: Report, names: Iterable[str] = CONVENTIONS) -> list[ConventionCount]:
    """Return the counts of a network under several conventions."""
    rows = [row for row in report.rows if report.sides or not row.side]
    return [count(rows, CONVENTIONS[name], report) for name in names]


def count(rows: Iterable[Row], convention: Convention, report: Report) -> ConventionCount:
    """Return the count of some layers under a convention."""
    causes: dict[str, Dim] = {}
    parameters: dict[str, Dim] = {}
    for row in rows:
        cost, operation = row.cost, row.layer.operation
        macs, biases, other = convention.count(cost)
        for cause, amount in ((operation.cause, macs + other), (BIASES, biases)):
            if amount != 0:
                causes[cause] = causes.get(cause, 0) + report.batch * amount
        if row.node.placed.shared:
            continue
        found, _ = counted(cost._replace(taken=0), convention, bias=report.bias)
        for cause, amount in (("weights", found.weights), (BIASES, found.biases), ("buffers", found.taken)):
            if amount != 0:
                parameters[cause] = parameters.get(cause, 0) + amount
    return ConventionCount(convention, causes, parameters)


def difference(one: ConventionCount, other: ConventionCount) -> Difference:
    """Return the difference of two counts by cause, largest parts first if they are numbers."""
    return Difference(one, other, _parts(one.causes, other.causes), _parts(one.parameters, other.parameters))


def _parts(one: Mapping[str, Dim], other: Mapping[str, Dim]) -> tuple[CauseDifference, ...]:
    causes = dict.fromkeys((*one, *other))
    parts = [part for cause in causes if (part := CauseDifference(cause, one.get(cause, 0), other.get(cause, 0))).difference != 0]
    return tuple(sorted(parts, key=lambda part: -abs(part.difference) if isinstance(part.difference, int) else 0))


def causes(found: Iterable[ConventionCount]) -> list[str]:
    """Return the causes of several counts, in order of first appearance."""
    return list(dict.fromkeys(cause for each in found for cause in each.causes))
