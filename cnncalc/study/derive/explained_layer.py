"""A layer in its place with a name on each of its numbers: a row goes in, out comes one whose figures remember their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims.traced import Traced
from cnncalc.graph.graph import Node, Placed
from cnncalc.layers import Volume
from cnncalc.propagate.costs import cost
from cnncalc.propagate.counting import CONVENTIONS, counted
from cnncalc.propagate.report import BYTES, Row

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
WINDOW = ("F", "S", "P")  # the textbook's formula names these whatever they are; other fields vanish at their defaults


class Symbol(NamedTuple):
    """A name in a rule: what it stands for, and what that is."""

    symbol: str
    value: Dim | None  # None: not the same in every line
    doc: str


class Names:
    """Gives names to numbers, and remembers what they mean."""

    def __init__(self) -> None:
        self.symbols: dict[str, Symbol] = {}

    def give(self, symbol: str, value: Dim, doc: str) -> Traced:
        """The number with a name."""
        assert not isinstance(value, Traced)  # numbers get one name
        self.symbols.setdefault(symbol, Symbol(symbol, value, doc))
        return Traced.named(symbol, value)

    def say(self, symbol: str, doc: str) -> None:
        """What a name means that stands for another number in each line."""
        self.symbols.setdefault(symbol, Symbol(symbol, None, doc))

    def layer(self, layer: Layer) -> Layer:
        """The layer with its fields named."""
        values = {}
        for name, field in layer.fields.items():
            value = getattr(layer, name)
            vanishes = field.symbol not in WINDOW and not field.like and value == field.default
            values[name] = value if vanishes else field.type.named(field.symbol, value, self._giver(field.doc))
        return type(layer)(**values)

    def _giver(self, doc: str) -> Callable[[str, Dim], Dim]:
        return lambda symbol, value: self.give(symbol, value, doc)

    def arriving(self, volumes: tuple[Volume, ...], sources: tuple[str, ...]) -> tuple[Volume, ...]:
        """H, W and C; where volumes differ in one of them, with the number of the volume: C_1, C_2."""
        axes = []
        for (symbol, word), sides in zip(SIDES[volumes[0].rank].items(), zip(*volumes, strict=True), strict=True):
            if all(side == sides[0] for side in sides):
                axes.append([self.give(symbol, sides[0], f"{word} of the input")] * len(sides))
            else:
                axes.append(
                    [
                        self.give(f"{symbol}_{i}", side, f"{word} of {source}")
                        for i, (side, source) in enumerate(zip(sides, sources, strict=True), 1)
                    ]
                )
        return tuple(Volume(*sides) for sides in zip(*axes, strict=True))

    def leaving(self, volume: Volume) -> Volume:
        """H', W' and C' for the sides that are worked out; a side that has a name keeps it."""
        sides: list[Dim] = []
        for (symbol, word), side in zip(SIDES[volume.rank].items(), volume, strict=True):
            worked_out = isinstance(side, Traced) and side.node.op not in ("symbol", "number")
            sides.append(self.give(f"{symbol}'", side.value, f"{word} of the output") if worked_out else side)
        return Volume(*sides)


class Explained(NamedTuple):
    """A row whose figures are their own derivations, the rule of its output, and what the names mean."""

    row: Row
    rule: Volume
    names: Names


def explained(report: Report, row: Row) -> Explained:
    """Run the rules of a row's layer once more, on named numbers."""
    names = Names()
    volumes = names.arriving(row.inputs, row.sources)
    layer = names.layer(row.layer)
    rule = layer.output(*volumes)
    placed = Placed(layer, volumes, names.leaving(rule))
    found, figure = counted(cost(placed), CONVENTIONS[report.counting], bias=report.bias)
    batch = report.batch if report.batch == 1 else names.give("N", report.batch, "images at a time")
    width = names.give("B", BYTES[report.dtype], f"bytes of a value: {report.dtype}")
    node = Node(row.path, row.node.inputs, placed, side=row.side)
    return Explained(Row(node, row.sources, found, batch * figure, row.view, batch, width), rule, names)
