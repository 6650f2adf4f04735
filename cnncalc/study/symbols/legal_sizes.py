"""For which values of its symbols a network works, and divides evenly."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims import Poly, symbol
from cnncalc.dims.classes import add_periods
from cnncalc.dims.division import without_fractions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.dims import Condition, Dim
    from cnncalc.dims.terms import Whole
    from cnncalc.propagate.report import Report

MOST_CLASSES = 5_000  # largest number of remainders that is enumerated


class PeriodicSet:
    """A periodic set of positive integers: for each remainder modulo the period, the numbers from `first` to `last`."""

    __slots__ = ("period", "runs")

    def __init__(self, period: int, runs: Iterable[tuple[int, int | None]]) -> None:
        self.period = period
        self.runs = sorted(runs)  # (first, last) with last None for unbounded; at most one run per remainder
        self._shrink()

    def __contains__(self, number: int) -> bool:
        return any(
            first <= number and (last is None or number <= last) and (number - first) % self.period == 0 for first, last in self.runs
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PeriodicSet) and (self.period, self.runs) == (other.period, other.runs)

    def __hash__(self) -> int:
        return hash((self.period, tuple(self.runs)))

    @property
    def least(self) -> int | None:
        """The smallest number in the set."""
        return self.runs[0][0] if self.runs else None

    @property
    def endless(self) -> bool:
        """Whether the set is unbounded."""
        return any(last is None for _, last in self.runs)

    @property
    def all_from_least(self) -> bool:
        """Whether the set contains every number from its smallest one up."""
        return self.period == 1 and self.endless

    def first(self, count: int) -> list[int]:
        """Return the smallest `count` numbers in order."""
        smallest: list[int] = []
        for first, last in self.runs:
            end = first + self.period * count if last is None else last + 1
            smallest += range(first, end, self.period)[:count]
        return sorted(smallest)[:count]

    def _shrink(self) -> None:
        """Reduce the period to the smallest one that describes the same set."""
        for prime in (each for each in range(2, self.period + 1) if self.period % each == 0):
            while self.period % prime == 0 and (runs := self._merged(self.period // prime)) is not None:
                self.runs, self.period = runs, self.period // prime

    def _merged(self, period: int) -> list[tuple[int, int | None]] | None:
        """Return the runs for a shorter period, or None if that would change the set."""
        groups: dict[int, list[tuple[int, int | None]]] = {}
        for run in self.runs:
            groups.setdefault(run[0] % period, []).append(run)
        merged: list[tuple[int, int | None]] = []
        for group in groups.values():
            if len(group) * period != self.period or any(last is not None for _, last in group):
                return None
            start = min(first for first, _ in group)
            if {first for first, _ in group} != {start + step * period for step in range(len(group))}:
                return None
            merged.append((start, None))
        return sorted(merged) if merged else None


EVERY = PeriodicSet(1, [(1, None)])


class Sizes(NamedTuple):
    """Legal values of one symbol. None: they depend on other symbols."""

    symbol: str
    works: PeriodicSet | None
    tiles: PeriodicSet | None  # the legal values at which every kernel with a symbolic remainder divides evenly
    rests: bool  # whether there are such kernels
    rounding: int  # period of the symbol after which floors repeat

    @property
    def free(self) -> bool:
        """Whether there are no constraints and no floors."""
        return self.works == EVERY and not self.rests and self.rounding == 1


def sizes(report: Report) -> list[Sizes]:
    """Return the legal values of every symbol for whole numbers in output dimensions, remainders or conditions."""
    rests = _formulas(rest for cost, _ in report.costs.values() for rest in cost.remainders)
    sides = _formulas(side for placed in report.costs for side in placed.output)
    names = sorted({name for each in (sides, rests, report.conditions) for formula in each for name in formula.symbols})
    return [_of(name, list(report.conditions), rests, sides) for name in names if report.graph.symbols.domain(name).whole]


def _formulas(dims: Iterable[Dim]) -> list[Poly]:
    """Return the formulas among some numbers, without duplicates."""
    return list(dict.fromkeys(dim for dim in dims if isinstance(dim, Poly)))


def _of(name: str, conditions: Sequence[Condition], rests: Sequence[Poly], sides: Sequence[Poly]) -> Sizes:
    mine = [condition for condition in conditions if name in condition.symbols]
    requirements = [_asked(condition) for condition in mine]
    tiling = [Requirement(without_fractions(rest, 1)[0], 0, equal=True) for rest in rests if name in rest.symbols]
    works = _divisors(name, mine) or _solved(name, requirements)
    tiles = _solved(name, [*requirements, *tiling]) if works is not None and tiling else works
    return Sizes(name, works, tiles, bool(tiling), _period(name, sides))


def _divisors(name: str, conditions: Sequence[Condition]) -> PeriodicSet | None:
    """Return the divisors of a number (as for groups) that meet all conditions, or None if no condition is a divisibility."""
    wholes = [
        each.right
        for each in conditions
        if each.relation == "divides" and isinstance(each.left, Poly) and each.left.name == name and isinstance(each.right, int)
    ]
    if not wholes or not 0 < min(wholes) <= MOST_CLASSES or any(condition.symbols != (name,) for condition in conditions):
        return None
    most = min(wholes)
    divisors = [number for number in range(1, most + 1) if all(condition.at({name: number}) for condition in conditions)]
    return PeriodicSet(most + 1, [(number, number) for number in divisors])


class Requirement(NamedTuple):
    """The requirement that a formula is >= 0, or equal to 0 (modulo `modulus`, if given)."""

    value: Whole
    modulus: Whole
    equal: bool


def _asked(condition: Condition) -> Requirement:
    """Return a condition as a requirement on a formula with integer coefficients."""
    left, right = condition.left, condition.right
    if condition.relation == "divides":
        return Requirement(*without_fractions(right, left), equal=True)
    return Requirement(without_fractions(left - right, 1)[0], 0, equal=condition.relation == "equal")


def _solved(name: str, requirements: Sequence[Requirement]) -> PeriodicSet | None:
    """Return the numbers that meet all requirements, or None if a formula has other symbols or is not monotonic."""
    period = 1
    for requirement in requirements:
        if any(isinstance(part, Poly) and part.symbols != (name,) for part in requirement[:2]) or isinstance(requirement.modulus, Poly):
            return None
        period = lcm(period, _period(name, [requirement.value]) * (requirement.modulus or 1))
        if period > MOST_CLASSES:
            return None
    steps: list[tuple[Requirement, int]] = []
    for requirement in requirements:
        value = requirement.value
        step = 0 if isinstance(value, int) else value.at({name: symbol(name, value.scope) + period}) - value
        if not isinstance(step, int):
            return None
        steps.append((requirement, step))
    runs = [_run(name, remainder, period, steps) for remainder in range(1, period + 1)]
    return PeriodicSet(period, [run for run in runs if run is not None])


def _run(name: str, remainder: int, period: int, requirements: Sequence[tuple[Requirement, int]]) -> tuple[int, int | None] | None:
    """Return the first and last of remainder, remainder + period, ... that meet all requirements."""
    first, last = 0, None  # in periods
    point = {name: remainder}
    for requirement, step in requirements:
        value = requirement.value if isinstance(requirement.value, int) else requirement.value.at(point)
        assert isinstance(value, int)
        if requirement.modulus or not step:
            if (value % requirement.modulus if requirement.modulus else value) != 0 if requirement.equal else value < 0:
                return None
            continue
        if requirement.equal:
            if value % step or value // step > 0:
                return None
            only = -value // step
            first, last = max(first, only), only if last is None else min(last, only)
        elif step > 0:
            first = max(first, -(value // step))
        else:
            most = value // -step
            last = most if last is None else min(last, most)
        if last is not None and last < first:
            return None
    return remainder + period * first, None if last is None else remainder + period * last


def _period(name: str, formulas: Iterable[Whole]) -> int:
    """Return the number of steps of the symbol after which all floors in these formulas repeat."""
    period = 1
    for formula in formulas:
        if isinstance(formula, Poly):
            periods = dict.fromkeys(formula.symbols, 1)
            add_periods(formula, 1, periods)  # a formula without a period fails the later check for steady growth
            period = lcm(period, periods.get(name, 1))
    return period
