"""What holds for all values of the symbols: a formula goes in, a bound or a verdict comes out, or None where it cannot be decided.

Every verdict is proved, from quick to slow: by bounds of the atoms; by a few points, where two that disagree settle that there is no verdict; by
the classes modulo the floors' divisors, in which the floors vanish.
"""

from __future__ import annotations

from math import comb, gcd, lcm
from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly, scalar, symbol
from cnncalc.dims.terms import Floor, add_into, joined, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.dims.terms import Monomial, Number, Terms, Whole

MOST_CLASSES = 128  # residues of all symbols together that a proof walks through
MOST_CASES = 400  # formulas that one proof may look at
POINTS = (1, 2, 3, 4, 5, 6, 7, 8, 1_000, 1_000_003)


def same(left: Number | Poly, right: Number | Poly) -> bool | None:
    """True where both are equal for all values of their symbols, False where they differ for all, None where neither is known."""
    difference = left - right
    if not isinstance(difference, Poly):
        return not difference
    if never_zero(difference):
        return False
    zero = False
    for value in samples(difference):
        if value:
            return None if zero or any(not each for each in samples(difference)) else apart(difference)
        zero = True
    return True if by_classes(difference, lambda each: isinstance(each, int) and not each) else None


def at_least_zero(value: Number | Poly) -> bool | None:
    """Whether value >= 0 for all symbols: True, False for none of them, None where neither is known."""
    if not isinstance(value, Poly):
        return value >= 0
    return verdict(value, lambda number: number >= 0)


def positive(value: Number | Poly) -> bool | None:
    """Whether value > 0 for all symbols: True, False for none of them, None where neither is known."""
    if not isinstance(value, Poly):
        return value > 0
    return verdict(value, lambda number: number > 0)


def verdict(value: Poly, holds: Callable[[Number], bool]) -> bool | None:
    """Whether `holds`, which is "> 0" or ">= 0", is true for all values of a formula."""
    least = lower(value)
    if least is not None and holds(least):
        return True
    most = upper(value)
    if most is not None and not holds(most):
        return False
    answers = {holds(number) for number in samples(value)}
    if len(answers) > 1:
        return None
    if answers == {True}:
        return True if by_classes(value, lambda each: bounded_by(each, holds)) else None
    return False if by_classes(value, lambda each: bounded_by(-each, lambda number: not holds(-number))) else None


def bounded_by(value: Whole, holds: Callable[[Number], bool]) -> bool | None:
    """Whether the lower bound decides; None where the question should be split, False where it is settled that it does not hold."""
    if isinstance(value, int):
        return holds(value)
    least = lower(value)
    if least is not None and holds(least):
        return True
    return None if all(map(holds, samples(value))) else False


def apart(difference: Poly) -> bool | None:
    """False where a difference is nowhere zero."""
    return False if by_classes(difference, lambda each: True if never_zero(each) else None) else None


def never_zero(value: Whole) -> bool:
    """Whether it is plain that a formula is zero for no values of its symbols."""
    if isinstance(value, int):
        return bool(value)
    least, most = lower(value), upper(value)
    if (least is not None and least > 0) or (most is not None and most < 0):
        return True
    terms = (value * lcm(*(number.denominator for number in value._terms.values())))._terms.copy()  # type: ignore[union-attr]  # still a formula
    constant = terms.pop((), 0)
    return bool(constant % gcd(*(int(number) for number in terms.values())))


def samples(value: Poly) -> Iterator[Number]:
    """The values of a formula at some points."""
    names = value.symbols
    for step, point in enumerate(POINTS):
        yield number_at(value, dict.fromkeys(names, point))
        if len(names) > 1:
            for name in names:
                yield number_at(value, {**dict.fromkeys(names, 1 + step % 3), name: point})


def number_at(value: Poly, point: dict[str, Whole]) -> Number:
    """A formula's value where all of its symbols are given."""
    result = value.at(point)
    if isinstance(result, int):
        return result
    constant = result.constant
    assert constant is not None
    return constant


