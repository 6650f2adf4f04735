"""Convolutions: plain, depthwise and transposed."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.dims import Inconclusive, Poly, at_least, divides, equal, exact_div, grouped
from cnncalc.dims.arithmetic import value_of
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, LINES, Unchanged, Unlearned, Volume, Work, arg, documented, layer
from cnncalc.layers.fields import AXES, Padding
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
    bias: bool = arg(fields.LEARNED, "adds a learnable bias per filter; shared: one that is counted at another layer", default=True)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side."""
        return windows(self.kernel, self.stride, self.pad, self.dilation)

    @property
    def area(self) -> Dim:
        """The number of kernel elements per channel."""
        return prod(self.kernel)

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("Every weight is used at every position of the kernel.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x) * y.places, bias_adds=y.size if self.bias else 0)


def reflected(windows: tuple[Window, ...], x: Volume) -> Iterator[Condition]:
    """Yield the conditions that the input is large enough to be reflected at its edges."""
    for window, size, axis in zip(windows, x.sides, AXES[x.rank], strict=True):
        for amount in () if window.padding else {window.before, window.after}:
            yield at_least(size, amount + 1, f"reflecting {amount} at the edge needs a {axis} of more than {amount}, found {size}")


class PaddedConvolution(BaseConvolution):
    """Base class of convolutions whose padding can repeat the input."""

    mode: str = arg(fields.PADDING, "what the padding holds: zeros, the reflected input or its edge", default="zeros", shown="{}")

    @documented("The kernel fits; a reflected input is larger than the padding.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from super().requires(x)
        if self.mode == "reflect":
            yield from reflected(self.windows, x)


class FilterBank(PaddedConvolution):
    """Base class of convolutions with a number of filters, perhaps in groups."""

    filters: Dim = arg(fields.POSITIVE, "number of filters: the output channels", symbol="K", shown="{}")
    groups: Dim = arg(
        fields.POSITIVE, "groups of channels; each filter is connected to one group", default=1, symbol="G", shown="groups {}"
    )

    @documented("One channel per filter; one element per kernel position.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), self.filters)

    @documented("The kernel fits; the groups divide the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from super().requires(x)
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
        yield divides(self.groups, self.filters, f"{self.groups} groups do not divide the {self.filters} filters")

    def kernel_weights(self, x: Volume) -> Dim:
        """Return the weights of all kernels at one position."""
        return grouped(self.area * exact_div(x.c, self.groups)) * self.filters


@layer("conv", "Convolution: slides `filters` kernels over the input, each across all channels or those of its group.", main="filters")
class Conv(FilterBank):
    connections: tuple[tuple[int, ...], ...] | None = arg(
        fields.CONNECTIONS, "the input channels that each filter is connected to, if not all", default=None, shown="{}"
    )
    standardize: bool = arg(fields.FLAG, "standardizes the weights of each filter before they are used", default=False)
    gain: bool = arg(fields.FLAG, "multiplies the weights of each filter by a learnable gain, as in NFNets", default=False)

    @documented("The kernel fits; the groups divide the channels; the connections name existing channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from super().requires(x)
        if self.connections:
            most = 1 + max(max(inputs) for inputs in self.connections)
            yield at_least(x.c, most, f"connections name channel {most - 1} (counted from 0), but the input has {x.c} channels")
            lists = len(self.connections)
            yield equal(self.filters, lists, f"{lists} lists of connections for {self.filters} filters")

    def kernel_weights(self, x: Volume) -> Dim:
        """Return the weights of all kernels; with connections, only those that exist."""
        return self.area * sum(len(inputs) for inputs in self.connections) if self.connections else super().kernel_weights(x)

    @documented("One F×F kernel per filter and input channel; with `gain`, one more per filter.")
    def weights(self, x: Volume) -> Dim:
        return self.kernel_weights(x) + self.filters if self.gain else self.kernel_weights(x)

    @documented("One per filter.")
    def biases(self, x: Volume) -> Dim:
        return self.filters if self.bias is True else 0

    @documented("Every kernel weight is used at every position; standardizing the weights is not counted, since it is done once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.kernel_weights(x) * y.places, bias_adds=y.size if self.bias else 0)


@layer("local", "Locally connected layer: a convolution without weight sharing, with kernels of its own at every position.", main="filters")
class Local(FilterBank):
    operation = operation_types.UNSHARED

    @documented("One F×F kernel per filter, input channel and output position.")
    def weights(self, x: Volume) -> Dim:
        return self.kernel_weights(x) * prod(self.sides(x))

    @documented("One per output element.")
    def biases(self, x: Volume) -> Dim:
        return prod(self.sides(x)) * self.filters if self.bias is True else 0

    @documented("Every weight is used once.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x), bias_adds=y.size if self.bias else 0)


@layer("depthwise", "Depthwise convolution: `multiplier` kernels per input channel.")
class Depthwise(PaddedConvolution):
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
        return x.c * self.multiplier if self.bias is True else 0


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
        return self.filters if self.bias is True else 0

    @documented("Every weight is used once per input position, not per output position.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.weights(x) * x.places, bias_adds=y.size if self.bias else 0)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return a kernel that moves by 1 over the input with `stride` − 1 zeros between neighbours."""
        return tuple([Reach(each.span, 1, each.before - each.span + 1, each.dilation, parts=each.stride) for each in self.windows])

    def remainders(self, x: Volume) -> tuple[Dim, ...]:
        """Return zeros: a transposed convolution leaves nothing over."""
        return (0,) * x.rank


@layer("blur", "Blur pooling: a fixed binomial kernel for every channel, usually with a stride; the input is reflected at its edges.")
class Blur(Windowed, Unlearned):
    operation = operation_types.FIXED
    keeps = ()
    size: tuple[Dim, ...] = arg(fields.KERNEL, "kernel size", default=3, symbol="F", shown="{}")
    stride: tuple[Dim, ...] = arg(fields.STEP, "stride of the kernel", default=1, symbol="S", shown="/{}")
    saved: bool = arg(fields.FLAG, "whether a model file holds the kernels; timm computes them when it is loaded", default=True)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The kernel along each side, in the middle of as much padding as keeps all of the input."""
        edges = [edge for size in self.size for edge in ((size - 1) // 2, size // 2)]
        return windows(self.size, self.stride, Padding(*edges))

    @documented("Sides divided by the stride, rounded up.")
    def output(self, x: Volume) -> Volume:
        return Volume(*self.sides(x), x.c)

    @documented("The input is larger than the padding that reflects it.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield from reflected(self.windows, x)

    @documented("The fixed kernel of every channel, if they are saved.")
    def buffers(self, x: Volume) -> Dim:
        return prod(self.size) * x.c if self.saved else 0

    @documented("Every element of the kernel at every position of every channel.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=prod(self.size) * y.size)

    def remainders(self, x: Volume) -> tuple[Dim, ...]:
        """Return zeros: the padding is as large as needed."""
        return (0,) * x.rank


@layer("eca", "Efficient channel attention: a convolution along the channels of each position, with one kernel for all of them.")
class ChannelConvolution(Unchanged):
    operation = operation_types.CONVOLUTION
    keeps = (INPUT,)
    kernel: Dim | None = arg(
        fields.POSITIVE,
        "kernel size; by default the paper's, about (log2 C + 1) / 2 and odd: 5 for 256 channels",
        default=None,
        symbol="k",
        shown="{}",
    )

    def size(self, x: Volume) -> Dim:
        """Return the kernel size; by default, as the paper's code computes it."""
        if self.kernel is not None:
            return self.kernel
        channels = value_of(x.c)
        if not isinstance(channels, int):
            raise Inconclusive(f"the kernel size for {channels} channels", channels, lambda _: None)
        return channels.bit_length() // 2 | 1

    @documented("The kernel size is known and odd.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        if self.kernel is None:
            yield at_least(0 if isinstance(x.c, Poly) else 1, 1, f"the kernel size depends on the channels, {x.c}; give the kernel")
        else:
            yield divides(2, self.kernel - 1, f"the kernel size is odd, found {self.kernel}")

    @documented("The kernel.")
    def weights(self, x: Volume) -> Dim:
        return self.size(x)

    @documented("None.")
    def biases(self, x: Volume) -> Dim:
        return 0

    @documented("None.")
    def buffers(self, x: Volume) -> Dim:
        return 0

    @documented("The kernel at every element.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(macs=self.size(x) * y.size)
