"""Derives numbers of a report: their rules with values substituted."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.choice import choose
from cnncalc.dims.arithmetic import value_of
from cnncalc.dims.traced import Traced
from cnncalc.errors import Problem, SpecError
from cnncalc.layers import LINES
from cnncalc.layers.fields import suffixes
from cnncalc.propagate.figures import FIGURES, SIDE, SUMS, aliases
from cnncalc.propagate.rows import BYTES, LayerFolder
from cnncalc.study.derive import receptive_field_derivation
from cnncalc.study.derive.explained_layer import SIDES, NamedNumbers, Symbol, explained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.dims import Dim
    from cnncalc.dims.notation import FormulaNode
    from cnncalc.layers.window import Window
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.study.derive.explained_layer import Explained

SIZES = {1: (None, "depth"), 2: ("height", "width", "depth"), 3: (None, "height", "width", "depth")}  # depth: the channels
AXES = tuple(name for name, figure in FIGURES.items() if figure.unit == SIDE)
COSTS = tuple(figure.key for figure in SUMS)
SEEN = ("receptive_field", "jump")
LAYER = ("output", *COSTS, *SEEN)  # quantities of a layer, in the order of their explanation
NETWORK = tuple(figure.key for figure in FIGURES.values() if figure.sums or figure.name in ("param_memory", "weight_layers"))
QUANTITIES = tuple(name for name, figure in FIGURES.items() if name in AXES or figure.key in (*LAYER, *NETWORK))
ALIASES = aliases(FIGURES[name] for name in QUANTITIES)
LABELS = {FIGURES[name].key: name.replace("_", " ") for name in QUANTITIES}  # left of the equals sign

STEPS = 3_000  # of a receptive field; on a longer path only the result is shown
DERIVED = 100  # layers whose sums are shown in a total; with more, only their results


class Remainder(NamedTuple):
    """Input left over by a kernel along an axis."""

    axis: str
    left: Dim
    over: bool  # the last kernel position extends past the edge, so nothing is lost
    padding: bool  # only padding is left over
    fits: tuple[str, ...]  # sizes that would divide evenly


class DerivationLine(NamedTuple):
    """One step: the symbol on the left, and the traced number on the right."""

    symbol: str
    sum: Any
    label: str = ""  # the path of the layer or folder, if it differs from the derivation's
    rest: Remainder | None = None

    @property
    def value(self) -> Any:
        """The plain result."""
        return value_of(self.sum)


class Derivation:
    """The derivation of one quantity."""

    __slots__ = ("label", "lines", "quantity", "report", "row", "symbols", "value")

    def __init__(
        self, report: Report, row: Row | None, quantity: str, value: Any, lines: list[DerivationLine], names: NamedNumbers, label: str
    ) -> None:
        self.report = report
        self.row = row  # None for a network or folder
        self.label = label  # the path of the layer or folder
        self.quantity = quantity
        self.value = value
        self.lines = lines
        self.symbols: list[Symbol] = used_symbols(lines, names)


def metric_key(quantity: str) -> str:
    """Return the key of a metric that can be explained; raise an error that suggests the nearest one."""
    return FIGURES[choose(quantity, QUANTITIES, "metric", ALIASES)].key


def explain(report: Report, layer: str | None = None, quantity: str | None = None) -> list[Derivation]:
    """Return derivations for a layer or folder (by the end of its path) or for the network: of one metric, or of all.

    For a network with a single layer, that layer is explained.
    """
    only = report.rows[1] if len(report.rows) == 2 else None
    if layer is None:
        return [derive(report, only, name) for name in (NETWORK if only is None else LAYER)]
    if quantity is None and not report.places(layer):
        try:
            name = metric_key(layer)
        except SpecError:
            name = ""
        if name:
            return [derive(report, only if name in (*LAYER, *AXES) else None, name)]
    place = report.place(layer, also=() if quantity else QUANTITIES)
    return [derive(report, place, name) for name in ([quantity] if quantity else COSTS if isinstance(place, LayerFolder) else LAYER)]


def derive(report: Report, place: Row | LayerFolder | None, quantity: str) -> Derivation:
    """Derive a metric of a layer or folder. Without a place, derive the network's total or the output of its last layer."""
    name = metric_key(quantity)
    if isinstance(place, LayerFolder) or (place is None and name in NETWORK):
        return total(report, name, place)
    row = place or report.rows[report.graph.outputs[-1]]
    if name in SEEN:
        return receptive_field(report, row, name)
    if name not in (*LAYER, *AXES):
        raise SpecError(Problem(f"a layer has no {name}", hint=f"of a layer: {', '.join(LAYER)}"))
    named = explained(report, row)
    if name in COSTS:
        return Derivation(report, row, name, getattr(row, name), [DerivationLine(name, getattr(named.row, name))], named.names, row.path)
    sides = list(output(row, named))
    if name == "output":
        return Derivation(report, row, name, row.output, sides, named.names, row.path)
    sizes = SIZES[row.output.rank]
    if name not in sizes:
        raise SpecError(Problem(f"the output {row.output} of {row.path} has no {name}", hint=f"it has {', '.join(filter(None, sizes))}"))
    at = sizes.index(name)
    return Derivation(report, row, name, row.output[at], [sides[at]], named.names, row.path)


