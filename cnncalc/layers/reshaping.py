"""Layers that rearrange elements and compute nothing."""

from __future__ import annotations

from math import gcd, prod
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive, Poly, at_least, ceil_div, divides, equal, exact_div
from cnncalc.dims.arithmetic import value_of
from cnncalc.layers import fields, operation_types, volume_fields
from cnncalc.layers.contract import LINES, NO_WORK, VIEW, Unchanged, Unlearned, Volume, Work, arg, documented, layer
from cnncalc.layers.fields import AXES
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.volume_fields import Pattern


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


@layer("resize", "Resizes the sides to a size, by a factor or to those of another volume, by interpolation.")
class Resize(Unlearned):
    operation = operation_types.UPSAMPLING
    keeps = ()
    to: tuple[Dim, ...] | None = arg(fields.OUTPUT_SIZE, "output size", default=None, symbol="O", shown="to {}")
    factor: Any = arg(fields.GROWTH, "factor by which each side grows; sides are rounded down", default=None, shown="×{}")
    like: tuple[Dim, ...] | None = arg(volume_fields.SIZE, "step whose sides the output has", default=None, symbol="O", shown="to {}")
    mode: str = arg(fields.INTERPOLATION, "interpolation along each side", default="nearest", shown="{}")

    @documented("The given sides.")
    def output(self, x: Volume) -> Volume:
        sides = self.to or self.like
        return Volume(*(sides or [_scaled(side, self.factor) for side in x.sides]), x.c)

    @documented("One of the three sizes is given; the output is not empty.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        given = [name for name in ("to", "factor", "like") if getattr(self, name) is not None]
        yield equal(len(given), 1, f"resize takes one of to, factor and like, found {' and '.join(given) or 'none'}")
        for side, line in zip(self.output(x).sides, LINES[x.rank], strict=True):
            yield at_least(side, 1, f"nothing is left of {side} {line}s")

    @documented("None for nearest; 2 neighbours along each side for bilinear, 4 for bicubic.")
    def work(self, x: Volume, y: Volume) -> Work:
        return Work(window=NEIGHBOURS[self.mode] ** x.rank * y.size if self.mode != "nearest" else 0)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the neighbours that are interpolated, `input / output` apart."""
        if getattr(self.factor, "denominator", 0) == 1:  # whatever the sides are
            return (_interpolated(1, self.factor.numerator, NEIGHBOURS[self.mode]),) * x.rank
        return tuple([_interpolated(side, to, NEIGHBOURS[self.mode]) for side, to in zip(x.sides, self.output(x).sides, strict=True)])


NEIGHBOURS = {"nearest": 1, "bilinear": 2, "bicubic": 4}


def _scaled(side: Dim, factor: Any) -> Dim:
    """Return ⌊side · factor⌋."""
    return side if factor is None else side * factor.numerator // factor.denominator if factor.denominator > 1 else side * factor.numerator


def _interpolated(size: Dim, count: Dim, neighbours: int) -> Reach:
    """Return the units around the place of each of `count` outputs: the i-th lies at (i + 1/2)·size/count − 1/2, as in PyTorch."""
    number, places = value_of(size), value_of(count)
    if not isinstance(number, int) or not isinstance(places, int):
        raise Inconclusive(f"{size} / {count}", number, lambda _: None)
    common = gcd(number, places)
    n, parts = number // common, places // common
    if neighbours == 1:  # nearest: the unit at ⌊i·size/count⌋
        return Reach(parts, n, 1 - parts, parts=parts)
    if parts == 1:  # between two units, or on one of them
        return Reach(neighbours, n, (n - neighbours) // 2) if n % 2 == 0 else Reach(1, n, n // 2)
    return Reach(2 * neighbours * parts - 1, 2 * n, n - (1 + neighbours) * parts + 1, parts=2 * parts)


@layer("pixelshuffle", "Pixel shuffle: rearranges factor·factor channels into factor×factor positions.")
class PixelShuffle(Reshaping):
    factor: Dim = arg(fields.POSITIVE, "factor by which each side grows", symbol="R", shown="×{}")

    @documented("Sides times the factor, channels divided by its square.")
    def output(self, x: Volume) -> Volume:
        return Volume(*[side * self.factor for side in x.sides], exact_div(x.c, prod((self.factor,) * x.rank)))

    @documented("The square of the factor divides the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        square = prod((self.factor,) * x.rank)
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


@layer("slice", "Keeps some of the channels, or every n-th position.")
class Slice(Reshaping):
    storage = VIEW
    channels: tuple[Dim, Dim] | None = arg(
        fields.INTERVAL, "[first, end]: the first channel, counted from 0, and the end (exclusive)", default=None, shown="{}"
    )
    every: tuple[Dim, ...] = arg(fields.STEP, "keeps one position in so many along each side", default=1, symbol="n", shown="every {}")
    start: tuple[Dim, ...] = arg(fields.EXTRA, "the first position that is kept, counted from 0", default=0, symbol="p", shown="from {}")

    @documented("The channels from first up to end; the sides divided by `every`, rounded up.")
    def output(self, x: Volume) -> Volume:
        first, end = self.channels or (0, x.c)
        sides = [ceil_div(side - start, every) for side, start, every in zip(x.sides, self.start, self.every, strict=True)]
        return Volume(*sides, end - first)

    @documented("The input has these channels and positions.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        if self.channels:
            first, end = self.channels
            yield at_least(end - first, 1, f"no channels from {first} up to {end}")
            yield at_least(x.c, end, f"channels up to {end} of an input that has {x.c}")
        for side, start, line in zip(x.sides, self.start, LINES[x.rank], strict=True):
            yield at_least(side, start + 1, f"from {line} {start} (counted from 0) of {side} {line}s")

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return one input unit per output unit, `every` apart."""
        return tuple([Reach(1, every, start) for every, start in zip(self.every, self.start, strict=True)])


@layer("shuffle", "Channel shuffle: interleaves the channels of the groups, as ShuffleNet does between grouped convolutions.")
class Shuffle(Unchanged, Reshaping):
    groups: Dim = arg(fields.POSITIVE, "groups of channels", symbol="G", shown="groups {}")

    @documented("The groups divide the channels.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        yield divides(self.groups, x.c, f"{self.groups} groups do not divide the input's {x.c} channels")


@layer("rearrange", "Rearranges elements in the notation of einops, the sides first and the channels last: `h w (g c) -> h w (c g)`.")
class Rearrange(Unlearned):
    names_sizes = True
    operation = operation_types.NOTHING
    keeps = ()
    pattern: Pattern = arg(volume_fields.PATTERN, "the dimensions before and after, in quotes; those in parentheses are one", shown="{}")
    sizes: tuple[tuple[str, Dim], ...] = arg(
        volume_fields.NAMED_SIZES, "sizes of names of the pattern, each as a field: `g: 2`", default=[], shown="{}"
    )

    def lengths(self, x: Volume) -> dict[str, Dim]:
        """Return the size of each name."""
        lengths = dict(self.sizes)
        for group, size in zip(self.pattern.before, x, strict=True):
            known = prod([lengths[name] for name in group if name in lengths])
            for name in group:
                if name not in lengths:
                    lengths[name] = exact_div(size, known)
        return lengths

    @documented("The product of the sizes in each pair of parentheses.")
    def output(self, x: Volume) -> Volume:
        lengths = self.lengths(x)
        return Volume(*[prod([lengths[name] for name in group]) for group in self.pattern.after])

    @documented("The pattern has the dimensions of the input, and its sizes multiply to theirs.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        names = (*AXES[x.rank], "channels")
        groups = self.pattern.before
        yield equal(len(groups), len(names), f"the pattern begins with {len(groups)} dimensions, the input {x} has {len(names)}")
        given = dict(self.sizes)
        for group, size, word in zip(groups, x, names, strict=True):
            known = prod([given[name] for name in group if name in given])
            open_names = [name for name in group if name not in given]
            text = " · ".join(group) or "1"
            yield at_least(1, len(open_names), f"the sizes of {' and '.join(open_names)} are not known; give {' or '.join(open_names)}")
            if open_names:
                yield divides(known, size, f"{text}: {known} does not divide the {word} {size}")
            else:
                yield equal(known, size, f"{text} is {known}, but the {word} of the input is {size}")

    @documented("None: elements are only copied.")
    def work(self, x: Volume, y: Volume) -> Work:
        return NO_WORK

    @property
    def mixes_sides(self) -> bool:
        """Whether a side of the output is not made of the same side of the input, perhaps with channels."""
        before, after = self.pattern
        return len(before) != len(after) or any(
            name in other for i, side in enumerate(before[:-1]) for name in side for j, other in enumerate(after[:-1]) if i != j
        )

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the input units of each output unit, by side; the whole side where that is not a window."""
        before, after = self.pattern
        if self.mixes_sides:
            return tuple([whole_side(side) for side in x.sides])
        lengths = self.lengths(x)
        return tuple([_along(one, other, size, lengths) for one, other, size in zip(before[:-1], after[:-1], x.sides, strict=False)])


def _along(before: tuple[str, ...], after: tuple[str, ...], size: Dim, lengths: dict[str, Dim]) -> Reach:
    """Return the input units of one side."""
    kept = tuple(name for name in after if name in before)
    if before == kept == after:
        return Reach(1, 1, 0)
    if before == kept and after[: len(kept)] == kept:  # positions out of channels
        factor = prod([lengths[name] for name in after[len(kept) :]])
        return Reach(factor, 1, 1 - factor, parts=factor)
    if kept == after and before[: len(kept)] == kept:  # blocks of neighbours become channels
        factor = prod([lengths[name] for name in before[len(kept) :]])
        return Reach(factor, factor, 0)
    if kept == after and before[len(before) - len(kept) :] == kept:  # every n-th becomes channels
        factor = prod([lengths[name] for name in kept])
        return Reach((prod([lengths[name] for name in before[: len(before) - len(kept)]]) - 1) * factor + 1, 1, 0, dilation=factor)
    return whole_side(size)
