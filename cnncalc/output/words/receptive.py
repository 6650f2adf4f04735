"""Notes on receptive fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.forms.numbers import Look, pair, size, volume
from cnncalc.propagate.figures import FIGURES, PIXELS
from cnncalc.study.coverage import first_to_see_all, last_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

PLAIN = Look()
COLUMNS = tuple(name for name, figure in FIGURES.items() if figure.unit == PIXELS)  # columns that get these notes


def notes(report: Report) -> Iterator[str]:
    """Yield the notes below a table of receptive fields."""
    yield from differing(report)
    if not all(isinstance(side, int) for side in report.input.sides):
        return
    whole = volume(report.input.sides, PLAIN)
    first, known = first_to_see_all(report)
    if first is not None:
        yield f"{first.path} is the first layer with a unit that sees all of the input, {whole}: its receptive field is {seen(first)}."
    elif known:
        yield f"No unit sees all of the input, {whole}."
    last = last_map(report)
    if last is None or last is report.rows[0] or None in (*last.receptive_field, *last.jump, *last.offset):
        return
    narrow = ""
    if None not in last.narrowest and last.narrowest != last.receptive_field:
        narrow = f", by the narrowest way {pair(last.narrowest, PLAIN)}"
    average = " on average" if any(fields.cycle for axis in last.view for fields in axis.fields) else ""
    yield (
        f"The last map, {last.path} of {volume(last.output.sides, PLAIN)}, sees {seen(last)} pixels{narrow}; its units are "
        f"{pair(last.jump, PLAIN)} pixel{'' if set(last.jump) == {1} else 's'} apart{average}, the first field begins at {place(last)}."
    )


def differing(report: Report) -> Iterator[str]:
    """Yield the first layer whose units differ, and the first with an upper bound."""
    for row in report.rows:
        if row.receptive_field_smallest != row.receptive_field:
            yield (
                f"From {row.path} on, some units see more pixels than others: these are the receptive fields of those that see most, "
                "receptive_field_smallest has the others; jumps are averages."
            )
            break
    for row in report.rows:
        if not row.receptive_field_exact:
            yield f"From {row.path} on, receptive fields are upper bounds: a part of a split counts as seeing all that the volume sees."
            break


def seen(row: Row) -> str:
    """Format a receptive field, or a range from the smallest to the largest."""
    largest, smallest = pair(row.receptive_field, PLAIN), pair(row.receptive_field_smallest, PLAIN)
    return largest if smallest == largest else f"{smallest} to {largest}"


def place(row: Row) -> str:
    """Format the start of the first field."""
    return " and ".join([size(start, PLAIN) for start in dict.fromkeys(row.offset)])
