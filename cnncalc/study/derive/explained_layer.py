"""A layer with named sizes, used to show its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims.traced import Traced
from cnncalc.graph.network_graph import Node, PlacedLayer
from cnncalc.layers import Volume
from cnncalc.propagate.costs import cost
from cnncalc.propagate.counting import CONVENTIONS, counted
from cnncalc.propagate.rows import BYTES, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.dims import Dim
    from cnncalc.layers import Layer
    from cnncalc.propagate.report import Report

SIDES = {
    1: {"L": "length", "C": "channels"},
    2: {"H": "height", "W": "width", "C": "channels"},
    3: {"T": "depth", "H": "height", "W": "width", "C": "channels"},  # D is the dilation
}
WINDOW = ("F", "S", "P")  # always shown, as in the textbook formula; other fields are left out when they have their default


class Symbol(NamedTuple):
    """A symbol in a rule, with its value and meaning."""

    symbol: str
    value: Dim | None  # None: differs from line to line
    doc: str


class NamedNumbers:
    """Named numbers and their meanings."""

    def __init__(self) -> None:
        self.symbols: dict[str, Symbol] = {}

    def name(self, symbol: str, value: Dim, doc: str) -> Traced:
        """Return the number under a name, and record its meaning."""
        assert not isinstance(value, Traced)  # a number has one name
        self.symbols.setdefault(symbol, Symbol(symbol, value, doc))
        return Traced.named(symbol, value)

    def document(self, symbol: str, doc: str) -> None:
        """Record the meaning of a symbol whose value differs from line to line."""
        self.symbols.setdefault(symbol, Symbol(symbol, None, doc))

    def layer(self, layer: Layer) -> Layer:
        """Return the layer with its fields named."""
        values = {}
        for name, field in layer.fields.items():
            value = getattr(layer, name)
            vanishes = field.symbol not in WINDOW and not field.like and value == field.default
            values[name] = value if vanishes else field.type.named(field.symbol, value, self._giver(field.doc))
        return type(layer)(**values)

    def _giver(self, doc: str) -> Callable[[str, Dim], Dim]:
        return lambda symbol, value: self.name(symbol, value, doc)

    def name_inputs(self, volumes: tuple[Volume, ...], sources: tuple[str, ...]) -> tuple[Volume, ...]:
        """Name the input dimensions H, W and C; those that differ between inputs are numbered: C_1, C_2."""
        axes = []
        for (symbol, word), sides in zip(SIDES[volumes[0].rank].items(), zip(*volumes, strict=True), strict=True):
            if all(side == sides[0] for side in sides):
                axes.append([self.name(symbol, sides[0], f"{word} of the input")] * len(sides))
            else:
                axes.append(
                    [
                        self.name(f"{symbol}_{i}", side, f"{word} of {source}")
                        for i, (side, source) in enumerate(zip(sides, sources, strict=True), 1)
                    ]
                )
        return tuple(Volume(*sides) for sides in zip(*axes, strict=True))

    def name_output(self, volume: Volume) -> Volume:
        """Name the computed output dimensions H', W' and C'; dimensions that already have a name keep it."""
        sides: list[Dim] = []
        for (symbol, word), side in zip(SIDES[volume.rank].items(), volume, strict=True):
            worked_out = isinstance(side, Traced) and side.node.op not in ("symbol", "number")
            sides.append(self.name(f"{symbol}'", side.value, f"{word} of the output") if worked_out else side)
        return Volume(*sides)


class Explained(NamedTuple):
    """A row of traced numbers, the rule of its output, and the names in it."""

    row: Row
    rule: Volume
    names: NamedNumbers


def explained(report: Report, row: Row) -> Explained:
    """Evaluate the rules of a row's layer with named numbers."""
    names = NamedNumbers()
    volumes = names.name_inputs(row.inputs, row.sources)
    layer = names.layer(row.layer)
    rule = layer.output(*volumes)
    placed = PlacedLayer(layer, volumes, names.name_output(rule), shared=row.node.placed.shared)
    traced_cost, figure = counted(cost(placed), CONVENTIONS[report.counting], bias=report.bias)
    batch = report.batch if report.batch == 1 else names.name("N", report.batch, "batch size")
    width = names.name("B", BYTES[report.dtype], f"bytes per element: {report.dtype}")
    node = Node(row.path, row.node.inputs, placed, side=row.side)
    return Explained(Row(node, row.sources, traced_cost, batch * figure, row.views, row.at, batch, width), rule, names)
