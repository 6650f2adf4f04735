"""Attention against nested loops, its conditions, and what papers print."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers import KINDS, Volume
from cnncalc.study.memory.peak import MemoryOptions, memory
from tests.spec_text import layers, problems

ATTENTION = KINDS["attention"]


@given(
    queries=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    keys=st.integers(1, 5),
    heads=st.sampled_from((1, 2, 4)),
    shared=st.sampled_from((1, 2)),
    channels=st.integers(1, 3),
    values=st.integers(1, 3),
)
def test_products_are_those_of_loops(queries: list[int], keys: int, heads: int, shared: int, channels: int, values: int) -> None:
    key_heads = max(1, heads // shared)
    q = Volume(*queries, heads * channels)
    k, v = Volume(keys, key_heads * channels), Volume(keys, key_heads * values)
    layer = ATTENTION(heads=heads, key_heads=key_heads).for_rank(q.rank)
    assert all(condition.holds for condition in layer.requires(q, k, v))
    y = layer.output(q, k, v)
    assert y == Volume(*queries, heads * values)
    scores = products = 0
    for _head, _query, _key in product(range(heads), range(prod(queries)), range(keys)):
        scores += 1
        products += channels + values  # the score, and its share of the mean
    work = layer.work(q, k, v, y)
    assert (work.macs, work.products, work.elements) == (products, products, scores)


@given(side=st.integers(1, 9), window=st.integers(1, 4), heads=st.sampled_from((1, 2)))
def test_products_in_windows_are_those_of_loops(side: int, window: int, heads: int) -> None:
    x = Volume(side, side, 2 * heads)
    layer = ATTENTION(heads=heads, window=(window, window))
    products = 0
    for _row, _column in product(range(0, side, window), repeat=2):  # the last windows are filled up
        positions = list(product(range(window), repeat=2))
        products += sum(4 for _head, _query, _key in product(range(heads), positions, positions))
    assert layer.work(x, x, x, x).products == products


@given(side=st.integers(1, 5), channels=st.integers(1, 3), values=st.integers(1, 3), heads=st.sampled_from((1, 2)))
def test_linear_attention_multiplies_keys_and_values_first(side: int, channels: int, values: int, heads: int) -> None:
    q, v = Volume(side, heads * channels), Volume(side, heads * values)
    layer = ATTENTION(heads=heads, linear=True)
    products = sum(2 for _head, _position, _channel, _value in product(range(heads), range(side), range(channels), range(values)))
    assert layer.work(q, q, v, layer.output(q, q, v)).products == products


@given(
    sides=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    windows=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    heads=st.sampled_from((1, 2)),
    channels=st.integers(1, 3),
    cosine=st.booleans(),
    position=st.sampled_from(("none", "table", "distances", "vectors")),
)
def test_windows_and_positions_along_each_side(
    sides: list[int], windows: list[int], heads: int, channels: int, cosine: bool, position: str
) -> None:
    """Every query of every window, one after the other, with the distances to the positions that it sees."""
    x = Volume(*sides, heads * channels)
    window = tuple(windows[: x.rank])
    layer = ATTENTION(heads=heads, window=window, cosine=cosine, position=position).for_rank(x.rank)
    assert all(condition.holds for condition in layer.requires(x, x, x))
    seen = [size or side for size, side in zip(window, sides, strict=True)]
    signed, unsigned, along_a_side = set(), set(), set()
    macs = products = scores = 0
    for _start in product(*[range(0, side, size) for side, size in zip(sides, seen, strict=True)]):
        for query, key in product(product(*map(range, seen)), repeat=2):
            distances = [one - other for one, other in zip(query, key, strict=True)]
            signed.add(tuple(distances))
            unsigned.add(tuple(map(abs, distances)))
            along_a_side |= set(enumerate(distances))
            products += 2 * heads * channels
            scores += heads
    macs = products
    if position == "vectors":  # each query once with each vector
        macs += scores // prod(seen) * channels * len(along_a_side)
    work = layer.work(x, x, x, x)
    assert (work.macs, work.products, work.elements) == (macs, products, scores + 2 * x.size * cosine)
    assert layer.map(x, x, x) == scores  # type: ignore[attr-defined]  # attention has it
    entries = {"none": 0, "table": heads * len(signed), "distances": heads * len(unsigned), "vectors": channels * len(along_a_side)}
    assert layer.weights(x, x, x) == entries[position] + heads * cosine


@given(side=st.integers(1, 5), channels=st.integers(1, 3), heads=st.sampled_from((1, 2)))
def test_normalized_linear_attention_has_one_more_value(side: int, channels: int, heads: int) -> None:
    x, ones = Volume(side, heads * channels), Volume(side, heads * (channels + 1))
    normalized, plain = ATTENTION(heads=heads, linear=True, normalized=True), ATTENTION(heads=heads, linear=True)
    assert normalized.work(x, x, x, x).products == plain.work(x, x, ones, ones).products
    assert normalized.work(x, x, x, x).elements == x.size


@pytest.mark.parametrize(
    ("input", "steps", "products", "weights"),
    [
        ("197x768", "[{conv: 2304}, {split: 3}, {attention: 12}]", 59_610_624, 0),  # ViT-B/16, a block
        ("56x56x96", "[{conv: 288}, {split: 3}, {attention: 3, window: 7, shift: 3, position: table}]", 29_503_488, 507),  # Swin-T
    ],
)
def test_a_block_of_a_published_network(input: str, steps: str, products: int, weights: int) -> None:
    row = layers(steps, input).rows[-1]
    assert (row.products, row.macs, row.weights) == (products, products, weights)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{attention: 2}", "1: attention takes queries, keys, values and perhaps a bias, found 1 input"),
        ("{attention: 3, from: [input, input, input]}", "3 heads do not divide the 8 channels of the queries"),
        ("{attention: 2, key_heads: 4, from: [input, input, input]}", "4 heads of the keys do not divide the 2 heads"),
        ("{attention: 2, key_heads: 1, from: [input, input, input]}", "a head needs as many channels of the keys as of the queries"),
        ("{attention: 2, window: 2, shift: 2, from: [input, input, input]}", "a shift of 2 is not smaller than the window, 2"),
        ("{attention: 2, window: [0, 2], shift: [0, 2], from: [input, input, input]}", "a shift of 2 is not smaller than the window, 2"),
        (
            "{attention: 2, window: [1, 2, 3], from: [input, input, input]}",
            "window: expected one number, or 2 (height, width), found [1, 2, 3]",
        ),
        ("{attention: 2, normalized: true, from: [input, input, input]}", "only linear attention is normalized"),
        ("{attention: 2, from: [input, input, input, input]}", "the bias needs the shape 7×7×2: one number per relative position and head"),
        ("{attention: 2, from: [input, input, input, input, input]}", "queries, keys, values and perhaps a bias, found 5 inputs"),
    ],
)
def test_what_does_not_fit(step: str, message: str) -> None:
    (problem,) = problems(f"input: 4x4x8\nlayers: [{step}]")
    assert message.removeprefix("1: ") in problem


def test_training_keeps_the_map() -> None:
    found = memory(layers("[{conv: 12}, {split: 3}, {attention: 2}]", "16x4"), MemoryOptions(reuse=False))
    assert found.training is not None
    assert {entry.name: entry.values for entry in found.training.entries}["attention maps"] == 2 * 16 * 16
