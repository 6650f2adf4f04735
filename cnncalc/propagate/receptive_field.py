"""What one value sees of a network's input: in goes what its inputs see, out comes extent, jump and offset by axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.graph.graph import Placed


class Sight(NamedTuple):
    """Along one axis: a value sees `extent` input places, the first value from `start` on, each next one `jump` further.

    Sizes are whole numbers, fractions behind a transposed convolution, or formulas.
    """

    extent: Any
    jump: Any
    start: Any


View = tuple[Sight, Sight]
PIXEL: View = (Sight(1, 1, 0), Sight(1, 1, 0))


def sees(placed: Placed, views: list[View]) -> View:
    """What the output of a layer sees, where its inputs see this."""
    view = (
        views[0]
        if len(views) == 1 or all(each == views[0] for each in views)
        else (_union(v[0] for v in views), _union(v[1] for v in views))
    )
    reaches = None if placed.layer.merges else placed.layer.reach(*placed.inputs)
    if reaches is None:
        return view
    down, across = (
        # r' = r + (F - 1) * j,  j' = j * S,  and the first window begins P places early
        Sight(sight.extent + (reach.extent - 1) * sight.jump, sight.jump * reach.step, sight.start + reach.start * sight.jump)
        for sight, reach in zip(view, reaches, strict=True)
    )
    return down, across


def _union(sights: Iterable[Sight]) -> Sight:
    """From the first place that any branch sees to the last; neighbours are as far apart as in the coarsest branch."""
    first, *others = sights
    extent, jump, start = first
    end = start + extent
    for other in others:
        jump = _larger(jump, other.jump)
        end = _larger(end, other.start + other.extent)
        start = -_larger(-start, -other.start)
    return Sight(end - start, jump, start)


def _larger(one: Any, other: Any) -> Any:
    return other if other >= one else one
