"""One network under every counting convention: a report goes in, out come the figures, and what makes two of them differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.propagate.counting import CONVENTIONS, counted
from cnncalc.propagate.report import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.dims import Dim
    from cnncalc.propagate.counting import Convention
    from cnncalc.propagate.report import Report, Row

BIASES = "biases"
NONE = "nothing"


class Figure(NamedTuple):
    """What a convention makes of a network: the figure by its causes, and the parameters by theirs."""

    convention: Convention
    causes: Mapping[str, Dim]  # a zero is left out
    parameters: Mapping[str, Dim]

    @property
    def value(self) -> Dim:
        """The figure."""
        return total(self.causes.values())

    @property
    def params(self) -> Dim:
        """The parameters that it would print."""
        return total(self.parameters.values())


class Part(NamedTuple):
    """One cause of a difference."""

    cause: str
    one: Dim
    other: Dim

    @property
    def difference(self) -> Dim:
        """What the first has more."""
        return self.one - self.other


class Difference(NamedTuple):
    """Two figures for one network, and why they are not the same; the parts add up to the difference."""

    one: Figure
    other: Figure
    parts: tuple[Part, ...]
    parameters: tuple[Part, ...]


def figures(report: Report, names: Iterable[str] = CONVENTIONS) -> list[Figure]:
    """What conventions make of a network."""
    rows = [row for row in report.rows if report.sides or not row.side]
    return [figure(rows, CONVENTIONS[name], report) for name in names]


def figure(rows: Iterable[Row], convention: Convention, report: Report) -> Figure:
    """What a convention makes of some layers."""
    causes: dict[str, Dim] = {}
    parameters: dict[str, Dim] = {}
    for row in rows:
        cost, operation = row.cost, row.layer.operation
        macs, biases, other = convention.count(cost)
        for cause, amount in ((operation.cause, macs + other), (BIASES, biases)):
            if amount != 0:
                causes[cause] = causes.get(cause, 0) + report.batch * amount
        found, _ = counted(cost._replace(taken=0), convention, bias=report.bias)
        for cause, amount in (("weights", found.weights), (BIASES, found.biases), ("buffers", found.taken)):
            if amount != 0:
                parameters[cause] = parameters.get(cause, 0) + amount
    return Figure(convention, causes, parameters)


def difference(one: Figure, other: Figure) -> Difference:
    """Why two figures differ, by cause; the largest parts first where they are numbers."""
    return Difference(one, other, _parts(one.causes, other.causes), _parts(one.parameters, other.parameters))


def _parts(one: Mapping[str, Dim], other: Mapping[str, Dim]) -> tuple[Part, ...]:
    causes = dict.fromkeys((*one, *other))
    parts = [part for cause in causes if (part := Part(cause, one.get(cause, 0), other.get(cause, 0))).difference != 0]
    return tuple(sorted(parts, key=lambda part: -abs(part.difference) if isinstance(part.difference, int) else 0))


def causes(found: Iterable[Figure]) -> list[str]:
    """All causes of some figures, those that count most conventions first come first."""
    return list(dict.fromkeys(cause for figure in found for cause in figure.causes))
