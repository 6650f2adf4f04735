"""Branches and merges, splits, and side exits."""

from __future__ import annotations

import pytest

from tests.spec_text import layers, paths, problems, report


def test_every_branch_starts_from_what_arrives() -> None:
    found = layers("[{conv: 8}, {concat: {left: [{conv: 2}, relu], right: {conv: 3}, through: []}}, relu]")
    assert paths(found) == ["conv1", "concat1/left/conv1", "concat1/left/relu1", "concat1/right/conv1", "concat1", "relu1"]
    assert found["left/conv1"].sources == found["right/conv1"].sources == ("conv1",)
    assert found["concat1"].sources == ("concat1/left/relu1", "concat1/right/conv1", "conv1")
    assert found["concat1"].output == (8, 8, 2 + 3 + 8)


@pytest.mark.parametrize(
    "branches", ["[relu, {conv: 4}]", "{a: relu, b: {conv: 4}}", "[[relu], [{conv: 4}]]", "[{do: relu}, [[{conv: 4}]]]"]
)
def test_branches_with_and_without_names(branches: str) -> None:
    found = layers(f"[{{add: {branches}}}]")
    assert [row.kind for row in found] == ["input", "relu", "conv", "add"]
    assert found["add1"].node.inputs == (1, 2)


@pytest.mark.parametrize(("kind", "channels"), [("add", 6), ("mean", 6), ("multiply", 6), ("concat", 12)])
def test_a_merge_without_branches_takes_the_flow(kind: str, channels: int) -> None:
    for step in (f"{{{kind}: }}", kind, f"{{{kind}: , from: [s]}}"):
        found = layers(f"[{{split: 2, name: s}}, {step}]", "4x4x12")
        assert found.outputs == ((4, 4, channels),)
        assert found[f"{kind}1"].sources == ("s", "s")


def test_a_merge_of_named_steps() -> None:
    found = layers("[{conv: 4, name: a}, {conv: 4, name: b}, {add: , from: [a, b, input], name: sum}, {concat: , from: [sum, a]}]")
    assert found["sum"].sources == ("a", "b", "input")
    assert found["concat1"].sources == ("sum", "a")


def test_a_merge_may_stand_for_a_variable() -> None:
    found = report("params: {join: mean}\ninput: 4x4x4\nlayers: [{conv: 4, name: a}, {join: , from: [a, input]}, {split: 2}, join]")
    assert [row.kind for row in found] == ["input", "conv", "mean", "split", "mean"]


def test_branches_may_stand_behind_a_variable() -> None:
    found = report("""
        input: 8x8x4
        params: {join: mean}
        blocks: {unit: {args: {join: add}, layers: [{join: {a: relu, b: [bn, relu]}}]}}
        layers: [{join: [relu, {conv: 4}]}, {unit: }, {unit: concat}, {each: join, in: [add, multiply], do: [{join: [[], [{conv: 8}]]}]}]
    """)
    assert [row.kind for row in found if row.layer.merges] == ["mean", "add", "concat", "add", "multiply"]
    assert paths(found)[:3] == ["mean1/relu1", "mean1/conv1", "mean1"]
    assert problems("input: 8x8x4\nparams: {join: conv}\nlayers: [{join: {a: relu}}]") == ["3:11: 'join' is conv, which has no branches"]
    assert problems("input: 8x8x4\nparams: {join: add}\nlayers: [{join: [relu, bn]}]") == [
        "3:17: join: branches that are single words need names if the kind is a variable"
    ]


def test_merges_inside_merges() -> None:
    found = layers("[{add: {deep: {concat: [{conv: 2}, {add: [{conv: 2}, {conv: 2}]}]}, flat: identity}}]")
    assert paths(found) == [
        "add1/deep/concat1/conv1",
        "add1/deep/concat1/add1/conv1",
        "add1/deep/concat1/add1/conv2",
        "add1/deep/concat1/add1",
        "add1/deep/concat1",
        "add1/flat/identity1",
        "add1",
    ]


