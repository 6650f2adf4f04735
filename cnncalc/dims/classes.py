"""Decides questions about formulas of whole numbers: in each class modulo the divisors, the floors disappear."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly, symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.dims.terms import Whole

MOST_CLASSES = 128  # classes at the start of a proof
MOST_CASES = 400  # cases in a proof
MOST_WORK = 1_000  # terms in all cases of a proof


def by_classes(value: Poly, settled: Callable[[Whole], bool | None]) -> bool:
    """Return whether `settled` is True for the formula in every class modulo the floors' divisors; classes with None are split further.

    Symbols are positive whole numbers here.
    """
    periods = dict.fromkeys(value.symbols, 1)
    if not (all(value.scope.domain(name).whole for name in periods) and add_periods(value, 1, periods)):
        return False
    count = 1
    for period in periods.values():
        count *= period
    budget = min(MOST_CASES, MOST_WORK // len(value._terms))
    if count > min(MOST_CLASSES, budget):
        return False
    waiting = classes(value, periods)
    work = MOST_WORK
    while waiting and len(waiting) <= budget:
        budget -= 1
        each = waiting.pop()
        work -= len(each._terms) if isinstance(each, Poly) else 1
        if work < 0:
            return False
        answer = settled(each)
        if answer is None and isinstance(each, Poly):
            name = each.symbols[budget % len(each.symbols)]
            waiting += [each.at({name: 1}), each.at({name: symbol(name, each.scope) + 1})]
        elif not answer:
            return False
    return not waiting


def classes(value: Poly, periods: dict[str, int]) -> list[Whole]:
    """Substitute s = period·(s - 1) + remainder for every symbol and remainder."""
    found: list[Whole] = [value]
    for name, period in periods.items():
        if period > 1:
            step = period * (symbol(name, value.scope) - 1)
            found = [each if isinstance(each, int) else each.at({name: step + rest}) for each in found for rest in range(1, period + 1)]
    return found


def add_periods(value: Poly, scale: int, periods: dict[str, int]) -> bool:
    """Record after how many steps of each symbol the floors repeat; return False if a divisor is a formula."""
    for floor in value.floors:
        if not (isinstance(floor.divisor, int) and isinstance(floor.numerator, Poly)):
            return False
        inner = scale * floor.divisor
        for name in floor.numerator.symbols:
            periods[name] = lcm(periods[name], inner)
        if not add_periods(floor.numerator, inner, periods):
            return False
    return True
