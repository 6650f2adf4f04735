"""Arithmetic on the constants of an ONNX file: shapes are computed from small integers."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly
from cnncalc.importers.arrangement import NotModelledError, divided

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SMALL = 10_000  # elements up to which values are computed


class Array:
    """A constant: its shape, its values where they are known, and the weights of the file it consists of."""

    __slots__ = ("shape", "values", "weights")

    def __init__(self, shape: Sequence[Any] | None, values: list[Any] | None = None, weights: frozenset[str] = frozenset()) -> None:
        self.shape = tuple(shape) if shape is not None else None
        self.values = values
        self.weights = weights

    @property
    def number(self) -> Any:
        """The value of a constant with one element; None if it has more, or is unknown."""
        return self.values[0] if self.values is not None and len(self.values) == 1 else None

    @property
    def size(self) -> Any:
        """The number of elements."""
        return prod(self.shape) if self.shape is not None else None


def learned(weights: Any, what: str) -> Array:
    """Return a constant that is made of weights and has a known shape."""
    if not isinstance(weights, Array) or weights.shape is None or not weights.weights:
        raise NotModelledError(f"{what} that is computed")
    return weights


def short(sizes: Sequence[Any]) -> Any:
    """Return one number if all are equal."""
    return sizes[0] if len(set(sizes)) == 1 else list(sizes)


def whole(value: Any) -> Any:
    """Return a number as an int, if it is whole."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def quotient(one: Any, other: Any) -> Any:
    """Divide as ONNX does: integers are rounded to 0, as sizes are."""
    if isinstance(one, float) or isinstance(other, float):
        return one / other
    return one // other


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": quotient,
    "Mod": lambda a, b: a % b,
    "Equal": lambda a, b: int(a == b),
    "Greater": lambda a, b: int(a > b),
    "Less": lambda a, b: int(a < b),
    "Min": min,
    "Max": max,
    "Pow": lambda a, b: a**b,
}


def broadcast(one: Sequence[Any], other: Sequence[Any]) -> tuple[Any, ...]:
    """Return the shape of an elementwise operation."""
    rank = max(len(one), len(other))
    pairs = zip((1,) * (rank - len(one)) + tuple(one), (1,) * (rank - len(other)) + tuple(other), strict=True)
    return tuple(b if a == 1 else a for a, b in pairs)


