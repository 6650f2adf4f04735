"""Division of formulas: exact where possible, else a floor in normal form."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import gcd, lcm
from typing import TYPE_CHECKING

from cnncalc.dims.domains import common_scope
from cnncalc.dims.poly import Inconclusive, Poly, is_whole, made, make, scalar, symbol
from cnncalc.dims.terms import Floor, add_into, divides, joined, less, ratio, tidy

if TYPE_CHECKING:
    from cnncalc.dims.domains import SymbolScope
    from cnncalc.dims.terms import Monomial, Number, Terms, Whole


def floor_divide(value: Number | Poly, divisor: Number | Poly) -> Whole:
    """Return ⌊value / divisor⌋ in normal form. The sign of the divisor must be known for all values of the symbols."""
    above, below = without_fractions(value, divisor)
    if isinstance(below, int):
        if not below:
            raise ZeroDivisionError(f"({value})//0")
        if below < 0:
            above, below = -above, -below
        return above // below if isinstance(above, int) else by_number(above, below)
    from cnncalc.dims.bounds import positive

    if positive(below):
        return by_formula(above, below)
    negative = -below
    if isinstance(negative, Poly) and positive(negative):
        return by_formula(-above, negative)
    raise Inconclusive(f"{below} >= 1", below, positive)


def without_fractions(value: Number | Poly, divisor: Number | Poly) -> tuple[Whole, Whole]:
    """Multiply both sides of a division so that all coefficients are whole."""
    sides = [side._terms.values() if isinstance(side, Poly) else (scalar(side),) for side in (value, divisor)]
    common = lcm(*(number.denominator for numbers in sides for number in numbers if number is not None))
    above, below = (value, divisor) if common == 1 else (value * common, divisor * common)
    return above if isinstance(above, Poly) else int(above), below if isinstance(below, Poly) else int(below)


def by_number(value: Poly, divisor: int) -> Whole:
    """Divide a formula by a positive number: take multiples of the divisor out of the floor, and cancel common factors."""
    scope = value.scope
    whole: Terms = {}
    rest: dict[Monomial, int] = {}
    for monomial, number in value._terms.items():
        quotient = int(number // divisor) if scope.whole(monomial) else 0
        if quotient:
            whole[monomial] = quotient
        if number != quotient * divisor:
            rest[monomial] = number - quotient * divisor  # type: ignore[assignment]  # fractions were cleared before
    constant = rest.pop((), 0)
    if not rest:
        return make(whole, scope)
    common = gcd(divisor, *rest.values(), 0 if all(map(scope.whole, rest)) else constant)
    if common > 1:  # ⌊(g·p + r)/(g·c)⌋ = ⌊(p + ⌊r/g⌋)/c⌋ for whole p, or if g divides r
        divisor //= common
        constant //= common
        rest = {monomial: number // common for monomial, number in rest.items()}
    floor = unnested(rest, constant, divisor, scope)
    if floor is not None:
        return make(whole, scope) + floor
    numerator = made({**rest, (): constant} if constant else {**rest}, scope)
    add_into(whole, [(((Floor(numerator, divisor), 1),), 1)])
    return make(whole, scope)


def unnested(rest: dict[Monomial, int], constant: int, divisor: Whole, scope: SymbolScope) -> Whole | None:
    """Merge nested floors: ⌊(⌊a/b⌋ + c)/d⌋ = ⌊(a + b·c)/(b·d)⌋ for whole c, d and positive b, d; None if that is not possible."""
    ends = (1, divisor - 1) if isinstance(divisor, int) else (1, -1)
    found = [monomial for monomial, number in rest.items() if number in ends and len(monomial) == 1 and is_floor(monomial)]
    if len(found) != 1:  # with several, none has precedence
        return None
    ((floor, _),) = found[0]
    assert isinstance(floor, Floor)
    wholes = (divisor,) if rest[found[0]] == 1 else (divisor, floor.numerator, floor.divisor)
    if not (all(map(scope.whole, rest)) and all(map(is_whole, wholes))):
        return None
    beside = make({monomial: number for monomial, number in {**rest, (): constant}.items() if number and monomial != found[0]}, scope)
    outer = floor.divisor * divisor
    if rest[found[0]] == 1:
        return (floor.numerator + floor.divisor * beside) // outer
    mirror = (floor.divisor * (beside + 1) - 1 - floor.numerator) // outer  # -⌊a/b⌋ = ⌊(b - 1 - a)/b⌋ for whole a, b
    return mirror + symbol(floor, scope) if isinstance(divisor, int) else mirror


def is_floor(monomial: Monomial) -> bool:
    """Return whether a monomial of one atom is a floor to the first power."""
    return monomial[0][1] == 1 and isinstance(monomial[0][0], Floor)


def by_formula(value: Whole, divisor: Poly) -> Whole:
    """Divide by a formula that is positive for all values of the symbols, rounding down."""
    from cnncalc.dims.bounds import at_least_zero, positive

    scope = divisor.scope
    whole, rest = divided(value, divisor, fractions=False)
    above, below = cancelled(rest, divisor)
    quotient = make(whole, scope)
    if isinstance(above, int) and not above:
        return quotient
    if isinstance(below, int):
        return quotient + above // below
    if at_least_zero(above) and positive(below - above):
        return quotient
    if isinstance(above, Poly):
        terms = dict(above._terms)
        constant = terms.pop((), 0)
        floor = unnested(terms, constant, below, scope)  # type: ignore[arg-type]  # fractions were cleared before
        if floor is not None:
            return quotient + floor
    return quotient + symbol(Floor(above, below), scope)


def cancelled(upper: Terms, below: Poly) -> tuple[Whole, Whole]:
    """Cancel the common factor of both sides of a floor: a monomial, and a number as in `by_number`."""
    scope, lower = below.scope, below._terms
    shared = common_monomial([*upper, *lower]) if upper else ()
    if shared:
        upper, lower = ({less(monomial, shared): number for monomial, number in terms.items()} for terms in (upper, lower))
    wholes = all(map(scope.whole, [*upper, *lower]))
    common = gcd(*(number for monomial, number in upper.items() if monomial or not wholes), *lower.values())  # type: ignore[arg-type]  # fractions were cleared before
    upper = {monomial: number // common for monomial, number in upper.items() if number // common}
    return make(upper, scope), make({monomial: number // common for monomial, number in lower.items()}, scope)


def common_monomial(monomials: list[Monomial]) -> Monomial:
    """Return the greatest common divisor of monomials."""
    powers = dict(monomials[0])
    for monomial in monomials[1:]:
        here = dict(monomial)
        powers = {atom: min(power, here[atom]) for atom, power in powers.items() if atom in here}
    return tuple(sorted(powers.items()))


def divided(value: Number | Poly, divisor: Poly, *, fractions: bool) -> tuple[Terms, Terms]:
    """Return quotient and remainder of a polynomial division; coefficients of the quotient may be fractions, or are rounded down."""
    if isinstance(value, Poly):
        common_scope(value.scope, divisor.scope)
    rest: Terms = dict(value._terms) if isinstance(value, Poly) else {(): tidy(value)} if value else {}
    quotient: Terms = {}
    atoms = sorted({atom for terms in (rest, divisor._terms) for monomial in terms for atom, _ in monomial})

    def weight(monomial: Monomial) -> tuple[int, ...]:  # graded lexicographic order, the largest first
        powers = dict(monomial)
        return -sum(powers.values()), *(-powers.get(atom, 0) for atom in atoms)

    lead = min(divisor._terms, key=weight)
    leading = divisor._terms[lead]
    waiting = [(weight(monomial), monomial) for monomial in rest]
    heapify(waiting)
    while waiting:
        _, monomial = heappop(waiting)
        number = rest.get(monomial)
        if number is None or not divides(lead, monomial):
            continue
        divisor.scope.meter.operate(4 * len(divisor._terms))
        factor = less(monomial, lead)
        times = ratio(number, leading) if fractions else number // leading if divisor.scope.whole(factor) else 0
        if not times:
            continue
        quotient[factor] = times
        products = [(joined(factor, other), -times * part) for other, part in divisor._terms.items()]
        for product, _ in products:
            if product not in rest:
                heappush(waiting, (weight(product), product))
        add_into(rest, products)
    return quotient, rest


def divide(value: Number | Poly, divisor: Number | Poly) -> Whole:
    """Divide formulas exactly, with fractional coefficients if needed. The divisor must be known to be nonzero."""
    from cnncalc.dims.bounds import zero

    nothing = zero(divisor)
    if nothing:
        raise ZeroDivisionError(f"({value})/0")
    if nothing is None:
        raise Inconclusive(f"{divisor} != 0", divisor, zero)
    quotient = quotient_of(value, divisor)
    if quotient is None:
        raise ArithmeticError(f"({value})/({divisor}) is not a formula: {divisor} does not divide {value}")
    return quotient


def quotient_of(value: Number | Poly, divisor: Number | Poly) -> Whole | None:
    """Return the exact quotient for a nonzero divisor, or None if it is not a formula. At least one operand is a formula."""
    if isinstance(divisor, Poly):
        quotient, rest = divided(value, divisor, fractions=True)
        return None if rest else make(quotient, divisor.scope)
    assert isinstance(value, Poly)
    return make({monomial: ratio(number, divisor) for monomial, number in value._terms.items()}, value.scope)


def ceil_divide(value: Number | Poly, divisor: Number | Poly) -> Whole:
    """Divide and round up, written as a floor: ⌈a/b⌉ = ⌊(a + b - 1)/b⌋ for whole a and positive whole b, else -⌊-a/b⌋."""
    from cnncalc.dims.bounds import positive

    above, below = without_fractions(value, divisor)
    return (above + below - 1) // below if is_whole(above) and is_whole(below) and positive(below) else -(-above // below)
