"""Layers that make one volume out of several."""

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
    """Takes several volumes."""

    merges = True
    keeps: ClassVar[tuple[str, ...]] = ()


def several(kind: str, xs: tuple[Volume, ...]) -> Iterator[Condition]:
    """There are two volumes or more, with the same number of sides."""
    yield at_least(len(xs), 2, f"{kind} needs two volumes or more, found {len(xs)}")
    for x in xs[1:]:
        yield equal(x.rank, xs[0].rank, f"{kind} needs volumes with the same number of sides")


def sizes_of(x: Volume) -> tuple[str, ...]:
    """What the sizes of a volume are called: heights, widths, channels."""
    return (*[f"{axis}s" for axis in AXES[x.rank]], "channels")


class Elementwise(Merge):
    """Takes volumes of one shape and leaves one of the same shape."""

    operation = operation_types.JOIN

    @documented("The common shape.")
    def output(self, *xs: Volume) -> Volume:
        return xs[0]

    @documented("All shapes are equal.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from several(self.kind, xs)
        for x in xs[1:]:
            for one, other, sizes in zip(xs[0], x, sizes_of(x), strict=True):
                yield equal(one, other, f"{self.kind} needs equal volumes, the {sizes} differ")

    @documented("One operation for every value that joins another.")
    def work(self, *volumes: Volume) -> Work:
        *xs, y = volumes
        return Work(elements=(len(xs) - 1) * y.size)


@layer("add", "Adds volumes, as at the end of a residual unit.")
class Add(Elementwise):
    pass


@layer("mean", "Averages volumes, as FractalNet's join does.")
class Mean(Elementwise):
    @documented("Additions, and one division for every value.")
    def work(self, *volumes: Volume) -> Work:
        *xs, y = volumes
        return Work(elements=len(xs) * y.size)


@layer("multiply", "Multiplies volumes; dimensions of 1 broadcast, so that a gate of 1×1×C fits.")
class Multiply(Elementwise):
    keeps = (INPUT,)

    @documented("In each dimension the size that is not 1.")
    def output(self, *xs: Volume) -> Volume:
        y = xs[0]
        for x in xs[1:]:
            y = Volume(*(other if one == 1 else one for one, other in zip(y, x, strict=True)))
        return y

    @documented("Sizes are equal or 1.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from several(self.kind, xs)
        y = self.output(*xs)
        for x in xs:
            for one, other, sizes in zip(y, x, sizes_of(x), strict=True):
                if 1 not in (one, other):
                    condition = equal(one, other, f"multiply needs equal volumes, or dimensions of 1; the {sizes} differ")
                    if not condition.holds and one - 1 and other - 1:  # of a formula it must be known that it is never 1
                        yield condition


@layer("concat", "Concatenates volumes along the channel dimension.")
class Concat(Merge):
    operation = operation_types.NOTHING

    @documented("The channels of all.")
    def output(self, *xs: Volume) -> Volume:
        return Volume(*xs[0].sides, sum((x.c for x in xs[1:]), start=xs[0].c))

    @documented("The sides are equal.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from several(self.kind, xs)
        for x in xs[1:]:
            for one, other, sizes in zip(xs[0].sides, x.sides, sizes_of(x), strict=False):
                yield equal(one, other, f"concat needs volumes with equal {' and '.join(AXES[x.rank])}, the {sizes} differ")

    @documented("Nothing: values are only moved.")
    def work(self, *volumes: Volume) -> Work:
        return NO_WORK
