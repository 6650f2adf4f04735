"""REPORT -> DERIVATIONS: a row (or none, for the network) and a quantity go in, out come the lines that lead to its value."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims.traced import Traced, value_of
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.study.derive import receptive_field_derivation
from cnncalc.study.derive.explained_layer import SIDES, Names, Symbol, explained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.dims import Dim
    from cnncalc.dims.notation import Node
    from cnncalc.layers.window import Window
    from cnncalc.propagate.report import Report, Row
    from cnncalc.study.derive.explained_layer import Explained

SIZES = {1: ("length", "depth"), 2: ("height", "width", "depth"), 3: (None, "height", "width", "depth")}  # depth: of the channels
AXES = ("length", "height", "width", "depth")
FIGURES = ("weights", "biases", "params", "buffers", "macs", "flops", "values", "bytes")
SEEN = ("receptive_field", "jump")
LAYER = ("output", *FIGURES, *SEEN)  # what there is to say of a layer, in the order in which it is said
NETWORK = ("weights", "biases", "params", "param_bytes", "buffers", "macs", "flops", "values", "bytes", "weight_layers")
QUANTITIES = (*LAYER, *AXES, "param_bytes", "weight_layers")
ALIASES = {
    "parameters": "params", "activations": "values", "memory": "bytes", "channels": "depth", "volume": "output", "rf": "receptive_field",
}  # fmt: skip

STEPS_ALONG = {1: ("step",), 2: ("row", "column"), 3: ("slice", "row", "column")}  # what a kernel leaves over along each side

NAMED = 8  # places that a message lists
STEPS = 3_000  # of how receptive fields grow on a way; on a longer one only the end is shown
DERIVED = 100  # layers side by side whose own sums a total shows; of more, only what they come to


class Rest(NamedTuple):
    """What windows leave of their input along an axis."""

    axis: str
    left: Dim
    over: bool  # a last window hangs over the edge, so that nothing is lost
    padding: bool  # only zeros around the input are left
    fits: tuple[str, ...]  # with what the windows would tile


class Line(NamedTuple):
    """One step: what stands on the left, and the number (or formula) that remembers the sum it came from."""

    symbol: str
    sum: Any
    label: str = ""  # the layer or folder that it speaks of, where that is not the derivation's own
    rest: Rest | None = None

    @property
    def value(self) -> Any:
        """The result."""
        return value_of(self.sum)


class Derivation:
    """How a quantity comes about."""

    __slots__ = ("label", "lines", "quantity", "report", "row", "symbols", "value")

    def __init__(self, report: Report, row: Row | None, quantity: str, value: Any, lines: list[Line], names: Names, label: str) -> None:
        self.report = report
        self.row = row  # None: of the network, or of all layers in a folder
        self.label = label  # the path of the layer or folder
        self.quantity = quantity
        self.value = value
        self.lines = lines
        self.symbols: list[Symbol] = meant(lines, names)


def named(quantity: str) -> str:
    """A quantity as this module calls it."""
    name = quantity.lower().replace("-", "_")
    return ALIASES.get(name, name)


def known(quantity: str) -> str:
    """The name of a quantity, or the error that names the nearest."""
    name = named(quantity)
    if name not in QUANTITIES:
        hint = suggestion(quantity, [*QUANTITIES, *ALIASES]) or f"known: {', '.join(QUANTITIES)}"
        raise SpecError(Problem(f"no quantity {quantity!r}", hint=hint))
    return name


def explain(report: Report, layer: str | None = None, quantity: str | None = None) -> list[Derivation]:
    """What is asked for in words: a layer by the end of its path, or a folder of layers, or none; one quantity, or all of them.

    Of a network that is one layer, that layer is explained.
    """
    only = report.rows[1] if len(report.rows) == 2 else None
    if layer is None:
        return [derive(report, only, name) for name in (NETWORK if only is None else LAYER)]
    rows = report.find(layer)
    places = [row.path for row in rows] or folders(report, layer)
    if len(places) > 1:
        raise SpecError(
            Problem(
                f"{len(places)} places are meant by {layer!r}", hint=f"one of {', '.join(places[:NAMED])}{' ...' * (len(places) > NAMED)}"
            )
        )
    if rows:
        return [derive(report, rows[0], name) for name in ([quantity] if quantity else LAYER)]
    if places:
        return [total(report, name, f"{places[0]}/") for name in ([quantity] if quantity else FIGURES)]
    if quantity is None and named(layer) in QUANTITIES:
        return [derive(report, only if named(layer) in (*LAYER, *AXES) else None, layer)]
    names = [*dict.fromkeys(name for row in report.rows for name in (*row.path.split("/"), row.path)), *(() if quantity else QUANTITIES)]
    alike = [name for name in names if name.lower() == layer.lower()] or names
    hint = suggestion(layer, alike) or (f"did you mean {alike[0]!r}?" if alike is not names else "cnncalc show lists the layers")
    raise SpecError(Problem(f"{report.setting.id} has no layer {layer!r}", hint=hint))


def derive(report: Report, row: Row | None, quantity: str) -> Derivation:
    """How a quantity of a layer comes about; without a row, of the network: its totals, or what its last layer leaves."""
    name = known(quantity)
    if row is None:
        if name in NETWORK:
            return total(report, name)
        row = report.rows[report.graph.outputs[-1]]
    if name in SEEN:
        return seen(report, row, name)
    if name not in (*LAYER, *AXES):
        raise SpecError(Problem(f"a layer has no {name}", hint=f"of a layer: {', '.join(LAYER)}"))
    found = explained(report, row)
    if name in FIGURES:
        return Derivation(report, row, name, getattr(row, name), [Line(name, getattr(found.row, name))], found.names, row.path)
    sides = list(output(row, found))
    if name == "output":
        return Derivation(report, row, name, row.output, sides, found.names, row.path)
    sizes = SIZES[row.output.rank]
    if name not in sizes:
        raise SpecError(Problem(f"the output {row.output} of {row.path} has no {name}", hint=f"it has {', '.join(filter(None, sizes))}"))
    at = sizes.index(name)
    return Derivation(report, row, name, row.output[at], [sides[at]], found.names, row.path)


def output(row: Row, found: Explained) -> Iterator[Line]:
    """Height, width and channels of what a layer leaves."""
    rank = row.output.rank
    windows: tuple[Window, ...] = getattr(row.layer, "windows", ())
    lefts = found.row.layer.rests(*found.row.inputs) if windows else ()
    along = zip_longest(SIDES[rank], found.rule, STEPS_ALONG[rank], lefts, windows, row.inputs[0] if windows else ())
    for symbol, side, axis, left, window, size in along:
        rest = left_over(axis, left, window, size) if window is not None else None
        yield Line(f"{symbol}'", side, rest=rest)


def left_over(axis: str, left: Dim, window: Window, size: Dim) -> Rest | None:
    """What a window leaves along an axis; None where it tiles."""
    rest = value_of(left)
    if not isinstance(rest, int):
        return Rest(axis, left, over=False, padding=False, fits=())
    if not rest or not isinstance(size, int):
        return None
    over = (window.places(size) - 1) * window.stride > window.room(size)
    return Rest(axis, left, over=bool(over), padding=bool(window.after >= rest), fits=tuple(window.would_fit(size)))


def seen(report: Report, row: Row, name: str) -> Derivation:
    """Receptive field and jump, layer by layer on the way from the input."""
    names = Names()
    symbols = ("r", "j") if name == "receptive_field" else ("j",)
    steps = list(islice(receptive_field_derivation.steps(report, row, names), STEPS + 1))
    lines = [Line(symbol, sum_, label) for label, symbol, sum_ in steps if symbol[0] in symbols]
    if len(steps) > STEPS:
        lines = [Line(symbol, value) for symbol, value in zip((f"{symbols[0]}_h", f"{symbols[0]}_w"), getattr(row, name), strict=True)]
    return Derivation(report, row, name, getattr(row, name), lines, names, row.path)


def total(report: Report, name: str, folder: str = "") -> Derivation:
    """A total as the sum of its layers; with a folder, of the layers in it."""
    name = known(name)
    if name == "weight_layers" and not folder:
        return depth(report)
    if name not in NETWORK or name == "weight_layers":
        raise SpecError(Problem(f"{folder[:-1]} is several layers: they have no {name} together", hint=f"they have {', '.join(FIGURES)}"))
    names = Names()
    figure = "params" if name == "param_bytes" else name
    rows = counted(report, figure, folder)
    inner = folder
    while len(rows) > 1 and len(only := parts(rows, inner)) == 1:  # a folder that holds nothing but a folder
        inner += f"{next(iter(only))}/"
    lines: list[Line] = []
    terms: list[Traced] = []
    pieces = parts(rows, inner)
    for part, inside in pieces.items():
        if len(pieces) > DERIVED:
            lines.append(Line(figure, added([getattr(row, figure) for row in inside]), inner + part))
        elif len(inside) == 1:
            lines.append(Line(figure, getattr(explained(report, inside[0]).row, figure), inside[0].path))
        else:
            lines.append(Line(figure, added(summands(inside, figure, f"{inner}{part}/")), inner + part))
        terms.append(Traced.named(part, lines[-1].value))
    lines.append(Line(figure, added(terms)))
    if name == "param_bytes":
        from cnncalc.propagate.report import BYTES

        width = names.give("B", BYTES[report.dtype], f"bytes of a value: {report.dtype}")
        lines.append(Line(name, width * Traced.named("params", lines[-1].value)))
    return Derivation(report, None, name, lines[-1].value, lines, names, folder.rstrip("/"))


def counted(report: Report, figure: str, folder: str) -> list[Row]:
    """The rows that a total adds up and that have something to add; a side exit by itself is not left out."""
    rows = [row for row in report.rows if row.path.startswith(folder) or row.path == folder[:-1]]
    if not report.sides:
        rows = [row for row in rows if not row.side] or rows
    stored = figure not in ("values", "bytes")
    return [row for row in rows if (stored or row.stored) and getattr(row, figure) != 0]


def parts(rows: Iterable[Row], folder: str) -> dict[str, list[Row]]:
    """Rows by the first part of their path inside a folder; a merge stands last in its own."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        inside = row.path[len(folder) :] if row.path.startswith(folder) else row.path.rpartition("/")[2]
        found.setdefault(inside.partition("/")[0], []).append(row)
    return found


