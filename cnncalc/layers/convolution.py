"""Layers whose weights slide over the input: convolutions, plain, depthwise and transposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least, divides, equal, exact_div, grouped
from cnncalc.layers import fields, operations
from cnncalc.layers.contract import INPUT, Volume, Work, arg, layer
from cnncalc.layers.window import Reach, Window, windows
from cnncalc.layers.windowed import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Sliding(Windowed):
    """A window of weights that slides over the input."""

    weighs = True
    operation = operations.CONVOLUTION
    keeps = (INPUT,)
    kernel: tuple[Dim, Dim] = arg(fields.KERNEL, "height and width of the window", default=1, symbol="F", shown="{}")
    stride: tuple[Dim, Dim] = arg(fields.STEP, "step of the window", default=1, symbol="S", shown="/{}")
    pad: fields.Padding | str = arg(fields.PAD, "zeros added around the input", default=0, symbol="P", shown="pad {}")
    dilation: tuple[Dim, Dim] = arg(fields.STEP, "distance between the window's inputs", default=1, symbol="D", shown="dilation {}")
    bias: bool = arg(fields.FLAG, "adds one learned number for each filter", default=True)

    @property
    def windows(self) -> tuple[Window, Window]:
        """The window along each axis."""
        return windows(self.kernel, self.stride, self.pad, self.dilation)

    @property
    def area(self) -> Dim:
        """The weights of one window in one channel."""
        return self.kernel[0] * self.kernel[1]

    def buffers(self, x: Volume) -> Dim:
        """None."""
        return 0

    def work(self, x: Volume, y: Volume) -> Work:
        """Every weight is used at every place of the window."""
        return Work(macs=self.weights(x) * (y.h * y.w), bias_adds=y.size if self.bias else 0)


@layer("conv", main="filters")
class Conv(Sliding):
    """Slides `filters` kernels over the input; each sees a window of it, in all its channels or in its group's."""

    filters: Dim = arg(fields.POSITIVE, "kernels; the depth of the output", symbol="K", shown="{}")
    groups: Dim = arg(fields.POSITIVE, "parts the channels are divided into; a kernel sees one", default=1, symbol="G", shown="groups {}")
    connections: tuple[tuple[int, ...], ...] | None = arg(
        fields.CONNECTIONS, "the inputs that each filter sees, where it does not see all", default=None, shown="{}"
    )

    def output(self, x: Volume) -> Volume:
        """A map for each filter, as large as the window has places."""
        return Volume(*self.sides(x), self.filters)

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The window fits, the groups divide, the connections lead somewhere."""
        yield from super().requires(x)
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")
        if self.connections:
            most = 1 + max(max(seen) for seen in self.connections)
            yield at_least(x.c, most, f"connections name input {most - 1}, counted from 0; the input has {x.c} channels")
            there = len(self.connections)
            yield equal(self.filters, there, f"{there} lists of connections for {self.filters} filters")

    def weights(self, x: Volume) -> Dim:
        """A window of weights for every filter and every channel that it sees."""
        if self.connections:
            return self.area * sum(len(seen) for seen in self.connections)
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters

    def biases(self, x: Volume) -> Dim:
        """One a filter."""
        return self.filters if self.bias else 0


@layer("depthwise")
class Depthwise(Sliding):
    """Gives every channel of the input `multiplier` kernels of its own."""

    kernel: tuple[Dim, Dim] = arg(fields.KERNEL, "height and width of the window", symbol="F", shown="{}")
    multiplier: Dim = arg(fields.POSITIVE, "kernels for each channel", default=1, symbol="M", shown="×{}")

    def output(self, x: Volume) -> Volume:
        """`multiplier` maps for each channel."""
        return Volume(*self.sides(x), x.c * self.multiplier)

    def weights(self, x: Volume) -> Dim:
        """A window of weights for every map."""
        return self.area * x.c * self.multiplier

    def biases(self, x: Volume) -> Dim:
        """One a map."""
        return x.c * self.multiplier if self.bias else 0


@layer("upconv", main="filters")
class UpConv(Sliding):
    """Transposed convolution: every input value spreads a kernel over the output, `stride` apart."""

    operation = operations.TRANSPOSED
    filters: Dim = arg(fields.POSITIVE, "kernels; the depth of the output", symbol="K", shown="{}")
    kernel: tuple[Dim, Dim] = arg(fields.KERNEL, "height and width of the kernel", symbol="F", shown="{}")
    stride: tuple[Dim, Dim] = arg(fields.STEP, "distance of neighbours' kernels in the output", default=1, symbol="S", shown="*{}")
    pad: fields.Padding = arg(fields.AMOUNTS, "rows and columns taken off the output's edges", default=0, symbol="P", shown="pad {}")
    output_pad: tuple[Dim, Dim] = arg(fields.EXTRA, "rows and columns added at the far edges", default=0, symbol="A", shown="output pad {}")
    groups: Dim = arg(fields.POSITIVE, "parts the channels are divided into", default=1, symbol="G", shown="groups {}")

    def output(self, x: Volume) -> Volume:
        """Sides times the stride, about; the inverse of a convolution's."""
        return Volume(*self.sides(x), self.filters)

    def sides(self, x: Volume) -> tuple[Dim, Dim]:
        """Height and width of the output."""
        high, wide = (
            (size - 1) * window.stride + window.span - (window.before + window.after) + more
            for size, window, more in zip((x.h, x.w), self.windows, self.output_pad, strict=True)
        )
        return high, wide

    def requires(self, x: Volume) -> Iterator[Condition]:
        """Something is left of the output, the groups divide."""
        for side, name in zip(self.sides(x), ("rows", "columns"), strict=True):
            yield at_least(side, 1, f"the padding takes all {name} of the output away")
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")

    def weights(self, x: Volume) -> Dim:
        """A kernel for every filter and every channel of its group."""
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters

    def biases(self, x: Volume) -> Dim:
        """One a filter."""
        return self.filters if self.bias else 0

    def work(self, x: Volume, y: Volume) -> Work:
        """Every weight is used once for every input value, not for every output value."""
        return Work(macs=self.weights(x) * (x.h * x.w), bias_adds=y.size if self.bias else 0)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """A window that moves by 1 over the input with zeros between neighbours, as many as make them `stride` apart."""
        down, across = (Reach(each.span, 1, each.before - each.span + 1, each.dilation, parts=each.stride) for each in self.windows)
        return down, across

    def rests(self, x: Volume) -> tuple[Dim, Dim]:
        """Nothing is ever left over."""
        return 0, 0
