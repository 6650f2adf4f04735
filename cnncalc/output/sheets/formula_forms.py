"""Formulas as LaTeX and Python."""

from __future__ import annotations

from keyword import iskeyword
from math import lcm
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly, SymbolScope, at, symbol
from cnncalc.dims.notation import show
from cnncalc.errors import printable
from cnncalc.output.forms.breaking import broken, rows, split
from cnncalc.output.forms.formats import tex
from cnncalc.output.forms.numbers import NumberFormat
from cnncalc.output.words import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.output.sheets.formulas import FormulaRow
    from cnncalc.propagate.report import Report

READABLE = 90  # characters of a line of typeset LaTeX
DIVISIBLE = """\
def divisible(value, step):
    nearest = max(step, (2 * value + step) // (2 * step) * step)
    return nearest + step if 10 * nearest < 9 * value else nearest


"""  # exact for int and fractions.Fraction


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


def python(report: Report, entries: Sequence[FormulaRow], point: Mapping[str, int]) -> str:
    """Return a Python lambda for each formula, with those of layers in a dictionary. A single formula is a plain lambda.

    Where a formula uses `divisible`, its definition comes first.
    """
    text = lambdas(report, entries, point)
    return DIVISIBLE + text if "divisible(" in text else text


def lambdas(report: Report, entries: Sequence[FormulaRow], point: Mapping[str, int]) -> str:
    """Return the lambdas without the functions that they use."""
    names = [variable(name) for name in report.symbols if name not in point]
    head = f"lambda {', '.join(names)}:" if names else "lambda:"
    if len(entries) == 1:
        return f"{head} {expression(entries[0].value)}\n"
    lines = [*comments(report, "#")]
    lines += [f"{line}\n" for entry in entries if not entry.place for line in assigned(f"{entry.column.name} = {head}", entry)]
    places: dict[str, list[str]] = {}
    for entry in entries:
        if entry.place:
            places.setdefault(entry.place, []).append(f"        {entry.column.name!r}: {head} {expression(entry.value)},\n")
    if places:
        lines.append("layers = {\n")
        for place, here in places.items():
            lines += [f"    {place!r}: {{\n", *here, "    },\n"]
        lines.append("}\n")
    return "".join(lines)


def comments(report: Report, sign: str) -> Iterator[str]:
    """Yield comments with the title of the network and its conditions."""
    for line in (*summary.title(report), *summary.conditions(report)):
        yield f"{sign} {printable(line)}\n"


def assigned(head: str, entry: FormulaRow) -> list[str]:
    """Return an assignment of a lambda, in brackets if it spans several lines."""
    text = expression(entry.value)
    parts = broken(text, READABLE)
    if len(parts) == 1 or isinstance(entry.value, tuple):
        return [f"{head} {text}"]
    return [f"{head} (", *[f"    {part}" for part in parts], ")"]


def expression(value: Any) -> str:
    """Return a number or formula as a Python expression with integers only."""
    if isinstance(value, tuple):
        return f"({', '.join(map(expression, value))})"
    if isinstance(value, str):  # text in place of a number, as for a view
        return "0"
    if not isinstance(value, Poly):
        return repr(value)
    parts = lcm(*(number.denominator for number, _ in value.terms))
    scope = SymbolScope(value.scope.meter, {variable(name): domain for name, domain in value.scope.domains.items()})
    whole = at(value, {name: symbol(variable(name), scope) for name in value.symbols}) * parts
    text = show(whole, "ascii").replace("^", "**")
    return f"({text})//{parts}" if parts > 1 else text


def variable(name: str) -> str:
    """Return a valid Python name for a symbol."""
    return f"{name}_" if iskeyword(name) else name
