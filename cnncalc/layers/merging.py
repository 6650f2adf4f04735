"""Layers that merge several volumes into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cnncalc.dims import at_least, equal
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, NO_WORK, Unlearned, Volume, Work, arg, documented, has_side, layer, position
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


@layer("mean", "Averages volumes, as FractalNet's join does.")
class Mean(Elementwise):
    @documented("Additions, and one division per element.")
    def work(self, *volumes: Volume) -> Work:
        *xs, y = volumes
        return Work(elements=len(xs) * y.size)


class Broadcasting(Elementwise):
    """A merge in which dimensions of 1 can fit any size."""

    broadcast: bool

    @documented("In each dimension, the size that is not 1.")
    def output(self, *xs: Volume) -> Volume:
        y = xs[0]
        for x in xs[1:]:
            y = Volume(*(other if one == 1 else one for one, other in zip(y, x, strict=True)))
        return y

    @documented("Sizes are equal; where dimensions broadcast, equal or 1.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        if not self.broadcast:
            yield from super().requires(*xs)
            return
        yield from at_least_two(self.kind, xs)
        y = self.output(*xs)
        for x in xs:
            for one, other, sizes in zip(y, x, sizes_of(x), strict=True):
                if 1 not in (one, other):
                    yield from self.match(
                        equal(one, other, f"{self.kind} needs inputs of equal shape or with dimensions of 1; the {sizes} differ")
                    )

    def match(self, sizes: Condition) -> Iterator[Condition]:
        """Yield the condition that two sizes are equal."""
        yield sizes


class Sum(Broadcasting):
    """A merge in which dimensions of 1 fit any size if a file says so: usually, different shapes are a mistake."""

    broadcast: bool = arg(fields.FLAG, "whether dimensions of 1 fit any size, as they do if an input is learned", default=False)


@layer("add", "Adds volumes, as at the end of a residual unit.")
class Add(Sum):
    pass


@layer("subtract", "Subtracts from the first volume the others.")
class Subtract(Sum):
    pass


@layer("multiply", "Multiplies volumes; dimensions of 1 broadcast, so that a gate of 1×1×C fits.")
class Multiply(Broadcasting):
    broadcast = True
    keeps = (INPUT,)

    def match(self, sizes: Condition) -> Iterator[Condition]:
        """Yield the condition that two sizes are equal; a formula may also be 1, if it is not known to be larger."""
        if not sizes.holds and sizes.left - 1 and sizes.right - 1:
            yield sizes


@layer("maximum", "Takes the largest element at each position, as Maxout networks do.")
class Maximum(Sum):
    keeps = (INPUT,)


@layer("concat", "Concatenates volumes along the channel dimension, or along a side.")
class Concat(Merge):
    operation = operation_types.NOTHING
    along: str = arg(fields.SIDE, "the dimension that grows", default="channels", shown="along {}")

    @documented("The sizes of all inputs along one dimension.")
    def output(self, *xs: Volume) -> Volume:
        at = position(xs[0], self.along) % len(xs[0])
        return Volume(*[sum((x[i] for x in xs[1:]), start=size) if i == at else size for i, size in enumerate(xs[0])])

    @documented("The other dimensions are equal.")
    def requires(self, *xs: Volume) -> Iterator[Condition]:
        yield from at_least_two(self.kind, xs)
        yield from has_side(xs[0], self.along)
        names = (*AXES[xs[0].rank], "channels")
        others = [name for name in names if name != self.along]
        for x in xs[1:]:
            for one, other, name, sizes in zip(xs[0], x, names, sizes_of(x), strict=True):
                if name != self.along:
                    yield equal(one, other, f"concat needs inputs of equal {' and '.join(others)}; the {sizes} differ")

    @documented("None: elements are only copied.")
    def work(self, *volumes: Volume) -> Work:
        return NO_WORK
