"""Layers that bring values to a common scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import divides
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import IN_PLACE, INPUT, OUTPUT, Unchanged, Unlearned, Volume, Work, arg, layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Norm(Unchanged):
    """Subtracts a mean and divides by a deviation; then scales and shifts every channel by learned numbers."""

    keeps = (INPUT,)

    scale: bool = arg(fields.FLAG, "learns a factor for each channel", default=True)
    shift: bool = arg(fields.FLAG, "learns a summand for each channel", default=True)

    def weights(self, x: Volume) -> Dim:
        """A factor for each channel."""
        return x.c if self.scale else 0

    def biases(self, x: Volume) -> Dim:
        """A summand for each channel."""
        return x.c if self.shift else 0

    def buffers(self, x: Volume) -> Dim:
        """None: mean and deviation are the image's own."""
        return 0

    def work(self, x: Volume, y: Volume) -> Work:
        """Every value once."""
        return Work(elements=y.size)


@layer("bn")
class BatchNorm(Norm):
    """Batch normalization, with the mean and variance that training has kept for every channel."""

    storage = IN_PLACE
    operation = operation_types.BATCH_NORM

    def buffers(self, x: Volume) -> Dim:
        """A running mean and a running variance for each channel."""
        return 2 * x.c


@layer("ln")
class LayerNorm(Norm):
    """Layer normalization: mean and variance over the channels of one place."""

    operation = operation_types.LAYER_NORM


@layer("gn", main="groups")
class GroupNorm(Norm):
    """Group normalization: mean and variance over one image's channels of a group."""

    operation = operation_types.GROUP_NORM
    groups: Dim = arg(fields.POSITIVE, "parts the channels are divided into", symbol="G", shown="groups {}")

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The groups divide."""
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")


@layer("lrn")
class LocalResponseNorm(Unchanged, Unlearned):
    """Local response normalization: divides by the activity of `size` neighbouring channels."""

    operation = operation_types.LOCAL_NORM
    keeps = (INPUT, OUTPUT)
    size: Dim = arg(fields.POSITIVE, "channels that count as neighbours", default=5, symbol="n", shown="{}")

    def work(self, x: Volume, y: Volume) -> Work:
        """Every value once."""
        return Work(elements=y.size)
