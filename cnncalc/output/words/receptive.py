"""Notes on receptive fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.forms.numbers import NumberFormat, pair, size, volume
from cnncalc.study.coverage import first_to_see_all, last_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

PLAIN = NumberFormat()
PARTS = "parts of a volume that are not told apart, as after a split, count with the receptive field of the whole volume"


def notes(report: Report) -> Iterator[str]:
    """Yield the notes below a table of receptive fields."""
    yield from differing(report)
    if not all(isinstance(side, int) for side in report.input.sides):
        return
    whole = volume(report.input.sides, PLAIN)
    first, known = first_to_see_all(report)
    if first is not None:
        yield f"{first.path} is the first layer with a unit whose receptive field ({field_range(first)}) covers the whole input, {whole}."
    elif known:
        yield f"No receptive field covers the whole input, {whole}."
    last = last_map(report)
    if last is None or last is report.rows[0] or None in (*last.receptive_field, *last.jump, *last.offset):
        return
    narrow = ""
    if None not in last.narrowest and last.narrowest != last.receptive_field:
        narrow = f", along the narrowest path {pair(last.narrowest, PLAIN)}"
    average = " on average" if any(fields.cycle for axis in last.view for fields in axis.fields) else ""
    yield (
        f"The last layer with several positions, {last.path} ({volume(last.output.sides, PLAIN)}), has a receptive field of "
        f"{field_range(last)} pixels{narrow}; its units are {pair(last.jump, PLAIN)} pixel{'' if set(last.jump) == {1} else 's'} "
        f"apart{average}, and the first field starts at {start_of_field(last)}."
    )


def differing(report: Report) -> Iterator[str]:
    """Yield the first layer whose units differ, and the first with an upper bound."""
    for row in report.rows:
        if row.receptive_field_smallest != row.receptive_field:
            yield (
                f"From {row.path} on, receptive fields differ between units: these are the largest, "
                "receptive_field_smallest has the smallest; jumps are averages."
            )
            break
    for row in report.rows:
        if not row.receptive_field_exact:
            yield f"From {row.path} on, receptive fields are upper bounds: {PARTS}."
            break


def field_range(row: Row) -> str:
    """Format a receptive field, or a range from the smallest to the largest."""
    largest, smallest = pair(row.receptive_field, PLAIN), pair(row.receptive_field_smallest, PLAIN)
    return largest if smallest == largest else f"{smallest} to {largest}"


def start_of_field(row: Row) -> str:
    """Format the start of the first field."""
    return " and ".join([size(start, PLAIN) for start in dict.fromkeys(row.offset)])
