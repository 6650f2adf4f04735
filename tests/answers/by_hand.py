"""Answers worksheets from their text alone: parses layers from sentences and counts positions by brute force."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

SIZE = r"(?P<F>\d+)×(?P=F)"
FILTERS = r"(?:(?P<K>\d+) filters?|one filter) of "
CONVOLUTION = re.compile(
    rf"(?:a|(?P<times>two|three|four)) (?P<kind>stacked convolutions, each|convolution|transposed convolution|depthwise convolution) "
    rf"with {FILTERS}{SIZE}(?: per channel)?, stride (?P<S>\d+)(?:,| and) (?:no padding|padding (?P<P>\d+))"
    r"(?:(?:,| and) dilation (?P<D>\d+))?(?:(?:,| and) (?P<G>\d+) groups)?(?P<no_bias> and no biases)?"
)
POOL = re.compile(
    rf"(?:max|average) pooling with a kernel of {SIZE}(?:,| and) stride (?P<S>\d+)(?: and padding (?P<P>\d+))?(?P<up> \(rounding up\))?"
)
DENSE = re.compile(r"a fully connected layer with (?P<K>\d+) neurons(?P<no_bias> and no biases)?")
NUMBERS = {None: 1, "two": 2, "three": 3, "four": 4}


class Cost(NamedTuple):
    """What layers on the way from the input come to."""

    h: int
    w: int
    c: int
    weights: int = 0
    biases: int = 0
    macs: int = 0
    field: int = 1
    jump: int = 1
    even: bool = True

    @property
    def params(self) -> int:
        return self.weights + self.biases


def starts(size: int, window: int, stride: int, *, up: bool = False, pad: int = 0) -> list[int]:
    """Where windows begin; rounding up, one more where the last begins on the input or its left padding."""
    found = [at for at in range(0, size, stride) if at + window <= size]
    if not found:
        return []
    after = found[-1] + stride
    return [*found, after] if up and found[-1] + window < size and after < size - pad else found


def layer(words: str, x: Cost) -> Cost:
    """One phrase, which has to be understood to its end."""
    if words in ("flattening", "global average pooling"):
        return x._replace(h=1, w=1, c=x.h * x.w * x.c if words == "flattening" else x.c)
    if words == "batch normalization with a scale and a shift per channel":
        return x._replace(weights=x.weights + x.c, biases=x.biases + x.c)
    if found := DENSE.fullmatch(words):
        k = int(found["K"])
        n = x.h * x.w * x.c * k
        return x._replace(h=1, w=1, c=k, weights=x.weights + n, biases=x.biases + k * (not found["no_bias"]), macs=x.macs + n)
    if found := POOL.fullmatch(words):
        f, s, p = int(found["F"]), int(found["S"]), int(found["P"] or 0)
        high, wide = (starts(side + 2 * p, f, s, up=bool(found["up"]), pad=p) for side in (x.h, x.w))
        even = all(each[-1] + f == side + 2 * p for each, side in ((high, x.h), (wide, x.w)))
        return x._replace(h=len(high), w=len(wide), field=x.field + (f - 1) * x.jump, jump=x.jump * s, even=even)
    found = CONVOLUTION.fullmatch(words)
    assert found, words
    f, s, p, d, g = (int(found[name] or default) for name, default in (("F", 1), ("S", 1), ("P", 0), ("D", 1), ("G", 1)))
    for _ in range(NUMBERS[found["times"]]):
        k = int(found["K"]) if found["K"] else x.c
        per_filter = f * f if found["kind"].startswith("depthwise") else f * f * x.c // g
        if found["kind"].startswith("transposed"):
            sides = [len({at * s + offset for at in range(side) for offset in range(f)}) - 2 * p for side in (x.h, x.w)]
            macs, even = per_filter * k * x.h * x.w, True
        else:
            span = d * (f - 1) + 1
            places = [starts(side + 2 * p, span, s) for side in (x.h, x.w)]
            sides = [len(each) for each in places]
            macs = per_filter * k * sides[0] * sides[1]
            even = all(each[-1] + span == side + 2 * p for each, side in zip(places, (x.h, x.w), strict=True))
        biases = 0 if found["no_bias"] else k
        field = x.field + d * (f - 1) * x.jump
        x = Cost(sides[0], sides[1], k, x.weights + per_filter * k, x.biases + biases, x.macs + macs, field, x.jump * s, even)
    return x


def row(words: str, x: Cost) -> Cost:
    """Layers one after the other."""
    for each in words.split(", then "):
        x = layer(each, x)
    return x


def worked_out(ask: str) -> Cost | None:
    """What a question's layers come to; None where it does not describe any."""
    found = re.search(r"(?:^| is |\. )(?P<layer>[^.]*?)(?:\. It)? is applied to an? (\d+)×(\d+)×(\d+) input", ask)
    if found:
        words = found["layer"].rpartition(" is ")[2]
        h, w, c = (int(each) for each in found.groups()[1:])
        return layer(words[:1].lower() + words[1:], Cost(h, w, c))
    found = re.match(r"An? (\d+)×(\d+)×(\d+) input goes through ([^.]*)\.", ask)
    if not found:
        return None
    h, w, c = (int(each) for each in found.groups()[:3])
    x, words = Cost(h, w, c), found[4]
    if words.startswith("a module of "):
        branches = [row(each, x) for each in words.partition(": ")[2].split("; ")]
        depth, weights, biases, macs = (sum(each[i] for each in branches) for i in range(2, 6))
        return Cost(branches[0].h, branches[0].w, depth, weights, biases, macs)
    if words.startswith("a residual unit: "):
        return row(words.removeprefix("a residual unit: ").partition(";")[0], x)
    return row(words, x)


def answer(ask: str, quantity: str) -> Fraction | tuple[int, int, int] | bool | None:
    """The answer to a question with numbers in it."""
    cost = worked_out(ask)
    if cost is None:
        return None
    batch = re.search(r"for a batch of (\d+) images", ask)
    images = int(batch[1]) if batch else 1
    elements = cost.h * cost.w * cost.c
    values: dict[str, int | tuple[int, int, int] | bool] = {
        "output": (cost.h, cost.w, cost.c),
        "params": cost.params,
        "weights": cost.weights,
        "macs": cost.macs,
        "flops": 2 * cost.macs,
        "activations": elements,
        "memory": 4 * elements * images,
        "receptive_field": cost.field,
        "fits": cost.even,
    }
    found = values[quantity]
    return found if isinstance(found, (bool, tuple)) else Fraction(found)
