"""Where a network first sees all of its input: a report goes in, out comes the layer. What windows leave over, and zeros, are not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.dims import Poly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.layers.window import Reach
    from cnncalc.propagate.report import Report, Row

    Seen = list[tuple[int, int]]  # for each place along an axis, the first and the last input pixel that reach it

LONGEST = 5_000  # pixels of a side, and places, that are followed one by one
LAYERS = 20_000
NOTHING = (LONGEST, -1)  # a value that sees only zeros


def first_to_see_all(report: Report) -> tuple[Row | None, bool]:
    """The first layer with a value that sees every pixel of the input, if there is one, and whether that is known."""
    sides = report.input.sides
    if len(report.rows) > LAYERS or not all(isinstance(side, int) and side <= LONGEST for side in sides):
        return None, False
    whole = [(0, side - 1) for side in sides]
    followed = 0
    for *axes, row in zip(reached(report, 0), reached(report, 1), report.rows, strict=False):
        if not row.side and all(pixels in seen for pixels, seen in zip(whole, axes, strict=True)):
            return row, True
        followed += 1
    return None, followed == len(report.rows)


def last_map(report: Report) -> Row | None:
    """The last layer with more places than one on the way to the output."""
    return next((row for row in reversed(report.rows) if not row.side and row.output.places != 1), None)


def reached(report: Report, axis: int) -> Iterator[Seen]:
    """For layer after layer, what its places see along an axis; as far as that is known."""
    found: list[Seen] = []
    size = report.input[axis]
    assert isinstance(size, int)  # seen before
    for row in report.rows:
        places, reach = row.output[axis], row.cost.reach
        if not isinstance(places, int) or places > LONGEST:
            return
        sources = [found[each] for each in row.node.inputs]
        if not sources:
            found.append([(i, i) for i in range(size)])
        elif reach is None:
            found.append(sources[0] if len(sources) == 1 else meeting(sources, places))
        elif any(each is None or isinstance(each, Poly) for each in reach[axis]):
            return
        else:
            found.append(through(sources[0], reach[axis], places))
        yield found[-1]


def meeting(sources: list[Seen], places: int) -> Seen:
    """What the places see where volumes meet; one place stretches over all."""
    wide = [source * places if len(source) == 1 else source for source in sources]
    return [(min(first for first, _ in seen), max(last for _, last in seen)) for seen in zip(*wide, strict=False)]


def through(source: Seen, reach: Reach, places: int) -> Seen:
    """What the places of a window see: those of its values that are there; between those of a dilated window nothing is left out."""
    extent, step, start = (cast("int", each) for each in reach)  # they were looked at; a step may be a fraction
    found = []
    for place in range(places):
        begin = int((start + place * step) // 1)
        inside = source[max(begin, 0) : max(begin + extent, 0)]
        found.append((min([first for first, _ in inside]), max([last for _, last in inside])) if inside else NOTHING)
    return found
