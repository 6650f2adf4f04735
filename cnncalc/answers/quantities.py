"""What a sheet may ask of a network or a layer, and its value."""

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
    """A layer has nothing of this sort; the text says so."""


def _kernel(rows: Sequence[Row]) -> tuple[Any, Any]:
    """Height and width of a layer's kernel."""
    if len(rows) != 1:
        raise NoSuchQuantityError("a kernel of which layer? there are several")
    for name in ("kernel", "size"):
        field = rows[0].layer.fields.get(name)
        if field is not None and isinstance(getattr(rows[0].layer, name), tuple):
            height, width = getattr(rows[0].layer, name)
            return height, width
    raise NoSuchQuantityError(f"{rows[0].path} is a {rows[0].kind}, it has no kernel")


def _only_kernel(report: Report) -> tuple[Any, Any]:
    return _kernel([row for row in report if hasattr(row.layer, "kernel")])


KERNEL = Figure("kernel", "kernel", "kernel", PIXELS, "height and width of the kernel", "kernel", (), _only_kernel, _kernel)
ASKED: Mapping[str, Figure] = {**FIGURES, "kernel": KERNEL}
ALIASES: Mapping[str, str] = aliases(ASKED.values())
ARITHMETIC = tuple(name for name, figure in ASKED.items() if figure.is_number or figure.unit == SIDE or figure is KERNEL)  # for claims


def word(quantity: str) -> str:
    """What a metric is called in a sentence; a claim is a claim."""
    name = ALIASES.get(quantity, quantity)
    return ASKED[name].words if name in ASKED else name


def computed(report: Report, place: Row | LayerFolder | None, name: str, *, bias: bool = True) -> Any:
    """The value of a metric: of a layer or folder, or of the network and its last layer. Without `bias`, parameters are weights."""
    figure = ASKED["weights" if name == "params" and not bias else name]
    if place is None and figure.for_networks:
        return figure.read(report)
    if place is None:
        raise NoSuchQuantityError(f"{figure.words} of which layer?")
    if name == "weight_layers" and len(place.rows) == 1:
        return int(place.rows[0].layer.is_weight_layer)
    if not figure.for_layers:
        raise NoSuchQuantityError(f"{place.path} has no {figure.words}: only a network has")
    return figure.of(place.rows)


def count(report: Report, kind: str) -> int:
    """The number of layers of a kind, without auxiliary heads."""
    if kind not in KINDS:
        raise NoSuchQuantityError("; ".join(filter(None, (f"unknown kind {kind!r}", suggestion(kind, KINDS)))))
    return sum(row.kind == kind and not row.side for row in report)
