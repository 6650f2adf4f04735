"""A report in symbols: its formulas as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc import choice
from cnncalc.dims import Poly
from cnncalc.dims.compact import compact
from cnncalc.dims.notation import show
from cnncalc.dims.terms import shape_of
from cnncalc.output.forms.breaking import broken
from cnncalc.output.forms.numbers import NumberFormat
from cnncalc.output.forms.sheet import COUNT, TEXT, Column, Form, Section, Sheet
from cnncalc.output.sheets import columns
from cnncalc.output.words import statements, summary
from cnncalc.propagate.figures import FIGURES, OF_LAYERS, TRUTH
from cnncalc.propagate.rows import LayerFolder, plain
from cnncalc.study.folding import GROUP, Line
from cnncalc.study.symbols.substitution import substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.output.forms.tables import Page
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

DEFAULT = ("output", "params", "weights", "macs", "flops", "values", "memory")
FORMULAS = ("input", *(figure.name for figure in FIGURES.values() if figure.name in columns.COLUMNS and figure.unit != TRUTH))
ALIASES = {alias: name for alias, name in columns.ALIASES.items() if name in FORMULAS}
MAIN = ("params", "macs", "values")  # metrics whose growth is described, if they are shown
INDENT = "  "  # of a continuation line
GAP = "  "  # between columns
READABLE = 100  # line width without a limit
NARROWEST = 20  # characters of a formula beside its name
SHORTEST = 8  # characters of a formula below its name


class FormulaOptions(NamedTuple):
    """Selects formulas, and the values of symbols in them."""

    columns: str | None
    layer: str | None  # a layer or folder instead of the network
    layers: bool  # include every layer
    point: Mapping[str, int]


class FormulaRow(NamedTuple):
    """The formula of one metric for a layer, a folder or the network."""

    place: str  # path of the layer or folder; "" for the network
    column: Column
    formula: Any
    value: Any  # the formula at the given point

    @property
    def name(self) -> str:
        """The name of the metric; with its unit for memory in symbols."""
        if self.column.name == "memory" and isinstance(self.value, Poly):
            return "memory (bytes)"
        return "parameters" if self.column.name == "params" else self.column.heading

    @property
    def groups(self) -> list[object]:
        """A group key for each term of the formula, for line breaks."""
        shown = compact(self.value) if isinstance(self.value, Poly) else 0
        if isinstance(shown, int):
            return []
        shapes = [shape_of(monomial) for _, monomial in shown.terms]
        return [(degree, powers) for degree, _, powers in shapes]

    def text(self, fmt: NumberFormat) -> str:
        """Format the formula."""
        if isinstance(self.value, Poly):
            return show(self.value, fmt.style)
        return "" if self.value is None else self.column.form.people(self.value, fmt)


def entries(report: Report, wanted: FormulaOptions) -> list[FormulaRow]:
    """Return the selected formulas: of layers first, then of the folder or network."""
    chosen = [columns.COLUMNS[name] for name in choice.chosen(wanted.columns, DEFAULT, FORMULAS, "formula", ALIASES)]
    place = report.place(wanted.layer) if wanted.layer is not None else None
    lines = [Line(row.path, (row,)) for row in rows_of(report, place)] if wanted.layers else []
    if isinstance(place, LayerFolder):
        lines.append(Line(place.path, place.rows, GROUP))
    elif place is not None and not lines:
        lines.append(Line(place.path, place.rows))
    read = [(line.path, column, column.read(line, report.total)) for line in lines for column in chosen]
    if wanted.layer is None:
        read += [("", column, FIGURES[column.name].read(report) if column.name in FIGURES else report.input) for column in chosen]
    return [FormulaRow(place, column, formula, substitute(formula, wanted.point)) for place, column, formula in read]


def rows_of(report: Report, place: Row | LayerFolder | None) -> Sequence[Row]:
    """Return the layers of a folder or of the network."""
    return place.rows if place is not None else [row for row in report.rows if report.sides or not row.side]


def _machine(entry: FormulaRow) -> Any:
    return "" if entry.value is None else entry.column.form.machine(entry.value)


PLACE = Column("layer", "layer", TEXT, 80)
QUANTITY = Column("quantity", "quantity", Form(lambda entry, fmt: str(entry.name), lambda entry: str(entry.column.name)), 90)
WHOLE = Column("formula", "formula", Form(FormulaRow.text, _machine), 100)
IN_LINES = Column("formula", "formula", TEXT, 100)


def sheet(report: Report, wanted: FormulaOptions) -> Sheet:
    """Return a table with one formula per row."""
    formulas = entries(report, wanted)
    return _sheet(report, wanted, formulas, [[each.place or "total", each, each] for each in formulas], (PLACE, QUANTITY, WHOLE))


def page_sheet(report: Report, wanted: FormulaOptions, page: Page, units: str) -> Sheet:
    """Return a table with formulas broken to the width of a page; zeros of layers are left out."""
    fmt = NumberFormat(units, "ascii" if page.ascii else "text")
    every = entries(report, wanted)
    formulas = [each for each in every if not wanted.layers or not each.place or worth_a_line(each)]
    places = [each.place or "total" if wanted.layers else "" for each in formulas]
    taken = max(map(len, [QUANTITY.heading, *(each.name for each in formulas)])) + len(GAP)
    if wanted.layers:
        taken += max(map(len, [PLACE.heading, *places])) + len(GAP)
    if page.width and page.width - taken < NARROWEST:
        return _sheet(report, wanted, every, [[line] for line in stacked(formulas, page.width, fmt)], (IN_LINES,))
    width = (page.width or READABLE) - taken - len(INDENT) if page.width or page.ruled else 0
    rows: list[list[Any]] = []
    before = ""
    for place, each in zip(places, formulas, strict=True):
        for i, line in enumerate(broken(each.text(fmt), width, each.groups)):
            rows.append([place if place != before else None, each, line] if i == 0 else [None, None, INDENT + line])
            before = place
    return _sheet(report, wanted, every, rows, (PLACE, QUANTITY, IN_LINES))


def stacked(formulas: Sequence[FormulaRow], width: int, fmt: NumberFormat) -> Iterator[str]:
    """Yield formulas below their names, for narrow pages."""
    for each in formulas:
        yield f"{each.place}: {each.name}" if each.place else each.name
        yield from (INDENT + line for line in broken(each.text(fmt), max(width - len(INDENT), SHORTEST), each.groups))


def _sheet(
    report: Report, wanted: FormulaOptions, formulas: Sequence[FormulaRow], rows: list[list[Any]], heading: Sequence[Column]
) -> Sheet:
    if not wanted.layers and len(heading) > 1:
        heading, rows = heading[1:], [row[1:] for row in rows]
    whole = [each for each in formulas if each.place == formulas[-1].place and each.column.form is COUNT]
    main = [each for each in whole if each.column.name in MAIN] or whole
    notes = statements.notes(report, wanted.point, [(each.name, each.formula) for each in main])
    at = ", ".join(f"{name} = {value}" for name, value in wanted.point.items())
    title = [*summary.title(report), *([wanted.layer] if wanted.layer else []), *([f"at {at}"] if at else [])]
    return Sheet(title, heading, [Section(rows)], notes)


def worth_a_line(entry: FormulaRow) -> bool:
    """Return whether the value is not zero or missing."""
    return not (entry.value is None or isinstance(entry.value, str) or entry.value == 0)


def document(report: Report, wanted: FormulaOptions) -> dict[str, Any]:
    """Return the formulas for JSON: text in the spec's arithmetic, or numbers if there are no symbols."""
    point = wanted.point
    place = report.place(wanted.layer) if wanted.layer is not None else None
    described: dict[str, Any] = {**report.header(), "symbols": list(report.symbols)}
    domain = report.graph.symbols.domain
    described["domains"] = {name: "whole" if domain(name).whole else "fraction" for name in report.symbols}
    if point:
        described["at"] = {name: plain(number) for name, number in point.items()}
    if place is not None:
        described["layer"] = folder_plain(place, point) if isinstance(place, LayerFolder) else row_plain(place, point)
    if wanted.layers:
        described["layers"] = [row_plain(row, point) for row in rows_of(report, place)]
    described["output"] = plain(substitute(report.rows[report.graph.outputs[-1]].output, point))
    described["total"] = {name: plain(substitute(getattr(report.total, name), point)) for name in report.total.as_dict()}
    described["conditions"] = list(map(str, report.conditions))
    described["sizes"] = statements.plain_sizes(report)
    described["growth"] = statements.plain_growth(report)
    described["notes"] = list(report.setting.about.notes or ())
    return described


def row_plain(row: Row, point: Mapping[str, int]) -> dict[str, Any]:
    """Return a layer as in `show`, with values substituted."""
    described = row.as_dict()
    if not point:
        return described
    layer = row.layer
    for name in described:
        if name == "input":
            described[name] = plain(substitute(row.inputs[0] if len(row.inputs) == 1 else row.inputs, point))
        elif name == "fields":
            described[name] = {
                field: plain(substitute(layer.fields[field].type.plain(value), point))
                for field, value in layer.non_default_fields().items()
            }
        elif name == "exact":
            rests = substitute(row.cost.remainders, point)
            described[name] = None if any(isinstance(rest, Poly) for rest in rests) else not any(rests)
        elif hasattr(row, name):
            described[name] = plain(substitute(getattr(row, name), point))
    return described


def folder_plain(folder: LayerFolder, point: Mapping[str, int]) -> dict[str, Any]:
    """Return the sums of a folder."""
    sums = Line(folder.path, folder.rows, GROUP).as_dict()
    sums["output"] = plain(substitute(folder.output, point))
    return {**sums, **{figure.key: plain(substitute(figure.of(folder.rows), point)) for figure in OF_LAYERS if figure.sums}}
