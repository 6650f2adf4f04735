"""What the operators of ONNX are here: a table from operators to rules, each of which writes steps."""

from __future__ import annotations

from math import isclose, prod
from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import BATCH, CHANNELS, Factor, NotModelledError, Value, joined, reshaped, shown
from cnncalc.importers.onnx_constants import Array, axes_of, resolved, slice_bounds
from cnncalc.layers import Volume
from cnncalc.layers.fields import AXES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.read_onnx import OnnxReader

    Inputs = Sequence[Any]

UNARY = {
    "Relu": "relu", "Tanh": "tanh", "Elu": "elu", "HardSwish": "hswish", "Gelu": "gelu", "LeakyRelu": "leaky_relu", "Swish": "swish",
    "QuickGelu": "swish", "FastGelu": "gelu", "BiasGelu": "gelu",
}  # fmt: skip
HELD = {"Sigmoid": "sigmoid", "HardSigmoid": "hsigmoid"}  # perhaps the beginning of a pattern
# Patterns of single operators: what an operator makes of the forms of its operands (x: the value itself), or of a form and a number
FORMS: dict[tuple[str, str, Any], str] = {
    ("Mul", "x", "sigmoid"): "swish",
    ("Mul", "x", "hsigmoid"): "hswish",
    ("Add", "x", 3): "x + 3",
    ("Div", "relu6(x + 3)", 6): "hsigmoid",
    ("Mul", "relu6(x + 3)", 1 / 6): "hsigmoid",
    ("Mul", "x", "relu6(x + 3)"): "x · relu6(x + 3)",
    ("Div", "x · relu6(x + 3)", 6): "hswish",
    ("Mul", "x · relu6(x + 3)", 1 / 6): "hswish",
    ("Div", "x", 2**0.5): "x / √2",
    ("Mul", "x", 0.5**0.5): "x / √2",
    ("Add", "erf(x / √2)", 1): "1 + erf(x / √2)",
    ("Mul", "x", "1 + erf(x / √2)"): "x · (1 + erf(x / √2))",
    ("Mul", "x · (1 + erf(x / √2))", 0.5): "gelu",
    ("Mul", "1 + erf(x / √2)", 0.5): "Φ(x)",
    ("Mul", "x", "Φ(x)"): "gelu",
    ("Mul", "x", 0.5): "x / 2",
    ("Mul", "x / 2", "1 + erf(x / √2)"): "gelu",
    ("Sub", "x", "mean"): "x − mean",
    ("Pow", "x − mean", 2): "(x − mean)²",
    ("Mul", "x − mean", "x − mean"): "(x − mean)²",
    ("Add", "variance", "small"): "variance + ε",
    ("Div", "x − mean", "deviation"): "ln",
    ("Div", "x", "length"): "l2norm",
}
STEPS = {"swish", "hswish", "gelu", "ln", "l2norm"}  # forms that are kinds: nothing follows


