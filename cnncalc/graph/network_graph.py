"""Nodes and graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.dims import Condition, SymbolScope
    from cnncalc.layers import Layer, Volume


class PlacedLayer:
    """A layer on the volumes that arrive. Nodes with the same layer on the same volumes share it, and all it costs."""

    __slots__ = ("inputs", "layer", "output", "terms")

    def __init__(self, layer: Layer, inputs: tuple[Volume, ...], output: Volume, terms: int = 0) -> None:
        self.layer = layer
        self.inputs = inputs
        self.output = output
        self.terms = terms  # of the number of its values, where that is a formula


class Node:
    """One layer of the written-out network; `inputs` are the places of other nodes in the graph."""

    __slots__ = ("inputs", "path", "placed", "side")

    def __init__(self, path: str, inputs: tuple[int, ...], placed: PlacedLayer, *, side: bool) -> None:
        self.path = path
        self.inputs = inputs
        self.placed = placed
        self.side = side


class Graph:
    """A network written out. The first node is the input; every node stands behind those it takes from."""

    __slots__ = ("conditions", "nodes", "outputs", "params", "repeats", "symbols")

    def __init__(
        self,
        nodes: list[Node],
        outputs: tuple[int, ...],
        params: dict[str, Any],
        conditions: dict[Condition, str],
        repeats: dict[str, str],
        symbols: SymbolScope,
    ) -> None:
        self.nodes = nodes
        self.outputs = outputs  # the nodes whose volumes leave the network
        self.params = params
        self.conditions = conditions  # those that could not be decided for all values of the symbols, and the layer that asks
        self.symbols = symbols  # what all its formulas are in
        self.repeats = repeats  # for a folder of paths, the block it is an instance of
