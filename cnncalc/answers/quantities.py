"""What a sheet may ask of a network or a layer: a report and a quantity go in, out comes the computed value."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.layers import KINDS, Volume
from cnncalc.spec import catalogue

if TYPE_CHECKING:
    from cnncalc.answers.answer_sheet import Counting
    from cnncalc.dims import Dim
    from cnncalc.errors import Span
    from cnncalc.propagate.report import Report, Row
    from cnncalc.spec.settings import Setting

WORDS = {"params": "parameters", "macs": "MACs", "flops": "FLOPs"}
ROW_NAMES = {"activations": "values", "memory": "bytes"}  # what sheets call otherwise than reports


def word(quantity: str) -> str:
    """What a quantity is called in a sentence."""
    return WORDS.get(quantity, quantity.replace("_", " "))


class NoSuchQuantityError(Exception):
    """A layer has nothing of this sort; the text says so."""


def computed(report: Report, row: Row | None, quantity: str, counting: Counting) -> Any:
    """The value of a quantity: of a layer, or of the network and its last layer."""
    if quantity == "output":
        return volume(report, row)
    if quantity == "receptive_field":
        return (row or report.rows[report.graph.outputs[-1]]).receptive_field
    if quantity == "kernel":
        return window(report, row)
    if quantity == "fits":
        rows = [row] if row is not None else [each for each in report if not each.side]
        return all(each.exact for each in rows) if all(each.exact is not None for each in rows) else None
    if quantity == "weight_layers":
        return report.total.weight_layers if row is None else int(row.layer.weighs)
    of = report.total if row is None else row
    if quantity == "params" and not counting.bias:
        return of.weights
    return getattr(of, ROW_NAMES.get(quantity, quantity))


def volume(report: Report, row: Row | None) -> Volume:
    """The volume that a layer leaves, or the network."""
    return row.output if row is not None else report.outputs[-1]


def window(report: Report, row: Row | None) -> tuple[Dim, Dim]:
    """Height and width of a layer's window."""
    if row is None:
        windowed = [each for each in report if hasattr(each.layer, "kernel")]
        if len(windowed) != 1:
            raise NoSuchQuantityError("a kernel of which layer? the network has several")
        row = windowed[0]
    for name in ("kernel", "size"):
        field = row.layer.fields.get(name)
        if field is not None and isinstance(getattr(row.layer, name), tuple):
            height, wide = getattr(row.layer, name)
            return height, wide
    raise NoSuchQuantityError(f"{row.path} is a {row.kind}, it has no kernel")


def count(report: Report, kind: str) -> int:
    """The layers of a kind, side exits apart."""
    if kind not in KINDS:
        raise NoSuchQuantityError("; ".join(filter(None, (f"unknown kind {kind!r}", suggestion(kind, KINDS)))))
    return sum(row.kind == kind and not row.side for row in report)


def network(name: str, folder: str, known: dict[str, Setting]) -> Setting:
    """The network that a sheet in a folder means; those of the catalogue are read once and then `known`."""
    if name not in known:
        setting = catalogue.find(name, base=folder)
        if os.path.dirname(setting.network.source.name):  # a file beside the sheet: another one beside another sheet
            return setting
        known[name] = setting
    return known[name]


def layer(report: Report, path: str, span: Span | None = None) -> Row:
    """The one layer that a path means."""
    found = report.find(path)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(row.path for row in found[:6])
        raise SpecError(Problem(f"{path!r} may be {len(found)} layers", span, f"say more of its path: {listed}"))
    paths = [row.path for row in report]
    near = suggestion(path, [*paths, *(each.rpartition("/")[2] for each in paths)])
    raise SpecError(Problem(f"{report.setting.id} has no layer {path!r}", span, near))