def convolution(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a convolution, depthwise where every channel is a group."""
    x, weights = reader.plain(inputs[0]), _learned(inputs[1], "a kernel")
    filters, _, *kernel = weights.shape  # type: ignore[misc]
    if len(kernel) != x.volume.rank:
        raise NotModelledError(f"a kernel of {len(kernel)} sides on {x.volume}")
    fields = _window(node, kernel)
    groups = node.attributes.get("group", 1)
    kernel_field = _short(kernel)
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


def transposed(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a transposed convolution."""
    x, weights = reader.plain(inputs[0]), _learned(inputs[1], "a kernel")
    _, filters, *kernel = weights.shape  # type: ignore[misc]
    groups = node.attributes.get("group", 1)
    fields: dict[str, Any] = {"kernel": _short(kernel), **_window(node, kernel)}
    if isinstance(fields.get("pad"), str):
        fields["pad"] = [n for k, s in zip(kernel, node.attributes.get("strides", [1] * len(kernel)), strict=True) for n in _ends(k - s)]
    if any(node.attributes.get("output_padding", ())):
        fields["output_pad"] = _short(node.attributes["output_padding"])
    if groups != 1:
        fields["groups"] = groups
    return _weighted(reader, "upconv", filters * groups, x, weights, inputs[2] if len(inputs) > 2 else None, fields)


def _ends(total: int) -> tuple[int, int]:
    return max(0, total) // 2, max(0, total) - max(0, total) // 2


def _weighted(reader: OnnxReader, kind: str, main: Any, x: Value, weights: Array, bias: Any, fields: dict[str, Any]) -> Value:
    """Write a layer with weights and perhaps a bias, which may be those of another layer."""
    owned = reader.own(weights)
    if owned == "shared":
        alone = _per_channel(bias) and bias.weights and not reader.owners.keys() & bias.weights
        own_bias = False if alone else reader.own(bias)
        made = reader.place(kind, main, x, **fields, weights=reader.layer_of(weights), **({} if own_bias is True else {"bias": own_bias}))
        return _with_learned(reader, "Add", made, Array((*bias.shape, *[1] * made.volume.rank), None, bias.weights)) if alone else made
    own_bias = reader.own(bias)
    if own_bias is not True:
        fields["bias"] = own_bias
    found = reader.place(kind, main, x, **fields)
    reader.remember(weights, found.step)
    return found


def _per_channel(bias: Any) -> bool:
    return isinstance(bias, Array) and bias.shape is not None and len(bias.shape) == 1


def _learned(weights: Any, what: str) -> Array:
    if not isinstance(weights, Array) or weights.shape is None or not weights.weights:
        raise NotModelledError(f"{what} that is computed")
    return weights


def _short(sizes: Sequence[Any]) -> Any:
    return sizes[0] if len(set(sizes)) == 1 else list(sizes)


def _window(node: OnnxNode, kernel: Sequence[int]) -> dict[str, Any]:
    """Return stride, pad and dilation, where they are not the usual ones."""
    found: dict[str, Any] = {}
    rank = len(kernel)
    strides = node.attributes.get("strides") or [1] * rank
    dilations = node.attributes.get("dilations") or [1] * rank
    pads = node.attributes.get("pads") or [0] * 2 * rank
    auto = node.attributes.get("auto_pad", "NOTSET")
    if any(stride != 1 for stride in strides):
        found["stride"] = _short(strides)
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        found["pad"] = "same"
    elif auto == "NOTSET" and any(pads):
        before, after = pads[:rank], pads[rank:]
        found["pad"] = _short(before) if before == after else [each for pair in zip(before, after, strict=True) for each in pair]
    if any(dilation != 1 for dilation in dilations):
        found["dilation"] = _short(dilations)
    return found


def pooling(kind: str) -> Callable[..., Value]:
    """Return the rule of a pooling operator."""

    def rule(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
        x = reader.plain(inputs[0])
        kernel = node.attributes.get("kernel_shape", ())
        if len(kernel) != x.volume.rank:
            raise NotModelledError(f"a kernel of {len(kernel)} sides on {x.volume}")
        fields = _window(node, kernel)
        fields["stride"] = fields.get("stride", 1)
        if fields["stride"] == _short(kernel):
            del fields["stride"]
        if node.attributes.get("ceil_mode"):
            fields["round"] = "ceil"
        if kind == "avgpool" and node.attributes.get("count_include_pad") and "pad" in fields:
            fields["count_pad"] = True
        return reader.place(kind, _short(kernel), x, **fields)

    return rule


def whole_pooling(kind: str) -> Callable[..., Value]:
    """Return the rule of global pooling."""

    def rule(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
        x = reader.plain(inputs[0])
        return reader.place(kind, None, x)

    return rule


def reduction(kind: str) -> Callable[..., Any]:
    """Return the rule of a mean or maximum over dimensions: global pooling, if these are all sides."""

    def rule(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
        x: Value = inputs[0]
        axes = axes_of(list(inputs), node.attributes)
        if axes is None:
            raise NotModelledError("a mean over everything")
        places = sorted({axis % len(x.dims) for axis in axes})
        held = _mean(x, places)
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


def _mean(x: Value, places: list[int]) -> Value | None:
    """Return the beginning of a layer normalization that is written in single operators: a mean over the channels."""
    if places != [len(x.dims) - 1]:
        return None
    if x.form is None and x.is_only(x.dims[-1], [CHANNELS]) and x.volume.c != 1:
        return _held("mean", x)
    if x.form is not None and x.form[0] == "(x − mean)²":
        return _held("variance", x.form[1])
    return None


def _held(form: str, base: Value) -> Value:
    return Value(base.step, base.volume, base.dims, base.batch, (form, base))


def length(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold the length of each vector of channels, of all or of those of a head, which a quotient may follow."""
    x = reader.written(inputs[0])
    axes = axes_of(list(inputs), node.attributes)
    if axes is None or [axis % len(x.dims) for axis in axes] != [len(x.dims) - 1] or any(f.axis != CHANNELS for f in x.dims[-1]):
        raise NotModelledError("lengths over other dimensions than the channels")
    return _held("length", x)


def to_length_one(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write an L2 normalization over the channels."""
    x = reader.written(inputs[0])
    at = node.attributes.get("axis", -1) % len(x.dims)
    if node.attributes.get("p", 2) != 2 or not x.is_only(x.dims[at], [CHANNELS]):
        raise NotModelledError("a normalization over other dimensions than the channels")
    return reader.like(x, "l2norm", scale=False)


def normalization(kind: str, scale: int, shift: int, main: str = "") -> Callable[..., Value]:
    """Return the rule of a norm whose scale and shift are these inputs."""

    def rule(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
        x = reader.written(inputs[0])
        if kind == "ln":
            axis = node.attributes.get("axis", -1) % len(x.dims)
            if axis != len(x.dims) - 1 or not x.is_only(x.dims[-1], [CHANNELS]):
                raise NotModelledError("a layer normalization over other dimensions than the channels")
        elif len(x.dims) < 2 or not x.is_only(x.dims[1], [CHANNELS]):
            x = reader.plain(x)
        fields: dict[str, Any] = {}
        statistics = (
            frozenset[str]().union(*(each.weights for each in inputs[3:5] if isinstance(each, Array))) if kind == "bn" else frozenset()
        )
        reader.owners.update(dict.fromkeys(statistics - reader.owners.keys(), "statistics"))
        for name, at in (("scale", scale), ("shift", shift)):
            own = reader.own(inputs[at]) if len(inputs) > at else False
            if own is not True:
                fields[name] = own
        return reader.like(x, kind, node.attributes[main] if main else None, **fields)

    return rule


def activation(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write an activation."""
    fields = {}
    if node.operator == "LeakyRelu" and "alpha" in node.attributes:
        fields["slope"] = round(node.attributes["alpha"], 6)
    return reader.like(inputs[0], UNARY[node.operator], **fields)


def held(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold an activation that a product may follow."""
    x = reader.written(inputs[0])
    return _held(HELD[node.operator], x)


def error_function(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold the part of a GELU."""
    if inputs[0].form is None or inputs[0].form[0] != "x / √2":
        raise NotModelledError("no kind of layer does this")
    return _held("erf(x / √2)", inputs[0].form[1])


def square_root(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold the part of a layer normalization."""
    if inputs[0].form is None or inputs[0].form[0] != "variance + ε":
        raise NotModelledError("no kind of layer does this")
    return _held("deviation", inputs[0].form[1])


def clip(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write relu6 or relu."""
    bounds = [each.number if isinstance(each, Array) else None for each in (*inputs[1:], None, None)][:2]
    low, high = (node.attributes.get(name, bound) for name, bound in zip(("min", "max"), bounds, strict=True))
    if inputs[0].form is not None and inputs[0].form[0] == "length" and high is None:
        return inputs[0]  # type: ignore[no-any-return]  # not below a small number
    if (low, high) == (0, 6):
        if inputs[0].form is not None and inputs[0].form[0] == "x + 3":
            return _held("relu6(x + 3)", inputs[0].form[1])
        return reader.like(inputs[0], "relu6")
    if low == 0 and (high is None or high > 1e30):
        return reader.like(inputs[0], "relu")
    raise NotModelledError(f"clipping to {low} and {high}")


def softmax(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Write a softmax, or note that scores become attention."""
    if isinstance(inputs[0], Scores):
        return inputs[0]
    return reader.like(inputs[0], "softmax")


def parametric(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a PReLU with a slope per channel."""
    x = reader.plain(inputs[0])
    slope = _learned(inputs[1], "a slope")
    if slope.size != x.volume.c:
        raise NotModelledError(f"{slope.size} slopes for {x.volume.c} channels")
    reader.own(slope)
    return reader.like(x, "prelu")


def local_response(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a local response normalization."""
    return reader.like(reader.plain(inputs[0]), "lrn", node.attributes["size"])


def arithmetic(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Write a sum, difference, product or quotient of volumes, numbers and learned tensors."""
    one, other = inputs
    scores = next((each for each in inputs if isinstance(each, Scores)), None)
    if scores is not None:
        return scores.with_constant(other if scores is one else one)
    operator = node.operator
    if isinstance(one, Value) and isinstance(other, Value):
        return _of_two(reader, operator, one, other)
    value, array = (one, other) if isinstance(one, Value) else (other, one)
    number = array.number
    if number is not None and not array.weights:
        found = _form(operator, value, number)
        if found is not None:
            return _reached(reader, found, value.form[1] if value.form is not None else value)
    if array.size == 1 and not array.weights:
        return reader.like(value, "scale", 1 if number is None or operator in ("Add", "Sub") else _factor(operator, number))
    return _with_learned(reader, operator, reader.written(value), array)


def _factor(operator: str, number: float) -> Any:
    factor = 1 / number if operator == "Div" and number else number
    return float(f"{factor:.6g}")


def _form(operator: str, value: Value, other: Any) -> str | None:
    """Return what an operator makes of a held form and a number or another form."""
    own = value.form[0] if value.form is not None else "x"
    if not isinstance(other, str):
        for (rule, form, number), found in FORMS.items():
            if rule == operator and form == own and not isinstance(number, str) and isclose(number, other, rel_tol=1e-3):
                return found
        if own == "variance" and operator == "Add" and 0 < other < 0.1:
            return "variance + ε"
        return None
    return FORMS.get((operator, own, other))


def _reached(reader: OnnxReader, form: str, base: Value) -> Value:
    """Return a form as a step, if it is one, else held."""
    if form in STEPS:
        learned = {"ln": {"scale": False, "shift": False}, "l2norm": {"scale": False}}.get(form, {})
        return reader.like(base, form, **learned)
    return _held(form, base)


def write_form(reader: OnnxReader, value: Value) -> None:
    """Write a held value as steps, since no pattern ends with it."""
    form, base = value.form
    value.form = None
    if form in HELD.values():
        made = reader.like(base, form)
    elif form[:5] == "crop:":
        made = _cropped(reader, value, base, form)
    elif form in ("x / 2", "x / √2"):
        made = reader.like(base, "scale", 0.5 if form == "x / 2" else 0.707107)
    elif form == "relu6(x + 3)":
        made = reader.like(base, "relu6")
    else:
        made = reader.like(base, "custom", list(base.volume), modelled=False)
        reader.unknown[form] += 1
    value.step, value.volume = made.step, made.volume


def _of_two(reader: OnnxReader, operator: str, one: Value, other: Value) -> Value:
    """Write an operation on two volumes, or recognise a pattern of one value."""
    bases = [each.form[1] if each.form is not None else each for each in (one, other)]
    if bases[0] is bases[1]:
        forms = [each.form[0] if each.form is not None else "x" for each in (one, other)]
        found = FORMS.get((operator, forms[0], forms[1])) or (operator in ("Mul", "Add") and FORMS.get((operator, forms[1], forms[0])))
        if found:
            return _reached(reader, found, bases[0])
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


def _aligned(reader: OnnxReader, one: Value, other: Value) -> tuple[Value, Value]:
    """Return two values in one arrangement: their dimensions are equal, or 1."""
    larger = one if _count(one) >= _count(other) else other
    pairs = list(zip(_padded(one, larger), _padded(other, larger), strict=True))
    if one.volume.rank == other.volume.rank and all(a == b or not a or not b for a, b in pairs):
        return one, other
    last = len(larger.dims) - 1
    at = next((at for at in (last, 1) for each in (one, other) if len(each.dims) > at and each.is_only(each.dims[at], [CHANNELS])), last)
    found = [_as_dims(reader, each, at) for each in (one, other)]
    if found[0].volume.rank != found[1].volume.rank:
        raise NotModelledError(f"an operation on {one.volume} and {other.volume}")
    return found[0], found[1]


def _as_dims(reader: OnnxReader, value: Value, at: int | None = None) -> Value:
    """Return a value whose sides are its dimensions besides the batch and the channels, which are the dimension `at`."""
    if at is None:
        at = next((i for i in (len(value.dims) - 1, 1) if value.is_only(value.dims[i], [CHANNELS])), len(value.dims) - 1)
    sides = [dim for i, dim in enumerate(value.dims) if i not in (0, at)]
    made = reader.arranged(value, sides, value.dims[at])
    order = [made.full(BATCH), *map(made.full, made.sides)]
    order.insert(at, made.full(CHANNELS))
    return made.with_dims(order[: len(value.dims)])


def _with_learned(reader: OnnxReader, operator: str, value: Value, array: Array) -> Value:
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
    step = reader.steps[-1]
    norm = "ln" in step and step["name"] == value.step and per_channel
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


def _single(reader: OnnxReader) -> bool:
    return all(reader.users[name] == 1 for name in reader.node.inputs[:1])


def linear(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Write a linear layer, on each position if there are several, or the products of attention."""
    one, other = inputs[0], inputs[1]
    if isinstance(one, Scores):
        return one.times(reader, other)
    if isinstance(one, Value) and isinstance(other, Value):
        return Scores(reader.written(one), reader.written(other), ())
    if isinstance(other, Value):  # a matrix times a volume works on the dimension before the last
        raise NotModelledError("a matrix on the left of a volume")
    weights = _learned(other, "a matrix")
    if len(weights.shape or ()) != 2:
        raise NotModelledError(f"a product with a tensor of the shape {shown(weights.shape or ())}")
    return _linear(reader, one, weights, weights.shape[1], None)  # type: ignore[index]


def matrix(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Write a linear layer with its bias."""
    if not isinstance(inputs[0], Value) or node.attributes.get("transA"):
        raise NotModelledError("a matrix on the left of a volume")
    weights = _learned(inputs[1], "a matrix")
    features = weights.shape[0] if node.attributes.get("transB") else weights.shape[1]  # type: ignore[index]
    return _linear(reader, inputs[0], weights, features, inputs[2] if len(inputs) > 2 else None)


def _linear(reader: OnnxReader, value: Value, weights: Array, features: int, bias: Any) -> Value:
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


class Scores:
    """Products of queries and keys, which become attention when they are multiplied with values."""

    def __init__(self, queries: Value, keys: Value, constants: tuple[Any, ...]) -> None:
        self.queries = queries
        self.keys = keys
        self.constants = constants
        self.shape = (*queries.shape[:-1], keys.shape[-1])
        self.form = None

    def with_constant(self, constant: Any) -> Scores:
        """Return the scores with a bias, a mask or a factor."""
        if not isinstance(constant, Array):
            raise NotModelledError("scores with a computed bias")
        return Scores(self.queries, self.keys, (*self.constants, constant))

    def times(self, reader: OnnxReader, values: Any) -> Value:
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
            fields["window"] = _short(window)
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


def shaped(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
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
    return reshaped(value, target)


def flattened(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """Flatten: the dimensions from one on become one."""
    value = reader.written(inputs[0])
    axis = node.attributes.get("axis", 1) % (len(value.dims) + 1)
    return value.with_dims([sum(value.dims[:axis], ()), sum(value.dims[axis:], ())])


def transposition(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Transpose: only the arrangement changes."""
    value = inputs[0]
    if isinstance(value, Scores):
        raise NotModelledError("scores in another order")
    value = reader.written(value)
    order = node.attributes.get("perm") or range(len(value.dims))[::-1]
    return value.with_dims([value.dims[i] for i in order])


def unsqueezed(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
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


def squeezed(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Squeeze: dimensions of 1 are dropped."""
    value = inputs[0]
    if isinstance(value, Scores):
        return value
    value = reader.written(value)
    axes = axes_of(list(inputs), node.attributes)
    places = {axis % len(value.dims) for axis in axes} if axes is not None else {i for i, dim in enumerate(value.dims) if not dim and i}
    return value.with_dims([dim for i, dim in enumerate(value.dims) if i not in places])


def expanded(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Expand: only along the batch."""
    value = inputs[0]
    if value.form is not None and value.form[0] == "length":
        return value
    shape = inputs[1].values if isinstance(inputs[1], Array) else None
    if shape is not None and all(size in (1, -1, own) for size, own in zip(shape[::-1], value.shape[::-1], strict=False)):
        return value
    raise NotModelledError("a volume that is repeated")


def concatenation(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
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
        first = _as_dims(reader, first)
    if len(values) == len(inputs) and any(each.dims[:at] != first.dims[:at] or each.volume.rank != first.volume.rank for each in values):
        values = [_as_dims(reader, each) for each in values]
        first = values[0]
    sources: list[Value] = []
    for each in inputs:
        if isinstance(each, Value):
            sources.append(first if each is inputs[inputs.index(each)] and each is values[0] else reader.written(each))
        else:
            sources.append(_as_volume(reader, each, first, at))
    if isinstance(inputs[0], Value):
        sources[0] = first
    elif len(values) == 1:
        sources[-1] = first
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


def _as_volume(reader: OnnxReader, array: Any, like: Value, at: int) -> Value:
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


def sliced(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Keep some channels, or some positions."""
    value = inputs[0]
    if not isinstance(value, Value):
        raise NotModelledError("a part of scores")
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
            return _crop_held(value, at, start, end)
        else:
            value = _positions(reader, reader.written(value), at, start, end, step)
    return value


def _crop_held(value: Value, at: int, start: int, end: int) -> Value:
    (factor,) = value.dims[at]
    sides = [end - start if axis == factor.axis else value.volume[axis] for axis in value.sides]
    volume = Volume(*sides, value.volume.c)
    made = Value(value.step, volume, (), value.batch, (f"crop:{at}:{start}:{end}", value))
    made.dims = tuple(made.full(factor.axis) if i == at else dim for i, dim in enumerate(value.dims))
    return made


def _cropped(reader: OnnxReader, value: Value, base: Value, form: str) -> Value:
    at, start, end = map(int, form.split(":")[1:])
    axis: Any = base.dims[at][0].axis
    amounts = [0, 0] * base.volume.rank
    amounts[2 * axis : 2 * axis + 2] = [start, base.volume[axis] - end]
    step = reader.emit("crop", amounts, [base.step])
    return Value(step, value.volume, value.dims, reader.batch)


def _positions(reader: OnnxReader, value: Value, at: int, start: int, end: int, step: int) -> Value:
    """Write a step that keeps some positions along a side."""
    dim = value.dims[at]
    axis = next((each for each in value.sides if value.is_only(dim, [each])), None)
    if axis is None:
        raise NotModelledError("a part of several dimensions")
    if step == 1:
        return reader.written(_crop_held(value, at, start, end))
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


def _channels(reader: OnnxReader, value: Value, at: int, start: int, end: int) -> Value:
    """Return some of the channels: a part of a split if they are one of equal parts, else a slice."""
    if at == 1 and not value.is_only(value.dims[1], [CHANNELS]) and len(value.dims[1]) > 1:
        value = reader.plain(value)
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


def gathered(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
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


def _one(reader: OnnxReader, value: Value, at: int, start: int, end: int) -> Value:
    if not any(value.is_only(value.dims[at], [axis]) for axis in value.sides):
        axis = len(value.dims) - 1
        if not value.is_only(value.dims[axis], [CHANNELS]) or at == axis:
            raise NotModelledError("an index of several dimensions")
        value = _as_dims(reader, value)
    return _positions(reader, value, at, start, end, 1)


def splitting(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> list[Value]:
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


def padding(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
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
        raise NotModelledError("padding that repeats the input")
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


def resizing(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
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
            return reader.place("upsample", _short([int(each) for each in factors]), x)
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
        return reader.place("upsample", _short([a // b for a, b in zip(to, old, strict=True)]), x)
    fields = {} if mode == "nearest" else {"mode": mode}
    return reader.place("resize", to, x, **fields)


def to_positions(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """DepthToSpace: channels become positions."""
    x = reader.plain(inputs[0])
    size = node.attributes["blocksize"]
    if node.attributes.get("mode", "DCR") == "CRD":
        return reader.place("pixelshuffle", size, x)
    return _rearranged(reader, x, "h w (a b c) -> (h a) (w b) c", size, [side * size for side in x.volume.sides], x.volume.c // size**2)


def to_channels(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Value:
    """SpaceToDepth: positions become channels."""
    x = reader.plain(inputs[0])
    size = node.attributes["blocksize"]
    return _rearranged(reader, x, "(h a) (w b) c -> h w (a b c)", size, [side // size for side in x.volume.sides], x.volume.c * size**2)


def _rearranged(reader: OnnxReader, x: Value, pattern: str, size: int, sides: list[Any], channels: Any) -> Value:
    step = reader.emit("rearrange", pattern, [x.step], a=size, b=size)
    made = Value(step, Volume(*sides, channels), (), reader.batch)
    return made.with_dims(made.channels_first)


def sum_of(reader: OnnxReader, node: OnnxNode, inputs: Inputs) -> Any:
    """Add several volumes."""
    found = inputs[0]
    for each in inputs[1:]:
        found = _of_two(reader, {"Sum": "Add", "Max": "Max"}[node.operator], found, each)
    return found


OPERATORS: dict[str, Callable[..., Any]] = {
    "Conv": convolution,
    "ConvTranspose": transposed,
    "Gemm": matrix,
    "MatMul": linear,
    "MaxPool": pooling("maxpool"),
    "AveragePool": pooling("avgpool"),
    "GlobalAveragePool": whole_pooling("gap"),
    "GlobalMaxPool": whole_pooling("gmp"),
    "ReduceMean": reduction("gap"),
    "ReduceMax": reduction("gmp"),
    "BatchNormalization": normalization("bn", 1, 2),
    "LayerNormalization": normalization("ln", 1, 2),
    "InstanceNormalization": normalization("instancenorm", 1, 2),
    "GroupNormalization": normalization("gn", 1, 2, main="num_groups"),
    "ReduceL2": length,
    "LpNormalization": to_length_one,
    "LRN": local_response,
    **dict.fromkeys(UNARY, activation),
    **dict.fromkeys(HELD, held),
    "Erf": error_function,
    "Sqrt": square_root,
    "Clip": clip,
    "Softmax": softmax,
    "PRelu": parametric,
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Pow"), arithmetic),
    "Sum": sum_of,
    "Max": sum_of,
    "Reshape": shaped,
    "Flatten": flattened,
    "Transpose": transposition,
    "Unsqueeze": unsqueezed,
    "Squeeze": squeezed,
    "Expand": expanded,
    "Concat": concatenation,
    "Slice": sliced,
    "Gather": gathered,
    "Split": splitting,
    "Pad": padding,
    "Resize": resizing,
    "Upsample": resizing,
    "DepthToSpace": to_positions,
    "SpaceToDepth": to_channels,
}
