"""The numbers of charts as tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.explore.accuracy import ERRORS, YEAR
from cnncalc.output.charts import bubbles
from cnncalc.output.forms.sheet import FORMS, PERCENT, SHARE, SIGNED, SIGNS, TEXT, VALUE, VOLUME, Column, Section, Sheet
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.explore.accuracy import Accuracies, ChartedNetwork
    from cnncalc.explore.compare import Comparison
    from cnncalc.output.charts.bars import Bars
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report


def bars_table(bars: Bars) -> Sheet:
    """Return a table with a row per bar, with shares if there is a total."""
    columns = [Column(bars.what, bars.what, SIGNED if bars.what == "stage" else TEXT, 100)]
    cells: list[Sequence[Any]] = [[bar.name for bar in bars.rows]]
    totals: list[Any] = ["total"]
    if bars.what != "network":
        columns.append(Column("what", "layer", SIGNED, 40))
        cells.append([bar.detail for bar in bars.rows])
        totals.append(None)
    if bars.what == "layer":
        columns.append(Column("output", "output", VOLUME, 30))
        cells.append([bar.volume for bar in bars.rows])
        totals.append(None)
    for panel in bars.panels:
        columns.append(Column(panel.metric.name, panel.metric.words, FORMS[panel.metric.unit], 90))
        cells.append(panel.values)
        totals.append(panel.whole)
        if panel.whole is not None:
            columns.append(Column(f"{panel.metric.name}_share", "share", SHARE, 80))
            cells.append([(value, panel.whole) for value in panel.values])
            totals.append(None)
    rows = list(zip(*cells, strict=True))
    return Sheet(bars.title, columns, [Section(rows, totals if bars.what != "network" else None)], bars.notes, bars.asides)


def page(sheet: Sheet, picture: str, units: str = "") -> str:
    """Return an HTML page with the picture above the numbers."""
    from cnncalc.output.forms import formats

    before, table, after = formats.html(sheet, units).partition("<table>")
    return f"{before}{picture}{table}{after}"


def layers_document(bars: Bars, report: Report) -> dict[str, Any]:
    """Return the JSON of a chart of one network."""
    rows = []
    for i, bar in enumerate(bars.rows):
        name = bar.name.translate(SIGNS) if bars.what == "stage" else bar.name
        row: dict[str, Any] = {bars.what: name, "what": bar.detail.translate(SIGNS), "layers": bar.layers}
        if bar.volume is not None:
            row["output"] = plain(bar.volume)
        for panel in bars.panels:
            row[panel.metric.name] = panel.values[i]
            row[f"{panel.metric.name}_share"] = round(panel.values[i] / panel.whole, 6) if panel.whole else None
        rows.append(row)
    total = {panel.metric.name: panel.whole for panel in bars.panels}
    return {
        **report.header(),
        "chart": bars.what,
        "rows": rows,
        "total": total,
        "conclusions": list(bars.notes),
        "notes": list(bars.asides),
    }


def networks_document(bars: Bars, comparison: Comparison) -> dict[str, Any]:
    """Return the JSON of a chart of networks side by side."""
    from cnncalc.version import __version__

    rows = [{"network": bar.name, **{panel.metric.name: panel.values[i] for panel in bars.panels}} for i, bar in enumerate(bars.rows)]
    left_out = [{"network": each.label, "message": each.error.problems[0].message} for each in comparison.failures]
    return {"cnncalc": __version__, "chart": "network", "counting": comparison.to.report.counting, "rows": rows, "left_out": left_out}


def bubble_table(found: Accuracies) -> Sheet:
    """Return a table of the networks, most accurate first, followed by those without a place."""
    columns = [
        Column("network", "network", TEXT, 100),
        Column("year", "year", VALUE, 20),
        Column(f"{found.error}_accuracy", f"{ERRORS[found.error]} accuracy", PERCENT, 95),
        *(Column(each.name, each.words, FORMS[each.unit], 90) for each, _ in _measured(found, found.marks[0])),
    ]  # fmt: skip
    rows = [
        [
            mark.entry.label,
            mark.entry.report.setting.about.year,
            f"{float(mark.accuracy):g}",
            *[value for _, value in _measured(found, mark)],
        ]
        for mark in sorted(found.marks, key=lambda mark: -mark.accuracy)
    ]
    return Sheet((), columns, [Section(rows)], list(bubbles.notes(found)))


def _measured(found: Accuracies, mark: ChartedNetwork) -> list[tuple[Figure, int]]:
    """Return the metrics of a network with their values; the year has a column of its own."""
    return [(metric, value) for metric, value in ((found.cost, mark.cost), (found.size, mark.size)) if metric is not YEAR]


def bubble_document(found: Accuracies, comparison: Comparison) -> dict[str, Any]:
    """Return the JSON of accuracy against cost."""
    from cnncalc.version import __version__

    rows = []
    for mark in found.marks:
        about = mark.entry.report.setting.about
        row: dict[str, Any] = {"network": mark.entry.label, "name": about.title or mark.entry.name, "year": about.year}
        row.update({f"{found.error}_accuracy": float(mark.accuracy), found.cost.name: mark.cost, found.size.name: mark.size})
        rows.append({**row, "source": (about.published or {}).get("source")})
    return {
        "cnncalc": __version__,
        "chart": "accuracy",
        "x": found.cost.name,
        "y": f"{found.error}_accuracy",
        "area": found.size.name,
        "classes": found.classes,
        "counting": comparison.to.report.counting,
        "rows": rows,
        "notes": [bubbles.alike(found)],
        "left_out": [{"network": each.label, "message": each.reason} for each in found.missing],
    }
