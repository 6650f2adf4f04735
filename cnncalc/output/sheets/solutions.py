"""Results of solve as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.forms.numbers import volume
from cnncalc.output.forms.sheet import TEXT, VOLUME, Column, Form, Section, Sheet
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.answers.inputs import Inputs
    from cnncalc.answers.solve import Answers, Solution
    from cnncalc.output.forms.numbers import NumberFormat

SHOWN = 20  # rows of a table, without --top


def _tiles(value: tuple[Any, Any], fmt: NumberFormat) -> str:
    down, across = value
    if not down and not across:
        return "yes"
    return f"no, {down} left" if down == across else f"no, {volume(value, fmt)} left"


def _value(value: Any, fmt: NumberFormat) -> str:
    return volume(value, fmt) if isinstance(value, (list, tuple)) else str(value)


TILES = Form(_tiles, lambda value: "false" if any(value) else "true")
VALUE = Form(_value)


def table(answers: Answers, question: str, *, top: int | None, deep: tuple[bool, bool] = (True, True)) -> Sheet:
    """Return a table of the solutions or the nearest misses; `deep` tells whether input and output are shown with their depth."""
    solutions = (answers.found or answers.nearest)[:top]
    names = [name for name, tried in answers.tried.items() if name != "dilation" or list(tried) != [1]]
    columns = [Column(name, name, VALUE, 9) for name in names]
    columns += [Column("input", "input", VOLUME, 4), Column("output", "output", VOLUME, 8)]
    rows: list[list[Any]] = [
        [*(each.values[name] for name in names), _sides(each.input, deep[0]), _sides(each.output, deep[1])] for each in solutions
    ]
    if windowed(answers):
        columns.append(Column("exact", "divides evenly", TILES, 7))
        rows = [[*row, each.remainders] for row, each in zip(rows, solutions, strict=True)]
    return Sheet([question], columns, [Section(rows)], list(notes(answers, top)))


def windowed(answers: Answers) -> bool:
    """Return whether the layers have a kernel (not so for fully connected ones)."""
    return any(hasattr(each.layer, "windows") for each in (*answers.found, *answers.nearest))


def _sides(sides: Sequence[Any], deep: bool) -> Sequence[Any]:
    return sides if deep else sides[:2]


def notes(answers: Answers, top: int | None) -> Sequence[str]:
    """Return notes on the number of solutions, how many divide evenly, and the values tried."""
    count = len(answers.found)
    tried = f"Tried: {', '.join(f'{name} {span(values)}' for name, values in answers.tried.items())}."
    if not count:
        return [f"Nothing gives it{'; these come nearest' if answers.nearest else ''}.", tried]
    exact = sum(each.exact for each in answers.found)
    if answers.anything:
        even = "all divide" if exact == count else "none divides" if not exact else f"{exact:,} divide{'s' * (exact == 1)}"
        sentence = f"{count:,} settings; {even} the input evenly." if windowed(answers) and count > 1 else ""
    elif not windowed(answers):
        sentence = "This gives it." if count == 1 else f"{count:,} settings give it."
    elif count == 1:
        sentence = f"This gives it; its kernel {'divides' if exact else 'does not divide'} the input evenly."
    else:
        even = "all divide" if exact == count else "none divides" if not exact else f"{exact:,} divide{'s' * (exact == 1)}"
        sentence = f"{count:,} settings give it; {even} the input evenly."
    order = "" if answers.anything else ", simplest first"
    shown = f"The first {top} are shown{order}; --top {count} shows all." if top is not None and count > top else ""
    return [each for each in (sentence, shown, tried) if each]


def span(values: Sequence[Any]) -> str:
    """Format the values of a field: 1 to 11, or 3/5/7."""
    if len(values) > 2 and all(isinstance(value, int) for value in values) and list(values) == list(range(values[0], values[-1] + 1)):
        return f"{values[0]} to {values[-1]:,}"
    return " or ".join(map(str, values)) if len(values) < 3 else "/".join(map(str, values))


def document(answers: Answers, top: int | None) -> dict[str, Any]:
    """Return the JSON of the solutions."""
    tried = {name: list(values) for name, values in answers.tried.items()}
    return {"found": [_row(each) for each in answers.found[:top]], "nearest": [_row(each) for each in answers.nearest], "tried": tried}


def _row(solution: Solution) -> dict[str, Any]:
    values: Mapping[str, Any] = solution.values
    row = {"input": plain(solution.input), "output": plain(solution.output), "exact": solution.exact, "rest": plain(solution.remainders)}
    return {**values, **row}


def sizes_table(answers: Inputs, question: str, *, top: int | None) -> Sheet:
    """Return a table of the input sizes that give an output, as ranges."""
    if answers.found:
        columns = [Column("from", "from", TEXT, 9), Column("to", "to", TEXT, 9), Column("count", "sizes", TEXT, 5)]
        rows: list[list[Any]] = [[str(each.first), str(each.last), str(each.last - each.first + 1)] for each in answers.found[:top]]
        return Sheet([question], columns, [Section(rows)], [f"Square inputs up to {answers.most:,} were tried."])
    columns = [Column("input", "input", VOLUME, 9), Column("output", "output", VOLUME, 8)]
    rows = [[(size, size), y] for size, y in answers.nearest]
    nearest = " These come nearest." if rows else ""
    return Sheet([question], columns, [Section(rows)], [f"No square input up to {answers.most:,} gives it.{nearest}"])


def sizes_document(answers: Inputs, top: int | None) -> dict[str, Any]:
    """Return the JSON of the ranges."""
    nearest = [{"input": size, "output": plain(y)} for size, y in answers.nearest]
    return {"found": [list(each) for each in answers.found[:top]], "nearest": nearest, "most": answers.most}
