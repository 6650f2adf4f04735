"""Base class of layers with a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least, equal
from cnncalc.layers.contract import EXTENTS, Layer, documented
from cnncalc.layers.fields import CAUSAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.contract import Volume
    from cnncalc.layers.window import Reach, Window


class Windowed(Layer):
    """A layer with a kernel that moves along every side."""

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        raise NotImplementedError

    def sides(self, x: Volume) -> tuple[Dim, ...]:
        """Return the sides of the output."""
        return tuple([window.places(side) for window, side in zip(self.windows, x.sides, strict=True)])

    @documented("The kernel fits into the padded input; causal padding is for sequences.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for window, size, extent in zip(self.windows, x.sides, EXTENTS[x.rank], strict=True):
            if window.padding == CAUSAL:
                yield equal(x.rank, 1, "causal padding is for sequences, such as 16000x1")
            if window.padding:
                continue
            padded = size + (window.before + window.after)
            if window.ceil:
                yield at_least(window.places(size), 1, f"a kernel {window.span} {extent} does not fit into an input {padded} {extent}")
            else:
                what = "the input" if window.before == window.after == 0 else "the padded input"
                yield at_least(padded, window.span, f"the kernel is {window.span} {extent}, {what} only {padded}")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the input region of the kernel."""
        return tuple([window.reach(side) for window, side in zip(self.windows, x.sides, strict=True)])

    def remainders(self, x: Volume) -> tuple[Dim, ...]:
        """Return the elements after the last full step."""
        return tuple([window.remainder(side) for window, side in zip(self.windows, x.sides, strict=True)])
