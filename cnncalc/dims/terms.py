"""Terms of a formula, {monomial: coefficient}: addition, multiplication and order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

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
    Function: TypeAlias = Literal["divisible", "max", "min"]


class Atom(str):
    """A factor of a term that is no symbol: a floor or a call. Its string value is its text, `(H + 31)//32` or `divisible(32*w, 8)`.

    As a string, it hashes, compares and sorts as fast as a symbol. This class only stores parts; others compute the normal form.
    """

    __slots__ = ("coarseness", "degree", "depth", "least", "parts")
    parts: tuple[Whole, ...]  # at least one is a formula
    degree: int  # total degree
    coarseness: int  # the divisor, if a number: atoms with small divisors are written first
    depth: int  # nesting of atoms
    least: Number | None  # a lower bound, set on first use

    def _store(self, *parts: Whole) -> None:
        """Store the parts, and check the limits."""
        self.parts = parts
        self.depth = 1 + max(0 if isinstance(part, int) else part.depth for part in parts)
        meter = self.scope.meter
        meter.operate(len(self))
        if self.depth > meter.limits.floors:
            raise LimitError(f"a formula with more than {meter.limits.floors} nested floors")
        if len(self) > meter.limits.floor_characters:
            raise LimitError(f"a formula with a floor of more than {meter.limits.floor_characters:,} characters")

    @property
    def scope(self) -> SymbolScope:
        """The scope of its parts."""
        return next(part.scope for part in self.parts if not isinstance(part, int))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of its symbols, sorted."""
        return tuple(sorted({name for part in self.parts if not isinstance(part, int) for name in part.symbols}))


class Floor(Atom):
    """⌊numerator / divisor⌋, which `//` computes."""

    __slots__ = ()

    def __new__(cls, numerator: Whole, divisor: Whole) -> Floor:
        """Create the atom `numerator//divisor`."""
        self = super().__new__(cls, f"{operand(numerator)}//{operand(divisor)}")
        self._store(numerator, divisor)
        above, below = (0 if isinstance(part, int) else part.total_degree for part in self.parts)
        self.degree = max(0, above - below)
        self.coarseness = divisor if isinstance(divisor, int) else 1
        return self

    @property
    def numerator(self) -> Whole:
        """What is divided."""
        return self.parts[0]

    @property
    def divisor(self) -> Whole:
        """What it is divided by."""
        return self.parts[1]

    def __getnewargs__(self) -> tuple[Whole, Whole]:  # type: ignore[override]  # pickles the parts, not the string
        return self.numerator, self.divisor


class FunctionCall(Atom):
    """`divisible(v, b)`, `max(a, b)` or `min(a, b)`, which the functions of `arithmetic` compute."""

    __slots__ = ("function",)
    function: Function

    def __new__(cls, function: Function, *parts: Whole) -> FunctionCall:
        """Create the atom `function(part, part)`."""
        self = super().__new__(cls, f"{function}({', '.join(map(str, parts))})")
        self._store(*parts)
        self.function = function
        self.degree = max(0 if isinstance(part, int) else part.total_degree for part in parts)
        self.coarseness = 1
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:  # pickles the parts, not the string
        return self.function, *self.parts


def tidy(number: Number) -> Number:
    """Convert a fraction with denominator 1 to an int."""
    return number if number.__class__ is int or number.denominator != 1 else number.numerator


def ratio(number: Number, divisor: Number) -> Number:
    """Divide numbers exactly."""
    if divisor == 1:
        return number
    from fractions import Fraction

    return tidy(Fraction(number) / divisor)


def merged(terms: Terms, added: Iterable[tuple[Monomial, Number]]) -> Terms:
    """Return the terms of a sum."""
    result = terms.copy()
    add_into(result, added)
    return result


def add_into(result: Terms, added: Iterable[tuple[Monomial, Number]]) -> None:
    """Add terms in place; `result` must not belong to a formula yet."""
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
    """Return the terms of a product."""
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
    """Multiply two monomials."""
    if not left:
        return right
    if not right:
        return left
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


def less(monomial: Monomial, factor: Monomial) -> Monomial:
    """Divide a monomial by one of its factors."""
    powers = dict(monomial)
    for atom, power in factor:
        powers[atom] -= power
    return tuple((atom, power) for atom, power in powers.items() if power)


def divides(factor: Monomial, monomial: Monomial) -> bool:
    """Return whether one monomial divides another."""
    powers = dict(monomial)
    return all(powers.get(atom, 0) >= power for atom, power in factor)


def degree_of(monomial: Monomial) -> int:
    """Return the total degree of a monomial."""
    return sum(power * (atom.degree if isinstance(atom, Atom) else 1) for atom, power in monomial)


def ordered(terms: Terms) -> list[tuple[Number, Monomial]]:
    """Sort terms for display: by degree, then grouped by symbols, with the group of the largest coefficient first.

    Within a group, floors with small divisors come first; a constant is last.
    """
    groups: dict[tuple[int, bool, Monomial], list[tuple[int, Number, Monomial]]] = {}
    for monomial, number in terms.items():
        degree, coarseness, powers = shape_of(monomial)
        groups.setdefault((-degree, not monomial, powers), []).append((coarseness, -number, monomial))
    order = sorted((degree, last, min(x if x < 0 else -x for _, x, _ in group), powers) for (degree, last, powers), group in groups.items())
    return [(-number, monomial) for degree, last, _, powers in order for _, number, monomial in sorted(groups[degree, last, powers])]


def shape_of(monomial: Monomial) -> tuple[int, int, Monomial]:
    """Return the degree of a monomial, the product of its floors' divisors, and the powers of its symbols (also inside floors)."""
    degree, coarseness = 0, 1
    powers: dict[str, int] = {}
    for atom, power in monomial:
        if isinstance(atom, Atom):
            degree += atom.degree * power
            coarseness *= atom.coarseness if power == 1 else atom.coarseness**power
            for name in atom.symbols:
                powers[name] = powers.get(name, 0) + power
        else:
            degree += power
            powers[atom] = powers.get(atom, 0) + power
    return degree, coarseness, tuple(sorted(powers.items()))


def factors(monomial: Monomial) -> list[tuple[str, int]]:
    """Return the atoms of a monomial for display: symbols before floors."""
    return sorted(monomial, key=lambda factor: isinstance(factor[0], Atom))


def operand(value: object) -> str:
    """Format a number or formula as an operand of `//`."""
    text = str(value)
    return text if text.isidentifier() or text.isdecimal() else f"({text})"


def written(terms: Iterable[tuple[Number, Monomial]]) -> str:
    """Format terms in the spec language, which can parse them: `38592*H*W + 221184*(H//2)*(W//2)`."""
    text = ""
    for number, monomial in terms:
        size = -number if number < 0 else number
        plus, minus = (" + ", " - ") if text else ("", "-")
        sign = minus if number < 0 else plus
        if size == 1 and len(monomial) == 1 and monomial[0][1] == 1 and sign != "-":
            text += sign + monomial[0][0]  # a floor by itself needs no brackets
            continue
        parts = [] if size == 1 and monomial else [str(size)]
        for atom, power in factors(monomial):
            base = f"({atom})" if isinstance(atom, Floor) else atom  # calls need no brackets
            parts.append(base if power == 1 else f"{base}^{power}")
        text += sign + "*".join(parts)
    return text
