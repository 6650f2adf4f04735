"""Rearranging, resizing and local layers against brute force: elements moved one by one, weights counted in nested loops."""

from __future__ import annotations

from itertools import product
from math import floor, prod
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.layers import KINDS, FieldError, Volume
from tests.layers.test_brute_force import made

if TYPE_CHECKING:
    from cnncalc.layers import Layer

PATTERNS: list[tuple[str, dict[str, int], tuple[int, ...]]] = [
    ("h w (g c) -> h w (c g)", {"g": 2}, (3, 2, 4)),
    ("h w c -> w h c", {}, (3, 2, 4)),
    ("h w c -> (h w) c", {}, (3, 2, 4)),
    ("(h w) c -> h w c", {"h": 3}, (6, 2)),
    ("(h a) (w b) c -> h w (a b c)", {"a": 2, "b": 3}, (4, 6, 2)),
    ("(a h) (b w) c -> h w (a b c)", {"a": 2, "b": 3}, (4, 6, 2)),
    ("h w (a b c) -> (h a) (w b) c", {"a": 2, "b": 2}, (2, 3, 8)),
    ("(h p) (w q) c -> (h w) (p q) c", {"p": 2, "q": 2}, (4, 4, 3)),
    ("l c -> c l", {}, (5, 3)),
    ("h w c -> 1 (h w c)", {}, (2, 2, 3)),
]


def rearrangement(pattern: str, sizes: dict[str, int]) -> Layer:
    fields = KINDS["rearrange"].fields
    return KINDS["rearrange"](pattern=fields["pattern"].type.read(pattern), sizes=fields["sizes"].type.read([*sizes.items()]))


def moved(layer: Any, x: Volume) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Each place of the output, with the place that its element has in the input, by counting through the names."""
    lengths = {name: int(size) for name, size in layer.lengths(x).items()}
    found = {}
    for values in product(*(range(size) for size in lengths.values())):
        at = dict(zip(lengths, values, strict=True))
        places = []
        for half in layer.pattern:
            place = []
            for group in half:
                index = 0
                for name in group:
                    index = index * lengths[name] + at[name]
                place.append(index)
            places.append(tuple(place))
        found[places[1]] = places[0]
    return found


@pytest.mark.parametrize(("pattern", "sizes", "shape"), PATTERNS, ids=[pattern for pattern, _, _ in PATTERNS])
def test_every_element_is_moved_once(pattern: str, sizes: dict[str, int], shape: tuple[int, ...]) -> None:
    x = Volume(*shape)
    layer = rearrangement(pattern, sizes)
    assert all(condition.holds for condition in layer.requires(x))
    y = layer.output(x)
    found = moved(layer, x)
    assert len(found) == len(set(found.values())) == prod(shape) == y.size
    assert all(index < size for place in found for index, size in zip(place, y, strict=True))
    reach = layer.reach(x)
    assert reach is not None
    if y.rank == x.rank:
        for out, source in found.items():
            for side in range(x.rank):
                assert source[side] in reach[side].seen(out[side])


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("h w c", "expected dimensions before and after"),
        ("h w c -> h w", "c is on one side of the pattern only"),
        ("h h c -> h c", "h is named twice"),
        ("h w (c -> h w c", "is not a name"),
        ("a b c d e -> a b c d e", "the pattern has 5 dimensions"),
    ],
)
def test_patterns_that_are_refused(pattern: str, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        KINDS["rearrange"].fields["pattern"].type.read(pattern)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from([("nearest", 0), ("bilinear", 1), ("bicubic", 2)]))
def test_the_neighbours_of_an_interpolation(size: int, count: int, mode: tuple[str, int]) -> None:
    """PyTorch: nearest takes ⌊i·size/count⌋; the others the 2 or 4 units around (i + 1/2)·size/count − 1/2."""
    from fractions import Fraction

    name, reaches = mode
    (reach,) = made("resize", to=[count], mode=name).reach(Volume(size, 1))  # type: ignore[misc]  # there is one
    for i in range(count):
        seen = set(reach.seen(i))
        place = Fraction((2 * i + 1) * size, 2 * count) - Fraction(1, 2)
        if not reaches:
            needed = {i * size // count}
        elif place.denominator == 1:
            needed = {int(place)}
        else:
            needed = set(range(floor(place) - reaches + 1, floor(place) + reaches + 1))
        assert needed <= seen
        assert len(seen) <= max(2 * reaches, 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), st.integers(0, 1), st.booleans())
def test_weights_of_a_local_layer(height: int, width: int, channels: int, filters: int, kernel: int, pad: int, bias: bool) -> None:
    """A weight for every multiplication: no two positions share one."""
    layer = made("local", filters=filters, kernel=[kernel, 1], pad=[pad, 0], bias=bias)
    x = Volume(height, width, channels)
    if height + 2 * pad < kernel:
        assert not all(condition.holds for condition in layer.requires(x))
        return
    uses = list(product(range(height + 2 * pad - kernel + 1), range(width), range(filters), range(kernel), range(channels)))
    y = layer.output(x)
    assert layer.weights(x) == layer.work(x, y).macs == len(uses)
    assert layer.biases(x) == (y.size if bias else 0)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 7, 8, 16, 31, 32, 64, 255, 256, 512, 1024, 2048, 4096])
def test_the_kernel_of_eca(channels: int) -> None:
    """As the paper's code: t = int(|(log2 C + 1) / 2|), and t + 1 where t is even."""
    from math import log2

    t = int(abs((log2(channels) + 1) / 2))
    assert made("eca").weights(Volume(1, 1, channels)) == (t if t % 2 else t + 1)
