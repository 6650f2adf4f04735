"""The table of slips: each changes the rules and has a sentence to describe it."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.answers.mistaken_rules import (
    POOLS,
    Change,
    all_channels,
    as_convolution,
    as_deep,
    as_deep_as_filters,
    as_depthwise,
    depth_first,
    groups,
    not_rounded,
    one_less,
    one_row,
    other_kernel,
    other_rounding,
    padded_depth,
    padded_once,
    pooled_depth,
    rounded_up,
    same_padding,
    unchanged,
    with_fields,
    without_pools,
)
from cnncalc.layers import Volume


class Slip(NamedTuple):
    """A mistake: its tag in JSON and statistics, the metrics it affects, its change, and a sentence with {claimed} and {biases}."""

    tag: str
    quantities: str
    change: Change
    says: str
    reshapes: bool = False  # changes the input of later layers
    single: bool = False  # not made in every layer of a network; for an output, only in the last one
    only: str = ""  # how the names of the networks begin in which it is made


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
