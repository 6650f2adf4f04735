"""Computes metrics of a network at every point of a grid of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.explore.formula_grid import FormulaGrid
from cnncalc.explore.vary import grid, point, size
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    """Yield the metrics of each point: from formulas where they hold, else from the network at this point."""
    metrics = list(wanted)
    names = [each.name for each in metrics]
    formulas = FormulaGrid(setting, along, asked, metrics)
    left = LIMITS.built
    if not formulas.symbolic:
        _check(size(along) <= left)
    for values in grid(along):
        found = formulas.at(values)
        if found is not None:
            yield Measured(values, dict(zip(names, found, strict=True)))
            continue
        left -= 1
        _check(left >= 0)
        report, error = point(setting, values, asked)[1:]
        yield Measured(values, {} if report is None else {each.name: each.read(report) for each in metrics}, error)


def _check(within: bool) -> None:
    if not within:
        message = f"more than {LIMITS.built:,} settings without a formula, at each of which the network is built"
        raise SpecError(Problem(message, hint="vary fewer values, or sizes and numbers of filters instead of numbers of repeats"))


def raise_if_all_invalid(found: Sequence[Measured]) -> None:
    """Raise the first error if all points are invalid, since the request itself is wrong then."""
    if found and all(each.error is not None for each in found):
        error = found[0].error
        assert error is not None  # checked by all() above
        raise error
