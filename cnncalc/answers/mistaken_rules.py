"""Changes of the rules by which a student computes: layers, volumes and costs with one mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import ceil_div
from cnncalc.layers import KINDS, Volume
from cnncalc.layers.fields import Padding

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.layers import Layer

SHARED = ("stride", "pad", "dilation", "bias")  # fields of plain and depthwise convolutions
POOLS = ("maxpool", "avgpool", "subsample")


def same_layer(layer: Layer) -> Layer:
    """Return the argument unchanged."""
    return layer


def same_volume(layer: Layer, x: Volume) -> Volume:
    """Return the argument unchanged."""
    return x


def right_output(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Return the output unchanged."""
    return y


def is_weight_layer(layer: Layer) -> bool:
    """Return whether a layer counts for the depth."""
    return layer.is_weight_layer


def all_of_it(layer: Layer, x: Volume) -> Any:
    """Return 1: all weights are counted once."""
    return 1


class Change(NamedTuple):
    """How a student's computation differs from the rules."""

    shape: Callable[[Layer], Layer] = same_layer  # changes the layer
    weigh: Callable[[Layer], Layer] = same_layer  # changes the layer when its weights are counted
    sees: Callable[[Layer, Volume], Volume] = same_volume  # changes the input when weights are counted
    leaves: Callable[[Layer, Volume, Volume], Volume] = right_output  # changes the output
    deep: Callable[[Layer], bool] = is_weight_layer  # whether a layer counts for the depth
    beside: bool = False  # layers beside the longest path count for the depth too
    alone: bool = False  # receptive field of a layer without those before it
    whole: bool = False  # F instead of F − 1 in the receptive field
    own_stride: bool = False  # a layer's own stride counts in its receptive field
    bias: bool | None = None  # whether biases are parameters
    one_bias: bool = False  # a layer has a single bias
    own_weights: int = 0  # every position has weights of its own: 1, and 2 also biases
    dense: bool = False  # every output element is connected to every input element
    pool: int = 0  # a pool has F·F weights, 2: for each channel, 3: for each channel in and out
    part: Callable[[Layer, Volume], Any] = all_of_it  # the share of the weights that is counted: divided by this number
    multiple: Callable[[Layer, Volume], Any] = all_of_it  # and multiplied by this one
    norm: int | None = None  # parameters per channel of batch norm
    flops: str = ""  # counting convention
    adds: bool = False  # bias additions count as MACs
    at_input: bool = False  # kernels are counted at every position of the input
    all_values: bool = False  # outputs of in-place layers count too
    input_values: bool = True
    learned: bool = False  # parameters count as memory
    sides: bool = False
    batched: bool = True  # operations and activations are for the whole batch
    per_image: bool = True  # parameters are there once
    times: int = 1
    over: int = 1

    def also(self, other: Change) -> Change:
        """Combine two mistakes; if both change the same thing, the second wins."""
        return self._replace(**{name: value for name, value in other._asdict().items() if value != NO_CHANGE[name]})


NO_CHANGE = Change()._asdict()


def with_fields(**values: Any) -> Callable[[Layer], Layer]:
    """Return a function that changes the values of these fields, where a layer has them."""

    def changed(layer: Layer) -> Layer:
        known = {name: layer.fields[name].type.read(value) for name, value in values.items() if name in layer.fields}
        return type(layer)(**{**layer.non_default_fields(), **known}) if known else layer

    return changed


def without_pools(layer: Layer) -> Layer:
    """Make a pooling layer a no-op."""
    return with_fields(size=1, stride=1, pad=0)(layer) if layer.kind in POOLS else layer


def padded_once(layer: Layer) -> Layer:
    """Pad on one side only: P instead of 2P."""
    pad = getattr(layer, "pad", None)
    if not isinstance(pad, Padding):
        return layer
    return type(layer)(**{**layer.non_default_fields(), "pad": Padding(*[amount for before, _ in pad.pairs for amount in (before, 0)])})


def one_row(layer: Layer) -> Layer:
    """Use a kernel of one row: F instead of F²."""
    for field in ("kernel", "size"):
        if field in layer.fields and isinstance(getattr(layer, field), tuple):
            return type(layer)(**{**layer.non_default_fields(), field: (1, getattr(layer, field)[1])})
    return layer


