"""An independent expansion of a network: from the steps of a spec to its layers with their shapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.fuzz.shapes import MERGES, SINGLE, IllegalError, Shape, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

Step = Any  # what YAML has: a word, a list, a mapping
MODIFIERS = ("name", "from", "when", "else", "repeat", "each", "in")
MOST = 80  # layers
KINDS = frozenset((*SINGLE, *MERGES, "attention"))


class Block(NamedTuple):
    """A block of a file; an argument without a default is None."""

    args: dict[str, Any]
    inputs: tuple[str, ...]
    layers: list[Step]

    def written(self) -> dict[str, Any]:
        """As a file has it."""
        inputs = {"inputs": list(self.inputs)} if self.inputs else {}
        return {**({"args": self.args} if self.args else {}), **inputs, "layers": self.layers}


class Volume(NamedTuple):
    """What flows: the name of the layer that left it, its shape, and which of so many parts of a split it is."""

    name: str
    shape: Shape
    part: tuple[int, int] = (0, 1)


Flow = tuple[Volume, ...]


class Scope(NamedTuple):
    """What names mean: numbers, lists and words, and what named steps have left."""

    values: dict[str, Any]
    steps: dict[str, Flow]

    def inner(self, **values: Any) -> Scope:
        """A list inside, or a round of a loop."""
        return Scope({**self.values, **values}, dict(self.steps))


def value(text: Any, scope: Scope, arriving: Shape) -> Any:
    """Arithmetic, by Python's own."""
    if isinstance(text, list):
        return [value(each, scope, arriving) for each in text]
    if not isinstance(text, str) or text in ("same", "floor", "ceil", "bilinear", "table") or "->" in text:
        return text
    steps = {name: flow[0].shape for name, flow in scope.steps.items()}
    names = {"true": True, "false": False, "in_": arriving, "min": min, "max": max, "sum": sum, "len": len, "range": range}
    names |= {word: word for word in KINDS}
    found = eval(re.sub(r"\bin\b", "in_", text.replace("^", "**")), {"__builtins__": {}}, {**names, **steps, **scope.values})
    return list(found) if isinstance(found, range) else found


