"""The path through a network that determines a receptive field, and how each layer on it enlarges it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive
from cnncalc.dims.notation import Node
from cnncalc.dims.traced import Traced, value_of
from cnncalc.propagate.receptive_field import Sight, arriving, sees
from cnncalc.propagate.rows import whole
from cnncalc.study.derive.explained_layer import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.layers.window import Reach
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.study.derive.explained_layer import Explained, NamedNumbers

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
        return bool(one.view[0].width > other.view[0].width)
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
    axes = [("r", "j", 0)] if all(square(each) for each in rows) else [("r_h", "j_h", 0), ("r_w", "j_w", 1)]
    for extent, jump, axis in axes:
        so_far: dict[str, Any] = {extent: 1, jump: 1}
        yield from ((rows[0].path, symbol, value) for symbol, value in so_far.items())
        for each in rows[1:]:
            sights = seen(report, each, axis)
            if all(sight.extent is None for sight in sights):  # nor is it known from here on
                break
            if len(sights) > 1:
                found = meeting(sights, extent, jump)
            else:
                names.say(extent, "receptive field so far")
                names.say(jump, "jump so far: input pixels from one value to the next")
                found = further(explained(report, each), sights[0], (extent, jump), axis, names)
            for symbol, sum_ in zip((extent, jump), found, strict=True):
                if isinstance(sum_, Traced) and sum_ != so_far[symbol]:
                    so_far[symbol] = sum_.value
                    yield each.path, symbol, sum_


def square(row: Row) -> bool:
    """Sees as much down as across."""
    down, across = row.view
    return (down.width, down.jump) == (across.width, across.jump)


def seen(report: Report, row: Row, axis: int) -> list[Sight]:
    """What a layer's inputs see along an axis, the same only once."""
    views = [report.rows[source].view for source in row.node.inputs]
    if len(views) > 1:
        views = arriving(row.node.placed, views)
    return list(dict.fromkeys(view[axis]._replace(least=None) for view in views))


def further(layer: Explained, before: Sight, symbols: tuple[str, str], axis: int, names: NamedNumbers) -> tuple[Any, Any]:
    """One layer: r + (F - 1)·j and j·S."""
    reach = layer.row.cost.reach
    for symbol in layer.names.symbols.values():
        names.say(symbol.symbol, symbol.doc)
    if reach is None or reach[axis].extent is None or before.extent is None:
        return before.width, before.jump
    if before.alike is not None:
        return beside_a_gate(layer, before, symbols[1], axis, names)
    sight = named(before, *symbols)
    extent, jump, *_ = sees((short(reach[axis]),) * 2, [(sight, sight)])[0]
    return extent, jump


def beside_a_gate(layer: Explained, before: Sight, jump: str, axis: int, names: NamedNumbers) -> tuple[Any, Any]:
    """One layer further where a gate has shown all values more of the input than they see by themselves."""
    names.say("m", "what a value sees by itself, without the gate")
    names.say("g", "input pixels that the gate shows to all values")
    own, after = further(layer, before._replace(alike=None), ("m", jump), axis, names)
    width = layer.row.view[axis].width
    if width is None or before.alike is None or before.alike[0] is None:
        return None, after
    widest = largest([own, Traced.named("g", whole(before.alike[1] - before.alike[0]))])
    return widest if widest == width else Traced.named("r", whole(width)), after


def short(reach: Reach) -> Reach:
    """A window's reach as it stands in the rule of another number: a long sum becomes F, or S."""
    return reach._replace(extent=brief(reach.extent, "F"), step=brief(reach.step, "S"), start=0)


def brief(number: Any, symbol: str) -> Any:
    """The number, under a name where its sum is long."""
    long = isinstance(number, Traced) and len(number.rule("ascii")) > LONG
    return Traced.named(symbol, value_of(number)) if long else number


def meeting(views: list[Sight], extent: str, jump: str) -> tuple[Any, Any]:
    """Where branches meet: the widest of them where it holds the others, else from the first place that one sees to the last."""
    if any(sight.start is None or sight.width is None for sight in views):
        return None, None
    sights = [named(sight, f"{extent}_{i}", f"{jump}_{i}", f"s_{i}") for i, sight in enumerate(views, 1)]
    union = sees(None, [(sight, sight) for sight in sights])[0]
    if union.width is None:
        return None, None
    widths = largest([Traced.named(f"{extent}_{i}", whole(sight.width)) for i, sight in enumerate(views, 1)])
    return widths if widths == union.width else union.width, largest([sight.jump for sight in sights])


def largest(numbers: list[Traced]) -> Traced | None:
    """The largest of several numbers, each value once; fractions are among them behind a transposed convolution."""
    first, *others = dict.fromkeys(numbers)
    try:
        for other in others:
            first = Traced(max(first, other).value, Node("larger", (first.node, other.node)))
    except Inconclusive:
        return None
    return first


def named(sight: Sight, extent: str, jump: str, start: str = "s") -> Sight:
    """What is seen, under names; where it begins, only if that is known."""
    begin = 0 if sight.start is None else Traced.named(start, whole(sight.start))
    return Sight(Traced.named(extent, whole(sight.extent)), Traced.named(jump, whole(sight.jump)), begin, sight.alike)
