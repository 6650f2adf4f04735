"""What one value sees of a network's input: in goes what its inputs see, out comes extent, jump and offset by axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import Inconclusive
from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.graph.graph import Graph, Placed
    from cnncalc.layers.window import Reach
    from cnncalc.propagate.costs import Cost


class Sight(NamedTuple):
    """Along one axis: a value sees `extent` input places, the first value from `start` on, each next one `jump` further.

    Sizes are whole numbers, fractions behind a transposed convolution, or formulas; None where they depend on the values of symbols.
    Where there is one place only, as behind a global pool, it has no neighbour: its jump is 0. Where such a gate of one place is laid over
    a volume, every value sees `alike` as well, from a first place up to an end, however far it stands from the others. By the narrowest
    of the ways to it, a value sees `least`.
    """

    extent: Any
    jump: Any
    start: Any
    alike: tuple[Any, Any] | None = None
    least: Any = None

    @property
    def width(self) -> Any:
        """The input places that a value in the middle sees: its own, or those that a gate shows to all, whatever is more."""
        if self.alike is None:
            return self.extent
        first, end = self.alike
        try:
            return None if first is None else _larger(self.extent, end - first)
        except Inconclusive:
            return None


View = tuple[Sight, Sight]
PIXEL: View = (Sight(1, 1, 0, least=1), Sight(1, 1, 0, least=1))
OPEN = Sight(None, None, None)
OPEN_GATE = Sight(None, 0, None)
MOST_BITS = 1_024  # of a number that is followed further; upsampling and pooling in turn make longer and longer ones
LONG = 1 << MOST_BITS
UNKNOWN = (None, None)  # what is seen alike, where that depends on the values of symbols


def views(graph: Graph, costs: Mapping[Placed, tuple[Cost, Any]]) -> list[View]:
    """What every layer of a network sees, in the order of the file."""
    found: list[View] = []
    for node in graph.nodes:
        seen = [found[each] for each in node.inputs]
        if len(seen) > 1:
            seen = arriving(node.placed, seen)
        try:
            view = sees(costs[node.placed][0].reach, seen) if seen else PIXEL
        except LimitError:  # a formula grows too long
            view = (OPEN, OPEN)
        found.append((OPEN, OPEN) if any(map(_long, (view[0].extent, view[0].jump, view[1].extent, view[1].jump))) else view)
    return found


def _long(number: Any) -> bool:
    """Whether a number has too many digits to go on with."""
    if isinstance(number, int):
        return number >= LONG
    return number is not None and hasattr(number, "denominator") and (number.numerator >= LONG or number.denominator >= LONG)


def arriving(placed: Placed, views: list[View]) -> list[View]:
    """What the inputs of a merge see; a side of 1 that stretches is the same everywhere, so its values are no distance apart."""
    y = placed.output
    if all(x[:2] == y[:2] for x in placed.inputs):
        return views
    return [
        (down._replace(jump=0) if x.h == 1 != y.h else down, across._replace(jump=0) if x.w == 1 != y.w else across)
        for x, (down, across) in zip(placed.inputs, views, strict=True)
    ]


def sees(reach: tuple[Reach, Reach] | None, views: list[View]) -> View:
    """What the output of a layer sees, by its own reach, where its inputs see this."""
    view = views[0]
    if len(views) > 1:
        view = _union([down for down, _ in views]), _union([across for _, across in views])
    return view if reach is None else (_further(view[0], reach[0]), _further(view[1], reach[1]))


def _further(sight: Sight, reach: Reach) -> Sight:
    """One layer further: r' = r + (F - 1) * j and j' = j * S, and the first window begins P places early."""
    extent, jump, start, alike, least = sight
    if extent is None or reach.extent is None:
        return OPEN_GATE if 0 in (jump, reach.step) else OPEN
    begin = None if start is None or reach.start is None else start + reach.start * jump
    more = (reach.extent - 1) * jump
    further = Sight(extent + more, jump * reach.step, begin, alike, None if least is None else least + more)
    if alike is not None and reach.step == 0:  # one place sees what all its inputs see
        if begin is None or alike == UNKNOWN:
            return OPEN_GATE
        return _union([further._replace(alike=None), Sight(alike[1] - alike[0], 0, alike[0], least=further.least)])
    return further


def _union(sights: list[Sight]) -> Sight:
    """From the first place that any branch sees to the last; neighbours are as far apart as in the coarsest branch."""
    if any(sight.start is None and sight.jump != 0 for sight in sights):
        return OPEN
    moving = [sight for sight in sights if sight.jump != 0]
    if not moving and OPEN_GATE in sights:
        return OPEN_GATE
    try:
        if not moving or (len(moving) == len(sights) and all(sight.alike is None for sight in sights)):
            return _hull(sights)
        hull = _hull(moving)
    except Inconclusive:
        return OPEN
    fixed = [UNKNOWN if sight.start is None else (sight.start, sight.start + sight.extent) for sight in sights if sight.jump == 0]
    return hull._replace(alike=_alike(fixed + [sight.alike for sight in sights if sight.alike is not None]))


def _hull(sights: list[Sight]) -> Sight:
    """What values see that move with their place."""
    jump = sights[0].jump
    for other in sights[1:]:
        jump = _larger(jump, other.jump)
    first, end = _ends([(sight.start, sight.start + sight.extent) for sight in sights])
    return Sight(end - first, jump, first, least=_least([sight.least for sight in sights]))


def _least(seen: list[Any]) -> Any:
    """The narrowest, where that is known."""
    if None in seen:
        return None
    least = seen[0]
    try:
        for other in seen[1:]:
            least = -_larger(-least, -other)
    except Inconclusive:
        return None
    return least


def _alike(seen: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """What several gates show, from the first place to the last."""
    if UNKNOWN in seen:
        return UNKNOWN
    try:
        return _ends(seen)
    except Inconclusive:
        return UNKNOWN


def _ends(seen: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    first, end = seen[0]
    for begin, until in seen[1:]:
        first = -_larger(-first, -begin)
        end = _larger(end, until)
    return first, end


def _larger(one: Any, other: Any) -> Any:
    return other if other >= one else one
