"""Computes metrics of a network at every point of a grid of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.explore.vary import points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.errors import SpecError
    from cnncalc.explore.vary import Axis
    from cnncalc.propagate.figures import Figure
    from cnncalc.spec.settings import Setting


USUAL = ("params", "macs", "memory")


class Measured(NamedTuple):
    """A point of the grid with its metrics, which are empty if the setting is invalid."""

    values: dict[str, str]
    metrics: dict[str, Any]
    error: SpecError | None = None

    @property
    def why_not(self) -> str:
        """The error message in one line."""
        return self.error.problems[0].message if self.error is not None else ""


def sweep(setting: Setting, along: Sequence[Axis], asked: Mapping[str, Any], wanted: Iterable[Figure]) -> Iterator[Measured]:
    """Yield the metrics of each point."""
    metrics = list(wanted)
    for point in points(setting, along, asked):
        if point.report is None:
            yield Measured(point.values, {}, point.error)
            continue
        yield Measured(point.values, {each.name: each.read(point.report) for each in metrics})


def raise_if_all_invalid(found: Sequence[Measured]) -> None:
    """Raise the first error if all points are invalid, since the request itself is wrong then."""
    if found and all(each.error is not None for each in found):
        error = found[0].error
        assert error is not None  # checked by all() above
        raise error
