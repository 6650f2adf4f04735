"""Steps: kinds, groups, conditions, and where a step starts from."""

from __future__ import annotations

import pytest

from tests.spec_text import layers, lines, paths, problems, report


@pytest.mark.parametrize(
    "steps",
    [
        "[{conv: 8, kernel: 3}, relu]",
        "[{conv: , filters: 8, kernel: 3}, {relu: }]",
        "[{kernel: 3, conv: 8}, {relu: ''}]",
        "[[{conv: 8, kernel: 3}], [[relu]]]",
        "[{do: [{conv: 8, kernel: 3}, relu]}]",
        "[{do: {conv: 8, kernel: 3}}, {do: relu}]",
        "[{do: []}, {conv: 8, kernel: 3}, [], relu]",
        "[{conv: '8', kernel: '3'}, 'relu']",
        "[{conv: 4 + 4, kernel: in.c - 1}, relu]",
        "[{conv: 2*in.c, kernel: [3, 3], stride: [1, 1]}, relu]",
    ],
)
def test_ways_to_write_the_same(steps: str) -> None:
    found = layers(steps)
    assert lines(found) == lines(layers("[{conv: 8, kernel: 3}, {relu: }]"))
    assert paths(found) == ["conv1", "relu1"]


@pytest.mark.parametrize("steps", ["relu", "{relu: }", "[relu]", "\n  - relu", "\n- relu", "\n  relu:", "{do: relu}"])
def test_layers_may_be_one_step(steps: str) -> None:
    assert paths(layers(steps)) == ["relu1"]


def test_a_network_may_have_no_layers() -> None:
    found = layers("[]")
    assert paths(found) == []
    assert found.total.params == 0
    assert found.outputs == (found.input,)


def test_in_is_the_volume_that_arrives() -> None:
    found = layers("[{conv: in.c * 2, stride: 2}, {conv: in.h + in.w}, {do: [{conv: in.c}, {conv: in.c + 1}]}]", "8x6x4")
    assert [row.output for row in found] == [(8, 6, 4), (4, 3, 8), (4, 3, 7), (4, 3, 7), (4, 3, 8)]


def test_in_is_what_arrives_at_a_branch_and_at_a_step_that_starts_elsewhere() -> None:
    found = layers("[{conv: 6, name: a}, {conv: 8}, {concat: [{conv: in.c}, [{conv: 2}, {conv: in.c}]]}, {conv: in.c, from: a}]")
    assert [row.output.c for row in found] == [4, 6, 8, 8, 2, 2, 10, 6]


def test_when_leaves_a_step_out() -> None:
    assert paths(layers("[{conv: 8, when: in.c == 4}, {relu: , when: in.c == 4}, {bn: , when: false}]")) == ["conv1"]
    assert paths(layers("[{do: [relu, bn], when: in.c > 4}, tanh]")) == ["tanh1"]
    assert paths(layers("[{add: [relu, bn], when: in.c > 4}, tanh]")) == ["tanh1"]


def test_else_stands_instead() -> None:
    steps = "[{conv: 8, name: big, when: in.c > CCC, else: [{conv: 2}, relu]}, {conv: in.c, name: last}]"
    assert paths(layers(steps.replace("CCC", "3"))) == ["big", "last"]
    found = layers(steps.replace("CCC", "4"))
    assert paths(found) == ["conv1", "relu1", "last"]
    assert found["last"].output.c == 2


def test_else_may_be_one_step_with_a_condition_of_its_own() -> None:
    steps = "[{conv: 1, when: in.c == 1, else: {conv: 2, when: in.c == 2, else: {conv: 3}}}]"
    assert [layers(steps, f"8x8x{c}").outputs[0].c for c in (1, 2, 3)] == [1, 2, 3]


def test_the_name_of_a_step_that_is_left_out_means_what_passed() -> None:
    found = layers("[{conv: 8, name: a, when: false}, {conv: 6}, {concat: , from: [a, input]}]")
    assert found["concat1"].inputs == ((8, 8, 4), (8, 8, 4))
    found = layers("[{conv: 8 * i, name: 'c{i}', when: i != 2, else: {conv: 2}, repeat: 3}, {concat: , from: [c1, c2, c3]}]")
    assert [x.c for x in found["concat1"].inputs] == [8, 2, 24]


def test_a_condition_may_be_a_number_or_several_compared() -> None:
    found = layers("[{relu: , when: in.c - 4}, {bn: , when: in.c and in.h}, {tanh: , when: 4 <= in.c < 5}, {elu: , when: not 0}]")
    assert paths(found) == ["bn1", "tanh1", "elu1"]


def test_from_starts_at_a_named_step() -> None:
    found = layers("[{conv: 8, name: a}, {conv: 6, name: b}, {relu: , from: a}, {add: , from: [relu3, a]}]".replace("relu3", "a"))
    assert found["relu1"].sources == ("a",)
    assert found["add1"].sources == ("a", "a")


def test_from_may_hold_arithmetic() -> None:
    found = layers(
        "[{conv: 4 * i, name: 'c{i}', repeat: 3},"
        " {each: i, in: [3, 2, 1], do: [{relu: , from: 'c{i}'}]},"
        " relu, {maxpool: 1, from: 'c{in.c // 4 + 1}'}, {concat: , from: ['c{1 + 0}', 'c{in.c // 4}', c2]}]"
    )
    assert [found[f"relu{i}"].sources for i in (1, 2, 3)] == [("c3",), ("c2",), ("c1",)]
    assert found["concat1"].sources == ("c1", "c2", "c2")


