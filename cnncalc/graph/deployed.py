"""The deployed form of a network: layers that add up to one convolution are one, and what only training needs is gone."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive
from cnncalc.graph.network_graph import Deployment, Graph, Node, PlacedLayer
from cnncalc.layers.activation import LayerScale, TrainingOnly
from cnncalc.layers.convolution import Conv, Depthwise, UpConv
from cnncalc.layers.dense import FullyConnected
from cnncalc.layers.merging import Add, Mean, Subtract
from cnncalc.layers.normalization import BatchNorm
from cnncalc.layers.reshaping import Identity

if TYPE_CHECKING:
    from cnncalc.layers import Layer, Volume
    from cnncalc.layers.window import Window

LINEAR = (Conv, Depthwise, UpConv, FullyConnected)
PER_CHANNEL = (BatchNorm, LayerScale)  # multiply each channel by a number, and a batch norm adds one


def deployed(graph: Graph) -> Graph:
    """Return the deployed form of a graph: Graph.deployed tells what stays, Node.parts the layers that a merged one replaces.

    `analysis.report(setting, deployed=True)` builds it; so does Setting(..., deployed=True) with graph.build.
    """
    return Rewriting(graph).result()


class Rewriting:
    """The layers of a graph while some of them are merged. Layers are known by the indices of their nodes."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes = graph.nodes
        self.layers: dict[int, Layer] = {}  # those that are left
        self.inputs: dict[int, tuple[int, ...]] = {}
        self.parts: dict[int, list[int]] = {}  # the layers that a layer replaces, with itself
        self.kept: dict[int, str] = {}
        self.instead: list[int] = []  # by layer, the one that computes its output now
        self.owners = {node.owner for node in self.nodes if node.owner}
        self.readers: Counter[int] = Counter()
        for at, node in enumerate(self.nodes):
            gone = isinstance(node.placed.layer, (TrainingOnly, Identity))
            self.instead.append(self.instead[node.inputs[0]] if gone else at)
            if not gone and not node.side:
                self.readers.update([self.instead[each] for each in node.inputs])
        self.readers.update([self.instead[each] for each in graph.outputs])
        for at, node in enumerate(self.nodes):
            if not node.side and self.instead[at] == at:
                self._take(at, node)

    def _take(self, at: int, node: Node) -> None:
        layer = self.layers[at] = node.placed.layer
        self.inputs[at] = tuple([self._current(each) for each in node.inputs])
        self.parts[at] = [at]
        if isinstance(layer, PER_CHANNEL):
            self._fold_into_input(at)
        elif isinstance(layer, LINEAR):
            self._fold_input(at)
        elif isinstance(layer, (Add, Subtract, Mean)):
            self._merge_branches(at)

    def _current(self, at: int) -> int:
        """Return the layer that computes the output of a layer."""
        while self.instead[at] != at:
            at = self.instead[at]
        return at

    def _shares(self, at: int) -> bool:
        """Return whether a layer shares its weights with others."""
        return self.nodes[at].placed.shared or self.nodes[at].path in self.owners

    def _fold_into_input(self, at: int) -> None:
        """Fold a batch norm or scale into the convolution before it."""
        before = self.inputs[at][0]
        path, layer = self.nodes[before].path, self.layers[before]
        if not isinstance(layer, LINEAR):
            self._keep(at, f"comes after {layer.kind}")
        elif self.readers[before] > 1:
            self._keep(at, f"is not the only layer after {path}")
        elif self._shares(at) or self._shares(before):
            self._keep(at, "shares weights")
        else:
            self.layers[before] = plain_form(layer, bias=layer.bias or isinstance(self.layers[at], BatchNorm))
            self.readers[before] = self.readers[at]
            self._replace([at], before)

    def _fold_input(self, at: int) -> None:
        """Fold a batch norm or scale into the convolution after it."""
        before, layer = self.inputs[at][0], self.layers[at]
        norm = self.layers[before]
        if not isinstance(norm, PER_CHANNEL) or self.readers[before] > 1 or self._shares(before) or self._shares(at):
            return
        shifts = isinstance(norm, BatchNorm)
        if shifts and not pads_nothing(layer):
            self.kept[before] += f", and its shift is lost at the edges of {self.nodes[at].path}"
            return
        self.layers[at] = plain_form(layer, bias=layer.bias or shifts)  # type: ignore[attr-defined]  # it is one of LINEAR
        self.inputs[at] = self.inputs[before]
        self._replace([before], at)

    def _merge_branches(self, at: int) -> None:
        """Merge parallel branches that add up to one convolution."""
        branches = self.inputs[at]
        linear = [
            each
            for each in dict.fromkeys(branches)
            if isinstance(self.layers[each], (*LINEAR, *PER_CHANNEL)) and self.readers[each] == 1 and not self._shares(each)
        ]
        for source in dict.fromkeys([self.inputs[each][0] for each in linear]):
            parallel = [each for each in linear if self.inputs[each][0] == source]
            around = branches.count(source)
            if len(parallel) + around < 2:
                continue
            if len(parallel) + around < len(branches):
                self._keep(at, "also adds branches of another input or with activations")
                return
            layers: list[Layer | None] = [self.layers[each] for each in parallel]
            merged = one_layer(layers + [None] * around, self.nodes[source].placed.output, self.nodes[at].placed)
            if isinstance(merged, str):
                self._keep(at, merged)
                return
            self.layers[at], self.inputs[at] = merged, (source,)
            self.readers[source] -= len(branches) - 1
            self._replace(parallel, at)
            self._fold_input(at)
            return

    def _keep(self, at: int, reason: str) -> None:
        if not isinstance(self.layers[at], LayerScale):
            self.kept[at] = reason

    def _replace(self, gone: list[int], by: int) -> None:
        """Let one layer replace others."""
        for each in gone:
            self.parts[by] += self.parts.pop(each)
            self.kept.pop(each, None)
            del self.layers[each]
            self.instead[each] = by

    def result(self) -> Graph:
        """Return the graph of the layers that are left."""
        graph, index = self.graph, {at: i for i, at in enumerate(sorted(self.layers))}
        placed: dict[Any, PlacedLayer] = {}
        nodes: list[Node] = []
        paths: dict[str, str] = {}  # by layer of the trained network, the one that replaces it
        for at in index:
            old, parts = self.nodes[at], sorted(self.parts[at])
            paths.update({self.nodes[part].path: old.path for part in parts})
            layer = old.placed
            if len(parts) > 1:
                frozen = all(self.nodes[part].placed.frozen for part in parts if not self.nodes[part].placed.layer.merges)
                new, x = self.layers[at], self.nodes[self.inputs[at][0]].placed.output
                key = type(new), *vars(new).values(), x, frozen
                layer = placed.setdefault(key, PlacedLayer(new, (x,), layer.output, layer.terms, frozen=frozen))
            inputs = tuple([index[self._current(each)] for each in self.inputs[at]])
            merged = tuple([self.nodes[part].path for part in parts]) if len(parts) > 1 else ()
            nodes.append(Node(old.path, inputs, layer, side=False, owner=old.owner, parts=merged))
        required = graph.conditions_of([node for node in self.nodes if not node.side])
        conditions = {condition: paths.get(path, path) for condition, path in required.items()}
        outputs = tuple([index[self._current(each)] for each in graph.outputs])
        kept = {self.nodes[at].path: reason for at, reason in self.kept.items()}
        return Graph(nodes, outputs, graph.params, conditions, graph.repeats, graph.symbols, Deployment(kept, graph))