def summands(rows: list[Row], figure: str, folder: str) -> list[Traced]:
    """What the parts of a folder add to its sum."""
    return [Traced.named(part, added([getattr(row, figure) for row in inside])) for part, inside in parts(rows, folder).items()]


def added(terms: list[Any]) -> Any:
    """The sum of numbers, formulas or traced ones."""
    result: Any = 0
    for term in terms:
        result = result + term
    return result


def depth(report: Report) -> Derivation:
    """The layers with weights on the longest way through, counted by kind."""
    names = Names()
    rows = receptive_field_derivation.longest(report)
    kinds: dict[str, int] = {}
    for row in rows:
        kinds[row.kind] = kinds.get(row.kind, 0) + 1
    lines = [Line("", 1, row.path) for row in rows]
    lines.append(
        Line("weight_layers", added([names.give(kind, count, f"{kind} layers on the longest way") for kind, count in kinds.items()]))
    )
    return Derivation(report, None, "weight_layers", report.total.weight_layers, lines, names, "")


def folders(report: Report, name: str) -> list[str]:
    """The folders of paths that a name means: the one that bears it, else all that end in it."""
    found: dict[str, None] = {}
    for row in report.rows:
        at = row.path.find("/")
        while at >= 0:
            found[row.path[:at]] = None
            at = row.path.find("/", at + 1)
    return [name] if name in found else [path for path in found if path.endswith("/" + name)]


def meant(lines: list[Line], names: Names) -> list[Symbol]:
    """The symbols that the lines use, as far as they need a word."""
    used: set[str] = set()
    waiting: list[Node] = [line.sum.node for line in lines if isinstance(line.sum, Traced)]
    while waiting:
        node = waiting.pop()
        if node.op == "symbol":
            used.add(node.symbol)
        waiting += node.operands
    return [symbol for symbol in names.symbols.values() if symbol.symbol in used]
