"""What bars there are: a report becomes a bar for each layer, block, stage or kind, a comparison one for each network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.explore.quantities import ALIASES, QUANTITIES
from cnncalc.output import summary
from cnncalc.output.charts.scale import Prefixes
from cnncalc.output.figures import BINARY, SI, Look, count, memory, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.explore.compare import Comparison
    from cnncalc.layers import Volume
    from cnncalc.output.folding import Line
    from cnncalc.output.summary import Spot
    from cnncalc.propagate.report import Report

LAYERS: Mapping[str, str] = {  # the quantities of a layer, and what they are called in a report
    "params": "params", "weights": "weights", "biases": "biases", "buffers": "buffers", "memory": "bytes", "values": "values",
    "macs": "macs", "flops": "flops",
}  # fmt: skip
USUAL = ("params", "memory", "macs")
NAMES: Mapping[str, str] = {
    "params": "parameters", "memory": "activation memory", "values": "activations", "param_memory": "memory of the parameters",
    "peak": "peak memory in use", "training": "peak memory in training", "weight_layers": "layers with weights",
}  # fmt: skip
WAYS = ("layer", "stage", "kind")


class Bar(NamedTuple):
    """A row of the chart."""

    name: str
    detail: str  # what it is, in a few words
    volume: Volume | None  # what comes out of it
    layers: int


class Panel(NamedTuple):
    """One quantity of all rows."""

    name: str
    values: Sequence[int]
    whole: int | None  # what shares are parts of; None where the rows do not add up to anything
    strong: Sequence[bool]  # the bars that hold much of it
    note: str = ""

    @property
    def heading(self) -> str:
        """The quantity in words."""
        return heading(self.name)

    @property
    def memory(self) -> bool:
        """Counted in bytes."""
        return in_bytes(self.name)

    def figure(self, value: int, units: str = "") -> str:
        """One of its values as it reads: 103 M, 12.8 MB."""
        return figure(self.name, value, units)


class Bars(NamedTuple):
    """A chart of bars: rows, and in each panel a bar for every row."""

    title: Sequence[str]
    what: str  # a row is a layer, a stage, a kind, a network
    rows: Sequence[Bar]
    panels: Sequence[Panel]
    notes: Sequence[str]
    asides: Sequence[str]
    hints: Sequence[str] = ()  # what options there are, for a terminal


def heading(name: str) -> str:
    """A quantity in words."""
    return NAMES.get(name) or (QUANTITIES[name].heading if name in QUANTITIES else name)


def capital(text: str) -> str:
    """With a capital letter at its start, and the others as they are."""
    return text[:1].upper() + text[1:]


def in_bytes(name: str) -> bool:
    """The quantity is counted in bytes."""
    return name in QUANTITIES and QUANTITIES[name].memory


def figure(name: str, value: int, units: str = "") -> str:
    """A value of a quantity as it reads: 103 M, 12.8 MB."""
    return memory(value, Look(units)) if in_bytes(name) else count(value, Look("" if units == "exact" else "si"))


def chosen(asked: str | None, among: Iterable[str]) -> list[str]:
    """The quantities that --of names."""
    names = list(among)
    found = dict.fromkeys(known(word, names) for word in (asked or "").replace(",", " ").split())
    if not found and asked is not None:
        raise SpecError(Problem("--of names no quantity", hint=f"known: {', '.join(names)}"))
    return list(found or USUAL)


def known(word: str, among: Sequence[str]) -> str:
    """The quantity of this name, or the error that names the nearest."""
    name = word.lower().replace("-", "_")
    name = ALIASES.get(name, name)
    if name not in among:
        hint = suggestion(word, [*among, *(alias for alias, meant in ALIASES.items() if meant in among)])
        raise SpecError(Problem(f"no quantity {word!r} to draw", hint=hint or f"known: {', '.join(among)}"))
    return name


def prefixes(units: str, *, memory: bool) -> Prefixes:
    """The prefixes of the ticks of an axis."""
    if memory:
        return Prefixes(1024, BINARY, "B") if units == "binary" else Prefixes(1000, SI, "B")
    return Prefixes(1000, SI)


def of_layers(report: Report, asked: str | None = None, *, by: str = "layer", fold: int | None = None, sort: str | None = None) -> Bars:
    """Where the cost sits: a row for each layer or block, for all layers of one size, or for all of one kind."""
    from cnncalc.output import folding, overview

    names = chosen(asked, LAYERS)
    main, side = overview.parts(report)
    lines = GATHERED[by](main) if by in GATHERED else folding.folded(report, fold)(main)
    every = fold == 0 and by == "layer"
    rows = lines if every or by != "layer" else _joined(lines)
    values = {name: [_value(report, line, name) for line in rows] for name in names}
    drawn = [i for i in range(len(rows)) if every or any(values[name][i] for name in names)]
    if sort is not None:
        first = known(sort, list(LAYERS))
        drawn.sort(key=lambda i: -_value(report, rows[i], first))
    shown = [rows[i] for i in drawn]
    spots = {name: summary.spot(lines, LAYERS[name]) if by != "kind" else None for name in names}
    panels = [_panel(name, [values[name][i] for i in drawn], shown, spots[name]) for name in names]
    said = summary.said((LAYERS[name], found) for name, found in spots.items())
    asides, hints = [*_folded(lines, rows, shown, by), *counted(report, names)], []
    if by == "layer" and any(len(row.rows) > 1 for row in shown):
        hints.append("--fold none shows every layer.")
    if side:
        asides.append(f"Side exits ({len(side)} layers) are not in it.")
        hints.append("--sides counts side exits in.")
    return Bars(summary.title(report), by, [_bar(row, by) for row in shown], panels, [said] if said else [], asides, hints)


def _value(report: Report, line: Line, name: str) -> int:
    """A figure of a line, which has to be a number."""
    figure = LAYERS[name]
    value = sum(getattr(row, figure) for row in line.rows if row.stored or figure not in summary.WRITTEN)
    if not isinstance(value, int):
        raise SpecError(_formula(report, f"{heading(name)} of {line.path}", value))
    return value


def _formula(report: Report, what: str, value: Any) -> Problem:
    hint = "give the symbols numbers: --input 224x224x3, --set name=number"
    return Problem(f"a chart needs numbers; the {what} would be {size(value, Look())}", hint=hint)


def _panel(name: str, values: Sequence[int], rows: Sequence[Line], spot: Spot | None) -> Panel:
    if spot is None:
        return Panel(name, values, sum(values), [True] * len(values))
    held = {part.name for part in spot.held}
    strong = [row.path in held or row.path.partition("/")[0] in held for row in rows]
    return Panel(name, values, sum(values), strong, f"{spot.share} {spot.where}")


def _bar(line: Line, by: str) -> Bar:
    if by == "stage":
        first, last = (row.path.partition("/")[0] for row in (line.rows[0], line.rows[-1]))
        return Bar(line.path, first if first == last else f"{first} to {last}", None, len(line.rows))
    if by == "kind":
        return Bar(line.path, f"{len(line.rows)} layer{'s' if len(line.rows) > 1 else ''}", None, len(line.rows))
    return Bar(line.path, line.what, line.output, len(line.rows))


def _joined(lines: Sequence[Line]) -> list[Line]:
    """What works in place on the volume of the line before it, and on no other, is added to that line: a batch norm, an activation."""
    from cnncalc.output.folding import Line

    groups: list[list[Line]] = []
    for line in lines:
        before = groups[-1][-1] if groups and groups[-1][0].rows[0].sources else None  # the input keeps a row for itself
        if before is not None and line.rows[0].sources == (before.rows[-1].path,) and not any(row.stored for row in line.rows):
            groups[-1].append(line)
        else:
            groups.append([line])
    found = []
    for first, *others in groups:
        joined = Line(first.path, [row for line in (first, *others) for row in line.rows], first.block, first.units) if others else first
        joined.others = first.others
        found.append(joined)
    return found


def _stages(rows: Sequence[Any]) -> list[Line]:
    """All layers that leave volumes of one height and width, as one line."""
    from cnncalc.explore.stages import stages
    from cnncalc.output.folding import GROUP, Line

    pieces = [Line(row.path, [row]) for row in rows]
    return [Line(f"{h}×{w}", [row for piece in found for row in piece.rows], GROUP) for (h, w), found in stages(pieces).items()]


def _kinds(rows: Sequence[Any]) -> list[Line]:
    """All layers of one kind, as one line."""
    from cnncalc.output.folding import GROUP, Line

    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return [Line(kind, of_kind, GROUP) for kind, of_kind in found.items()]


GATHERED = {"stage": _stages, "kind": _kinds}


def _folded(lines: Sequence[Line], rows: Sequence[Line], shown: Sequence[Line], by: str) -> Iterator[str]:
    """How layers became rows, and which are in none."""
    layers, drawn = (sum(len(line.rows) for line in some) for some in (rows, shown))
    if drawn < layers:
        others = layers - drawn
        yield f"{others} layer{'s' if others > 1 else ''} without any of these {'are' if others > 1 else 'is'} not drawn."
    if by == "stage":
        yield "A stage is all layers that leave volumes of one height and width."
    if by == "layer" and len(shown) < drawn:
        told = ["a block is one row"] if any(line.block for line in lines) else []
        told += ["equal layers in a row are one"] if any(line.times > 1 and not line.block for line in lines) else []
        told += ["what works in place is added to the layer before it"] if len(rows) < len(lines) else []
        yield f"{drawn} layers in {len(shown)} row{'s' if len(shown) > 1 else ''}: {'; '.join(told)}."


def of_networks(comparison: Comparison, asked: str | None = None, *, sort: str | None = None) -> Bars:
    """Networks side by side: a row for each."""
    names = chosen(asked, QUANTITIES)
    entries = list(comparison.entries)
    first = known(sort, list(QUANTITIES)) if sort is not None else None
    read = {name: [QUANTITIES[name].read(entry.report) for entry in entries] for name in (*names, *([first] if first else ()))}
    for name, values in read.items():
        for entry, value in zip(entries, values, strict=True):
            if not isinstance(value, int):
                raise SpecError(_formula(entry.report, f"{heading(name)} of {entry.label}", value))
    order = list(range(len(entries)))
    if first is not None:
        order.sort(key=lambda i: -read[first][i])
    bars = [Bar(entry.label, entry.report.setting.about.title or "", entry.report.input, 0) for entry in (entries[i] for i in order)]
    panels = [Panel(name, [read[name][i] for i in order], None, [True] * len(order)) for name in names]
    notes = [f"Left out: {each.label}: {each.error.problems[0].message}" for each in comparison.failures]
    report = comparison.to.report
    title = [summary.title(report)[0] if comparison.to.alone else "Networks side by side", ", ".join(alike(report))]
    return Bars([line for line in title if line], "network", bars, panels, notes, list(counted(report, names)))


def alike(report: Report) -> Iterator[str]:
    """What options have set for all networks, where that goes without saying nowhere else."""
    if report.batch != 1:
        yield f"batch {size(report.batch, Look())}"
    if report.dtype != "float32":
        yield report.dtype
    if not report.bias:
        yield "biases left out"


def counted(report: Report, names: Iterable[str]) -> Iterator[str]:
    """Whose FLOPs these are."""
    if "flops" in names and report.counting != "full":
        yield f"FLOPs: counted as {report.counting} does."
