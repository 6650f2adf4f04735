"""Finds how large symbols must be for an undecided question to have one answer."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly

if TYPE_CHECKING:
    from cnncalc.dims.poly import Inconclusive

STEPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # bounds to try


def decided_from(error: Inconclusive) -> dict[str, int]:
    """Return a lower bound of one symbol (or of all) from which the question is decided; empty if none was found."""
    value = error.value
    if not isinstance(value, Poly):
        return {}
    names = [name for name in value.symbols if value.scope.domain(name).whole]
    for some in (*([name] for name in names), *([names] if len(names) > 1 else ())):

        def decided(least: int, some: list[str] = some) -> bool:
            return error.verdict(value.within(value.scope.narrowed(dict.fromkeys(some, least)))) is not None

        below = max(value.scope.domain(name).least for name in some)
        for least in (step for step in STEPS if step > below):
            if decided(least):
                between = range(below + 1, least)
                return dict.fromkeys(some, below + 1 + bisect_left(between, True, key=decided))
            below = least
    return {}
