"""Finds the first layer whose receptive field covers the whole input, as sets of input pixels per unit. Padding does not count.

The pixels that a unit depends on form a grid (a set of rows times a set of columns); after a merge there may be several. At most MOST_GRIDS
are stored per layer, plus their union, which is enough to answer "some unit covers the input" and "no unit does" correctly.
"""

from __future__ import annotations

from functools import reduce
from itertools import product
from math import prod
from operator import contains, ne, or_
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.layers.window import Reach
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

    Pixels = list[int]  # for each unit along an axis, the input rows (or columns) in its receptive field, as a bit mask
    Grid = tuple[Pixels, ...]

LONGEST = 5_000  # largest input side, and number of units per axis, that is computed
MOST_BITS = 1 << 30  # total size of all bit masks, each counted with at least FEWEST bits
FEWEST = 1 << 10
MOST_GRIDS = 4  # per layer


class Seen(NamedTuple):
    """Receptive fields of a layer's units: the union of `grids`, and if `around` is given, possibly more pixels inside `around`."""

    grids: Sequence[Grid]
    around: Grid | None = None


def first_to_see_all(report: Report) -> tuple[Row | None, bool]:
    """Return the first layer with a unit that covers the whole input (None if there is none), and whether the answer is certain."""
    sides = report.input.sides
    if not all(isinstance(side, int) and side <= LONGEST for side in sides):
        return None, False
    follower = CoverageWalk(cast("tuple[int, ...]", sides))
    for row in report.rows:
        seen = follower.follow(row)
        covered = None if seen is None else follower.covered(seen)
        if seen is None or (covered is None and not row.side):
            return None, False
        if covered and not row.side:
            return row, True
    return None, True


def last_map(report: Report) -> Row | None:
    """Return the last layer whose output has more than one position."""
    return next((row for row in reversed(report.rows) if not row.side and row.output.places != 1), None)


def moves(row: Row, sides: Sequence[int]) -> bool:
    """Return whether the units of a layer are not those of its input at the same places, which is not followed."""
    elsewhere = row.layer.merges and getattr(row.layer, "along", "channels") != "channels"
    return elsewhere or row.layer.is_source or row.output.rank != len(sides)


class CoverageWalk:
    """Computes the input pixels of every unit, row by row of a report."""

    def __init__(self, sides: tuple[int, ...]) -> None:
        pixels = {side: [1 << pixel for pixel in range(side)] for side in sides}
        self.input = Seen([tuple([pixels[side] for side in sides])])
        self.all = [(1 << side) - 1 for side in sides]
        self.found: list[Seen] = []
        self.side = max(*sides, FEWEST)
        self.bits = 0
        self.done: dict[tuple[int, Reach, int], tuple[Pixels, Pixels]] = {}  # the value keeps the pixels of the key's id alive

    def follow(self, row: Row) -> Seen | None:
        """Return the receptive fields of the units of the next row, or None if they cannot be computed."""
        units, reach = cast("tuple[int, ...]", row.output.sides), row.cost.reach
        numbers = [*units, *(number for axis in reach or () for number in axis)]
        if not all(isinstance(each, int) for each in numbers) or max(units) > LONGEST or self.bits > MOST_BITS or moves(row, self.all):
            return None
        sources = [self.found[each] for each in row.node.inputs]
        if not sources:
            seen = self.input
        elif reach is not None:
            grids, around = sources[0]
            seen = Seen([self.through(grid, reach, units) for grid in grids], around and self.through(around, reach, units))
        elif len(sources) == 1:
            seen = sources[0]
        else:
            self.bits += sum(units) * self.side
            seen = meeting(sources, units)
        if not row.receptive_field_exact and seen.grids:  # the row may see fewer channels than its input
            seen = Seen([], seen.around or union(seen.grids))
        self.found.append(seen)
        return seen

    def through(self, grid: Grid, reach: tuple[Reach, ...], units: Sequence[int]) -> Grid:
        """Return the receptive fields after a kernel: the union over the input positions that it covers."""
        return tuple(map(self.along, grid, reach, units))

    def along(self, pixels: Pixels, reach: Reach, units: int) -> Pixels:
        """Apply a kernel along one axis. Results are cached by pixels and reach."""
        key = id(pixels), reach, units
        if key not in self.done:
            self.bits += units * self.side
            self.done[key] = pixels, windowed(pixels, reach, units)
        return self.done[key][1]

    def covered(self, seen: Seen) -> bool | None:
        """Return whether some unit covers the whole input, or None if unknown."""
        if any(all(map(contains, grid, self.all)) for grid in seen.grids):
            return True
        if not all(map(contains, seen.around or union(seen.grids), self.all)):
            return False
        if len(seen.grids) > 1 and jointly(seen.grids, self.all):
            return True
        return None if seen.around else False


