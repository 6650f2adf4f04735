"""A kernel along one axis: output size, padding and unused input."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, NamedTuple, cast

from cnncalc.dims import Inconclusive, Poly, ceil_div, larger, one_part, smaller, symbol
from cnncalc.dims.arithmetic import value_of
from cnncalc.layers.fields import CAUSAL, Padding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from cnncalc.dims import Dim


ZEROS = "zeros ahead"  # prefix of the symbols for unknown padding; symbols of a file have no spaces


class Reach(NamedTuple):
    """The input region that each output unit depends on, along one axis.

    A window of `span` units, every `dilation`-th of which counts, starts at `start` and moves by `stride` over the input with
    `parts` - 1 zeros inserted between neighbours (1 part: none). None for numbers that depend on the values of symbols.
    """

    span: Dim | None
    stride: Dim | None
    start: Dim | None
    dilation: Dim = 1
    parts: Dim = 1

    @property
    def extent(self) -> Dim | None:
        """Input units from the first to the last that an output unit depends on, for the unit with the most."""
        return None if self.span is None else self.span if self.parts == 1 else ceil_div(self.span, self.parts)

    @property
    def step(self) -> Dim | Fraction | None:
        """Input units between neighbouring output units, on average."""
        if self.stride is None or self.parts == 1:
            return self.stride
        return self.stride * one_part(self.parts)  # type: ignore[operator]  # the parts of a traced size are traced too

    @property
    def gapless(self) -> bool:
        """Whether every output unit depends on at least one input unit, despite inserted zeros."""
        return bool(self.parts == 1 or (self.dilation == 1 and self.span is not None and self.span >= self.parts))

    @property
    def gap(self) -> int:
        """The distance between the input units that an output unit depends on."""
        _, _, _, dilation, parts = cast("tuple[int, ...]", self)  # callers have numbers
        return dilation // gcd(dilation, parts)

    def seen(self, unit: int) -> range:
        """Return the input units of an output unit; those outside the input are padding."""
        span, stride, start, dilation, parts = cast("tuple[int, ...]", self)  # the same
        first = start + unit * stride
        if parts > 1:
            common = gcd(dilation, parts)
            if first % common:
                return range(0)
            cycle = parts // common  # one in so many window elements is not an inserted zero
            zeros = -first // common * pow(dilation // common, -1, cycle) % cycle
            return range((first + zeros * dilation) // parts, (first + span - 1) // parts + 1, dilation // common)
        return range(first, first + span, dilation)

    def ends(self, units: int) -> list[tuple[int, int]]:
        """Return the first input unit and the one after the last, for each output unit."""
        span, stride, start, _, parts = cast("tuple[int, ...]", self)  # numbers, or formulas if there is 1 part
        if parts == 1:
            return [(start + unit * stride, start + unit * stride + span) for unit in range(units)]
        return [(seen.start, seen[-1] + 1 if seen else seen.start) for seen in map(self.seen, range(units))]


OPEN = Reach(None, None, None)


class Window(NamedTuple):
    """A kernel along one side. With a word as `padding` the padding follows from the sizes; `before` and `after` are not used."""

    kernel: Dim
    stride: Dim
    before: Dim
    after: Dim
    dilation: Dim
    ceil: bool
    padding: str = ""  # SAME, CAUSAL, or nothing

    @property
    def span(self) -> Dim:
        """The input elements from the kernel's first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    def room(self, size: Dim) -> Dim:
        """Return how far the kernel can move over the padded input."""
        return size - self.span + (self.before + self.after)

    def places(self, size: Dim) -> Dim:
        """Return the number of kernel positions: the output size."""
        if self.padding:
            return ceil_div(size, self.stride)
        if self.ceil:
            # The last position may extend past the edge, but must start inside the input or the padding before it.
            return smaller(ceil_div(self.room(size), self.stride), (size + self.before - 1) // self.stride) + 1
        return self.room(size) // self.stride + 1

    def remainder(self, size: Dim) -> Dim:
        """Return the input elements left over after the last full step; 0 if the kernel divides the input evenly."""
        return 0 if self.padding else self.room(size) % self.stride

    def lost(self, size: int) -> int:
        """Return the input elements after the last position that one more step would use; 0 if only padding is unused."""
        end = (self.places(size) - 1) * self.stride + self.span - self.before
        past = size - end
        return (
            past if isinstance(past, int) and past > max(self.stride - self.span, 0) else 0
        )  # elements between positions are skipped anyway

    def zeros_before(self, size: Dim) -> Dim:
        """Return the padding before the first element; TensorFlow's `same` puts the smaller half there."""
        if not self.padding:
            return self.before
        if self.padding == CAUSAL:
            return self.span - 1
        lacking = (self.places(size) - 1) * self.stride + self.span - size
        return larger(lacking, 0) // 2

    def reach(self, size: Dim) -> Reach:
        """Return the input region. Padding without a formula gets a symbol, so that the branches after it can be compared."""
        try:
            before = self.zeros_before(size)
        except Inconclusive:
            scope = next(each.scope for each in map(value_of, (size, self.span, self.stride)) if isinstance(each, Poly))
            before = symbol(f"{ZEROS} for {self.span}/{self.stride} on {size}", scope) - 1  # a symbol is at least 1, this at least 0
        return Reach(self.span, self.stride, -before, self.dilation)

    def would_fit(self, size: int) -> Iterator[str]:
        """Yield the nearest input size, and the padding, with which the kernel would divide the input evenly."""
        rest = self.remainder(size)
        if isinstance(rest, int) and rest and isinstance(self.stride, int):
            yield str(size + self.stride - rest)
            if self.before == self.after:
                for more in range(1, self.stride + 1):
                    if (rest + 2 * more) % self.stride == 0:
                        yield f"pad {self.before + more}"
                        break


def windows(
    kernel: tuple[Dim, ...],
    stride: tuple[Dim, ...],
    pad: Padding | str,
    dilation: tuple[Dim, ...] = (),
    *,
    ceil: bool = False,
) -> tuple[Window, ...]:
    """Return the kernel along each side."""
    pairs = [(0, 0)] * len(kernel) if isinstance(pad, str) else pad.pairs
    padding = pad if isinstance(pad, str) else ""
    return tuple(
        [
            Window(k, s, before, after, d, ceil, padding)
            for k, s, (before, after), d in zip(kernel, stride, pairs, dilation or (1,) * len(kernel), strict=True)
        ]
    )


def whole_side(size: Dim) -> Reach:
    """Return a region that is the whole input, with a single position."""
    return Reach(size, 0, 0)
