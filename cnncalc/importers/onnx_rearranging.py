"""Operators of ONNX that move elements: reshapes, concatenations, padding, resizing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import CHANNELS, NotModelledError, Value, reshaped, shown
from cnncalc.importers.onnx_arithmetic import as_dims
from cnncalc.importers.onnx_attention import Scores
from cnncalc.importers.onnx_constants import Array, axes_of, resolved, short
from cnncalc.layers import Volume
from cnncalc.layers.fields import AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.onnx_steps import OnnxSteps

    Inputs = Sequence[Any]


def shaped(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Reshape: only the arrangement changes."""
    value = inputs[0]
    if isinstance(value, Scores):
        return value
    value = reader.written(value)
    given = inputs[1].values if len(inputs) > 1 and isinstance(inputs[1], Array) else node.attributes.get("shape")
    if given is None:
        given = reader.graph.shapes.get(node.outputs[0])
    if given is None or None in given:
        raise NotModelledError("a reshape to a shape that is computed")
    target = resolved(given, value.shape, zero_is_zero=bool(node.attributes.get("allowzero")))
    if None in target:
        raise NotModelledError(f"a reshape of {shown(value.shape)} to {shown(given)}")
    return reshaped(value, target)


def flattened(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Flatten: the dimensions from one on become one."""
    value = reader.written(inputs[0])
    axis = node.attributes.get("axis", 1) % (len(value.dims) + 1)
    return value.with_dims([sum(value.dims[:axis], ()), sum(value.dims[axis:], ())])


def transposition(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Transpose: only the arrangement changes."""
    value = reader.written(inputs[0])
    order = node.attributes.get("perm") or range(len(value.dims))[::-1]
    return value.with_dims([value.dims[i] for i in order])


def unsqueezed(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Unsqueeze: dimensions of 1 are added."""
    value = inputs[0]
    if isinstance(value, Scores):
        return value
    value = reader.written(value)
    axes = axes_of(list(inputs), node.attributes)
    if axes is None:
        raise NotModelledError("axes that are computed")
    rank = len(value.dims) + len(axes)
    places = {axis % rank for axis in axes}
    dims = iter(value.dims)
    return value.with_dims([() if i in places else next(dims) for i in range(rank)])


def squeezed(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Squeeze: dimensions of 1 are dropped."""
    value = inputs[0]
    if isinstance(value, Scores):
        return value
    value = reader.written(value)
    axes = axes_of(list(inputs), node.attributes)
    places = {axis % len(value.dims) for axis in axes} if axes is not None else {i for i, dim in enumerate(value.dims) if not dim and i}
    return value.with_dims([dim for i, dim in enumerate(value.dims) if i not in places])


def expanded(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Expand: only along the batch."""
    value = inputs[0]
    if value.form is not None and value.form[0] == "length":
        return value
    shape = inputs[1].values if isinstance(inputs[1], Array) else None
    if shape is not None and all(size in (1, -1, own) for size, own in zip(shape[::-1], value.shape[::-1], strict=False)):
        return value
    raise NotModelledError("a volume that is repeated")


def concatenation(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Concatenate volumes and learned tensors; the two parts of a roll are the volume itself."""
    values = [each for each in inputs if isinstance(each, Value)]
    at = node.attributes["axis"] % len(values[0].dims)
    rolled = _rolled(inputs, at)
    if rolled is not None:
        return rolled
    values = [reader.written(each) for each in values]
    if len(inputs) == 1:
        return values[0]
    first = values[0]
    last = len(first.dims) - 1
    if not first.is_only(first.dims[at], [CHANNELS]) and not any(first.is_only(first.dims[at], [axis]) for axis in first.sides):
        first = as_dims(reader, first)
    if len(values) == len(inputs) and any(each.dims[:at] != first.dims[:at] or each.volume.rank != first.volume.rank for each in values):
        values = [as_dims(reader, each) for each in values]
        first = values[0]
    if any(each.volume.rank != first.volume.rank for each in values[1:]):
        raise NotModelledError("a concatenation of volumes with other numbers of sides")
    arranged = iter([first, *values[1:]])
    sources = [next(arranged) if isinstance(each, Value) else _as_volume(reader, each, first, at) for each in inputs]
    axis: Any = CHANNELS if first.is_only(first.dims[at], [CHANNELS]) and (first.volume.c != 1 or at in (1, last)) else None
    if axis is None:
        axis = next((side for side in first.sides if first.is_only(first.dims[at], [side])), None)
    if axis is None:
        raise NotModelledError("a concatenation along a part of a dimension")
    fields = {} if axis == CHANNELS else {"along": AXES[first.volume.rank][axis]}
    step = reader.emit("concat", None, [each.step for each in sources], **fields)
    total = sum(each.volume.c if axis == CHANNELS else each.volume[axis] for each in sources)
    index = first.volume.rank if axis == CHANNELS else axis
    volume = Volume(*[total if i == index else size for i, size in enumerate(first.volume)])
    made = Value(step, volume, (), reader.batch)
    return made.with_dims([made.full(axis) if i == at else dim for i, dim in enumerate(first.dims)])


def _as_volume(reader: OnnxSteps, array: Any, like: Value, at: int) -> Value:
    """Return a constant tensor as a volume, in the arrangement of another one except along the dimension `at`."""
    if not isinstance(array, Array) or array.shape is None or len(array.shape) != len(like.dims):
        raise NotModelledError("a concatenation with a tensor of unknown shape")
    sizes: dict[Any, Any] = {}
    for i, (dim, size) in enumerate(zip(like.dims, array.shape, strict=True)):
        if i:
            axis = next((factor.axis for factor in dim), None)
            if axis is not None:
                sizes[axis] = size
    volume = Volume(*[sizes.get(axis, 1) for axis in (*like.sides, CHANNELS)])
    return reader.volume_of(array, volume)


def _rolled(inputs: Inputs, at: int) -> Value | None:
    """Return the volume whose two parts are put together in the other order."""
    if len(inputs) != 2 or not all(isinstance(each, Value) and each.form is not None and each.form[0][:5] == "crop:" for each in inputs):
        return None
    (second, base), (first, other) = inputs[0].form, inputs[1].form
    cuts = [tuple(map(int, form.split(":")[1:])) for form in (first, second)]
    if base is not other or cuts[0][0] != at or cuts[1][0] != at or cuts[0][1] != 0 or cuts[0][2] != cuts[1][1]:
        return None
    return base if cuts[1][2] == base.shape[at] else None


def padding(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Add zeros at the edges."""
    value: Value = inputs[0]
    given = inputs[1].values if len(inputs) > 1 and isinstance(inputs[1], Array) else node.attributes.get("pads")
    if given is None or not all(isinstance(each, int) for each in given):
        raise NotModelledError("padding that is computed")
    axes = (inputs[3].values if len(inputs) > 3 and isinstance(inputs[3], Array) else None) or range(len(given) // 2)
    pairs = dict(zip(axes, zip(given[: len(given) // 2], given[len(given) // 2 :], strict=True), strict=True))
    if not any(map(any, pairs.values())):
        return value
    if node.attributes.get("mode", "constant") != "constant":
        note = "Padding that repeats or reflects the input is written as zeropad: size and cost are the same."
        reader.notes += [note] if note not in reader.notes else []
    value = reader.written(value)
    amounts, more, less = [0, 0] * value.volume.rank, 0, [0, 0] * value.volume.rank
    for at, (before, after) in pairs.items():
        dim = value.dims[at % len(value.dims)]
        axis = next((side for side in value.sides if value.is_only(dim, [side])), None)
        if axis is not None and (dim or before == after == 0 or value.volume[axis] == 1):
            amounts[2 * axis : 2 * axis + 2] = [max(0, before), max(0, after)]
            less[2 * axis : 2 * axis + 2] = [max(0, -before), max(0, -after)]
        elif value.is_only(dim, [CHANNELS]) and dim and before == 0 <= after:
            more = after
        elif before or after:
            raise NotModelledError("padding of a part of a dimension")
    made = value
    if any(less):
        step = reader.emit("crop", less, [made.step])
        made = Value(step, _grown(made.volume, [-each for each in less], 0), made.dims, reader.batch)
    if any(amounts) or more:
        fields: dict[str, Any] = {"channels": more} if more else {}
        step = reader.emit("zeropad", amounts, [made.step], **fields)
        made = Value(step, _grown(made.volume, amounts, more), made.dims, reader.batch)
    dims = []
    for dim in value.dims:
        axis = next((each for each in (*value.sides, CHANNELS) if dim and value.is_only(dim, [each])), None)
        dims.append(dim if axis is None else made.full(axis))
    return made.with_dims(dims)


def _grown(volume: Volume, amounts: Sequence[int], channels: int) -> Volume:
    return Volume(*[size + amounts[2 * i] + amounts[2 * i + 1] for i, size in enumerate(volume.sides)], volume.c + channels)


def resizing(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Resize the sides."""
    x = reader.plain(inputs[0])
    arrays = [each.values if isinstance(each, Array) else None for each in inputs]
    rank = x.volume.rank
    modes = {"nearest": "nearest", "linear": "bilinear", "cubic": "bicubic"}
    mode = modes.get(node.attributes.get("mode", "nearest"), "nearest")
    sizes = arrays[3] if len(arrays) > 3 else None
    scales = node.attributes.get("scales") or next((each for each in arrays[1:3] if each and len(each) == rank + 2), None)
    if not sizes and scales:
        factors = scales[2:]
        if mode == "nearest" and all(float(each).is_integer() for each in factors):
            return reader.place("upsample", short([int(each) for each in factors]), x)
        sizes = [
            None,
            None,
            *[int(side * each) if isinstance(side, int) else None for side, each in zip(x.volume.sides, factors, strict=True)],
        ]
        if None in sizes[2:] and len(set(factors)) == 1:
            fields = {} if mode == "nearest" else {"mode": mode}
            return reader.place("resize", None, x, factor=factors[0], **fields)
    if not sizes:
        stated = reader.graph.shapes.get(node.outputs[0])
        sizes = list(stated) if stated is not None and all(isinstance(each, int) for each in stated[2:]) else None
    if not sizes or None in sizes[2:]:
        raise NotModelledError("a size that is computed")
    to = list(sizes[2:])
    old = list(x.volume.sides)
    if mode == "nearest" and all(isinstance(each, int) for each in (*to, *old)) and not any(a % b for a, b in zip(to, old, strict=True)):
        return reader.place("upsample", short([a // b for a, b in zip(to, old, strict=True)]), x)
    fields = {} if mode == "nearest" else {"mode": mode}
    return reader.place("resize", to, x, **fields)


def to_positions(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """DepthToSpace: channels become positions."""
    x = reader.plain(inputs[0])
    size = node.attributes["blocksize"]
    if node.attributes.get("mode", "DCR") == "CRD":
        return reader.place("pixelshuffle", size, x)
    return _rearranged(reader, x, "h w (a b c) -> (h a) (w b) c", size, [side * size for side in x.volume.sides], x.volume.c // size**2)


def to_channels(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """SpaceToDepth: positions become channels."""
    x = reader.plain(inputs[0])
    size = node.attributes["blocksize"]
    return _rearranged(reader, x, "(h a) (w b) c -> h w (a b c)", size, [side // size for side in x.volume.sides], x.volume.c * size**2)


def _rearranged(reader: OnnxSteps, x: Value, pattern: str, size: int, sides: list[Any], channels: Any) -> Value:
    step = reader.emit("rearrange", pattern, [x.step], a=size, b=size)
    made = Value(step, Volume(*sides, channels), (), reader.batch)
    return made.with_dims(made.channels_first)
