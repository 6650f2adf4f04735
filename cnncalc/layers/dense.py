"""Layers that see all of their input at once: fully connected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import grouped
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, Layer, Volume, Work, arg, documented, layer
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from cnncalc.dims import Dim


class Dense(Layer):
    """Every feature sees every value of the input, whatever its shape."""

    weighs = True
    operation = operation_types.LINEAR
    keeps = (INPUT,)
    features: Dim = arg(fields.POSITIVE, "values of the output", symbol="K", shown="{}")

    @documented("A vector.")
    def output(self, x: Volume) -> Volume:
        return Volume(*(1,) * x.rank, self.features)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """All of it."""
        return tuple([whole_side(side) for side in x.sides])


@layer("fc", "Multiplies the whole input by a matrix; takes any volume: 6×6×256 in, 4096 out.")
class FullyConnected(Dense):
    bias: bool = arg(fields.FLAG, "adds one learned number to each feature", default=True)

    @documented("One for every pair of an input and a feature.")
    def weights(self, x: Volume) -> Dim:
        return grouped(x.size) * self.features

    @documented("One a feature.")
    def biases(self, x: Volume) -> Dim:
        return self.features if self.bias else 0

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

    @documented("The code, a value for every pair of an input and a class.")
    def buffers(self, x: Volume) -> Dim:
        return grouped(x.size) * self.features

    @documented("Every value of the code is used once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=grouped(x.size) * self.features)
