"""A report as a table: which lines, in which order, under which title, with which notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError
from cnncalc.output import columns, folding
from cnncalc.output.sheet import Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.output.columns import LayerColumn
    from cnncalc.output.folding import Line
    from cnncalc.propagate.report import Report, Row, Total


class Arrangement:
    """Which lines and columns are wanted, in which order."""

    __slots__ = ("columns", "fold", "sort", "top")

    def __init__(self, columns: str | None = None, fold: int | None = None, sort: str | None = None, top: int | None = None) -> None:
        self.columns = columns
        self.fold = fold  # the depth of paths that stays; 0 for every row, None for as many rows as read well
        self.sort = sort
        self.top = top


def overview(report: Report, wanted: Arrangement) -> Sheet:
    """The table of a network."""
    from cnncalc.output import summary

    shown = columns.chosen(wanted.columns)
    main, side = parts(report)
    fold = folding.depth_for(report.rows) if wanted.fold is None else wanted.fold
    sections = [section(lines(report, main, fold, wanted), shown, report.total, wanted.top)]
    if side and report.exits is not None:
        sections.append(section(lines(report, side, fold, wanted), shown, report.exits, wanted.top, "side exits, not in the totals"))
    return Sheet(summary.title(report), shown, sections, summary.notes(report, fold))


def parts(report: Report) -> tuple[list[Row], list[Row]]:
    """The rows that are in the totals, and those of side exits where they are not."""
    if report.sides or report.exits is None:
        return report.rows, []
    return [row for row in report.rows if not row.side], [row for row in report.rows if row.side]


def lines(report: Report, rows: Sequence[Row], fold: int, wanted: Arrangement) -> list[Line]:
    """Rows, folded and sorted."""
    found = folding.lines(rows, report.graph.repeats, fold)
    return ordered(found, columns.COLUMNS[columns.known(wanted.sort)]) if wanted.sort else found


def ordered(found: list[Line], column: LayerColumn) -> list[Line]:
    """Figures from the largest down, words from A to Z."""
    if not column.form.right:
        return sorted(found, key=lambda line: str(column.read(line)))

    def figure(line: Line) -> Any:
        value = column.read(line)
        return 0 if isinstance(value, str) else value

    try:
        return sorted(found, key=figure, reverse=True)
    except ArithmeticError as error:
        hint = "a formula is larger or smaller only where its symbols have numbers: --input, --set"
        raise SpecError(Problem(f"--sort {column.name}: {error}", hint=hint)) from None


def section(found: list[Line], shown: list[LayerColumn], total: Total, top: int | None, title: str = "") -> Section:
    """The values of the lines, and of their sum."""
    rest = found[top:] if top is not None else []
    if rest:
        rows = [row for line in rest for row in line.rows]
        found = [*found[:top], folding.Line(f"{len(rest)} more", rows, "", 1)]
    reads = [column.read for column in shown]
    rows_of_values = [[read(line) for read in reads] for line in found]
    sums: list[Any] = [column.total(total) if column.total else None for column in shown]
    if any(value is not None for value in sums):
        if sums[0] is None:
            sums[0] = "total"
        return Section(rows_of_values, sums, title)
    return Section(rows_of_values, None, title)