def test_branches_of_a_flow_of_several() -> None:
    found = layers("[{split: 2, name: s}, {concat: [[], {concat: }]}]")
    assert found["concat1"].sources == ("s", "s", "concat1/concat1")
    assert found.outputs[0].c == 2 + 2 + 4


def test_split_leaves_equal_volumes() -> None:
    found = layers("[{split: 3}, {concat: }]", "4x4x12")
    assert found["split1"].output == (4, 4, 4)  # one of them
    assert found["concat1"].inputs == ((4, 4, 4),) * 3


def test_a_split_of_one() -> None:
    assert paths(layers("[{split: 1}, {conv: in.c}]")) == ["split1", "conv1"]


def test_parts_go_different_ways_through_a_block() -> None:
    found = report("""
        input: 8x8x4
        blocks:
          unit: {inputs: [left, right], layers: [{conv: right.c, from: right, name: r}, {concat: , from: [left, r]}, {shuffle: 2}]}
        layers: [{split: 2}, unit]
    """)
    assert found["unit1/r"].sources == ("split1",)
    assert found["unit1/concat1"].sources == ("split1", "unit1/r")
    assert found.outputs == ((8, 8, 4),)


def test_a_side_exit_changes_nothing_of_the_flow() -> None:
    plain = layers("[{conv: 8, name: a}, {conv: 6, name: b}]")
    found = layers("[{conv: 8, name: a}, {side: [gap, {fc: 10}], name: aux}, {conv: 6, name: b}]")
    assert paths(found) == ["a", "aux/gap1", "aux/fc1", "b"]
    assert [row.side for row in found] == [False, False, True, True, False]
    assert found["b"].sources == ("a",)
    assert found.total.as_dict() == plain.total.as_dict()
    assert found.exits is not None
    assert (found.exits.params, found.exits.macs, found.exits.weight_layers) == (90, 80, 0)
    assert plain.exits is None
    assert found.outputs == plain.outputs


def test_side_exits_count_where_that_is_asked_for() -> None:
    steps = "[{conv: 8}, {side: [gap, {fc: 10}]}, {conv: 6}]"
    plain, counted = layers(steps), layers(steps, sides=True)
    assert plain.exits is not None
    assert counted.total.params == plain.total.params + plain.exits.params
    assert counted.total.values == plain.total.values + 8 + 10


def test_everything_inside_a_side_exit_is_aside() -> None:
    found = report("""
        input: 8x8x4
        blocks: {head: {args: {n: }, layers: [gap, {fc: n}]}}
        layers: [{side: [{add: [relu, {do: [bn]}]}, {head: 3}, {repeat: 2, do: [{fc: 2}]}]}, relu]
    """)
    assert [row.path for row in found if not row.side] == ["input", "relu1"]


def test_a_side_exit_may_be_unnamed_and_be_left_out() -> None:
    assert paths(layers("[{side: gap}, {side: [relu], when: false}, relu]")) == ["gap1", "relu1"]


def test_names_inside_a_side_exit_stay_there() -> None:
    assert problems("input: 8x8x4\nlayers: [{side: [{conv: 4, name: a}]}, {relu: , from: a}]") == ["2:55: no step named 'a' comes before"]


def test_the_longest_way_counts_its_weight_layers() -> None:
    found = layers("[{conv: 4}, {add: [[{conv: 4}, bn, {conv: 4}], {conv: 4}]}, {side: [{fc: 4}, {fc: 4}, {fc: 4}]}, {fc: 2}]")
    assert found.total.weight_layers == 4


def test_several_volumes_may_leave_the_network() -> None:
    found = layers("[{conv: 6, name: a}, {conv: 8, name: b}, {do: [], from: [a, b]}]")
    assert found.outputs == ((8, 8, 6), (8, 8, 8))
