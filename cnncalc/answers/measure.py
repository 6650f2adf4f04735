"""Computes a metric as a student who makes a given slip would."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.answers.mistaken_rules import POOLS
from cnncalc.dims import Poly, exact_div
from cnncalc.graph.network_graph import PlacedLayer
from cnncalc.layers import Volume
from cnncalc.propagate.costs import cost, reach_of
from cnncalc.propagate.counting import CONVENTIONS, counted
from cnncalc.propagate.receptive_field import PIXEL, view_of, views
from cnncalc.propagate.rows import BYTES
from cnncalc.propagate.walk import on_path

if TYPE_CHECKING:
    from cnncalc.answers.mistaken_rules import Change
    from cnncalc.answers.questions import Counting
    from cnncalc.graph.network_graph import Node
    from cnncalc.layers import Layer
    from cnncalc.layers.window import Reach
    from cnncalc.propagate.costs import Cost
    from cnncalc.propagate.counting import Convention
    from cnncalc.propagate.receptive_field import View
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

FOR_THE_BATCH = ("macs", "flops", "values", "bytes")


def measure(report: Report, row: Row | None, quantity: str, counting: Counting, change: Change) -> Any:
    """Compute a metric with a mistake, for a layer with its correct input or for the whole network; None if that is impossible."""
    if quantity == "receptive_field":
        return field(report, row, change)
    if quantity == "weight_layers":
        return depth(report, change) if row is None else None
    costs = SlipCosts(report, quantity, counting, change)
    if row is not None:
        y = costs.output(row, row.inputs)
        return y if y is None or quantity == "output" else costs.scaled(costs.figure(row, row.inputs, y, alone=True))
    total: Any = 0
    volumes: list[Volume] = []
    for each in report.rows:
        xs = tuple([volumes[i] for i in each.node.inputs])
        y = costs.output(each, xs)
        if y is None:
            return None
        volumes.append(y)
        if quantity != "output" and (change.sides or not each.side):
            total += costs.figure(each, xs, y, alone=False)
    return volumes[report.graph.outputs[-1]] if quantity == "output" else costs.scaled(total)


class SlipCosts:
    """Computes a metric with a mistake, layer by layer."""

    def __init__(self, report: Report, quantity: str, counting: Counting, change: Change) -> None:
        self.quantity = quantity
        self.change = change
        self.convention: Convention = CONVENTIONS[change.flops or counting.flops]
        self.bias = counting.bias if change.bias is None else change.bias
        self.width = BYTES[report.dtype]
        times = change.batched if quantity in FOR_THE_BATCH else not change.per_image
        self.batch = report.batch if times else 1

    def output(self, row: Row, xs: tuple[Volume, ...]) -> Volume | None:
        """Return the output of a layer; None if a dimension is below 1."""
        y = self.change.leaves(row.layer, xs[0], self.change.shape(row.layer).output(*xs)) if xs else row.output
        return None if any(isinstance(side, int) and side < 1 for side in y) else y

    def figure(self, row: Row, xs: tuple[Volume, ...], y: Volume, *, alone: bool) -> Any:
        """Return what one layer contributes to the metric."""
        change = self.change
        if self.quantity in ("values", "bytes"):
            learned = (row.params if change.learned and self.quantity == "bytes" else 0) if xs else 0
            counts = row.stored or change.all_values or alone if xs else change.input_values
            return (y.size if counts else 0) + learned
        if not xs or (row.node.placed.shared and self.quantity in ("params", "weights", "biases", "buffers")):
            return 0
        layer = change.weigh(change.shape(row.layer))
        if change.norm is not None and layer.kind == "bn" and self.quantity == "params":
            return change.norm * xs[0].c
        return self.cost(layer, tuple([change.sees(layer, x) for x in xs]) if layer.is_weight_layer else xs, xs[0], y)

    def cost(self, layer: Layer, seen: tuple[Volume, ...], x: Volume, y: Volume) -> Any:
        """Return the metric of a layer from its rules."""
        places = Volume(*x.sides, y.c) if self.change.at_input and hasattr(layer, "windows") else y
        change, bias = self.change, self.bias
        if change.pool and layer.kind in POOLS and self.quantity in ("params", "weights"):
            return self.pool_weights(layer, x)
        own = cost(PlacedLayer(layer, seen, places))
        if change.one_bias and layer.is_weight_layer and own.biases != 0:
            own = own._replace(biases=1)
        if layer.is_weight_layer:
            own = self.weighed(own, layer, x, y)
        found, flops = counted(own, self.convention, bias=bias)
        if self.quantity == "macs":
            return found.work.macs + (found.work.bias_adds if change.adds else 0)
        return flops if self.quantity == "flops" else getattr(found, self.quantity)

    def weighed(self, own: Cost, layer: Layer, x: Volume, y: Volume) -> Cost:
        """Return the cost of a layer whose weights are counted with a mistake."""
        change = self.change
        if change.own_weights and hasattr(layer, "windows"):
            places = y.places
            return own._replace(weights=own.weights * places, biases=own.biases * (places if change.own_weights == 2 else 1))
        if change.dense and hasattr(layer, "windows"):
            each = x.size * y.size
            return own._replace(weights=each, biases=y.size if own.biases != 0 else 0, work=own.work._replace(macs=each))
        part, multiple = change.part(layer, x), change.multiple(layer, x)
        macs = divided(own.work.macs * multiple, part)
        return own._replace(weights=divided(own.weights * multiple, part), work=own.work._replace(macs=macs))

    def pool_weights(self, layer: Any, x: Volume) -> Any:
        """Return the weights a pooling layer would have as a convolution."""
        return prod(layer.size) * {1: 1, 2: x.c, 3: x.c * x.c}[self.change.pool]

    def scaled(self, total: Any) -> Any:
        """Convert a sum to the unit of the metric; None if it is not divisible."""
        value = total * self.change.times * self.batch * (self.width if self.quantity == "bytes" else 1)
        if self.change.over == 1:
            return value
        if isinstance(value, Poly):
            return value / self.change.over
        return value // self.change.over if value % self.change.over == 0 else None


def field(report: Report, row: Row | None, change: Change) -> tuple[Any, ...]:
    """Return the receptive field of a layer, by default the last one."""
    last = row if row is not None else report.rows[report.graph.outputs[-1]]

    def reach(node: Node) -> tuple[Reach, ...] | None:
        found = reach_of(change.shape(node.placed.layer), node.placed.inputs[0])
        if found is None:
            return None
        found = tuple(map(one_more, found)) if change.whole else found
        return tuple(map(strided, found)) if change.own_stride else found

    if change.alone:
        view: View = (PIXEL,) * report.input.rank
        if last.inputs:
            view = view_of(reach(last.node), [view] * len(last.inputs), last.node.placed, report.input)
    else:
        view = views(report.graph, reach, last.at + 1)[-1]
    none = 1 if change.whole else 0  # the sum of the kernel sizes has no pixel to begin with
    return tuple([axis.largest if axis.largest is None else axis.largest - none for axis in view])


def divided(value: Any, part: Any) -> Any:
    """Return a share of a number, where it is whole."""
    if part == 1:
        return value
    return exact_div(value, part) if isinstance(value, Poly) or isinstance(part, Poly) or value % part == 0 else value


def strided(reach: Reach) -> Reach:
    """Return a window that takes its own stride between its elements."""
    if reach.span is None or reach.stride is None or reach.parts != 1:
        return reach
    return reach._replace(span=(reach.span - 1) * reach.stride + 1)


def one_more(reach: Reach) -> Reach:
    """Return a reach that is larger by one."""
    return reach if reach.span is None else reach._replace(span=reach.span + reach.parts)


def depth(report: Report, change: Change) -> int:
    """Return the number of weight layers, on the longest path or in total."""
    rows = report.rows
    if change.beside:
        return sum(change.deep(row.layer) for row in rows if not row.side)
    depths: list[int] = []
    for row in rows:
        depths.append(max([depths[i] for i in on_path(row.node)], default=0) + change.deep(row.layer))
    return max(depths[i] for i in report.graph.outputs)
