"""What a layer costs for one image."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims import Inconclusive
from cnncalc.layers import OWN
from cnncalc.layers.window import OPEN

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.graph.network_graph import PlacedLayer
    from cnncalc.layers import Layer, Volume, Work
    from cnncalc.layers.operation_types import Operation
    from cnncalc.layers.window import Reach


class Cost(NamedTuple):
    """The costs of a layer, as its rules compute them."""

    weights: Dim
    biases: Dim
    buffers: Dim
    work: Work
    values: Dim
    stored: bool  # writes an output of its own
    remainders: tuple[Dim, ...]  # elements left over by the kernel, by side
    reach: tuple[Reach, ...] | None  # the input region of one output position, by side; None: the same position only
    placed: PlacedLayer
    taken: Dim = 0  # buffers that the counting convention counts as parameters

    @property
    def params(self) -> Dim:
        """Learnable parameters, plus the buffers counted as such."""
        return self.weights + self.biases + self.taken

    @property
    def operation(self) -> Operation:
        """The operation under which tools count the layer."""
        return self.placed.layer.operation

    @property
    def entering(self) -> Dim:
        """The number of input elements; for a merge (not counted by any tool), of the first input."""
        return self.placed.inputs[0].size

    @property
    def learned(self) -> Dim:
        """Learnable parameters, including biases that a report leaves out."""
        layer, volumes = self.placed.layer, self.placed.inputs
        return layer.weights(*volumes) + layer.biases(*volumes)

    @property
    def exact(self) -> bool | None:
        """Whether the kernel divides the input evenly; None if that depends on symbols."""
        exact: bool | None = True
        for remainder in self.remainders:
            if not isinstance(remainder, int):
                exact = None
            elif remainder:
                return False
        return exact


def cost(placed: PlacedLayer) -> Cost:
    """Compute the costs of a layer from its rules."""
    layer, volumes, y = placed.layer, placed.inputs, placed.output
    return Cost(
        layer.weights(*volumes),
        layer.biases(*volumes),
        layer.buffers(*volumes),
        layer.work(*volumes, y),
        y.size,
        layer.storage == OWN,
        layer.remainders(volumes[0]),
        reach_of(layer, volumes[0]),
        placed,
    )


def reach_of(layer: Layer, x: Volume) -> tuple[Reach, ...] | None:
    """Return the input region of one output position, by side; open if it depends on symbols."""
    try:
        return layer.reach(x)
    except Inconclusive:
        return OPEN, OPEN
