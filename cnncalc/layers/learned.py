"""Volumes that are learned: position embeddings, class tokens, single factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.layers import operation_types, volume_fields
from cnncalc.layers.contract import NO_WORK, PARAMETER, Layer, Volume, Work, arg, documented, layer

if TYPE_CHECKING:
    from cnncalc.dims import Dim


@layer("learned", "A learnable volume that does not depend on the input, such as a position embedding, to add, multiply or concatenate.")
class Learned(Layer):
    is_source = True
    storage = PARAMETER
    operation = operation_types.LEARNED
    keeps = ()
    shape: tuple[Dim, ...] = arg(volume_fields.SHAPE, "its sides and channels", symbol="V", shown="{}")

    @documented("The given shape, whatever the input is.")
    def output(self, *_: Volume) -> Volume:
        return Volume(*self.shape)

    @documented("One per element.")
    def weights(self, x: Volume) -> Dim:
        return self.output().size

    @documented("None.")
    def biases(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def work(self, x: Volume, y: Volume) -> Work:
        return NO_WORK
