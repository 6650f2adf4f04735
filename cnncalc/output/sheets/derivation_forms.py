"""Derivations as a sheet, as LaTeX and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims.arithmetic import value_of
from cnncalc.output.forms.formats import tex
from cnncalc.output.forms.sheet import COUNT, TEXT, Column, Section, Sheet
from cnncalc.output.sheets.explanation import (
    IN_BYTES,
    FormulaWriter,
    broken,
    headline,
    informative,
    legend,
    lines_and_remarks,
    name_with_axis,
    steps,
)
from cnncalc.propagate.rows import plain
from cnncalc.study.derive.derivation import SEEN
from cnncalc.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.dims.notation import Style
    from cnncalc.output.sheets.explanation import EquationLine
    from cnncalc.study.derive.derivation import Derivation, DerivationLine

COLUMNS = (
    Column("layer", "layer", TEXT, 100),
    Column("symbol", "", TEXT, 90),
    Column("rule", "rule", TEXT, 60),
    Column("numbers", "values substituted", TEXT, 70),
    Column("result", "result", COUNT, 80),
)
WIDTH = 130  # characters of LaTeX source that fit one line in print


def sheet(derivations: Sequence[Derivation], style: Style = "text") -> Sheet:
    """Return a table with a row per line."""
    formulas = FormulaWriter(style)
    rows: list[Sequence[Any]] = []
    alone = len(derivations) == 1
    for derivation in informative(derivations):
        for line in steps(derivation, alone=alone):
            symbol = formulas.name(line.symbol) if alone or derivation.quantity not in SEEN else name_with_axis(derivation, line)
            rows.append(
                (
                    line.label or derivation.label or "total",
                    f"{symbol} (bytes)" if line.symbol in IN_BYTES else symbol,
                    formulas.rule(line.sum),
                    formulas.worked(line.sum),
                    line.value,
                )
            )
    lines, notes = lines_and_remarks(derivations, formulas)
    meanings = ", ".join(f"{name} ({doc})" for name, doc in legend(derivations, formulas))
    line_notes = [f"{entry.symbol}: {entry.note}." for entry in lines if entry.note]
    return Sheet(
        headline(derivations[0], formulas.fmt),
        COLUMNS,
        [Section(rows)],
        [f"With {meanings}." if meanings else "", *line_notes, *notes],
    )


def latex(derivations: Sequence[Derivation], units: str = "") -> str:
    """Return the equations in LaTeX (amsmath)."""
    formulas = FormulaWriter("latex", units, WIDTH)
    lines, notes = lines_and_remarks(derivations, formulas)
    head, *more = headline(derivations[0], FormulaWriter(units=units).fmt)
    meanings = [f"${name}$ ({tex(doc)})" for name, doc in legend(derivations, formulas)]
    sentences = [*(f"${entry.symbol}$: {tex(entry.note)}." for entry in lines if entry.note), *map(tex, notes)]
    paragraphs = [
        r"% needs \usepackage{amsmath}",
        rf"\noindent\textbf{{{tex(head)}}}" + "".join(f"\\\\\n{tex(line)}" for line in more),
        f"With {', '.join(meanings)}." if meanings else "",
        "\\begin{align*}\n" + " \\\\\n".join(line for entry in lines for line in _equation(entry)) + "\n\\end{align*}",
        "\n\n".join(sentences),
    ]
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _equation(entry: EquationLine) -> Iterator[str]:
    """Yield the lines of one equation, several if it is too wide."""
    head = rf"{entry.label}\quad {entry.symbol}" if entry.label.strip() and entry.symbol else entry.label.strip() or entry.symbol
    whole = " = ".join(entry.sides)
    for i, side in enumerate([whole] if len(whole) <= WIDTH else entry.sides):
        first, *others = broken(side, WIDTH)
        yield f"{head if i == 0 else ''} &= {first}".lstrip()
        yield from (rf"&\quad {{}} {piece}" for piece in others)


def document(derivations: Sequence[Derivation]) -> Mapping[str, Any]:
    """Return the derivations for JSON: rules and numbers in the spec's arithmetic, with the meanings of symbols."""
    setting = derivations[0].report.setting
    return {
        "cnncalc": __version__,
        "network": {"id": setting.id, "name": setting.about.title or setting.id},
        "derivations": [_derivation(each) for each in derivations],
    }


def _derivation(derivation: Derivation) -> dict[str, Any]:
    formulas = FormulaWriter("ascii")
    entry: dict[str, Any] = {"layer": derivation.label or None, "quantity": derivation.quantity, "value": plain(derivation.value)}
    entry["symbols"] = [
        {"symbol": formulas.name(symbol), "meaning": doc} | ({} if value is None else {"value": plain(value)})
        for symbol, value, doc in derivation.symbols
    ]
    entry["lines"] = [_line(line, formulas) for line in derivation.lines]
    return entry


def _line(line: DerivationLine, formulas: FormulaWriter) -> dict[str, Any]:
    entry: dict[str, Any] = {"layer": line.label} if line.label else {}
    entry.update(
        symbol=formulas.name(line.symbol),
        rule=formulas.rule(line.sum),
        worked=formulas.worked(line.sum),
        value=plain(line.value),
    )
    if line.rest is not None:
        rest = line.rest
        left = value_of(rest.left)
        entry["rest"] = {"axis": rest.axis, "left": plain(left), "over": rest.over, "padding": rest.padding, "fits": list(rest.fits)}
    return entry
