"""Layers that rearrange elements and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly, at_least, divides, exact_div
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import LINES, NO_WORK, VIEW, Unchanged, Unlearned, Volume, Work, arg, documented, layer, product
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Reshaping(Unlearned):
    """Base class of layers that only move elements."""

    operation = operation_types.NOTHING
    keeps = ()

    @documented("None.")
    def work(self, x: Volume, y: Volume) -> Work:
        return NO_WORK


@layer("identity", "No-op.")
class Identity(Unchanged, Reshaping):
    storage = VIEW


@layer("flatten", "Flattens a volume to a vector.")
class Flatten(Reshaping):
    storage = VIEW

    @documented("All elements as channels of one position.")
    def output(self, x: Volume) -> Volume:
        return Volume(*(1,) * x.rank, x.size)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the whole input: every element of the vector belongs to one position."""
        return tuple([whole_side(side) for side in x.sides])


def repeated(factor: Dim) -> Reach:
    """Return a region in which `factor` neighbouring output units depend on one input unit."""
    return Reach(factor, 1, 1 - factor, parts=factor)


@layer("upsample", "Nearest-neighbour upsampling: repeats every element `factor` times along each side.")
class Upsample(Reshaping):
    operation = operation_types.UPSAMPLING
    factor: tuple[Dim, ...] = arg(fields.STEP, "factor by which each side grows", symbol="S", shown="×{}")

    @documented("Sides times the factor.")
    def output(self, x: Volume) -> Volume:
        return Volume(*[side * factor for side, factor in zip(x.sides, self.factor, strict=True)], x.c)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return one input unit per `factor` neighbours."""
        return tuple(map(repeated, self.factor))


@layer("pixelshuffle", "Pixel shuffle: rearranges factor·factor channels into factor×factor positions.")
class PixelShuffle(Reshaping):
    factor: Dim = arg(fields.POSITIVE, "factor by which each side grows", symbol="R", shown="×{}")

    @documented("Sides times the factor, channels divided by its square.")
    def output(self, x: Volume) -> Volume:
        return Volume(*[side * self.factor for side in x.sides], exact_div(x.c, product((self.factor,) * x.rank)))

    @documented("The square of the factor divides the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        square = product((self.factor,) * x.rank)
        yield divides(square, x.c, f"{'·'.join([str(self.factor)] * x.rank)} does not divide the input's {x.c} channels")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return one input unit per `factor` neighbours along each side."""
        return (repeated(self.factor),) * x.rank


@layer("zeropad", "Zero padding: adds rows and columns at the edges, or whole channels as ResNet's parameter-free shortcut does.")
class ZeroPad(Reshaping):
    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns added to each side", default=0, symbol="P", shown="{}")
    channels: Dim = arg(fields.NATURAL, "channels of zeros added after those of the input", default=0, symbol="Z", shown="+{} channels")

    @documented("The input plus the padding.")
    def output(self, x: Volume) -> Volume:
        sides = [side + (before + after) for side, (before, after) in zip(x.sides, self.amounts.pairs, strict=True)]
        return Volume(*sides, x.c + self.channels)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return one input unit, shifted by the amounts."""
        return tuple([Reach(1, 1, -before) for before, _ in self.amounts.pairs])


@layer("crop", "Crops rows and columns at the edges.")
class Crop(Reshaping):
    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns cropped at each edge", symbol="P", shown="{}")

    @documented("The input minus what is cropped.")
    def output(self, x: Volume) -> Volume:
        sides = [side - (before + after) for side, (before, after) in zip(x.sides, self.amounts.pairs, strict=True)]
        return Volume(*sides, x.c)

    @documented("The output is not empty.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for side, left, line in zip(x.sides, self.output(x).sides, LINES[x.rank], strict=True):
            yield at_least(left, 1, f"nothing is left of {side} {line}s")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return one input unit, shifted by the amounts."""
        return tuple([Reach(1, 1, before) for before, _ in self.amounts.pairs])


@layer("split", "Splits the channels into `parts` equal volumes; the row shows one of them.")
class Split(Reshaping):
    storage = VIEW
    splits = True
    parts: Dim = arg(fields.PARTS, "number of volumes", symbol="n", shown="into {}")

    @documented("One of the parts.")
    def output(self, x: Volume) -> Volume:
        return Volume(*x.sides, exact_div(x.c, self.parts))

    @documented("The number of parts is known and divides the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield at_least(0 if isinstance(self.parts, Poly) else 1, 1, f"{self.parts} is not a number of parts; give one")
        yield divides(self.parts, x.c, f"{self.parts} parts do not divide the input's {x.c} channels")


@layer("slice", "Keeps some of the channels.")
class Slice(Reshaping):
    storage = VIEW
    channels: tuple[Dim, Dim] = arg(fields.INTERVAL, "[first, end]: the first channel, counted from 0, and the end (exclusive)", shown="{}")

    @documented("The channels from first up to end.")
    def output(self, x: Volume) -> Volume:
        first, end = self.channels
        return Volume(*x.sides, end - first)

    @documented("The input has these channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        first, end = self.channels
        yield at_least(end - first, 1, f"no channels from {first} up to {end}")
        yield at_least(x.c, end, f"channels up to {end} of an input that has {x.c}")


@layer("shuffle", "Channel shuffle: interleaves the channels of the groups, as ShuffleNet does between grouped convolutions.")
class Shuffle(Unchanged, Reshaping):
    groups: Dim = arg(fields.POSITIVE, "groups of channels", symbol="G", shown="groups {}")

    @documented("The groups divide the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
