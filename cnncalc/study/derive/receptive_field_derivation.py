"""Derives a receptive field layer by layer along the path from the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive
from cnncalc.dims.notation import Node
from cnncalc.dims.traced import Traced, value_of
from cnncalc.propagate.receptive_field import arriving
from cnncalc.propagate.rows import whole
from cnncalc.propagate.unit_fields import together
from cnncalc.study.derive.explained_layer import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.propagate.receptive_field import AxisView
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.study.derive.explained_layer import NamedNumbers

LONG = 24  # characters of a window's extent that may stand in the sum of a receptive field
Step = tuple[str, str, Any]  # the layer, r or j, and the number that remembers its sum


def widest(report: Report, row: Row) -> list[Row]:
    """The layers from the input to a row; where branches meet, by the one that sees most."""
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
    """Whether a layer sees more than another; where symbols leave it open, it counts as no more."""
    try:
        return bool(one.view[0].largest > other.view[0].largest)
    except (Inconclusive, TypeError):  # TypeError: None, where not even the width is known
        return False


def longest(report: Report) -> list[Row]:
    """The layers with weights on the way through that has most of them."""
    depths: list[int] = []
    for row in report.rows:
        depths.append(max((depths[each] for each in row.node.inputs), default=0) + row.layer.weighs)
    at = max(report.graph.outputs, key=lambda each: depths[each])
    found = []
    while True:
        row = report.rows[at]
        if row.layer.weighs:
            found.append(row)
        if not row.node.inputs:
            return found[::-1]
        at = max(row.node.inputs, key=lambda each: depths[each])


def steps(report: Report, row: Row, names: NamedNumbers) -> Iterator[Step]:
    """How receptive field r and jump j grow on the way to a row; layers that change neither are left out."""
    rows = [each for each in widest(report, row) if each.cost.reach is not None or len(each.node.inputs) != 1]
    differ = any(fields.cycle for each in rows for axis in each.view for fields in axis.fields)
    most, average = (", of the units that see most", ", on average") if differ else ("", "")
    axes = [("r", "j", 0)] if all(square(each) for each in rows) else [("r_h", "j_h", 0), ("r_w", "j_w", 1)]
    for extent, jump, axis in axes:
        so_far: dict[str, Any] = {extent: 1, jump: 1}
        names.say(extent, f"receptive field so far{most}")
        names.say(jump, f"jump so far: input pixels from one unit to the next{average}")
        yield from ((rows[0].path, symbol, value) for symbol, value in so_far.items())
        for each in rows[1:]:
            inputs = seen(report, each, axis)
            if each.view[axis].jump is None and each.view[axis].largest is None:  # nor is it known from here on
                break
            found = further(report, each, inputs[0], (extent, jump), axis, names) if len(inputs) == 1 else meeting(each, inputs, axis)
            for symbol, sum_ in zip((extent, jump), found, strict=True):
                if sum_ is not None and sum_ != so_far[symbol]:
                    so_far[symbol] = value_of(sum_)
                    yield each.path, symbol, sum_


def square(row: Row) -> bool:
    """Sees as much down as across."""
    down, across = row.view
    return (down.largest, down.jump) == (across.largest, across.jump)


def seen(report: Report, row: Row, axis: int) -> list[AxisView]:
    """What a layer's inputs see along an axis, the same only once."""
    views = arriving(row.node.placed, [report.rows[source].view for source in row.node.inputs])
    return list({view[axis].fields: view[axis] for view in views}.values())


def further(report: Report, row: Row, before: AxisView, symbols: tuple[str, str], axis: int, names: NamedNumbers) -> tuple[Any, Any]:
    """One layer: r + (F - 1)·j and j·S, beside a gate the larger of that and of what the gate shows; else the numbers alone."""
    after = row.view[axis]
    result = after.largest, whole(after.jump)
    layer = explained(report, row)
    reach = layer.row.cost.reach
    own = [fields for fields in before.fields if fields.advance != 0] or before.fields
    if reach is None or reach[axis].extent is None or len(own) > 1 or own[0].extent is None:
        return result
    for symbol in layer.names.symbols.values():
        names.say(symbol.symbol, symbol.doc)
    gates = [fields for fields in before.fields if fields not in own]
    jump = Traced.named(symbols[1], whole(own[0].jump))
    widths = [Traced.named("m" if gates else symbols[0], own[0].extent) + (brief(reach[axis].extent, "F") - 1) * jump]
    if gates:
        names.say("m", "what a unit sees by itself, without the gate")
        names.say("g", "input pixels that the gate shows to all units")
        widths += [Traced.named("g", gate.extent) for gate in gates if gate.extent is not None]
    sums = largest(widths), jump * brief(reach[axis].step, "S")
    return with_sums(sums, result)


def with_sums(sums: tuple[Any, Any], values: tuple[Any, Any]) -> tuple[Any, Any]:
    """Values with the sums they come from, where they come from these."""
    return sums[0] if sums[0] == values[0] else values[0], sums[1] if sums[1] == values[1] else values[1]


def brief(number: Any, symbol: str) -> Any:
    """The number, under a name where its sum is long."""
    long = isinstance(number, Traced) and len(number.rule("ascii")) > LONG
    return Traced.named(symbol, value_of(number)) if long else number


def meeting(row: Row, views: list[AxisView], axis: int) -> tuple[Any, Any]:
    """Where branches meet: the widest of them where it holds the others, else from the first pixel that one sees to the last."""
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
    """The largest of several numbers, each value once; fractions are among them behind a transposed convolution."""
    first, *others = dict.fromkeys(numbers)
    try:
        for other in others:
            first = Traced(max(first, other).value, Node("larger", (first.node, other.node)))
    except Inconclusive:
        return None
    return first