def plain_form(layer: Layer, *, bias: bool) -> Layer:
    """Return a layer whose weights are computed, not learned: what standardizes or multiplies them is applied already."""
    fields = {name: getattr(layer, name) for name in layer.fields}
    return type(layer)(**{**fields, "bias": bias, **dict.fromkeys(fields.keys() & {"standardize", "gain"}, False)})


def pads(window: Window) -> bool:
    """Return whether a kernel reads padding."""
    return bool(window.before or window.after or (window.padding and window.span != 1))


def pads_nothing(layer: Layer) -> bool:
    """Return whether a shift of a layer's input shifts every position of its output alike."""
    if isinstance(layer, (Conv, Depthwise)):
        return layer.mode != "zeros" or not any(map(pads, layer.windows))
    return isinstance(layer, FullyConnected)


def one_layer(branches: list[Layer | None], x: Volume, total: PlacedLayer) -> Layer | str:
    """Return the layer that computes the sum of parallel branches (None: the input itself), or why there is none."""
    weighted = [each for each in branches if isinstance(each, LINEAR)]
    if not weighted:
        return "adds no convolution"
    if any(volume != total.output for volume in total.inputs):
        return "broadcasts"
    bias = any(isinstance(each, BatchNorm) or getattr(each, "bias", False) for each in branches)
    if all(isinstance(each, FullyConnected) for each in weighted):
        return plain_form(weighted[0], bias=bias)
    if any(isinstance(each, (FullyConnected, UpConv)) for each in weighted):
        return "adds layers of several kinds"
    convolutions = [each for each in weighted if isinstance(each, (Conv, Depthwise))]
    largest = max(convolutions, key=lambda each: prod([size if isinstance(size, int) else 0 for size in each.kernel]))
    alone: Any = Conv(filters=x.c).for_rank(x.rank)  # what a batch norm or the input is
    alike = [each if isinstance(each, (Conv, Depthwise)) else alone for each in branches]
    if any(each.stride != largest.stride for each in alike):
        return "has branches with several strides"
    if len({x.c if isinstance(each, Depthwise) else each.groups for each in convolutions}) > 1:
        return "has branches with several numbers of groups"
    if any(getattr(each, "connections", None) for each in convolutions):
        return "has a branch with a table of connections"
    if len({each.mode for each in convolutions if any(map(pads, each.windows))}) > 1:
        return "has branches with several modes of padding"
    if not all(covers(largest, each, x) for each in alike):
        return "has no branch whose kernel is known to cover the others"
    return plain_form(largest, bias=bias)


def covers(large: Conv | Depthwise, small: Conv | Depthwise, x: Volume) -> bool:
    """Return whether the elements of a kernel are among those of another one, position by position."""
    for one, other, size in zip(large.windows, small.windows, x.sides, strict=True):
        if one == other:
            continue
        try:
            ahead = one.zeros_before(size) - other.zeros_before(size)
        except Inconclusive:
            return False
        numbers = (ahead, one.dilation, one.span, other.dilation, other.span)
        if not all(isinstance(each, int) for each in numbers):
            return False
        if ahead < 0 or ahead + other.span > one.span or ahead % one.dilation or (other.span > 1 and other.dilation % one.dilation):
            return False
    return True
