"""Layers that use the weights of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError
from cnncalc.graph.finder import Finder
from cnncalc.graph.network_graph import PlacedLayer

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.errors import Span
    from cnncalc.graph.network_graph import Node

FREE = frozenset(("stride", "pad", "dilation", "mode", "output_pad"))  # fields that say how weights are used, not what they are


class SharedWeights:
    """Collects which layers use the weights of which others."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.finder = Finder(nodes)
        self._first: dict[int, int] = {}  # by node, the first one that uses its weights
        self._numbers: dict[PlacedLayer, tuple[Dim, Dim, Dim]] = {}

    def share(self, name: str, folder: str, start: int, span: Span, *, named: bool) -> None:
        """Let the nodes from `start` on use the weights of a layer, folder or block, one by one. The nearest folder is searched first."""
        users = range(start, len(self.nodes))
        path = self._path(name, folder, span)
        where = self.finder.span(path)
        assert where is not None  # it was found
        owners = range(where.start, where.stop)
        if users == owners:
            if not named:
                raise SpecError(Problem(f"weights: {path} is this step itself", span, "write more of the path"))
            return  # in a loop, the first round has weights of its own
        used, owned = self._weighted(users), self._weighted(owners)
        if not owned or not used:
            raise SpecError(Problem(f"weights: {path if used else 'this step'} has no weights", span))
        if len(used) != len(owned):
            message = f"weights: {path} has {len(owned)} layer{'s' * (len(owned) > 1)} with weights, this step {len(used)}"
            raise SpecError(Problem(message, span, "they are shared layer by layer"))
        for user, owner in zip(used, owned, strict=True):
            self._check(user, owner, span)
            self._first[user] = self._first.get(owner, owner)

    def _path(self, name: str, folder: str, span: Span) -> str:
        """Return the path of a name in a folder or one around it, or else of the only layer whose path ends in it."""
        while folder:
            if self.finder.span(folder + name) is not None:
                return folder + name
            folder = folder[: folder.rfind("/", 0, -1) + 1]
        return self.finder.one(name, f"weights: no layer or block {name!r} comes before", span)

    def _weighted(self, nodes: range) -> list[int]:
        """Return the nodes with parameters or buffers."""
        return [at for at in nodes if self._count(self.nodes[at].placed) != (0, 0, 0)]

    def _count(self, placed: PlacedLayer) -> tuple[Dim, Dim, Dim]:
        """Return the numbers of weights, biases and buffers."""
        if placed not in self._numbers:
            layer, volumes = placed.layer, placed.inputs
            self._numbers[placed] = layer.weights(*volumes), layer.biases(*volumes), layer.buffers(*volumes)
        return self._numbers[placed]

    def _check(self, user: int, owner: int, span: Span) -> None:
        """Check that the weights of two layers have the same shape."""
        one, other = self.nodes[user].placed, self.nodes[owner].placed
        same = type(one.layer) is type(other.layer) and self._count(one) == self._count(other)
        if same and all(getattr(one.layer, name) == getattr(other.layer, name) for name in one.layer.fields if name not in FREE):
            return
        shown = []
        for at in (user, owner):
            path, placed = self.nodes[at].path, self.nodes[at].placed
            kind, (weights, biases, _) = f"{placed.layer.kind} {placed.layer.describe()}".rstrip(), self._count(placed)
            shown.append(f"{path} is {kind} on {placed.inputs[0]} with {weights + biases} parameters")
        message = f"weights: {shown[0]}, but {shown[1]}"
        raise SpecError(Problem(message, span, "kind, fields and channels must be equal; stride, pad and dilation may differ"))

    def settle(self) -> None:
        """Set the owner of all shared weights: the first layer that uses them, if possible outside of auxiliary heads."""
        groups: dict[int, list[int]] = {}
        for user, first in self._first.items():
            groups.setdefault(first, [first]).append(user)
        twins: dict[tuple[PlacedLayer, str], PlacedLayer] = {}
        for group in groups.values():
            owner = min(group, key=lambda at: (self.nodes[at].side, at))
            for at in group:
                if at != owner:
                    node = self.nodes[at]
                    node.owner = self.nodes[owner].path
                    placed = node.placed
                    twin = PlacedLayer(placed.layer, placed.inputs, placed.output, placed.terms, shared=True)
                    node.placed = twins.setdefault((placed, node.owner), twin)
