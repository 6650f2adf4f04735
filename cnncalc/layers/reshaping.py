"""Layers that move values about and compute nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Poly, at_least, divides, exact_div, one_part
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import NO_WORK, VIEW, Unchanged, Unlearned, Volume, Work, arg, documented, layer, product
from cnncalc.layers.fields import AXES
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


@layer("identity", "Passes its input on.")
class Identity(Unchanged, Reshaping):
    storage = VIEW


@layer("flatten", "Lays a volume out as a vector.")
class Flatten(Reshaping):
    storage = VIEW

    @documented("All values as channels of one place.")
    def output(self, x: Volume) -> Volume:
        return Volume(*(1,) * x.rank, x.size)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """The vector as a whole sees everything."""
        return tuple([whole_side(side) for side in x.sides])


@layer("upsample", "Repeats every value `factor` times along each axis.")
class Upsample(Reshaping):
    operation = operation_types.UPSAMPLING
    factor: tuple[Dim, ...] = arg(fields.STEP, "how many times larger each side becomes", symbol="S", shown="×{}")

    @documented("Sides times the factor.")
    def output(self, x: Volume) -> Volume:
        return Volume(*[side * factor for side, factor in zip(x.sides, self.factor, strict=True)], x.c)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """One value, shared by neighbours."""
        return tuple([Reach(1, one_part(factor), 0) for factor in self.factor])


@layer("pixelshuffle", "Rearranges channels into space: factor·factor channels of one position become a square of factor×factor positions.")
class PixelShuffle(Reshaping):
    factor: Dim = arg(fields.POSITIVE, "how many times larger each side becomes", symbol="R", shown="×{}")

    @documented("Sides times the factor, channels divided by its square.")
    def output(self, x: Volume) -> Volume:
        return Volume(*[side * self.factor for side in x.sides], exact_div(x.c, product((self.factor,) * x.rank)))

    @documented("The square divides the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        square = product((self.factor,) * x.rank)
        yield divides(square, x.c, f"{'·'.join([str(self.factor)] * x.rank)} does not divide the input's {x.c} channels")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """One position, shared by the square."""
        return (Reach(1, one_part(self.factor), 0),) * x.rank


@layer("zeropad", "Adds zeros: rows and columns at the edges, or whole channels, as ResNet's shortcut without parameters does.")
class ZeroPad(Reshaping):
    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns added to each side", default=0, symbol="P", shown="{}")
    channels: Dim = arg(fields.NATURAL, "channels of zeros added after those of the input", default=0, symbol="Z", shown="+{} channels")

    @documented("Larger by the amounts.")
    def output(self, x: Volume) -> Volume:
        sides = [side + (before + after) for side, (before, after) in zip(x.sides, self.amounts.pairs, strict=True)]
        return Volume(*sides, x.c + self.channels)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """One value, moved."""
        return tuple([Reach(1, 1, -before) for before, _ in self.amounts.pairs])


@layer("crop", "Crops rows and columns at the edges.")
class Crop(Reshaping):
    amounts: fields.Padding = arg(fields.AMOUNTS, "rows and columns cropped at each edge", symbol="P", shown="{}")

    @documented("Smaller by the amounts.")
    def output(self, x: Volume) -> Volume:
        sides = [side - (before + after) for side, (before, after) in zip(x.sides, self.amounts.pairs, strict=True)]
        return Volume(*sides, x.c)

    @documented("Something is left.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        for side, left, axis in zip(x.sides, self.output(x).sides, AXES[x.rank], strict=True):
            yield at_least(left, 1, f"nothing is left of the {axis} {side}")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """One value, moved."""
        return tuple([Reach(1, 1, before) for before, _ in self.amounts.pairs])


@layer("split", "Divides the channels into `parts`; each goes on as a volume of its own. The row shows one of them.")
class Split(Reshaping):
    storage = VIEW
    splits = True
    parts: Dim = arg(fields.PARTS, "how many volumes", symbol="n", shown="into {}")

    @documented("One of the parts.")
    def output(self, x: Volume) -> Volume:
        return Volume(*x.sides, exact_div(x.c, self.parts))

    @documented("The parts are equal, and as many as can be laid side by side.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield at_least(0 if isinstance(self.parts, Poly) else 1, 1, f"{self.parts} parts cannot be laid side by side; give a number")
        yield divides(self.parts, x.c, f"{self.parts} parts do not divide the input's {x.c} channels")


@layer("slice", "Keeps some of the channels.")
class Slice(Reshaping):
    storage = VIEW
    channels: tuple[Dim, Dim] = arg(fields.INTERVAL, "[first, end]: from the first, counted from 0, up to but without the end", shown="{}")

    @documented("The channels in between.")
    def output(self, x: Volume) -> Volume:
        first, end = self.channels
        return Volume(*x.sides, end - first)

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