def test_a_name_that_only_building_knows_is_refused_there() -> None:
    (message,) = problems("input: 8x8x4\nlayers: [{conv: 4, name: 'c{in.c}'}, {relu: , from: c5}]")
    assert message == "2:53: no step named 'c5' comes before"


def test_from_on_a_group_and_on_a_repeat() -> None:
    found = layers("[{conv: 8, name: a}, {conv: 6}, {do: [relu, {conv: in.c}], from: a}, {conv: in.c + 1, from: a, repeat: 3}]")
    assert [row.output.c for row in found] == [4, 8, 6, 8, 8, 9, 10, 11]


def test_from_and_when() -> None:
    found = layers("[{conv: 8, name: a}, {conv: 6}, {conv: 5, from: a, when: in.c == 6, name: p}, {relu: , from: p}]")
    assert found["relu1"].sources == ("a",)  # the step is left out, and what arrived at it passes


def test_words_that_are_true_and_false() -> None:
    for no in ("false", "no", "off", "False", "'no'", "1 > 2", "not true", "x", "not yes"):
        assert report(f"params: {{x: no}}\ninput: 8x8x4\nlayers: [{{conv: 8, bias: {no}}}]").total.biases == 0
    for yes in ("true", "yes", "on", "True", "1 < 2", "not no", "x"):
        assert report(f"params: {{x: on}}\ninput: 8x8x4\nlayers: [{{conv: 8, bias: {yes}}}]").total.biases == 8


@pytest.mark.parametrize(
    ("written", "number"), [("010", 10), ("1e1", 10), ("'10'", 10), ("10.0", 10), (" 10 ", 10), ("20 / 2", 10), ("2^3", 8), ("0b", None)]
)
def test_numbers_as_they_are_written(written: str, number: int | None) -> None:
    text = f"input: 8x8x4\nlayers: [{{conv: {written}}}]"
    if number is None:
        assert problems(text)
    else:
        assert report(text).outputs[0].c == number


def test_sexagesimals_and_dates_are_no_numbers() -> None:
    assert problems("input: 8x8x4\nparams: {a: 1:28:28}\nlayers: [relu]") == ["2:14: ':' is not an operator"]
    assert report("input: 8x8x4\nparams: {a: 2012-01-01}\nlayers: [{conv: a}]").outputs[0].c == 2010  # it is a subtraction


def test_names_stay_texts() -> None:
    found = report("name: 1e3\nyear: 0012\npaper: no\nnotes: [010, true]\ninput: 8x8x4\nlayers: [{relu: , name: 1e3}, {bn: , name: no}]")
    about = found.setting.about
    assert (about.title, about.year, about.paper, about.notes) == ("1e3", 12, "no", ("010", "true"))
    assert paths(found) == ["1e3", "no"]


def test_a_variable_hides_a_word() -> None:
    assert report("params: {same: 1}\ninput: 8x8x4\nlayers: [{conv: 8, kernel: 3, pad: same}]").outputs[0] == (8, 8, 8)
    assert report("params: {same: 2}\ninput: 8x8x4\nlayers: [{conv: 8, kernel: 3, pad: same}]").outputs[0] == (10, 10, 8)


def test_a_variable_may_hold_a_word_of_a_field() -> None:
    found = report("params: {p: same, r: ceil}\ninput: 9x9x4\nlayers: [{conv: 8, kernel: 3, pad: p}, {maxpool: 2, round: r}]")
    assert [row.output[:2] for row in found] == [(9, 9), (9, 9), (5, 5)]


def test_a_kind_that_is_also_a_field_of_the_kind() -> None:
    found = layers("[{bn: , scale: false}, {scale: 0.5}, {scale: false, bn: }]")
    assert [(row.kind, row.params) for row in found][1:] == [("bn", 4), ("scale", 0), ("bn", 4)]


def test_lists_and_arithmetic_in_fields() -> None:
    found = report("params: {k: [3, 5]}\ninput: 9x9x4\nlayers: [{conv: 8, kernel: k}, {conv: 8, kernel: 'k[0]', pad: ['k[0] // 2', 0]}]")
    assert [row.output[:2] for row in found] == [(9, 9), (7, 5), (7, 3)]


def test_of_several_variables_the_one_that_is_no_field_is_meant() -> None:
    found = report("params: {unit: conv, stride: 2, w: 6}\ninput: 8x8x4\nlayers: [{stride: stride, unit: w}]")
    assert found.outputs == ((4, 4, 6),)


def test_a_group_takes_no_kind() -> None:
    assert problems("params: {act: relu}\ninput: 8x8x4\nlayers: [{act: , do: [bn]}]") == ["3:11: do has no field 'act'"]


def test_steps_may_be_repeated_by_aliases() -> None:
    found = layers("[&c {conv: 4, name: x}, relu, {do: [*c]}, &k [bn, relu], *k]")
    assert paths(found) == ["x", "relu1", "x2", "bn1", "relu2", "bn2", "relu3"]
