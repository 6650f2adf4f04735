"""Hostile networks end in an error, in bounded time and memory."""

from __future__ import annotations

import inspect
import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cnncalc.errors import SpecError
from cnncalc.graph.build import build
from cnncalc.limits import Limits
from tests.cli.run import run
from tests.spec_text import paths, problems, report, setting

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("[{conv: 3, repeat: 10 ** 12}]", "2:28: repeat: expected a whole number from 0 to 10,000, found 1000000000000"),
        ("[{conv: 3, repeat: -1}]", "2:28: repeat: expected a whole number from 0 to 10,000, found -1"),
        ("[{conv: 3, repeat: 1 / 2}]", "2:28: repeat: expected a whole number from 0 to 10,000, found 1/2"),
        ("[{conv: 3, repeat: 1 / 0}]", "2:30: division by zero"),
        ("[{conv: 9 ** 9 ** 9}]", "2:19: a number of more than 2,048 bits"),
        ("[{each: x, in: range(100000), do: []}]", "2:24: a list of more than 10,000 items"),
        ("[{split: 10 ** 12}]", "2:18: parts: expected a whole number from 1 to 1,000, found 1000000000000"),
        ("[{adaptivepool: 1001}]", "2:25: size: expected a whole number from 1 to 1,000, or one per side: [height, width], found 1001"),
        ("[{conv: 10 ** 19}]", "2:17: filters: a number of more than 18 digits: 10000000000000000000"),
        ("[{conv: 3, stride: 10 ** 19}]", "2:28: stride: a number of more than 18 digits: 10000000000000000000"),
        ("[{conv: 3, pad: 10 ** 19}]", "2:25: pad: a number of more than 18 digits: 10000000000000000000"),
        (
            "[{upsample: 10 ** 17}, {upsample: 10 ** 17}]",
            "2:32: upsample2: a dimension of the output is larger than 1,000,000,000,000,000,000",
        ),
        ("[{upsample: 2, repeat: 10000}]", "2:11: upsample57: a dimension of the output is larger than 1,000,000,000,000,000,000"),
    ],
)
def test_numbers_that_are_too_large(steps: str, message: str) -> None:
    assert problems(f"input: 8x8x4\nlayers: {steps}") == [message]


@pytest.mark.parametrize(
    "steps",
    [
        "[{repeat: 10000, do: [{relu: , when: false, repeat: 10000}]}]",
        "[{repeat: 10000, do: [{repeat: 10000, do: []}]}]",
        "[{repeat: 10000, do: [{each: x, in: range(10000), do: {side: []}}]}]",
    ],
)
def test_steps_that_leave_nothing_are_counted_too(steps: str) -> None:
    (message,) = problems(f"input: 8x8x4\nlayers: {steps}")
    assert re.fullmatch(r"2:\d+: more than 50,0\d\d steps", message)  # five for each of 10,000 layers, and of those in the file


@pytest.mark.parametrize("rounds", ["1000", "n"])
def test_a_network_of_many_layers(rounds: str) -> None:
    many = f"input: 8x8x4\nparams: {{n: 1000}}\nlayers: [{{repeat: 1000, do: [{{relu: , repeat: {rounds}}}]}}, relu]"
    assert problems(many) == ["3:31: more than 10,003 layers"]


def test_a_long_file_may_have_as_many_layers_as_it_writes() -> None:
    many = "relu, " * 30_000
    report(f"input: 8x8x4\nlayers: [{many}]")
    loops = "{relu: , repeat: 10000}, {relu: , repeat: 10}, {relu: , repeat: n, when: false}"
    assert problems(f"input: 8x8x4\nlayers: [{many}{loops}]\nparams: {{n: 1}}") == [f"2:{36 + len(many)}: more than 40,003 layers"]


def test_what_an_alias_repeats_is_written_once() -> None:
    text = f"input: 8x8x4\nblocks: {{a: {{layers: &a [{'relu, ' * 1_000}]}}}}\nlayers: [{'*a, ' * 40}]"
    assert problems(text) == ["2:32: more than 11,001 layers"]


@pytest.mark.parametrize(
    "blocks",
    [
        "{a: {layers: [{a: }]}}",
        "{a: {layers: [relu, {add: [{a: }, {a: }]}]}}",
        "{a: {layers: [{b: }]}, b: {layers: [{do: [{side: [{a: }]}]}]}}",
        f"{{a: {{layers: [b0]}}, {', '.join(f'b{i}: {{layers: [b{i + 1}]}}' for i in range(900))}, b900: {{layers: [relu]}}}}",
    ],
)
def test_a_block_that_never_ends(blocks: str) -> None:
    (message,) = problems(f"input: 8x8x4\nblocks: {blocks}\nlayers: [{{a: }}]")
    assert message.endswith("steps nested more than 100 deep")