def evaluated(operator: str, inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    """Return the result of an operator on constants, as far as it is known; None if not even its shape is."""
    given = [each for each in inputs if each is not None]
    weights = frozenset().union(*(each.weights for each in given)) if given else frozenset()
    first = given[0] if given else Array(())
    if operator in BINARY and len(given) == 2:
        return _binary(operator, given[0], given[1], weights)
    rule = RULES.get(operator)
    found = rule(inputs, attributes) if rule is not None and first.shape is not None else None
    if found is None:
        return Array(None, None, weights)
    if found.values is not None and (found.shape is None or len(found.values) != found.size):
        found.values = None
    found.weights = weights
    return found


def _binary(operator: str, one: Array, other: Array, weights: frozenset[str]) -> Array:
    if one.shape is None or other.shape is None:
        return Array(None, None, weights)
    shape = broadcast(one.shape, other.shape)
    values = None
    if one.values is not None and other.values is not None and all(isinstance(size, int) for size in shape) and prod(shape) <= SMALL:
        rule = BINARY[operator]
        try:
            values = [rule(a, b) for a, b in zip(_spread(one, shape), _spread(other, shape), strict=True)]
        except (ArithmeticError, TypeError):
            values = None
    return Array(shape, values, weights)


def _spread(each: Array, shape: tuple[int, ...]) -> list[Any]:
    """Return the values repeated to a shape."""
    assert each.values is not None  # the caller looked
    assert each.shape is not None
    if each.shape == shape:
        return each.values
    own = (1,) * (len(shape) - len(each.shape)) + each.shape
    steps, step = [], 1
    for size in own[::-1]:
        steps.append(0 if size == 1 else step)
        step *= size
    return [each.values[sum(i * by for i, by in zip(at, steps[::-1], strict=True))] for at in product(*map(range, shape))]


def axes_of(inputs: list[Array | None], attributes: dict[str, Any], at: int = 1) -> list[int] | None:
    """Return the axes of an operator, an input of newer operator sets and an attribute of older ones."""
    if len(inputs) > at and inputs[at] is not None:
        return inputs[at].values  # type: ignore[union-attr]
    found = attributes.get("axes")
    return list(found) if found is not None else None


def _unsqueeze(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    x = inputs[0]
    axes = axes_of(inputs, attributes)
    if axes is None:
        return None
    rank = len(x.shape) + len(axes)  # type: ignore[union-attr, arg-type]
    places = {axis % rank for axis in axes}
    sizes = iter(x.shape)  # type: ignore[union-attr, arg-type]
    return Array([1 if i in places else next(sizes) for i in range(rank)], x.values)  # type: ignore[union-attr]


def _squeeze(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    x = inputs[0]
    shape = x.shape  # type: ignore[union-attr]
    axes = axes_of(inputs, attributes)
    places = {axis % len(shape) for axis in axes} if axes is not None else {i for i, size in enumerate(shape) if size == 1}  # type: ignore[arg-type]
    return Array([size for i, size in enumerate(shape) if i not in places], x.values)  # type: ignore[union-attr, arg-type]


def resolved(shape: Sequence[Any], old: Sequence[Any], *, zero_is_zero: bool = False) -> tuple[Any, ...]:
    """Return the target of a reshape: 0 keeps a dimension, -1 takes what is left."""
    found = [old[i] if size == 0 and not zero_is_zero and i < len(old) else size for i, size in enumerate(shape)]
    if -1 in found:
        rest = divided(prod(old), prod(size for size in found if size != -1))
        found[found.index(-1)] = rest
    return tuple(found)


def _reshape(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    x, shape = inputs[0], inputs[1].values if len(inputs) > 1 and inputs[1] is not None else attributes.get("shape")
    if shape is None:
        return None
    return Array(resolved(shape, x.shape, zero_is_zero=bool(attributes.get("allowzero"))), x.values)  # type: ignore[union-attr, arg-type]


def _gather(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    x, at = inputs[0], inputs[1]
    if at is None or at.shape is None:
        return None
    axis = attributes.get("axis", 0) % max(1, len(x.shape))  # type: ignore[union-attr, arg-type]
    shape = (*x.shape[:axis], *at.shape, *x.shape[axis + 1 :])  # type: ignore[union-attr, index]
    values = None
    if len(x.shape) == 1 and x.values is not None and at.values is not None:  # type: ignore[union-attr, arg-type]
        values = [x.values[i] for i in at.values]  # type: ignore[union-attr]
    return Array(shape, values)


def slice_bounds(inputs: list[Array | None], attributes: dict[str, Any], shape: Sequence[Any]) -> list[tuple[int, Any, Any, int]] | None:
    """Return axis, start, end and step of each dimension that a Slice cuts."""
    if len(inputs) > 1:
        lists = [each.values if each is not None else None for each in inputs[1:]]
        starts, ends = lists[0], lists[1] if len(lists) > 1 else None
        axes = lists[2] if len(lists) > 2 and lists[2] is not None else None
        steps = lists[3] if len(lists) > 3 and lists[3] is not None else None
    else:
        starts, ends, axes, steps = attributes.get("starts"), attributes.get("ends"), attributes.get("axes"), None
    if starts is None or ends is None:
        return None
    found = []
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        axis = (axes[i] if axes is not None else i) % len(shape)
        size, step = shape[axis], steps[i] if steps is not None else 1
        found.append((axis, _bound(start, size, back=step < 0), _bound(end, size, back=step < 0), step))
    return found


def _bound(at: Any, size: Any, *, back: bool = False) -> Any:
    """Return the index of a bound; going back, the end may lie before the first element."""
    if not isinstance(at, int):
        return at
    if back and isinstance(size, int):
        return max(-1, min(at + size if at < 0 else at, size - 1))
    at = at + size if at < 0 else at
    if isinstance(at, int) and isinstance(size, int):
        return max(0, min(at, size))
    return size if isinstance(at, int) and at >= 2**31 - 1 else at


def _slice(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    x = inputs[0]
    bounds = slice_bounds(inputs, attributes, x.shape)  # type: ignore[union-attr, arg-type]
    if bounds is None:
        return None
    shape = list(x.shape)  # type: ignore[union-attr, arg-type]
    kept: list[Any] = [range(size) if isinstance(size, int) else None for size in shape]
    for axis, start, end, step in bounds:
        if kept[axis] is not None and isinstance(start, int) and isinstance(end, int):
            kept[axis] = range(start, end, step)
            shape[axis] = len(kept[axis])
        else:
            kept[axis] = None
            shape[axis] = -((start - end) // step) if step > 0 else shape[axis]
    return Array(shape, None if None in kept else _picked(x, kept, range(len(shape))))  # type: ignore[arg-type]


def _picked(x: Array, kept: Sequence[Sequence[int]], order: Sequence[int]) -> list[Any] | None:
    """Return the values at these indices of each dimension, with the dimensions in another order."""
    if x.values is None or x.shape is None or not all(isinstance(size, int) for size in x.shape):
        return None
    steps = [prod(x.shape[i + 1 :]) for i in range(len(x.shape))]
    return [x.values[sum(i * steps[axis] for i, axis in zip(at, order, strict=True))] for at in product(*[kept[axis] for axis in order])]


def _concat(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    if any(each is None or each.shape is None for each in inputs):
        return None
    axis = attributes.get("axis", 0) % max(1, len(inputs[0].shape))  # type: ignore[union-attr, arg-type]
    shape = list(inputs[0].shape)  # type: ignore[union-attr, arg-type]
    shape[axis] = sum(each.shape[axis] for each in inputs)  # type: ignore[union-attr, index]
    values: list[Any] | None = []
    for each in inputs:
        values = None if values is None or each.values is None or len(shape) != 1 else values + each.values  # type: ignore[union-attr]
    return Array(shape, values)


def _transpose(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    shape = inputs[0].shape  # type: ignore[union-attr]
    order = attributes.get("perm") or range(len(shape))[::-1]  # type: ignore[arg-type]
    whole = all(isinstance(size, int) for size in shape)  # type: ignore[union-attr]
    values = _picked(inputs[0], [range(size) for size in shape], order) if whole else None  # type: ignore[arg-type, union-attr]
    return Array([shape[i] for i in order], values)  # type: ignore[index]


def _range(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    numbers = [whole(each.number) if each is not None else None for each in inputs]
    if not all(isinstance(each, int) for each in numbers):
        return None
    values = list(range(*numbers))[:SMALL]  # type: ignore[arg-type]
    return Array([len(values)], values)


def _filled(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    shape = inputs[0].values  # type: ignore[union-attr]
    if shape is None:
        return None
    value = attributes.get("value")
    number = value.values[0] if value is not None and value.values else 0
    count = prod(shape)
    return Array(shape, [number] * count if isinstance(count, int) and count <= SMALL else None)


def _expand(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    shape = inputs[1].values if inputs[1] is not None else None
    return Array(broadcast(inputs[0].shape, shape)) if shape is not None else None  # type: ignore[union-attr, arg-type]


def _same(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    return Array(inputs[0].shape, inputs[0].values)  # type: ignore[union-attr]


def _cast(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    x = inputs[0]
    values = x.values  # type: ignore[union-attr]
    if values is not None and attributes.get("to") in (6, 7):
        values = [value if isinstance(value, Poly) else int(value) for value in values]
    return Array(x.shape, values)  # type: ignore[union-attr]


def _where(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    if any(each is None or each.shape is None for each in inputs):
        return None
    shape: tuple[Any, ...] = ()
    for each in inputs:
        shape = broadcast(shape, each.shape)  # type: ignore[union-attr, arg-type]
    if not all(isinstance(size, int) for size in shape) or prod(shape) > SMALL or any(each.values is None for each in inputs):  # type: ignore[union-attr]
        return Array(shape)
    chosen, yes, no = (_spread(each, shape) for each in inputs)  # type: ignore[arg-type]
    return Array(shape, [b if a else c for a, b, c in zip(chosen, yes, no, strict=True)])


def _product(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    values = inputs[0].values  # type: ignore[union-attr]
    shape = [1] * len(inputs[0].shape) if attributes.get("keepdims", 1) else []  # type: ignore[union-attr, arg-type]
    return Array(shape, [prod(values)]) if values is not None else None


def _unary(rule: Callable[[Any], Any]) -> Callable[[list[Array | None], dict[str, Any]], Array | None]:
    def apply(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
        x = inputs[0]
        try:
            return Array(x.shape, [rule(value) for value in x.values] if x.values is not None else None)  # type: ignore[union-attr]
        except (ArithmeticError, TypeError, ValueError):
            return Array(x.shape)  # type: ignore[union-attr]

    return apply


def _floor(value: Any) -> Any:
    from math import floor

    return value if isinstance(value, Poly) else float(floor(value))


def _ceil(value: Any) -> Any:
    from math import ceil

    return value if isinstance(value, Poly) else float(ceil(value))


def _shape(inputs: list[Array | None], attributes: dict[str, Any]) -> Array | None:
    sizes = list(inputs[0].shape)  # type: ignore[union-attr, arg-type]
    sizes = sizes[attributes.get("start", 0) : attributes.get("end", len(sizes))]
    return Array([len(sizes)], sizes)


RULES: dict[str, Callable[[list[Array | None], dict[str, Any]], Array | None]] = {
    "Shape": _shape,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Reshape": _reshape,
    "Gather": _gather,
    "Slice": _slice,
    "Concat": _concat,
    "Transpose": _transpose,
    "Range": _range,
    "ConstantOfShape": _filled,
    "Expand": _expand,
    "Cast": _cast,
    "CastLike": _same,
    "Identity": _same,
    "ScatterND": _same,
    "ScatterElements": _same,
    "Trilu": _same,
    "Where": _where,
    "ReduceProd": _product,
    "Floor": _unary(_floor),
    "Ceil": _unary(_ceil),
    "Neg": _unary(lambda value: -value),
    "Abs": _unary(abs),
    "Not": _unary(lambda value: int(not value)),
    "Sqrt": _unary(lambda value: value**0.5),
}
