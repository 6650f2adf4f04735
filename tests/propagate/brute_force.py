"""Receptive fields by brute force: follows every pixel through every kernel element, independently of the tested code."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Interval: TypeAlias = "tuple[int, int] | None"  # the first pixel and the one after the last; None: nothing
Field: TypeAlias = "Callable[[int], Interval]"  # of a unit, also of those beyond the edges
MERGES = ("add", "concat", "multiply")
KINDS = (*MERGES, "conv", "upconv", "maxpool", "upsample", "adaptivepool", "crop", "zeropad")


class Layer(NamedTuple):
    """A layer's output."""

    size: tuple[int, int]
    pixels: dict[tuple[int, int], int]  # that reach each unit, as bits; padding is none
    fields: tuple[Field, Field]  # by axis, as if every layer's input went on beyond its edges
    paths: tuple[list[Field], list[Field]]  # the same by every single path


def pair(value: Any) -> Sequence[int]:
    return (value, value) if isinstance(value, int) else value


def around(value: Any, axis: int) -> tuple[int, int]:
    """Padding ahead and behind."""
    every = (value,) * 4 if isinstance(value, int) else value if len(value) == 4 else (value[0], value[0], value[1], value[1])
    return every[2 * axis], every[2 * axis + 1]


def taps(kind: str, spec: dict[str, Any], size: int, axis: int) -> tuple[int, Callable[[int], Iterable[int]]]:
    """How many units there are along an axis, and the inputs that each takes."""
    if kind == "gap":
        return 1, lambda _: range(size)
    if kind == "upsample":
        factor = pair(spec[kind])[axis]
        return size * factor, lambda unit: [unit // factor]
    if kind in ("zeropad", "crop"):
        before, after = around(spec[kind], axis)
        return (
            (size + before + after, lambda unit: [unit - before])
            if kind == "zeropad"
            else (size - before - after, lambda unit: [unit + before])
        )
    if kind == "adaptivepool":
        count = pair(spec[kind])[axis]
        return count, lambda unit: range(unit * size // count, -(-(unit + 1) * size // count)) if count > 1 else range(size)
    if kind == "identity":
        return size, lambda unit: [unit]
    window, usual = (spec["maxpool"],) * 2 if kind == "maxpool" else (spec.get("kernel", 1), 1)
    kernel, stride, dilation = (pair(each)[axis] for each in (window, spec.get("stride", usual), spec.get("dilation", 1)))
    span = (kernel - 1) * dilation + 1
    if kind == "upconv":
        before, after = around(spec.get("pad", 0), axis)
        units = (size - 1) * stride + span - before - after + pair(spec.get("output_pad", 0))[axis]
        steps = [dilation * tap for tap in range(kernel)]
        return units, lambda unit: [(unit + before - step) // stride for step in steps if (unit + before - step) % stride == 0]
    if spec.get("pad") == "same":
        units = -(-size // stride)
        before = max((units - 1) * stride + span - size, 0) // 2
    else:
        before, after = around(spec.get("pad", 0), axis)
        starts = range(-before, size + after - span + 1, stride)
        if spec.get("round") == "ceil":  # one more, if it still begins in the input or in the padding ahead
            starts = range(-before, min(size + after - span + stride, size), stride)
        units = len(starts)
    return units, lambda unit: [unit * stride - before + dilation * tap for tap in range(kernel)]


def hull(fields: Iterable[Interval]) -> Interval:
    known = [field for field in fields if field is not None]
    return (min(first for first, _ in known), max(end for _, end in known)) if known else None


def windowed(x: Layer, kind: str, spec: dict[str, Any]) -> Layer:
    (high, down), (wide, across) = (taps(kind, spec, size, axis) for axis, size in enumerate(x.size))
    pixels = {}
    for y in range(high):
        for z in range(wide):
            pixels[y, z] = 0
            for i in down(y):
                for j in across(z):
                    pixels[y, z] |= x.pixels.get((i, j), 0)

    def behind(field: Field, taken: Callable[[int], Iterable[int]]) -> Field:
        return cache(lambda unit: hull(map(field, taken(unit))))

    return Layer(
        (high, wide),
        pixels,
        (behind(x.fields[0], down), behind(x.fields[1], across)),
        ([behind(path, down) for path in x.paths[0]], [behind(path, across) for path in x.paths[1]]),
    )


def merged(xs: list[Layer]) -> Layer:
    high, wide = (max(sides) for sides in zip(*[x.size for x in xs], strict=True))
    pixels = dict.fromkeys(((y, z) for y in range(high) for z in range(wide)), 0)
    for x in xs:
        for y, z in pixels:
            pixels[y, z] |= x.pixels[y if x.size[0] > 1 else 0, z if x.size[1] > 1 else 0]

    def stretched(x: Layer, axis: int, field: Field) -> Field:
        return (lambda _: field(0)) if x.size[axis] == 1 != (high, wide)[axis] else field

    fields, paths = [], []
    for axis in (0, 1):
        several = [stretched(x, axis, x.fields[axis]) for x in xs]
        fields.append(cache(lambda unit, several=several: hull([field(unit) for field in several])))
        paths.append([stretched(x, axis, path) for x in xs for path in x.paths[axis]])
    return Layer((high, wide), pixels, (fields[0], fields[1]), (paths[0], paths[1]))


def followed(layers: list[Any], size: tuple[int, int]) -> list[Layer]:
    """The input and every layer, in the order of a report."""

    def own(unit: int) -> Interval:
        return unit, unit + 1

    def steps(x: Layer, layers: list[Any]) -> Iterator[Layer]:
        for step in layers:
            kind = step if isinstance(step, str) else next(kind for kind in KINDS if kind in step)
            if kind not in MERGES:
                x = windowed(x, kind, {} if isinstance(step, str) else step)
                yield x
                continue
            xs = []
            for branch in step[kind]:
                rows = [*steps(x, branch if isinstance(branch, list) else [branch])]
                xs.append(rows[-1])
                yield from rows
            x = merged(xs)
            yield x

    pixels = {(y, z): 1 << y * size[1] + z for y in range(size[0]) for z in range(size[1])}
    x = Layer(size, pixels, (own, own), ([own], [own]))
    return [x, *steps(x, layers)]


def widths(field: Field, units: int) -> list[int]:
    """How many pixels each unit sees, from the first to the last."""
    return [0 if seen is None else seen[1] - seen[0] for seen in map(field, range(units))]
