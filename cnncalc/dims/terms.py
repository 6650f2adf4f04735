"""Terms of a formula, {monomial: coefficient}: addition, multiplication and order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from cnncalc.dims.domains import SymbolScope
    from cnncalc.dims.poly import Poly
    from cnncalc.limits import Meter

    Number: TypeAlias = int | Fraction
    Monomial: TypeAlias = tuple[tuple[str, int], ...]
    Terms: TypeAlias = dict[Monomial, Number]
    Whole: TypeAlias = int | Poly


class Floor(str):
    """The whole part of numerator / divisor as an atom of a formula; as a string it is its own text, `(H + 31)//32`.

    Being its text makes it hash, compare and sort as fast as a symbol does. This class only holds a floor; `//` finds its normal form.
    """

    __slots__ = ("coarseness", "degree", "depth", "divisor", "least", "numerator")
    numerator: Whole
    divisor: Whole
    degree: int  # in all symbols together
    coarseness: int  # the divisor where it is a number: fine floors are written before coarse ones
    depth: int  # of floors in floors
    least: int | None  # a bound, set when it is first asked for

    def __new__(cls, numerator: Whole, divisor: Whole) -> Floor:
        """An atom that reads `numerator//divisor`."""
        self = super().__new__(cls, f"{operand(numerator)}//{operand(divisor)}")
        self.numerator = numerator
        self.divisor = divisor
        above, below = (0 if isinstance(part, int) else part.total_degree for part in (numerator, divisor))
        self.degree = max(0, above - below)
        self.coarseness = divisor if isinstance(divisor, int) else 1
        self.depth = 1 + max(0 if isinstance(part, int) else part.depth for part in (numerator, divisor))
        meter = self.scope.meter
        meter.operate(len(self))
        if self.depth > meter.limits.floors:
            raise LimitError(f"a formula with more than {meter.limits.floors} floors in each other")
        if len(self) > meter.limits.floor_characters:
            raise LimitError(f"a formula with a floor of more than {meter.limits.floor_characters:,} characters")
        return self

    @property
    def scope(self) -> SymbolScope:
        """That of its numerator or its divisor: one of them is a formula."""
        return self.divisor.scope if isinstance(self.numerator, int) else self.numerator.scope  # type: ignore[union-attr]  # one is

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names in it, sorted."""
        return tuple(sorted({name for part in (self.numerator, self.divisor) if not isinstance(part, int) for name in part.symbols}))

    def __getnewargs__(self) -> tuple[Whole, Whole]:  # type: ignore[override]  # pickling: not the string, what it was made of
        return self.numerator, self.divisor


def tidy(number: Number) -> Number:
    """A fraction that came out whole as an int."""
    return number if number.__class__ is int or number.denominator != 1 else number.numerator


def ratio(number: Number, divisor: Number) -> Number:
    """An exact quotient of numbers."""
    if divisor == 1:
        return number
    from fractions import Fraction

    return tidy(Fraction(number) / divisor)


def merged(terms: Terms, added: Iterable[tuple[Monomial, Number]]) -> Terms:
    """The terms of a sum."""
    result = terms.copy()
    add_into(result, added)
    return result


def add_into(result: Terms, added: Iterable[tuple[Monomial, Number]]) -> None:
    """Add terms in place, to terms that belong to no formula yet."""
    for monomial, number in added:
        had = result.get(monomial)
        if had is None:
            result[monomial] = number
        else:
            total = had + number
            if total:
                result[monomial] = tidy(total)
            else:
                del result[monomial]


def multiplied(left: Terms, right: Terms, meter: Meter) -> Terms:
    """The terms of a product."""
    result: Terms = {}
    for monomial, number in left.items():
        meter.operate(4 * len(right))
        add_into(result, [(joined(monomial, other), tidy(number * factor)) for other, factor in right.items()])
        meter.check_terms(len(result))
    for monomial in result:
        for _, power in monomial:
            if power > meter.limits.power:
                raise LimitError(f"a power above {meter.limits.power:,} in a formula")
    return result


def joined(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left:
        return right
    if not right:
        return left
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


def less(monomial: Monomial, factor: Monomial) -> Monomial:
    """A monomial without one of its factors."""
    powers = dict(monomial)
    for atom, power in factor:
        powers[atom] -= power
    return tuple((atom, power) for atom, power in powers.items() if power)


def divides(factor: Monomial, monomial: Monomial) -> bool:
    """Whether one monomial is a factor of another."""
    powers = dict(monomial)
    return all(powers.get(atom, 0) >= power for atom, power in factor)


def degree_of(monomial: Monomial) -> int:
    """The powers of a monomial added up, a floor counting as what is in it."""
    return sum(power * (atom.degree if isinstance(atom, Floor) else 1) for atom, power in monomial)


def ordered(terms: Terms) -> list[tuple[Number, Monomial]]:
    """Terms as people read them: by degree, those of the same symbols together, of such groups the one with the largest number first.

    In a group fine floors come before coarse ones; a constant is last.
    """
    groups: dict[tuple[int, bool, Monomial], list[tuple[int, Number, Monomial]]] = {}
    for monomial, number in terms.items():
        degree, coarseness, powers = shape_of(monomial)
        groups.setdefault((-degree, not monomial, powers), []).append((coarseness, -number, monomial))
    order = sorted((degree, last, min(x if x < 0 else -x for _, x, _ in group), powers) for (degree, last, powers), group in groups.items())
    return [(-number, monomial) for degree, last, _, powers in order for _, number, monomial in sorted(groups[degree, last, powers])]


def shape_of(monomial: Monomial) -> tuple[int, int, Monomial]:
    """The degree of a monomial, how coarse its floors are, and the powers of its symbols, those inside floors as well."""
    degree, coarseness = 0, 1
    powers: dict[str, int] = {}
    for atom, power in monomial:
        if isinstance(atom, Floor):
            degree += atom.degree * power
            coarseness *= atom.coarseness if power == 1 else atom.coarseness**power
            for name in atom.symbols:
                powers[name] = powers.get(name, 0) + power
        else:
            degree += power
            powers[atom] = powers.get(atom, 0) + power
    return degree, coarseness, tuple(sorted(powers.items()))


def factors(monomial: Monomial) -> list[tuple[str, int]]:
    """The atoms of a monomial as people read them: symbols before floors."""
    return sorted(monomial, key=lambda factor: isinstance(factor[0], Floor))


def operand(value: object) -> str:
    """A number or formula as one side of `//`."""
    text = str(value)
    return text if text.isidentifier() or text.isdecimal() else f"({text})"


def written(terms: Iterable[tuple[Number, Monomial]]) -> str:
    """Terms in the arithmetic of the spec language, which reads them back: `38592*H*W + 221184*(H//2)*(W//2)`."""
    text = ""
    for number, monomial in terms:
        size = -number if number < 0 else number
        plus, minus = (" + ", " - ") if text else ("", "-")
        sign = minus if number < 0 else plus
        if size == 1 and len(monomial) == 1 and monomial[0][1] == 1 and sign != "-":
            text += sign + monomial[0][0]  # a floor that stands alone needs no brackets
            continue
        parts = [] if size == 1 and monomial else [str(size)]
        for atom, power in factors(monomial):
            base = f"({atom})" if isinstance(atom, Floor) else atom
            parts.append(base if power == 1 else f"{base}^{power}")
        text += sign + "*".join(parts)
    return text
