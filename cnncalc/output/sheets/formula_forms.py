"""Formulas as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly
from cnncalc.dims.notation import show
from cnncalc.errors import printable
from cnncalc.output.forms.breaking import rows, split
from cnncalc.output.forms.formats import tex
from cnncalc.output.forms.numbers import NumberFormat
from cnncalc.output.words import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.output.sheets.formulas import FormulaRow
    from cnncalc.propagate.report import Report

READABLE = 90  # characters of a line of typeset LaTeX


def latex(report: Report, entries: Sequence[FormulaRow]) -> str:
    """Return an align* environment (amsmath) with one equation per formula; long ones span several lines."""
    lines: list[str] = []
    for entry in entries:
        label = f"{entry.place}: {entry.name}" if entry.place else entry.name
        first, *others = latex_lines(entry)
        lines.append(rf"\text{{{tex(label)}}} &= {first}")
        lines += [rf"&\quad {line}" for line in others]
    return "".join(comments(report, "%")) + "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"


def latex_lines(entry: FormulaRow) -> list[str]:
    """Return a formula in LaTeX, broken if too long in print."""
    value, text = entry.value, entry.text(NumberFormat())
    if not isinstance(value, Poly):
        return [entry.text(NumberFormat(style="latex")).strip("$") if isinstance(value, tuple) else rf"\text{{{tex(text)}}}"]
    parts, terms = list(split(show(value, "latex"))), list(split(text))
    if len(text) <= READABLE:
        return [" ".join(parts)]
    return [" ".join(parts[at] for at in row) for row in rows([len(term) for term in terms], READABLE, entry.groups)]


def comments(report: Report, sign: str) -> Iterator[str]:
    """Yield comments with the title of the network and its conditions."""
    for line in (*summary.title(report), *summary.conditions(report)):
        yield f"{sign} {printable(line)}\n"