def test_a_block_that_doubles_without_end() -> None:
    (message,) = problems(
        "input: 8x8x4\nblocks: {a: {args: {n: }, layers: [{when: n > 0, do: [{a: n - 1}, {a: n - 1}]}]}}\nlayers: [{a: 40}]"
    )
    assert message.endswith("more than 50,020 steps")


def test_a_caller_whose_stack_is_almost_used_up() -> None:
    nested = setting(f"input: 8x8x4\nlayers: {'[{do: ' * 20}[relu]{'}]' * 20}")
    limit, used = sys.getrecursionlimit(), len(inspect.stack(0))
    for more in (20, 70):
        sys.setrecursionlimit(used + more)
        try:
            with pytest.raises(SpecError, match="nested too deeply"):
                build(nested)
        finally:
            sys.setrecursionlimit(limit)
    assert paths(report(f"input: 8x8x4\nlayers: {'[{do: ' * 20}[relu]{'}]' * 20}")) == ["relu1"]


def test_blocks_that_take_each_other_twice_end_soon() -> None:
    blocks = "".join(f"  b{i}: {{layers: [b{i + 1}, b{i + 1}]}}\n" for i in range(40))
    begun = time.process_time()
    assert problems(f"input: 8x8x4\nblocks:\n{blocks}  b40: {{layers: [relu]}}\nlayers: [b0]") == ["43:18: more than 10,082 layers"]
    assert time.process_time() - begun < 1


def test_a_hundred_million_layers_end_as_soon_as_they_are_too_many() -> None:
    begun = time.process_time()
    (message,) = problems("input: 8x8x4\nlayers: [{repeat: 10000, do: [{relu: , repeat: 10000}]}]")
    assert message == "2:32: more than 10,002 layers"
    assert time.process_time() - begun < 1  # a tenth of it on a machine that has nothing else to do


@pytest.mark.parametrize(
    ("steps", "limits", "message"),
    [
        ("[relu, {relu: , repeat: 3}]", {"layers": 1}, "more than 3 layers"),
        ("[relu, {repeat: 9, do: []}]", {"layers": 1, "steps": 2}, "more than 6 steps"),
        ("[{conv: i, repeat: 5}]", {"different": 3}, "more than 4 different layers"),
        ("[{split: 2, name: s}, {add: , from: [s, s]}]", {"layers": 0, "connections": 1}, "more than 2 connections between layers"),
        ("[{relu: , when: 0 < len(range(99))}]", {"layers": 0, "operations": 20}, "more than 20 operations"),
    ],
)
def test_limits_of_the_walk(steps: str, limits: dict[str, int], message: str) -> None:
    build(setting(f"input: 8x8x4\nlayers: {steps}"))
    with pytest.raises(SpecError, match=message):
        build(setting(f"input: 8x8x4\nlayers: {steps}"), limits=Limits(**limits))


def test_connections_are_counted() -> None:
    wide = "{split: 100, name: s}, {concat: , from: [s, s], name: c}, {add: , from: [s, s]}"
    assert problems(f"input: 8x8x1000\nlayers: [{wide}, {{repeat: 1000, do: [{{add: , from: [s, s]}}]}}]") == [
        "2:112: more than 100,050 connections between layers"
    ]


@pytest.mark.parametrize(
    ("params", "step"),
    [
        ("l: range(10000)", "{relu: , repeat: 9999, when: sum(l) == 0}"),
        ("l: range(10000)", "{relu: , repeat: 9999, when: l != l}"),
        ("l: range(10000)", "{relu: , repeat: 9999, when: '0 * len(l + []) == 1'}"),
        ("l: range(10000)", "{relu: , repeat: 9999, when: '[l] != [l]'}"),
        ("n: 3", "{relu: , repeat: 9999, when: 0 == " + "i+" * 4_000 + "i}"),
        ("n: 3", "{relu: , repeat: 9999, when: '[" + "1," * 4_000 + "1] == [1]'}"),
        ("n: 3 ** 1200", "{relu: , repeat: 9999, when: " + "n // i * i + " * 40 + "n == 0}"),
        ("n: 1 / 3 ** 1000", "{relu: , repeat: 9999, when: " + "n + i + " * 40 + "n == 0}"),
        ("n: 3", "{relu: , repeat: 9999, when: len(range(9999)) == 0}"),
        ("n: ", "{relu: , repeat: 9999, when: (n + i) ** 30 == 0}"),
        ("n: ", "{relu: , repeat: 9999, when: '" + "n // (i + 1) + n // (i + 2) + " * 20 + "n == 0'}"),
        ("n: 3", "{gn: 1, groups: [" + "i, " * 5_000 + "], repeat: 9999, when: false}, {b: [" + "i, " * 5_000 + "], repeat: 9999}"),
        ("n: 3", "{each: [" + ", ".join(f"n{i}" for i in range(5_000)) + "], in: [[" + "1, " * 5_000 + "]], repeat: 9999, do: []}"),
        ("n: 3", "{repeat: 9999, do: [{do: [], from: [" + "input, " * 5_000 + "]}]}"),
        (", ".join(f"n{i}: " for i in range(120)), "{conv: " + "+".join(f"n{i}" for i in range(120)) + "}, {relu: , repeat: 9999}"),
    ],
)
def test_work_is_counted(params: str, step: str) -> None:
    text = f"input: 8x8x4\nparams: {{{params}}}\nblocks: {{b: {{args: {{x: }}, layers: []}}}}\nlayers: [{step}]"
    begun = time.process_time()
    (message,) = problems(text)
    assert re.search(r": more than 1,000,\d00 operations$", message)
    assert time.process_time() - begun < 6  # a second or two on a slow machine


