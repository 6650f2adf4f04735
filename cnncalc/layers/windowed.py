"""What every layer with a sliding window has in common, whether it weighs its window or pools it."""

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
    """Moves a kernel over its input in steps along every side."""

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        raise NotImplementedError

    def sides(self, x: Volume) -> tuple[Dim, ...]:
        """The sides of the output."""
        return tuple([window.places(side) for window, side in zip(self.windows, x.sides, strict=True)])

    @documented("The kernel fits at least once on the padded input, along every side; causal padding is for sequences.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for window, size, extent in zip(self.windows, x.sides, EXTENTS[x.rank], strict=True):
            if window.padding == CAUSAL:
                yield equal(x.rank, 1, "causal padding is for sequences, such as 16000x1")
            if window.padding:
                continue
            padded = size + (window.before + window.after)
            if window.ceil:
                yield at_least(window.places(size), 1, f"a kernel {window.span} {extent} does not fit on an input {padded} {extent}")
            else:
                what = "the input" if window.before == window.after == 0 else "the padded input"
                yield at_least(padded, window.span, f"the kernel is {window.span} {extent}, {what} only {padded}")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """The kernel."""
        return tuple([window.reach(side) for window, side in zip(self.windows, x.sides, strict=True)])

    def rests(self, x: Volume) -> tuple[Dim, ...]:
        """What the last whole step leaves."""
        return tuple([window.rest(side) for window, side in zip(self.windows, x.sides, strict=True)])
