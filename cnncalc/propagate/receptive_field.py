"""Receptive fields: the input pixels that each unit of a layer depends on.

A unit is one position of a layer's output, with all its channels. Along each axis, its field spans the first to the last input pixel it
depends on. Kernels are not clipped at the edges of their input.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import Inconclusive, Poly
from cnncalc.layers.contract import position
from cnncalc.layers.window import OPEN as OPEN_REACH
from cnncalc.layers.window import ZEROS, Reach
from cnncalc.limits import LimitError
from cnncalc.propagate.channels import enough, loses
from cnncalc.propagate.unit_fields import (
    UNKNOWN,
    UNKNOWN_GATE,
    UnitFields,
    among,
    extremes,
    hull,
    narrower,
    range_of,
    tabulated,
    through,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.dims import Dim
    from cnncalc.graph.network_graph import Graph, Node, PlacedLayer
    from cnncalc.layers import Volume

MOST_COMPARED = 200_000  # differing units in all layers of a network; later fields are unknown
MOST_PATHS = 8  # paths with different jumps, or paths that could become the narrowest


class AxisView(NamedTuple):
    """Receptive fields of a layer's units along one axis; None where unknown."""

    fields: tuple[UnitFields, ...]  # one per jump: the union over all paths with that jump
    paths: tuple[UnitFields, ...]  # single paths that are, or could become, the narrowest
    largest: Any  # largest field of a unit
    smallest: Any
    least: Any  # smallest field along a single path
    exact: bool = True  # False: an upper bound, since the layer may not read all the channels that were counted

    @property
    def jump(self) -> Any:
        """Input pixels between the fields of adjacent units, on average; 0 if all units see the same, None if paths differ."""
        moving = [fields.jump for fields in self.fields if fields.advance != 0]
        return (None if len(moving) > 1 else moving[0]) if moving else 0

    @property
    def start(self) -> Any:
        """First pixel of the first unit's field, without gates."""
        moving = [fields for fields in self.fields if fields.advance != 0] or self.fields
        if any(fields.extent is None for fields in moving):
            return None
        try:
            first = hull([fields.field(0) for fields in moving])
        except Inconclusive:
            return None
        return first and known(first[0])


View = tuple[AxisView, ...]  # by side of the network's input
ONE = (UnitFields(1, 1, 0),)
PIXEL = AxisView(ONE, ONE, 1, 1, 1)
OWN_PLACE = Reach(1, 1, 0)
NOTHING = AxisView((), (), 0, 0, 0)  # of a volume that does not depend on the input
OPEN = AxisView((UNKNOWN,), (UNKNOWN,), None, None, None)


def views(graph: Graph, reach: Callable[[Node], tuple[Reach, ...] | None], many: int | None = None) -> list[View]:
    """Return the views of all layers (or the first `many`), in the order of the file."""
    computed: list[View] = []
    channels: list[Dim] = []  # for each layer, consecutive channels that cover the field of their position
    size = graph.nodes[0].placed.output
    unknown = (OPEN,) * size.rank
    compared = 0
    for node in graph.nodes[:many]:
        placed, inputs = node.placed, node.inputs
        seen = [computed[each] for each in inputs]
        view = view_of(reach(node), seen, placed, size) if seen else (NOTHING if placed.layer.is_source else PIXEL,) * size.rank
        if seen and view is not seen[0]:
            compared += sum([len(fields.cycle) for axis in view for fields in axis.fields])
            if compared > MOST_COMPARED:
                view = unknown
        if seen and loses(placed, channels[inputs[0]]):
            view = tuple([axis._replace(exact=False) for axis in view])
        computed.append(view)
        channels.append(enough(graph, node, channels))
    return computed


def view_of(reach: tuple[Reach, ...] | None, seen: Sequence[View], placed: PlacedLayer, size: Volume) -> View:
    """Return the view of a layer from its reach, the views of its inputs and the size of the network's input."""
    y = placed.output
    if any(x.rank != size.rank for x in (*placed.inputs, y)):
        return tuple([anywhere(axis, reach, placed, at, size[at]) for at, axis in enumerate(zip(*seen, strict=True))])
    if len(seen) == 1 and (reach is None or (set(reach) == {OWN_PLACE} and y.sides == placed.inputs[0].sides)):
        return seen[0]
    axes = list(zip(*broadcast_views(placed, seen), strict=True))
    shifted = position(y, placed.layer.along) if placed.layer.kind == "concat" else -1  # type: ignore[attr-defined]  # a concat has it
    view: list[AxisView] = []
    for i, axis in enumerate(axes):
        if i == shifted:
            view.append(along(behind(axis, [x[i] for x in placed.inputs]), None, y[i], size[i])._replace(exact=False))
        elif (
            i > 0
            and y[i] == y[i - 1]
            and size[i] == size[i - 1]
            and (reach is None or reach[i] == reach[i - 1])
            and all(map(is_, axis, axes[i - 1]))
        ):
            view.append(view[-1])
        else:
            view.append(along(axis, None if reach is None else reach[i], y[i], size[i]))
    return tuple(view)


def anywhere(seen: Sequence[AxisView], reach: tuple[Reach, ...] | None, placed: PlacedLayer, at: int, pixels: Dim) -> AxisView:
    """Return the view of a layer where the number of sides changes: an upper bound, since a unit counts as seeing what any unit does."""
    if reach is not None and OPEN_REACH in reach:
        return OPEN
    views = [spread_out(view, x[at] if at < x.rank else 1) for view, x in zip(seen, placed.inputs, strict=True)]
    return along(views, None, 1, pixels)._replace(exact=False)


