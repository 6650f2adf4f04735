"""Conditions on sizes: a relation, whether it holds, and a message if it does not."""

from __future__ import annotations

from math import gcd, lcm
from typing import TYPE_CHECKING, Literal, TypeAlias

from cnncalc.dims.domains import SymbolScope
from cnncalc.dims.poly import Inconclusive, Poly, at, fractional, is_whole, made, make, symbol, symbols_of, within
from cnncalc.dims.terms import Floor, ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cnncalc.dims.terms import Number, Whole
    from cnncalc.dims.traced import Traced

    Dim: TypeAlias = int | Poly | Traced

Relation: TypeAlias = Literal["at_least", "above", "divides", "equal"]
MOST_COMPARED = 200  # conditions of which each is compared with all others
RELATION_TEXT: dict[Relation, str] = {
    "at_least": "{left} >= {right}",
    "above": "{left} > {right}",
    "divides": "{right} divisible by {left}",
    "equal": "{left} == {right}",
}


class Condition:
    """A required relation between two sizes, with the message if it does not hold. Messages do not matter for equality.

    `at_least`: left >= right. `above`: left > right. `divides`: left divides right. `equal`: left == right. An `assumed` condition
    is not required by a layer: without it, something else could not be decided.
    """

    __slots__ = ("_holds", "assumed", "left", "message", "relation", "right")

    def __init__(self, relation: Relation, left: Whole, right: Whole, message: str, *, assumed: bool = False) -> None:
        self.relation = relation
        self.assumed = assumed
        self.left = left
        self.right = right
        self.message = message
        self._holds: bool | None = None

    @property
    def holds(self) -> bool | None:
        """True or False for all values of the symbols, None if undecided."""
        if self._holds is None:
            self._holds = decided(self.relation, self.left, self.right)
        return self._holds

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in the condition."""
        return symbols_of(self.left, self.right)

    @property
    def bound(self) -> tuple[str, Number] | None:
        """The symbol and its lower bound, if that is all the condition says."""
        number = self.right if isinstance(self.right, int) else self.right.constant
        if self.relation not in ("at_least", "above") or not isinstance(self.left, Poly) or number is None or self.left.name is None:
            return None
        return self.left.name, number

    def within(self, scope: SymbolScope) -> Condition:
        """Return the same condition in a narrower scope."""
        return Condition(self.relation, within(self.left, scope), within(self.right, scope), self.message, assumed=self.assumed)

    def at(self, assignment: Mapping[str, Whole]) -> bool:
        """Return whether it holds at these values; raise Inconclusive if the remaining symbols matter."""
        try:
            here = self.substituted(assignment)
        except ZeroDivisionError:
            return False
        if here.holds is None:
            raise Inconclusive(str(here), here.left - here.right, lambda _: None, here.symbols)
        return here.holds

    def substituted(self, assignment: Mapping[str, Whole]) -> Condition:
        """Return the condition on the remaining symbols at these values."""
        left, right = at(self.left, assignment), at(self.right, assignment)
        return Condition(self.relation, left, right, self.message, assumed=self.assumed)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Condition):
            return NotImplemented
        if self.relation != other.relation:
            return False
        if self.left == other.left and self.right == other.right:
            return True
        return self.relation == "equal" and self.left == other.right and self.right == other.left

    def __hash__(self) -> int:
        return hash((self.relation, frozenset((self.left, self.right)) if self.relation == "equal" else (self.left, self.right)))

    def __str__(self) -> str:
        return RELATION_TEXT[self.relation].format(left=self.left, right=self.right)

    def __repr__(self) -> str:
        return f"Condition({str(self)!r}, {self.message!r})"


def in_force(conditions: Mapping[Condition, str], names: Iterable[str], scope: SymbolScope) -> dict[Condition, str]:
    """Return the lower bound of every symbol, by its domain or the conditions, and the conditions that these do not imply."""
    bounds = {name: of_domain(name, scope) for name in names}
    least = {name: scope.domain(name).least for name in names}
    for condition in conditions:
        name, bound = condition.bound or ("", 0)
        if name and bound >= least[name]:
            least[name], bounds[name] = bound, condition
    narrow = SymbolScope(domains=scope.narrowed(least).domains)
    others: list[Condition] = []
    for each in conditions:
        if each.bound is None and not each.within(narrow).holds and not any(follows(each, other) for other in others[:MOST_COMPARED]):
            others = [other for other in others if len(others) > MOST_COMPARED or not follows(other, each)]
            others.append(each)
    return {each: conditions.get(each, "") for each in (*bounds.values(), *others)}


def follows(one: Condition, other: Condition) -> bool:
    """Return whether a multiple of one condition implies another: that x/4 is whole, x/2 + 1 is; x >= 0 and 2·x + 1 >= 0."""
    if one.relation != other.relation or one.relation not in ("at_least", "divides"):
        return False
    if one.relation == "divides" and not (isinstance(one.left, int) and isinstance(other.left, int)):
        return False
    mine, others = (
        each.right * ratio(1, each.left) if isinstance(each.left, int) and each.relation == "divides" else each.left - each.right
        for each in (one, other)
    )
    if not (isinstance(mine, Poly) and isinstance(others, Poly)):
        return False
    monomial = max(others._terms)  # not the constant
    times = ratio(mine._terms.get(monomial, 0), others._terms[monomial])
    rest = mine - times * others
    if one.relation == "divides":
        return times.denominator == 1 and is_whole(rest)
    return times > 0 and not symbols_of(rest) and rest >= 0


def of_domain(name: str, scope: SymbolScope) -> Condition:
    """Return the lower bound of a symbol by its domain; that of a positive fraction is no value of it."""
    letter, least = symbol(name, scope), scope.domain(name).least
    return Condition("at_least" if least else "above", letter, letter - (letter - least), "the formulas do not hold below")


def at_least(value: Dim, minimum: Dim, message: str) -> Condition:
    """Return the condition value >= minimum; formulas are solved for their floor, so that ⌊(H - 7)/2⌋ + 1 >= 1 becomes H >= 7."""
    left, right = plain(value), plain(minimum)
    if not (isinstance(left, int) and isinstance(right, int)):
        left, right = solved(left, right)
    return Condition("at_least", left, right, message)


def divides(divisor: Dim, value: Dim, message: str) -> Condition:
    """Return the condition that the divisor divides the value; 0 divides nothing."""
    left, right = plain(divisor), plain(value)
    if not (isinstance(left, int) and isinstance(right, int)):
        left, right = reduced(left, right)
    return Condition("divides", left, right, message)


def whole(value: Dim, message: str) -> Iterator[Condition]:
    """Yield the condition that a formula is a whole number, unless it always is."""
    formula = plain(value)
    if isinstance(formula, Poly) and not formula.whole:
        parts = lcm(*(number.denominator for number in formula._terms.values()))
        yield divides(parts, formula * parts, message)


def equal(left: Dim, right: Dim, message: str) -> Condition:
    """Return the condition left == right."""
    return Condition("equal", plain(left), plain(right), message)


def plain(dim: Dim) -> Whole:
    """Return the value of a size, without its trace."""
    return dim if isinstance(dim, (int, Poly)) else dim.value


def decided(relation: Relation, left: Whole, right: Whole) -> bool | None:
    """Return True if a relation holds for all values of the symbols, False if for none, None if undecided."""
    if isinstance(left, int) and isinstance(right, int):
        if relation == "divides":
            return left != 0 and right % left == 0
        return {"at_least": left >= right, "above": left > right, "equal": left == right}[relation]
    from cnncalc.dims.bounds import at_least_zero, positive, zero

    if relation != "divides":
        return {"at_least": at_least_zero, "above": positive, "equal": zero}[relation](left - right)
    nothing = zero(left)  # 0 divides nothing
    if nothing is not False:
        return False if nothing else None
    from cnncalc.dims.division import quotient_of

    if isinstance(left, int) and isinstance(right, Poly) and fractional(right):
        from cnncalc.dims.calls import multiple

        if multiple(right, left):
            return True
    quotient = quotient_of(right, left)
    if quotient is not None and is_whole(quotient):
        return True
    try:
        return zero(right % left)
    except Inconclusive:
        return None


def solved(left: Whole, right: Whole) -> tuple[Whole, Whole]:
    """Simplify left >= right: isolate the number on the right, and remove floors, factors and fractions where possible."""
    from cnncalc.dims.division import without_fractions

    difference, _ = without_fractions(left - right, 1)
    while isinstance(difference, Poly):
        terms = dict(difference._terms)
        constant = terms.pop((), 0)
        if len(terms) > 1:
            break
        ((monomial, number),) = terms.items()
        if len(monomial) > 1 or monomial[0][1] > 1 or number < 0:
            break
        if not difference.scope.whole(monomial):  # of fractions, n·x >= c if and only if x >= c/n
            return made({monomial: 1}, difference.scope), make({(): ratio(-constant, number)}, difference.scope) if constant else 0
        least = -(constant // number)  # n·x >= -c if and only if x >= ⌈-c/n⌉, for whole x
        floor = monomial[0][0]
        if not isinstance(floor, Floor):  # calls are as good as symbols: their pieces are not taken apart
            return make({monomial: 1}, difference.scope), least
        difference = floor.numerator - least * floor.divisor  # ⌊n/b⌋ >= m if and only if n >= b·m
    if not isinstance(difference, Poly):
        return left, right
    return balanced(difference)


def balanced(difference: Poly) -> tuple[Whole, Whole]:
    """Write difference >= 0 as left >= right without minus signs."""
    left = {monomial: number for monomial, number in difference._terms.items() if number > 0}
    right = {monomial: -number for monomial, number in difference._terms.items() if number < 0}
    return make(left, difference.scope), make(right, difference.scope)


def reduced(divisor: Whole, value: Whole) -> tuple[Whole, Whole]:
    """Simplify "divisor divides value": remove multiples of the divisor, common factors and fractions."""
    from cnncalc.dims.division import without_fractions

    value, divisor = without_fractions(value, divisor)
    if not isinstance(divisor, int) or isinstance(value, int) or divisor < 1:
        return divisor, value
    if not value.whole:
        common = gcd(divisor, *value._terms.values())  # type: ignore[arg-type]  # fractions were cleared before
        return divisor // common, value * ratio(1, common)
    rest = {monomial: number % divisor for monomial, number in value._terms.items() if number % divisor}
    if not any(rest):
        return divisor, value
    common = gcd(divisor, *rest.values())  # type: ignore[arg-type]  # fractions were cleared before
    if len(rest) == 1:  # the rest of the coefficient is coprime to the divisor
        return divisor // common, make(dict.fromkeys(rest, 1), value.scope)
    return divisor // common, make({monomial: number // common for monomial, number in rest.items()}, value.scope)
