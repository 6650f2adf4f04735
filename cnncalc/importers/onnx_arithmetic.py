"""Elementwise operators of ONNX: activations, sums and products of volumes, numbers and learned tensors."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import BATCH, CHANNELS, NotModelledError, Value, shown
from cnncalc.importers.onnx_attention import Scores
from cnncalc.importers.onnx_constants import Array, learned
from cnncalc.importers.onnx_forms import FORMS, form_of, reached
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.onnx_steps import OnnxSteps

    Inputs = Sequence[Any]


UNARY = {
    "Relu": "relu", "Tanh": "tanh", "Elu": "elu", "HardSwish": "hswish", "Gelu": "gelu", "LeakyRelu": "leaky_relu", "Swish": "swish",
    "QuickGelu": "swish", "FastGelu": "gelu", "BiasGelu": "gelu",
}  # fmt: skip


def activation(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write an activation."""
    return reader.like(inputs[0], UNARY[node.operator])


def parametric(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a PReLU with a slope per channel."""
    x = reader.plain(inputs[0])
    slope = learned(inputs[1], "a slope")
    if slope.size != x.volume.c:
        raise NotModelledError(f"{slope.size} slopes for {x.volume.c} channels")
    reader.own(slope)
    return reader.like(x, "prelu")


def local_response(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a local response normalization."""
    return reader.like(reader.plain(inputs[0]), "lrn", node.attributes["size"])


def arithmetic(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Write a sum, difference, product or quotient of volumes, numbers and learned tensors."""
    one, other = inputs
    scores = next((each for each in inputs if isinstance(each, Scores)), None)
    if scores is not None and isinstance(other if scores is one else one, Array):
        return scores.with_constant(other if scores is one else one)
    operands: list[Any] = [each.product(reader) if isinstance(each, Scores) else each for each in inputs]
    one, other = operands
    operator = node.operator
    if isinstance(one, Value) and isinstance(other, Value):
        return _of_two(reader, operator, one, other)
    value, array = (one, other) if isinstance(one, Value) else (other, one)
    if operator == "Div" and value is one and array.size != 1:
        operator = "Mul"  # by the inverse of each element
    number = array.number
    if number is not None and not array.weights:
        found = form_of(operator, value, number)
        if found is not None:
            return reached(reader, found, value.form[1] if value.form is not None else value)
    if array.size == 1 and not array.weights:
        return reader.like(value, "scale", 1 if number is None or operator in ("Add", "Sub") else _factor(operator, number))
    return with_learned(reader, operator, reader.written(value), array)


def _factor(operator: str, number: float) -> Any:
    factor = 1 / number if operator == "Div" and number else number
    return float(f"{factor:.6g}")


def _of_two(reader: OnnxSteps, operator: str, one: Value, other: Value) -> Value:
    """Write an operation on two volumes, or recognise a pattern of one value."""
    bases = [each.form[1] if each.form is not None else each for each in (one, other)]
    if bases[0] is bases[1]:
        forms = [each.form[0] if each.form is not None else "x" for each in (one, other)]
        found = FORMS.get((operator, forms[0], forms[1])) or (operator in ("Mul", "Add") and FORMS.get((operator, forms[1], forms[0])))
        if found:
            return reached(reader, found, bases[0])
    kind = {"Add": "add", "Sub": "subtract", "Mul": "multiply", "Max": "maximum"}.get(operator)
    if kind is None:
        raise NotModelledError(f"{operator} of two volumes")
    one, other = _aligned(reader, reader.written(one), reader.written(other))
    larger = one if _count(one) >= _count(other) else other
    step = reader.emit(kind, None, [one.step, other.step], **_broadcasting(kind, one.volume, other.volume))
    volume = Volume(*[b if a == 1 else a for a, b in zip(one.volume, other.volume, strict=True)])
    found_value = Value(step, volume, (), reader.batch)
    dims = [_wider(a, b) for a, b in zip(_padded(one, larger), _padded(other, larger), strict=True)]
    return found_value.with_dims(dims)


def _count(value: Value) -> int:
    return len(value.dims)


def _padded(value: Value, to: Value) -> list[Any]:
    return [()] * (len(to.dims) - len(value.dims)) + list(value.dims)


def _wider(one: Any, other: Any) -> Any:
    return one or other


def _broadcasting(kind: str, one: Volume, other: Volume) -> dict[str, Any]:
    return {"broadcast": True} if kind != "multiply" and one != other else {}


def _aligned(reader: OnnxSteps, one: Value, other: Value) -> tuple[Value, Value]:
    """Return two values in one arrangement: their dimensions are equal, or 1."""
    larger = one if _count(one) >= _count(other) else other
    pairs = list(zip(_padded(one, larger), _padded(other, larger), strict=True))
    if one.volume.rank == other.volume.rank and all(a == b or not a or not b for a, b in pairs):
        return one, other
    last = len(larger.dims) - 1
    at = next((at for at in (last, 1) for each in (one, other) if len(each.dims) > at and each.is_only(each.dims[at], [CHANNELS])), last)
    found = [as_dims(reader, each, at) for each in (one, other)]
    if found[0].volume.rank != found[1].volume.rank:
        raise NotModelledError(f"an operation on {one.volume} and {other.volume}")
    return found[0], found[1]


def as_dims(reader: OnnxSteps, value: Value, at: int | None = None) -> Value:
    """Return a value whose sides are its dimensions besides the batch and the channels, which are the dimension `at`."""
    if at is None:
        at = next((i for i in (len(value.dims) - 1, 1) if value.is_only(value.dims[i], [CHANNELS])), len(value.dims) - 1)
    sides = [dim for i, dim in enumerate(value.dims) if i not in (0, at)]
    made = reader.arranged(value, sides, value.dims[at])
    order = [made.full(BATCH), *map(made.full, made.sides)]
    order.insert(at, made.full(CHANNELS))
    return made.with_dims(order[: len(value.dims)])


def with_learned(reader: OnnxSteps, operator: str, value: Value, array: Array) -> Value:
    """Write an operation with a constant tensor: a shift or a scale of a norm, a factor per channel, or a volume of its own."""
    if array.shape is None:
        raise NotModelledError("a tensor of unknown shape")
    axes: dict[Any, bool] = {}
    shape = (1,) * (len(value.dims) - len(array.shape)) + array.shape
    if len(shape) > len(value.dims):
        raise NotModelledError(f"a tensor of the shape {shown(array.shape)} for {shown(value.shape)}")
    for dim, size in zip(value.dims, shape, strict=True):
        for factor in dim:
            axes[factor.axis] = axes.get(factor.axis, False) or size != 1
    if any(size not in (1, prod(f.size for f in dim)) for dim, size in zip(value.dims, shape, strict=True)):
        raise NotModelledError(f"a tensor of the shape {shown(array.shape)} for {shown(value.shape)}")
    per_channel = [axis for axis, kept in axes.items() if kept] == [CHANNELS]
    step = reader.steps[-1] if reader.steps else {"name": ""}
    norm = step.keys() & {"ln", "gn", "l2norm"} and step["name"] == value.step and per_channel
    if norm and operator == "Mul" and step.get("scale") is False and array.weights:
        _set(step, "scale", reader.own(array))
        return value
    if norm and operator == "Add" and step.get("shift") is False and array.weights:
        _set(step, "shift", reader.own(array))
        return value
    if per_channel and operator == "Add" and step["name"] == value.step and step.get("bias") is False and array.weights and _single(reader):
        _set(step, "bias", reader.own(array))
        return value
    alone = all(reader.users[name] == 1 for name in array.weights)
    if per_channel and operator == "Mul" and alone and reader.own(array) is True:
        return reader.like(value, "layerscale")
    kind = {"Add": "add", "Sub": "subtract", "Mul": "multiply"}.get(operator)
    if kind is None:
        raise NotModelledError(f"{operator} by a tensor")
    volume = Volume(*[size if axes.get(axis) else 1 for axis, size in zip((*value.sides, CHANNELS), value.volume, strict=True)])
    before = reader.last
    source = reader.volume_of(array, volume)
    reader.last = before
    return reader.like(value, kind, None, source, **_broadcasting(kind, value.volume, volume))


def _set(step: dict[str, Any], field: str, own: Any) -> None:
    if own is True:
        del step[field]
    else:
        step[field] = own


def _single(reader: OnnxSteps) -> bool:
    return all(reader.users[name] == 1 for name in reader.node.inputs[:1])


def sum_of(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Add several volumes."""
    found = inputs[0]
    if not all(isinstance(each, Value) for each in inputs):
        raise NotModelledError(f"{node.operator} with a constant")
    for each in inputs[1:]:
        found = _of_two(reader, {"Sum": "Add", "Max": "Max"}[node.operator], found, each)
    return found
