"""Reads an ONNX file as the steps of a network."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.dims import symbol
from cnncalc.errors import Problem, SpecError, printable
from cnncalc.importers.arrangement import BATCH, CHANNELS, NotModelledError, Value, shown
from cnncalc.importers.onnx_attention import Scores
from cnncalc.importers.onnx_constants import Array, axes_of, broadcast, evaluated, resolved
from cnncalc.importers.onnx_steps import INPUT, OnnxSteps, plain, scope_of
from cnncalc.importers.protobuf import DamagedError
from cnncalc.layers import Volume
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importers.onnx_model import OnnxModel, OnnxNode

PASSING = ("Identity", "Cast", "Dropout", "CastLike")
UNNAMED = ("main_graph", "main", "graph", "torch_jit", "torch-jit-export", "tf2onnx", "model", "")  # by exporters


class OnnxReader(OnnxSteps):
    """Turns nodes into steps, one after the other."""

    def __init__(self, model: OnnxModel) -> None:
        super().__init__(model.graph)
        self.functions = model.functions
        self.copies = 0  # of nodes in functions
        self.values: dict[str, Any] = {}
        self.params: dict[str, None] = {}  # the names of dimensions
        self.input: list[Any] = []

    # What is read

    def read(self) -> dict[str, Any]:
        """Return the network as a mapping with the content of a file."""
        graph = self.graph
        nodes = self.inlined(graph.nodes, 0)
        for node in nodes:
            self.users.update(node.inputs)
            self.reader.update(dict.fromkeys(node.inputs, node))
        self.users.update(graph.outputs)
        for name, tensor in graph.tensors.items():
            self.values[name] = Array(tensor.dims, tensor.values, frozenset([name]) if tensor.is_float and tensor.dims else frozenset())
        self.containers = self._containers(nodes)
        self._inputs(nodes)
        for node in nodes:
            self.node = node
            self._read(node)
        for name in graph.outputs:
            value = self.values.get(name)
            if isinstance(value, Scores):
                value = value.product(self)
            if isinstance(value, Value):
                self.written(value)
        if not self.steps:
            raise DamagedError("no node of this graph depends on its input")
        return self._document()

    def inlined(self, nodes: list[OnnxNode], level: int) -> list[OnnxNode]:
        """Return the nodes with those of functions in their place."""
        if not self.functions:
            return nodes
        if level > 20:
            raise DamagedError("functions are nested more than 20 deep")
        found: list[OnnxNode] = []
        for node in nodes:
            function = self.functions.get((node.domain, node.operator))
            if function is None:
                found.append(node)
                continue
            own = dict(zip(function.inputs, node.inputs, strict=False)) | dict(zip(function.outputs, node.outputs, strict=False))
            for each in self.inlined(function.nodes, level + 1):
                copy = object.__new__(type(each))
                copy.operator, copy.domain, copy.attributes = each.operator, each.domain, each.attributes
                copy.name = f"{node.name}/{each.name or each.operator}"
                copy.inputs = [own.get(name, f"{node.name}/{name}") if name else "" for name in each.inputs]
                copy.outputs = [own.get(name, f"{node.name}/{name}") if name else "" for name in each.outputs]
                found.append(copy)
                self.copies += 1
                if self.copies > LIMITS.nodes:
                    raise DamagedError(f"more than {LIMITS.nodes:,} nodes, with those of its functions")
        return found

    def _containers(self, nodes: Sequence[OnnxNode]) -> set[str]:
        """Return the modules that contain others."""
        modules = [scope_of(node.name)[:-1] for node in nodes] + [name.split(".")[:-1] for name in self.graph.tensors]
        found: set[str] = set()
        for parts in modules:
            found.update(".".join(parts[:end]) for end in range(1, len(parts)))
        return found

    def _inputs(self, nodes: Sequence[OnnxNode]) -> None:
        """Name the input volume, and any others."""
        given = {name: shape for name, shape in self.graph.inputs.items() if name not in self.graph.tensors}
        if not given:
            raise DamagedError("this graph has no input")
        for i, (name, shape) in enumerate(given.items()):
            if shape is None or len(shape) < 2:
                raise DamagedError(f"the input {name!r} has {'no shape' if shape is None else f'the shape {shown(shape)}'}: not a volume")
            sizes = [self._size(size, "batch" if at == 0 else f"{name}_{at}", batch=at == 0) for at, size in enumerate(shape)]
            last = self._channels_last(name, len(shape), nodes)
            channels, sides = (sizes[-1], sizes[1:-1]) if last else (sizes[1], sizes[2:])
            volume = Volume(*(sides or [1, 1]), channels)
            if i == 0:
                step, self.batch = INPUT, sizes[0]
                self.input = list(volume)
            else:
                step = self.emit("constant", [*volume], (), name=name)
                self.notes.append(f"The input {name} is read as a volume that is given.")
            value = Value(step, volume, (), self.batch)
            order = [BATCH, *value.sides, CHANNELS] if last else [BATCH, CHANNELS, *value.sides]
            dims = [value.full(axis) for axis in order] if sides else [value.full(BATCH), value.full(CHANNELS)]
            self.values[name] = value.with_dims(dims)

    def _channels_last(self, name: str, rank: int, nodes: Sequence[OnnxNode]) -> bool:
        """Return whether an input has its channels last, as files of TensorFlow and of tokens do."""
        for node in nodes:
            if name in node.inputs:
                if node.operator == "Transpose" and rank > 2:
                    order = node.attributes.get("perm")
                    return order in ([0, rank - 1, *range(1, rank - 1)], [1, 0, 2])  # or tokens before the batch
                return rank == 3 and node.operator in ("MatMul", "LayerNormalization", "RMSNormalization", "Add")
        return False

    def _size(self, size: Any, name: str, *, batch: bool) -> Any:
        """Return a dimension of the input: a number, or a symbol named as in the file."""
        if isinstance(size, int) and size > 0:
            return size
        word = "".join(each if each.isascii() and each.isalnum() else "_" for each in (size if isinstance(size, str) else name)).strip("_")
        word = word if word and word[0].isalpha() else f"d_{word}"
        if not batch:
            self.params[word] = None
        return symbol(word)

    def finish(self, value: Value) -> None:
        """Write a value that waits in a form."""
        from cnncalc.importers.onnx_forms import write_form

        write_form(self, value)

    def _read(self, node: OnnxNode) -> None:
        inputs = [self.values.get(name) if name else None for name in node.inputs]
        for name, value in zip(node.inputs, inputs, strict=True):
            if name and value is None:
                raise DamagedError(f"the node {self.title(node)} takes {printable(name)!r}, which no earlier node gives")
        try:
            results = self._results(node, inputs)
        except (NotModelledError, ArithmeticError) as error:
            results = self._not_modelled(node, inputs, str(error))
        except DamagedError:
            raise
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:  # a damaged node can lack anything
            raise DamagedError(f"the node {self.title(node)} has other inputs or attributes than its operator takes") from error
        self.values.update(zip(node.outputs, results, strict=False))

    def _results(self, node: OnnxNode, inputs: list[Any]) -> list[Any]:
        """Return the outputs of a node."""
        from cnncalc.importers.onnx_operators import OPERATORS

        known = node.domain in ("", "ai.onnx", "com.microsoft")
        if known and node.operator == "Constant":
            return [self._constant(node)]
        if all(each is None or isinstance(each, Array) for each in inputs):
            return [evaluated(node.operator, inputs, node.attributes) for _ in node.outputs]
        if known and isinstance(inputs[0], (Value, Scores)):
            if node.operator in PASSING:
                return [inputs[0]]
            if node.operator in ("Shape", "Size"):
                return [self._shape(node, inputs[0])]
        rule = OPERATORS.get(node.operator) if known else None
        if rule is None:
            raise NotModelledError("no kind of layer does this")
        if node.operator not in TAKING_SCORES:
            inputs = [each.product(self) if isinstance(each, Scores) else each for each in inputs]
        found = rule(self, node, inputs)
        return found if isinstance(found, list) else [found]

    def _constant(self, node: OnnxNode) -> Array:
        found = node.attributes
        tensor = found.get("value")
        if hasattr(tensor, "dims"):
            return Array(tensor.dims, tensor.values)  # type: ignore[union-attr]
        value = next((value for name, value in found.items() if name.startswith("value")), None)
        return Array([len(value)], value) if isinstance(value, list) else Array((), [value])

    def _shape(self, node: OnnxNode, value: Any) -> Array:
        sizes = list(self.written(value).shape)
        if node.operator == "Size":
            return Array((), [prod(sizes)])
        sizes = sizes[node.attributes.get("start", 0) : node.attributes.get("end", len(sizes))]
        return Array([len(sizes)], sizes)

    # What is written

    def title(self, node: OnnxNode) -> str:
        """Return the name of a node for messages, with its operator."""
        return f"{printable(node.name) or node.outputs[0] if node.outputs else 'without a name'} ({printable(node.operator)})"

    def _not_modelled(self, node: OnnxNode, inputs: Sequence[Any], reason: str) -> list[Value]:
        """Write a row that says what is not known about it."""
        inputs = [each.product(self) if isinstance(each, Scores) else each for each in inputs]
        values = [self.written(each) for each in inputs if isinstance(each, Value)]
        if not values:
            raise DamagedError(f"the node {self.title(node)}: {reason}")
        self.unknown[node.operator] += 1
        found: list[Value] = []
        for i, name in enumerate(each for each in node.outputs if each):
            shape = self.graph.shapes.get(name) or _inferred(node, values[0], inputs)
            if shape is None or not all(isinstance(size, int) for size in shape[1:]):
                if node.operator not in SAME_SHAPE:
                    raise DamagedError(
                        f"the node {self.title(node)}: {reason}, and the file does not state the shape of its output; "
                        "onnx.shape_inference.infer_shapes writes it"
                    )
                volume, dims = values[0].volume, values[0].dims
            else:
                lead = [shape[0]] if self.batch == 1 and len(shape) > 1 and isinstance(shape[0], int) and shape[0] != 1 else []  # windows
                sides, channels = lead + list(shape[2:]) or [1, 1], shape[1] if len(shape) > 1 else 1
                if len(sides) > 3:
                    raise DamagedError(f"the node {self.title(node)}: {reason}, and its output has more than three sides: {shown(shape)}")
                volume = Volume(*sides, channels)
                given = Value("", volume, (), self.batch)
                order = given.channels_first[: max(2, len(shape))]
                dims = (given.full(0), order[1], *given.channels_first[3:]) if lead else order
            params = 0 if i else self.unowned(inputs)
            fields: dict[str, Any] = {"params": params} if params else {}
            step = self.emit("custom", [*volume], [values[0].step], modelled=False, **fields)
            found.append(Value(step, volume, dims, self.batch))
        return found

    def _document(self) -> dict[str, Any]:
        notes = list(self.notes)
        if self.unknown:
            listed = ", ".join(f"{printable(name)} ({count})" for name, count in sorted(self.unknown.items()))
            notes.append(f"Not modelled: {listed}. Totals are lower bounds.")
        if self.merged:
            notes.append(
                f"The file holds {len(self.merged)} tensor{'s' * (len(self.merged) > 1)} that several layers have; each is counted once."
            )
        document: dict[str, Any] = {} if self.graph.name in UNNAMED else {"name": printable(self.graph.name)[:200]}
        if self.params:
            document["params"] = dict.fromkeys(self.params)
        document["input"] = [plain(size) for size in self.input]
        if notes:
            document["notes"] = notes
        document["layers"] = self.steps
        return document


def _inferred(node: OnnxNode, value: Value, inputs: Sequence[Any]) -> Sequence[Any] | None:
    """Return the shape of a reduction, a product or a reshape, which follows from the shapes of its inputs; None for other operators."""
    given = inputs[1].values if len(inputs) > 1 and isinstance(inputs[1], Array) else None
    if node.operator == "Expand" and given is not None:
        return broadcast(value.shape, given)
    if node.operator == "Reshape" and given is not None and None not in given:
        return resolved(given, value.shape, zero_is_zero=bool(node.attributes.get("allowzero")))
    if node.operator == "MatMul" and len(inputs) == 2 and all(each.shape is not None and len(each.shape) > 1 for each in inputs):
        return (*broadcast(inputs[0].shape[:-2], inputs[1].shape[:-2]), inputs[0].shape[-2], inputs[1].shape[-1])
    axes = axes_of(list(inputs), node.attributes) if node.operator.startswith("Reduce") else None
    if axes is None:
        return None
    places = {axis % len(value.dims) for axis in axes}
    keep = node.attributes.get("keepdims", 1)
    return tuple([1 if at in places else size for at, size in enumerate(value.shape) if keep or at not in places])


# Operators that may stand between the two products of attention
TAKING_SCORES = frozenset(("MatMul", "Softmax", "Add", "Sub", "Mul", "Div", "Reshape", "Squeeze", "Unsqueeze"))

SAME_SHAPE = frozenset(
    (
        "Abs",
        "Neg",
        "Exp",
        "Log",
        "Sqrt",
        "Reciprocal",
        "Erf",
        "Softplus",
        "Softsign",
        "Selu",
        "Celu",
        "ThresholdedRelu",
        "Mish",
        "Sin",
        "Cos",
        "Tan",
        "Sign",
        "Floor",
        "Ceil",
        "Round",
        "Pow",
        "LogSoftmax",
        "Hardmax",
        "Shrink",
        "Clip",
        "Not",
        "QuantizeLinear",
        "DequantizeLinear",
        "CumSum",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "LpNormalization",
        "MeanVarianceNormalization",
        "Relu",
        "PRelu",
        "Min",
        "Max",
        "Greater",
        "GreaterOrEqual",
        "Less",
        "LessOrEqual",
        "Equal",
        "Where",
    )
)


def _model(data: Any) -> OnnxModel:
    """Read the model; a damaged one can hold numbers where texts belong, and texts of any length."""
    import struct

    from cnncalc.importers.onnx_model import OnnxModel

    try:
        return OnnxModel(data, LIMITS.nodes)
    except (AttributeError, IndexError, TypeError, struct.error) as error:
        raise DamagedError("a part of this file has another type than ONNX gives it") from error


def read_onnx(data: Any, shown: str) -> dict[str, Any]:
    """Return the network of an ONNX file as a mapping with the content of a file; a SpecError calls the file `shown`."""
    try:
        return OnnxReader(_model(data)).read()
    except DamagedError as error:
        raise SpecError(Problem(f"{shown}: {error}")) from None
