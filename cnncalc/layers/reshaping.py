"""Layers that rearrange elements and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly, at_least, divides, exact_div
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import NO_WORK, VIEW, Unchanged, Unlearned, Volume, Work, arg, documented, layer
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Reshaping(Unlearned):
    """Only moves values."""

    operation = operation_types.NOTHING
    keeps = ()

    @documented("Nothing.")
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
        return Volume(1, 1, x.size)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """The vector as a whole sees everything."""
        return whole_side(x.h), whole_side(x.w)


def repeated(factor: Dim) -> Reach:
    """`factor` neighbours see one input unit."""
    return Reach(factor, 1, 1 - factor, parts=factor)


@layer("upsample", "Nearest-neighbour upsampling: repeats every element `factor` times along each side.")
class Upsample(Reshaping):
    operation = operation_types.UPSAMPLING
    factor: tuple[Dim, Dim] = arg(fields.STEP, "factor by which each side grows", symbol="S", shown="×{}")

    @documented("Sides times the factor.")
    def output(self, x: Volume) -> Volume:
        return Volume(x.h * self.factor[0], x.w * self.factor[1], x.c)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One value, shared by neighbours."""
        down, across = map(repeated, self.factor)
        return down, across


@layer("pixelshuffle", "Pixel shuffle: rearranges factor·factor channels into factor×factor positions.")
class PixelShuffle(Reshaping):
    factor: Dim = arg(fields.POSITIVE, "factor by which each side grows", symbol="R", shown="×{}")

    @documented("Sides times the factor, channels divided by its square.")
    def output(self, x: Volume) -> Volume:
        return Volume(x.h * self.factor, x.w * self.factor, exact_div(x.c, self.factor * self.factor))

    @documented("The square divides the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        square = self.factor * self.factor
        yield divides(square, x.c, f"{self.factor}·{self.factor} does not divide the input's {x.c} channels")

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One place, shared by the square."""
        one = repeated(self.factor)
        return one, one


@layer("zeropad", "Adds zeros: rows and columns at the edges, or whole channels, as ResNet's shortcut without parameters does.")
class ZeroPad(Reshaping):
    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns added to each side", default=0, symbol="P", shown="{}")
    channels: Dim = arg(fields.NATURAL, "channels of zeros added after those of the input", default=0, symbol="Z", shown="+{} channels")

    @documented("Larger by the amounts.")
    def output(self, x: Volume) -> Volume:
        edge = self.amounts
        return Volume(x.h + (edge.top + edge.bottom), x.w + (edge.left + edge.right), x.c + self.channels)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One value, moved."""
        return Reach(1, 1, -self.amounts.top), Reach(1, 1, -self.amounts.left)


@layer("crop", "Crops rows and columns at the edges.")
class Crop(Reshaping):
    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns cropped at each edge", symbol="P", shown="{}")

    @documented("Smaller by the amounts.")
    def output(self, x: Volume) -> Volume:
        edge = self.amounts
        return Volume(x.h - (edge.top + edge.bottom), x.w - (edge.left + edge.right), x.c)

    @documented("The output is not empty.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        y = self.output(x)
        yield at_least(y.h, 1, f"nothing is left of {x.h} rows")
        yield at_least(y.w, 1, f"nothing is left of {x.w} columns")

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One value, moved."""
        return Reach(1, 1, self.amounts.top), Reach(1, 1, self.amounts.left)


@layer("split", "Splits the channels into `parts` equal volumes; the row shows one of them.")
class Split(Reshaping):
    storage = VIEW
    splits = True
    parts: Dim = arg(fields.PARTS, "how many volumes", symbol="n", shown="into {}")

    @documented("One of the parts.")
    def output(self, x: Volume) -> Volume:
        return Volume(x.h, x.w, exact_div(x.c, self.parts))

    @documented("The parts are equal; their number is known.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield at_least(0 if isinstance(self.parts, Poly) else 1, 1, f"{self.parts} is not a number of parts; give a number")
        yield divides(self.parts, x.c, f"{self.parts} parts do not divide the input's {x.c} channels")


@layer("slice", "Keeps some of the channels.")
class Slice(Reshaping):
    storage = VIEW
    channels: tuple[Dim, Dim] = arg(fields.INTERVAL, "[first, end]: from the first, counted from 0, up to but without the end", shown="{}")

    @documented("The channels in between.")
    def output(self, x: Volume) -> Volume:
        first, end = self.channels
        return Volume(x.h, x.w, end - first)

    @documented("The channels are there.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        first, end = self.channels
        yield at_least(end - first, 1, f"no channels from {first} up to {end}")
        yield at_least(x.c, end, f"channels up to {end} of an input that has {x.c}")


@layer("shuffle", "Mixes the channels of the groups, as ShuffleNet does between grouped convolutions.")
class Shuffle(Unchanged, Reshaping):
    groups: Dim = arg(fields.POSITIVE, "groups of channels", symbol="G", shown="groups {}")

    @documented("The groups divide.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
