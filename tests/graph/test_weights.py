"""Shared weights: counted once, used every time."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.explore.counts import counts
from cnncalc.study.memory.peak import memory
from tests.spec_text import layers, lines, problems, report

HEAD = """
input: 32x32x8
blocks:
  head:
    args: {{filters: }}
    layers:
      - {{conv: filters, kernel: 3, pad: 1, repeat: 2}}
      - bn
      - relu
layers:
  - {{conv: 8, name: p3}}
  - {{conv: 8, stride: 2, name: p4}}
  - {{conv: 8, stride: 2, name: p5}}
  - each: level
    in: [3, 4, 5]
    do: {{head: 8, name: "head_p{{level}}", from: "p{{level}}"}}
    {}
"""
SHARED, APART = report(HEAD.format("weights: head_p3")), report(HEAD.format(""))
CONV = 3 * 3 * 8 * 8 + 8
ONE_HEAD = 2 * CONV + 2 * 8


def test_a_head_on_three_levels_is_counted_once() -> None:
    laterals = 3 * (8 * 8 + 8)
    assert APART.total.params == laterals + 3 * ONE_HEAD
    assert SHARED.total.params == laterals + ONE_HEAD
    assert (APART.total.buffers, SHARED.total.buffers) == (3 * 16, 16)
    assert SHARED.total.macs == APART.total.macs == 8 * 8 * (32**2 + 16**2 + 8**2) + 2 * 9 * 8 * 8 * (32**2 + 16**2 + 8**2)
    assert (SHARED.total.flops, SHARED.total.bytes) == (APART.total.flops, APART.total.bytes)
    assert SHARED.total.param_bytes == 4 * SHARED.total.params


def test_rows_folders_and_json_agree_with_the_total() -> None:
    assert SHARED["head_p3"].params == ONE_HEAD
    assert SHARED["head_p4"].params == SHARED["head_p5"].params == SHARED["head_p5/bn1"].buffers == 0
    assert sum(row.params for row in SHARED) == SHARED.total.params
    rows = {row["path"]: row for row in SHARED.as_dict()["layers"]}
    owners = {path: row["weights_of"] for path, row in rows.items() if "weights_of" in row}
    assert owners == {f"head_p{level}/{name}": f"head_p3/{name}" for level in (4, 5) for name in ("conv1", "conv2", "bn1")}
    assert rows["head_p4/conv1"]["params"] == 0 < rows["head_p4/conv1"]["macs"]


def test_conventions_count_operations_as_without_sharing() -> None:
    for one, other in zip(counts(SHARED), counts(APART), strict=True):
        assert one.value == other.value
        saved = 2 * ONE_HEAD + (2 * 16 if one.convention.buffers else 0)
        assert other.params - one.params == saved


def test_parameters_take_their_memory_once() -> None:
    one, other = (memory(found) for found in (SHARED, APART))
    assert one.training is not None
    assert other.training is not None
    assert other.in_use.bytes - one.in_use.bytes == 4 * (2 * ONE_HEAD + 2 * 16)
    assert other.training.bytes - one.training.bytes == 4 * (3 * 2 * ONE_HEAD + 2 * 16)  # parameters, gradients, momentum


def test_symbols() -> None:
    found = report(HEAD.format("weights: head_p3").replace("32x32x8", "HxWxC"))
    apart = report(HEAD.format("").replace("32x32x8", "HxWxC"))
    assert apart.total.params - found.total.params == 2 * ONE_HEAD
    assert apart.total.macs - found.total.macs == 0


@pytest.mark.parametrize(
    ("steps", "params"),
    [
        ("[{conv: 4, name: a}, {conv: 4, weights: a, repeat: 3}]", 20),
        ("[{conv: 4, name: a, repeat: 3, weights: a1}]", 20),
        ("[{conv: 4, name: a}, {conv: 4, name: b, weights: a}, {conv: 4, weights: b}]", 20),
        ("[{conv: 4, kernel: 3, pad: 1, name: a}, {conv: 4, kernel: 3, pad: 2, dilation: 2, stride: 2, weights: a}]", 3 * 3 * 4 * 4 + 4),
        ("[{name: a, do: [{conv: 4, name: x}, {conv: 4, weights: x}]}, {name: b, do: [{conv: 4, name: x}, {conv: 4, weights: x}]}]", 40),
        ("[{name: a, do: [{conv: 4}, relu, bn]}, {name: b, do: [{conv: 4, stride: 2}, bn], weights: a}]", 28),
        ("[{name: a, do: [{conv: 4}]}, {add: [identity, [{conv: 4, weights: a/conv1}]]}]", 20),
        ("[{add: [identity, {conv: 4}], name: a}, {add: [{conv: 4}, identity], weights: a}]", 20),
        ("[{fc: 5, name: a}, {fc: 5, from: input, weights: a}, {fc: 8}]", 8 * 8 * 4 * 5 + 5 + 5 * 8 + 8),
        ("[{depthwise: 3, name: a}, {depthwise: 3, weights: a}, {prelu: , name: p}, {prelu: , weights: p}]", 3 * 3 * 4 + 4 + 4),
        ("[{side: [{conv: 4, name: a}]}, {conv: 4, weights: a}]", 20),  # not hidden in the auxiliary head
    ],
)
def test_shared(steps: str, params: int) -> None:
    found = layers(steps)
    assert found.total.params == params
    assert sum(row.params for row in found if not row.side) == params


def test_an_argument_of_a_block_may_be_called_weights() -> None:
    text = "input: 8x8x4\nblocks: {b: {args: {weights: }, layers: [{conv: weights}]}}\nlayers: [{b: 4}, {b: 3, name: x}, {b: , weights: 5}]"
    assert [row.output.c for row in report(text)][1:] == [4, 3, 5]


def test_equal_rows_fold_only_with_equal_weights() -> None:
    found = layers("[{conv: 4, name: a}, {conv: 4, name: b}, {conv: 4, weights: a, repeat: 3}, {conv: 4, weights: b}]")
    shared = [row for row in found if row.node.owner]
    assert len({row.node.placed for row in shared}) == 2
    assert lines(found)[-1][-2:] == (8 * 8 * 16, False)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("[{conv: 4, weights: a}, {conv: 4, name: a}]", "2:29: weights: no layer or block 'a' comes before"),
        ("[{conv: 8, name: a}, {conv: 8, weights: a}]",
         "2:49: weights: conv2 is conv 8 1×1 on 8×8×8 with 72 parameters, but a is conv 8 1×1 on 8×8×4 with 40 parameters"),
        ("[{conv: 4, kernel: [1, 4], name: a}, {conv: 4, kernel: [4, 1], from: input, weights: a}]",
         "2:94: weights: conv2 is conv 4 4×1 on 8×8×4 with 68 parameters, but a is conv 4 1×4 on 8×8×4 with 68 parameters"),
        ("[{conv: 4, name: a}, {fc: 4, weights: a}]",
         "2:47: weights: fc1 is fc 4 on 8×8×4 with 1028 parameters, but a is conv 4 1×1 on 8×8×4 with 20 parameters"),
        ("[{conv: 4, bias: false, name: a}, {conv: 4, weights: a}]",
         "2:62: weights: conv2 is conv 4 1×1 on 8×8×4 with 20 parameters, but a is conv 4 1×1 on 8×8×4 with 16 parameters"),
        ("[{relu: , name: a}, {conv: 4, weights: a}]", "2:48: weights: a has no weights"),
        ("[{conv: 4, name: a}, {relu: , weights: a}]", "2:48: weights: this step has no weights"),
        ("[{name: a, do: [{conv: 4}, bn]}, {conv: 4, weights: a}]", "2:61: weights: a has 2 layers with weights, this step 1"),
        ("[{name: a, do: [{conv: 4}]}, {name: b, do: [{conv: 4}]}, {conv: 4, weights: conv1}]",
         "2:85: weights: conv1 is this step itself"),
    ],
)  # fmt: skip
def test_what_cannot_be_shared(steps: str, message: str) -> None:
    assert problems(f"input: 8x8x4\nlayers: {steps}") == [message]


def test_the_report_of_python() -> None:
    spec: dict[str, Any] = {"input": "8x8x4", "layers": [{"conv": 4, "name": "a"}, {"conv": 4, "weights": "a"}]}
    assert cnncalc.analyze(spec).total.params == 20
