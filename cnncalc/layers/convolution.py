"""Convolutions: plain, depthwise and transposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least, divides, equal, exact_div, grouped
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, LINES, Volume, Work, arg, documented, layer, product
from cnncalc.layers.window import Reach, Window, windows
from cnncalc.layers.windowed import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class BaseConvolution(Windowed):
    """Base class of convolutions."""

    is_weight_layer = True
    operation = operation_types.CONVOLUTION
    keeps = (INPUT,)
    kernel: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", default=1, symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(fields.STEP, "stride of the kernel", default=1, symbol="S", shown="/{}")
    pad: fields.Padding | str = arg(fields.PAD, "zeros added around the input", default=0, symbol="P", shown="pad {}")
    dilation: tuple[Dim, ...] = arg(fields.STEP, "spacing between kernel elements", default=1, symbol="D", shown="dilation {}")
    bias: bool = arg(fields.FLAG, "adds a learnable bias per filter", default=True)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        return windows(self.kernel, self.stride, self.pad, self.dilation)

    @property
    def area(self) -> Dim:
        """The number of kernel elements per channel."""
        return product(self.kernel)

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("Every weight is used at every position of the kernel.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x) * y.places, bias_adds=y.size if self.bias else 0)


@layer("conv", "Convolution: slides `filters` kernels over the input, each across all channels or those of its group.", main="filters")
class Conv(BaseConvolution):
    filters: Dim = arg(fields.POSITIVE, "number of filters: the output channels", symbol="K", shown="{}")
    groups: Dim = arg(
        fields.POSITIVE, "groups of channels; each filter is connected to one group", default=1, symbol="G", shown="groups {}"
    )
    connections: tuple[tuple[int, ...], ...] | None = arg(
        fields.CONNECTIONS, "the input channels that each filter is connected to, if not all", default=None, shown="{}"
    )

    @documented("One channel per filter; one element per kernel position.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), self.filters)

    @documented("The kernel fits; the groups divide the channels; the connections name existing channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from super().requires(x)
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")
        if self.connections:
            most = 1 + max(max(inputs) for inputs in self.connections)
            yield at_least(x.c, most, f"connections name channel {most - 1} (counted from 0), but the input has {x.c} channels")
            lists = len(self.connections)
            yield equal(self.filters, lists, f"{lists} lists of connections for {self.filters} filters")

    @documented("One F×F kernel per filter and input channel.")
    def weights(self, x: Volume) -> Dim:
        if self.connections:
            return self.area * sum(len(inputs) for inputs in self.connections)
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters

    @documented("One per filter.")
    def biases(self, x: Volume) -> Dim:
        return self.filters if self.bias else 0


@layer("depthwise", "Depthwise convolution: `multiplier` kernels per input channel.")
class Depthwise(BaseConvolution):
    kernel: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", symbol="F", shown="{}")
    multiplier: Dim = arg(fields.POSITIVE, "kernels per channel", default=1, symbol="M", shown="×{}")

    @documented("`multiplier` channels per input channel.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), x.c * self.multiplier)

    @documented("One F×F kernel per output channel.")
    def weights(self, x: Volume) -> Dim:
        return self.area * x.c * self.multiplier

    @documented("One per output channel.")
    def biases(self, x: Volume) -> Dim:
        return x.c * self.multiplier if self.bias else 0


@layer("upconv", "Transposed convolution: every input element adds a kernel to the output, `stride` apart.", main="filters")
class UpConv(BaseConvolution):
    operation = operation_types.TRANSPOSED
    filters: Dim = arg(fields.POSITIVE, "number of filters: the output channels", symbol="K", shown="{}")
    kernel: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(fields.STEP, "distance between neighbouring kernels in the output", default=1, symbol="S", shown="*{}")
    pad: fields.Padding = arg(fields.AMOUNTS, "rows and columns removed at the edges of the output", default=0, symbol="P", shown="pad {}")
    output_pad: tuple[Dim, ...] = arg(
        fields.EXTRA, "rows and columns added at the bottom and right edges", default=0, symbol="A", shown="output pad {}"
    )
    groups: Dim = arg(fields.POSITIVE, "groups of channels", default=1, symbol="G", shown="groups {}")

    @documented("The input size of the convolution that it transposes.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), self.filters)

    def sides(self, x: Volume) -> tuple[Dim, ...]:
        """Return the sides of the output."""
        return tuple(
            [
                (size - 1) * window.stride + window.span - (window.before + window.after) + more
                for size, window, more in zip(x.sides, self.windows, self.output_pad, strict=True)
            ]
        )

    @documented("The output is not empty; the groups divide the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for side, line in zip(self.sides(x), LINES[x.rank], strict=True):
            yield at_least(side, 1, f"the padding removes all {line}s of the output")
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")

    @documented("One F×F kernel per filter and input channel of its group.")
    def weights(self, x: Volume) -> Dim:
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters

    @documented("One per filter.")
    def biases(self, x: Volume) -> Dim:
        return self.filters if self.bias else 0

    @documented("Every weight is used once per input position, not per output position.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x) * x.places, bias_adds=y.size if self.bias else 0)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return a kernel that moves by 1 over the input with `stride` − 1 zeros between neighbours."""
        return tuple([Reach(each.span, 1, each.before - each.span + 1, each.dilation, parts=each.stride) for each in self.windows])

    def remainders(self, x: Volume) -> tuple[Dim, ...]:
        """Return zeros: a transposed convolution leaves nothing over."""
        return (0,) * x.rank
