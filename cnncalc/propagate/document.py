"""A report goes in, out comes what `show --format json` prints of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc import __version__
from cnncalc.propagate.report import BYTES, plain

if TYPE_CHECKING:
    from cnncalc.graph.graph import Placed
    from cnncalc.propagate.report import Report


def document(report: Report) -> dict[str, Any]:
    """All of it."""
    found = {
        **head(report),
        "layers": _layers(report),
        "total": report.total.as_dict(),
        "notes": list(report.setting.about.notes or ()),
    }
    if report.exits is not None:
        found["sides"] = report.exits.as_dict()
    if report.conditions:
        found["conditions"] = [str(condition) for condition in report.conditions]
    return found


def head(report: Report) -> dict[str, Any]:
    """Which network this is, and how it is counted."""
    setting = report.setting
    about = setting.about
    found: dict[str, Any] = {
        "cnncalc": __version__,
        "network": {
            "id": setting.id,
            "name": about.title or setting.id,
            "year": about.year,
            "paper": about.paper,
            "source": setting.network.source.name,
            "params": {name: plain(value) for name, value in report.graph.params.items()},
            "input": plain(report.input),
        },
        "batch": plain(report.batch),
        "bytes_per_value": BYTES[report.dtype],
        "counting": report.counting,
    }
    if about.published:
        found["network"]["published"] = dict(about.published)
    if not report.bias:
        found["bias"] = False
    return found


def _layers(report: Report) -> list[dict[str, Any]]:
    """The rows; what rows with the same place have in common is written once."""
    written: dict[Placed, dict[str, Any]] = {}
    layers = []
    for row in report.rows:
        known = written.get(row.node.placed)
        if known is None:
            known = written[row.node.placed] = row.as_dict()
            layers.append(known)
        else:
            layers.append(row.like(known))
    return layers
