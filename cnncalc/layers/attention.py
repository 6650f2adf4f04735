"""Attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import at_least, ceil_div, divides, equal
from cnncalc.layers import fields, operation_types
from cnncalc.layers.contract import INPUT, MAP, Layer, Volume, Work, arg, documented, layer, product
from cnncalc.layers.fields import AXES
from cnncalc.layers.window import Reach, whole_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.dims import Condition, Dim

NO_TABLE, TABLE = "none", "table"


@layer("attention", "Attention: for each query, the mean of the values, weighted by the softmax of the query's products with the keys.")
class Attention(Layer):
    several = True
    operation = operation_types.ATTENTION
    keeps = (INPUT, MAP)
    heads: Dim = arg(fields.POSITIVE, "number of heads, each with its share of the channels", symbol="heads", shown="{} heads")
    key_heads: Dim = arg(
        fields.POSITIVE, "heads of the keys and values; fewer are shared", like="heads", symbol="key_heads", shown="{} key heads"
    )
    window: Dim = arg(fields.NATURAL, "size of the windows in which positions attend; 0: all", default=0, symbol="M", shown="window {}")
    shift: Dim = arg(fields.NATURAL, "positions by which the windows are shifted", default=0, shown="shift {}")
    position: str = arg(fields.Choice(NO_TABLE, TABLE), "`table`: a learnable bias per head and relative position", default=NO_TABLE)
    linear: bool = arg(fields.FLAG, "multiplies keys and values first, without a softmax over positions", default=False, shown="linear")

    @documented("The sides of the queries; for each head the channels of its values.")
    def output(self, q: Volume, k: Volume, v: Volume) -> Volume:
        return Volume(*q.sides, self.heads * (v.c // self.key_heads))

    @documented("Queries, keys and values; heads divide the channels; a head has as many channels of the keys as of the queries.")
    def requires(self, *volumes: Volume) -> Iterator[Condition]:
        yield equal(len(volumes), 3, f"attention takes queries, keys and values, found {len(volumes)} input{'s' * (len(volumes) != 1)}")
        q, k, v = (*volumes, *volumes[-1:] * 2)[:3]
        yield divides(self.heads, q.c, f"{self.heads} heads do not divide the {q.c} channels of the queries")
        yield divides(self.key_heads, self.heads, f"{self.key_heads} heads of the keys do not divide the {self.heads} heads")
        yield equal(k.c * self.heads, q.c * self.key_heads, "a head needs as many channels of the keys as of the queries")
        yield divides(self.key_heads, v.c, f"{self.key_heads} heads do not divide the {v.c} channels of the values")
        yield equal(k.places, v.places, "keys and values need the same positions")
        if self.window != 0:
            for side in q.sides:  # a window that is a formula may be 0 for some sizes
                yield at_least(ceil_div(side, self.window), 1, "no window is left")
            yield at_least(self.window - 1, self.shift, f"a shift of {self.shift} is not smaller than the window, {self.window}")
            for one, other, axis in zip(q.sides, k.sides, AXES[q.rank], strict=False):
                yield equal(one, other, f"queries and keys share windows; their {axis}s differ")

    def attended(self, k: Volume) -> Dim:
        """Return the number of positions that a query attends to."""
        return k.places if self.window == 0 else product((self.window,) * k.rank)

    def queries(self, q: Volume) -> Dim:
        """Return the number of queries, with those that fill the last windows."""
        return q.places if self.window == 0 else product(self.window * ceil_div(side, self.window) for side in q.sides)

    @documented("With a table, one bias for each head and each distance between two positions that attend to each other.")
    def weights(self, q: Volume, k: Volume, v: Volume) -> Dim:
        if self.position == NO_TABLE:
            return 0
        sides = k.sides if self.window == 0 else (self.window,) * k.rank
        return self.heads * product(2 * side - 1 for side in sides)

    @documented("None.")
    def biases(self, *volumes: Volume) -> Dim:
        return 0

    @documented("None.")
    def buffers(self, *volumes: Volume) -> Dim:
        return 0

    @documented(
        "Two products for every query, every position that it attends to and every channel: scores, and the mean of the values. "
        "Windows are filled up at the edges. Linear attention multiplies every channel of a head with every other one instead."
    )
    def work(self, q: Volume, k: Volume, v: Volume, y: Volume) -> Work:
        if self.linear:
            products = (q.places + k.places) * (q.c // self.heads) * y.c
            return Work(macs=products, products=products)
        queries, attended = self.queries(q), self.attended(k)
        products = queries * attended * (q.c + y.c)
        return Work(macs=products, products=products, elements=self.map(q, k, v))

    @documented("The map of scores: one number for every head, query and position that it attends to.")
    def map(self, q: Volume, k: Volume, v: Volume) -> Dim:
        return 0 if self.linear else self.heads * self.queries(q) * self.attended(k)

    def reach(self, x: Volume) -> tuple[Reach, ...]:
        """Return the whole input, or at most what windows on both sides of a position cover."""
        if self.window == 0:
            return tuple([whole_side(side) for side in x.sides])
        return (Reach(2 * self.window - 1, 1, 1 - self.window),) * x.rank
