"""The graph of a network: layers and the volumes between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
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


class Deployment(NamedTuple):
    """What the deployed form of a network keeps, and the form that is trained."""

    kept: dict[str, str]  # by path of a batch norm or a merge of parallel branches, why it stays
    trained: Graph
