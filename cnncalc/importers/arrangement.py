"""How the dimensions of a tensor lie over the sides and channels of a volume.

A reshape or a transpose changes only this; a step is written where an operator needs the elements in another order.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import exact_div

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.dims import Dim
    from cnncalc.layers import Volume

BATCH, CHANNELS = "n", "c"  # axes; sides are numbered


class NotModelledError(Exception):
    """What an operator does has no counterpart here; the text says why."""


class Factor(NamedTuple):
    """A part of an axis: `size` indices that are `step` apart."""

    axis: str | int
    size: Dim
    step: Dim


Factors = tuple[Factor, ...]


class Value:
    """A tensor: the volume of a step, and of which factors each dimension is made."""

    __slots__ = ("batch", "dims", "form", "step", "volume")

    def __init__(self, step: str, volume: Volume, dims: Iterable[Factors], batch: Dim, form: Any = None) -> None:
        self.step = step
        self.volume = volume
        self.dims = tuple(map(joined, dims))
        self.batch = batch
        self.form = form  # an expression of another value that is not written as a step yet

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The sizes of its dimensions."""
        return tuple([prod(factor.size for factor in dim) for dim in self.dims])

    def full(self, axis: str | int) -> Factors:
        """Return the dimension that is a whole axis."""
        size = self.batch if axis == BATCH else self.volume.c if axis == CHANNELS else self.volume[axis]  # type: ignore[index]
        return (Factor(axis, size, 1),) if size != 1 else ()

    @property
    def sides(self) -> range:
        """The axes of the sides."""
        return range(self.volume.rank)

    @property
    def channels_first(self) -> tuple[Factors, ...]:
        """The dimensions of batch, channels and sides in this order."""
        return (self.full(BATCH), self.full(CHANNELS), *map(self.full, self.sides))

    def with_dims(self, dims: Iterable[Factors]) -> Value:
        """Return the same volume in another arrangement."""
        return Value(self.step, self.volume, dims, self.batch)

    def is_only(self, dim: Factors, axes: Sequence[str | int]) -> bool:
        """Return whether a dimension holds whole axes, in this order."""
        return dim == joined([factor for axis in axes for factor in self.full(axis)])


def joined(dim: Iterable[Factor]) -> Factors:
    """Join neighbouring factors of one axis."""
    found: list[Factor] = []
    for factor in dim:
        if factor.size == 1:
            continue
        if found and found[-1].axis == factor.axis and found[-1].step == factor.step * factor.size:
            found[-1] = Factor(factor.axis, found[-1].size * factor.size, factor.step)
        else:
            found.append(factor)
    return tuple(found)


def reshaped(value: Value, shape: Sequence[Dim]) -> Value:
    """Return a value with other dimensions of the same elements in the same order."""
    left = [factor for dim in value.dims for factor in dim][::-1]
    dims: list[Factors] = []
    for size in shape:
        taken: list[Factor] = []
        rest = size
        while rest != 1:
            if not left:
                raise NotModelledError(f"a reshape of {shown(value.shape)} to {shown(shape)}")
            factor = left.pop()
            outer = divided(rest, factor.size)
            if outer is not None:
                taken.append(factor)
                rest = outer
                continue
            inner = divided(factor.size, rest)
            if inner is None:
                raise NotModelledError(f"a reshape of {shown(value.shape)} to {shown(shape)}")
            taken.append(Factor(factor.axis, rest, factor.step * inner))
            left.append(Factor(factor.axis, inner, factor.step))
            rest = 1
        dims.append(tuple(taken))
    if left:
        raise NotModelledError(f"a reshape of {shown(value.shape)} to {shown(shape)}")
    return value.with_dims(dims)


def divided(size: Dim, part: Dim) -> Any:
    """Return the exact quotient; None if there is none."""
    if isinstance(size, int) and isinstance(part, int):
        return size // part if size % part == 0 else None
    try:
        quotient = exact_div(size, part)
    except ArithmeticError:
        return None
    return quotient if quotient * part == size else None


def rearrangement(value: Value, sides: Sequence[Factors], channels: Factors) -> dict[str, Any]:
    """Return the fields of a `rearrange` step that gives these sides and channels."""
    used = [factor for dim in (*sides, channels) for factor in dim]
    names: dict[Factor, str] = {}
    given: dict[str, Any] = {}
    before: list[str] = []
    for axis in (*value.sides, CHANNELS):
        parts = sorted([factor for factor in used if factor.axis == axis], key=_order)
        total: Dim = 1
        for factor in parts:
            if factor.step != total:
                raise NotModelledError("a part of the elements in another order")
            total = total * factor.size
        if total != (value.volume.c if axis == CHANNELS else value.volume[axis]):
            raise NotModelledError("a part of the elements in another order")
        letter = "c" if axis == CHANNELS else ("l", "hw", "dhw")[value.volume.rank - 1][axis]
        for i, factor in enumerate(parts):
            names[factor] = letter if i == len(parts) - 1 else f"{letter}{i + 1}"
            if i < len(parts) - 1:
                given[names[factor]] = factor.size
        before.append(_group([names[factor] for factor in parts[::-1]]))
    after = [_group([names[factor] for factor in dim]) for dim in (*sides, channels)]
    return {"rearrange": f"{' '.join(before)} -> {' '.join(after)}", **given}


def _order(factor: Factor) -> int:
    return factor.step if isinstance(factor.step, int) else 10**9  # the outer part of an axis that is a formula


def _group(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({' '.join(names)})" if names else "1"


def shown(shape: Iterable[Any]) -> str:
    """Format a shape for messages."""
    return "×".join(map(str, shape)) or "a number"
