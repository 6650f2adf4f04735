"""Operators of ONNX with weights, pooling and norms."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import BATCH, CHANNELS, NotModelledError, Value, joined, shown
from cnncalc.importers.onnx_arithmetic import with_learned
from cnncalc.importers.onnx_attention import Scores, turned
from cnncalc.importers.onnx_constants import Array, axes_of, learned, short
from cnncalc.importers.onnx_forms import mean_of
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.onnx_steps import OnnxSteps

    Inputs = Sequence[Any]


def convolution(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a convolution, depthwise where every channel is a group."""
    x, weights = reader.plain(inputs[0]), learned(inputs[1], "a kernel")
    filters, _, *kernel = weights.shape  # type: ignore[misc]
    if len(kernel) != x.volume.rank:
        raise NotModelledError(f"a kernel of {len(kernel)} sides on {x.volume}")
    fields = _window(node, kernel)
    groups = node.attributes.get("group", 1)
    kernel_field = short(kernel)
    if groups == x.volume.c and groups != 1 and filters % groups == 0:
        main, kind = kernel_field, "depthwise"
        if filters != groups:
            fields["multiplier"] = filters // groups
    else:
        main, kind = filters, "conv"
        if kernel_field != 1:
            fields["kernel"] = kernel_field
        if groups != 1:
            fields["groups"] = groups
    return _weighted(reader, kind, main, x, weights, inputs[2] if len(inputs) > 2 else None, fields)


