"""The data of bar charts: one bar per layer, block, stage, kind or network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.drawing.axes import Prefixes
from cnncalc.errors import Problem, SpecError
from cnncalc.output.forms.numbers import BINARY, SI, NumberFormat, count, memory, size
from cnncalc.output.words import concentration, summary
from cnncalc.propagate.figures import SUMS
from cnncalc.study.metrics import metric, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.explore.compare import Comparison
    from cnncalc.layers import Volume
    from cnncalc.output.words.concentration import CostRun
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report
    from cnncalc.study.folding import Line

USUAL = ("params", "memory", "macs")
WAYS = ("layer", "stage", "kind")


class Bar(NamedTuple):
    """A row of the chart."""

    name: str
    detail: str  # short description
    volume: Volume | None  # output
    layers: int


class Panel(NamedTuple):
    """One metric of all rows."""

    metric: Figure
    values: Sequence[int]
    whole: int | None  # the total for shares; None if the rows have no total
    strong: Sequence[bool]  # bars with a large share
    note: str = ""

    def amount(self, value: int, units: str = "") -> str:
        """Format one of its values: 103 M, 12.8 MB."""
        return amount(self.metric, value, units)


class Bars(NamedTuple):
    """A chart of bars: rows, and in each panel a bar for every row."""

    title: Sequence[str]
    what: str  # what a row is: layer, stage, kind or network
    rows: Sequence[Bar]
    panels: Sequence[Panel]
    notes: Sequence[str]
    asides: Sequence[str]
    hints: Sequence[str] = ()  # options to mention in a terminal


def capital(text: str) -> str:
    """Capitalize the first letter only."""
    return text[:1].upper() + text[1:]


def amount(metric: Figure, value: int, units: str = "") -> str:
    """Format a value of a metric: 103 M, 12.8 MB."""
    return memory(value, NumberFormat(units)) if metric.in_bytes else count(value, NumberFormat("" if units == "exact" else "si"))


def prefixes(units: str, *, memory: bool) -> Prefixes:
    """Return the prefixes of the ticks of an axis."""
    if memory:
        return Prefixes(1024, BINARY, "B") if units == "binary" else Prefixes(1000, SI, "B")
    return Prefixes(1000, SI)


def of_layers(report: Report, asked: str | None = None, *, by: str = "layer", fold: int | None = None, sort: str | None = None) -> Bars:
    """Return the chart of a network: a row for each layer or block, output size or kind."""
    from cnncalc.output.sheets import overview
    from cnncalc.study import folding

    among = [figure.name for figure in SUMS]
    shown = metrics(asked, USUAL, among)
    main, side = overview.parts(report)
    lines = GATHERED[by](main) if by in GATHERED else folding.folded(report, fold, join=True)(main)
    every = fold == 0 and by == "layer"
    values = [[_value(report, line, figure) for line in lines] for figure in shown]
    order = [i for i in range(len(lines)) if every or any(each[i] for each in values)]
    if sort is not None:
        first = metric(sort, among)
        order.sort(key=lambda i: -_value(report, lines[i], first))
    drawn = [lines[i] for i in order]
    spots = [concentration.spot(lines, figure) if by != "kind" else None for figure in shown]
    panels = [_panel(figure, [each[i] for i in order], drawn, spot) for figure, each, spot in zip(shown, values, spots, strict=True)]
    said = concentration.said(zip(shown, spots, strict=True))
    asides, hints = [*_folded(lines, drawn, by), *counted(report, shown)], []
    if by == "layer" and any(len(row.rows) > 1 for row in drawn):
        hints.append("--fold none shows every layer.")
    if side:
        asides.append(f"Auxiliary heads ({len(side)} layers) are not included.")
        hints.append("--sides includes auxiliary heads.")
    return Bars(summary.title(report), by, [_bar(row, by) for row in drawn], panels, [said] if said else [], asides, hints)


def _value(report: Report, line: Line, figure: Figure) -> int:
    """Return a metric of a line, which must be a number."""
    value = 0 if figure.stored and line.writes_nothing else figure.of(line.rows)
    if not isinstance(value, int):
        raise SpecError(_formula(report, f"{figure.words} of {line.path}", value))
    return value


def _formula(report: Report, what: str, value: Any) -> Problem:
    hint = "give the symbols numbers: --input 224x224x3, --set name=number"
    return Problem(f"a chart needs numbers; the {what} would be {size(value, NumberFormat())}", hint=hint)


def _panel(figure: Figure, values: Sequence[int], rows: Sequence[Line], spot: CostRun | None) -> Panel:
    if spot is None:
        return Panel(figure, values, sum(values), [True] * len(values))
    held = {part.name for part in spot.held}
    strong = [row.path in held or row.path.partition("/")[0] in held for row in rows]
    return Panel(figure, values, sum(values), strong, f"{spot.share} {spot.where}")


def _bar(line: Line, by: str) -> Bar:
    if by == "stage":
        first, last = (row.path.partition("/")[0] for row in (line.rows[0], line.rows[-1]))
        return Bar(line.path, first if first == last else f"{first} to {last}", None, len(line.rows))
    if by == "kind":
        return Bar(line.path, f"{len(line.rows)} layer{'s' if len(line.rows) > 1 else ''}", None, len(line.rows))
    return Bar(line.path, line.described, line.output, len(line.rows))


def _stages(rows: Sequence[Any]) -> list[Line]:
    """Return a line for each output height and width."""
    from cnncalc.explore.stages import stages
    from cnncalc.study.folding import GROUP, Line

    pieces = [Line(row.path, [row]) for row in rows]
    return [Line(f"{h}×{w}", [row for piece in found for row in piece.rows], GROUP) for (h, w), found in stages(pieces).items()]


def _kinds(rows: Sequence[Any]) -> list[Line]:
    """Return a line for each kind."""
    from cnncalc.study.folding import GROUP, Line

    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return [Line(kind, of_kind, GROUP) for kind, of_kind in found.items()]


GATHERED = {"stage": _stages, "kind": _kinds}


def _folded(lines: Sequence[Line], shown: Sequence[Line], by: str) -> Iterator[str]:
    """Yield notes on folded and omitted layers."""
    layers, drawn = (sum(len(line.rows) for line in some) for some in (lines, shown))
    if drawn < layers:
        others = layers - drawn
        yield f"{others} layer{'s' if others > 1 else ''} without any of these {'are' if others > 1 else 'is'} not shown."
    if by == "stage":
        yield "A stage is all layers whose outputs have the same height and width."
    if by == "layer" and len(shown) < drawn:
        reasons = ["a block is one row"] if any(line.block for line in lines) else []
        reasons += ["equal layers in a row are one"] if any(line.times > 1 and not line.block for line in lines) else []
        reasons += ["what works in place is added to the layer ahead of it"] if any(line.in_place for line in lines) else []
        yield f"{drawn} layers in {len(shown)} row{'s' if len(shown) > 1 else ''}: {'; '.join(reasons)}."


def of_networks(comparison: Comparison, asked: str | None = None, *, sort: str | None = None) -> Bars:
    """Return the chart of several networks: a row for each."""
    shown = metrics(asked, USUAL)
    entries = list(comparison.entries)
    first = metric(sort) if sort is not None else None
    read = {figure: [entry.value(figure.name) for entry in entries] for figure in (*shown, *([first] if first else ()))}
    for figure, values in read.items():
        for entry, value in zip(entries, values, strict=True):
            if not isinstance(value, int):
                raise SpecError(_formula(entry.report, f"{figure.words} of {entry.label}", value))
    order = list(range(len(entries)))
    if first is not None:
        order.sort(key=lambda i: -read[first][i])
    bars = [Bar(entry.label, entry.report.setting.about.title or "", entry.report.input, 0) for entry in (entries[i] for i in order)]
    panels = [Panel(figure, [read[figure][i] for i in order], None, [True] * len(order)) for figure in shown]
    notes = [f"Omitted: {each.label}: {each.error.problems[0].message}" for each in comparison.failures]
    report = comparison.to.report
    title = [summary.title(report)[0] if comparison.to.alone else "Networks side by side", ", ".join(summary.options(report))]
    return Bars([line for line in title if line], "network", bars, panels, notes, list(counted(report, shown)))


def counted(report: Report, shown: Iterable[Figure]) -> Iterator[str]:
    """Yield a note on the counting convention."""
    if any(figure.name == "flops" for figure in shown) and report.counting != "full":
        yield f"FLOPs: counting convention {report.counting}."
