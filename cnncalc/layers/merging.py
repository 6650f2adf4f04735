"""Layers that merge several volumes into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cnncalc.dims import at_least, equal
from cnncalc.layers import operation_types
from cnncalc.layers.contract import INPUT, NO_WORK, Unlearned, Volume, Work, documented, layer
from cnncalc.layers.fields import AXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition


class Merge(Unlearned):
    """A layer with several inputs."""

    merges = True
    keeps: ClassVar[tuple[str, ...]] = ()


def at_least_two(kind: str, xs: tuple[Volume, ...]) -> Iterator[Condition]:
    """Yield the conditions that a merge has two inputs or more, with equal numbers of sides."""
    yield at_least(len(xs), 2, f"{kind} needs at least two inputs, found {len(xs)}")
    for x in xs[1:]:
        yield equal(x.rank, xs[0].rank, f"{kind} needs inputs with the same number of sides")


def sizes_of(x: Volume) -> tuple[str, ...]:
    """Return the names of a volume's sizes in the plural: heights, widths, channels."""
    return (*[f"{axis}s" for axis in AXES[x.rank]], "channels")


class Elementwise(Merge):
    """A merge of volumes of equal shape."""

    operation = operation_types.JOIN

    @documented("The common shape.")
    def output(self, *xs: Volume) -> Volume:
        return xs[0]

    @documented("All shapes are equal.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from at_least_two(self.kind, xs)
        for x in xs[1:]:
            for one, other, sizes in zip(xs[0], x, sizes_of(x), strict=True):
                yield equal(one, other, f"{self.kind} needs inputs of equal shape; the {sizes} differ")

    @documented("One operation per element for every input after the first.")
    def work(self, *volumes: Volume) -> Work:
        *xs, y = volumes
        return Work(elements=(len(xs) - 1) * y.size)


@layer("add", "Adds volumes, as at the end of a residual unit.")
class Add(Elementwise):
    pass


@layer("mean", "Averages volumes, as FractalNet's join does.")
class Mean(Elementwise):
    @documented("Additions, and one division per element.")
    def work(self, *volumes: Volume) -> Work:
        *xs, y = volumes
        return Work(elements=len(xs) * y.size)


@layer("multiply", "Multiplies volumes; dimensions of 1 broadcast, so that a gate of 1×1×C fits.")
class Multiply(Elementwise):
    keeps = (INPUT,)

    @documented("In each dimension, the size that is not 1.")
    def output(self, *xs: Volume) -> Volume:
        y = xs[0]
        for x in xs[1:]:
            y = Volume(*(other if one == 1 else one for one, other in zip(y, x, strict=True)))
        return y

    @documented("Sizes are equal or 1.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from at_least_two(self.kind, xs)
        y = self.output(*xs)
        for x in xs:
            for one, other, sizes in zip(y, x, sizes_of(x), strict=True):
                if 1 not in (one, other):
                    condition = equal(one, other, f"multiply needs inputs of equal shape or with dimensions of 1; the {sizes} differ")
                    if not condition.holds and one - 1 and other - 1:  # a formula must never be 1
                        yield condition


@layer("concat", "Concatenates volumes along the channel dimension.")
class Concat(Merge):
    operation = operation_types.NOTHING

    @documented("The channels of all inputs.")
    def output(self, *xs: Volume) -> Volume:
        return Volume(*xs[0].sides, sum((x.c for x in xs[1:]), start=xs[0].c))

    @documented("The sides are equal.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from at_least_two(self.kind, xs)
        for x in xs[1:]:
            for one, other, sizes in zip(xs[0].sides, x.sides, sizes_of(x), strict=False):
                yield equal(one, other, f"concat needs inputs of equal {' and '.join(AXES[x.rank])}; the {sizes} differ")

    @documented("None: elements are only copied.")
    def work(self, *volumes: Volume) -> Work:
        return NO_WORK
