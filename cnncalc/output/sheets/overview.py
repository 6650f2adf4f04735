"""A report as a table: which lines, in which order, under which title, with which notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.choice import choose
from cnncalc.errors import Problem, SpecError
from cnncalc.output.forms.sheet import Section, Sheet
from cnncalc.output.sheets import columns
from cnncalc.output.words import receptive, summary
from cnncalc.study import folding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.output.forms.sheet import Column
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row, Total
    from cnncalc.study.folding import Line

SIDES = "Side exits, not in the totals"
SUMMED = ("layer", "what", "params_share", "macs_share")  # columns without a total that hold for several lines together
MARK = " *"  # behind the name of a layer whose windows do not tile


class Arrangement:
    """Which lines and columns are wanted, in which order."""

    __slots__ = ("columns", "fold", "sort", "top", "units")

    def __init__(
        self, columns: str | None = None, fold: int | None = None, sort: str | None = None, top: int | None = None, units: str = ""
    ) -> None:
        self.columns = columns
        self.fold = fold  # the depth of paths that stays; 0 for every row, None for as many rows as read well
        self.sort = sort
        self.top = top
        self.units = units


def overview(report: Report, wanted: Arrangement) -> Sheet:
    """The table of a network, for people."""
    shown = columns.chosen(wanted.columns)
    fold = folding.folded(report, wanted.fold)
    main, side = parts(report)
    lines = fold(main)
    sections = [section(ordered(lines, wanted), shown, report.total, wanted.top)]
    headings = [(column.heading, column.total(report.total)) for column in shown if column.total]
    notes = [*summary.formulas(headings), *summary.notes(report, lines, wanted.units)]
    if any(column.name in receptive.COLUMNS for column in shown):
        notes += receptive.notes(report)
    if side and report.exits is not None:
        sections.append(section(ordered(fold(side), wanted), shown, report.exits, wanted.top, SIDES))
    return Sheet(summary.title(report), shown, sections, notes, summary.asides(report, lines), "--columns chooses, ")


def listing(report: Report, wanted: Arrangement) -> Sheet:
    """Every layer with every column, for programs that read tables: no totals, no notes."""
    shown = columns.chosen(wanted.columns, columns.COLUMNS)
    found = ordered(folding.folded(report, wanted.fold or 0)(report.rows), wanted)
    return Sheet((), shown, [Section([[column.read(line, report.total) for column in shown] for line in found[: wanted.top]])])


def document(report: Report, wanted: Arrangement) -> dict[str, Any]:
    """The report as JSON has it; with fewer layers, or in another order, where that was asked for."""
    found = report.as_dict()
    if wanted.fold or wanted.sort or wanted.top:
        lines = ordered(folding.folded(report, wanted.fold or 0)(report.rows), wanted)
        found["layers"] = [line.as_dict() for line in lines[: wanted.top]]
    return found


def parts(report: Report) -> tuple[list[Row], list[Row]]:
    """The rows that are in the totals, and those of side exits where they are not."""
    if report.sides or report.exits is None:
        return report.rows, []
    return [row for row in report.rows if not row.side], [row for row in report.rows if row.side]


def ordered(lines: list[Line], wanted: Arrangement) -> list[Line]:
    """By a column, where one was asked for: figures from the largest down, words from A to Z."""
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
    return 0 if isinstance(value, str) or value is None else value


def section(lines: Sequence[Line], shown: Sequence[Column], total: Total, top: int | None, title: str = "") -> Section:
    """The values of the lines, and of their sum; what `top` leaves out becomes one line, so that columns still add up."""
    values = [[column.read(line, total) for column in shown] for line in lines[:top]]
    for at, column in enumerate(shown):
        if column.name == "layer":
            for row, line in zip(values, lines, strict=False):
                if line.exact is False:
                    row[at] += MARK
    if top is not None and len(lines) > top:
        values.append(_others(lines[top:], shown, total))
    sums: list[Any] = [_short(column.total(total)) if column.total else None for column in shown]
    if all(value is None for value in sums):
        return Section(values, None, title)
    return Section(values, ["total" if sums[0] is None else sums[0], *sums[1:]], title)


def _others(lines: Sequence[Line], shown: Sequence[Column], total: Total) -> list[Any]:
    """The sums of the lines that are left out; what makes no sum is left empty."""
    rows = [row for line in lines for row in line.rows]
    others = folding.Line(f"{len(lines)} more", rows, folding.GROUP)
    return [column.read(others, total) if column.total or column.name in SUMMED else None for column in shown]


def _short(value: Any) -> Any:
    """A total, where it is a number: formulas stand below the table."""
    return value if isinstance(value, int) else None
