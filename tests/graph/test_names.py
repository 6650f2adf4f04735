"""Names and paths of layers, and the scope of names."""

from __future__ import annotations

import pytest

from tests.spec_text import layers, paths, problems, report


def test_a_layer_without_a_name_is_called_by_its_kind_and_a_count() -> None:
    assert paths(layers("[conv: 8, relu, {conv: 8}, relu, {add: [identity, identity]}]".replace("conv: 8, relu", "{conv: 8}, relu"))) == [
        "conv1", "relu1", "conv2", "relu2", "add1/identity1", "add1/identity2", "add1",
    ]  # fmt: skip


def test_named_layers_count_among_their_kind() -> None:
    assert paths(layers("[{conv: 8, name: stem}, {conv: 8}, {conv: 8, name: unit, repeat: 2}, {conv: 8}]")) == [
        "stem", "conv2", "unit1", "unit2", "conv5",
    ]  # fmt: skip


def test_a_count_passes_over_names_that_are_given() -> None:
    assert paths(layers("[{relu: , name: conv1}, {conv: 8}]")) == ["conv1", "conv2"]


def test_named_groups_branches_and_blocks_are_folders_and_unnamed_ones_are_not() -> None:
    found = report("""
        input: 8x8x4
        blocks:
          unit: {layers: [{conv: 4}, [relu]]}
        layers:
          - {do: [{conv: 4}, {unit: }], name: stage}
          - do: [{conv: 4}]
          - [relu, {unit: , name: last}]
          - add: {left: {unit: }, right: []}
          - concat: [relu, {unit: }]
    """)
    assert paths(found) == [
        "stage/conv1", "stage/unit1/conv1", "stage/unit1/relu1",
        "conv1",
        "relu1", "last/conv1", "last/relu1",
        "add1/left/unit1/conv1", "add1/left/unit1/relu1", "add1",
        "concat1/relu1", "concat1/unit1/conv1", "concat1/unit1/relu1", "concat1",
    ]  # fmt: skip


def test_a_name_may_hold_arithmetic_and_words() -> None:
    found = report("""
        input: 8x8x4
        params: {gate: relu}
        layers:
          - {conv: 8, name: "conv{1 + 1}-{in.c}"}
          - {conv: 4, name: "{gate}-{in.c}"}
          - {do: [relu], name: "group{in.c}"}
          - {add: {"b{in.c}": relu, other: relu}, name: "sum{in.h}"}
          - {relu: , name: "last{in.c}"}
    """)
    assert paths(found) == ["conv2-4", "relu-8", "group4/relu1", "sum8/b4/relu1", "sum8/other/relu1", "sum8", "last4"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a{1 / 2}", "a name can contain whole numbers and words, not 1/2"),
        ("a{[1]}", "a name can contain whole numbers and words, not [1]"),
        ("a{true}", "a name can contain whole numbers and words, not true"),
        ("a{in}", "a name can contain whole numbers and words, not the volume 8×8×4"),
        ("a{9 ** 250}", "a name of more than 200 characters"),
        ("a{1", "unmatched brace: write expressions in a name as {block}-{i}"),
        ("a}", "unmatched brace: write expressions in a name as {block}-{i}"),
        ("a/b", "a name has at most 200 characters, all printable, and no /"),
        ("a{x}", "unknown name 'x'"),
    ],
)
def test_names_that_cannot_be(name: str, message: str) -> None:
    assert [each.partition(": ")[2] for each in problems(f'input: 8x8x4\nlayers: [{{conv: 3, name: "{name}"}}]')] == [message]


def test_a_name_in_a_loop_gets_a_count() -> None:
    assert paths(layers("[{conv: 4, name: unit, repeat: 3}]")) == ["unit1", "unit2", "unit3"]
    assert paths(layers("[{do: [{conv: 4, name: a}], name: stage, repeat: 2}]")) == ["stage1/a", "stage2/a"]
    assert paths(layers("[{do: [{conv: 4, name: a}, relu], repeat: 2}]")) == ["a1", "relu1", "a2", "relu2"]


