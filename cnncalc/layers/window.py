"""The formula of a kernel along one side: output size, padding and what is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims import Inconclusive, ceil_div, larger, smaller
from cnncalc.layers.fields import SAME, Padding

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
    """A window along one axis. With `same` there are as many zeros around as it takes; before and after are not used."""

    kernel: Dim
    stride: Dim
    before: Dim
    after: Dim
    dilation: Dim
    ceil: bool
    same: bool

    @property
    def span(self) -> Dim:
        """The input values from the window's first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    def room(self, size: Dim) -> Dim:
        """How far the window can move over the padded input."""
        return size - self.span + (self.before + self.after)

    def places(self, size: Dim) -> Dim:
        """How many places the window has: the side of the output."""
        if self.same:
            return ceil_div(size, self.stride)
        if self.ceil:
            # A last window that hangs over the far edge still has to start inside the input or the near padding.
            return smaller(ceil_div(self.room(size), self.stride), (size + self.before - 1) // self.stride) + 1
        return self.room(size) // self.stride + 1

    def rest(self, size: Dim) -> Dim:
        """The input values left over after the last whole step; 0 where the windows tile."""
        return 0 if self.same else self.room(size) % self.stride

    def lost(self, size: int) -> int:
        """The input values past the last window that it would see with one more step; 0 where only padding stays unused."""
        end = (self.places(size) - 1) * self.stride + self.span - self.before
        past = size - end
        return past if isinstance(past, int) and past > max(self.stride - self.span, 0) else 0  # those between windows are skipped anyway

    def zeros_before(self, size: Dim) -> Dim:
        """Zeros ahead of the first value; TensorFlow's `same` puts the smaller half there."""
        if not self.same:
            return self.before
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
    kernel: tuple[Dim, Dim],
    stride: tuple[Dim, Dim],
    pad: Padding | str,
    dilation: tuple[Dim, Dim] = (1, 1),
    *,
    ceil: bool = False,
) -> tuple[Window, Window]:
    """The windows along height and width."""
    same = pad == SAME
    top, bottom, left, right = (0, 0, 0, 0) if isinstance(pad, str) else pad
    return (
        Window(kernel[0], stride[0], top, bottom, dilation[0], ceil, same),
        Window(kernel[1], stride[1], left, right, dilation[1], ceil, same),
    )


def whole_side(size: Dim) -> Reach:
    """A window as large as the input, in its only place: there is no next one."""
    return Reach(size, 0, 0)
