"""The table of a network: rows, columns and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.choice import choose
from cnncalc.errors import Problem, SpecError
from cnncalc.output.forms.sheet import SIGNED, Column, DerivedNumber, Section, Sheet
from cnncalc.output.sheets import columns
from cnncalc.output.sheets.tree import tree
from cnncalc.output.words import summary
from cnncalc.propagate.figures import FIGURES, PIXELS
from cnncalc.study import folding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cnncalc.dims import Traced
    from cnncalc.dims.notation import Style
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row, Total
    from cnncalc.study.folding import Line

SIDES = "Auxiliary heads, not in the totals"
SUMMED = ("layer", "what", "params_share", "macs_share")  # columns without a total that can still be computed for several lines
MARK = " *"  # after the name of a layer that does not use all of its input


class Arrangement:
    """Selects lines and columns, and their order."""

    __slots__ = ("columns", "fold", "notes", "sort", "top", "tree", "units", "work")

    def __init__(
        self,
        columns: str | None = None,
        fold: int | None = None,
        sort: str | None = None,
        top: int | None = None,
        units: str = "",
        *,
        work: bool = False,
        notes: bool = False,
        tree: bool = False,
    ) -> None:
        self.columns = columns
        self.fold = fold  # depth of paths to keep; 0 for every row, None for a readable number of rows
        self.sort = sort
        self.top = top
        self.units = units
        self.work = work  # show every number with its derivation
        self.notes = notes  # include the notes of the file
        self.tree = tree  # show names as a tree if no rows are folded


def overview(report: Report, wanted: Arrangement) -> Sheet:
    """Return the table of a network for readers."""
    default = columns.WITH_WORK if wanted.work else columns.WHERE_FROZEN if report.freezes else columns.DEFAULT
    shown = columns.chosen(wanted.columns, default, "layer")
    fold = folding.folded(report, wanted.fold, join=True)
    main, side = parts(report)
    lines = fold(main)
    sections = [section(report, ordered(lines, wanted), shown, report.total, wanted)]
    headings = [(column.heading, column.total(report.total)) for column in shown if column.total]
    notes = [*summary.formulas(headings), *summary.notes(report, lines, wanted.units)]
    if any(column.name in FIGURES and FIGURES[column.name].unit == PIXELS for column in shown):
        from cnncalc.output.words import receptive

        notes += receptive.notes(report)
    if side and report.exits is not None:
        sections.append(section(report, ordered(fold(side), wanted), shown, report.exits, wanted, SIDES))
    optional = columns.OPTIONAL if wanted.columns is None else ()
    asides = summary.asides(report, lines, notes=wanted.notes)
    return Sheet(summary.title(report), shown, sections, notes, asides, "use --columns to choose, ", optional=optional)


def listing(report: Report, wanted: Arrangement) -> Sheet:
    """Return all layers and columns for csv, without totals and notes."""
    shown = columns.chosen(wanted.columns, columns.COLUMNS, "layer")
    lines = ordered(folding.folded(report, wanted.fold or 0)(report.rows), wanted)[: wanted.top]
    rows = [[column.read(line, report.total) for column in shown] for line in lines]
    if not wanted.work:
        return Sheet((), shown, [Section(rows)])
    derived = [work(report, line) for line in lines]
    names = [column.name for column in shown if column.name in columns.DERIVED]
    more = [Column(f"{name}_work", f"{name} derived", SIGNED, 0) for name in names]
    cells = [[each[name].worked("ascii") if name in each else "" for name in names] for each in derived]
    return Sheet((), [*shown, *more], [Section([[*row, *extra] for row, extra in zip(rows, cells, strict=True)])])


def document(report: Report, wanted: Arrangement) -> dict[str, Any]:
    """Return the report for JSON; `wanted` may fold, sort or limit its layers."""
    described = report.as_dict()
    if wanted.fold or wanted.sort or wanted.top or wanted.work:
        lines = ordered(folding.folded(report, wanted.fold or 0)(report.rows), wanted)[: wanted.top]
        described["layers"] = [line.as_dict() for line in lines]
        if wanted.work:
            for row, line in zip(described["layers"], lines, strict=True):
                row["work"] = {name: each.worked("ascii") for name, each in work(report, line).items() if name in row}
    return described


def parts(report: Report) -> tuple[list[Row], list[Row]]:
    """Return the rows in the totals, and separately those of auxiliary heads if not included."""
    if report.sides or report.exits is None:
        return report.rows, []
    return [row for row in report.rows if not row.side], [row for row in report.rows if row.side]


def ordered(lines: list[Line], wanted: Arrangement) -> list[Line]:
    """Return the lines sorted by a column, if given: numbers descending, words from A to Z."""
    if not wanted.sort:
        return lines
    column = columns.COLUMNS[choose(wanted.sort, columns.COLUMNS, "column", columns.ALIASES)]
    if not column.form.right:
        return sorted(lines, key=lambda line: str(column.read(line, None)))
    try:
        return sorted(lines, key=lambda line: _rank(column.read(line, None)), reverse=True)
    except ArithmeticError as error:
        hint = "give the symbols numbers: --input, --set"
        raise SpecError(Problem(f"--sort {column.name}: {error}", hint=hint)) from None


def _rank(value: Any) -> Any:
    return 0 if isinstance(value, str) or value is None else sum(value) if isinstance(value, folding.WithInPlace) else value


def section(report: Report, lines: Sequence[Line], shown: Sequence[Column], total: Total, wanted: Arrangement, title: str = "") -> Section:
    """Return the lines with their total. Lines beyond `top` become one line, so that columns still add up."""
    top = wanted.top
    values = [[column.read(line, total) for column in shown] for line in lines[:top]]
    if wanted.work:
        for row, line in zip(values, lines, strict=False):
            row[:] = _with_work(row, shown, work(report, line))
    name = next((at for at, column in enumerate(shown) if column.name == "layer"), None)
    if name is not None:
        for row, line in zip(values, lines, strict=False):
            if line.loses:
                row[name] += MARK
        if wanted.tree and wanted.fold == 0 and not wanted.sort and any("/" in line.path for line in lines[:top]):
            values = list(_as_tree(values, name, [line.path for line in lines[:top]]))
    if top is not None and len(lines) > top:
        values.append(_others(lines[top:], shown, total))
    sums: list[Any] = [_short(column.total(total)) if column.total else None for column in shown]
    if all(value is None for value in sums):
        return Section(values, None, title)
    return Section(values, [("total" if total.complete else "at least") if sums[0] is None else sums[0], *sums[1:]], title)


def _as_tree(values: Sequence[list[Any]], name: int, paths: Sequence[str]) -> Iterator[list[Any]]:
    """Yield the rows with names drawn as a tree, and a row for each folder."""
    for text, at in tree(paths):
        row = values[at] if at is not None else [None] * len(values[0])
        lost = MARK if str(row[name]).endswith(MARK) else ""
        yield [*row[:name], text + lost, *row[name + 1 :]]


def work(report: Report, line: Line) -> dict[str, Traced]:
    """Return the derived numbers of a layer by column."""
    from cnncalc.dims import Traced
    from cnncalc.study.derive.explained_layer import explained

    if len(line.own) > 1 or not line.rows[0].sources:
        return {}
    traced_row = explained(report, line.rows[0]).row
    derived = {name: getattr(traced_row, metric) for name, metric in columns.DERIVED.items()}
    return {name: each for name, each in derived.items() if isinstance(each, Traced) and each.worked("ascii") != str(each.value)}


def worked(derived: Traced) -> Callable[[Style], str]:
    """Return a function that formats a derivation with values substituted."""
    from cnncalc.output.sheets.explanation import FormulaWriter

    return lambda style: FormulaWriter(style).worked(derived)


def _with_work(row: Sequence[Any], shown: Sequence[Column], derived: Mapping[str, Traced]) -> list[Any]:
    """Return the values of a row, with derivations added."""
    values = list(row)
    for at, column in enumerate(shown):
        value, more = row[at] if isinstance(row[at], folding.WithInPlace) else (row[at], 0)
        if column.name in derived and not isinstance(value, str):
            values[at] = DerivedNumber(value, worked(derived[column.name]), more, short=column.name in columns.SHORT)
    return values


def _others(lines: Sequence[Line], shown: Sequence[Column], total: Total) -> list[Any]:
    """Return the sums of the lines left out; columns without sums are empty."""
    rows = [row for line in lines for row in line.rows]
    others = folding.Line(f"{len(lines)} more", rows, folding.GROUP)
    return [column.read(others, total) if column.total or column.name in SUMMED else None for column in shown]


def _short(value: Any) -> Any:
    """Return a numeric total; symbolic ones are shown below the table."""
    return value if isinstance(value, int) else None
