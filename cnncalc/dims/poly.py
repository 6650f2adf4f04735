"""Formulas in normal form: sums, products and floors of symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims.domains import ANYWHERE, common_scope
from cnncalc.dims.terms import Atom, Floor, add_into, degree_of, merged, multiplied, ordered, tidy, written
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from fractions import Fraction
    from typing import TypeAlias

    from cnncalc.dims.domains import SymbolScope
    from cnncalc.dims.terms import Monomial, Number, Terms, Whole

    Verdict: TypeAlias = Callable[[Number | "Poly"], bool | None]

LONGEST_RELATION = 120  # characters; a formula may have thousands


class Inconclusive(SpecError, ArithmeticError):  # noqa: N818  # not an error in the formula, so not named one
    """A relation that holds for some values of its symbols only, or could not be decided."""

    def __init__(self, relation: str, value: Number | Poly, verdict: Verdict, symbols: Iterable[str] = ()) -> None:
        self.relation = relation if len(relation) <= LONGEST_RELATION else f"{relation[:LONGEST_RELATION]}…"
        self.symbols = tuple(sorted(symbols)) or symbols_of(value)
        self.value = value  # for which `verdict` has no answer
        self.verdict = verdict
        names = ", ".join(self.symbols)
        super().__init__(Problem(f"{self.relation} cannot be decided for all {names}", hint=f"give {names} a number"))


class Poly:
    """An immutable formula of symbols, whose domains are in its scope. A constant whole number is an int, not a Poly.

    `==` compares formulas (so that they can be keys); `bounds.same` compares values. A constant fraction is a Poly.
    """

    __slots__ = ("_hash", "_terms", "_text", "scope")
    _terms: Terms
    _hash: int | None
    _text: str | None
    scope: SymbolScope

    def __add__(self, other: Number | Poly) -> Whole:
        added = self._items(other)
        if added is None:
            return NotImplemented
        return make(merged(self._terms, added), self.scope)

    __radd__ = __add__

    def __neg__(self) -> Whole:
        return make({monomial: -number for monomial, number in self._terms.items()}, self.scope)

    def __pos__(self) -> Poly:
        return self

    def __sub__(self, other: Number | Poly) -> Whole:
        taken = self._items(other)
        if taken is None:
            return NotImplemented
        return make(merged(self._terms, [(monomial, -number) for monomial, number in taken]), self.scope)

    def __rsub__(self, other: Number | Poly) -> Whole:
        added = self._items(other)
        if added is None:
            return NotImplemented
        return make(merged({monomial: -number for monomial, number in self._terms.items()}, added), self.scope)

    def __mul__(self, other: Number | Poly) -> Whole:
        if isinstance(other, Poly):
            common_scope(self.scope, other.scope)
            return make(multiplied(self._terms, other._terms, self.scope.meter), self.scope)
        factor = scalar(other)
        if factor is None:
            return NotImplemented
        if not factor:
            return 0
        return self if factor == 1 else make({monomial: tidy(number * factor) for monomial, number in self._terms.items()}, self.scope)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Whole:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            raise ArithmeticError(f"({self})^({exponent}) is not a whole power")
        limits = self.scope.meter.limits
        if max(sum(power for _, power in monomial) for monomial in self._terms) * exponent > limits.power:
            raise LimitError(f"a power above {limits.power:,} in a formula")
        result: Whole = 1
        square: Whole = self
        while exponent:
            if exponent & 1:
                result = square * result
            exponent >>= 1
            if exponent:
                square = square * square
        return result

    def __floordiv__(self, other: Number | Poly) -> Whole:
        if self._items(other) is None:
            return NotImplemented
        from cnncalc.dims.division import floor_divide

        return floor_divide(self, other)

    def __rfloordiv__(self, other: Number) -> Whole:
        if self._items(other) is None:
            return NotImplemented
        from cnncalc.dims.division import floor_divide

        return floor_divide(other, self)

    def __mod__(self, other: Number | Poly) -> Whole:
        if self._items(other) is None:
            return NotImplemented
        return self - (self // other) * other

    def __rmod__(self, other: Number) -> Whole:
        items = self._items(other)
        if items is None:
            return NotImplemented
        return make(dict(items), self.scope) - (other // self) * self

    def __truediv__(self, other: Number | Poly) -> Whole:
        if self._items(other) is None:
            return NotImplemented
        from cnncalc.dims.division import divide

        return divide(self, other)

    def __rtruediv__(self, other: Number) -> Whole:
        if self._items(other) is None:
            return NotImplemented
        from cnncalc.dims.division import divide

        return divide(other, self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Poly):
            return self is other or (self._terms == other._terms and self.scope.domains == other.scope.domains)
        if isinstance(other, int):
            return False
        number = scalar(other)
        return NotImplemented if number is None else self._terms == {(): number}

    def __hash__(self) -> int:
        if self._hash is None:
            constant = self.constant
            self._hash = hash(frozenset(self._terms.items())) if constant is None else hash(constant)
        return self._hash

    def __lt__(self, other: Number | Poly) -> bool:
        return self._compare(other, "<")

    def __le__(self, other: Number | Poly) -> bool:
        return self._compare(other, "<=")

    def __gt__(self, other: Number | Poly) -> bool:
        return self._compare(other, ">")

    def __ge__(self, other: Number | Poly) -> bool:
        return self._compare(other, ">=")

    def _compare(self, other: Number | Poly, sign: str) -> bool:
        if self._items(other) is None:
            return NotImplemented  # type: ignore[no-any-return]  # Python's protocol for unsupported operands
        from cnncalc.dims.bounds import at_least_zero, positive

        difference = self - other if sign[0] == ">" else other - self
        verdict = at_least_zero if sign[1:] else positive
        answer = verdict(difference)
        if answer is None:
            raise Inconclusive(f"{self} {sign} {other}", difference, verdict)
        return answer

    def __bool__(self) -> bool:
        from cnncalc.dims.bounds import zero

        answer = zero(self)
        if answer is None:
            raise Inconclusive(f"{self} != 0", self, zero)
        return not answer

    @property
    def constant(self) -> Fraction | None:
        """The value, if the formula is a constant fraction."""
        return self._terms.get(()) if len(self._terms) == 1 else None  # type: ignore[return-value]  # a whole number would be an int

    @property
    def whole(self) -> bool:
        """Whether it is known to be a whole number, since its coefficients and symbols are."""
        return all(isinstance(number, int) and self.scope.whole(monomial) for monomial, number in self._terms.items())

    @property
    def name(self) -> str | None:
        """The name, if the formula is a single symbol."""
        ((monomial, number), *others) = self._terms.items()
        if others or number != 1 or len(monomial) != 1 or isinstance(monomial[0][0], Atom):
            return None
        return monomial[0][0] if monomial[0][1] == 1 else None

    @property
    def terms(self) -> tuple[tuple[Number, Monomial], ...]:
        """Coefficient and ((atom, power), ...) of every term, in display order (see `ordered`)."""
        if len(self._terms) == 1:
            return tuple((number, monomial) for monomial, number in self._terms.items())
        return tuple(ordered(self._terms))

    @property
    def length(self) -> int:
        """The number of terms."""
        return len(self._terms)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of all symbols, including those inside floors, sorted."""
        found: set[str] = set()
        for monomial in self._terms:
            for atom, _ in monomial:
                found.update(atom.symbols if isinstance(atom, Atom) else (atom,))
        return tuple(sorted(found))

    @property
    def floors(self) -> tuple[Floor, ...]:
        """The outermost floors, sorted by their text."""
        return tuple(sorted({atom for monomial in self._terms for atom, _ in monomial if isinstance(atom, Floor)}))

    def degree(self, symbol: str) -> int:
        """Return the highest power of a symbol; a floor has the degree of its numerator minus that of its divisor."""
        return max(sum(power * atom_degree(atom, symbol) for atom, power in monomial) for monomial in self._terms)

    @property
    def total_degree(self) -> int:
        """The highest power in all symbols together."""
        return max(map(degree_of, self._terms))

    @property
    def depth(self) -> int:
        """The nesting depth of floors."""
        return max((atom.depth for monomial in self._terms for atom, _ in monomial if isinstance(atom, Atom)), default=0)

    def at(self, values: Mapping[str, Whole]) -> Whole:
        """Substitute numbers or formulas for some or all symbols."""
        result = evaluate(self, dict(values))
        return result if isinstance(result, Poly) else plain({(): tidy(result)} if result else {}, self.scope)

    def within(self, scope: SymbolScope) -> Whole:
        """Return the same formula in a narrower scope; raise ValueError if a symbol has more values there."""
        for name in self.symbols:
            here, there = self.scope.domain(name), scope.domain(name)
            if there.least < here.least or here.whole > there.whole:
                raise ValueError(f"the formula holds for {name} from {here.least} up only")
        if scope.domains == self.scope.domains:
            return self
        if self.constant is not None:  # belongs to a scope as well
            return made(self._terms, scope)
        return self.at({name: symbol(name, scope) for name in self.symbols})

    def _items(self, other: object) -> Iterable[tuple[Monomial, Number]] | None:
        """Return monomials and coefficients of a number or a formula with the same domains; None for anything else."""
        if isinstance(other, Poly):
            if other.scope is not self.scope:
                common_scope(self.scope, other.scope)
            return other._terms.items()
        return items_of(other)

    def __str__(self) -> str:
        if self._text is None:
            self._text = written(self.terms)
        return self._text

    def __repr__(self) -> str:
        return f"Poly({str(self)!r})"


