"""Attention that is written in single operators."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import BATCH, CHANNELS, Factor, NotModelledError, Value, reshaped, shown
from cnncalc.importers.onnx_constants import Array, short
from cnncalc.importers.protobuf import DamagedError
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.onnx_steps import OnnxSteps

    Inputs = Sequence[Any]


class Scores:
    """Products of queries and keys, which become attention when they are multiplied with values."""

    def __init__(self, queries: Value, keys: Value, constants: tuple[Any, ...]) -> None:
        self.queries = queries
        self.keys = keys
        self.constants = constants
        self.shape = (*queries.shape[:-1], keys.shape[-1])
        self.form = None
        self.row: Value | None = None  # if something else than attention takes the product

    def with_constant(self, constant: Array) -> Scores:
        """Return the scores with a bias, a mask or a factor."""
        return Scores(self.queries, self.keys, (*self.constants, constant))

    def product(self, reader: OnnxSteps) -> Value:
        """Write the product as a row of its own, since something else than attention takes it."""
        if self.row is not None:
            return self.row
        *outer, inside = self.queries.dims
        sizes = [prod(factor.size for factor in dim if factor.axis != BATCH) for dim in outer]
        sides = [size for size in sizes if size != 1]
        if len(sides) > 3:
            raise DamagedError(f"a product of two volumes with more than three sides: {shown(self.shape)}")
        volume = Volume(*(sides or [1, 1]), self.keys.shape[-1])
        fields: dict[str, Any] = {"macs": prod(sides) * volume.c * prod(factor.size for factor in inside)}
        learned = reader.unowned(self.constants)
        if learned:
            fields["params"] = learned
        made = Value(reader.emit("custom", list(volume), [self.queries.step], **fields), volume, (), reader.batch)
        places = iter(range(len(sides)))
        dims = [
            (*[factor for factor in dim if factor.axis == BATCH], *(made.full(next(places)) if size != 1 else ()))
            for dim, size in zip(outer, sizes, strict=True)
        ]
        self.row = made.with_dims([*dims, made.full(CHANNELS)])
        return self.row

    def times(self, reader: OnnxSteps, values: Any) -> Value:
        """Write the attention."""
        if not isinstance(values, Value):
            raise NotModelledError("scores times a constant")
        values = reader.written(values)
        q = self.queries
        *outer, tokens, inside = q.dims
        if any(factor.axis != CHANNELS for factor in inside):
            raise NotModelledError("products over other dimensions than the channels")
        heads = prod(factor.size for dim in outer for factor in dim if factor.axis == CHANNELS)
        window = []
        for axis in q.sides:
            seen = prod(factor.size for factor in tokens if factor.axis == axis)
            apart = [factor for dim in outer for factor in dim if factor.axis == axis]
            window.append(seen if apart else 0)
        fields: dict[str, Any] = {}
        if any(window):
            fields["window"] = short(window)
        step = reader.emit("attention", heads, [q.step, self.keys.step, values.step], **fields)
        volume = Volume(*q.volume.sides, heads * values.volume.c // heads)
        made = Value(step, volume, (), reader.batch)
        learned = reader.unowned(self.constants)
        if learned:
            made.step = reader.emit("custom", list(volume), [step], params=learned, name=reader.name("position_bias"))
        width = prod(factor.size for factor in values.dims[-1])
        dims = [[_resized(factor, made) for factor in dim] for dim in (*outer, tokens)]
        return made.with_dims([*map(tuple, dims), (Factor(CHANNELS, width, 1),)])


def _resized(factor: Factor, made: Value) -> Factor:
    return factor


def attention(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write the operator that is attention: of queries, keys and values with a dimension for the heads, or without."""
    volumes = [reader.written(each) for each in inputs[:3]]
    flat = len(volumes[0].dims) == 3
    if flat:
        heads = [node.attributes[name] for name in ("q_num_heads", "kv_num_heads", "kv_num_heads")]
        volumes = [_by_heads(each, count) for each, count in zip(volumes, heads, strict=True)]
    queries, keys, values = volumes
    if len({each.shape[1] for each in volumes}) > 1:
        raise NotModelledError("heads that share keys and values")
    if any(each is not None and not isinstance(each, Array) for each in inputs[3:]):
        raise NotModelledError("scores with a computed mask")
    made = Scores(queries, turned(keys), tuple(inputs[3:])).times(reader, values)
    batch, head, tokens, width = made.dims
    return made.with_dims([batch, tokens, (*head, *width)]) if flat else made


def _by_heads(value: Value, heads: int) -> Value:
    batch, tokens, width = value.shape
    if not isinstance(width, int) or width % heads:
        raise NotModelledError(f"{heads} heads of {width} channels")
    found = reshaped(value, (batch, tokens, heads, width // heads))
    return found.with_dims([found.dims[i] for i in (0, 2, 1, 3)])


def turned(value: Value) -> Value:
    """Return a value with its last two dimensions exchanged."""
    *outer, one, other = value.dims
    return value.with_dims([*outer, other, one])


def softmax(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Any:
    """Write a softmax, or note that scores become attention."""
    if isinstance(inputs[0], Scores):
        return inputs[0]
    return reader.like(inputs[0], "softmax")
