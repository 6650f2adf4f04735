"""Operators of ONNX that take a part: slices, single indices, splits."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import CHANNELS, Factor, NotModelledError, Value, joined, reshaped
from cnncalc.importers.onnx_arithmetic import as_dims
from cnncalc.importers.onnx_constants import Array, slice_bounds
from cnncalc.importers.onnx_forms import crop_held
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.onnx_steps import OnnxSteps

    Inputs = Sequence[Any]


def sliced(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Keep some channels, or some positions."""
    value = inputs[0]
    bounds = slice_bounds([None, *inputs[1:]], node.attributes, value.shape)
    if bounds is None:
        raise NotModelledError("a part whose bounds are computed")
    for at, start, end, step in bounds:
        size = value.shape[at]
        if start == 0 and end == size and step == 1:
            continue
        if not all(isinstance(each, int) for each in (start, end, size)) or step < 1 or end <= start:
            raise NotModelledError("a part that depends on symbols, or in another order")
        dim = value.dims[at]
        if dim and dim[0].axis == CHANNELS and step == 1:
            value = _channels(reader, reader.written(value), at, start, end)
        elif step == 1 and len(bounds) == 1 and value.form is None and any(value.is_only(dim, [axis]) for axis in value.sides):
            return crop_held(value, at, start, end)
        else:
            value = _positions(reader, reader.written(value), at, start, end, step)
    return value


def _positions(reader: OnnxSteps, value: Value, at: int, start: int, end: int, step: int) -> Value:
    """Write a step that keeps some positions along a side."""
    dim = value.dims[at]
    axis = next((each for each in value.sides if value.is_only(dim, [each])), None)
    if axis is None:
        raise NotModelledError("a part of several dimensions")
    if step == 1:
        return reader.written(crop_held(value, at, start, end))
    if end < value.shape[at]:
        raise NotModelledError("every n-th position of a part")
    rank = value.volume.rank
    every = [step if each == axis else 1 for each in range(rank)]
    first = [start if each == axis else 0 for each in range(rank)]
    fields: dict[str, Any] = {"every": every}
    if start:
        fields["start"] = first
    name = reader.emit("slice", None, [value.step], **fields)
    size = -((start - value.shape[at]) // step)
    volume = Volume(*[size if each == axis else value.volume[each] for each in range(rank)], value.volume.c)
    made = Value(name, volume, (), reader.batch)
    return made.with_dims([made.full(axis) if i == at else each for i, each in enumerate(value.dims)])


def _channels(reader: OnnxSteps, value: Value, at: int, start: int, end: int) -> Value:
    """Return some of the channels: a part of a split if they are one of equal parts, else a slice."""
    if at == 1 and not value.is_only(value.dims[1], [CHANNELS]) and len(value.dims[1]) > 1:
        value = reader.plain(value)
    if value.dims[at][0].size * value.dims[at][0].step != value.volume.c:
        value = _outermost(reader, value, at)
    outer, *rest = value.dims[at]
    inner = prod(factor.size for factor in rest)
    if outer.size * outer.step != value.volume.c or any(factor.axis != CHANNELS for factor in rest) or outer.step % inner:
        raise NotModelledError("channels that do not lie together")
    if rest and (start % inner or end % inner):
        raise NotModelledError("channels that do not lie together")
    first, stop = start // inner * outer.step, end // inner * outer.step
    count = stop - first
    whole = value.volume.c
    if whole % count == 0 and first % count == 0 and 1 < whole // count <= 100:
        parts = whole // count
        key = value.step, parts
        if key not in reader.split:
            reader.split[key] = reader.emit("split", parts, [value.step], name=reader.name())
        step = f"{reader.split[key]}[{first // count}]"
        reader.last = ""
    else:
        step = reader.emit("slice", [first, stop], [value.step])
    made = Value(step, Volume(*value.volume.sides, count), (), reader.batch)
    kept = joined([Factor(CHANNELS, (end - start) // inner, outer.step), *rest])
    return made.with_dims([kept if i == at else dim for i, dim in enumerate(value.dims)])


def _outermost(reader: OnnxSteps, value: Value, at: int) -> Value:
    """Return a value whose channels are in another order: those of the dimension `at` change slowest."""
    own = value.dims[at]
    others = sorted((f for i, dim in enumerate(value.dims) if i != at for f in dim if f.axis == CHANNELS), key=lambda f: -f.step)
    made = reader.arranged(value, [value.full(axis) for axis in value.sides], (*own, *others))
    steps: dict[Factor, Any] = {}
    step: Any = 1
    for factor in (*own, *others)[::-1]:
        steps[factor], step = step, step * factor.size
    dims = [[f._replace(step=steps[f]) if f.axis == CHANNELS else f for f in dim] for dim in value.dims]
    return made.with_dims(map(tuple, dims))


def gathered(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Take one index of a dimension."""
    value, at = inputs[0], inputs[1]
    if not isinstance(value, Value) or not isinstance(at, Array):
        raise NotModelledError("rows of a table, by indices that are computed")
    value = reader.written(value)
    axis = node.attributes.get("axis", 0) % len(value.dims)
    index = at.number
    if at.shape and len(value.dims) == 1 and at.size == value.shape[0]:
        return reshaped(value, at.shape)
    if not isinstance(index, int):
        raise NotModelledError("several indices")
    size = value.shape[axis]
    if not isinstance(size, int):
        raise NotModelledError("an index along a symbol")
    index %= size
    if size > 1:
        dim = value.dims[axis]
        part = _channels if dim and dim[0].axis == CHANNELS else _one
        value = part(reader, value, axis, index, index + 1)
    return value.with_dims([dim for i, dim in enumerate(value.dims) if i != axis or at.shape])


def _one(reader: OnnxSteps, value: Value, at: int, start: int, end: int) -> Value:
    if not any(value.is_only(value.dims[at], [axis]) for axis in value.sides):
        axis = len(value.dims) - 1
        if not value.is_only(value.dims[axis], [CHANNELS]) or at == axis:
            raise NotModelledError("an index of several dimensions")
        value = as_dims(reader, value)
    return _positions(reader, value, at, start, end, 1)


def splitting(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> list[Value]:
    """Split along a dimension."""
    value = reader.written(inputs[0])
    axis = node.attributes.get("axis", 0) % len(value.dims)
    size = value.shape[axis]
    given = inputs[1].values if len(inputs) > 1 and isinstance(inputs[1], Array) else node.attributes.get("split")
    if not isinstance(size, int):
        raise NotModelledError("a split along a symbol")
    count = len(node.outputs)
    width = -(-size // count)
    sizes = given or [min(width, size - width * i) for i in range(count)]
    if axis == 1 and len(value.dims[1]) > 1:
        value = reader.plain(value)
    found, start = [], 0
    for each in sizes:
        dim = value.dims[axis]
        whole = dim and dim[0].axis == CHANNELS
        found.append((_channels if whole else _one)(reader, value, axis, start, start + each))
        start += each
    return found
