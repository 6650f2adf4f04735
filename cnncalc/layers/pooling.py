"""Pooling layers."""

from __future__ import annotations

from math import gcd, prod
from typing import TYPE_CHECKING

from cnncalc.dims import Inconclusive, Poly, at_least, ceil_div, exact_div
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INDICES, INPUT, Unlearned, Volume, Work, arg, documented, layer
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import Reach, Window, whole_side, windows
from cnncalc.layers.windowed import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class BasePooling(Windowed):
    """Base class of pooling with a kernel, applied to each channel separately."""

    size: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(fields.STEP, "stride of the kernel; by default the kernel size", like="size", symbol="S", shown="/{}")

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        return windows(self.size, self.stride, Padding(*(0, 0) * len(self.size)))

    @documented("One element per kernel position, in every channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), x.c)

    @documented("Every element of every kernel position once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=prod(self.size) * y.size)


class Pooling(BasePooling, Unlearned):
    """Pooling with padding, dilation and rounding."""

    pad: fields.Padding | str = arg(
        fields.POOL_PAD,
        "padding around the input; it is never the maximum and does not count in averages",
        default=0,
        symbol="P",
        shown="pad {}",
    )
    dilation: tuple[Dim, ...] = arg(fields.STEP, "spacing between kernel elements", default=1, symbol="D", shown="dilation {}")
    round: str = arg(
        fields.Choice("floor", "ceil"), "whether the last position of the kernel may extend past the edge", default="floor", shown="{}"
    )

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        return windows(self.size, self.stride, self.pad, self.dilation, ceil=self.round == "ceil")


@layer("maxpool", "Max pooling: the maximum of each kernel position.")
class MaxPool(Pooling):
    operation = operation_types.MAX_POOL
    keeps = (INDICES,)


@layer("avgpool", "Average pooling: the mean of each kernel position.")
class AvgPool(Pooling):
    operation = operation_types.AVERAGE_POOL
    keeps = ()
    count_pad: bool = arg(fields.FLAG, "whether the zeros of the padding count in averages", default=False)


@layer(
    "subsample",
    "LeNet's pooling: the sum of each kernel position, times a learnable coefficient, plus a learnable bias, one pair per channel.",
)
class Subsample(BasePooling):
    operation = operation_types.AVERAGE_POOL  # frameworks would use an average pool
    keeps = (INPUT,)

    @documented("One coefficient per channel.")
    def weights(self, x: Volume) -> Dim:
        return x.c

    @documented("One bias per channel.")
    def biases(self, x: Volume) -> Dim:
        return x.c

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("Adds the inputs, then multiplies once and adds once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=prod(self.size) * y.size, elements=y.size, bias_adds=y.size)


class GlobalPooling(Unlearned):
    """Pooling over each whole channel."""

    @documented("One element per channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*(1,) * x.rank, x.c)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the whole input."""
        return tuple([whole_side(side) for side in x.sides])

    @documented("Every input element once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=x.size)


@layer("gap", "Global average pooling: the mean of each channel.")
class GlobalAvgPool(GlobalPooling):
    operation = operation_types.ADAPTIVE_AVERAGE
    keeps = ()


@layer("gmp", "Global max pooling: the maximum of each channel.")
class GlobalMaxPool(GlobalPooling):
    operation = operation_types.ADAPTIVE_MAX
    keeps = (INDICES,)


@layer("adaptivepool", "Adaptive average pooling: kernels chosen so that the output has the given size.")
class AdaptivePool(Unlearned):
    operation = operation_types.ADAPTIVE_AVERAGE
    keeps = ()
    size: tuple[Dim, ...] = arg(fields.PLACES, "output size", symbol="O", shown="to {}")

    @documented("The given size, in every channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.size, x.c)

    @documented("The output size is a number.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for size in self.size:
            known = 0 if isinstance(size, Poly) else 1
            yield at_least(known, 1, f"the output size {size} is not a number; give one")

    @documented("Every element of every kernel position; overlapping elements count several times.")
    def work(self, x: Volume, y: Volume) -> Work:
        seen = [sum((end - start for start, end in _spans(side, count)), start=0) for side, count in zip(x.sides, self.size, strict=True)]
        return Work(window=prod(seen) * x.c)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the input units between the start and the end of each output unit."""
        return tuple(map(_divided, x.sides, self.size))


def _spans(size: Dim, count: Dim) -> Iterator[tuple[Dim, Dim]]:
    """Yield the start and end of each window: the i-th is from ⌊i·size/count⌋ up to ⌈(i + 1)·size/count⌉, as in PyTorch."""
    for i in range(int(count)):  # type: ignore[arg-type]  # `requires` has refused formulas
        yield i * size // count, ceil_div((i + 1) * size, count)


def _divided(size: Dim, count: Dim) -> Reach:
    """Return windows that divide an input among `count` outputs."""
    if count == 1:
        return whole_side(size)
    if size % count == 0:
        one = exact_div(size, count)
        return Reach(one, one, 0)
    number = getattr(size, "value", size)  # the number of a traced size
    if isinstance(number, Poly):
        raise Inconclusive(f"{number} % {count} == 0", number, lambda _: None)
    common = gcd(number, int(count))  # type: ignore[arg-type]  # `requires` has refused formulas
    return Reach(size + count - 2 * common + 1, size, common - count, parts=count)
