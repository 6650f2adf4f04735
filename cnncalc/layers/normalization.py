"""Normalization layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import divides
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import IN_PLACE, INPUT, OUTPUT, Unchanged, Unlearned, Volume, Work, arg, documented, layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class ScaledNorm(Unchanged):
    """Base class: divides by a magnitude computed from the input, then multiplies by a learnable scale per channel."""

    keeps = (INPUT,)

    scale: bool = arg(fields.LEARNED, "has a learnable scale per channel; shared: one that is counted at another layer", default=True)

    @documented("One scale per channel.")
    def weights(self, x: Volume) -> Dim:
        return x.c if self.scale is True else 0

    @documented("None.")
    def biases(self, x: Volume) -> Dim:
        return 0

    @documented("None: statistics are computed from the input.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("One operation per element.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(elements=y.size)


class Norm(ScaledNorm):
    """Base class: a normalization that also subtracts the mean and adds a learnable shift per channel."""

    shift: bool = arg(fields.LEARNED, "has a learnable shift per channel; shared: one that is counted at another layer", default=True)

    @documented("One shift per channel.")
    def biases(self, x: Volume) -> Dim:
        return x.c if self.shift is True else 0


@layer("bn", "Batch normalization, with the running mean and variance of every channel.")
class BatchNorm(Norm):
    storage = IN_PLACE
    operation = operation_types.BATCH_NORM

    @documented("A running mean and a running variance per channel.")
    def buffers(self, x: Volume) -> Dim:
        return 2 * x.c


@layer("ln", "Layer normalization: mean and variance over the channels of each position.")
class LayerNorm(Norm):
    operation = operation_types.LAYER_NORM


@layer("gn", "Group normalization: mean and variance over the channels of a group.", main="groups")
class GroupNorm(Norm):
    operation = operation_types.GROUP_NORM
    groups: Dim = arg(fields.POSITIVE, "groups of channels", symbol="G", shown="groups {}")

    @documented("The groups divide the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")


@layer("instancenorm", "Instance normalization: mean and variance of each channel, over its positions.")
class InstanceNorm(Norm):
    operation = operation_types.INSTANCE_NORM


@layer("rmsnorm", "Root mean square normalization: divides each position by the root mean square of its channels.")
class RootMeanSquareNorm(ScaledNorm):
    operation = operation_types.RMS_NORM


@layer("l2norm", "L2 normalization: divides each position by the length of its vector of channels, as SSD does before its first head.")
class L2Norm(ScaledNorm):
    operation = operation_types.L2_NORM


@layer("grn", "Global response normalization: multiplies each channel by its L2 norm over all positions, relative to the other channels'.")
class GlobalResponseNorm(Norm):
    operation = operation_types.RESPONSE_NORM


@layer("lrn", "Local response normalization: divides by the activity of `size` neighbouring channels.")
class LocalResponseNorm(Unchanged, Unlearned):
    operation = operation_types.LOCAL_NORM
    keeps = (INPUT, OUTPUT)
    size: Dim = arg(fields.POSITIVE, "channels that count as neighbours", default=5, symbol="n", shown="{}")

    @documented("One operation per element.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(elements=y.size)
