"""Decides questions about formulas of one fraction that jump: between two jumps they have one value."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly, evaluate
from cnncalc.dims.terms import Atom, Floor, FunctionCall, ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.dims.terms import Number, Whole

MOST_JUMPS = 2_000
TAILS = (1, 2, 4, 8, 16, 32, 64)  # bounds from which a question may be decided at once


def decided_by_pieces(value: Poly, holds: Callable[[Number], bool]) -> bool | None:
    """Return whether `holds` is true for all values of a formula, or for none; None if undecided.

    Beyond some bound a linear bound of the formula decides; below it, one value of every piece is computed.
    """
    name, *others = value.symbols
    if others or not steps(value):
        return None
    least = value.scope.domain(name).least
    for tail in (tail for tail in TAILS if tail > least):
        answer = tail_verdict(value.within(value.scope.narrowed({name: tail})), holds)
        if answer is None:
            continue
        points = jumps(value, name, tail)
        if points is None:
            return None
        ends = sorted({point for point in points if least < point < tail} | {least, tail})
        inside = [*ends[1 if not least else 0 :], *(ratio(low + high, 2) for low, high in pairwise(ends))]
        value.scope.meter.operate(len(inside) * (4 + 4 * len(value._terms)))
        return answer if all(holds(number_of(value, name, point)) == answer for point in inside) else None
    return None


def tail_verdict(value: Whole, holds: Callable[[Number], bool]) -> bool | None:
    """Return what bounds show: a question whose answer is the same for all numbers on one side of 0."""
    from cnncalc.dims.bounds import lower, upper

    if isinstance(value, int):
        return holds(value)
    least, most = lower(value), upper(value)
    if least is not None and least > 0:
        return holds(1)
    return holds(-1) if most is not None and most < 0 else None


def number_of(value: Poly, name: str, point: Number) -> Number:
    """Return the value at a point."""
    number = evaluate(value, {name: point})  # type: ignore[dict-item]  # fractions are numbers here
    assert not isinstance(number, Poly)
    return number


def jumps(value: Whole, name: str, most: int) -> set[Number] | None:
    """Return all points up to `most` where the floors and calls of a formula can jump; None if they are too many or not known."""
    found: set[Number] = set()
    for atom in atoms_of(value):
        inner = [jumps(part, name, most) for part in atom.parts]
        own = own_jumps(atom, name, most)
        for points in (*inner, own):
            if points is None or len(found) > MOST_JUMPS:
                return None
            found |= points
    return found


def own_jumps(atom: Atom, name: str, most: int) -> set[Number] | None:
    """Return where one atom can jump between the jumps of its parts."""
    one, other = atom.parts
    choice = isinstance(atom, FunctionCall) and atom.function != "divisible"
    lines = forms(one - other if choice else one, name)
    if lines is None or not (choice or isinstance(other, int)):
        return None
    found: set[Number] = set()
    for slope, start in lines:
        if choice:
            found.update((ratio(-start, slope),) if slope else ())
            continue
        assert isinstance(other, int)
        for step in (other,) if isinstance(atom, Floor) else (ratio(other, 2), ratio(10 * other, 9)):  # 9v/10 passes a multiple of b
            first, last = sorted((start // step, (slope * most + start) // step))
            if last - first > MOST_JUMPS:
                return None
            found.update(ratio(step * each - start, slope) for each in range(int(first), int(last) + 2) if slope)
    return found


def forms(value: Whole, name: str) -> list[tuple[Number, Number]] | None:
    """Return slope and start of the lines that a formula follows, with either part of `max` and `min`; none for steps."""
    if steps(value):
        return []
    assert isinstance(value, Poly)
    for atom in atoms_of(value):
        if isinstance(atom, FunctionCall) and not jumping(atom):
            found = [forms(value.at({atom: part}), name) for part in atom.parts]
            return None if None in found else [line for each in found for line in each or ()]
    rest = dict(value._terms)
    start, slope = rest.pop((), 0), rest.pop(((name, 1),), 0)
    return None if rest else [(slope, start)]


def atoms_of(value: Whole) -> list[Atom]:
    """Return the floors and calls of a formula, without those inside them."""
    terms = () if isinstance(value, int) else value._terms
    return sorted({atom for monomial in terms for atom, _ in monomial if isinstance(atom, Atom)})


def steps(value: Whole) -> bool:
    """Return whether a formula has one value between two jumps."""
    return isinstance(value, int) or all(isinstance(atom, Atom) and jumping(atom) for monomial in value._terms for atom, _ in monomial)


def jumping(atom: Atom) -> bool:
    """Return whether an atom has one value between two jumps."""
    return isinstance(atom, Floor) or (isinstance(atom, FunctionCall) and (atom.function == "divisible" or all(map(steps, atom.parts))))
