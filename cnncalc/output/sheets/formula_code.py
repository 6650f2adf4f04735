"""Formulas as functions of Python and JavaScript that run as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.forms import signs
from cnncalc.output.sheets.formula_forms import comments
from cnncalc.output.sheets.javascript_code import JavaScript
from cnncalc.output.sheets.python_code import Code
from cnncalc.output.words import summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.output.sheets.formulas import FormulaRow
    from cnncalc.propagate.report import Report


LANGUAGES = {"python": Code, "javascript": JavaScript}


def code(report: Report, entries: Sequence[FormulaRow], point: Mapping[str, int], language: str) -> str:
    """Return a function for every metric, and one for all layers."""
    kind = LANGUAGES[language]
    names = [name for name in report.symbols if name not in point]
    fractions = [name for name in names if not report.graph.symbols.domain(name).whole]
    domain = [signs.plain(line) for line in summary.conditions(report, point)]
    if fractions:
        domain.append(f"{', '.join(fractions)}: 0.75 and '3/4' are exactly 3/4.")
    layers: dict[str, dict[str, Any]] = {}
    functions: list[str] = []
    alone = len({entry.place for entry in entries}) == 1
    for entry in entries:
        if entry.place and not alone:
            layers.setdefault(entry.place, {})[entry.column.name] = entry.value
        else:
            functions.append(
                kind(names, fractions).function(entry.column.name, [f"{entry.name[0].upper()}{entry.name[1:]}.", *domain], entry.value)
            )
    if layers:
        functions.append(kind(names, fractions).function("layers", ["The same of each layer.", *domain], layers))
    return joined(kind, list(comments(report, kind.comment)), functions)


def joined(kind: type[Code], title: Sequence[str], functions: Sequence[str]) -> str:
    """Return functions with those that they use before them."""
    text = "".join(functions)
    used = []
    for call, definition in kind.helpers.items():  # those that others use stand last
        if call in text:
            used.append(definition)
            text += definition
    return "\n\n".join(["".join(title).replace("</", "< /"), *used, *functions])
