"""Layers that make one value out of a window of values: pooling and LeNet's subsampling."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

from cnncalc.dims import Inconclusive, Poly, at_least, ceil_div, exact_div
from cnncalc.layers import fields, operations
from cnncalc.layers.contract import INPUT, PLACES, Unlearned, Volume, Work, arg, layer
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import Reach, Window, whole_side, windows
from cnncalc.layers.windowed import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Tiling(Windowed):
    """A window that takes its steps over every channel by itself."""

    size: tuple[Dim, Dim] = arg(fields.KERNEL, "height and width of the window", symbol="F", shown="{}")
    stride: tuple[Dim, Dim] = arg(
        fields.STEP, "step of the window; as large as the window where not given", like="size", symbol="S", shown="/{}"
    )

    @property
    def windows(self) -> tuple[Window, Window]:
        """The window along each axis."""
        return windows(self.size, self.stride, Padding(0, 0, 0, 0))

    def output(self, x: Volume) -> Volume:
        """As many values as the window has places, in every channel."""
        return Volume(*self.sides(x), x.c)

    def work(self, x: Volume, y: Volume) -> Work:
        """Every input of every window is looked at once."""
        return Work(window=self.size[0] * self.size[1] * y.size)


class Pooling(Tiling, Unlearned):
    """A window that may be padded, dilated, and hang over the edge."""

    pad: fields.Padding | str = arg(
        fields.PAD, "places added around the input; they never win and never count", default=0, symbol="P", shown="pad {}"
    )
    dilation: tuple[Dim, Dim] = arg(fields.STEP, "distance between the window's inputs", default=1, symbol="D", shown="dilation {}")
    round: str = arg(fields.Choice("floor", "ceil"), "whether a last window may hang over the edge", default="floor", shown="{}")

    @property
    def windows(self) -> tuple[Window, Window]:
        """The window along each axis."""
        return windows(self.size, self.stride, self.pad, self.dilation, ceil=self.round == "ceil")


@layer("maxpool")
class MaxPool(Pooling):
    """Keeps the largest value of each window."""

    operation = operations.MAX_POOL
    keeps = (PLACES,)


@layer("avgpool")
class AvgPool(Pooling):
    """Averages each window."""

    operation = operations.AVERAGE_POOL
    keeps = ()


@layer("subsample")
class Subsample(Tiling):
    """LeNet's pooling: the sum of a window, times a learned coefficient, plus a learned bias; one pair a map."""

    operation = operations.AVERAGE_POOL  # as frameworks would have it
    keeps = (INPUT,)

    def weights(self, x: Volume) -> Dim:
        """A coefficient for each map."""
        return x.c

    def biases(self, x: Volume) -> Dim:
        """A bias for each map."""
        return x.c

    def buffers(self, x: Volume) -> Dim:
        """None."""
        return 0

    def work(self, x: Volume, y: Volume) -> Work:
        """Sums the window, then multiplies once and adds once."""
        return Work(window=self.size[0] * self.size[1] * y.size, elements=y.size, bias_adds=y.size)


class Global(Unlearned):
    """Makes one value out of a whole channel."""

    def output(self, x: Volume) -> Volume:
        """One value a channel."""
        return Volume(1, 1, x.c)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """All of it."""
        return whole_side(x.h), whole_side(x.w)

    def work(self, x: Volume, y: Volume) -> Work:
        """Every input is looked at once."""
        return Work(window=x.size)


@layer("gap")
class GlobalAvgPool(Global):
    """Global average pooling: the mean of each channel."""

    operation = operations.ADAPTIVE_AVERAGE
    keeps = ()


@layer("gmp")
class GlobalMaxPool(Global):
    """Global max pooling: the largest value of each channel."""

    operation = operations.ADAPTIVE_MAX
    keeps = (PLACES,)


@layer("adaptivepool")
class AdaptivePool(Unlearned):
    """Averages windows whose sizes are chosen so that the output has the given size."""

    operation = operations.ADAPTIVE_AVERAGE
    keeps = ()
    size: tuple[Dim, Dim] = arg(fields.PLACES, "height and width of the output", symbol="O", shown="to {}")

    def output(self, x: Volume) -> Volume:
        """The size asked for, in every channel."""
        return Volume(*self.size, x.c)

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The number of windows is known."""
        for size in self.size:
            known = 0 if isinstance(size, Poly) else 1
            yield at_least(known, 1, f"an output {size} high or wide cannot be divided into windows; give a number")

    def work(self, x: Volume, y: Volume) -> Work:
        """Every input of every window, counted where windows overlap as well."""
        down, across = (
            sum((end - start for start, end in _spans(size, count)), start=0) for size, count in zip((x.h, x.w), self.size, strict=True)
        )
        return Work(window=down * across * x.c)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """Windows from the input unit in which an output unit begins to the one in which it ends."""
        down, across = map(_shared, (x.h, x.w), self.size)
        return down, across


def _spans(size: Dim, count: Dim) -> Iterator[tuple[Dim, Dim]]:
    """First and end of each window: the i-th begins at ⌊i·size/count⌋ and ends before ⌈(i + 1)·size/count⌉, as in PyTorch."""
    for i in range(int(count)):  # type: ignore[arg-type]  # `requires` has refused formulas
        yield i * size // count, ceil_div((i + 1) * size, count)


def _shared(size: Dim, count: Dim) -> Reach:
    """Windows that share an input among `count` outputs."""
    if count == 1:
        return whole_side(size)
    if size % count == 0:
        one = exact_div(size, count)
        return Reach(one, one, 0)
    number = getattr(size, "value", size)  # of a size that remembers its sum
    if isinstance(number, Poly):
        raise Inconclusive(f"{number} % {count} == 0", number, lambda _: None)
    common = gcd(number, int(count))  # type: ignore[arg-type]  # `requires` has refused formulas
    return Reach(size + count - 2 * common + 1, size, common - count, parts=count)
