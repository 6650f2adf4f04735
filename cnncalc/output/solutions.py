"""Settings that give an output, as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.sheet import TEXT, TRUTH, VOLUME, Column, Section, Sheet
from cnncalc.propagate.report import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.solve import Answers, Interval, Solution
    from cnncalc.layers import Volume


def table(answers: Answers, question: str, *, top: int | None = None) -> Sheet:
    """The settings that were found, or what came nearest."""
    solutions = (answers.found or answers.nearest)[:top]
    names = list(solutions[0].values) if solutions else []
    columns = [Column(name, name, TEXT, 9) for name in names]
    columns += [Column("input", "input", VOLUME, 4), Column("output", "output", VOLUME, 8), Column("tiles", "tiles exactly", TRUTH, 7)]
    rows = [[*(_value(each.values[name]) for name in names), each.input, each.output, each.exact] for each in solutions]
    count = len(answers.found)
    tried = f"{answers.tried:,} tried"
    if count:
        exact = sum(each.exact for each in answers.found)
        notes = [f"{count:,} {'setting gives' if count == 1 else 'settings give'} it, {exact:,} of them tile exactly; {tried}."]
        if top is not None and count > top:
            notes.append(f"The first {top} are shown, simplest first.")
    else:
        notes = [f"No setting gives it; {tried}." + (" These come nearest." if rows else "")]
    return Sheet([question], columns, [Section(rows)], notes)


def document(answers: Answers) -> dict[str, Any]:
    """The JSON of the settings."""
    return {"found": [_row(each) for each in answers.found], "nearest": [_row(each) for each in answers.nearest], "tried": answers.tried}


def sizes_table(found: Sequence[Interval], nearest: Sequence[tuple[int, Volume]], question: str, most: int) -> Sheet:
    """Input sides that give an output, as ranges."""
    if found:
        columns = [Column("from", "from", TEXT, 9), Column("to", "to", TEXT, 9), Column("count", "sizes", TEXT, 5)]
        rows: list[list[Any]] = [[str(each.first), str(each.last), str(each.last - each.first + 1)] for each in found]
        return Sheet([question], columns, [Section(rows)], [f"Square inputs up to {most:,} were looked at."])
    columns = [Column("input", "input", TEXT, 9), Column("output", "output", VOLUME, 8)]
    rows = [[f"{size}×{size}", y] for size, y in nearest]
    return Sheet(
        [question], columns, [Section(rows)], [f"No square input up to {most:,} gives it." + (" These come nearest." if rows else "")]
    )


def sizes_document(found: Sequence[Interval], nearest: Sequence[tuple[int, Volume]]) -> dict[str, Any]:
    """The JSON of the ranges."""
    return {"found": [list(each) for each in found], "nearest": [{"input": size, "output": plain(y)} for size, y in nearest]}


def _row(solution: Solution) -> dict[str, Any]:
    return {**solution.values, "input": plain(solution.input), "output": plain(solution.output), "exact": solution.exact}


def _value(value: Any) -> str:
    return "×".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value)