def symbol(name: str, scope: SymbolScope = ANYWHERE) -> Poly:
    """Return the formula of a single symbol (or floor): a positive whole number by default."""
    return made({((name, 1),): 1}, scope)


def at(dim: Whole, values: Mapping[str, Whole]) -> Whole:
    """Substitute values in a formula; return numbers unchanged."""
    return dim if isinstance(dim, int) else dim.at(values)


def within(value: Any, scope: SymbolScope) -> Any:
    """Convert a formula, or a tuple or list of formulas, to a narrower scope; numbers are unchanged."""
    if isinstance(value, Poly):
        return value.within(scope)
    if isinstance(value, (tuple, list)):
        parts = [within(each, scope) for each in value]
        return type(value)._make(parts) if hasattr(value, "_make") else type(value)(parts)
    return value


def together(*dims: Any) -> tuple[Any, ...]:
    """Convert formulas of several networks to their common scope."""
    scopes = [dim.scope for dim in dims if isinstance(dim, Poly)]
    common = scopes[0] if scopes else ANYWHERE
    for scope in scopes[1:]:
        common = common.narrowed({name: domain.least for name, domain in scope.domains.items()})
    return tuple(within(dim, common) for dim in dims)


def is_whole(dim: Whole) -> bool:
    """Return whether a number or formula is known to be whole."""
    return isinstance(dim, int) or dim.whole


