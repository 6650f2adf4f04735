"""Loops: repeat, each with rows, and their variables."""

from __future__ import annotations

import pytest

from tests.spec_text import layers, lines, paths, problems, report


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("[{conv: 8, repeat: 3}]", "[{conv: 8}, {conv: 8}, {conv: 8}]"),
        ("[{conv: 8, repeat: 0}, relu]", "[relu]"),
        ("[{conv: 2 * i, repeat: 3}]", "[{conv: 2}, {conv: 4}, {conv: 6}]"),
        ("[{conv: in.c + 1, repeat: 3}]", "[{conv: 5}, {conv: 6}, {conv: 7}]"),
        ("[{do: [{conv: 8}, relu], repeat: 2}]", "[{conv: 8}, relu, {conv: 8}, relu]"),
        ("[{do: [{conv: 8, stride: 2 if i == 1 else 1}], repeat: 2}]", "[{conv: 8, stride: 2}, {conv: 8}]"),
        ("[{do: [{relu: , when: i > 1}, {conv: i}], repeat: 3}]", "[{conv: 1}, relu, {conv: 2}, relu, {conv: 3}]"),
        ("[{relu: , when: i != 2, else: bn, repeat: 3}]", "[relu, {bn: }, relu]"),
        ("[{conv: f, each: f, in: [8, 6]}]", "[{conv: 8}, {conv: 6}]"),
        ("[{each: f, in: [8, 6], do: [{conv: f}, relu]}]", "[{conv: 8}, relu, {conv: 6}, relu]"),
        ("[{each: [f], in: [8, 6], do: [{conv: f}]}]", "[{conv: 8}, {conv: 6}]"),
        ("[{each: f, in: [], do: [{conv: f}]}, relu]", "[relu]"),
        ("[{each: [f, k], in: [[8, 1], [6, 3]], do: {conv: f, kernel: k}}]", "[{conv: 8}, {conv: 6, kernel: 3}]"),
        ("[{each: f, in: 'range(1, 4)', do: {conv: f}}]", "[{conv: 1}, {conv: 2}, {conv: 3}]"),
        ("[{each: f, in: [in.c, in.c * 2], do: {conv: f + 1}}]", "[{conv: 5}, {conv: 9}]"),
        ("[{each: f, in: '[4, 6] + [8]', do: {conv: f}}]", "[{conv: 4}, {conv: 6}, {conv: 8}]"),
        ("[{each: [f, ks], in: [[8, [1, 3]]], do: {conv: f, kernel: ks}}]", "[{conv: 8, kernel: [1, 3]}]"),
        ("[{each: ks, in: [[1, 3], [3, 1]], do: {conv: 8, kernel: ks}}]", "[{conv: 8, kernel: [1, 3]}, {conv: 8, kernel: [3, 1]}]"),
        ("[{each: [f, n], in: [[8, 2], [6, 1]], do: {conv: f, repeat: n}}]", "[{conv: 8}, {conv: 8}, {conv: 6}]"),
        ("[{each: [f, n], in: [[8, 2], [6, 1]], conv: f + i, repeat: n}]", "[{conv: 9}, {conv: 10}, {conv: 7}]"),
        ("[{each: f, in: [1, 2], do: {each: g, in: [f, 10 * f], do: {conv: f + g}}}]", "[{conv: 2}, {conv: 11}, {conv: 4}, {conv: 22}]"),
        (
            "[{repeat: 2, do: [{conv: i, repeat: 2}, {conv: 10 * i}]}]",
            "[{conv: 1}, {conv: 2}, {conv: 10}, {conv: 1}, {conv: 2}, {conv: 20}]",
        ),
        ("[{each: act, in: [relu, tanh], do: [act, {act: }]}]", "[relu, relu, tanh, tanh]"),
        ("[{each: [act, k], in: [[maxpool, 2], [conv, 6]], do: {act: k}}]", "[{maxpool: 2}, {conv: 6}]"),
        ("[{each: f, in: [8, 6], add: [{conv: f}, {conv: f}]}]", "[{add: [{conv: 8}, {conv: 8}]}, {add: [{conv: 6}, {conv: 6}]}]"),
        ("[{each: n, in: [1, 1], do: {repeat: in.c // 4, conv: 8}}]", "[{conv: 8}, {conv: 8}, {conv: 8}]"),
        ("[{each: n, in: [1, 1], conv: 8, repeat: in.c // 4}]", "[{conv: 8}, {conv: 8}, {conv: 8}]"),
    ],
)
def test_a_loop_is_its_rounds_written_out(short: str, long: str) -> None:
    assert lines(layers(short)) == lines(layers(long))


