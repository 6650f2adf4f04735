"""Layers whose weights slide over the input: convolutions, plain, depthwise and transposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least, ceil_div, divides, equal, exact_div, grouped, one_part
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, Volume, Work, arg, documented, layer, product
from cnncalc.layers.fields import AXES
from cnncalc.layers.window import Reach, Window, windows
from cnncalc.layers.windowed import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Sliding(Windowed):
    """A window of weights that slides over the input."""

    weighs = True
    operation = operation_types.CONVOLUTION
    keeps = (INPUT,)
    kernel: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", default=1, symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(fields.STEP, "stride of the kernel", default=1, symbol="S", shown="/{}")
    pad: fields.Padding | str = arg(fields.PAD, "zeros added around the input", default=0, symbol="P", shown="pad {}")
    dilation: tuple[Dim, ...] = arg(fields.STEP, "distance between the inputs of a kernel", default=1, symbol="D", shown="dilation {}")
    bias: bool = arg(fields.FLAG, "adds one learned number for each filter", default=True)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The window along each axis."""
        return windows(self.kernel, self.stride, self.pad, self.dilation)

    @property
    def area(self) -> Dim:
        """The weights of one window in one channel."""
        return product(self.kernel)

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("Every weight is used at every place of the window.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x) * y.places, bias_adds=y.size if self.bias else 0)


@layer("conv", "Slides `filters` kernels over the input; each sees a window of it, in all its channels or in its group's.", main="filters")
class Conv(Sliding):
    filters: Dim = arg(fields.POSITIVE, "kernels; the depth of the output", symbol="K", shown="{}")
    groups: Dim = arg(fields.POSITIVE, "parts the channels are divided into; a kernel sees one", default=1, symbol="G", shown="groups {}")
    connections: tuple[tuple[int, ...], ...] | None = arg(
        fields.CONNECTIONS, "the inputs that each filter sees, where it does not see all", default=None, shown="{}"
    )

    @documented("A map for each filter, as large as the window has places.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), self.filters)

    @documented("The window fits, the groups divide, the connections lead somewhere.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from super().requires(x)
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")
        if self.connections:
            most = 1 + max(max(seen) for seen in self.connections)
            yield at_least(x.c, most, f"connections name input {most - 1}, counted from 0; the input has {x.c} channels")
            there = len(self.connections)
            yield equal(self.filters, there, f"{there} lists of connections for {self.filters} filters")

    @documented("A window of weights for every filter and every channel that it sees.")
    def weights(self, x: Volume) -> Dim:
        if self.connections:
            return self.area * sum(len(seen) for seen in self.connections)
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters

    @documented("One a filter.")
    def biases(self, x: Volume) -> Dim:
        return self.filters if self.bias else 0


@layer("depthwise", "Gives every channel of the input `multiplier` kernels of its own.")
class Depthwise(Sliding):
    kernel: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", symbol="F", shown="{}")
    multiplier: Dim = arg(fields.POSITIVE, "kernels for each channel", default=1, symbol="M", shown="×{}")

    @documented("`multiplier` maps for each channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), x.c * self.multiplier)

    @documented("A window of weights for every map.")
    def weights(self, x: Volume) -> Dim:
        return self.area * x.c * self.multiplier

    @documented("One a map.")
    def biases(self, x: Volume) -> Dim:
        return x.c * self.multiplier if self.bias else 0


@layer("upconv", "Transposed convolution: every input value spreads a kernel over the output, `stride` apart.", main="filters")
class UpConv(Sliding):
    operation = operation_types.TRANSPOSED
    filters: Dim = arg(fields.POSITIVE, "kernels; the depth of the output", symbol="K", shown="{}")
    kernel: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(fields.STEP, "distance of neighbouring kernels in the output", default=1, symbol="S", shown="*{}")
    pad: fields.Padding = arg(fields.AMOUNTS, "rows and columns removed at the edges of the output", default=0, symbol="P", shown="pad {}")
    output_pad: tuple[Dim, ...] = arg(
        fields.EXTRA, "rows and columns added at the bottom and right edges", default=0, symbol="A", shown="output pad {}"
    )
    groups: Dim = arg(fields.POSITIVE, "parts the channels are divided into", default=1, symbol="G", shown="groups {}")

    @documented("Sides times the stride, about; the inverse of a convolution's.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), self.filters)

    def sides(self, x: Volume) -> tuple[Dim, ...]:
        """The sides of the output."""
        return tuple(
            [
                (size - 1) * window.stride + window.span - (window.before + window.after) + more
                for size, window, more in zip(x.sides, self.windows, self.output_pad, strict=True)
            ]
        )

    @documented("Something is left of the output, the groups divide.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for side, axis in zip(self.sides(x), AXES[x.rank], strict=True):
            yield at_least(side, 1, f"the padding leaves nothing of the output's {axis}")
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")

    @documented("A kernel for every filter and every channel of its group.")
    def weights(self, x: Volume) -> Dim:
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters

    @documented("One a filter.")
    def biases(self, x: Volume) -> Dim:
        return self.filters if self.bias else 0

    @documented("Every weight is used once for every input value, not for every output value.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x) * x.places, bias_adds=y.size if self.bias else 0)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """An output element gets something from as many inputs as kernels overlap there."""
        return tuple(
            [
                Reach(
                    ceil_div(window.span, window.stride),
                    one_part(window.stride),
                    ceil_div(window.before - window.span + 1, window.stride),
                )
                for window in self.windows
            ]
        )

    def rests(self, x: Volume) -> tuple[Dim, ...]:
        """Nothing is ever left over."""
        return (0,) * x.rank
