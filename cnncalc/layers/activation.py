"""Element-wise layers: activations, dropout and scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import (
    IN_PLACE,
    INPUT,
    MASK,
    NO_WORK,
    OUTPUT,
    Unchanged,
    Unlearned,
    Volume,
    Work,
    arg,
    documented,
    has_side,
    layer,
    position,
)
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Activation(Unchanged, Unlearned):
    """An element-wise function."""

    storage = IN_PLACE
    operation = operation_types.ACTIVATION
    keeps: ClassVar[tuple[str, ...]] = (INPUT,)

    @documented("One operation per element.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(elements=y.size)


@layer("relu", "max(0, x).")
class Relu(Activation):
    operation = operation_types.RELU
    keeps = (OUTPUT,)


@layer("relu6", "min(max(0, x), 6).")
class Relu6(Activation):
    operation = operation_types.RELU6
    keeps = (OUTPUT,)


@layer("leaky_relu", "max(x, slope · x) with a small fixed slope.")
class LeakyRelu(Activation):
    operation = operation_types.LEAKY_RELU
    keeps = (OUTPUT,)


@layer("prelu", "max(x, slope · x) with a learnable slope per channel.")
class PRelu(Activation):
    operation = operation_types.PRELU

    @documented("One slope per channel.")
    def weights(self, x: Volume) -> Dim:
        return x.c


@layer("elu", "x above 0, exp(x) − 1 below.")
class Elu(Activation):
    operation = operation_types.ELU
    keeps = (OUTPUT,)


@layer("sigmoid", "1 / (1 + exp(−x)).")
class Sigmoid(Activation):
    keeps = (OUTPUT,)


@layer("tanh", "The hyperbolic tangent; LeNet's is scaled.")
class Tanh(Activation):
    keeps = (OUTPUT,)


@layer("swish", "x · sigmoid(x), also called SiLU.")
class Swish(Activation):
    operation = operation_types.SWISH


@layer("hswish", "x · relu6(x + 3) / 6.")
class HardSwish(Activation):
    pass


@layer("hsigmoid", "relu6(x + 3) / 6.")
class HardSigmoid(Activation):
    pass


@layer("gelu", "x · Φ(x), Φ the normal distribution.")
class Gelu(Activation):
    operation = operation_types.GELU


@layer("softmax", "Softmax: turns scores into probabilities.")
class Softmax(Activation):
    operation = operation_types.SOFTMAX
    keeps = (OUTPUT,)
    along: str = arg(
        fields.SIDE, "the scores that sum to 1: the channels of each position, or a side", default="channels", shown="along {}"
    )

    @documented("The volume has the side.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from has_side(x, self.along)

    def reach(self, x: Volume) -> tuple[Reach, ...] | None:
        """Return the whole side that sums to 1."""
        if self.along == "channels":
            return None
        return tuple([whole_side(side) if i == position(x, self.along) else Reach(1, 1, 0) for i, side in enumerate(x.sides)])

    def scores(self, x: Volume) -> Dim:
        """Return how many scores sum to 1."""
        count: Dim = x[position(x, self.along)]
        return count


class TrainingOnly(Unchanged, Unlearned):
    """A layer that does nothing at inference."""

    storage = IN_PLACE
    operation = operation_types.NOTHING
    keeps: ClassVar[tuple[str, ...]] = ()
    p: Any

    @documented("None.")
    def work(self, x: Volume, y: Volume) -> Work:
        return NO_WORK


@layer("dropout", "Sets elements to zero at random in training.")
class Dropout(TrainingOnly):
    keeps = (MASK,)
    p: Any = arg(fields.SHARE, "probability of dropping an element", default=0.5, shown="{}")


@layer("droppath", "Stochastic depth: drops the branch at random in training.")
class DropPath(TrainingOnly):
    p: Any = arg(fields.SHARE, "probability of dropping an image", default=0.5, shown="{}")


@layer("scale", "Multiplies by a fixed number, as Inception-ResNet does with its residuals.")
class Scale(Activation):
    operation = operation_types.SCALING
    keeps = ()

    factor: Any = arg(fields.FACTOR, "the factor", default=1, shown="{}")


@layer("layerscale", "Multiplies every channel by a learnable parameter, as ConvNeXt does with its residuals.")
class LayerScale(Activation):
    operation = operation_types.SCALING

    @documented("One factor per channel.")
    def weights(self, x: Volume) -> Dim:
        return x.c
