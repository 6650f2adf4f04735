"""Helpers for tests of single networks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import cnncalc

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import LayerFolder, Row

COUNTED = ("conv", "depthwise", "upconv", "eca", "fc")  # whose outputs an independent counter adds up


@cache
def network(name: str) -> Report:
    """A network as the catalogue has it."""
    return cnncalc.analyze(name)


def fields(row: Row | LayerFolder) -> dict[str, Any]:
    """The fields of a layer that say something."""
    return dict(row.as_dict()["fields"])


def of_kind(report: Report, kind: str, under: str = "") -> list[Row]:
    """The layers of a kind, perhaps of one folder alone."""
    return [row for row in report if row.kind == kind and row.path.startswith(under)]


def outputs(report: Report, *, sides: bool = False) -> Dim:
    """The values that convolutions and fully connected layers leave."""
    return sum((row.values for row in report if row.kind in COUNTED and (sides or not row.side)), start=0)
