"""The table of slips: each changes the rules and has a sentence to describe it."""

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
    """Return the argument unchanged."""
    return y


def is_weight_layer(layer: Layer) -> bool:
    """Return whether a layer counts for the depth."""
    return layer.is_weight_layer


def all_of_it(layer: Layer, x: Volume) -> Any:
    """Return the argument unchanged."""
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


class Slip(NamedTuple):
    """A mistake: its tag in JSON and statistics, the metrics it affects, its change, and a sentence with {claimed} and {biases}."""

    tag: str
    quantities: str
    change: Change
    says: str
    reshapes: bool = False  # changes the input of later layers
    single: bool = False  # not made in every layer of a network; for an output, only in the last one
    only: str = ""  # how the names of the networks begin in which it is made


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
    """Ceil for floor."""
    return slid(layer, x, y, lambda room, stride: ceil_div(room, stride) + 1) if is_windowed(layer) else y


def not_rounded(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Return a fraction."""
    from fractions import Fraction

    def places(room: Any, stride: Any) -> Any:
        exact = Fraction(room, stride) + 1
        return exact.numerator if exact.denominator == 1 else exact

    return slid(layer, x, y, places) if is_windowed(layer) else y


def as_convolution(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Return a convolution's formula on a transposed layer."""
    return slid(layer, x, y, lambda room, stride: room // stride + 1) if layer.kind == "upconv" else y


def same_padding(layer: Layer) -> Layer:
    """Zeros that keep the size of the input, divided by the stride."""
    return with_fields(pad="same")(layer) if is_windowed(layer) else layer


def pooled_depth(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Return the pool works along the channels too."""
    if layer.kind not in POOLS or not isinstance(x.c, int):
        return y
    return Volume(*y.sides, layer.windows[0].places(x.c))  # type: ignore[attr-defined]  # pools have them


def padded_depth(layer: Layer, x: Volume) -> Volume:
    """Pad the channels with zeros too."""
    pad = getattr(layer, "pad", None)
    return Volume(*x.sides, x.c + 2 * pad[0]) if isinstance(pad, Padding) else x


def as_deep_as_filters(layer: Layer, x: Volume) -> Volume:
    """K for C."""
    return Volume(*x.sides, getattr(layer, "filters", x.c))


def other_kernel(old: int, new: int) -> Callable[[Layer], Layer]:
    """Return a kernel of one size taken for another."""
    return lambda layer: with_fields(kernel=new)(layer) if set(getattr(layer, "kernel", ())) == {old} else layer


def as_depthwise(layer: Layer) -> Layer:
    """Return a depthwise convolution for one over all channels."""
    if layer.kind != "conv" or getattr(layer, "groups", 1) != 1:
        return layer
    known = layer.non_default_fields()
    return KINDS["depthwise"](**{"kernel": layer.kernel, **{name: known[name] for name in SHARED if name in known}})  # type: ignore[attr-defined]


def all_channels(layer: Layer, x: Volume) -> Any:
    """What a convolution over all channels has more of than a depthwise one."""
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


SHAPED = "output values bytes macs flops"
WEIGHED = "params weights macs flops"
SUMMED = "params weights biases macs flops values bytes"
SLIPS = (
    Slip("bias-left-out", "params", Change(bias=False), "{claimed} is the count without the{biases} biases"),
    Slip("bias-counted", "params", Change(bias=True), "{claimed} counts the{biases} biases too"),
    Slip(
        "one-bias", "params biases", Change(one_bias=True), "one bias is counted for the whole layer; each filter has its own", single=True
    ),
    Slip("macs-for-flops", "flops", Change(flops="macs"), "{claimed} counts multiply-accumulates, one for each pair of operations"),
    Slip(
        "twice-macs-for-flops",
        "flops",
        Change(flops="flops"),
        "{claimed} counts two operations for each multiply-accumulate, and nothing else",
    ),
    Slip(
        "full-flops",
        "flops",
        Change(flops="full"),
        "{claimed} counts two operations for each multiply-accumulate, and all other layers too",
    ),
    Slip("flops-for-macs", "macs", Change(times=2), "{claimed} counts two operations for each multiply-accumulate"),
    Slip("bias-additions-counted", "macs", Change(adds=True), "the additions of the biases are counted too"),
    Slip("pad-left-out", SHAPED, Change(shape=with_fields(pad=0)), "the padding is forgotten", reshapes=True),
    Slip("pad-once", SHAPED, Change(shape=padded_once), "the padding is counted on one side only, P for 2P", reshapes=True),
    Slip("stride-left-out", f"{SHAPED} receptive_field", Change(shape=with_fields(stride=1)), "the stride is forgotten", reshapes=True),
    Slip(
        "dilation-left-out", f"{SHAPED} receptive_field", Change(shape=with_fields(dilation=1)), "the dilation is forgotten", reshapes=True
    ),
    Slip("rounding", SHAPED, Change(shape=other_rounding), "floor and ceil are confused", reshapes=True),
    Slip("plus-one-left-out", SHAPED, Change(leaves=one_less), "the + 1 is forgotten", reshapes=True),
    Slip(
        "height-and-width",
        SHAPED,
        Change(leaves=lambda _, x, y: Volume(*reversed(y.sides), y.c)),
        "height and width are confused",
        reshapes=True,
    ),
    Slip(
        "channels-first", "output", Change(leaves=depth_first), "you put the channels first; write height × width × channels", single=True
    ),
    Slip(
        "depth-of-input",
        "output",
        Change(leaves=as_deep),
        "the output depth is the number of filters, not the input depth",
        single=True,
    ),
    Slip("input-given", "output", Change(leaves=unchanged), "that is the input", single=True),
    Slip("f-for-f-squared", WEIGHED, Change(weigh=one_row), "F was used instead of F²"),
    Slip(
        "input-depth-left-out", WEIGHED, Change(sees=lambda _, x: Volume(*x.sides, 1)), "the depth of the input is forgotten", single=True
    ),
    Slip(
        "input-size-left-out",
        WEIGHED,
        Change(sees=lambda _, x: Volume(1, 1, x.c)),
        "height and width of the input are forgotten",
        single=True,
    ),
    Slip("one-filter", WEIGHED, Change(weigh=with_fields(filters=1, features=1)), "that is a single filter or neuron", single=True),
    Slip("groups-ignored", WEIGHED, Change(weigh=with_fields(groups=1)), "the groups are ignored"),
    Slip("input-for-output", "macs flops", Change(at_input=True), "the input size was used instead of the output size", single=True),
    Slip("batch-norm-4", "params", Change(norm=4), "batch norm is counted with 4 parameters per channel; 2 of them are learnable"),
    Slip("batch-norm-left-out", "params", Change(norm=0), "batch norm's scale and shift are left out"),
    Slip(
        "in-place-counted", "values bytes", Change(all_values=True), "outputs of layers that work in place, such as ReLU, are counted too"
    ),
    Slip("input-not-counted", "values bytes", Change(input_values=False), "the input is not counted"),
    Slip("parameters-counted", "bytes", Change(learned=True), "the memory of the parameters is counted too"),
    Slip(
        "auxiliary-heads",
        "params weights biases buffers macs flops values bytes",
        Change(sides=True),
        "the auxiliary heads are counted too",
    ),
    Slip("batch-left-out", "macs flops values bytes", Change(batched=False), "the batch is forgotten"),
    Slip("elements-for-bytes", "bytes", Change(over=4), "that is the number of elements; each takes 4 bytes"),
    Slip("half-precision", "bytes", Change(over=2), "that is 2 bytes per element; here it is 4"),
    Slip("double-precision", "bytes", Change(times=2), "that is 8 bytes per element; here it is 4, or every element counted twice"),
    Slip("bytes-for-elements", "values", Change(times=4), "that is the number of bytes, 4 per element"),
    Slip("counted-twice", "values", Change(times=2), "every element is counted twice"),
    Slip("floor-left-out", "output", Change(leaves=not_rounded), "the rounding down is forgotten", single=True),
    Slip("rounding-up", SHAPED, Change(leaves=rounded_up), "rounded up instead of down", reshapes=True),
    Slip("same-padding", SHAPED, Change(shape=same_padding), "padding that keeps the size was assumed", reshapes=True),
    Slip("output-padding-left-out", SHAPED, Change(shape=with_fields(output_pad=0)), "the output padding is forgotten", reshapes=True),
    Slip(
        "convolution-formula", SHAPED, Change(leaves=as_convolution), "a convolution's formula was used on a transposed one", reshapes=True
    ),
    Slip("depth-pooled", "output values bytes", Change(leaves=pooled_depth), "the pool was applied to the channels too", reshapes=True),
    Slip("depth-padded", WEIGHED, Change(sees=padded_depth), "the channels were padded too"),
    Slip("kernel-3-for-1", WEIGHED, Change(weigh=other_kernel(1, 3)), "a 1×1 kernel was taken for 3×3"),
    Slip("kernel-1-for-3", WEIGHED, Change(weigh=other_kernel(3, 1)), "a 3×3 kernel was taken for 1×1"),
    Slip("filters-for-depth", WEIGHED, Change(sees=as_deep_as_filters), "the number of filters was used for the input depth", single=True),
    Slip("weights-not-shared", "params weights", Change(own_weights=1), "the weights were counted again for every position"),
    Slip("weights-not-shared", "params", Change(own_weights=2), "weights and biases were counted again for every position"),
    Slip("fully-connected", "params weights macs", Change(dense=True), "it was counted as fully connected", single=True),
    Slip("depthwise-for-full", WEIGHED, Change(weigh=as_depthwise), "a convolution over all channels was taken for a depthwise one"),
    Slip("full-for-depthwise", WEIGHED, Change(multiple=all_channels), "a depthwise convolution was taken for one over all channels"),
    Slip("one-group", WEIGHED, Change(part=groups), "one group only was counted"),
    Slip("pool-with-parameters", "params weights", Change(pool=1), "the pooling layer was given parameters; it has none"),
    Slip("pool-with-parameters", "params weights", Change(pool=2), "the pooling layer was given parameters; it has none"),
    Slip("pool-with-parameters", "params weights", Change(pool=3), "the pooling layer was given parameters; it has none"),
    Slip("batch-counted", "params weights biases", Change(per_image=False), "the batch was counted in"),
    Slip(
        "half-the-depth",
        "output",
        Change(leaves=lambda _, x, y: Volume(*y.sides, y.c // 2)),
        "that is one tower of two",
        single=True,
        only="alexnet",
    ),
    Slip("half", SUMMED, Change(over=2), "that is half of it, as if one tower of two were counted", only="alexnet"),
    Slip("kernels-added", "receptive_field", Change(whole=True), "the kernel sizes were added; each layer adds F − 1"),
    Slip(
        "own-stride",
        "receptive_field",
        Change(own_stride=True),
        "a layer's stride was used for itself; it counts from the next layer on",
    ),
    Slip("pools-left-out", "receptive_field", Change(shape=without_pools), "the pooling layers are left out"),
    Slip("layer-alone", "receptive_field", Change(alone=True), "that is the kernel of the layer alone, without the layers ahead of it"),
    Slip(
        "fully-connected-left-out",
        "weight_layers",
        Change(deep=lambda layer: layer.is_weight_layer and layer.kind != "fc"),
        "the fully connected layers are left out",
    ),
    Slip(
        "pools-counted",
        "weight_layers",
        Change(deep=lambda layer: layer.is_weight_layer or layer.kind in POOLS),
        "pooling layers are counted too",
    ),
    Slip("beside-longest-path", "weight_layers", Change(beside=True), "layers beside the longest path are counted too"),
)
CHANNELS_LAST = Slip(  # instead of channels-first, where the sheet wants the channels first
    "channels-last",
    "output",
    Change(leaves=lambda _, x, y: Volume(*y[1:], y[0])),
    "you put the channels last; write channels × height × width",
    single=True,
)
