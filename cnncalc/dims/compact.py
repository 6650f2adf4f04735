"""Rewrites formulas with fewer terms: 3·H·W − 12·H − 12·W + 48 becomes 3·(H − 4)·(W − 4).

The result has the same value but is not in normal form: it is for display, not for computing. 2·k + 2 is not changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly, made, make, symbol
from cnncalc.dims.terms import Floor, FunctionCall, less

if TYPE_CHECKING:
    from cnncalc.dims.domains import SymbolScope
    from cnncalc.dims.terms import Monomial, Number, Terms, Whole

MOST_TERMS = 200  # longer formulas are not rewritten


def compact(dim: Whole) -> Whole:
    """Return the same value with fewer terms, by moving whole numbers into floors and into brackets with symbols."""
    if not isinstance(dim, Poly) or len(dim._terms) > MOST_TERMS:
        return dim
    atoms = sorted({atom for monomial in dim._terms for atom, _ in monomial})
    names = {atom: f"\0{place}" for place, atom in enumerate(atoms)}  # not the name of a symbol
    best = made({renamed(monomial, names): number for monomial, number in dim._terms.items()}, dim.scope)
    moved = dict.fromkeys(atoms, 0)
    for atom in [*atoms, *atoms]:  # twice, since one change can enable another
        if not dim.scope.whole(((atom, 1),)) or isinstance(atom, FunctionCall):
            continue  # ⌊w - 1⌋ is no name for w - 1
        step, best = moved_best(best, names[atom], alone=isinstance(atom, Floor))
        moved[atom] += step
    back = {names[atom]: shifted(atom, step, dim.scope) for atom, step in moved.items()}
    return make({renamed(monomial, back): number for monomial, number in best._terms.items()}, dim.scope)


def renamed(monomial: Monomial, names: dict[str, str]) -> Monomial:
    """Rename the atoms of a monomial."""
    return tuple(sorted((names[atom], power) for atom, power in monomial))


def moved_best(value: Poly, name: str, *, alone: bool) -> tuple[int, Poly]:
    """Return the shift of a symbol that gives the shortest formula, and that formula; 0 if none is shorter."""
    best = 0, value
    for step in sorted(steps(value._terms, name, alone=alone)):
        found = value.at({name: symbol(name, value.scope) + step})
        assert isinstance(found, Poly)  # the shifted symbol remains
        if len(found._terms) < len(best[1]._terms):
            best = step, found
    return best


def steps(terms: Terms, name: str, *, alone: bool) -> set[int]:
    """Return the integers s for which x = x' + s cancels a term next to c·xⁿ; constants are included only with `alone`."""
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
    """Subtract an integer from an atom: ⌊(H + 1)/2⌋ - 3 becomes ⌊(H - 5)/2⌋; a symbol becomes a floor with divisor 1."""
    if not step:
        return atom
    if isinstance(atom, Floor):
        return Floor(atom.numerator - step * atom.divisor, atom.divisor)
    return Floor(symbol(atom, scope) - step, 1)