def spread_out(view: AxisView, units: Dim) -> AxisView:
    """Return the view in which every unit sees what the first to the last see together."""
    fields, paths = (tuple([overall(each, units) for each in several]) for several in view[:2])
    return view._replace(fields=fields, paths=paths)


def overall(fields: UnitFields, units: Dim) -> UnitFields:
    """Return the union of the fields of all units, as that of a gate."""
    if fields.extent is None or fields.advance == 0:
        return UNKNOWN_GATE if fields.extent is None else fields
    try:
        return together([tabulated((fields.field(0),), 0), tabulated((fields.field(units - 1),), 0)])
    except (Inconclusive, LimitError, OverflowError):
        return UNKNOWN_GATE


def broadcast_views(placed: PlacedLayer, seen: Sequence[View]) -> Sequence[View]:
    """Return the views of a layer's inputs; an input dimension of 1 that is broadcast has the same field everywhere."""
    y = placed.output
    if len(seen) == 1 or all(x.sides == y.sides for x in placed.inputs):
        return seen
    return [
        tuple([stretched(axis) if one == 1 != side else axis for axis, one, side in zip(view, x, y.sides, strict=False)])
        for x, view in zip(placed.inputs, seen, strict=True)
    ]


def stretched(view: AxisView) -> AxisView:
    """Return the view in which every unit has the field of the first."""
    fields, paths = (
        tuple([UNKNOWN_GATE if each.extent is None else tabulated((each.field(0),), 0) for each in several]) for several in view[:2]
    )
    return view._replace(fields=fields, paths=paths)


def behind(seen: Sequence[AxisView], units: Sequence[Dim]) -> list[AxisView]:
    """Return the views of volumes that are laid one behind the other, in units of the whole."""
    views: list[AxisView] = []
    start: Dim = 0
    for view, count in zip(seen, units, strict=True):
        shift = Reach(1, 1, -start)
        fields, paths = (tuple([next_fields(each, shift) for each in several]) for several in view[:2])
        views.append(view._replace(fields=fields, paths=paths))
        start = start + count
    return views


def along(seen: Sequence[AxisView], reach: Reach | None, units: Dim, size: Dim) -> AxisView:
    """Return the view of a layer along one axis."""
    exact = all(view.exact for view in seen)
    fields = several = [each for view in seen for each in view.fields]
    if not several:
        return NOTHING
    paths = [each for view in seen for each in view.paths]
    if reach is not None:
        fields = [next_fields(each, reach) for each in several]
        paths = fields if several == paths else [next_fields(each, reach) for each in paths]
    if len(fields) == len(paths) == 1 and not fields[0].cycle:
        extent = known(fields[0].extent)
        return AxisView((fields[0],), (paths[0],), extent, extent, known(paths[0].extent), exact)
    merged_fields, narrow = joined(fields), narrowest(paths)
    largest, smallest = map(known, extremes(merged_fields, units, size))
    return AxisView(merged_fields, narrow, largest, smallest, known(least(narrow, units)), exact)


def known(value: Any) -> Any:
    """Return a number or formula, or None if it depends on unknown zeros."""
    return None if isinstance(value, Poly) and any(name.startswith(ZEROS) for name in value.symbols) else value


def next_fields(fields: UnitFields, reach: Reach) -> UnitFields:
    """Return the fields after one more layer; unknown if they cannot be computed."""
    try:
        return through(fields, reach)
    except (Inconclusive, LimitError, OverflowError):
        return UNKNOWN_GATE if 0 in (fields.advance, reach.stride) else UNKNOWN


def joined(several: Sequence[UnitFields]) -> tuple[UnitFields, ...]:
    """Merge the fields of all paths with the same jump."""
    groups: dict[Any, list[UnitFields]] = {}
    for fields in several:
        groups.setdefault(fields.jump, []).append(fields)
    fields_by_jump = [merged(group) for group in groups.values()]
    return (UNKNOWN,) if UNKNOWN in fields_by_jump or len(fields_by_jump) > MOST_PATHS else tuple(fields_by_jump)


def merged(group: Sequence[UnitFields]) -> UnitFields:
    """Merge fields with the same jump; unknown if they cannot be computed."""
    try:
        return together(group)
    except (Inconclusive, LimitError, OverflowError):
        return UNKNOWN_GATE if group[0].advance == 0 else UNKNOWN


def narrowest(paths: Sequence[UnitFields]) -> tuple[UnitFields, ...]:
    """Return the paths that are, or could become, the narrowest."""
    candidates: list[UnitFields] = []
    for path in dict.fromkeys(paths):
        if not any(narrower(each, path) for each in candidates):
            candidates = [*(each for each in candidates if not narrower(path, each)), path]
    return tuple(candidates) if len(candidates) <= MOST_PATHS else (UNKNOWN,)


def least(paths: Sequence[UnitFields], units: Dim) -> Any:
    """Return the smallest non-empty field of a unit along one of the paths."""
    try:
        if any(path.extent is None for path in paths):
            return None
        return range_of([width for path in paths for width in path.widths(among(path, units)) if width != 0])[1]
    except Inconclusive:
        return None
