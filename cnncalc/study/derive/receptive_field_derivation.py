"""Derives a receptive field layer by layer along the path from the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive
from cnncalc.dims.arithmetic import value_of
from cnncalc.dims.notation import FormulaNode
from cnncalc.dims.traced import Traced
from cnncalc.layers.fields import suffixes
from cnncalc.propagate.receptive_field import broadcast_views
from cnncalc.propagate.rows import whole
from cnncalc.propagate.unit_fields import together
from cnncalc.propagate.walk import on_path
from cnncalc.study.derive.explained_layer import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.propagate.receptive_field import AxisView
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.study.derive.explained_layer import NamedNumbers

LONG = 24  # longest extent of a kernel, in characters, that is written out in the sum of a receptive field
Step = tuple[str, str, Any]  # the layer, r or j, and the traced number


def widest(report: Report, row: Row) -> list[Row]:
    """Return the path from the input to a row; at a merge it follows the input with the largest receptive field."""
    rows = [row]
    while rows[-1].node.inputs:
        sources = [report.rows[each] for each in rows[-1].node.inputs]
        best = sources[0]
        for source in sources[1:]:
            if wider(source, best):
                best = source
        rows.append(best)
    return rows[::-1]


def wider(one: Row, other: Row) -> bool:
    """Return whether a layer has a larger receptive field than another; False if that depends on symbols."""
    try:
        return bool(one.view[0].largest > other.view[0].largest)
    except (Inconclusive, TypeError):  # TypeError: an unknown field is None
        return False


def longest(report: Report) -> list[Row]:
    """Return the weight layers on the path that has most of them."""
    depths: list[int] = []
    for row in report.rows:
        depths.append(max((depths[each] for each in on_path(row.node)), default=0) + row.layer.is_weight_layer)
    at = max(report.graph.outputs, key=lambda each: depths[each])
    path = []
    while True:
        row = report.rows[at]
        if row.layer.is_weight_layer:
            path.append(row)
        if not row.node.inputs:
            return path[::-1]
        at = max(on_path(row.node), key=lambda each: depths[each])


def steps(report: Report, row: Row, names: NamedNumbers) -> Iterator[Step]:
    """Yield the growth of receptive field r and jump j along the path to a row, skipping layers that change neither."""
    rows = [each for each in widest(report, row) if each.cost.reach is not None or len(each.node.inputs) != 1]
    differ = any(fields.cycle for each in rows for axis in each.view for fields in axis.fields)
    most, average = (" of the units with the largest one", ", on average") if differ else ("", "")
    square = all(len({(axis.largest, axis.jump) for axis in each.view}) == 1 for each in rows)
    axes = [("r", "j", 0)] if square else [(f"r_{side}", f"j_{side}", i) for i, side in enumerate(suffixes(report.input.rank))]
    for extent, jump, axis in axes:
        so_far: dict[str, Any] = dict.fromkeys((extent, jump), int(not rows[0].layer.is_source))
        names.document(extent, f"receptive field so far{most}")
        names.document(jump, f"jump so far: input pixels from one unit to the next{average}")
        yield from ((rows[0].path, symbol, value) for symbol, value in so_far.items())
        for each in rows[1:]:
            if each.view[axis].jump is None and each.view[axis].largest is None:  # unknown here; a later layer may know it again
                continue
            inputs = input_views(report, each, axis)
            sums = next_step(report, each, inputs[0], (extent, jump), axis, names) if len(inputs) == 1 else after_merge(each, inputs, axis)
            for symbol, sum_ in zip((extent, jump), sums, strict=True):
                if sum_ is not None and sum_ != so_far[symbol]:
                    so_far[symbol] = value_of(sum_)
                    yield each.path, symbol, sum_


def input_views(report: Report, row: Row, axis: int) -> list[AxisView]:
    """Return the distinct views of a layer's inputs along an axis."""
    views = broadcast_views(row.node.placed, [report.rows[source].view for source in row.node.inputs])
    return list({view[axis].fields: view[axis] for view in views}.values())


def next_step(report: Report, row: Row, before: AxisView, symbols: tuple[str, str], axis: int, names: NamedNumbers) -> tuple[Any, Any]:
    """Return r + (F - 1)·j and j·S of one layer; after a gate, the larger of r and the gate's field. If unknown, plain numbers."""
    after = row.view[axis]
    result = after.largest, whole(after.jump)
    layer = explained(report, row)
    reach = layer.row.cost.reach
    own = [fields for fields in before.fields if fields.advance != 0] or before.fields
    if reach is None or reach[axis].extent is None or len(own) > 1 or own[0].extent is None or own[0].jump is None:
        return result
    for symbol in layer.names.symbols.values():
        names.document(symbol.symbol, symbol.doc)
    gates = [fields for fields in before.fields if fields not in own]
    jump = Traced.named(symbols[1], whole(own[0].jump))
    widths = [Traced.named("m" if gates else symbols[0], own[0].extent) + (brief(reach[axis].extent, "F") - 1) * jump]
    if gates:
        names.document("m", "receptive field without the gate")
        names.document("g", "receptive field of the gate, shared by all units")
        widths += [Traced.named("g", gate.extent) for gate in gates if gate.extent is not None]
    step: Any = brief(reach[axis].step, "S")
    if not isinstance(step, (int, Traced)):  # of a resize: any ratio of two sides
        names.document("q", "side of the input / side of the output")
        step = Traced.named("q", step)
    sums = largest(widths), jump * step
    return with_sums(sums, result)


def with_sums(sums: tuple[Any, Any], values: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return the traced sums that equal their values, and plain values otherwise."""
    return sums[0] if sums[0] == values[0] else values[0], sums[1] if sums[1] == values[1] else values[1]


def brief(number: Any, symbol: str) -> Any:
    """Return the number, replaced by a symbol if its sum is long."""
    long = isinstance(number, Traced) and len(number.rule("ascii")) > LONG
    return Traced.named(symbol, value_of(number)) if long else number


def after_merge(row: Row, views: list[AxisView], axis: int) -> tuple[Any, Any]:
    """Return r and j after a merge: the largest r, or the span from the first to the last pixel if no branch covers the others."""
    after = row.view[axis]
    result = after.largest, whole(after.jump)
    if any(view.largest is None or view.jump is None for view in views):
        return result
    width = largest([Traced.named(f"r_{i}", view.largest) for i, view in enumerate(views, 1)])
    jump = largest([Traced.named(f"j_{i}", whole(view.jump)) for i, view in enumerate(views, 1)])
    if width != after.largest and len(after.fields) == 1 and not any(view.fields[0].cycle for view in views):
        starts = [each._replace(extent=Traced.named(f"r_{i}", each.extent), start=Traced.named(f"s_{i}", each.start))
                  for i, each in enumerate([view.fields[0] for view in views], 1)]  # fmt: skip
        width = together(starts).extent
    return with_sums((width, jump), result)


def largest(numbers: list[Traced]) -> Traced | None:
    """Return the maximum of distinct numbers, some of which may be fractions (after a transposed convolution)."""
    first, *others = dict.fromkeys(numbers)
    try:
        for other in others:
            first = Traced(max(first, other).value, FormulaNode("larger", (first.node, other.node)))
    except Inconclusive:
        return None
    return first
