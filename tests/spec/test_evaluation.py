"""Arithmetic is done within limits: what reading a value costs, and where lists of lists end."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.dims import symbol
from cnncalc.layers import Volume
from cnncalc.spec.evaluation import cost
from cnncalc.spec.expressions import Word
from tests.spec_text import problems, report

H, W = symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("value", "operations"),
    [
        (7, 0),
        (2**2047, 64),
        (Fraction(1, 3), 20),
        (Fraction(1, 3**1000), 20 + 1586 // 12),
        (H * W + 1, 0),  # counted by the formula itself
        (Word("relu"), 0),
        (True, 0),
        ([1] * 1000, 500),
        ([Word("relu")] * 10, 100),
        ([Fraction(1, 2)] * 10, 300),
        ([[1] * 10] * 10, 150),
        (Volume(H, W, 3), 0),
    ],
)
def test_what_reading_a_value_costs(value: Any, operations: int) -> None:
    assert cost(value) == operations


def test_layers_without_names_are_worked_out_within_limits_too() -> None:
    steps = "".join(f"{{conv: len(range({i}))}}, " for i in range(9_000, 9_999))
    (message,) = problems(f"input: 8x8x4\nlayers: [{steps}]")
    assert message.endswith("operations")


def doubling(levels: int) -> str:
    return "  p0: [1, 1]\n" + "".join(f"  p{i}: [p{i - 1}, p{i - 1}]\n" for i in range(1, levels))


def test_lists_of_lists_do_not_grow_without_end() -> None:
    assert problems(f"input: 8x8x4\nlayers: [relu]\nparams:\n{doubling(40)}") == ["17:8: a list of more than 10,003 items"]
    report(f"input: 8x8x4\nlayers: [relu]\nparams:\n{doubling(12)}").as_dict()


def test_lists_of_lists_are_not_too_deep() -> None:
    deep = "  p0: [1]\n" + "".join(f"  p{i}: [p{i - 1}]\n" for i in range(1, 5_000))
    assert problems(f"input: 8x8x4\nlayers: [relu]\nparams:\n{deep}") == ["104:9: lists nested more than 100 deep"]


def test_a_long_list_in_a_file_is_no_long_list_of_arithmetic() -> None:
    connections = ", ".join(f"[{i % 4}]" for i in range(12_000))
    found = report(f"input: 8x8x4\nlayers: [{{conv: 12000, connections: [{connections}]}}]")
    assert found.total.weights == 12_000
    rows = ", ".join("[1, 3]" for _ in range(6_000))
    assert len(report(f"input: 8x8x4\nlayers: [{{each: [a, b], in: [{rows}], do: {{conv: a, kernel: b, pad: 1}}}}]").rows) == 6_001


def test_many_names_take_no_squares_of_time() -> None:
    names = ", ".join(f"a{i}: 1" for i in range(9_000))
    each = ", ".join(f"b{i}" for i in range(60_000))
    text = (
        f"input: 8x8x4\nparams: {{{names}}}\nblocks: {{b: {{args: {{{names}}}, layers: [relu]}}}}\n"
        f"layers: [{{b: , {names.partition(', ')[2]}}}, {{each: [{each}], in: [], do: relu}}]"
    )
    assert len(report(text).rows) == 2