def output(row: Row, named: Explained) -> Iterator[DerivationLine]:
    """Yield the derivations of the output's sides and channels."""
    rank = row.output.rank
    windows: tuple[Window, ...] = getattr(row.layer, "windows", ())
    lefts = named.row.layer.remainders(*named.row.inputs) if windows else ()
    along = zip_longest(SIDES[rank], named.rule, LINES[rank], lefts, windows, row.inputs[0] if windows else ())
    for symbol, side, axis, left, window, size in along:
        rest = remainder(axis, left, window, size) if window is not None else None
        yield DerivationLine(f"{symbol}'", side, rest=rest)


def remainder(axis: str, left: Dim, window: Window, size: Dim) -> Remainder | None:
    """Return what a kernel leaves over along an axis, or None if it divides evenly."""
    rest = value_of(left)
    if not isinstance(rest, int):
        return Remainder(axis, left, over=False, padding=False, fits=())
    if not rest or not isinstance(size, int):
        return None
    over = (window.places(size) - 1) * window.stride > window.room(size)
    return Remainder(axis, left, over=bool(over), padding=bool(window.after >= rest), fits=tuple(window.would_fit(size)))


def receptive_field(report: Report, row: Row, name: str) -> Derivation:
    """Derive receptive field and jump layer by layer along the path from the input."""
    names = NamedNumbers()
    symbols = ("r", "j") if name == "receptive_field" else ("j",)
    steps = list(islice(receptive_field_derivation.steps(report, row, names), STEPS + 1))
    lines = [DerivationLine(symbol, sum_, label) for label, symbol, sum_ in steps if symbol[0] in symbols]
    if len(steps) > STEPS:
        lines = [
            DerivationLine(f"{symbols[0]}_{side}", value)
            for side, value in zip(suffixes(report.input.rank), getattr(row, name), strict=True)
        ]
    return Derivation(report, row, name, getattr(row, name), lines, names, row.path)


def total(report: Report, name: str, folder: LayerFolder | None = None) -> Derivation:
    """Derive a total as the sum over the layers, of the network or of a folder."""
    name = metric_key(name)
    if name == "weight_layers" and folder is None:
        return depth(report)
    if folder is not None and name not in COSTS:
        raise SpecError(Problem(f"{folder.path} is a folder of layers: its {name} cannot be explained", hint=f"one of {', '.join(COSTS)}"))
    names = NamedNumbers()
    figure = "params" if name == "param_bytes" else name
    rows = counted(report, figure, report.rows if folder is None else folder.rows)
    inner = f"{folder.path}/" if folder is not None else ""
    while len(rows) > 1 and len(only := parts(rows, inner)) == 1:  # skip folders whose only content is a folder
        inner += f"{next(iter(only))}/"
    lines: list[DerivationLine] = []
    terms: list[Traced] = []
    pieces = parts(rows, inner)
    for part, inside in pieces.items():
        if len(pieces) > DERIVED:
            lines.append(DerivationLine(figure, sum(getattr(row, figure) for row in inside), inner + part))
        elif len(inside) == 1:
            lines.append(DerivationLine(figure, getattr(explained(report, inside[0]).row, figure), inside[0].path))
        else:
            lines.append(DerivationLine(figure, sum(summands(inside, figure, f"{inner}{part}/")), inner + part))
        terms.append(Traced.named(part, lines[-1].value))
    lines.append(DerivationLine(figure, sum(terms)))
    if name == "param_bytes":
        width = names.name("B", BYTES[report.dtype], f"bytes per element: {report.dtype}")
        lines.append(DerivationLine(name, width * Traced.named("params", lines[-1].value)))
    return Derivation(report, None, name, lines[-1].value, lines, names, folder.path if folder is not None else "")


def counted(report: Report, figure: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that contribute to a total. Auxiliary heads count if the report includes them or if there are no other rows."""
    if not report.sides:
        rows = [row for row in rows if not row.side] or rows
    stored = figure in ("values", "bytes")
    return [row for row in rows if (row.stored or not stored) and getattr(row, figure) != 0]


def parts(rows: Iterable[Row], folder: str) -> dict[str, list[Row]]:
    """Group rows by the first path component inside a folder; the folder's own merge comes last."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        inside = row.path[len(folder) :] if row.path.startswith(folder) else row.path.rpartition("/")[2]
        groups.setdefault(inside.partition("/")[0], []).append(row)
    return groups


def summands(rows: list[Row], figure: str, folder: str) -> list[Traced]:
    """Return the summands of a folder's total."""
    return [Traced.named(part, sum(getattr(row, figure) for row in inside)) for part, inside in parts(rows, folder).items()]


def depth(report: Report) -> Derivation:
    """Derive the number of weight layers on the longest path, by kind."""
    names = NamedNumbers()
    rows = receptive_field_derivation.longest(report)
    kinds: dict[str, int] = {}
    for row in rows:
        kinds[row.kind] = kinds.get(row.kind, 0) + 1
    lines = [DerivationLine("", 1, row.path) for row in rows]
    lines.append(
        DerivationLine("weight_layers", sum(names.name(kind, count, f"{kind} layers on the longest path") for kind, count in kinds.items()))
    )
    return Derivation(report, None, "weight_layers", report.total.weight_layers, lines, names, "")


def used_symbols(lines: list[DerivationLine], names: NamedNumbers) -> list[Symbol]:
    """Return the documented symbols that the lines use."""
    used: set[str] = set()
    waiting: list[FormulaNode] = [line.sum.node for line in lines if isinstance(line.sum, Traced)]
    while waiting:
        node = waiting.pop()
        if node.op == "symbol":
            used.add(node.symbol)
        waiting += node.operands
    return [symbol for symbol in names.symbols.values() if symbol.symbol in used]
