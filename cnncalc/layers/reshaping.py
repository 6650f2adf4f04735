"""Layers that move values about and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly, at_least, divides, exact_div
from cnncalc.layers import fields, operations
from cnncalc.layers.contract import NO_WORK, VIEW, Unchanged, Unlearned, Volume, Work, arg, layer
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim


class Reshaping(Unlearned):
    """Only moves values."""

    operation = operations.NOTHING
    keeps = ()

    def work(self, x: Volume, y: Volume) -> Work:
        """Nothing."""
        return NO_WORK


@layer("identity")
class Identity(Unchanged, Reshaping):
    """Passes its input on."""

    storage = VIEW


@layer("flatten")
class Flatten(Reshaping):
    """Lays a volume out as a vector."""

    storage = VIEW

    def output(self, x: Volume) -> Volume:
        """All values as channels of one place."""
        return Volume(1, 1, x.size)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """The vector as a whole sees everything."""
        return whole_side(x.h), whole_side(x.w)


def repeated(factor: Dim) -> Reach:
    """`factor` neighbours see one input unit."""
    return Reach(factor, 1, 1 - factor, parts=factor)


@layer("upsample")
class Upsample(Reshaping):
    """Repeats every value `factor` times along each axis."""

    operation = operations.UPSAMPLING
    factor: tuple[Dim, Dim] = arg(fields.STEP, "how many times higher and wider", symbol="S", shown="×{}")

    def output(self, x: Volume) -> Volume:
        """Sides times the factor."""
        return Volume(x.h * self.factor[0], x.w * self.factor[1], x.c)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One value, shared by neighbours."""
        down, across = map(repeated, self.factor)
        return down, across


@layer("pixelshuffle")
class PixelShuffle(Reshaping):
    """Makes the channels of one place into a square of places, `factor` high and wide."""

    factor: Dim = arg(fields.POSITIVE, "how many times higher and wider", symbol="R", shown="×{}")

    def output(self, x: Volume) -> Volume:
        """Sides times the factor, channels divided by its square."""
        return Volume(x.h * self.factor, x.w * self.factor, exact_div(x.c, self.factor * self.factor))

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The square divides the channels."""
        square = self.factor * self.factor
        yield divides(square, x.c, f"squares of {self.factor}×{self.factor} values do not divide the input's {x.c} channels")

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One place, shared by the square."""
        one = repeated(self.factor)
        return one, one


@layer("zeropad")
class ZeroPad(Reshaping):
    """Adds zeros: rows and columns at the edges, or whole channels, as ResNet's shortcut without parameters does."""

    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns added to each side", default=0, symbol="P", shown="{}")
    channels: Dim = arg(fields.NATURAL, "channels of zeros added behind the input's", default=0, symbol="Z", shown="+{} channels")

    def output(self, x: Volume) -> Volume:
        """Larger by the amounts."""
        edge = self.amounts
        return Volume(x.h + (edge.top + edge.bottom), x.w + (edge.left + edge.right), x.c + self.channels)

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One value, moved."""
        return Reach(1, 1, -self.amounts.top), Reach(1, 1, -self.amounts.left)


@layer("crop")
class Crop(Reshaping):
    """Takes rows and columns away at the edges."""

    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns taken from each side", symbol="P", shown="{}")

    def output(self, x: Volume) -> Volume:
        """Smaller by the amounts."""
        edge = self.amounts
        return Volume(x.h - (edge.top + edge.bottom), x.w - (edge.left + edge.right), x.c)

    def requires(self, x: Volume) -> Iterator[Condition]:
        """Something is left."""
        y = self.output(x)
        yield at_least(y.h, 1, f"of {x.h} rows nothing is left")
        yield at_least(y.w, 1, f"of {x.w} columns nothing is left")

    def reach(self, x: Volume) -> tuple[Reach, Reach]:
        """One value, moved."""
        return Reach(1, 1, self.amounts.top), Reach(1, 1, self.amounts.left)


@layer("split")
class Split(Reshaping):
    """Divides the channels into `parts`; each goes on as a volume of its own. The row shows one of them."""

    storage = VIEW
    splits = True
    parts: Dim = arg(fields.PARTS, "how many volumes", symbol="n", shown="into {}")

    def output(self, x: Volume) -> Volume:
        """One of the parts."""
        return Volume(x.h, x.w, exact_div(x.c, self.parts))

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The parts are equal, and as many as can be laid side by side."""
        yield at_least(0 if isinstance(self.parts, Poly) else 1, 1, f"{self.parts} parts cannot be laid side by side; give a number")
        yield divides(self.parts, x.c, f"{self.parts} parts do not divide the input's {x.c} channels")


@layer("slice")
class Slice(Reshaping):
    """Keeps some of the channels."""

    storage = VIEW
    channels: tuple[Dim, Dim] = arg(fields.INTERVAL, "[first, end]: from the first, counted from 0, up to but without the end", shown="{}")

    def output(self, x: Volume) -> Volume:
        """The channels in between."""
        first, end = self.channels
        return Volume(x.h, x.w, end - first)

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The channels are there."""
        first, end = self.channels
        yield at_least(end - first, 1, f"no channels from {first} up to {end}")
        yield at_least(x.c, end, f"channels up to {end} of an input that has {x.c}")


@layer("shuffle")
class Shuffle(Unchanged, Reshaping):
    """Mixes the channels of the groups, as ShuffleNet does between grouped convolutions."""

    groups: Dim = arg(fields.POSITIVE, "groups of channels", symbol="G", shown="groups {}")

    def requires(self, x: Volume) -> Iterator[Condition]:
        """The groups divide."""
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")
