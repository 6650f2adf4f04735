"""Freezes, cuts and deploys a graph as its setting says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.graph.network_graph import Graph, Node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.errors import Span
    from cnncalc.graph.weights import Weights
    from cnncalc.spec.settings import Setting


def selected(graph: Graph, setting: Setting, weights: Weights) -> Graph:
    """Freeze layers, cut the network and merge what its deployed form merges, as the setting says."""
    nodes, finder = graph.nodes, weights.finder

    def span(place: Span) -> range:
        """Return the nodes of a layer or folder."""
        text = place.source.text
        found = finder.span(finder.one(text, f"{setting.id} has no layer {text!r}", place))
        return range(len(nodes))[found]  # type: ignore[index]  # the path was found

    for place in setting.freeze:
        weights.freeze(span(place), place)
    if setting.freeze_until is not None:
        weights.freeze(ancestors(nodes, span(setting.freeze_until)[-1]), setting.freeze_until)
    if setting.until is None:
        weights.settle(range(len(nodes)))
    else:
        kept = ancestors(nodes, span(setting.until)[-1])
        weights.settle(frozenset(kept))
        graph = cut(graph, kept)
    if not setting.deployed:
        return graph
    from cnncalc.graph.deployed import deployed

    return deployed(graph)


def ancestors(nodes: Sequence[Node], last: int) -> list[int]:
    """Return the nodes that the output of a node depends on, with itself and the input, in order."""
    needed = {0, last}
    for at in range(last, -1, -1):
        if at in needed:
            needed.update(nodes[at].inputs)
    return sorted(needed)


def cut(graph: Graph, kept: Sequence[int]) -> Graph:
    """Return the graph of some nodes, of which the last is the output."""
    index = {at: i for i, at in enumerate(kept)}
    nodes = []
    for at in kept:
        node = graph.nodes[at]
        nodes.append(Node(node.path, tuple([index[each] for each in node.inputs]), node.placed, side=False, owner=node.owner))
    return Graph(nodes, (len(nodes) - 1,), graph.params, graph.conditions_of(nodes), graph.repeats, graph.symbols)
