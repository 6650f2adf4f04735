"""The steps that the layers of a Keras model write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import printable
from cnncalc.layers import KINDS, Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTIVATIONS = {
    **{word: word for word in ("relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "gelu", "leaky_relu")},
    "silu": "swish", "swish": "swish", "hard_sigmoid": "hsigmoid", "hard_silu": "hswish", "hard_swish": "hswish",
}  # fmt: skip
NOTHING = ("linear", None, "")


class KerasSteps:
    """What the rules of layers use: steps, and their volumes."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.volumes: dict[str, Volume] = {}
        self.vectors: set[str] = set()  # steps whose tensor in Keras has no sides
        self.notes: list[str] = []
        self.unknown: list[str] = []
        self.input: list[Any] = []
        self.last = "input"

    def emit(self, kind: str, main: Any, sources: Sequence[str], name: str, volume: Volume | None = None, **fields: Any) -> str:
        """Write a step, and return its name."""
        name = "".join(each if each.isprintable() and each not in "/[]{}" else "." for each in name)[:190] or "layer"
        name = f"{name}_0" if name in KINDS else name
        step = {kind: main, **fields, "name": name}
        if len(sources) > 1:
            step["from"] = list(sources)
        elif sources and sources[0] != self.last:
            step["from"] = sources[0]
        self.steps.append(step)
        self.last = name
        if volume is None:
            layer = KINDS[kind]
            given = {(layer.main if key == "" else key): value for key, value in {"": main, **fields}.items()}
            read = {key: layer.fields[key].type.read(value) for key, value in given.items() if key in layer.fields and value is not None}
            inputs = [self.volumes[each] for each in sources]
            volume = layer(**read).for_rank(inputs[0].rank).output(*inputs)
        self.volumes[name] = volume
        return name

    def activation(self, activation: Any, source: str, name: str) -> str:
        """Write an activation by its name in Keras."""
        word = activation.get("class_name", "").lower() if isinstance(activation, dict) else str(activation)
        if word in NOTHING:
            return source
        if word not in ACTIVATIONS:
            return self.not_modelled(word, [source], name)
        return self.alike(ACTIVATIONS[word], None, source, name)

    def alike(self, kind: str, main: Any, source: str, name: str, **fields: Any) -> str:
        """Write a step whose output has the shape of its input."""
        found = self.emit(kind, main, [source], name, self.volumes[source], **fields)
        if source in self.vectors:
            self.vectors.add(found)
        return found

    def not_modelled(self, kind: str, sources: list[str], name: str) -> str:
        """Write a row that says what is not known about it: its output is taken to be that of its input."""
        self.unknown.append(f"{printable(kind)} (the output of {printable(name)} is taken to have the shape of its input)")
        return self.alike("custom", list(self.volumes[sources[0]]), sources[0], name, modelled=False)
