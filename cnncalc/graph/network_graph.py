"""The graph of a network: layers and the volumes between them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.dims import Condition, SymbolScope
    from cnncalc.layers import Layer, Volume


class PlacedLayer:
    """A layer with its input and output volumes. Nodes with equal layers and inputs share it, and its costs."""

    __slots__ = ("frozen", "inputs", "layer", "output", "shared", "terms")

    def __init__(
        self, layer: Layer, inputs: tuple[Volume, ...], output: Volume, terms: int = 0, *, shared: bool = False, frozen: bool = False
    ) -> None:
        self.layer = layer
        self.inputs = inputs
        self.output = output
        self.terms = terms  # terms of the formula for its number of elements
        self.shared = shared  # its weights are counted at another layer
        self.frozen = frozen  # training does not change its weights


class Node:
    """One layer of the expanded network; `inputs` are indices of nodes in the graph."""

    __slots__ = ("inputs", "owner", "parts", "path", "placed", "side")

    def __init__(
        self, path: str, inputs: tuple[int, ...], placed: PlacedLayer, *, side: bool, owner: str = "", parts: tuple[str, ...] = ()
    ) -> None:
        self.path = path
        self.inputs = inputs
        self.placed = placed
        self.side = side
        self.owner = owner  # the path of the layer whose weights it uses, if not its own
        self.parts = parts  # in the deployed form, the paths of the layers that it replaces


class Graph:
    """An expanded network. The first node is the input; the nodes are in topological order."""

    __slots__ = ("conditions", "deployed", "nodes", "outputs", "params", "repeats", "symbols")

    def __init__(
        self,
        nodes: list[Node],
        outputs: tuple[int, ...],
        params: dict[str, Any],
        conditions: dict[Condition, str],
        repeats: dict[str, str],
        symbols: SymbolScope,
        deployed: Deployment | None = None,
    ) -> None:
        self.nodes = nodes
        self.outputs = outputs  # indices of the output nodes
        self.params = params
        self.conditions = conditions  # those undecided for some values of the symbols, with the path of the layer that requires them
        self.symbols = symbols  # the scope of all formulas
        self.repeats = repeats  # by folder, the block that it is an instance of
        self.deployed = deployed  # set in the deployed form

    def conditions_of(self, kept: Sequence[Node]) -> dict[Condition, str]:
        """Return the conditions that apply to some of the nodes, each with the first of them that requires it."""
        gone = {node.path for node in self.nodes}.difference([node.path for node in kept])
        if gone.isdisjoint(self.conditions.values()):
            return self.conditions
        required: dict[Condition, str] = {}
        for node in kept:
            layer = node.placed.layer
            for condition in chain(layer.field_conditions(), layer.requires(*node.placed.inputs)):
                required.setdefault(condition, node.path)
        paths = {condition: required.get(condition, path) if path in gone else path for condition, path in self.conditions.items()}
        return {condition: path for condition, path in paths.items() if path not in gone}


class Deployment(NamedTuple):
    """What the deployed form of a network keeps, and the form that is trained."""

    kept: dict[str, str]  # by path of a batch norm or a merge of parallel branches, why it stays
    trained: Graph
