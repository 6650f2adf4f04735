"""The steps that the operators of an ONNX file write, and which tensors they have used."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly
from cnncalc.importers.arrangement import BATCH, CHANNELS, NotModelledError, Value, rearrangement, shown
from cnncalc.importers.onnx_constants import Array
from cnncalc.layers import KINDS, Volume

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.dims import Dim
    from cnncalc.importers.onnx_model import OnnxGraph, OnnxNode

INPUT = "input"
NAME_ENDS = (".weight", ".bias")


class OnnxSteps:
    """What the rules of operators use: values by name, steps, and the layers that count a tensor."""

    def __init__(self, graph: OnnxGraph) -> None:
        self.graph = graph
        self.steps: list[dict[str, Any]] = []
        self.owners: dict[str, str] = {}  # by tensor, the step that counts it
        self.layers: dict[str, str] = {}  # by tensor, the step whose weights it is
        self.merged: Counter[str] = Counter()  # tensors that several layers have
        self.unknown: Counter[str] = Counter()
        self.names: Counter[str] = Counter([INPUT])
        self.containers: set[str] = set()
        self.users: Counter[str] = Counter()
        self.reader: dict[str, OnnxNode] = {}  # by value, the last node that takes it
        self.notes: list[str] = []
        self.last = INPUT
        self.batch: Dim = 1
        self.node: OnnxNode = None  # type: ignore[assignment]  # the one that is read
        self.split: dict[tuple[str, Any], str] = {}  # by step and number of parts, the step that splits it

    def written(self, value: Value) -> Value:
        """Write the steps of a value that waits for a pattern to end, if it does."""
        if value.form is not None:
            self.finish(value)
        return value

    def finish(self, value: Value) -> None:
        """Write a value that waits in a form."""
        raise NotImplementedError

    def name(self, text: str = "") -> str:
        """Return a name for a step that no other has: that of the node's weights, or of the node."""
        if not text:
            text = self._module(self.node)
        if not text:
            text = self.node.name or (self.node.outputs[0] if self.node.outputs else "") or self.node.operator
            *scope, operator = scope_of(text.removeprefix("node_")) or [text]
            inside = ".".join(scope)
            text = operator if not scope else f"{inside}.{operator.lower()}" if inside in self.containers else inside
        text = "".join(each if each.isprintable() and each not in "/[]{}" else "_" for each in text)[:150].strip() or "step"
        if text in KINDS or not (text[0].isalpha() or text[0] == "_"):
            text = f"{text}_1" if text in KINDS else f"_{text}"
        self.names[text] += 1
        while self.names[text] > 1:
            text = f"{text}_{self.names[text]}"
            self.names[text] += 1
        return text

    def _module(self, node: OnnxNode) -> str:
        """Return the name of the module whose weights a node takes, alone; for a product also those of the sum that follows."""
        names = [name for name in node.inputs if name in self.graph.tensors and self.users[name] == 1]
        after = self.reader.get(node.outputs[0]) if node.operator == "MatMul" else None  # None: an output of the network
        if after is not None and self.users[node.outputs[0]] == 1 and after.operator == "Add":
            names += [name for name in after.inputs if name in self.graph.tensors and self.users[name] == 1]
        return next((name.rpartition(".")[0] for name in names if name.endswith(NAME_ENDS) and "." in name), "")

    def emit(self, kind: str, main: Any, sources: Iterable[str], *, name: str = "", **fields: Any) -> str:
        """Write a step, and return its name."""
        step = {kind: plain(main), **{key: plain(value) for key, value in fields.items()}, "name": name or self.name()}
        given = list(sources)
        if len(given) > 1:
            step["from"] = given
        elif given and given[0] != self.last:
            step["from"] = given[0]
        self.steps.append(step)
        self.last = step["name"]
        return self.last

    def place(self, kind: str, main: Any, *values: Value, name: str = "", **fields: Any) -> Value:
        """Write a step of a kind, and return its output with plain dimensions: batch, channels, sides."""
        values = tuple(map(self.written, values))
        step = self.emit(kind, main, [value.step for value in values], name=name, **fields)
        layer = KINDS[kind]
        given = {(layer.main or "") if key == "" else key: value for key, value in {"": main, **fields}.items() if key or layer.main}
        read = {key: layer.fields[key].type.read(plain(value)) for key, value in given.items() if key in layer.fields and value is not None}
        rank = values[0].volume.rank
        found = layer(**read).for_rank(rank).output(*[value.volume for value in values])
        value = Value(step, found, (), self.batch)
        return value.with_dims(value.channels_first)

    def like(self, value: Value, kind: str, main: Any = None, *others: Value, name: str = "", **fields: Any) -> Value:
        """Write a step that works on each element, and return its output in the arrangement of its input."""
        values = [self.written(each) for each in (value, *others)]
        step = self.emit(kind, main, [each.step for each in values], name=name, **fields)
        return Value(step, values[0].volume, values[0].dims, self.batch)

    def plain(self, value: Value) -> Value:
        """Return a value whose dimensions are batch, channels and sides, after a rearrangement if they are not."""
        value = self.written(value)
        if len(value.dims) < 2:
            raise NotModelledError(f"a volume of the shape {shown(value.shape)}")
        if value.dims == value.channels_first:
            return value
        return self.arranged(value, value.dims[2:], value.dims[1])

    def arranged(self, value: Value, sides: Sequence[Any], channels: Any) -> Value:
        """Return a value with these sides and channels, in the order batch, channels, sides."""
        value = self.written(value)
        if not sides:
            sides = ((),) * value.volume.rank
            if all(value.volume[axis] == 1 for axis in value.sides) and value.is_only(channels, [CHANNELS]):
                return value.with_dims([value.full(BATCH), channels])
            if prod(factor.size for factor in channels) == value.volume.size:
                step = self.emit("flatten", None, [value.step])
                flat = Value(step, Volume(*(1,) * value.volume.rank, value.volume.size), (), self.batch)
                return flat.with_dims([flat.full(BATCH), flat.full(CHANNELS)])
        if len(sides) > 3:
            raise NotModelledError(f"a volume with {len(sides)} sides")
        if len(sides) == value.volume.rank and all(value.is_only(side, [axis]) for side, axis in zip(sides, value.sides, strict=True)):
            if value.is_only(channels, [CHANNELS]):
                return value.with_dims(value.channels_first)
            if len(channels) == 2 and all(factor.axis == CHANNELS for factor in channels) and channels[0].step == 1:
                groups = channels[1].size
                step = self.emit("shuffle", groups, [value.step])
                return Value(step, value.volume, value.channels_first, self.batch)
        fields: dict[str, Any] = rearrangement(value, sides, channels)
        main = fields.pop("rearrange")
        step = self.emit("rearrange", main, [value.step], **fields)
        volume = Volume(*[prod(factor.size for factor in dim) for dim in (*sides, channels)])
        found = Value(step, volume, (), self.batch)
        return found.with_dims(found.channels_first)

    def own(self, array: Any) -> Any:
        """Return whether a learned tensor is the layer's own: True, False if it is none, `shared` if it is counted at another layer."""
        if not isinstance(array, Array) or not array.weights:
            return False
        fresh = [name for name in array.weights if name not in self.owners]
        count = sum(prod(self.graph.tensors[name].dims) for name in fresh)
        if fresh and array.shape is not None and count != array.size:
            raise NotModelledError("weights that are computed from others")
        self.owners.update(dict.fromkeys(fresh, self.node.name))
        if not fresh:
            self.merged.update(array.weights)
            return "shared"
        return True

    def remember(self, weights: Array, step: str) -> None:
        """Note which step has these weights."""
        self.layers.update(dict.fromkeys(weights.weights, step))

    def layer_of(self, weights: Array) -> str:
        """Return the step that has these weights."""
        found = {self.layers.get(name) for name in weights.weights}
        if len(found) != 1 or None in found:
            raise NotModelledError("weights that another operator has")
        return found.pop()  # type: ignore[return-value]  # seen above

    def volume_of(self, array: Array, volume: Volume) -> Value:
        """Write a learned or a fixed tensor as a volume, once for all that use it."""
        key = f"{'+'.join(sorted(array.weights))} {volume}"
        if key in self.layers:
            return Value(self.layers[key], volume, (), self.batch)
        own = self.own(array) is True  # if another layer has it, it is not counted again
        named = next(iter(array.weights), "")
        step = self.emit("learned" if own else "constant", [*volume], (), name=self.name(named) if named else self.name())
        if own:
            self.layers[key] = step
        return Value(step, volume, (), self.batch)

    def unowned(self, arrays: Iterable[Any]) -> int:
        """Count the learned numbers of some constants that no layer has yet."""
        count = 0
        for array in arrays:
            for name in array.weights if isinstance(array, Array) else ():
                if name not in self.owners:
                    self.owners[name] = self.node.name
                    count += prod(self.graph.tensors[name].dims)
        return count


def scope_of(name: str) -> list[str]:
    """Return the modules of a node of PyTorch's older exporter, /layer1/layer1.0/conv1/Conv, and its operator."""
    parts = [part for part in name.split("/") if part]
    if not parts:
        return []
    kept = [part for part, after in zip(parts, [*parts[1:], ""], strict=True) if not after.startswith(f"{part}.")]
    return [piece for part in kept[:-1] for piece in part.split(".")] + kept[-1:]


def plain(value: Any) -> Any:
    """Return a value as a file has it: formulas as text."""
    if isinstance(value, Poly):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value
