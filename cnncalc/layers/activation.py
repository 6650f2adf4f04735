"""Layers that compute every value from itself alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import IN_PLACE, INPUT, MASK, NO_WORK, OUTPUT, Unchanged, Unlearned, Volume, Work, arg, layer

if TYPE_CHECKING:
    from cnncalc.dims import Dim


class Activation(Unchanged, Unlearned):
    """A function of one value."""

    storage = IN_PLACE
    operation = operation_types.ACTIVATION
    keeps: ClassVar[tuple[str, ...]] = (INPUT,)

    def work(self, x: Volume, y: Volume) -> Work:
        """Every value once."""
        return Work(elements=y.size)


@layer("relu")
class Relu(Activation):
    """max(0, x)."""

    operation = operation_types.RELU
    keeps = (OUTPUT,)


@layer("relu6")
class Relu6(Activation):
    """min(max(0, x), 6)."""

    operation = operation_types.RELU6
    keeps = (OUTPUT,)


@layer("leaky_relu")
class LeakyRelu(Activation):
    """x above 0, a small fixed share of x below."""

    operation = operation_types.LEAKY_RELU
    keeps = (OUTPUT,)


@layer("prelu")
class PRelu(Activation):
    """x above 0, a learned share of x below; one share a channel."""

    operation = operation_types.PRELU

    def weights(self, x: Volume) -> Dim:
        """A share for each channel."""
        return x.c


@layer("elu")
class Elu(Activation):
    """x above 0, exp(x) − 1 below."""

    operation = operation_types.ELU
    keeps = (OUTPUT,)


@layer("sigmoid")
class Sigmoid(Activation):
    """1 / (1 + exp(−x))."""

    keeps = (OUTPUT,)


@layer("tanh")
class Tanh(Activation):
    """The hyperbolic tangent; LeNet's is scaled."""

    keeps = (OUTPUT,)


@layer("swish")
class Swish(Activation):
    """x · sigmoid(x), also called SiLU."""

    operation = operation_types.SWISH


@layer("hswish")
class HardSwish(Activation):
    """x · relu6(x + 3) / 6."""


@layer("hsigmoid")
class HardSigmoid(Activation):
    """relu6(x + 3) / 6."""


@layer("gelu")
class Gelu(Activation):
    """x · Φ(x), Φ the normal distribution."""

    operation = operation_types.GELU


@layer("softmax")
class Softmax(Activation):
    """Makes a vector of scores into probabilities."""

    operation = operation_types.SOFTMAX
    keeps = (OUTPUT,)


class TrainingOnly(Unchanged, Unlearned):
    """Does something in training, nothing in use."""

    storage = IN_PLACE
    operation = operation_types.NOTHING
    keeps: ClassVar[tuple[str, ...]] = ()
    p: Any

    def work(self, x: Volume, y: Volume) -> Work:
        """Nothing."""
        return NO_WORK


@layer("dropout")
class Dropout(TrainingOnly):
    """Sets values to zero at random while training."""

    keeps = (MASK,)
    p: Any = arg(fields.SHARE, "share of the values", default=0.5, shown="{}")


@layer("droppath")
class DropPath(TrainingOnly):
    """Leaves out a whole path at random while training."""

    p: Any = arg(fields.SHARE, "share of the images", default=0.5, shown="{}")


@layer("scale")
class Scale(Activation):
    """Multiplies by a fixed number, as Inception-ResNet does with its residuals."""

    operation = operation_types.SCALING
    keeps = ()

    factor: Any = arg(fields.FACTOR, "the number", default=1, shown="{}")


@layer("layerscale")
class LayerScale(Activation):
    """Multiplies every channel by a learned number, as ConvNeXt does with its residuals."""

    operation = operation_types.SCALING

    def weights(self, x: Volume) -> Dim:
        """A factor for each channel."""
        return x.c
