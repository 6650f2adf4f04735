"""The receptive fields of a layer's units along one axis, stored compactly as a linear rule or a repeating cycle."""

from __future__ import annotations

from itertools import pairwise
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.dims import Inconclusive, larger, smaller
from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.layers.window import Reach

Interval: TypeAlias = "tuple[Any, Any] | None"  # first pixel, last pixel + 1; None: empty
MOST_UNITS = 256  # longest cycle
MOST_BITS = 1_024  # of the numbers; products of strides can grow without bound
LONG = 1 << MOST_BITS


class UnitFields(NamedTuple):
    """Unit p sees `extent` input pixels from `start` + p · `advance`. None: unknown; advance 0: all units see the same.

    After upsampling, units differ. Then `cycle` lists the fields of the first units, the following ones are shifted by `advance` per cycle,
    `extent` is the largest field, and `start` that of unit 0.
    """

    extent: Any
    advance: Any
    start: Any
    cycle: tuple[Interval, ...] = ()

    @property
    def jump(self) -> Any:
        """Input pixels between adjacent fields, on average."""
        if not self.cycle:
            return self.advance
        from fractions import Fraction

        return self.advance * Fraction(1, len(self.cycle))

    def field(self, unit: Any) -> Interval:
        """Return the field of one unit, not clipped to the input."""
        if not self.cycle:
            start = self.start + unit * self.advance
            return start, start + self.extent
        at = unit % len(self.cycle)
        if not isinstance(at, int):
            raise Inconclusive(f"{unit} % {len(self.cycle)}", unit, lambda _: None)
        seen, further = self.cycle[at], unit // len(self.cycle) * self.advance
        return None if seen is None else (seen[0] + further, seen[1] + further)

    @property
    def orderly(self) -> bool:
        """Whether no field is empty and both ends of the fields increase with the unit."""
        cycle = [*self.cycle, self.field(len(self.cycle))] if self.cycle else []
        return all(one is not None and other is not None and one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(cycle))

    def widths(self, units: int) -> list[Any]:
        """Return the field sizes of the first units."""
        return [0 if seen is None else seen[1] - seen[0] for seen in self.cycle[:units]] if self.cycle else [self.extent]


UNKNOWN = UnitFields(None, None, None)
UNKNOWN_GATE = UnitFields(None, 0, None)  # a gate of unknown extent


