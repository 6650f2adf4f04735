"""Reads an ONNX file: its nodes, and the shapes of its tensors. The values of weights are never read."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importers.protobuf import DamagedError, Part, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOATS = {1, 10, 11, 16, 17, 18, 19, 20}  # element types: float32, float16, float64, bfloat16, four of 8 bits
SMALL = 10_000  # elements up to which integers are read, since shapes are computed from them
FEW = 8  # elements up to which other numbers are read: the scales of a Resize
INT32, INT64, FLOAT, DOUBLE = 6, 7, 1, 11


class Tensor:
    """A constant tensor: its shape, and its values if they are few integers or a number."""

    __slots__ = ("dims", "is_float", "name", "values")

    def __init__(self, name: str, dims: tuple[int, ...], values: list[Any] | None, *, is_float: bool) -> None:
        self.name = name
        self.dims = dims
        self.values = values
        self.is_float = is_float


class OnnxNode:
    """A node of the graph: an operator with the names of its inputs and outputs."""

    __slots__ = ("attributes", "domain", "inputs", "name", "operator", "outputs")

    def __init__(self, part: Part) -> None:
        self.name = self.operator = self.domain = ""
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.attributes: dict[str, Any] = {}
        for number, value in part.fields():
            if number == 1:
                self.inputs.append(value.text())
            elif number == 2:
                self.outputs.append(value.text())
            elif number == 3:
                self.name = value.text()
            elif number == 4:
                self.operator = value.text()
            elif number == 5:
                name, found = attribute(value)
                self.attributes[name] = found
            elif number == 7:
                self.domain = value.text()


class OnnxGraph:
    """The graph of a model: nodes, constant tensors, and the shapes that the file states."""

    def __init__(self, part: Part, most: int) -> None:
        nodes: list[Part] = []
        self.tensors: dict[str, Tensor] = {}
        self.inputs: dict[str, tuple[Any, ...] | None] = {}
        self.outputs: list[str] = []
        self.shapes: dict[str, tuple[Any, ...] | None] = {}
        self.name = ""
        for number, value in part.fields():
            if number == 1:
                if len(nodes) >= most:
                    raise DamagedError(f"more than {most:,} nodes")
                nodes.append(value)
            elif number == 2:
                self.name = value.text()
            elif number == 5:
                found = tensor(value)
                self.tensors[found.name] = found
            elif number in (11, 12, 13):
                name, shape = typed(value)
                if number == 11:
                    self.inputs[name] = shape
                elif number == 12:
                    self.outputs.append(name)
                self.shapes[name] = shape
        self.nodes = list(map(OnnxNode, nodes))


class OnnxModel:
    """A model: its graph, its local functions and the versions of its operator sets."""

    def __init__(self, data: Any, most: int) -> None:
        self.functions: dict[tuple[str, str], OnnxFunction] = {}
        self.versions: dict[str, int] = {}
        self.producer = ""
        graph: Part | None = None
        for number, value in Part(data, 0, len(data)).fields():
            if number == 2 and isinstance(value, Part):
                self.producer = value.text()
            elif number == 7 and isinstance(value, Part):
                graph = value
            elif number == 8:
                entries = dict(value.fields())
                self.versions[entries[1].text() if 1 in entries else ""] = entries.get(2, 0)
            elif number == 25:
                function = OnnxFunction(value)
                self.functions[function.domain, function.name] = function
        if graph is None:
            raise DamagedError("no graph: this is no ONNX model")
        self.graph = OnnxGraph(graph, most)


class OnnxFunction:
    """A function of the model: nodes that a node of its name stands for."""

    def __init__(self, part: Part) -> None:
        self.name = self.domain = ""
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.nodes: list[OnnxNode] = []
        for number, value in part.fields():
            if number == 1:
                self.name = value.text()
            elif number == 4:
                self.inputs.append(value.text())
            elif number == 5:
                self.outputs.append(value.text())
            elif number == 7:
                self.nodes.append(OnnxNode(value))
            elif number == 10:
                self.domain = value.text()


def attribute(part: Part) -> tuple[str, Any]:
    """Return the name and the value of an attribute: a number, a text, a list or a tensor; a graph is returned as its bytes."""
    name, value = "", None
    many: list[Any] = []
    for number, found in part.fields():
        if number == 1:
            name = found.text()
        elif number == 2:
            value = found.unpacked("f")[0]
        elif number == 3:
            value = signed(found)
        elif number == 4:
            value = found.text()
        elif number == 5:
            value = tensor(found)
        elif number in (6, 11):
            value = found
        elif number == 7:
            many += found.unpacked("f")
        elif number == 8:
            many += found.numbers() if isinstance(found, Part) else [signed(found)]
        elif number == 9:
            many.append(found.text())
    return name, many if many or value is None else value


def tensor(part: Part) -> Tensor:
    """Return a tensor; of its values only those that shapes can be computed from, and scalars."""
    dims: list[int] = []
    kind, name = 0, ""
    stored: dict[int, list[Any]] = {}
    external = False
    for number, found in part.fields():
        if number == 1:
            dims += found.numbers() if isinstance(found, Part) else [signed(found)]
        elif number == 2:
            kind = found
        elif number == 8:
            name = found.text()
        elif number == 14:
            external = found == 1
        elif number in (4, 5, 7, 9, 10):
            stored.setdefault(number, []).append(found)
    count = prod(dims)
    if any(size < 0 for size in dims):
        raise DamagedError(f"the tensor {name!r} has a negative dimension")
    values = None
    if not external and (count <= FEW or (kind not in FLOATS and count <= SMALL)):
        values = read(kind, stored)
        values = values if values is not None and len(values) == count else None
    return Tensor(name, tuple(dims), values, is_float=kind in FLOATS)


def read(kind: int, stored: dict[int, list[Any]]) -> list[Any] | None:
    """Return the values of a small tensor of integers or floats."""
    if 9 in stored:
        raw: Part = stored[9][0]
        form = {FLOAT: "f", DOUBLE: "d", INT64: "q", INT32: "i"}.get(kind)
        if form is not None:
            return raw.unpacked(form)
        if kind in (2, 3, 9):
            return list(raw.data[raw.start : raw.end])
        return None
    found: list[Any] = []
    for number, form in ((4, "f"), (10, "d")):
        for each in stored.get(number, ()):
            found += each.unpacked(form) if isinstance(each, Part) else []
    for number in (5, 7):
        for each in stored.get(number, ()):
            found += each.numbers() if isinstance(each, Part) else [signed(each)]
    return found


def typed(part: Part) -> tuple[str, tuple[Any, ...] | None]:
    """Return the name of a value and its shape: numbers, names of dimensions, None for an unknown one."""
    name, shape = "", None
    for number, value in part.fields():
        if number == 1:
            name = value.text()
        elif number == 2:
            for kind, found in value.fields():
                if kind == 1:  # a tensor, no sequence or map
                    shape = next((tuple(map(dimension, dims(each))) for field, each in found.fields() if field == 2), None)
    return name, shape


def dims(part: Part) -> Iterator[Part]:
    """Yield the dimensions of a shape."""
    for number, value in part.fields():
        if number == 1:
            yield value


def dimension(part: Part) -> Any:
    """Return a dimension: a number, a name, or None."""
    for number, value in part.fields():
        if number == 1:
            return signed(value)
        if number == 2:
            return value.text() or None
    return None
