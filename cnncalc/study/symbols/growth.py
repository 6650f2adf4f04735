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
    """The highest power of each symbol in a figure; symbols of `together` that multiply each other there stand side by side."""
    if not isinstance(figure, Poly):
        return []
    powers = {name: power for name in figure.symbols if (power := figure.degree(name)) > 0}
    sides = [name for name in together if name in powers]
    if not _meet(figure, {name: powers[name] for name in sides}):
        sides = []
    alone: list[Powers] = [((name, power),) for name, power in powers.items() if name not in sides]
    return [tuple((name, powers[name]) for name in sides), *alone] if sides else alone


def _meet(figure: Poly, powers: Mapping[str, int]) -> bool:
    """Whether some term has all these symbols in their highest powers."""
    return any(all(_degree(monomial, name) == power for name, power in powers.items()) for _, monomial in figure.terms)


def _degree(monomial: Iterable[tuple[str, int]], name: str) -> int:
    from cnncalc.dims.poly import atom_degree

    return sum(power * atom_degree(atom, name) for atom, power in monomial)


class Doubling(NamedTuple):
    """How many times as large a figure is where a symbol is twice as large."""

    symbol: str
    value: int
    times: Fraction


def doublings(figure: Dim, point: Mapping[str, int]) -> list[Doubling]:
    """What doubling each symbol of a figure does, from a point on; nothing where the point leaves symbols open or the figure is 0."""
    from fractions import Fraction

    if not isinstance(figure, Poly) or any(name not in point for name in figure.symbols):
        return []
    here = at(figure, point)
    found = []
    for name in figure.symbols:
        there = at(figure, {**point, name: 2 * point[name]})
        if isinstance(here, int) and isinstance(there, int) and here:
            found.append(Doubling(name, point[name], Fraction(there, here)))
    return found
