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
    layer = ATTENTION(heads=heads, key_heads=key_heads)
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
    layer = ATTENTION(heads=heads, window=window)
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
        ("{attention: 2}", "1: attention takes queries, keys and values, found 1 input"),
        ("{attention: 3, from: [input, input, input]}", "3 heads do not divide the 8 channels of the queries"),
        ("{attention: 2, key_heads: 4, from: [input, input, input]}", "4 heads of the keys do not divide the 2 heads"),
        ("{attention: 2, key_heads: 1, from: [input, input, input]}", "a head needs as many channels of the keys as of the queries"),
        ("{attention: 2, window: 2, shift: 2, from: [input, input, input]}", "a shift of 2 is not smaller than the window, 2"),
    ],
)
def test_what_does_not_fit(step: str, message: str) -> None:
    (problem,) = problems(f"input: 4x4x8\nlayers: [{step}]")
    assert message.removeprefix("1: ") in problem


def test_training_keeps_the_map() -> None:
    found = memory(layers("[{conv: 12}, {split: 3}, {attention: 2}]", "16x4"), MemoryOptions(reuse=False))
    assert found.training is not None
    assert {entry.name: entry.values for entry in found.training.entries}["attention maps"] == 2 * 16 * 16
