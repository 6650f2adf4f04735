"""Computes the report of a graph in one walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LimitError
from cnncalc.propagate.costs import cost
from cnncalc.propagate.counting import CONVENTIONS, counted
from cnncalc.propagate.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.dims import Dim
    from cnncalc.graph.network_graph import Graph, Node, PlacedLayer
    from cnncalc.propagate.costs import Cost
    from cnncalc.spec.settings import Setting


def propagate(
    setting: Setting,
    graph: Graph,
    *,
    batch: Dim = 1,
    dtype: str = "float32",
    counting: str = "full",
    sides: bool = False,
    bias: bool = True,
) -> Report:
    """Compute the cost of every layer; equal layers on equal inputs are computed once. Without `bias`, parameters exclude biases."""
    convention = CONVENTIONS[counting]
    if isinstance(batch, Poly):
        batch = batch.within(graph.symbols)
    costs: dict[PlacedLayer, tuple[Cost, Dim]] = {}
    depths: list[int] = []
    for node in graph.nodes:
        placed, inputs = node.placed, node.inputs
        if placed not in costs:
            try:
                found, figure = counted(cost(placed), convention, bias=bias)
                costs[placed] = found, batch * figure
            except LimitError as error:
                raise too_long(error, node.path) from None
        deepest = depths[inputs[0]] if len(inputs) == 1 else max([depths[each] for each in on_path(node)], default=0)
        depths.append(deepest + placed.layer.is_weight_layer)
    weight_layers = max(depths[each] for each in graph.outputs)
    try:
        return Report(setting, graph, costs, weight_layers, batch=batch, dtype=dtype, counting=counting, sides=sides, bias=bias)
    except LimitError as error:
        raise too_long(error, "the totals") from None


def on_path(node: Node) -> Sequence[int]:
    """Return the inputs that count for the depth: a 1×1 gate that scales a larger volume does not (SENet-152 has 152 layers)."""
    inputs, placed = node.inputs, node.placed
    if placed.layer.kind != "multiply":
        return inputs
    return [at for at, x in zip(inputs, placed.inputs, strict=True) if x[:-1] == placed.output[:-1]] or inputs


def too_long(error: LimitError, where: str) -> SpecError:
    """Return the error for a formula that grows too long."""
    return SpecError(Problem(f"{where}: {error.message}", hint=error.hint))