def transposed(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a transposed convolution."""
    x, weights = reader.plain(inputs[0]), learned(inputs[1], "a kernel")
    _, filters, *kernel = weights.shape  # type: ignore[misc]
    groups = node.attributes.get("group", 1)
    fields: dict[str, Any] = {"kernel": short(kernel), **_window(node, kernel)}
    if isinstance(fields.get("pad"), str):
        fields["pad"] = [n for k, s in zip(kernel, node.attributes.get("strides", [1] * len(kernel)), strict=True) for n in _ends(k - s)]
    if any(node.attributes.get("output_padding", ())):
        fields["output_pad"] = short(node.attributes["output_padding"])
    if groups != 1:
        fields["groups"] = groups
    return _weighted(reader, "upconv", filters * groups, x, weights, inputs[2] if len(inputs) > 2 else None, fields)


def _ends(total: int) -> tuple[int, int]:
    return max(0, total) // 2, max(0, total) - max(0, total) // 2


def _weighted(reader: OnnxSteps, kind: str, main: Any, x: Value, weights: Array, bias: Any, fields: dict[str, Any]) -> Value:
    """Write a layer with weights and perhaps a bias, which may be those of another layer."""
    owned = reader.own(weights)
    if owned == "shared":
        alone = _per_channel(bias) and bias.weights and not reader.owners.keys() & bias.weights
        own_bias = False if alone else reader.own(bias)
        if own_bias is not True:
            fields["bias"] = own_bias
        made = reader.place(kind, main, x, **fields, weights=reader.layer_of(weights))
        return with_learned(reader, "Add", made, Array((*bias.shape, *[1] * made.volume.rank), None, bias.weights)) if alone else made
    own_bias = reader.own(bias)
    if own_bias is not True:
        fields["bias"] = own_bias
    found = reader.place(kind, main, x, **fields)
    reader.remember(weights, found.step)
    return found


def _per_channel(bias: Any) -> bool:
    return isinstance(bias, Array) and bias.shape is not None and len(bias.shape) == 1


def _window(node: OnnxNode, kernel: Sequence[int]) -> dict[str, Any]:
    """Return stride, pad and dilation, where they are not the usual ones."""
    found: dict[str, Any] = {}
    rank = len(kernel)
    strides = node.attributes.get("strides") or [1] * rank
    dilations = node.attributes.get("dilations") or [1] * rank
    pads = node.attributes.get("pads") or [0] * 2 * rank
    auto = node.attributes.get("auto_pad", "NOTSET")
    if any(stride != 1 for stride in strides):
        found["stride"] = short(strides)
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        found["pad"] = "same"
    elif auto == "NOTSET" and any(pads):
        before, after = pads[:rank], pads[rank:]
        found["pad"] = short(before) if before == after else [each for pair in zip(before, after, strict=True) for each in pair]
    if any(dilation != 1 for dilation in dilations):
        found["dilation"] = short(dilations)
    return found


def pooling(kind: str) -> Callable[..., Value]:
    """Return the rule of a pooling operator."""

    def rule(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
        x = reader.plain(inputs[0])
        kernel = node.attributes.get("kernel_shape", ())
        if len(kernel) != x.volume.rank:
            raise NotModelledError(f"a kernel of {len(kernel)} sides on {x.volume}")
        fields = _window(node, kernel)
        fields["stride"] = fields.get("stride", 1)
        if fields["stride"] == short(kernel):
            del fields["stride"]
        if node.attributes.get("ceil_mode"):
            fields["round"] = "ceil"
        if kind == "avgpool" and node.attributes.get("count_include_pad") and "pad" in fields:
            fields["count_pad"] = True
        return reader.place(kind, short(kernel), x, **fields)

    return rule


def whole_pooling(kind: str) -> Callable[..., Value]:
    """Return the rule of global pooling."""

    def rule(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
        x = reader.plain(inputs[0])
        return reader.place(kind, None, x)

    return rule


def reduction(kind: str) -> Callable[..., Any]:
    """Return the rule of a mean or maximum over dimensions: global pooling, if these are all sides."""

    def rule(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
        x: Value = inputs[0]
        axes = axes_of(list(inputs), node.attributes)
        if axes is None:
            raise NotModelledError("a mean over everything")
        places = sorted({axis % len(x.dims) for axis in axes})
        held = mean_of(x, places)
        if kind == "gap" and held is not None:
            return held
        x = reader.written(x)
        wanted = sorted(str(factor) for axis in x.sides for factor in x.full(axis))
        found = sorted(str(factor) for place in places for factor in x.dims[place])
        if found != wanted and sorted(map(str, joined(f for p in places for f in x.dims[p]))) != wanted:
            raise NotModelledError("a mean over other dimensions than all sides")
        step = reader.emit(kind, None, [x.step])
        y = Value(step, Volume(*(1,) * x.volume.rank, x.volume.c), (), reader.batch)
        keep = node.attributes.get("keepdims", 1)
        return y.with_dims([() if at in places else dim for at, dim in enumerate(x.dims) if keep or at not in places])

    return rule


def normalization(kind: str, scale: int, shift: int, main: str = "") -> Callable[..., Value]:
    """Return the rule of a norm whose scale and shift are these inputs."""

    def rule(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
        x = reader.written(inputs[0])
        if kind in ("ln", "rmsnorm"):
            axis = node.attributes.get("axis", -1) % len(x.dims)
            if axis != len(x.dims) - 1 or not x.is_only(x.dims[-1], [CHANNELS]):
                raise NotModelledError("a normalization over other dimensions than the channels")
        elif kind == "instancenorm" and (groups := _groups(x)):  # as exporters write group normalization
            return reader.like(x, "gn", groups, scale=False, shift=False)
        elif len(x.dims) < 2 or not x.is_only(x.dims[1], [CHANNELS]):
            x = reader.plain(x)
        fields: dict[str, Any] = {}
        statistics = (
            frozenset[str]().union(*(each.weights for each in inputs[3:5] if isinstance(each, Array))) if kind == "bn" else frozenset()
        )
        reader.owners.update(dict.fromkeys(statistics - reader.owners.keys(), "statistics"))
        for name, at in (("scale", scale), ("shift", shift))[: 1 if kind == "rmsnorm" else 2]:
            own = reader.own(inputs[at]) if len(inputs) > at else False
            if own is not True:
                fields[name] = own
        return reader.like(x, kind, node.attributes[main] if main else None, **fields)

    return rule


def _groups(x: Value) -> Any:
    """Return the number of groups where the dimensions are batch, groups of channels, and all the rest; else 0."""
    if len(x.dims) != 3 or len(x.dims[1]) > 1 or any(factor.axis != CHANNELS for factor in x.dims[1]):
        return 0
    groups = prod(factor.size for factor in x.dims[1])
    held = Value(x.step, x.volume, [x.full(BATCH), (*x.dims[1], *x.dims[2])], x.batch)
    whole = held.is_only(held.dims[1], [CHANNELS, *x.sides])
    return groups if whole and groups != x.volume.c else 0


def linear(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Write a linear layer, on each position if there are several, or the products of attention."""
    one, other = inputs[0], inputs[1].product(reader) if isinstance(inputs[1], Scores) else inputs[1]
    if isinstance(one, Scores) and not isinstance(other, Value):
        one = one.product(reader)
    if isinstance(one, Scores):
        return one.times(reader, other)
    if isinstance(one, Value) and isinstance(other, Value):
        return Scores(reader.written(one), reader.written(other), ())
    weights = learned(one if isinstance(other, Value) else other, "a matrix")
    if len(weights.shape or ()) != 2:
        raise NotModelledError(f"a product with a tensor of the shape {shown(weights.shape or ())}")
    if isinstance(other, Value):  # a matrix times a volume works on the dimension before the last
        return turned(_linear(reader, turned(reader.written(other)), weights, weights.shape[0], None))  # type: ignore[index]
    return _linear(reader, one, weights, weights.shape[1], None)  # type: ignore[index]


def matrix(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a linear layer with its bias."""
    if not isinstance(inputs[0], Value) or node.attributes.get("transA"):
        raise NotModelledError("a matrix on the left of a volume")
    weights = learned(inputs[1], "a matrix")
    features = weights.shape[0] if node.attributes.get("transB") else weights.shape[1]  # type: ignore[index]
    return _linear(reader, inputs[0], weights, features, inputs[2] if len(inputs) > 2 else None)


def _linear(reader: OnnxSteps, value: Value, weights: Array, features: int, bias: Any) -> Value:
    value = reader.written(value)
    last = value.dims[-1]
    dims = value.dims
    if not value.is_only(last, [CHANNELS]):
        sides = list(value.dims[1:-1])
        value = reader.arranged(value, sides, last)
        order = [value.full(BATCH), *map(value.full, value.sides)][: len(dims) - 1]
        dims = (*order, value.full(CHANNELS))
    kind = "fc" if all(value.volume[axis] == 1 for axis in value.sides) else "conv"
    made = _weighted(reader, kind, features, value, weights, bias, {})
    return made.with_dims([*dims[:-1], made.full(CHANNELS)])