def test_a_name_that_uses_a_variable_of_the_loop_gets_none() -> None:
    assert paths(layers('[{conv: 4, name: "unit{i}", repeat: 3}]')) == ["unit1", "unit2", "unit3"]
    assert paths(layers('[{conv: 4, name: "c{5 - i}", repeat: 3}]')) == ["c4", "c3", "c2"]
    assert paths(layers('[{each: b, in: [1, 2], do: [{repeat: 2, do: [{conv: 4, name: "conv{b}-{i}"}, relu]}]}]')) == [
        "conv1-1", "relu1", "conv1-2", "relu2", "conv2-1", "relu3", "conv2-2", "relu4",
    ]  # fmt: skip


def test_a_name_that_uses_only_the_inner_variable_is_given_twice() -> None:
    assert problems('input: 8x8x4\nlayers: [{each: b, in: [1, 2], do: [{repeat: 2, do: [{conv: 4, name: "c{i}"}]}]}]') == [
        "2:70: the name 'c1' is given twice"
    ]


def test_a_name_of_the_loop_means_its_last_round_and_a_numbered_one_its_own() -> None:
    found = layers('[{conv: "4 * i", repeat: 3, name: u}, {concat: , from: [u1, u2, u]}, {conv: "u1.c + u.c"}]')
    assert found["concat1"].inputs == (found["u1"].output, found["u2"].output, found["u3"].output)
    assert found["conv4"].output.c == 4 + 12


def test_names_are_unique_in_their_list() -> None:
    assert problems("input: 8x8x4\nlayers: [{conv: 4, name: a}, {relu: , name: a}]") == ["2:45: the name 'a' is given twice"]
    assert problems("input: 8x8x4\nlayers: [{conv: 4, name: input}]") == ["2:26: the name 'input' is given twice"]


def test_only_one_of_two_steps_that_exclude_each_other_has_the_name() -> None:
    found = layers("[{conv: 4, name: a, when: in.h > 8}, {relu: , name: a, when: in.h <= 8}, {add: , from: [a, input]}]")
    assert paths(found) == ["a", "add1"]


def test_other_lists_may_use_the_name_again() -> None:
    found = layers("[{concat: [[{conv: 1, name: a}, {add: , from: [a, a]}], [{conv: 2, name: a}, {add: , from: [a, a]}]]}]")
    assert paths(found) == ["concat1/a", "concat1/add1", "concat1/a2", "concat1/add2", "concat1"]
    assert found.outputs[0].c == 3
    assert paths(layers("[{do: [{conv: 4, name: b}]}, {do: [{conv: 4, name: b}]}, {do: [{conv: 4, name: b}]}]")) == ["b", "b2", "b3"]


def test_a_name_is_seen_in_lists_inside_its_own_and_not_outside() -> None:
    assert layers("[{conv: 6, name: a}, {do: [[relu, {add: [{conv: a.c}, {identity: , from: a}]}]]}]").outputs[0].c == 6
    assert problems("input: 8x8x4\nlayers: [{do: [{conv: 6, name: a}]}, {conv: a.c}]") == ["2:45: unknown name 'a'"]
    assert problems("input: 8x8x4\nlayers: [{add: {x: {conv: 6, name: a}, y: {relu: , from: a}}}]") == [
        "2:58: no step named 'a' comes before"
    ]
    assert problems("input: 8x8x4\nlayers: [{relu: , from: a}, {conv: 6, name: a}]") == ["2:25: no step named 'a' comes before"]
    assert problems("input: 8x8x4\nlayers: [{conv: a.c, name: a}]") == ["2:17: unknown name 'a'"]


def test_the_nearest_name_counts() -> None:
    found = layers("[{conv: 6, name: a}, {do: [{conv: 8, name: a}, {conv: a.c}]}, {conv: a.c}]")
    assert [row.output.c for row in found] == [4, 6, 8, 8, 6]


def test_the_input_has_a_name() -> None:
    assert layers("[{conv: 8, stride: 2}, {conv: input.c}, {concat: [identity, {maxpool: 2, from: input}]}]").outputs[0].c == 8


def test_a_param_may_be_called_input() -> None:
    assert report("params: {input: 6}\ninput: 8x8x4\nlayers: [{conv: input}]").outputs[0].c == 6


def test_paths_have_a_limit() -> None:
    text = f"input: 8x8x4\nblocks: {{b: {{args: {{n: }}, layers: [{{b: n - 1, when: n > 0, name: {'x' * 150}}}]}}}}\nlayers: [{{b: 50}}]"
    assert problems(text) == ["2:37: a path of more than 1,000 characters"]