def test_rows_may_stand_on_lines_of_their_own() -> None:
    found = report("""
        input: 32x32x3
        params: {wide: 2}
        layers:
          - each: [filters, depth, stride]
            in:
              - [16 * wide, 1, 1]
              - [32 * wide, 2, "in.h // 16"]
            do:
              - {conv: filters, kernel: 3, pad: 1, stride: "stride if i == 1 else 1", repeat: depth}
              - relu
    """)
    assert [row.output for row in found] == [(32, 32, 3), (32, 32, 32), (32, 32, 32), (16, 16, 64), (16, 16, 64), (16, 16, 64)]


def test_a_loop_variable_hides_a_param_inside_and_not_behind() -> None:
    found = report(
        "params: {f: 7, i: 9}\ninput: 8x8x4\nlayers: [{each: f, in: [5, 6], do: {conv: f}}, {conv: f}, {conv: i}, {conv: i, repeat: 1}]"
    )
    assert [row.output.c for row in found] == [4, 5, 6, 7, 9, 1]


def test_a_loop_variable_is_not_seen_behind_the_loop() -> None:
    assert problems("input: 8x8x4\nlayers: [{each: f, in: [5], do: {conv: f}}, {conv: f}, {conv: i}]") == [
        "2:52: unknown name 'f'",
        "2:63: unknown name 'i'",
    ]


def test_i_is_not_known_in_each_alone() -> None:
    assert problems("input: 8x8x4\nlayers: [{each: f, in: [5], do: {conv: f + i}}]") == ["2:44: unknown name 'i'"]


def test_names_inside_a_round_are_its_own() -> None:
    found = layers("[{repeat: 2, do: [{conv: 4, name: a}, {conv: 4, name: b}, {add: , from: [a, b]}]}]")
    assert paths(found) == ["a1", "b1", "add1", "a2", "b2", "add2"]
    assert found["add1"].sources == ("a1", "b1")
    assert found["add2"].sources == ("a2", "b2")


def test_a_group_with_a_name_in_a_loop_is_a_folder_each_time() -> None:
    found = layers("[{each: f, in: [4, 8], do: {name: stage, do: [{conv: f, name: c}, {relu: , from: c}, {conv: f}]}}]")
    assert paths(found) == ["stage1/c", "stage1/relu1", "stage1/conv2", "stage2/c", "stage2/relu1", "stage2/conv2"]


def test_rows_that_do_not_fit() -> None:
    assert problems("input: 8x8x4\nlayers: [{each: [a, b], in: 'range(3)', do: relu}]") == ["2:30: a row for a, b has 2 values, found 0"]
    assert problems("input: 8x8x4\nlayers: [{each: a, in: in, do: relu}]") == ["2:24: in: expected a list of rows, found the volume 8×8×4"]
    assert problems("input: 8x8x4\nlayers: [{relu: , repeat: relu}]") == ["2:27: unknown name 'relu'"]


def test_a_count_that_is_a_symbol() -> None:
    assert problems("input: 8x8x4\nparams: {n: }\nlayers: [{relu: , repeat: n}]") == [
        "3:27: repeat: expected a whole number from 0 to 10,000, this depends on n"
    ]
