"""Windows and inputs that give an output, against trying everything with plain ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import analysis
from cnncalc.answers.inputs import InputRange, inputs, intervals
from cnncalc.answers.solve import Target, numbers, of_layer, values_of, windows
from cnncalc.errors import SpecError
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cnncalc.propagate.report import Report


def places(size: int, kernel: int, stride: int, pad: int, dilation: int) -> int:
    return len(range(0, size + 2 * pad - dilation * (kernel - 1), stride))


@settings(max_examples=40)
@given(size=st.integers(1, 40), out=st.integers(1, 20))
def test_every_window_that_gives_an_output_is_found_and_no_other(size: int, out: int) -> None:
    known = {"kernel": list(range(1, 8)), "stride": [1, 2, 3], "pad": list(range(4)), "dilation": [1, 2]}
    answers = windows("conv", known, [Volume(size, size, 1)], Target(out, out), {"filters": 1})
    found = {tuple(each.values[name] for name in known): each.exact for each in answers.found}
    wanted = {
        (k, s, p, d): (size + 2 * p - d * (k - 1) - 1) % s == 0
        for k in known["kernel"]
        for s in known["stride"]
        for p in known["pad"]
        for d in known["dilation"]
        if places(size, k, s, p, d) == out
    }
    assert found == wanted
    assert bool(answers.nearest) <= (not answers.found)


@settings(max_examples=30)
@given(out=st.integers(1, 12), kernel=st.integers(1, 7), stride=st.integers(1, 4), pad=st.integers(0, 3))
def test_every_input_that_gives_an_output_is_found(out: int, kernel: int, stride: int, pad: int) -> None:
    known = {"kernel": [kernel], "stride": [stride], "pad": [pad], "dilation": [1]}
    answers = windows("conv", known, None, Target(out, out), {"filters": 1})
    found = sorted(each.input.h for each in answers.found if isinstance(each.input.h, int))
    assert found == [size for size in range(1, 200) if places(size, kernel, stride, pad, 1) == out]


def test_inputs_whose_sides_differ_are_found_side_by_side() -> None:
    answers = windows("conv", {"kernel": [3], "stride": [2], "pad": [1], "dilation": [1]}, None, Target(3, 5), {"filters": 1})
    high, wide = ([size for size in range(1, 30) if places(size, 3, 2, 1, 1) == side] for side in (3, 5))
    assert {each.input[:2] for each in answers.found} == {(one, other) for one in high for other in wide}


def test_the_simplest_answer_comes_first_and_those_that_tile_before_others() -> None:
    answers = windows(
        "conv", dict.fromkeys(("kernel", "stride", "pad", "dilation")), [Volume(227, 227, 3)], Target(55, 55), {"filters": 96}
    )
    assert answers.found[0].values == {"kernel": 11, "stride": 4, "pad": 0, "dilation": 1}
    exact = [each.exact for each in answers.found]
    assert exact == sorted(exact, reverse=True)


def test_an_unknown_pad_is_smaller_than_the_window() -> None:
    answers = windows("conv", {"kernel": [3], "stride": [3], "pad": None, "dilation": [1]}, [Volume(7, 7, 1)], Target(3, 3), {"filters": 1})
    assert [each.values["pad"] for each in answers.found] == [1, 2]


def test_pools_and_transposed_convolutions_have_their_own_rules() -> None:
    known = {"kernel": [3], "stride": [2], "pad": [0], "dilation": [1]}
    (pool,) = windows("maxpool", known, [Volume(112, 112, 64)], Target(56, 56), {"round": "ceil"}).found
    assert pool.output == (56, 56, 64)
    (up,) = windows("upconv", {**known, "kernel": [2]}, [Volume(28, 28, 8)], Target(56, 56, 4), {"filters": 4}).found
    assert up.output == (56, 56, 4)


def test_nothing_found_shows_what_came_nearest() -> None:
    answers = windows(
        "conv", {"kernel": [3], "stride": [3], "pad": [0, 1], "dilation": [1]}, [Volume(7, 7, 1)], Target(9, 9), {"filters": 1}
    )
    assert not answers.found
    assert answers.nearest[0].output == (3, 3, 1)


def test_a_field_of_a_layer_is_found_on_the_input_it_has() -> None:
    row = analysis.report(analysis.locate("alexnet")).layer("CONV1")
    assert [each.values["pad"] for each in of_layer(row, {"pad": range(6)}, Target(55, 55, 96)).found] == [0, 1]
    assert [each.values["filters"] for each in of_layer(row, {"filters": range(1, 129)}, Target(params=34944)).found] == [96]


def on(network: str) -> Callable[[str], Report]:
    setting = analysis.locate(network)
    return lambda size: analysis.report(setting, input=size)


@pytest.mark.parametrize(
    ("network", "path", "target", "found"),
    [
        ("resnet50", "", Target(7, 7), [InputRange(193, 224)]),  # ⌊(S + 31)/32⌋ = 7
        ("vgg16", "pool5", Target(7, 7), [InputRange(224, 255)]),  # ⌊S/32⌋ = 7
        ("resnet50", "conv5_x", Target(7, 7), [InputRange(193, 224)]),  # the last layer in a folder
        ("alexnet", "CONV1", Target(55, 55), [InputRange(227, 230)]),  # ⌊(S − 11)/4⌋ + 1 = 55
        ("vgg16", "pool5", Target(500, 500), []),
    ],
)
def test_inputs_that_give_an_output_somewhere_in_a_network(network: str, path: str, target: Target, found: list[InputRange]) -> None:
    answers = inputs(on(network), 3, path, target)
    assert answers.found == found
    assert bool(answers.nearest) == (not found)


def test_the_ends_of_an_interval_hold_and_their_neighbours_do_not() -> None:
    (interval,) = inputs(on("resnet18"), 3, "", Target(5, 5)).found
    for size in range(interval.first - 1, interval.last + 2):
        report = analysis.report(analysis.locate("resnet18"), input=f"{size}x{size}x3")
        wide = [row.output for row in report if row.output.h != 1]
        assert (wide[-1].h == 5) == (interval.first <= size <= interval.last)


def test_a_network_that_is_another_one_for_small_inputs_is_looked_at_there_too(tmp_path: Path) -> None:
    path = tmp_path / "n.yaml"
    path.write_text("input: 32x32x1\nlayers:\n  - {maxpool: 2, when: in.h > 9}\n  - {conv: 1, kernel: 3}\n", encoding="utf-8")
    assert inputs(on(str(path)), 1, "", Target(5, 5)).found == [InputRange(7, 7), InputRange(14, 15)]


def test_a_network_for_one_size_is_tried_size_by_size(tmp_path: Path) -> None:
    path = tmp_path / "n.yaml"
    path.write_text("input: 32x32x1\nlayers:\n  - {conv: 1, repeat: 'in.h // 8'}\n  - {maxpool: 2}\n", encoding="utf-8")
    answers = inputs(on(str(path)), 1, "", Target(7, 7))
    assert answers.found == [InputRange(14, 15)]
    assert answers.most == 512


def test_a_mistake_that_no_size_mends_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no layer 'pool9'"):
        inputs(on("vgg16"), 3, "pool9", Target(7, 7))
    path = tmp_path / "n.yaml"
    path.write_text("input: 32x32x3\nlayers: [{add: [{conv: 4}, {conv: 5}]}]\n", encoding="utf-8")
    with pytest.raises(SpecError, match="the channels differ"):
        inputs(on(str(path)), 3, "", Target(7, 7))


@pytest.mark.parametrize(
    ("layer_of", "asked", "values"),
    [
        ("CONV1", "pad", ("pad", range(6))),
        ("CONV1", "pad=0:2", ("pad", [0, 1, 2])),
        ("CONV1", "pad=?", ("pad", range(6))),
        ("CONV1", "bias", ("bias", ("true", "false"))),
        ("CONV1", "filters", ("filters", [96])),  # as deep as the output should be
        ("POOL1", "kernel", ("size", range(1, 12))),  # a pool calls it so
        ("POOL1", "round", ("round", ("floor", "ceil"))),
        ("POOL1", "round=ceil", ("round", ["ceil"])),
    ],
)
def test_the_values_of_a_field_are_given_or_usual(layer_of: str, asked: str, values: object) -> None:
    row = analysis.report(analysis.locate("alexnet")).layer(layer_of)
    assert values_of(row, asked, Target(depth=96)) == values


@pytest.mark.parametrize(("path", "asked", "hint"), [("CONV1", "padd", "did you mean 'pad'"), ("relu1", "pad", "it has none")])
def test_a_field_that_a_layer_has_not_is_told(path: str, asked: str, hint: str) -> None:
    with pytest.raises(SpecError, match="has no field") as caught:
        values_of(analysis.report(analysis.locate("alexnet")).layer(path), asked, Target())
    assert hint in str(caught.value)


def test_an_input_that_is_a_formula_is_refused() -> None:
    row = analysis.report(analysis.locate("alexnet"), input="HxWx3").layer("CONV1")
    with pytest.raises(SpecError, match="give the symbols numbers with --input and --set"):
        of_layer(row, {"pad": range(3)}, Target(7, 7))


def test_values_that_no_layer_can_have_are_passed_over() -> None:
    answers = windows(
        "conv", {"kernel": [0, 3], "stride": [1], "pad": [1], "dilation": [1]}, [Volume(7, 7, 1)], Target(7, 7), {"filters": 1}
    )
    assert [each.values["kernel"] for each in answers.found] == [3]


def test_words_are_fields_too() -> None:
    row = analysis.report(analysis.locate("alexnet")).layer("CONV1")
    assert [each.values for each in of_layer(row, {"bias": ["true", "false"]}, Target(params=34848)).found] == [{"bias": "false"}]


@pytest.mark.parametrize("known", [{"kernel": None}, {"kernel": list(range(1, 2000))}])
def test_too_many_settings_are_refused(known: dict[str, list[int] | None]) -> None:
    choices = {**dict.fromkeys(("stride", "pad", "dilation")), **known}
    with pytest.raises(SpecError, match="too many to try"):
        windows("conv", choices, None, Target(4000, 4000), {"filters": 1})


def test_numbers_in_a_row_are_intervals() -> None:
    assert list(intervals([1, 2, 3, 7, 9, 10])) == [(1, 3), (7, 7), (9, 10)]
    assert list(intervals([])) == []


@pytest.mark.parametrize(("text", "values"), [("5", [5]), ("3,5,7", [3, 5, 7]), ("1:4", [1, 2, 3, 4]), ("1:9:4", [1, 5, 9]), ("?", None)])
def test_an_option_holds_values_a_range_or_a_question_mark(text: str, values: list[int] | None) -> None:
    assert numbers(text, "--kernel") == values


@pytest.mark.parametrize("text", ["", "a", "1:a", "5:3", "-1", "1:999999:1", "1:2:3:4"])
def test_other_values_are_refused(text: str) -> None:
    with pytest.raises(SpecError):
        numbers(text, "--kernel")
