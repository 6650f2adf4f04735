"""The metrics that a sheet can ask for, and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import suggestion
from cnncalc.layers import KINDS
from cnncalc.propagate.figures import FIGURES, PIXELS, SIDE, Figure, aliases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import LayerFolder, Row


class NoSuchQuantityError(Exception):
    """A layer or network without this metric."""


def _kernel(rows: Sequence[Row]) -> tuple[Any, Any]:
    """Return the kernel size of a layer."""
    if len(rows) != 1:
        raise NoSuchQuantityError("a kernel needs a layer: there are several")
    for name in ("kernel", "size"):
        field = rows[0].layer.fields.get(name)
        if field is not None and isinstance(getattr(rows[0].layer, name), tuple):
            height, width = getattr(rows[0].layer, name)
            return height, width
    raise NoSuchQuantityError(f"{rows[0].path} is a {rows[0].kind}, which has no kernel")


def _only_kernel(report: Report) -> tuple[Any, Any]:
    return _kernel([row for row in report if hasattr(row.layer, "kernel")])


KERNEL = Figure("kernel", "kernel", "kernel", PIXELS, "height and width of the kernel", "kernel", (), _only_kernel, _kernel)
ASKED: Mapping[str, Figure] = {**FIGURES, "kernel": KERNEL}
ALIASES: Mapping[str, str] = aliases(ASKED.values())
ARITHMETIC = tuple(name for name, figure in ASKED.items() if figure.is_number or figure.unit == SIDE or figure is KERNEL)  # for claims


def word(quantity: str) -> str:
    """Return the name of a metric in a sentence; a claim is called "claim"."""
    name = ALIASES.get(quantity, quantity)
    return ASKED[name].words if name in ASKED else name


def computed(report: Report, place: Row | LayerFolder | None, name: str, *, bias: bool = True) -> Any:
    """Return a metric of a layer, folder or network. Without `bias`, parameters are weights only."""
    figure = ASKED["weights" if name == "params" and not bias else name]
    if place is None and figure.for_networks:
        return figure.read(report)
    if place is None:
        raise NoSuchQuantityError(f"{figure.words} needs a layer")
    if name == "weight_layers" and len(place.rows) == 1:
        return int(place.rows[0].layer.is_weight_layer)
    if not figure.for_layers:
        raise NoSuchQuantityError(f"{place.path} has no {figure.words}; only networks have")
    return figure.of(place.rows)


def count(report: Report, kind: str) -> int:
    """Return the number of layers of a kind, without auxiliary heads."""
    if kind not in KINDS:
        raise NoSuchQuantityError("; ".join(filter(None, (f"unknown kind {kind!r}", suggestion(kind, KINDS)))))
    return sum(row.kind == kind and not row.side for row in report)
