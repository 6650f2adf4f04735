"""Rearrangement in the notation of einops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least, divides, equal, exact_div
from cnncalc.layers import operation_types, volume_fields
from cnncalc.layers.contract import NO_WORK, Unlearned, Volume, Work, arg, documented, layer, product
from cnncalc.layers.fields import AXES
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.volume_fields import Pattern


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
            known = product([lengths[name] for name in group if name in lengths])
            for name in group:
                if name not in lengths:
                    lengths[name] = exact_div(size, known)
        return lengths

    @documented("The product of the sizes in each pair of parentheses.")
    def output(self, x: Volume) -> Volume:
        lengths = self.lengths(x)
        return Volume(*[product([lengths[name] for name in group]) for group in self.pattern.after])

    @documented("The pattern has the dimensions of the input, and its sizes multiply to theirs.")
    def requires(self, x: Volume) -> Iterator[Condition]:
        names = (*AXES[x.rank], "channels")
        groups = self.pattern.before
        yield equal(len(groups), len(names), f"the pattern begins with {len(groups)} dimensions, the input {x} has {len(names)}")
        given = dict(self.sizes)
        for group, size, word in zip(groups, x, names, strict=True):
            known = product([given[name] for name in group if name in given])
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
        factor = product([lengths[name] for name in after[len(kept) :]])
        return Reach(factor, 1, 1 - factor, parts=factor)
    if kept == after and before[: len(kept)] == kept:  # blocks of neighbours become channels
        factor = product([lengths[name] for name in before[len(kept) :]])
        return Reach(factor, factor, 0)
    if kept == after and before[len(before) - len(kept) :] == kept:  # every n-th becomes channels
        factor = product([lengths[name] for name in kept])
        return Reach((product([lengths[name] for name in before[: len(before) - len(kept)]]) - 1) * factor + 1, 1, 0, dilation=factor)
    return whole_side(size)
