"""The formula of a kernel along one side: output size, padding and what is left over."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.dims import Inconclusive, Poly, ceil_div, larger, one_part, smaller, symbol
from cnncalc.layers.fields import SAME, Padding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from cnncalc.dims import Dim


ZEROS = "zeros ahead"  # how the name of an unknown number of zeros begins; no symbol of a file has spaces


class Reach(NamedTuple):
    """What the units of an output see of the input, along one axis.

    A window of `span`, whose elements are `dilation` apart, moves by `stride` over the input with `parts` - 1 zeros between
    neighbours (1 part: the input as it is); it begins at `start`. None where a number depends on the values of symbols.
    """

    span: Dim | None
    stride: Dim | None
    start: Dim | None
    dilation: Dim = 1
    parts: Dim = 1

    @property
    def extent(self) -> Dim | None:
        """The input units from the first to the last that a unit sees, for the unit that sees most."""
        return None if self.span is None else self.span if self.parts == 1 else ceil_div(self.span, self.parts)

    @property
    def step(self) -> Dim | Fraction | None:
        """Input units from one unit to the next, on average."""
        if self.stride is None or self.parts == 1:
            return self.stride
        return self.stride * one_part(self.parts)  # type: ignore[operator]  # a size that remembers its sum has parts that do as well

    @property
    def gapless(self) -> bool:
        """Every unit sees something, even between inserted zeros."""
        return bool(self.parts == 1 or (self.dilation == 1 and self.span is not None and self.span >= self.parts))

    @property
    def gap(self) -> int:
        """How far apart the input units are that a unit sees."""
        _, _, _, dilation, parts = cast("tuple[int, ...]", self)  # the caller has numbers
        return dilation // gcd(dilation, parts)

    def seen(self, unit: int) -> range:
        """The input units that a unit sees, as far as the numbers go: below 0 and from the input's size on there are none."""
        span, stride, start, dilation, parts = cast("tuple[int, ...]", self)  # the same
        first = start + unit * stride
        if parts > 1:
            common = gcd(dilation, parts)
            if first % common:
                return range(0)
            cycle = parts // common  # of so many elements of the window, one is no inserted zero
            zeros = -first // common * pow(dilation // common, -1, cycle) % cycle
            return range((first + zeros * dilation) // parts, (first + span - 1) // parts + 1, dilation // common)
        return range(first, first + span, dilation)

    def ends(self, units: int) -> list[tuple[int, int]]:
        """For each unit the first input unit that it sees, and the one after the last."""
        span, stride, start, _, parts = cast("tuple[int, ...]", self)  # or formulas, where there is 1 part
        if parts == 1:
            return [(start + unit * stride, start + unit * stride + span) for unit in range(units)]
        return [(seen.start, seen[-1] + 1 if seen else seen.start) for seen in map(self.seen, range(units))]


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
        """What one place of the window sees. Zeros whose number no formula says get a symbol: branches behind them can be compared."""
        try:
            before = self.zeros_before(size)
        except Inconclusive:
            scope = next(each.scope for each in (size, self.span, self.stride) if isinstance(each, Poly))
            before = symbol(f"{ZEROS} for {self.span}/{self.stride} on {size}", scope) - 1  # a symbol is at least 1, this at least 0
        return Reach(self.span, self.stride, -before, self.dilation)

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
