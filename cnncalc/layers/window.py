"""The one window formula: in goes a side of the input and a window's numbers along it, out comes the side of the output."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims import Inconclusive, ceil_div, larger, smaller
from cnncalc.layers.fields import CAUSAL, Padding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from cnncalc.dims import Dim


class Reach(NamedTuple):
    """What one output value sees along an axis: so many input values, so far apart from its neighbour's, from that place on.

    None where it depends on the values of symbols.
    """

    extent: Dim | None
    step: Dim | Fraction | None
    start: Dim | None


OPEN = Reach(None, None, None)


class Window(NamedTuple):
    """A kernel along one side. With a word as `padding` there are as many zeros as it takes; before and after are not used."""

    kernel: Dim
    stride: Dim
    before: Dim
    after: Dim
    dilation: Dim
    ceil: bool
    padding: str = ""  # SAME, CAUSAL, or nothing

    @property
    def span(self) -> Dim:
        """The input values from the window's first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    def room(self, size: Dim) -> Dim:
        """How far the window can move over the padded input."""
        return size - self.span + (self.before + self.after)

    def places(self, size: Dim) -> Dim:
        """How many places the window has: the side of the output."""
        if self.padding:
            return ceil_div(size, self.stride)
        if self.ceil:
            # A last window that hangs over the far edge still has to start inside the input or the near padding.
            return smaller(ceil_div(self.room(size), self.stride), (size + self.before - 1) // self.stride) + 1
        return self.room(size) // self.stride + 1

    def rest(self, size: Dim) -> Dim:
        """The input values left over after the last whole step; 0 where the windows tile."""
        return 0 if self.padding else self.room(size) % self.stride

    def zeros_before(self, size: Dim) -> Dim:
        """Zeros ahead of the first value; TensorFlow's `same` puts the smaller half there."""
        if not self.padding:
            return self.before
        if self.padding == CAUSAL:
            return self.span - 1
        lacking = (self.places(size) - 1) * self.stride + self.span - size
        return larger(lacking, 0) // 2

    def reach(self, size: Dim) -> Reach:
        """What one place of the window sees."""
        try:
            start: Dim | None = -self.zeros_before(size)
        except Inconclusive:
            start = None
        return Reach(self.span, self.stride, start)

    def would_fit(self, size: int) -> Iterator[str]:
        """The nearest input size, and the pad, with which the windows would tile."""
        rest = self.rest(size)
        if isinstance(rest, int) and rest and isinstance(self.stride, int):
            yield str(size + self.stride - rest)
            if self.before == self.after:
                for more in range(1, self.stride + 1):
                    if (rest + 2 * more) % self.stride == 0:
                        yield f"pad {self.before + more}"
                        break


def windows(
    kernel: tuple[Dim, ...],
    stride: tuple[Dim, ...],
    pad: Padding | str,
    dilation: tuple[Dim, ...] = (),
    *,
    ceil: bool = False,
) -> tuple[Window, ...]:
    """The kernel along each side."""
    pairs = [(0, 0)] * len(kernel) if isinstance(pad, str) else pad.pairs
    padding = pad if isinstance(pad, str) else ""
    return tuple(
        [
            Window(k, s, before, after, d, ceil, padding)
            for k, s, (before, after), d in zip(kernel, stride, pairs, dilation or (1,) * len(kernel), strict=True)
        ]
    )


def whole_side(size: Dim) -> Reach:
    """A window as large as the input, in its only place: there is no next one."""
    return Reach(size, 0, 0)
