"""A layer whose costs the author of a file states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import fields, operation_types, volume_fields
from cnncalc.layers.contract import INPUT, Layer, Volume, Work, arg, documented, layer
from cnncalc.layers.window import OPEN, Reach

if TYPE_CHECKING:
    from cnncalc.dims import Dim


@layer("custom", "What no kind describes: output, parameters and multiply-accumulates are stated by the author, and marked as such.")
class Custom(Layer):
    stated = True
    operation = operation_types.STATED
    keeps = (INPUT,)
    output: Any = arg(volume_fields.SHAPE, "the sides and channels of the output", symbol="V", shown="stated {}")
    params: Dim = arg(fields.NATURAL, "learnable parameters", default=0, symbol="params", shown="{} parameters")
    macs: Dim = arg(fields.NATURAL, "multiply-accumulates for one image", default=0, symbol="macs", shown="{} MACs")
    modelled: bool = arg(fields.FLAG, "whether its work is known; if not, totals are lower bounds", default=True, shown="not modelled")

    @documented("As stated.")
    def weights(self, x: Volume) -> Dim:
        return self.params

    @documented("None: they are among the parameters.")
    def biases(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("As stated.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.macs)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return an unknown region."""
        return (OPEN,) * x.rank


@documented("As stated.")
def _stated(self: Custom, x: Volume) -> Volume:
    raise NotImplementedError  # every instance has the stated output in its place


Custom.output = _stated
