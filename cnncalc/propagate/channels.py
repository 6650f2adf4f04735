"""Channels with different receptive fields: how many channels are needed to keep the receptive field of a position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.dims import Dim
    from cnncalc.graph.network_graph import Graph, Node, PlacedLayer
    from cnncalc.layers import Layer


def enough(graph: Graph, node: Node, before: Sequence[Dim]) -> Dim:
    """Return how many consecutive channels are enough to cover a position's receptive field; `before` has the numbers of earlier layers.

    The number is 1 if all channels see the same, and at most the number of channels.
    """
    placed = node.placed
    layer, kind, every = placed.layer, placed.layer.kind, placed.output.c
    if kind in ("concat", "zeropad", "rearrange") or (kind == "flatten" and placed.inputs[0].places != 1):
        return every
    numbers = [before[each] for each in node.inputs]
    most = numbers[0] if numbers else 1
    if numbers.count(most) < len(numbers):
        return every
    if most == 1 or mixes(layer):
        return 1
    if kind in ("conv", "local", "upconv", "pixelshuffle", "eca", "custom"):
        return every
    if kind == "depthwise":
        return most * layer.multiplier  # type: ignore[attr-defined, no-any-return]  # it has one, a size
    return shuffled(graph, node, before) if kind == "shuffle" else most


def mixes(layer: Layer) -> bool:
    """Return whether every output channel depends on all input channels."""
    whole = getattr(layer, "groups", 1) == 1 and getattr(layer, "connections", None) is None
    return layer.several or (layer.is_weight_layer and layer.kind != "depthwise" and whole)


def shuffled(graph: Graph, node: Node, before: Sequence[Dim]) -> Dim:
    """Return the number after a shuffle; if its groups are the inputs of a concat, their channels are interleaved."""
    source = graph.nodes[node.inputs[0]]
    groups = node.placed.layer.groups  # type: ignore[attr-defined]  # a shuffle has them
    volumes = source.placed.inputs
    if source.placed.layer.kind != "concat" or len(volumes) != groups or any(x.c != volumes[0].c for x in volumes):
        return node.placed.output.c
    numbers = {before[each] for each in source.inputs} - {1} or {1}
    return groups * numbers.pop() if len(numbers) == 1 else node.placed.output.c


def loses(placed: PlacedLayer, needed: Dim) -> bool:
    """Return whether a layer may drop channels with a larger field, if `needed` channels of its input are enough."""
    layer = placed.layer
    if layer.kind == "attention":
        return bool(layer.has_windows)  # type: ignore[attr-defined]  # its field is that of two windows
    if needed == 1 or layer.kind not in ("split", "slice", "pixelshuffle", "rearrange", "conv", "local", "custom"):
        return False
    try:
        return getattr(layer, "connections", True) is not None and not (layer.kind in ("split", "slice") and needed <= placed.output.c)
    except Inconclusive:
        return True