def lower(value: Number | Poly) -> Number | None:
    """A number that the formula is never below, or None where none was found."""
    if not isinstance(value, Poly):
        return scalar(value)
    least = least_of(value._terms)
    if least is None or isinstance(least, int) or any(not isinstance(number, int) for number in value._terms.values()):
        return least
    return -(-least.numerator // least.denominator)  # a formula with whole coefficients is whole


def upper(value: Number | Poly) -> Number | None:
    """A number that the formula is never above, or None where none was found."""
    least = lower(-value)
    return None if least is None else -least


def least_of(terms: Terms) -> Number | None:
    """A lower bound of a sum, first with the floors as they are, then with floors replaced by what bounds them."""
    least = shifted_least(terms)
    if least is not None:
        return least
    floors = sorted({atom for monomial in terms for atom, _ in monomial if isinstance(atom, Floor)}, key=len, reverse=True)
    for everywhere in (False, True):
        relaxed: Terms | None = terms
        waiting = list(floors)
        while waiting and relaxed is not None:
            floor = waiting.pop(0)
            relaxed = without_floor(relaxed, floor, everywhere=everywhere)
            if relaxed is None:
                break
            least = shifted_least(relaxed)
            if least is not None:
                return least
            inner = {atom for monomial in relaxed for atom, _ in monomial if isinstance(atom, Floor)}
            waiting = sorted(inner - ({floor} if not everywhere else set()), key=len, reverse=True) if everywhere else waiting
    return None


def shifted_least(terms: Terms) -> Number | None:
    """The constant that is left when every atom is written as its least value and something from 0 up, if all else is from 0 up."""
    result: Terms = {}
    for monomial, number in terms.items():
        parts: list[tuple[Monomial, Number]] = [((), number)]
        for atom, power in monomial:
            least = least_of_atom(atom)
            if least is None:
                return None
            rises = [(((atom, up),) if up else (), comb(power, up) * least ** (power - up)) for up in range(power + 1)]
            parts = [(joined(left, right), count * times) for left, count in parts for right, times in rises if times]
        add_into(result, parts)
    constant = result.pop((), 0)
    return constant if all(number > 0 for number in result.values()) else None


def least_of_atom(atom: str) -> int | None:
    """The least value of a symbol or a floor."""
    if not isinstance(atom, Floor):
        return 1
    least = lower(atom.numerator)
    if least is None:
        return None
    if isinstance(atom.divisor, int):
        return int(least // atom.divisor)
    return 0 if least >= 0 else int(least // 1)  # a divisor from 1 up: n/d is never below n where n is negative


def without_floor(terms: Terms, floor: Floor, *, everywhere: bool) -> Terms | None:
    """Terms that are never above the given ones, with (n - b + 1)/b <= ⌊n/b⌋ <= n/b put in for a floor; None where a sign is not known."""
    if not isinstance(floor.divisor, int):
        return None
    from fractions import Fraction

    above = floor.numerator / Fraction(floor.divisor)
    below = (floor.numerator - (floor.divisor - 1)) / Fraction(floor.divisor)
    least = least_of_atom(floor)
    result: Terms = {}
    for monomial, number in terms.items():
        powers = dict(monomial)
        power = powers.pop(floor, 0)
        if not power or (number > 0 and not everywhere):
            add_into(result, [(monomial, number)])
            continue
        if power > 1:
            powers[floor] = power - 1
        if any((least if atom == floor else least_of_atom(atom) or -1) is None or (least_of_atom(atom) or 0) < 0 for atom in powers):
            return None
        rest: Monomial = tuple(sorted(powers.items()))
        bound = above if number < 0 else below
        products = bound._terms.items() if isinstance(bound, Poly) else (((), bound),) if bound else ()
        add_into(result, [(joined(rest, other), tidy(number * factor)) for other, factor in products])
    return result


def by_classes(value: Poly, settled: Callable[[Whole], bool | None]) -> bool:
    """Whether `settled` is true of the formula in every class modulo the floors' divisors, each split further where it says None."""
    periods = dict.fromkeys(value.symbols, 1)
    count = 1
    if not add_periods(value, 1, periods):
        return False
    for period in periods.values():
        count *= period
    if count > MOST_CLASSES:
        return False
    budget = MOST_CASES
    waiting = list(classes(value, periods))
    while waiting:
        budget -= 1
        each = waiting.pop()
        answer = settled(each) if budget else False
        if answer is None and isinstance(each, Poly):
            name = each.symbols[budget % len(each.symbols)]
            waiting += [each.at({name: 1}), each.at({name: symbol(name) + 1})]
        elif not answer:
            return False
    return True


def classes(value: Poly, periods: dict[str, int]) -> Iterator[Whole]:
    """The formula with s = period·(s - 1) + rest put in, for every rest of every symbol."""
    found: list[Whole] = [value]
    for name, period in periods.items():
        if period > 1:
            step = period * (symbol(name) - 1)
            found = [each if isinstance(each, int) else each.at({name: step + rest}) for each in found for rest in range(1, period + 1)]
    return iter(found)


def add_periods(value: Whole, scale: int, periods: dict[str, int]) -> bool:
    """Notes after how many steps of each symbol the floors repeat; False where a divisor is a formula."""
    if isinstance(value, int):
        return True
    for floor in value.floors:
        if not isinstance(floor.divisor, int):
            return False
        inner = scale * floor.divisor
        if not isinstance(floor.numerator, int):
            for name in floor.numerator.symbols:
                periods[name] = lcm(periods[name], inner)
            if not add_periods(floor.numerator, inner, periods):
                return False
    return True
