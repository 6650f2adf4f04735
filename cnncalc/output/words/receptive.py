"""What there is to say of receptive fields as a whole: where the input is first seen in full, and what the last map sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.forms.numbers import Look, pair, size, volume
from cnncalc.study.coverage import first_to_see_all, last_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.propagate.report import Report, Row

PLAIN = Look()
COLUMNS = ("receptive_field", "jump", "offset", "narrowest")  # those that these lines belong to


def notes(report: Report) -> Iterator[str]:
    """The lines below a table of receptive fields."""
    if not all(isinstance(side, int) for side in report.input.sides):
        return
    whole = volume(report.input.sides, PLAIN)
    first, known = first_to_see_all(report)
    if first is not None:
        yield f"{first.path} is the first layer with a value that sees all of the input, {whole}: its receptive field is {seen(first)}."
    elif known:
        yield f"No value sees all of the input, {whole}."
    last = last_map(report)
    if last is not None and last is not report.rows[0] and None not in (*last.receptive_field, *last.offset):
        narrow = (
            ""
            if None in last.narrowest or last.narrowest == last.receptive_field
            else f", by the narrowest way {pair(last.narrowest, PLAIN)}"
        )
        yield (
            f"The last map, {last.path} of {volume(last.output.sides, PLAIN)}, sees {seen(last)} pixels{narrow}; its values are "
            f"{pair(last.jump, PLAIN)} pixels apart, the first field begins at {place(last)}."
        )


def seen(row: Row) -> str:
    """A receptive field."""
    return pair(row.receptive_field, PLAIN)


def place(row: Row) -> str:
    """Where a field begins."""
    down, across = row.offset
    return size(down, PLAIN) if down == across else f"{size(down, PLAIN)} and {size(across, PLAIN)}"