def other_rounding(layer: Layer) -> Layer:
    """Swap floor and ceil."""
    if "round" not in layer.fields:
        return layer
    return type(layer)(**{**layer.non_default_fields(), "round": "floor" if layer.non_default_fields().get("round") == "ceil" else "ceil"})


def slid(layer: Layer, x: Volume, y: Volume, places: Callable[[Any, Any], Any]) -> Volume:
    """Return the output of a layer with a kernel by another formula: of its room, and its stride."""
    windows = layer.windows  # type: ignore[attr-defined]  # asked by is_windowed
    if not all(isinstance(each, int) for each in (*x, *(number for window in windows for number in window[:5]))):
        return y
    return Volume(*[places(window.room(side), window.stride) for window, side in zip(windows, x.sides, strict=True)], y.c)


def is_windowed(layer: Layer) -> bool:
    """Return whether a kernel slides over the input, with padding that is given."""
    return hasattr(layer, "windows") and layer.kind != "upconv" and not layer.windows[0].padding


def one_less(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Remove one kernel position."""
    return Volume(*[side - 1 for side in y.sides], y.c) if is_windowed(layer) else y


def rounded_up(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Round up instead of down."""
    return slid(layer, x, y, lambda room, stride: ceil_div(room, stride) + 1) if is_windowed(layer) else y


def not_rounded(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Do not round: sides may be fractions."""
    from fractions import Fraction

    def places(room: Any, stride: Any) -> Any:
        exact = Fraction(room, stride) + 1
        return exact.numerator if exact.denominator == 1 else exact

    return slid(layer, x, y, places) if is_windowed(layer) else y


def as_convolution(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Use a convolution's formula for a transposed one."""
    return slid(layer, x, y, lambda room, stride: room // stride + 1) if layer.kind == "upconv" else y


def same_padding(layer: Layer) -> Layer:
    """Assume padding that keeps the size of the input, divided by the stride."""
    return with_fields(pad="same")(layer) if is_windowed(layer) else layer


def pooled_depth(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Pool along the channels too."""
    if layer.kind not in POOLS or not isinstance(x.c, int):
        return y
    return Volume(*y.sides, layer.windows[0].places(x.c))  # type: ignore[attr-defined]  # pools have them


def padded_depth(layer: Layer, x: Volume) -> Volume:
    """Pad the channels with zeros too."""
    pad = getattr(layer, "pad", None)
    return Volume(*x.sides, x.c + 2 * pad[0]) if isinstance(pad, Padding) else x


def as_deep_as_filters(layer: Layer, x: Volume) -> Volume:
    """Use the number of filters K instead of the input depth C."""
    return Volume(*x.sides, getattr(layer, "filters", x.c))


def other_kernel(old: int, new: int) -> Callable[[Layer], Layer]:
    """Take a kernel of one size for another."""
    return lambda layer: with_fields(kernel=new)(layer) if set(getattr(layer, "kernel", ())) == {old} else layer


def as_depthwise(layer: Layer) -> Layer:
    """Take a convolution over all channels for a depthwise one."""
    if layer.kind != "conv" or getattr(layer, "groups", 1) != 1:
        return layer
    known = layer.non_default_fields()
    return KINDS["depthwise"](**{"kernel": layer.kernel, **{name: known[name] for name in SHARED if name in known}})  # type: ignore[attr-defined]


def all_channels(layer: Layer, x: Volume) -> Any:
    """Return how many times the weights of a depthwise convolution one over all channels has."""
    return x.c if layer.kind == "depthwise" else 1


def groups(layer: Layer, x: Volume) -> Any:
    """Return the number of groups."""
    return getattr(layer, "groups", 1)


def depth_first(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Write the channels first."""
    return Volume(y.c, *y.sides)


def as_deep(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Use the depth of the input, where it is not that of the filters."""
    return Volume(*y.sides, x.c) if {"filters", "features"} & set(layer.fields) else y


def unchanged(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Return the input; a merge has several."""
    return y if layer.merges else x
