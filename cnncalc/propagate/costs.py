"""What a layer in its place costs one image, by the layer's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims import Inconclusive, Poly
from cnncalc.layers import OWN
from cnncalc.layers.window import OPEN

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.graph.graph import Placed
    from cnncalc.layers import Layer, Volume, Work
    from cnncalc.layers.operation_types import Operation
    from cnncalc.layers.window import Reach


class Cost(NamedTuple):
    """The answers of a layer's rules."""

    weights: Dim
    biases: Dim
    buffers: Dim
    work: Work
    values: Dim
    stored: bool  # writes a volume of its own
    rests: tuple[Dim, ...]  # what windows leave over, by axis
    reach: tuple[Reach, ...] | None  # what one value sees of the input, by axis; None: just its own place
    placed: Placed
    taken: Dim = 0  # of the buffers, what the counting convention takes for parameters

    @property
    def params(self) -> Dim:
        """Learned numbers, and what is taken for them."""
        return self.weights + self.biases + self.taken

    @property
    def operation(self) -> Operation:
        """What the layer is to tools that count."""
        return self.placed.layer.operation

    @property
    def entering(self) -> Dim:
        """The values that arrive; nobody counts a merge by them."""
        return self.placed.inputs[0].size

    @property
    def learned(self) -> Dim:
        """Learned numbers, also those that are left out of `biases`."""
        layer, volumes = self.placed.layer, self.placed.inputs
        return layer.weights(*volumes) + layer.biases(*volumes)

    @property
    def exact(self) -> bool | None:
        """Every window tiles its input; None where that depends on symbols."""
        if any(isinstance(rest, int) and rest for rest in self.rests):
            return False
        return None if any(isinstance(rest, Poly) for rest in self.rests) else True


def cost(placed: Placed) -> Cost:
    """Ask the rules of the layer."""
    layer, volumes, y = placed.layer, placed.inputs, placed.output
    return Cost(
        layer.weights(*volumes),
        layer.biases(*volumes),
        layer.buffers(*volumes),
        layer.work(*volumes, y),
        y.size,
        layer.storage == OWN,
        layer.rests(volumes[0]),
        reach_of(layer, volumes[0]),
        placed,
    )


def reach_of(layer: Layer, x: Volume) -> tuple[Reach, ...] | None:
    """What one value sees of the input, by axis, as far as symbols leave that known."""
    try:
        return layer.reach(x)
    except Inconclusive:
        return OPEN, OPEN
