"""Places layers: checks their conditions and computes their output volumes."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive, Poly
from cnncalc.errors import Problem, SpecError
from cnncalc.graph.network_graph import Node, PlacedLayer
from cnncalc.layers import FieldError, Input
from cnncalc.layers.fields import POSITIVE
from cnncalc.limits import ADDED, LIMITS, LimitError

if TYPE_CHECKING:
    from cnncalc.dims import Condition
    from cnncalc.layers import Layer, Volume
    from cnncalc.limits import Meter
    from cnncalc.spec.model import Step

    Flow = tuple[int, ...]  # indices of the nodes that are a step's inputs

LISTED = 8  # volumes listed in a message


class LayerPlacer:
    """Collects the nodes of a graph. Equal layers on equal volumes are computed once."""

    def __init__(self, x: Volume, conditions: dict[Condition, str], meter: Meter) -> None:
        self.meter = meter
        self.nodes: list[Node] = [Node("input", (), PlacedLayer(Input(), (x,), x), side=False)]
        self.conditions = conditions  # those undecided for formulas, with the layer that requires them
        for condition in chain(*(POSITIVE.requires("input", side) for side in x)):
            if condition.holds is None:
                conditions.setdefault(condition, "input")
            elif not condition.holds:
                raise SpecError(Problem(condition.message))
        self._placed: dict[tuple[Layer, tuple[Volume, ...]], PlacedLayer] = {}
        self._layers: dict[tuple[Any, ...], Layer] = {}

    def one(self, layer: Layer) -> Layer:
        """Return the shared layer of this kind with these fields, so that equal layers are one object."""
        return self._layers.setdefault((type(layer), *vars(layer).values()), layer)

    def place(self, layer: Layer, inputs: Flow, path: str, step: Step, *, side: bool, labels: list[str] | None = None) -> Flow:
        """Add a layer to the graph and return its outputs. Messages name its inputs by `labels`, else by their paths."""
        nodes, meter = self.nodes, self.meter
        meter.connections -= len(inputs)
        if len(nodes) > meter.layers or meter.connections < 0:  # the input is not a layer
            raise self._too_many(step)
        volumes = tuple([nodes[each].placed.output for each in inputs])
        if layer.is_source:
            inputs, volumes = (), (layer.output(),)
        elif "broadcast" in layer.fields and any(nodes[each].placed.layer.is_source for each in inputs):
            layer = self.one(type(layer)(broadcast=True))
        placed = self._placed.get((layer, volumes))
        if placed is None:
            placed = self._placed[layer, volumes] = self._first(layer, volumes, path, step, labels or [nodes[each].path for each in inputs])
        if placed.terms:
            self._operate(placed.terms, step)
        nodes.append(Node(path, inputs, placed, side=side))
        last = len(nodes) - 1
        return (last,) if not layer.splits else self.side_by_side((last,) * layer.parts, step)  # type: ignore[attr-defined]  # a split has parts

    def _too_many(self, step: Step) -> SpecError:
        """Return the error for a network that is too large."""
        layers = self.meter.layers
        if len(self.nodes) > layers:
            return SpecError(Problem(f"more than {layers:,} layers", step.span, ADDED))
        return SpecError(Problem(f"more than {self.meter.limits.connections * layers:,} connections between layers", step.span))

    def _operate(self, amount: int, step: Step) -> None:
        """Count work on formulas."""
        try:
            self.meter.operate(amount)
        except LimitError as error:
            raise SpecError(Problem(error.message, step.span, "give some of the symbols a number")) from None

    def side_by_side(self, flow: Flow, step: Step) -> Flow:
        """Check that the number of parallel volumes is within the limit."""
        if len(flow) > LIMITS.volumes:
            raise SpecError(Problem(f"more than {LIMITS.volumes:,} parallel volumes", step.span))
        return flow

    def _first(self, layer: Layer, volumes: tuple[Volume, ...], path: str, step: Step, labels: list[str]) -> PlacedLayer:
        """Run the rules of a layer on new input volumes and check its conditions."""
        if len(self._placed) >= self.meter.different:
            message = f"more than {self.meter.different:,} different layers"
            raise SpecError(Problem(message, step.span, "equal layers on equal inputs count once"))
        if len(volumes) != 1 and not (layer.merges or layer.several):
            message = f"{path}: {layer.kind} has one input, but is given {len(volumes)}: {_listed(labels, volumes)}"
            raise SpecError(Problem(message, step.span, "merge them first: add, concat"))
        try:
            layer = layer.for_rank(volumes[0].rank) if volumes else layer
            for condition in chain(layer.field_conditions(), layer.requires(*volumes)):
                if condition.holds is None:
                    self.conditions.setdefault(condition, path)
                elif not condition.holds:
                    raise SpecError(_unmet(condition, volumes, labels, path, step))
            output = layer.output(*volumes)
            if volumes and type(volumes[0]) is not type(output):
                output = type(volumes[0])._make(output)  # in the layout of the input
        except FieldError as error:
            raise SpecError(Problem(f"{path}: {error}", step.span)) from None
        except (Inconclusive, LimitError) as error:
            (problem,) = error.problems
            raise SpecError(Problem(f"{path}: {problem.message}", step.span, problem.hint)) from None
        for size in output:
            if isinstance(size, int) and size > LIMITS.size:
                raise SpecError(Problem(f"{path}: a dimension of the output is larger than {LIMITS.size:,}", step.span))
        if {*map(type, output)} == {int}:
            return PlacedLayer(layer, volumes, output)
        return PlacedLayer(layer, volumes, output, math.prod(side.length if isinstance(side, Poly) else 1 for side in output))


def _unmet(condition: Condition, volumes: tuple[Volume, ...], labels: list[str], path: str, step: Step) -> Problem:
    """Return the problem of an unmet condition, with the input volumes."""
    if len(volumes) > 1:
        return Problem(f"{path}: {condition.message}: {_listed(labels, volumes)}", step.span)
    return Problem(f"{path}: {condition.message}", step.span, f"its input: {_listed(labels, volumes)}" if volumes else "")


def _listed(labels: list[str], volumes: tuple[Volume, ...]) -> str:
    shown = [f"{label} {volume}" for label, volume in zip(labels[:LISTED], volumes, strict=False)]
    return ", ".join(shown) + (" …" if len(volumes) > LISTED else "")