class Unroller:
    """Walks a spec and lists its layers in the order in which they are placed."""

    def __init__(self, params: dict[str, Any], blocks: dict[str, Block]) -> None:
        self.params = params
        self.blocks = blocks
        self.out: list[Any] = []
        self.shapes: list[Shape] = []
        self.depth = 0

    def body(self, steps: list[Step], flow: Flow, scope: Scope) -> Flow:
        """A list of steps, with names of its own."""
        inner = scope.inner()
        for each in steps:
            flow = self.step(each, flow, inner)
        return flow

    def step(self, step: Step, flow: Flow, scope: Scope) -> Flow:
        """One step; what it leaves is known by its name."""
        if isinstance(step, list):
            return self.body(step, flow, scope)
        if isinstance(step, str):
            return self.take({step: None}, flow, scope)
        if "from" in step:
            names = step["from"] if isinstance(step["from"], list) else [step["from"]]
            flow = tuple(volume for name in names for volume in scope.steps[name])
        for values in self.rounds(step, flow, scope):
            inner = Scope({**scope.values, **values}, scope.steps)
            if "when" in step and not value(step["when"], inner, flow[0].shape):
                flow = self.body(listed(step.get("else", [])), flow, inner)
            else:
                flow = self.take(step, flow, inner)
        if "name" in step:
            scope.steps[step["name"]] = flow
        return flow

    @staticmethod
    def rounds(step: dict[str, Any], flow: Flow, scope: Scope) -> Iterator[dict[str, Any]]:
        """The variables of each round; one round without any where there is no loop."""
        rows: list[dict[str, Any]] = [{}]
        if "each" in step:
            found = value(step["in"], scope, flow[0].shape)
            names = step["each"]
            rows = [dict(zip(names, row, strict=True)) if isinstance(names, list) else {names: row} for row in found]
        for row in rows:
            if "repeat" not in step:
                yield row
                continue
            count = value(step["repeat"], Scope({**scope.values, **row}, scope.steps), flow[0].shape)
            yield from ({**row, "i": i} for i in range(1, count + 1))

    def take(self, step: dict[str, Any], flow: Flow, scope: Scope) -> Flow:
        """A layer, a block, a group or branches, once."""
        (word,) = [key for key in step if key in KINDS or key in self.blocks or key in ("do", "side") or key in scope.values][:1]
        if word == "do":
            return self.body(step["do"], flow, scope)
        if word == "side":
            aside = Unroller(self.params, self.blocks)
            aside.shapes = self.shapes
            aside.body(step["side"], flow, scope)
            self.out.append({"side": aside.out})
            return flow
        meant = word if word in KINDS or word in self.blocks else str(scope.values[word])
        fields = {key: each for key, each in step.items() if key not in (*MODIFIERS, word)}
        if meant in self.blocks:
            return self.block(self.blocks[meant], step[word], fields, flow, scope)
        if meant in MERGES and step[word] is not None:
            branches = step[word].values() if isinstance(step[word], dict) else step[word]
            return self.place(meant, {}, tuple(each for branch in branches for each in self.body(listed(branch), flow, scope)))
        worked = {name: value(each, scope, flow[0].shape) for name, each in fields.items()}
        if step[word] is not None:
            worked = {MAIN.get(meant, ""): value(step[word], scope, flow[0].shape), **worked}
        return self.place(meant, worked, flow)

    def block(self, block: Block, main: Any, fields: dict[str, Any], flow: Flow, scope: Scope) -> Flow:
        """A block sees its arguments, its inputs and the params."""
        if self.depth > 8 or len(block.inputs) not in (0, len(flow)):
            raise IllegalError
        given = {**({next(iter(block.args)): main} if main is not None else {}), **fields}
        inner = Scope(dict(self.params), {})
        inner.steps.update((name, (volume,)) for name, volume in zip(block.inputs, flow, strict=False))
        for name, default in block.args.items():
            text, where = (given[name], scope) if name in given else (default, inner)
            inner.values[name] = value(text, where, flow[0].shape)
        self.depth += 1
        left = self.body(block.layers, flow, inner)
        self.depth -= 1
        return left

    def place(self, kind: str, fields: dict[str, Any], flow: Flow) -> Flow:
        """One layer more."""
        left = leaves(kind, fields, [volume.shape for volume in flow])
        if len(self.shapes) >= MOST:
            raise IllegalError
        self.shapes.append(left[0])
        name = f"z{len(self.shapes)}"
        self.out.append({kind: None, **fields, "name": name, "from": named(flow)})
        return tuple(Volume(name, shape, (i, len(left))) for i, shape in enumerate(left))


def named(flow: Flow) -> list[str]:
    """The names of volumes; all the parts of a split have one, and go together."""
    first = [volume for volume in flow if volume.part[0] == 0]
    if tuple(Volume(name, shape, (i, count)) for name, shape, (_, count) in first for i in range(count)) != flow:
        raise IllegalError
    return [volume.name for volume in first]


def listed(steps: Any) -> list[Step]:
    return steps if isinstance(steps, list) else [steps]


MAIN = {  # the field that a kind's own word gives
    "conv": "filters", "depthwise": "kernel", "upconv": "filters", "maxpool": "size", "avgpool": "size", "subsample": "size",
    "adaptivepool": "size", "fc": "features", "rbf": "features", "gn": "groups", "lrn": "size", "dropout": "p", "droppath": "p",
    "scale": "factor", "upsample": "factor", "pixelshuffle": "factor", "crop": "amounts", "split": "parts", "slice": "channels",
    "shuffle": "groups", "zeropad": "amounts", "local": "filters", "blur": "size", "eca": "kernel", "resize": "to",
    "rearrange": "pattern", "learned": "shape", "constant": "shape", "custom": "output", "attention": "heads",
}  # fmt: skip
