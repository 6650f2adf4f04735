"""What one value sees of a network's input: in goes what its inputs see, out comes extent, jump and offset by axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import Inconclusive

if TYPE_CHECKING:
    from cnncalc.graph.graph import Placed
    from cnncalc.layers.window import Reach


class Sight(NamedTuple):
    """Along one axis: a value sees `extent` input places, the first value from `start` on, each next one `jump` further.

    Sizes are whole numbers, fractions behind a transposed convolution, or formulas; None where they depend on the values of symbols.
    """

    extent: Any
    jump: Any
    start: Any


View = tuple[Sight, Sight]
PIXEL: View = (Sight(1, 1, 0), Sight(1, 1, 0))
OPEN = Sight(None, None, None)


def arriving(placed: Placed, views: list[View]) -> list[View]:
    """What the inputs of a merge see; a side of 1 that stretches is the same everywhere, so its values are no distance apart."""
    y = placed.output
    if all(x[:2] == y[:2] for x in placed.inputs):
        return views
    return [
        (down if x.h == y.h else down._replace(jump=0), across if x.w == y.w else across._replace(jump=0))
        for x, (down, across) in zip(placed.inputs, views, strict=True)
    ]


def sees(reach: tuple[Reach, Reach] | None, views: list[View]) -> View:
    """What the output of a layer sees, by its own reach, where its inputs see this."""
    view = views[0]
    if len(views) > 1 and (any(other != view for other in views) or view[0].start is None or view[1].start is None):
        view = _union([down for down, _ in views]), _union([across for _, across in views])
    return view if reach is None else (_further(view[0], reach[0]), _further(view[1], reach[1]))


def _further(sight: Sight, reach: Reach) -> Sight:
    """One layer further: r' = r + (F - 1) * j and j' = j * S, and the first window begins P places early."""
    extent, jump, start = sight
    if extent is None or reach.extent is None:
        return OPEN
    begin = None if start is None or reach.start is None else start + reach.start * jump
    return Sight(extent + (reach.extent - 1) * jump, jump * reach.step, begin)


def _union(sights: list[Sight]) -> Sight:
    """From the first place that any branch sees to the last; neighbours are as far apart as in the coarsest branch."""
    if any(sight.start is None for sight in sights):
        return OPEN
    first, *others = sights
    extent, jump, start = first
    end = start + extent
    try:
        for other in others:
            jump = _larger(jump, other.jump)
            end = _larger(end, other.start + other.extent)
            start = -_larger(-start, -other.start)
    except Inconclusive:
        return OPEN
    return Sight(end - start, jump, start)


def _larger(one: Any, other: Any) -> Any:
    return other if other >= one else one
