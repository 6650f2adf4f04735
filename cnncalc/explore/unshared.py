"""Convolutions beside the layers that they would be without weight sharing, or fully connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.layers import KINDS, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.dims import Dim
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

CONVOLUTIONS = ("conv", "depthwise")


class OtherForm(NamedTuple):
    """A convolution of a report, and the costs of its other form."""

    row: Row
    params: Dim
    macs: Dim


def _locally_connected(row: Row) -> tuple[Dim, Work]:
    """Return parameters and work without weight sharing: every use of a weight or bias is a parameter of its own."""
    work = row.cost.work
    return work.macs + work.bias_adds, work


def _fully_connected(row: Row) -> tuple[Dim, Work]:
    """Return parameters and work of a fully connected layer with as many outputs."""
    (x,), y = row.inputs, row.output
    layer = KINDS["fc"](features=y.size, bias=bool(row.cost.work.bias_adds != 0))
    return layer.weights(x) + layer.biases(x), layer.work(x, layer.output(x))


FORMS: dict[str, Callable[[Row], tuple[Dim, Work]]] = {"local": _locally_connected, "fc": _fully_connected}


def other_forms(report: Report, form: str) -> list[OtherForm]:
    """Return the convolutions of a network with the costs of their other form, in parameters and for the report's batch."""
    found = []
    for row in report.rows:
        if row.kind in CONVOLUTIONS and (report.sides or not row.side):
            params, work = FORMS[form](row)
            found.append(OtherForm(row, params, report.batch * work.macs))
    if not found:
        raise SpecError(Problem(f"{report.setting.id} has no convolutions", hint=f"--as is for {' and '.join(CONVOLUTIONS)}"))
    return found