def windowed(pixels: Pixels, reach: Reach, units: int) -> Pixels:
    """Apply a kernel along one axis, using unions over 2, 4, 8, ... consecutive positions that are computed once."""
    size, gap = len(pixels), reach.gap
    rows = [pixels]
    result = []
    for start, end in reach.ends(units):
        first = start if start >= 0 else start % gap
        count = max((end if end < size else size) - first + gap - 1, 0) // gap
        power = count.bit_length() - 1
        while len(rows) <= power:
            rows.append([one | other for one, other in zip(rows[-1], rows[-1][gap << (len(rows) - 1) :], strict=False)])
        result.append(rows[power][first] | rows[power][first + (count - (1 << power)) * gap] if count else 0)
    return result


def meeting(sources: Sequence[Seen], units: Sequence[int]) -> Seen:
    """Return the receptive fields after a merge. Inputs with one unit along an axis are broadcast."""
    grids: list[Grid] = []
    for grid in [wide(grid, units) for source in sources for grid in source.grids]:
        add(grids, grid)
    if len(grids) <= MOST_GRIDS and not any(source.around for source in sources):
        return Seen(grids)
    around = union([*grids, *(wide(source.around, units) for source in sources if source.around)])
    return Seen(sorted(grids, key=size_of, reverse=True)[:MOST_GRIDS], around)


def wide(grid: Grid, units: Sequence[int]) -> Grid:
    """Broadcast a grid with one unit along an axis to `units`."""
    return tuple([pixels * count if len(pixels) == 1 else pixels for pixels, count in zip(grid, units, strict=True)])


def add(grids: list[Grid], grid: Grid) -> None:
    """Add a grid unless another one contains it; grids that differ along one axis only are merged into their union."""
    for other in grids:
        if all(a is b or all(x | y == y for x, y in zip(a, b, strict=True)) for a, b in zip(grid, other, strict=True)):
            return
    for other in grids:
        if sum(map(ne, grid, other)) <= 1 or all(x | y == x for a, b in zip(grid, other, strict=True) for x, y in zip(a, b, strict=True)):
            grids.remove(other)
            add(grids, union([other, grid]))
            return
    grids.append(grid)


def union(grids: Sequence[Grid]) -> Grid:
    """Return the smallest grid that contains all of these."""
    if len(grids) == 1:
        return grids[0]
    return tuple([[reduce(or_, seen) for seen in zip(*each, strict=True)] for each in zip(*grids, strict=True)])


def size_of(grid: Grid) -> int:
    """Return the number of pixels in the receptive field of the middle unit."""
    return prod([pixels[len(pixels) // 2].bit_count() for pixels in grid])


def jointly(grids: Sequence[Grid], wholes: Sequence[int]) -> bool:
    """Return whether the union of several grids covers the input for some unit.

    It does if, however the grids are divided among the axes, those of some axis cover the input along it. (A pixel that no grid contains is
    outside of each grid along some axis.)
    """
    every = range(1 << len(grids))
    axes = [  # for each axis, the subsets of grids that cover the input along it, one set per different unit
        {
            frozenset([chosen for chosen in every if reduce(or_, [each for k, each in enumerate(seen) if chosen >> k & 1], 0) == whole])
            for seen in zip(*pixels, strict=True)
        }
        for pixels, whole in zip(zip(*grids, strict=True), wholes, strict=True)
    ]
    divisions = [
        [sum(1 << k for k, axis in enumerate(division) if axis == own) for own in range(len(wholes))]
        for division in product(range(len(wholes)), repeat=len(grids))
    ]
    return any(all(any(map(contains, covering, division)) for division in divisions) for covering in product(*axes))
