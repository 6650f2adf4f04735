"""Types of operations by which counting conventions distinguish layers."""

from __future__ import annotations


class Operation:
    """A type of operation; `cause` is its name where a difference between counts is explained."""

    __slots__ = ("cause", "name")

    def __init__(self, name: str, cause: str) -> None:
        self.name = name
        self.cause = cause


MACS = "multiply-accumulates"
NOTHING = Operation("nothing", "nothing")
LEARNED = Operation("learned volume", "learned volumes")
CONVOLUTION = Operation("convolution", MACS)
TRANSPOSED = Operation("transposed convolution", "transposed convolutions")
LINEAR = Operation("linear", MACS)
ATTENTION = Operation("attention", "products of activations")
DISTANCE = Operation("distance", "distances from codes")
FIXED = Operation("fixed convolution", "convolutions with fixed kernels")
UNSHARED = Operation("locally connected", "locally connected layers")
STATED = Operation("custom", "costs stated by the author")

BATCH_NORM = Operation("batch norm", "batch norm")
LAYER_NORM = Operation("layer norm", "layer norm")
GROUP_NORM = Operation("group norm", "group norm")
INSTANCE_NORM = Operation("instance norm", "instance norm")
RMS_NORM = Operation("RMS norm", "RMS norm")
L2_NORM = Operation("L2 norm", "L2 norm")
RESPONSE_NORM = Operation("global response norm", "global response norm")
LOCAL_NORM = Operation("local response norm", "local response norm")

ACTIVATION = Operation("activation", "activations")  # not counted by any tool
RELU = Operation("relu", "activations")
RELU6 = Operation("relu6", "activations")
LEAKY_RELU = Operation("leaky relu", "activations")
PRELU = Operation("prelu", "activations")
ELU = Operation("elu", "activations")
SWISH = Operation("swish", "activations")
GELU = Operation("gelu", "activations")
SOFTMAX = Operation("softmax", "softmax")
SCALING = Operation("scaling", "element-wise additions and products")
JOIN = Operation("join", "element-wise additions and products")

MAX_POOL = Operation("max pool", "pooling")
AVERAGE_POOL = Operation("average pool", "pooling")
ADAPTIVE_AVERAGE = Operation("adaptive average pool", "pooling")
ADAPTIVE_MAX = Operation("adaptive max pool", "pooling")
UPSAMPLING = Operation("upsampling", "upsampling")

NO_MODULE = frozenset({L2_NORM, RESPONSE_NORM, UNSHARED, STATED})  # counting tools know no module or function for these
