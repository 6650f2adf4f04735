"""Bounds and signs of formulas for all values of their symbols; None if undecided.

An answer is always proved: by bounds of the atoms, else for each class modulo the divisors, in which the floors disappear. Before that,
sample points are tried: two that differ show that there is no answer.
"""

from __future__ import annotations

from math import gcd, lcm
from typing import TYPE_CHECKING

from cnncalc.dims.classes import by_classes
from cnncalc.dims.domains import SymbolScope
from cnncalc.dims.poly import Poly, evaluate, fractional, is_whole, items_of, scalar, symbol
from cnncalc.dims.terms import Atom, Floor, FunctionCall, add_into, divides, joined, less, ratio, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.dims.terms import Monomial, Number, Terms, Whole

MOST_RELAXED = 300  # terms in all relaxations for one bound
MOST_PARTS = 4_000  # products expanded for one bound
POINTS = (1, 2, 3, 4, 5, 6, 7, 8, 1_000, 1_000_003)


def same(left: Number | Poly, right: Number | Poly) -> bool | None:
    """Return True if both are equal for all values of their symbols, False if they always differ, None if undecided."""
    return zero(left - right)


def zero(value: Number | Poly) -> bool | None:
    """Return True if value == 0 for all values of the symbols, False if for none, None if undecided."""
    if not isinstance(value, Poly):
        return not value
    if rising(value) or never_zero(value):
        return False
    if fractional(value):
        return by_pieces(value, lambda number: not number)
    difference = from_one(value)
    if not isinstance(difference, Poly):
        return not difference
    equal_somewhere = differs_somewhere = False
    for number in samples(difference):
        differs_somewhere = differs_somewhere or bool(number)
        equal_somewhere = equal_somewhere or not number
        if equal_somewhere and differs_somewhere:
            return None
    if differs_somewhere:
        return False if by_classes(difference, lambda each: never_zero(each) or None) else None
    return True if by_classes(difference, lambda each: isinstance(each, int) and not each) else None


def at_least_zero(value: Number | Poly) -> bool | None:
    """Return True if value >= 0 for all values of the symbols, False if for none, None if undecided."""
    return verdict(value, lambda number: number >= 0)


def positive(value: Number | Poly) -> bool | None:
    """Return True if value > 0 for all values of the symbols, False if for none, None if undecided."""
    if isinstance(value, Poly) and rising(value):
        return True
    return verdict(value, lambda number: number > 0)


def rising(value: Poly) -> bool:
    """Return whether a sum of products of positive symbols is positive: for fractions near 0, no lower bound shows it."""
    if not value.scope.domains or any(number < 0 for number in value._terms.values()):
        return False
    atoms = {atom for monomial in value._terms for atom, _ in monomial}
    alone = any(not any(isinstance(atom, Atom) for atom, _ in monomial) for monomial in value._terms)
    return alone and all(from_zero_up(atom, value.scope) for atom in atoms)


def verdict(value: Number | Poly, holds: Callable[[Number], bool]) -> bool | None:
    """Return whether `holds` ("> 0" or ">= 0") is true for all values of a formula, or for none; None if undecided."""
    if not isinstance(value, Poly):
        return holds(value)
    least = lower(value)
    if least is not None and holds(least):
        return True
    most = upper(value)
    if most is not None and not holds(most):
        return False
    if fractional(value):
        return by_pieces(value, holds)
    value = from_one(value)
    if not isinstance(value, Poly):
        return holds(value)
    points = samples(value)
    answer = holds(next(points))
    if any(holds(number) != answer for number in points):
        return None
    if answer:
        proved = by_classes(value, lambda each: bounded_by(each, holds))
    else:
        proved = by_classes(value, lambda each: bounded_by(-each, lambda number: not holds(-number)))
    return answer if proved else None


def by_pieces(value: Poly, holds: Callable[[Number], bool]) -> bool | None:
    """Return whether `holds` is true for all values of a formula with fractions, or for none; None if undecided."""
    from cnncalc.dims.pieces import decided_by_pieces

    return decided_by_pieces(value, holds)


