"""What the layers of Keras are here: a table from classes to rules, each of which writes steps."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.errors import printable
from cnncalc.layers import Volume
from cnncalc.layers.fields import AXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.importers.keras_steps import KerasSteps

    Config = Mapping[str, Any]

MERGES = {"Add": "add", "Multiply": "multiply", "Subtract": "subtract", "Maximum": "maximum", "Average": "mean"}


def _square(sizes: Any) -> Any:
    values = list(sizes) if isinstance(sizes, (list, tuple)) else [sizes]
    return values[0] if len(set(map(str, values))) == 1 and not isinstance(values[0], list) else values


def _window(config: Config) -> dict[str, Any]:
    """Return stride, pad and dilation where they are not the usual ones."""
    found: dict[str, Any] = {}
    if (stride := _square(config.get("strides", 1))) != 1:
        found["stride"] = stride
    if config.get("padding", "valid") in ("same", "causal"):
        found["pad"] = config["padding"]
    if (dilation := _square(config.get("dilation_rate", 1))) != 1:
        found["dilation"] = dilation
    return found


def _bias(config: Config) -> dict[str, Any]:
    return {} if config.get("use_bias", True) else {"bias": False}


def convolution(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a convolution."""
    groups = {"groups": config["groups"]} if config.get("groups", 1) != 1 else {}
    return reader.emit(
        "conv", config["filters"], sources, name, kernel=_square(config["kernel_size"]), **_window(config), **groups, **_bias(config)
    )


