"""From where on a question has one answer: what could not be decided for all values goes in, out comes how large its symbols must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims.poly import Poly, symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.dims.poly import Inconclusive

STEPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # bounds that are tried


def decided_from(error: Inconclusive) -> dict[str, int] | None:
    """How large a symbol must be (all of them, where one alone is not enough) for one answer; None where no bound was found."""
    value = error.value
    if not isinstance(value, Poly):
        return None
    names = value.symbols
    for some in (*((name,) for name in names), *((names,) if len(names) > 1 else ())):
        below = max(getattr(name, "least", 1) for name in some)
        for least in STEPS:
            if least > below:
                if _answer(error, value, some, least) is not None:
                    return dict.fromkeys(map(str, some), _least(error, value, some, below, least))
                below = least
    return None


def _answer(error: Inconclusive, value: Poly, names: Iterable[str], least: int) -> bool | None:
    """What the verdict says where these symbols are at least so large."""
    return error.verdict(value.at({name: symbol(str(name), least, value.scope) for name in names}))


def _least(error: Inconclusive, value: Poly, names: Iterable[str], below: int, least: int) -> int:
    """The smallest bound with an answer, between one that has none and one that has it."""
    while least - below > 1:
        middle = (below + least) // 2
        if _answer(error, value, names, middle) is None:
            below = middle
        else:
            least = middle
    return least