def from_one(value: Poly) -> Whole:
    """Return a formula with the same sign, whole coefficients, and whole symbols shifted to start at 1."""
    scaled = value * lcm(*(number.denominator for number in value._terms.values()))
    larger = {name: domain.least - 1 for name, domain in value.scope.domains.items() if domain.whole}
    if not larger or not isinstance(scaled, Poly):
        return scaled
    scope = SymbolScope(value.scope.meter, {name: domain for name, domain in value.scope.domains.items() if not domain.whole})
    return scaled.at({name: symbol(name, scope) + larger.get(name, 0) for name in scaled.symbols})


def bounded_by(value: Whole, holds: Callable[[Number], bool]) -> bool | None:
    """Return whether a lower bound proves the relation; None if splitting further might."""
    least = lower(value)
    if least is not None and holds(least):
        return True
    return None if isinstance(value, Poly) and all(map(holds, samples(value))) else False


def never_zero(value: Whole) -> bool:
    """Return whether a simple argument shows that a formula is never zero."""
    if isinstance(value, int):
        return bool(value)
    least, most = lower(value), upper(value)
    if (least is not None and least > 0) or (most is not None and most < 0):
        return True
    if not all(map(value.scope.whole, value._terms)):
        return False
    scale = lcm(*(number.denominator for number in value._terms.values()))
    numbers = {monomial: int(number * scale) for monomial, number in value._terms.items()}
    constant = numbers.pop((), 0)
    return bool(numbers and constant % gcd(*numbers.values()))  # 2·x + 4·y = 3 has no integer solution


def samples(value: Poly) -> Iterator[Number]:
    """Yield values of a formula at sample points: with all symbols equal, and with each varied separately."""
    names = value.symbols
    for step, point in enumerate(POINTS):
        yield number_at(value, dict.fromkeys(names, point))
        for name in names[:8] if len(names) > 1 else ():
            yield number_at(value, {**dict.fromkeys(names, 1 + step % 3), name: point})


def number_at(value: Poly, point: dict[str, Whole]) -> Number:
    """Return the value of a formula with numbers for all symbols."""
    value.scope.meter.operate(4 + 4 * len(value._terms))
    number = evaluate(value, {**point})
    assert not isinstance(number, Poly)
    return number