def tabulated(cycle: tuple[Interval, ...], advance: Any) -> UnitFields:
    """Return the fields given by a cycle, simplified to a linear rule if possible."""
    first = cycle[0]
    if first is not None and (len(cycle) == 1 or (isinstance(advance, int) and advance % len(cycle) == 0)):
        even = UnitFields(first[1] - first[0], advance // len(cycle), first[0])
        if all(even.field(unit) == seen for unit, seen in enumerate(cycle)):
            return even
    extent, _ = range_of([0, *(seen[1] - seen[0] for seen in cycle if seen is not None)])
    return UnitFields(extent, advance, first and first[0], cycle)


def through(fields: UnitFields, reach: Reach) -> UnitFields:
    """Return the fields after one more layer."""
    if fields.extent is None or reach.span is None or reach.stride is None or reach.start is None:
        return UNKNOWN_GATE if 0 in (fields.advance, reach.stride) else UNKNOWN
    if not fields.cycle and reach.parts == 1:
        advance = fields.advance
        return checked(UnitFields(fields.extent + (reach.span - 1) * advance, advance * reach.stride, fields.start + reach.start * advance))
    if fields.advance == 0 and not fields.cycle and reach.gapless:
        return fields
    orderly = fields.orderly
    stride, parts = reach.stride, reach.parts
    whole = all(isinstance(number, int) for number in reach)
    if not isinstance(stride, int) or not isinstance(parts, int) or not (whole or (orderly and parts == 1)):
        raise Inconclusive(f"{reach} over units that differ", 0, lambda _: None)
    before = parts * (len(fields.cycle) or 1)
    units = before // gcd(before, stride)
    if units > MOST_UNITS:
        raise OverflowError(f"more than {MOST_UNITS} units that differ")
    if not orderly:
        cycle = [disorderly(fields, reach.seen(unit)) for unit in range(units)]
    else:
        ends = reach.ends(units)
        cycle = [None if first == end else (fields.field(first)[0], fields.field(end - 1)[1]) for first, end in ends]  # type: ignore[index]  # all see something
    return checked(tabulated(tuple(cycle), fields.advance * (units * stride // before)))


def disorderly(fields: UnitFields, seen: range) -> Interval:
    """Return the field over units of which some are empty or out of order."""
    around = len(fields.cycle)  # further elements repeat these, shifted
    return hull([*map(fields.field, seen[:around]), *map(fields.field, seen[-around:])])


def checked(fields: UnitFields) -> UnitFields:
    """Return the fields, or UNKNOWN if their numbers are too long; all numbers grow with the advance."""
    return UNKNOWN if isinstance(fields.advance, int) and fields.advance >= LONG else fields


def hull(seen: Iterable[Interval]) -> Interval:
    """Return the span from the first to the last pixel of several fields."""
    span: Interval = None
    for each in seen:
        if each is not None:
            span = each if span is None else (smaller(span[0], each[0]), larger(span[1], each[1]))
    return span


def period(several: Sequence[UnitFields]) -> int:
    """Return the number of units after which all of several fields repeat."""
    units = lcm(*[len(fields.cycle) or 1 for fields in several])
    if units > MOST_UNITS:
        raise OverflowError(f"more than {MOST_UNITS} units that differ")
    return units


def together(several: Sequence[UnitFields]) -> UnitFields:
    """Return the union of several paths with the same jump."""
    if len(several) == 1:
        return several[0]
    for fields in several:
        if fields.extent is None:
            return UNKNOWN_GATE if fields.advance == 0 else UNKNOWN
    if not any(fields.cycle for fields in several):
        start, end = several[0].start, several[0].start + several[0].extent
        for fields in several[1:]:
            start, end = smaller(start, fields.start), larger(end, fields.start + fields.extent)
        return UnitFields(end - start, several[0].advance, start)
    units = period(several)
    advance = several[0].advance * (units // (len(several[0].cycle) or 1))
    return tabulated(tuple([hull([fields.field(unit) for fields in several]) for unit in range(units)]), advance)


def narrower(one: UnitFields, other: UnitFields) -> bool:
    """Return whether a path stays at least as narrow as another after any further layers."""
    if None in (one.extent, other.extent) or one.jump != other.jump:
        return False
    try:
        if not one.cycle and not other.cycle:
            return bool(one.extent <= other.extent)
        pairs = [(one.field(unit), other.field(unit)) for unit in range(period((one, other)))]
        inside = [(a[0] - b[0], a[1] - b[1]) for a, b in pairs if a is not None and b is not None]
        return len(inside) == len(pairs) and bool(min(first for first, _ in inside) >= max(end for _, end in inside))
    except (Inconclusive, LimitError, OverflowError):
        return False


def extremes(several: Sequence[UnitFields], units: Any, size: Any) -> tuple[Any, Any]:
    """Return the largest and smallest field among a layer's units over all paths; None if unknown.

    If a gate covers the whole input, pixels beyond the edge are not added to it.
    """
    first = several[0]
    if len(several) == 1 and not first.cycle:
        return first.extent, first.extent
    if any(fields.extent is None for fields in several):
        return None, None
    try:
        for gate in several:
            if gate.advance == 0 and not gate.cycle and gate.start <= 0 and gate.start + gate.extent >= size:
                largest, smallest = extremes([fields for fields in several if fields is not gate], units, size)
                return (None, None) if largest is None else (larger(largest, gate.extent), larger(smallest, gate.extent))
        return range_of(first.widths(among(first, units))) if len(several) == 1 else spread(several, units)
    except (Inconclusive, LimitError, OverflowError):
        return None, None


def among(fields: UnitFields, units: Any) -> int:
    """Return how many units of a cycle a layer has; all of them if a symbolic number of units is never smaller."""
    different = len(fields.cycle)
    if isinstance(units, int):
        return min(units, different)
    if len(set(fields.widths(different))) > 1 and not different <= units:
        raise Inconclusive(f"{different} <= {units}", units, lambda _: None)
    return different


def range_of(widths: Iterable[Any]) -> tuple[Any, Any]:
    """Return the largest and smallest of several numbers or formulas."""
    largest = smallest = None
    for width in widths:
        largest = width if largest is None else larger(largest, width)
        smallest = width if smallest is None else smaller(smallest, width)
    return largest, smallest


def spread(several: Sequence[UnitFields], units: Any) -> tuple[Any, Any]:
    """Return the largest and smallest field for paths with different jumps. Units one cycle apart first shrink, then grow (if at all)."""
    if not isinstance(units, int):
        raise Inconclusive(f"{units} units", units, lambda _: None)
    cycle = period(several)

    def width(unit: int) -> Any:
        seen = hull([fields.field(unit) for fields in several])
        return 0 if seen is None else seen[1] - seen[0]

    widths = []
    for unit in range(min(cycle, units)):
        low, high = 0, (units - 1 - unit) // cycle
        widths += [width(unit), width(unit + high * cycle)]
        while low < high:
            middle = (low + high) // 2
            if width(unit + middle * cycle) <= width(unit + (middle + 1) * cycle):
                high = middle
            else:
                low = middle + 1
        widths.append(width(unit + low * cycle))
    return range_of(widths)
