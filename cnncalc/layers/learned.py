"""Volumes that do not depend on the input: learned ones, such as position embeddings, and constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.layers import operation_types, volume_fields
from cnncalc.layers.contract import NO_WORK, PARAMETER, Layer, Volume, Work, arg, documented, layer

if TYPE_CHECKING:
    from cnncalc.dims import Dim


class IndependentVolume(Layer):
    """A volume that does not depend on the input."""

    is_source = True
    keeps = ()
    shape: tuple[Dim, ...] = arg(volume_fields.SHAPE, "its sides and channels", symbol="V", shown="{}")

    @documented("The given shape, whatever the input is.")
    def output(self, *_: Volume) -> Volume:
        return Volume(*self.shape)

    @documented("None.")
    def biases(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def work(self, x: Volume, y: Volume) -> Work:
        return NO_WORK


@layer("learned", "A learnable volume that does not depend on the input, such as a position embedding, to add, multiply or concatenate.")
class Learned(IndependentVolume):
    storage = PARAMETER
    operation = operation_types.LEARNED

    @documented("One per element.")
    def weights(self, x: Volume) -> Dim:
        return self.output().size


@layer("constant", "A fixed volume that does not depend on the input, such as sines of the positions; it is computed, not stored.")
class Constant(IndependentVolume):
    operation = operation_types.NOTHING

    @documented("None.")
    def weights(self, x: Volume) -> Dim:
        return 0
