"""Finds how large symbols must be for an undecided question to have one answer."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly
from cnncalc.dims.terms import tidy

if TYPE_CHECKING:
    from cnncalc.dims.poly import Inconclusive
    from cnncalc.dims.terms import Number

STEPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # bounds to try
PARTS = 16  # bounds of fractions are multiples of 1/16


def decided_from(error: Inconclusive) -> dict[str, Number]:
    """Return a lower bound of one symbol (or of all) from which the question is decided; empty if none was found."""
    value = error.value
    if not isinstance(value, Poly):
        return {}
    fractions = [name for name in value.symbols if not value.scope.domain(name).whole]
    if fractions:
        return fraction_from(error, value, fractions)
    names = value.symbols
    for some in (*([name] for name in names), *([list(names)] if len(names) > 1 else ())):

        def decided(least: int, some: list[str] = some) -> bool:
            return error.verdict(value.within(value.scope.narrowed(dict.fromkeys(some, least)))) is not None

        below = max(int(value.scope.domain(name).least) for name in some)
        for least in (step for step in STEPS if step > below):
            if decided(least):
                between = range(below + 1, least)
                return dict.fromkeys(some, below + 1 + bisect_left(between, True, key=decided))
            below = least
    return {}


def fraction_from(error: Inconclusive, value: Poly, names: list[str]) -> dict[str, Number]:
    """Return the lowest bound of one fraction, a multiple of 1/16, from which the question is decided; empty if none was found."""
    from fractions import Fraction

    for name in names:
        bounds = [tidy(Fraction(part, PARTS)) for part in (*range(1, 4 * PARTS), *(PARTS * step for step in STEPS[2:]))]
        bounds = [bound for bound in bounds if bound > value.scope.domain(name).least]

        def decided(least: Number, name: str = name) -> bool:
            return error.verdict(value.within(value.scope.narrowed({name: least}))) is not None

        place = bisect_left(bounds, True, key=decided)
        if place < len(bounds):
            return {name: bounds[place]}
    return {}
