"""The table of slips: each changes the rules and has a sentence to describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.layers import Volume
from cnncalc.layers.fields import Padding

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.layers import Layer

POOLS = ("maxpool", "avgpool", "subsample")


def same_layer(layer: Layer) -> Layer:
    """Return the argument unchanged."""
    return layer


def same_volume(volume: Volume) -> Volume:
    """Return the argument unchanged."""
    return volume


def right_output(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Return the argument unchanged."""
    return y


def is_weight_layer(layer: Layer) -> bool:
    """Return whether a layer counts for the depth."""
    return layer.is_weight_layer


class Change(NamedTuple):
    """How a student's computation differs from the rules."""

    shape: Callable[[Layer], Layer] = same_layer  # changes the layer
    weigh: Callable[[Layer], Layer] = same_layer  # changes the layer when its weights are counted
    sees: Callable[[Volume], Volume] = same_volume  # changes the input when weights are counted
    leaves: Callable[[Layer, Volume, Volume], Volume] = right_output  # changes the output
    deep: Callable[[Layer], bool] = is_weight_layer  # whether a layer counts for the depth
    beside: bool = False  # layers beside the longest path count for the depth too
    alone: bool = False  # receptive field of a layer without those before it
    whole: bool = False  # F instead of F − 1 in the receptive field
    bias: bool | None = None  # whether biases are parameters
    one_bias: bool = False  # a layer has a single bias
    norm: int | None = None  # parameters per channel of batch norm
    flops: str = ""  # counting convention
    adds: bool = False  # bias additions count as MACs
    at_input: bool = False  # kernels are counted at every position of the input
    all_values: bool = False  # outputs of in-place layers count too
    input_values: bool = True
    learned: bool = False  # parameters count as memory
    sides: bool = False
    batched: bool = True  # operations and activations are for the whole batch
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


def one_less(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Remove one kernel position."""
    return Volume(*[side - 1 for side in y.sides], y.c) if hasattr(layer, "windows") else y


def depth_first(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Write the channels first."""
    return Volume(y.c, *y.sides)


def as_deep(layer: Layer, x: Volume, y: Volume) -> Volume:
    """Use the depth of the input."""
    return Volume(*y.sides, x.c)


SHAPED = "output values bytes macs flops"
WEIGHED = "params weights macs flops"
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
    Slip("input-given", "output", Change(leaves=lambda _, x, y: x), "that is the input", single=True),
    Slip("f-for-f-squared", WEIGHED, Change(weigh=one_row), "F was used instead of F²"),
    Slip("input-depth-left-out", WEIGHED, Change(sees=lambda x: Volume(*x.sides, 1)), "the depth of the input is forgotten", single=True),
    Slip(
        "input-depth-doubled",
        "params weights",
        Change(sees=lambda x: Volume(*x.sides, 2 * x.c)),
        "the depth of the input is doubled",
        single=True,
    ),
    Slip(
        "input-size-left-out",
        WEIGHED,
        Change(sees=lambda x: Volume(*(1,) * x.rank, x.c)),
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
    Slip("half-the-depth", "output", Change(leaves=lambda _, x, y: Volume(*y.sides, y.c // 2)), "that is one tower of two", single=True),
    Slip(
        "half", "params weights biases macs flops values bytes", Change(over=2), "that is half of it, as if one tower of two were counted"
    ),
    Slip("f-for-f-minus-1", "receptive_field", Change(whole=True), "F was added for every layer instead of F − 1"),
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