def fractional(*values: object) -> bool:
    """Return whether some symbol of these formulas stands for fractions."""
    formulas = [value for value in values if isinstance(value, Poly) and value.scope.domains]
    return any(not value.scope.domain(name).whole for value in formulas for name in value.symbols)


def symbols_of(*dims: Number | Poly) -> tuple[str, ...]:
    """Return the names of the symbols in several sizes, sorted."""
    return tuple(sorted({name for dim in dims if isinstance(dim, Poly) for name in dim.symbols}))


def made(terms: Terms, scope: SymbolScope) -> Poly:
    """Create a Poly from nonzero terms."""
    poly = Poly.__new__(Poly)
    poly._terms = terms
    poly._hash = poly._text = None
    poly.scope = scope
    return poly


def make(terms: Terms, scope: SymbolScope) -> Whole:
    """Create a Poly or int from nonzero terms, and count the operation."""
    scope.meter.operate(8 + 2 * len(terms))
    return plain(terms, scope)


def plain(terms: Terms, scope: SymbolScope) -> Whole:
    """Create a Poly or int from nonzero terms, and check the limits."""
    if not terms:
        return 0
    meter = scope.meter
    meter.check_terms(len(terms))
    largest = meter.largest
    for number in terms.values():
        if not -largest < number < largest or (number.__class__ is not int and number.denominator >= largest):
            raise LimitError(f"a number of more than {meter.limits.bits:,} bits in a formula")
    constant = terms.get(()) if len(terms) == 1 else None
    return constant if isinstance(constant, int) else made(terms, scope)


def items_of(value: object) -> Iterable[tuple[Monomial, Number]] | None:
    """Return monomials and coefficients of a formula or number; None for anything else."""
    if isinstance(value, Poly):
        return value._terms.items()
    number = scalar(value)
    if number is None:
        return None
    return (((), number),) if number else ()


def scalar(value: object) -> Number | None:
    """Return an exact number as int or Fraction; None for anything else."""
    if isinstance(value, int):
        return value if value.__class__ is int else int(value)
    if value.__class__.__module__ != "fractions":
        return None
    fraction: Fraction = value  # type: ignore[assignment]  # checked by name: importing fractions takes longer than this whole module
    return tidy(fraction)


def atom_degree(atom: str, symbol: str) -> int:
    """Return the degree of an atom in a symbol."""
    if not isinstance(atom, Atom):
        return int(atom == symbol)
    degrees = [0 if isinstance(part, int) else part.degree(symbol) for part in atom.parts]
    return max(0, degrees[0] - degrees[1]) if isinstance(atom, Floor) else max(degrees)


def evaluate(poly: Poly, known: dict[str, Whole]) -> Number | Poly:
    """Substitute values for symbols; values of floors are added to `known`. Nothing is counted if all are numbers."""
    total: Number = 0
    result: Terms = {}
    scope: SymbolScope | None = None
    for monomial, number in poly._terms.items():
        term: Number | Poly = number
        for atom, power in monomial:
            value = known.get(atom)
            if value is None:
                value = known[atom] = evaluate_atom(atom, known) if isinstance(atom, Atom) else symbol(atom, poly.scope)
            if power > 1:
                if isinstance(value, int):
                    poly.scope.meter.operate(power * value.bit_length() // 64)
                value = value**power
            term = term * value
        if isinstance(term, Poly):
            scope = term.scope if scope is None else common_scope(scope, term.scope)
            add_into(result, term._terms.items())
        else:
            total += term
    if scope is None:
        return total
    add_into(result, items_of(total) or ())
    return make(result, scope)


def evaluate_atom(atom: Atom, known: dict[str, Whole]) -> Whole:
    """Substitute values for the symbols of a floor or call."""
    parts = [part if isinstance(part, int) else evaluate(part, known) for part in atom.parts]
    if isinstance(atom, Floor):
        return parts[0] // parts[1]
    from cnncalc.dims.calls import call_of

    return call_of(atom.function, *parts)  # type: ignore[attr-defined, return-value]  # no other atom; fractions may be known
