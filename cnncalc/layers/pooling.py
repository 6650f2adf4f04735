"""Layers that make one value out of a window of values: pooling and LeNet's subsampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly, at_least, ceil_div, larger
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, PLACES, Unlearned, Volume, Work, arg, documented, layer, product
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import Reach, Window, whole_side, windows
from cnncalc.layers.windowed import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Tiling(Windowed):
    """A window that takes its steps over every channel by itself."""

    size: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(
        fields.STEP, "stride of the kernel; as large as the kernel where not given", like="size", symbol="S", shown="/{}"
    )

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        return windows(self.size, self.stride, Padding(*(0, 0) * len(self.size)))

    @documented("As many values as the window has places, in every channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), x.c)

    @documented("Every input of every window is looked at once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=product(self.size) * y.size)


class Pooling(Tiling, Unlearned):
    """A window that may be padded, dilated, and hang over the edge."""

    pad: fields.Padding | str = arg(
        fields.POOL_PAD, "places added around the input; they never win and never count", default=0, symbol="P", shown="pad {}"
    )
    dilation: tuple[Dim, ...] = arg(fields.STEP, "distance between the inputs of a kernel", default=1, symbol="D", shown="dilation {}")
    round: str = arg(fields.Choice("floor", "ceil"), "whether a last window may hang over the edge", default="floor", shown="{}")

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        return windows(self.size, self.stride, self.pad, self.dilation, ceil=self.round == "ceil")


@layer("maxpool", "Keeps the largest value of each window.")
class MaxPool(Pooling):
    operation = operation_types.MAX_POOL
    keeps = (PLACES,)


@layer("avgpool", "Averages each window.")
class AvgPool(Pooling):
    operation = operation_types.AVERAGE_POOL
    keeps = ()


@layer("subsample", "LeNet's pooling: the sum of a window, times a learned coefficient, plus a learned bias; one pair a map.")
class Subsample(Tiling):
    operation = operation_types.AVERAGE_POOL  # as frameworks would have it
    keeps = (INPUT,)

    @documented("A coefficient for each map.")
    def weights(self, x: Volume) -> Dim:
        return x.c

    @documented("A bias for each map.")
    def biases(self, x: Volume) -> Dim:
        return x.c

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("Sums the window, then multiplies once and adds once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=product(self.size) * y.size, elements=y.size, bias_adds=y.size)


class Global(Unlearned):
    """Makes one value out of a whole channel."""

    @documented("One value a channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*(1,) * x.rank, x.c)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """All of it."""
        return tuple([whole_side(side) for side in x.sides])

    @documented("Every input is looked at once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=x.size)


@layer("gap", "Global average pooling: the mean of each channel.")
class GlobalAvgPool(Global):
    operation = operation_types.ADAPTIVE_AVERAGE
    keeps = ()


@layer("gmp", "Global max pooling: the largest value of each channel.")
class GlobalMaxPool(Global):
    operation = operation_types.ADAPTIVE_MAX
    keeps = (PLACES,)


@layer("adaptivepool", "Averages windows whose sizes are chosen so that the output has the given size.")
class AdaptivePool(Unlearned):
    operation = operation_types.ADAPTIVE_AVERAGE
    keeps = ()
    size: tuple[Dim, ...] = arg(fields.PLACES, "size of the output", symbol="O", shown="to {}")

    @documented("The size asked for, in every channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.size, x.c)

    @documented("The number of windows is known.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for size in self.size:
            known = 0 if isinstance(size, Poly) else 1
            yield at_least(known, 1, f"the output size {size} is not a number; give one")

    @documented("Every input of every window, counted where windows overlap as well.")
    def work(self, x: Volume, y: Volume) -> Work:
        seen = [sum((end - start for start, end in _spans(side, count)), start=0) for side, count in zip(x.sides, self.size, strict=True)]
        return Work(window=product(seen) * x.c)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """The largest of the windows; on average they are input / output apart."""
        return tuple([_widest(side, count) for side, count in zip(x.sides, self.size, strict=True)])


def _spans(size: Dim, count: Dim) -> Iterator[tuple[Dim, Dim]]:
    """First and end of each window: the i-th begins at ⌊i·size/count⌋ and ends before ⌈(i + 1)·size/count⌉, as in PyTorch."""
    for i in range(int(count)):  # type: ignore[arg-type]  # `requires` has refused formulas
        yield i * size // count, ceil_div((i + 1) * size, count)


def _widest(size: Dim, count: Dim) -> Reach:
    extent: Dim = 1
    for start, end in _spans(size, count):
        extent = larger(extent, end - start)
    return Reach(extent, ceil_div(size, count) if count != 1 else 0, 0)
