"""Fully connected layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import grouped
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, Layer, Volume, Work, arg, documented, layer
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from cnncalc.dims import Dim


class Dense(Layer):
    """Base class: every output feature depends on every input element."""

    is_weight_layer = True
    operation = operation_types.LINEAR
    keeps = (INPUT,)
    features: Dim = arg(fields.POSITIVE, "number of output features", symbol="K", shown="{}")

    @documented("A vector: 1×1×features.")
    def output(self, x: Volume) -> Volume:
        return Volume(*(1,) * x.rank, self.features)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the whole input."""
        return tuple([whole_side(side) for side in x.sides])


@layer("fc", "Fully connected layer: flattens its input, whatever its size: 6×6×256 in, 4096 out.")
class FullyConnected(Dense):
    bias: bool = arg(fields.LEARNED, "adds a learnable bias per feature; shared: one that is counted at another layer", default=True)

    @documented("One per input element and feature.")
    def weights(self, x: Volume) -> Dim:
        return grouped(x.size) * self.features

    @documented("One per feature.")
    def biases(self, x: Volume) -> Dim:
        return self.features if self.bias is True else 0

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("Every weight is used once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x), bias_adds=self.features if self.bias else 0)


@layer("rbf", "LeNet's output: the squared distance of the input from a fixed code for each class.")
class RadialBasis(Dense):
    operation = operation_types.DISTANCE

    @documented("None: the code is fixed.")
    def weights(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def biases(self, x: Volume) -> Dim:
        return 0

    @documented("The code: one element per input element and class.")
    def buffers(self, x: Volume) -> Dim:
        return grouped(x.size) * self.features

    @documented("Every element of the code is used once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=grouped(x.size) * self.features)
