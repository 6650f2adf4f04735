"""Patterns of single operators that are one layer: a value waits in a form until the pattern ends."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any

from cnncalc.importers.arrangement import CHANNELS, NotModelledError, Value
from cnncalc.importers.onnx_constants import Array, axes_of
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importers.onnx_model import OnnxNode
    from cnncalc.importers.onnx_steps import OnnxSteps

    Inputs = Sequence[Any]


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


def held(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold an activation that a product may follow."""
    x = reader.written(inputs[0])
    return held_value(HELD[node.operator], x)


def error_function(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold the part of a GELU."""
    if inputs[0].form is None or inputs[0].form[0] != "x / √2":
        raise NotModelledError("no kind of layer does this")
    return held_value("erf(x / √2)", inputs[0].form[1])


def square_root(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold the part of a layer normalization."""
    if inputs[0].form is None or inputs[0].form[0] != "variance + ε":
        raise NotModelledError("no kind of layer does this")
    return held_value("deviation", inputs[0].form[1])


def clip(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write relu6 or relu."""
    bounds = [each.number if isinstance(each, Array) else None for each in (*inputs[1:], None, None)][:2]
    low, high = (node.attributes.get(name, bound) for name, bound in zip(("min", "max"), bounds, strict=True))
    if inputs[0].form is not None and inputs[0].form[0] == "length" and high is None:
        return inputs[0]  # type: ignore[no-any-return]  # not below a small number
    if (low, high) == (0, 6):
        if inputs[0].form is not None and inputs[0].form[0] == "x + 3":
            return held_value("relu6(x + 3)", inputs[0].form[1])
        return reader.like(inputs[0], "relu6")
    if low == 0 and (high is None or high > 1e30):
        return reader.like(inputs[0], "relu")
    raise NotModelledError(f"clipping to {low} and {high}")


def length(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Hold the length of each vector of channels, of all or of those of a head, which a quotient may follow."""
    x = reader.written(inputs[0])
    axes = axes_of(list(inputs), node.attributes)
    if axes is None or [axis % len(x.dims) for axis in axes] != [len(x.dims) - 1] or any(f.axis != CHANNELS for f in x.dims[-1]):
        raise NotModelledError("lengths over other dimensions than the channels")
    return held_value("length", x)


def to_length_one(reader: OnnxSteps, node: OnnxNode, inputs: Inputs) -> Value:
    """Write an L2 normalization over the channels."""
    x = reader.written(inputs[0])
    at = node.attributes.get("axis", -1) % len(x.dims)
    if node.attributes.get("p", 2) != 2 or not x.is_only(x.dims[at], [CHANNELS]):
        raise NotModelledError("a normalization over other dimensions than the channels")
    return reader.like(x, "l2norm", scale=False)


def mean_of(x: Value, places: list[int]) -> Value | None:
    """Return the beginning of a layer normalization that is written in single operators: a mean over the channels."""
    if places != [len(x.dims) - 1]:
        return None
    if x.form is None and x.is_only(x.dims[-1], [CHANNELS]) and x.volume.c != 1:
        return held_value("mean", x)
    if x.form is not None and x.form[0] == "(x − mean)²":
        return held_value("variance", x.form[1])
    return None


def held_value(form: str, base: Value) -> Value:
    """Return a value that waits in a form."""
    return Value(base.step, base.volume, base.dims, base.batch, (form, base))


def form_of(operator: str, value: Value, other: Any) -> str | None:
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


def reached(reader: OnnxSteps, form: str, base: Value) -> Value:
    """Return a form as a step, if it is one, else held."""
    if form in STEPS:
        learned: dict[str, Any] = {"ln": {"scale": False, "shift": False}, "l2norm": {"scale": False}}.get(form, {})
        return reader.like(base, form, **learned)
    return held_value(form, base)


def write_form(reader: OnnxSteps, value: Value) -> None:
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


def crop_held(value: Value, at: int, start: int, end: int) -> Value:
    """Return a part along a side that waits, since it may be one of the two parts of a roll."""
    (factor,) = value.dims[at]
    sides = [end - start if axis == factor.axis else value.volume[axis] for axis in value.sides]
    volume = Volume(*sides, value.volume.c)
    made = Value(value.step, volume, (), value.batch, (f"crop:{at}:{start}:{end}", value))
    made.dims = tuple(made.full(factor.axis) if i == at else dim for i, dim in enumerate(value.dims))
    return made


def _cropped(reader: OnnxSteps, value: Value, base: Value, form: str) -> Value:
    at, start, end = map(int, form.split(":")[1:])
    axis: Any = base.dims[at][0].axis
    amounts = [0, 0] * base.volume.rank
    amounts[2 * axis : 2 * axis + 2] = [start, base.volume[axis] - end]
    step = reader.emit("crop", amounts, [base.step])
    return Value(step, value.volume, value.dims, reader.batch)