def depthwise(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a depthwise convolution."""
    multiplier = {"multiplier": config["depth_multiplier"]} if config.get("depth_multiplier", 1) != 1 else {}
    return reader.emit("depthwise", _square(config["kernel_size"]), sources, name, **multiplier, **_window(config), **_bias(config))


def separable(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a depthwise convolution and the one of 1×1 behind it."""
    places = depthwise(reader, {**config, "use_bias": False}, sources, f"{name}_depthwise")
    return reader.emit("conv", config["filters"], [places], name, **_bias(config))


def transposed(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a transposed convolution."""
    kernel, stride = config["kernel_size"], config["strides"]
    pads = [max(0, size - step) for size, step in zip(kernel, stride, strict=True)] if config.get("padding") == "same" else []
    fields: dict[str, Any] = {"pad": [part for pad in pads for part in (pad // 2, pad - pad // 2)]} if any(pads) else {}
    if config.get("padding") == "same" and any(size < step for size, step in zip(kernel, stride, strict=True)):
        fields["output_pad"] = [max(0, step - size) for size, step in zip(kernel, stride, strict=True)]
    return reader.emit(
        "upconv", config["filters"], sources, name, kernel=_square(kernel), stride=_square(stride), **fields, **_bias(config)
    )


def dense(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a fully connected layer, or on each position of a volume a convolution of 1×1."""
    vector = sources[0] in reader.vectors
    found = reader.emit("fc" if vector else "conv", config["units"], sources, name, **_bias(config))
    if vector:
        reader.vectors.add(found)
    return found


def pooling(kind: str) -> Callable[..., str]:
    """Return the rule of a pooling layer."""

    def rule(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
        window = _window({**config, "dilation_rate": 1})
        return reader.emit(kind, _square(config["pool_size"]), sources, name, **{"stride": 1, **window})

    return rule


def whole_pooling(kind: str) -> Callable[..., str]:
    """Return the rule of global pooling."""

    def rule(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
        found = reader.emit(kind, None, sources, name)
        if not config.get("keepdims"):
            reader.vectors.add(found)
        return found

    return rule


def normalization(kind: str) -> Callable[..., str]:
    """Return the rule of a norm."""

    def rule(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
        fields: dict[str, Any] = {field: False for key, field in (("scale", "scale"), ("center", "shift")) if not config.get(key, True)}
        return reader.alike(kind, config["groups"] if kind == "gn" else None, sources[0], name, **fields)

    return rule


def standardization(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write the norm of the input with fixed statistics."""
    reader.notes.append(f"{name} keeps a mean and a variance of each channel, as a batch norm does; Keras also counts its counter: 1.")
    return reader.alike("bn", None, sources[0], name, scale=False, shift=False)


def rescaling(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a factor."""
    factor = config.get("scale", 1)
    return reader.alike("scale", float(f"{factor:.6g}") if isinstance(factor, (int, float)) else 1, sources[0], name)


def activation(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write an activation by its name."""
    return reader.activation(config.get("activation"), sources[0], name)


def relu(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a ReLU, bounded or with a slope."""
    kind = "leaky_relu" if config.get("negative_slope") else "relu6" if config.get("max_value") == 6 else "relu"
    return reader.alike(kind, None, sources[0], name)


def simple(kind: str) -> Callable[..., str]:
    """Return the rule of a layer without fields."""

    def rule(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
        return reader.alike(kind, None, sources[0], name)

    return rule


def dropout(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write dropout."""
    return reader.alike("dropout", config.get("rate", 0.5), sources[0], name)


def edges(kind: str, key: str) -> Callable[..., str]:
    """Return the rule of a layer that pads or crops."""

    def rule(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
        given = config[key] if isinstance(config[key], list) else [config[key]]
        pairs = [each if isinstance(each, list) else [each, each] for each in given]
        if reader.volumes[sources[0]].rank == 1 and not isinstance(given[0], list) and len(given) == 2:
            pairs = [given]
        return reader.emit(kind, [amount for pair in pairs for amount in pair], sources, name)

    return rule


def upsampling(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write an enlargement of the sides."""
    factor = _square(config["size"])
    if config.get("interpolation", "nearest") == "nearest":
        return reader.emit("upsample", factor, sources, name)
    sides = reader.volumes[sources[0]].sides
    to = [side * by for side, by in zip(sides, config["size"], strict=True)]
    return reader.emit("resize", to, sources, name, mode="bicubic" if config["interpolation"] == "bicubic" else "bilinear")


def flatten(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a flattening."""
    found = reader.emit("flatten", None, sources, name)
    reader.vectors.add(found)
    return found


def reshape(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a reshape where it keeps or joins all elements."""
    x = reader.volumes[sources[0]]
    shape = list(config["target_shape"])
    if -1 in shape:
        shape[shape.index(-1)] = x.size // prod(size for size in shape if size != -1)
    if len(shape) > 1 and shape[-1] == x.c and prod(shape[:-1]) == x.places == 1:
        return reader.emit("identity", None, sources, name)
    if len(shape) == 1:
        return flatten(reader, config, sources, name)
    reader.unknown.append(f"Reshape ({printable(name)}: the order of its elements)")
    return reader.emit("custom", shape, sources, name, Volume(*shape), modelled=False)


def merge(kind: str) -> Callable[..., str]:
    """Return the rule of a merge."""

    def rule(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
        volumes = [reader.volumes[each] for each in sources]
        fields: dict[str, Any] = {"broadcast": True} if kind in ("add", "subtract", "maximum") and len(set(volumes)) > 1 else {}
        found = reader.emit(kind, None, sources, name, **fields)
        if all(each in reader.vectors for each in sources):
            reader.vectors.add(found)
        return found

    return rule


def concatenation(reader: KerasSteps, config: Config, sources: list[str], name: str) -> str:
    """Write a concatenation."""
    x = reader.volumes[sources[0]]
    axis = config.get("axis", -1)
    place = axis - 1 if axis > 0 else axis + x.rank + 1
    vector = all(each in reader.vectors for each in sources)
    fields = {"along": AXES[x.rank][place]} if place < x.rank and not vector else {}
    found = reader.emit("concat", None, sources, name, **fields)
    if vector:
        reader.vectors.add(found)
    return found


RULES: dict[str, Callable[..., str]] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), convolution),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), separable),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), transposed),
    "Dense": dense,
    **{f"{word}Pooling{sides}D": pooling(kind) for word, kind in (("Max", "maxpool"), ("Average", "avgpool")) for sides in (1, 2, 3)},
    **{f"Global{word}Pooling{sides}D": whole_pooling(kind) for word, kind in (("Max", "gmp"), ("Average", "gap")) for sides in (1, 2, 3)},
    "BatchNormalization": normalization("bn"),
    "LayerNormalization": normalization("ln"),
    "GroupNormalization": normalization("gn"),
    "Normalization": standardization,
    "Rescaling": rescaling,
    "Activation": activation,
    "ReLU": relu,
    "LeakyReLU": simple("leaky_relu"),
    "PReLU": simple("prelu"),
    "ELU": simple("elu"),
    "Softmax": simple("softmax"),
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), dropout),
    **{f"ZeroPadding{sides}D": edges("zeropad", "padding") for sides in (1, 2, 3)},
    **{f"Cropping{sides}D": edges("crop", "cropping") for sides in (1, 2, 3)},
    **{f"UpSampling{sides}D": upsampling for sides in (1, 2, 3)},
    "Flatten": flatten,
    "Reshape": reshape,
    **{word: merge(kind) for word, kind in MERGES.items()},
    "Concatenate": concatenation,
}
