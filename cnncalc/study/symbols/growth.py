"""How metrics grow with each symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims import Poly, at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from cnncalc.dims import Dim

Powers = tuple[tuple[str, int], ...]  # symbols and their powers


def order(figure: Dim, together: Iterable[str] = ()) -> list[Powers]:
    """Return the highest power of each symbol in a formula; symbols in `together` that are multiplied by each other are grouped."""
    if not isinstance(figure, Poly):
        return []
    powers = {name: power for name in figure.symbols if (power := figure.degree(name)) > 0}
    sides = [name for name in together if name in powers]
    if not _meet(figure, {name: powers[name] for name in sides}):
        sides = []
    alone: list[Powers] = [((name, power),) for name, power in powers.items() if name not in sides]
    return [tuple((name, powers[name]) for name in sides), *alone] if sides else alone


def _meet(figure: Poly, powers: Mapping[str, int]) -> bool:
    """Return whether some term contains all these symbols in their highest powers."""
    return any(all(_degree(monomial, name) == power for name, power in powers.items()) for _, monomial in figure.terms)


def _degree(monomial: Iterable[tuple[str, int]], name: str) -> int:
    from cnncalc.dims.poly import atom_degree

    return sum(power * atom_degree(atom, name) for atom, power in monomial)


class Doubling(NamedTuple):
    """The factor by which a number grows when a symbol is doubled."""

    symbol: str
    value: int
    times: Fraction


def doublings(figure: Dim, point: Mapping[str, int]) -> list[Doubling]:
    """Return the effect of doubling each symbol at a point; empty if the number is 0 or still has symbols there."""
    from fractions import Fraction

    if not isinstance(figure, Poly) or any(name not in point for name in figure.symbols):
        return []
    before = at(figure, point)
    effects = []
    for name in figure.symbols:
        after = at(figure, {**point, name: 2 * point[name]})
        if isinstance(before, int) and isinstance(after, int) and before:
            effects.append(Doubling(name, point[name], Fraction(after, before)))
    return effects
