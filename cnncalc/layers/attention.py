"""Attention."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.dims import at_least, ceil_div, divides, equal
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, MAP, Layer, Volume, Work, arg, documented, layer
from cnncalc.layers.fields import AXES
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim

NO_POSITION, TABLE, DISTANCES, VECTORS = "none", "table", "distances", "vectors"


@layer("attention", "Attention: for each query, the mean of the values, weighted by the softmax of the query's products with the keys.")
class Attention(Layer):
    several = True
    operation = operation_types.ATTENTION
    keeps = (INPUT, MAP)
    heads: Dim = arg(fields.POSITIVE, "number of heads, each with its share of the channels", symbol="heads", shown="{} heads")
    key_heads: Dim = arg(
        fields.POSITIVE, "heads of the keys and values; fewer are shared", like="heads", symbol="key_heads", shown="{} key heads"
    )
    window: tuple[Dim, ...] = arg(
        fields.EXTRA, "size of the windows in which positions attend; 0: the whole side", default=0, symbol="M", shown="window {}"
    )
    shift: tuple[Dim, ...] = arg(fields.EXTRA, "positions by which the windows are shifted", default=0, shown="shift {}")
    position: str = arg(
        fields.Choice(NO_POSITION, TABLE, DISTANCES, VECTORS),
        "learned per relative position: `table`, a bias per head; `distances`, the same without signs; `vectors`, keys for each side",
        default=NO_POSITION,
        shown="{}",
    )
    cosine: bool = arg(fields.FLAG, "compares directions: cosines, times a learnable factor per head", default=False, shown="cosine")
    linear: bool = arg(fields.FLAG, "multiplies keys and values first, without a softmax over positions", default=False, shown="linear")
    normalized: bool = arg(fields.FLAG, "with `linear`: divides by the sum of the products", default=False, shown="normalized")

    @documented("The sides of the queries; for each head the channels of its values.")
    def output(self, q: Volume, k: Volume, v: Volume, *bias: Volume) -> Volume:
        return Volume(*q.sides, self.heads * (v.c // self.key_heads))

    @documented(
        "Queries, keys and values, perhaps a bias; heads divide the channels; a head has as many channels of the keys as of the queries."
    )
    def requires(self, *volumes: Volume) -> Iterator[Condition]:
        inputs = f"{len(volumes)} input{'s' * (len(volumes) != 1)}"
        yield at_least(int(len(volumes) in (3, 4)), 1, f"attention takes queries, keys, values and perhaps a bias, found {inputs}")
        q, k, v = (*volumes, *volumes[-1:] * 2)[:3]
        yield divides(self.heads, q.c, f"{self.heads} heads do not divide the {q.c} channels of the queries")
        yield divides(self.key_heads, self.heads, f"{self.key_heads} heads of the keys do not divide the {self.heads} heads")
        yield equal(k.c * self.heads, q.c * self.key_heads, "a head needs as many channels of the keys as of the queries")
        yield divides(self.key_heads, v.c, f"{self.key_heads} heads do not divide the {v.c} channels of the values")
        yield equal(k.places, v.places, "keys and values need the same positions")
        if self.has_windows:
            yield equal(k.rank, q.rank, "queries and keys share windows; their numbers of sides differ")
            for one, other, axis in zip(q.sides, k.sides, AXES[q.rank], strict=False):
                yield equal(one, other, f"queries and keys share windows; their {axis}s differ")
        for side, window, shift in zip(q.sides, self.window, self.shift, strict=True):
            if window != 0:  # a window that is a formula may be 0 for some sizes
                yield at_least(ceil_div(side, window), 1, "no window is left")
                yield at_least(window - 1, shift, f"a shift of {shift} is not smaller than the window, {window}")
        yield at_least(int(self.linear or not self.normalized), 1, "only linear attention is normalized")
        for bias in volumes[3:4]:
            shape = Volume(*[2 * side - 1 for side in self.seen(k)], self.heads)
            yield equal(bias.rank, k.rank, f"the bias needs the shape {shape}")
            for one, other in zip(bias, shape, strict=False):
                yield equal(one, other, f"the bias needs the shape {shape}: one number per relative position and head")

    @property
    def has_windows(self) -> bool:
        """Whether positions attend in windows, along any side."""
        return any(window != 0 for window in self.window)

    def seen(self, k: Volume) -> tuple[Dim, ...]:
        """Return the sides of the region that a query attends to."""
        if not self.has_windows:  # the keys may have other numbers of sides than the queries
            return k.sides
        return tuple([side if window == 0 else window for side, window in zip(k.sides, self.window, strict=True)])

    def queries(self, q: Volume) -> Dim:
        """Return the number of queries, with those that fill the last windows."""
        return prod(side if window == 0 else window * ceil_div(side, window) for side, window in zip(q.sides, self.window, strict=True))

    @documented(
        "A table: one bias for each head and each distance between two positions that attend to each other. Distances: the same "
        "without signs. Vectors: for each side and distance, the channels of one head. Cosines: one factor per head."
    )
    def weights(self, q: Volume, k: Volume, v: Volume, *bias: Volume) -> Dim:
        sides = self.seen(k)
        learned: Dim = self.heads if self.cosine else 0
        if self.position == TABLE:
            learned = learned + self.heads * prod(2 * side - 1 for side in sides)
        elif self.position == DISTANCES:
            learned = learned + self.heads * prod(sides)
        elif self.position == VECTORS:
            learned = learned + (q.c // self.heads) * sum(2 * side - 1 for side in sides)
        return learned

    @documented("None.")
    def biases(self, *volumes: Volume) -> Dim:
        return 0

    @documented("None.")
    def buffers(self, *volumes: Volume) -> Dim:
        return 0

    @documented(
        "Two products for every query, every position that it attends to and every channel: scores, and the mean of the values. "
        "Windows are filled up at the edges. Linear attention multiplies every channel of a head with every other one instead; "
        "to normalize, it has one more value per head. Queries times learned vectors are MACs, but no products of activations."
    )
    def work(self, q: Volume, k: Volume, v: Volume, *volumes: Volume) -> Work:
        y = volumes[-1]
        norms = q.size + k.size if self.cosine else 0
        if self.linear:
            sums, quotients = (self.heads, y.size) if self.normalized else (0, 0)
            products = (q.places + k.places) * (q.c // self.heads) * (y.c + sums)
            return Work(macs=products, products=products, elements=norms + quotients)
        products = self.queries(q) * prod(self.seen(k)) * (q.c + y.c)
        positions = self.queries(q) * q.c * sum(2 * side - 1 for side in self.seen(k)) if self.position == VECTORS else 0
        return Work(macs=products + positions, products=products, elements=norms + self.map(q, k, v))

    @documented("The map of scores: one number for every head, query and position that it attends to.")
    def map(self, q: Volume, k: Volume, v: Volume, *bias: Volume) -> Dim:
        return 0 if self.linear else self.heads * self.queries(q) * prod(self.seen(k))

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the whole input, or at most what windows on both sides of a position cover."""
        return tuple(
            [
                whole_side(side) if window == 0 else Reach(2 * window - 1, 1, 1 - window)
                for side, window in zip(x.sides, self.window, strict=True)
            ]
        )
