"""A network under every combination of settings: axes and quantities go in, out comes a row of figures for each point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.explore.vary import points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.errors import SpecError
    from cnncalc.explore.quantities import Quantity
    from cnncalc.explore.vary import Axis
    from cnncalc.spec.settings import Setting


class Measured(NamedTuple):
    """A point of the grid with its figures; none where the network cannot be had so."""

    values: dict[str, str]
    figures: dict[str, Any]
    error: SpecError | None = None

    @property
    def why_not(self) -> str:
        """Why it cannot be had, in a line."""
        return self.error.problems[0].message if self.error is not None else ""


def sweep(setting: Setting, along: Sequence[Axis], asked: Mapping[str, Any], wanted: Iterable[Quantity]) -> Iterator[Measured]:
    """Point after point."""
    quantities = list(wanted)
    for point in points(setting, along, asked):
        if point.report is None:
            yield Measured(point.values, {}, point.error)
            continue
        yield Measured(point.values, {quantity.name: quantity.read(point.report) for quantity in quantities})


def settled(found: Sequence[Measured]) -> None:
    """Where no point can be had, what is wrong is wrong with the question: the first error is raised."""
    if found and all(each.error is not None for each in found):
        error = found[0].error
        assert error is not None  # seen above
        raise error
