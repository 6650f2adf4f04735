"""Hostile networks end in an error, in bounded time and memory."""

from __future__ import annotations

import pytest

from tests.spec_text import problems


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("[{conv: 3, repeat: 10 ** 12}]", "2:28: repeat: expected a whole number from 0 to 100,000, found 1000000000000"),
        ("[{conv: 3, repeat: -1}]", "2:28: repeat: expected a whole number from 0 to 100,000, found -1"),
        ("[{conv: 3, repeat: 1 / 2}]", "2:28: repeat: expected a whole number from 0 to 100,000, found 1/2"),
        ("[{conv: 9 ** 9 ** 9}]", "2:19: a number of more than 4,096 bits"),
        ("[{each: x, in: range(100000), do: []}]", "2:24: a list of more than 10,000 items"),
        ("[{split: 10 ** 12}]", "2:18: parts: expected a whole number from 1 to 1,000, found 1000000000000"),
        ("[{adaptivepool: 1001}]", "2:25: size: expected a whole number from 1 to 1,000, or [height, width], found 1001"),
        ("[{conv: 10 ** 19}]", "2:17: filters: a number of more than 18 digits: 10000000000000000000"),
        ("[{upsample: 10 ** 17}, {upsample: 10 ** 17}]", "2:32: upsample2: a side of the output is larger than 1,000,000,000,000,000,000"),
        ("[{upsample: 2, repeat: 10000}]", "2:11: upsample57: a side of the output is larger than 1,000,000,000,000,000,000"),
    ],
)
def test_numbers_that_are_too_large(steps: str, message: str) -> None:
    assert problems(f"input: 8x8x4\nlayers: {steps}") == [message]


@pytest.mark.parametrize(
    "steps",
    [
        "[{repeat: 100000, do: [{relu: , when: false, repeat: 100000}]}]",
        "[{repeat: 100000, do: [{repeat: 100000, do: []}]}]",
        "[{repeat: 100000, do: [{each: x, in: range(10000), do: {side: []}}]}]",
    ],
)
def test_steps_that_leave_nothing_are_counted_too(steps: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.graph.build.STEPS", 10_000)
    assert [message.partition(": ")[2] for message in problems(f"input: 8x8x4\nlayers: {steps}")] == ["more than 10,000 steps"]


def test_a_network_of_many_layers() -> None:
    assert problems("input: 8x8x4\nlayers: [{repeat: 1000, do: [{relu: , repeat: 1000}]}]") == ["2:31: more than 200,000 layers"]


@pytest.mark.parametrize(
    "blocks",
    [
        "{a: {layers: [{a: }]}}",
        "{a: {layers: [relu, {add: [{a: }, {a: }]}]}}",
        "{a: {layers: [{b: }]}, b: {layers: [{do: [{side: [{a: }]}]}]}}",
    ],
)
def test_a_block_that_never_ends(blocks: str) -> None:
    (message,) = problems(f"input: 8x8x4\nblocks: {blocks}\nlayers: [{{a: }}]")
    assert message.endswith("steps nested more than 100 deep")


def test_a_block_that_doubles_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.graph.build.STEPS", 10_000)
    (message,) = problems(
        "input: 8x8x4\nblocks: {a: {args: {n: }, layers: [{when: n > 0, do: [{a: n - 1}, {a: n - 1}]}]}}\nlayers: [{a: 40}]"
    )
    assert message.endswith("more than 10,000 steps")


def test_many_volumes_side_by_side() -> None:
    many = ", ".join(["s"] * 20)
    assert problems(f"input: 8x8x1000\nlayers: [{{split: 1000, name: s}}, {{concat: , from: [{many}]}}]") == [
        "2:35: more than 10,000 volumes side by side"
    ]


def test_formulas_that_grow_too_long() -> None:
    (message,) = problems("input: HxWxC\nlayers: [{concat: [identity, {conv: in.c * (in.c + H)}], repeat: 60}]")
    assert "formula" in message or "number" in message


def test_volumes_whose_formulas_grow_too_long() -> None:
    (message,) = problems("input: 8x8x4\nparams: {K: }\nlayers: [{upsample: K, repeat: 2000}]")
    assert message.startswith("3:11: upsample")
    assert "formula" in message


def test_a_window_that_depends_on_how_large_symbols_are() -> None:
    (message,) = problems("input: HxWx4\nparams: {F: , P: }\nlayers: [{maxpool: F, stride: 2, pad: P, round: ceil}]")
    assert message.startswith("3:11: maxpool1: ")
    assert message.endswith("cannot be decided for all F, H, P")
