"""GRAPH -> REPORT: one walk in the order of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError
from cnncalc.propagate.costs import cost
from cnncalc.propagate.counting import CONVENTIONS, counted
from cnncalc.propagate.receptive_field import PIXEL, arriving, sees
from cnncalc.propagate.report import BYTES, Report, Row

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.graph.graph import Graph, Placed
    from cnncalc.propagate.costs import Cost
    from cnncalc.propagate.receptive_field import View
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
    """Ask every layer what it costs. Layers that share their place share the answer. Without `bias`, parameters are weights alone."""
    convention = CONVENTIONS[counting]
    width = BYTES[dtype]
    costs: dict[Placed, tuple[Cost, Dim]] = {}
    views: list[View] = []
    depths: list[int] = []
    rows: list[Row] = []
    nodes = graph.nodes
    for node in nodes:
        placed, inputs = node.placed, node.inputs
        known = costs.get(placed)
        if known is None:
            try:
                found, figure = counted(cost(placed), convention, bias=bias)
            except ArithmeticError as error:  # a formula grows too long
                raise SpecError(Problem(f"{node.path}: {error}", hint="give some of the symbols a number")) from None
            known = costs[placed] = found, batch * figure
        seen = [views[each] for each in inputs]
        if len(seen) > 1:
            seen = arriving(placed, seen)
        view = sees(known[0].reach, seen) if seen else PIXEL
        views.append(view)
        depths.append((max([depths[each] for each in inputs]) if inputs else 0) + placed.layer.weighs)
        sources = tuple([nodes[each].path for each in inputs])
        rows.append(Row(node, sources, known[0], known[1], view, batch, width))
    weight_layers = max(depths[each] for each in graph.outputs)
    return Report(setting, graph, rows, weight_layers, batch=batch, dtype=dtype, counting=counting, sides=sides, bias=bias)