def lower(value: Number | Poly) -> Number | None:
    """Return a lower bound of a formula, or None if none was found."""
    if not isinstance(value, Poly):
        return scalar(value)
    value.scope.meter.operate(12)
    least = least_of(value._terms, value.scope)
    return least if least is None or not value.whole else -(-least.numerator // least.denominator)


def upper(value: Number | Poly) -> Number | None:
    """Return an upper bound of a formula, or None if none was found."""
    least = lower(-value)
    return None if least is None else -least


def least_of(terms: Terms, scope: SymbolScope) -> Number | None:
    """Return a lower bound of a sum: first with its floors, then with linear bounds for subtracted floors, then for all floors."""
    least = rising_least(terms, scope)
    if least is None:
        least = shifted_least(terms, scope)
    limits = scope.meter.limits
    for everywhere in (False, True):
        relaxed: Terms | None = terms
        work = 0
        while least is None and relaxed is not None and (floor := outermost(relaxed, everywhere=everywhere)):
            work += len(relaxed)
            scope.meter.operate(80 + 8 * len(relaxed))
            if work > MOST_RELAXED or any(number.denominator.bit_length() > limits.bits for number in relaxed.values()):
                break
            relaxed = without_floor(relaxed, floor, scope, everywhere=everywhere)
            least = None if relaxed is None else shifted_least(relaxed, scope)
    return least


def outermost(terms: Terms, *, everywhere: bool) -> Atom | None:
    """Return a floor or call of these terms (by default of the negative ones) that is not inside another."""
    floors = {atom for monomial, number in terms.items() if everywhere or number < 0 for atom, _ in monomial if isinstance(atom, Atom)}
    return max(floors, key=lambda floor: (len(floor), floor), default=None)


def rising_least(terms: Terms, scope: SymbolScope) -> Number | None:
    """Return the value at the minimum of every atom if nothing is subtracted and no atom is negative: the fast, common case."""
    total: Number = 0
    for monomial, number in terms.items():
        if number < 0 and monomial:
            return None
        product = number
        for atom, power in monomial:
            least = least_of_atom(atom, scope)
            if least is None or least < 0:
                return None
            if power > 1:
                scope.meter.operate(power * bits(least) // 64)
            product *= least**power
        total += product
    return tidy(total)


def shifted_least(terms: Terms, scope: SymbolScope) -> Number | None:
    """Write every atom as its minimum plus a nonnegative rest; return the constant term if no other term is negative."""
    result: Terms = {}
    scale = lcm(*(number.denominator for number in terms.values()))  # integers are faster
    made = 0
    for monomial, number in terms.items():
        parts: list[tuple[Monomial, Number]] = [((), int(number * scale))]
        for atom, power in monomial:
            least = least_of_atom(atom, scope)
            made += len(parts) * (power + 1)
            if least is None or made > MOST_PARTS:
                return None
            scope.meter.operate(len(parts) * (power + 1) * (4 + power * bits(least) // 64))
            rises: list[tuple[Monomial, Number]] = []
            times: Number = 1
            for up in range(power, -1, -1):  # times is "power choose up" · least^(power - up)
                if times:
                    rises.append((((atom, up),) if up else (), times))
                times = ratio(times * up * least, power - up + 1)
            parts = [(joined(left, right), count * number) for left, count in parts for right, number in rises]
        add_into(result, parts)
    constant = result.pop((), 0)
    return ratio(constant, scale) if all(number > 0 for number in result.values()) else None


def least_of_atom(atom: str, scope: SymbolScope) -> Number | None:
    """Return a lower bound of a symbol, floor or call, or None."""
    if not isinstance(atom, Atom):
        return scope.domain(atom).least
    if isinstance(atom, FunctionCall) and not hasattr(atom, "least"):
        from cnncalc.dims.calls import least_of_call

        atom.least = least_of_call(atom)
    if isinstance(atom, Floor) and not hasattr(atom, "least"):
        least = lower(atom.numerator)
        if least is not None and not isinstance(atom.divisor, int):
            least = 0 if least >= 0 else least if atom.divisor.whole else None  # the divisor may be large; if whole, it is at least 1
        atom.least = None if least is None else int(least // (atom.divisor if isinstance(atom.divisor, int) else 1))
    return atom.least


def without_floor(terms: Terms, floor: Atom, scope: SymbolScope, *, everywhere: bool) -> Terms | None:
    """Return terms that are a lower bound of the given ones, with a linear bound for a floor; None if there is none."""
    result: Terms = {}
    for monomial, number in terms.items():
        powers = dict(monomial)
        power = powers.pop(floor, 0)
        if not power or (number > 0 and not everywhere):
            add_into(result, [(monomial, number)])
            continue
        if power > 1:
            powers[floor] = power - 1
        if not all(from_zero_up(atom, scope) for atom in powers):
            return None
        line = line_beside(floor, tuple(sorted(powers.items())), below=number > 0)
        if line is None:
            return None
        add_into(result, [(other, tidy(number * factor)) for other, factor in line])
    return result


def bits(number: Number) -> int:
    """Return the length of a number in bits."""
    return number.numerator.bit_length() + (0 if number.__class__ is int else number.denominator.bit_length())


def from_zero_up(atom: str, scope: SymbolScope) -> bool:
    """Return whether an atom is known to be nonnegative."""
    least = least_of_atom(atom, scope)
    return least is not None and least >= 0


def line_beside(floor: Atom, rest: Monomial, *, below: bool) -> list[tuple[Monomial, Number]] | None:
    """Return a linear bound of ⌊n/b⌋·rest: n/b·rest above, or (n - b + 1)/b·rest below for whole n and b; for some b, n·rest or 0."""
    if isinstance(floor, FunctionCall):
        from cnncalc.dims.calls import line_beside_call

        bound = line_beside_call(floor, below=below)
        return None if bound is None else [(joined(rest, other), number) for other, number in items_of(bound) or ()]
    assert isinstance(floor, Floor)
    above, divisor = floor.numerator, floor.divisor
    share: Monomial = ()
    size: Number = 1
    if isinstance(divisor, int):
        size = divisor
    elif len(divisor._terms) == 1 and all(divides(monomial, rest) for monomial in divisor._terms):
        ((share, size),) = divisor._terms.items()
    else:
        least = lower(above)
        if least is None or least < 0 or not divisor.whole:
            return None
        divisor = 1
        above = 0 if below else above
    line = (above - divisor + (1 if is_whole(above) and is_whole(divisor) else 0) if below else above) * ratio(1, size)
    rest = less(rest, share)
    return [(joined(rest, other), number) for other, number in items_of(line) or ()]
