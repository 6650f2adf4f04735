"""Layers that see all of their input at once: fully connected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import grouped
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, Layer, Volume, Work, arg, layer
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from cnncalc.dims import Dim


class Dense(Layer):
    """Every feature sees every value of the input, whatever its shape."""

    weighs = True
    operation = operation_types.LINEAR
    keeps = (INPUT,)
    features: Dim = arg(fields.POSITIVE, "values of the output", symbol="K", shown="{}")

    def output(self, x: Volume) -> Volume:
        """A vector."""
        return Volume(1, 1, self.features)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """All of it."""
        return whole_side(x.h), whole_side(x.w)


@layer("fc")
class FullyConnected(Dense):
    """Multiplies the whole input by a matrix; takes any volume: 6×6×256 in, 4096 out."""

    bias: bool = arg(fields.FLAG, "adds one learned number to each feature", default=True)

    def weights(self, x: Volume) -> Dim:
        """One for every pair of an input and a feature."""
        return grouped(x.size) * self.features

    def biases(self, x: Volume) -> Dim:
        """One a feature."""
        return self.features if self.bias else 0

    def buffers(self, x: Volume) -> Dim:
        """None."""
        return 0

    def work(self, x: Volume, y: Volume) -> Work:
        """Every weight is used once."""
        return Work(macs=self.weights(x), bias_adds=self.features if self.bias else 0)


@layer("rbf")
class RadialBasis(Dense):
    """LeNet's output: the squared distance of the input from a fixed code for each class."""

    operation = operation_types.DISTANCE

    def weights(self, x: Volume) -> Dim:
        """None: the code is fixed."""
        return 0

    def biases(self, x: Volume) -> Dim:
        """None."""
        return 0

    def buffers(self, x: Volume) -> Dim:
        """The code, a value for every pair of an input and a class."""
        return grouped(x.size) * self.features

    def work(self, x: Volume, y: Volume) -> Work:
        """Every value of the code is used once."""
        return Work(macs=grouped(x.size) * self.features)
