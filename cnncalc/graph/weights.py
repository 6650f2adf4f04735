"""Layers that use the weights of others, and layers whose weights are frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError
from cnncalc.graph.finder import Finder
from cnncalc.graph.network_graph import PlacedLayer

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from cnncalc.dims import Dim
    from cnncalc.errors import Span
    from cnncalc.graph.network_graph import Node

FREE = frozenset(("stride", "pad", "dilation", "mode", "output_pad", "bias"))  # fields that say how weights are used, not what they are


class Weights:
    """Collects which layers use the weights of which others, and which are frozen."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.finder = Finder(nodes)
        self._frozen: set[int] = set()
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

    def _weighted(self, nodes: Iterable[int]) -> list[int]:
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
        same = type(one.layer) is type(other.layer) and self._count(one) in (self._count(other), (self._count(other)[0], 0, 0))
        if same and all(getattr(one.layer, name) == getattr(other.layer, name) for name in one.layer.fields if name not in FREE):
            return
        shown = []
        for at in (user, owner):
            path, placed = self.nodes[at].path, self.nodes[at].placed
            kind, (weights, biases, _) = f"{placed.layer.kind} {placed.layer.describe()}".rstrip(), self._count(placed)
            shown.append(f"{path} is {kind} on {placed.inputs[0]} with {weights + biases} parameters")
        message = f"weights: {shown[0]}, but {shown[1]}"
        raise SpecError(Problem(message, span, "kind, fields and channels must be equal; stride, pad and dilation may differ"))

    def freeze(self, nodes: Sequence[int], place: Span | None = None) -> None:
        """Freeze the weights of nodes. If an option names them, they must have some."""
        if place is not None and not self._weighted(nodes):
            raise SpecError(Problem(f"{place.source.text} has no weights to freeze", place, "name a layer or folder with weights"))
        self._frozen.update(nodes)

    def settle(self, kept: Container[int]) -> None:
        """Mark the nodes: shared weights are those of the first kept layer that uses them, if possible outside of auxiliary heads.

        Weights are frozen if any layer that uses them is.
        """
        groups: dict[int, list[int]] = {}
        for user, first in self._first.items():
            groups.setdefault(first, [first]).append(user)
        owners: dict[int, str] = {}
        for group in groups.values():
            if not self._frozen.isdisjoint(group):
                self._frozen.update(group)
            owner = min(group, key=lambda at: (at not in kept, self.nodes[at].side, at))
            owners.update({at: self.nodes[owner].path for at in group if at != owner})
        twins: dict[tuple[PlacedLayer, str, bool], PlacedLayer] = {}
        for at in self._weighted(sorted(self._frozen | owners.keys())):
            node = self.nodes[at]
            placed, node.owner, frozen = node.placed, owners.get(at, ""), at in self._frozen
            twin = PlacedLayer(placed.layer, placed.inputs, placed.output, placed.terms, shared=bool(node.owner), frozen=frozen)
            node.placed = twins.setdefault((placed, node.owner, frozen), twin)