@pytest.mark.parametrize(
    "step",
    [
        "{when: 'a**1000 > H', relu: }",
        "{when: 'a**300 > H', relu: }",
        "{when: 'a**100 > H', relu: }",
        "{when: '(a//7)**100 > H', relu: }",
        "{conv: 'max(a**30, H)'}",
        "{conv: 'min((H*a//round(W))**1000, W - 10**100)'}",  # a binomial of 1000 in each of 1000 terms
        "{when: 'a != ((97*W)//10**200)**50', relu: }",  # fractions of thousands of digits
        "{when: 'a == 97 * round(W*H)', relu: }",
        "{when: 'H / 10**100 == W//2', relu: }",
        "{conv: 2, when: '(a + W)**20 // (H + a)**9 > H'}",
        "{upsample: 'a**500'}, {upsample: 'W**600'}",
    ],
)
def test_work_on_formulas_is_counted(step: str) -> None:
    begun = time.process_time()
    (message,) = problems(f"params: {{a: }}\ninput: HxWx3\nlayers: [{step}]")
    assert time.process_time() - begun < 4  # half a second on a machine that has nothing else to do
    assert re.match(r"3:\d+: .*(cannot be decided for all|more than [\d,]+ operations)|upsample2: a power above 1,000", message)


@pytest.mark.parametrize("command", ["show", "validate", "check", "formula"])
def test_what_is_too_much_work_is_a_message_of_every_command(command: str, tmp_path: Path) -> None:
    file = tmp_path / "hard.yaml"
    file.write_text("params: {a: }\ninput: HxWx3\nlayers: [{when: 'a**1000 > H', relu: }]", encoding="utf-8")
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("questions: [{network: vgg16, params: 1}, {network: hard.yaml, params: 1}]", encoding="utf-8")
    done = run(command, str(sheet if command == "check" else file))
    assert done.code == (1 if command == "validate" else 2)
    assert "hard.yaml:3:26: a^1000 > H cannot be decided for all H, a" in done.out + done.err


def test_many_volumes_side_by_side() -> None:
    many = ", ".join(["s"] * 101)
    assert problems(f"input: 8x8x1000\nlayers: [{{split: 100, name: s}}, {{concat: , from: [{many}]}}]") == [
        "2:34: more than 10,000 parallel volumes"
    ]


def test_formulas_that_grow_too_long() -> None:
    (message,) = problems("input: HxWxC\nlayers: [{conv: in.c * (in.c + H) + W, repeat: 60}]")
    assert message == "2:22: a formula of more than 2,000 terms"


def test_costs_whose_formulas_grow_too_long() -> None:
    names = [[f"{letter}{i}" for i in range(50)] for letter in "ab"]
    text = f"input: 8x8x3\nparams: {{{', '.join(f'{name}: ' for some in names for name in some)}}}\n"
    text += f"layers: [{{conv: {' + '.join(names[0])}}}, {{conv: {' + '.join(names[1])}}}]"
    assert problems(text) == ["conv2: a formula of more than 2,000 terms"]  # 50 channels by 50 filters


def test_volumes_whose_formulas_grow_too_long() -> None:
    (message,) = problems("input: 8x8x4\nparams: {K: }\nlayers: [{upsample: K, repeat: 2000}]")
    assert message.startswith("3:11: upsample")
    assert "formula" in message


def test_a_window_that_depends_on_how_large_symbols_are() -> None:
    (message,) = problems("input: HxWx4\nparams: {F: , P: }\nlayers: [{maxpool: F, stride: 2, pad: P, round: ceil}]")
    assert message.startswith("3:11: maxpool1: ")
    assert message.endswith("cannot be decided for all F, H, P")
