"""Base class of layers with a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least
from cnncalc.layers.contract import Layer, documented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.contract import Volume
    from cnncalc.layers.window import Reach, Window


class Windowed(Layer):
    """A layer with a kernel that moves along both axes."""

    @property
    def windows(self) -> tuple[Window, Window]:
        """The kernel along each axis."""
        raise NotImplementedError

    def sides(self, x: Volume) -> tuple[Dim, Dim]:
        """Return the height and width of the output."""
        down, across = self.windows
        return down.places(x.h), across.places(x.w)

    @documented("The kernel fits into the padded input.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for window, size, side in zip(self.windows, (x.h, x.w), ("high", "wide"), strict=True):
            if window.same:
                continue
            padded = size + (window.before + window.after)
            if window.ceil:
                yield at_least(window.places(size), 1, f"a kernel {window.span} {side} does not fit into an input {padded} {side}")
            else:
                what = "the input" if window.before == window.after == 0 else "the padded input"
                yield at_least(padded, window.span, f"the kernel is {window.span} {side}, {what} only {padded}")

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """Return the input region of the kernel."""
        down, across = self.windows
        return down.reach(x.h), across.reach(x.w)

    def remainders(self, x: Volume) -> tuple[Dim, Dim]:
        """Return the rows and columns after the last full step."""
        down, across = self.windows
        return down.remainder(x.h), across.remainder(x.w)
