"""Rewrites formulas with fewer terms: 3·H·W − 12·H − 12·W + 48 becomes 3·(H − 4)·(W − 4).

What comes out has the same value, but is not in normal form: it is for reading, not for computing. 2·k + 2 stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly, made, make, symbol
from cnncalc.dims.terms import Floor, less

if TYPE_CHECKING:
    from cnncalc.dims.domains import SymbolScope
    from cnncalc.dims.terms import Monomial, Number, Terms, Whole

MOST_TERMS = 200  # of formulas that are looked at


def compact(dim: Whole) -> Whole:
    """The same value in fewer terms, with whole numbers taken into floors and into brackets beside symbols."""
    if not isinstance(dim, Poly) or len(dim._terms) > MOST_TERMS:
        return dim
    atoms = sorted({atom for monomial in dim._terms for atom, _ in monomial})
    names = {atom: f"\0{place}" for place, atom in enumerate(atoms)}  # no symbol is called so
    best = made({renamed(monomial, names): number for monomial, number in dim._terms.items()}, dim.scope)
    moved = dict.fromkeys(atoms, 0)
    for atom in [*atoms, *atoms]:  # twice: what one makes possible comes after it, or before
        step, best = moved_best(best, names[atom], alone=isinstance(atom, Floor))
        moved[atom] += step
    back = {names[atom]: shifted(atom, step, dim.scope) for atom, step in moved.items()}
    return make({renamed(monomial, back): number for monomial, number in best._terms.items()}, dim.scope)


def renamed(monomial: Monomial, names: dict[str, str]) -> Monomial:
    """A monomial with other names for its atoms."""
    return tuple(sorted((names[atom], power) for atom, power in monomial))


def moved_best(value: Poly, name: str, *, alone: bool) -> tuple[int, Poly]:
    """The number that makes the shortest formula where it is taken out of a symbol, and that formula; 0 where none is shorter."""
    best = 0, value
    for step in sorted(steps(value._terms, name, alone=alone)):
        found = value.at({name: symbol(name, value.scope) + step})
        assert isinstance(found, Poly)  # a symbol that is moved is still there
        if len(found._terms) < len(best[1]._terms):
            best = step, found
    return best


def steps(terms: Terms, name: str, *, alone: bool) -> set[int]:
    """The whole numbers s with which the terms beside c·xⁿ vanish where x is x' + s; numbers that stand alone only where that is wanted."""
    found: set[int] = set()
    for monomial, number in terms.items():
        power = dict(monomial).get(name, 0)
        if power:
            rest = less(monomial, ((name, 1),))
            beside: Number = terms.get(rest, 0) if rest or alone else 0
            if beside and beside % (power * number) == 0:
                found.add(int(-beside // (power * number)))
    return found


def shifted(atom: str, step: int, scope: SymbolScope) -> str:
    """An atom less a whole number: ⌊(H - 5)/2⌋ for ⌊(H + 1)/2⌋ - 3; a symbol less one stands over 1."""
    if not step:
        return atom
    if isinstance(atom, Floor):
        return Floor(atom.numerator - step * atom.divisor, atom.divisor)
    return Floor(symbol(atom, scope) - step, 1)
