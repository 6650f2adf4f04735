"""A network as options ask for it: params, input, changed fields, and what is refused of them."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from tests.spec_text import problems, report

TEXT = """
input: [res, res, 3]
params: {res: 8, width: 1, depths: [2, 2], unit: conv, K: }
variants: {wide: {width: 4, depths: [1, 3]}}
layers: [{conv: 8 * width, name: first}, {unit: 4}, {conv: K, when: "sum(depths) == 4"}]
"""
NETWORK: dict[str, Any] = {"input": "8x8x3", "params": {"width": 1, "flag": True}, "layers": [{"conv": "10 * width", "name": "c"}]}


def test_params_are_set() -> None:
    assert report(TEXT, params=["res=16"]).input == (16, 16, 3)
    assert report(TEXT, params=["width=1.5", "K=5"])["first"].output.c == 12
    assert report(TEXT, params=["width=3/2"])["first"].output.c == 12
    assert report(TEXT, params=["depths=[3,4]"]).rows[-1].path == "conv2"
    assert report(TEXT, params=["unit=maxpool"]).rows[2].kind == "maxpool"
    assert report(TEXT, params=["width = 2", "width=3"])["first"].output.c == 24  # the last one counts
    assert report(TEXT, params=["width=2, res=4, depths=[1, 3]"])["first"].output == (4, 4, 16)
    assert report(TEXT, "wide", params=["width=2"])["first"].output.c == 16


def test_a_param_may_use_the_others() -> None:
    assert report(TEXT, params=["width=res // 2"])["first"].output.c == 32


def test_a_letter_is_a_symbol_and_a_param_may_become_one() -> None:
    assert str(report(TEXT, params=["width=w"])["first"].output.c) == "8*w"
    assert str(report(TEXT, params=["width=2*w1 + 1"])["first"].output.c) == "16*w1 + 8"
    assert [str(side) for side in report(TEXT, params=["res=R"]).input] == ["R", "R", "3"]
    assert str(report(TEXT, params=["K=K"]).outputs[0].c) == "K"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (["widht=3"], "1:1: test has no param 'widht'"),
        (["width"], "--set takes a param and its value, width=1.4, not 'width'"),
        (["=3"], "--set takes a param and its value, width=1.4, not '=3'"),
        (["width="], "--set takes a param and its value, width=1.4, not 'width='"),
        (["width=3 +"], "1:9: the expression is incomplete: a number or a name is missing"),
        (["width=wide"], "1:7: unknown name 'wide'"),
        (["width=in.c"], "1:7: unknown name 'in'"),  # nothing has arrived yet
        (["res=0"], "1:9: expected a whole number from 1 up, found 0"),
        (["res=1/2"], "1:9: expected a whole number from 1 up, found 1/2"),
        (["res=[1]"], "1:9: expected a whole number from 1 up, found [1]"),
        (["width=-1"], "4:17: filters: expected a whole number from 1 up, found -8"),
        (["width=0.3"], "4:17: filters: expected a whole number from 1 up, found 12/5"),
    ],
)
def test_params_that_cannot_be(params: list[str], message: str) -> None:
    assert problems(TEXT, params=params) == [message]


@pytest.mark.parametrize(
    ("options", "excerpt"),
    [
        ({"params": ["width=2, widht = 3"]}, "widht = 3\n  ^^^^^"),
        ({"params": ["width =  wide"]}, "width =  wide\n           ^^^^"),
        ({"changes": ["first.kernal=3"]}, "first.kernal=3\n        ^^^^^^"),
        ({"changes": ["frist.kernel=3"]}, "frist.kernel=3\n  ^^^^^"),
        ({"changes": ["first.kernel= -3"]}, "first.kernel= -3\n                ^^"),
    ],
)
def test_the_caret_points_at_what_is_wrong_in_an_option(options: dict[str, Any], excerpt: str) -> None:
    with pytest.raises(SpecError) as caught:
        report(TEXT, **options)
    (problem,) = caught.value.problems
    assert f"\n  {excerpt}" in str(problem)


def test_every_unknown_param_is_told() -> None:
    assert problems(TEXT, params=["a=1", "b=2"]) == ["1:1: test has no param 'a'", "1:1: test has no param 'b'"]


def test_an_input_instead_of_the_files() -> None:
    assert report(TEXT, input="5x6x7").input == (5, 6, 7)
    assert report(TEXT, input="resx4x1").input == (8, 4, 1)
    assert [str(side) for side in report(TEXT, input="HxWx3").input] == ["H", "W", "3"]
    assert [str(side) for side in report(TEXT, input="32kx32kx3").input] == ["32*k", "32*k", "3"]
    assert report(TEXT, "wide", input="5x6x7").input == (5, 6, 7)


def test_symbols_of_the_files_input_take_what_is_given() -> None:
    text = "input: HxWxC\nlayers: [{conv: C}, {conv: H}, {conv: W}]"
    assert [row.output.c for row in report(text, input="5x6x7")] == [7, 7, 5, 6]
    assert [str(row.output.c) for row in report(text, params=["C=4"])] == ["4", "4", "H", "W"]
    assert [row.output for row in report(text, params=["C=4, H=5, W=6"])] == [(5, 6, 4), (5, 6, 4), (5, 6, 5), (5, 6, 6)]
    assert [str(side) for side in report(text, params=["C=2*k"]).input] == ["H", "W", "2*k"]


@pytest.mark.parametrize(
    ("input", "message"),
    [
        ("", "1:1: expected an input: 224x224x3, or [height, width, channels]"),
        ("3", "1:1: an input has one to three sides and its channels: height x width x channels, as in 224x224x3"),
        ("0x1x1", "1:1: expected a whole number from 1 up, found 0"),
        ("1x1x" + "9" * 30, "1:5: a number of more than 18 digits: " + "9" * 30),
        ("1x 1.5 x1", "1:4: a dimension is a number or a name, not '1.5'"),
        ("1xx1", "1:1: an input has one to three sides and its channels: height x width x channels, as in 224x224x3"),
    ],
)
def test_inputs_that_cannot_be(input: str, message: str) -> None:
    assert problems(TEXT, input=input) == [message]


def test_batches() -> None:
    plain = report(TEXT, params=["K=2"])
    for batch, times in (("1", 1), ("7", 7), ("2 * 3", 6)):
        found = report(TEXT, params=["K=2"], batch=batch)
        assert (found.total.macs, found.total.flops) == (times * plain.total.macs, times * plain.total.flops)
        assert (found.total.values, found.total.bytes) == (times * plain.total.values, times * plain.total.bytes)
        assert (found.total.params, found.total.param_bytes) == (plain.total.params, plain.total.param_bytes)
    assert str(report("input: 1x1x2\nlayers: [{fc: 3}]", batch="N").total.macs) == "6*N"
    assert problems(TEXT, batch="0") == ["1:1: expected a whole number from 1 up, found 0"]
    assert problems(TEXT, batch="many") == ["1:1: unknown name 'many'"]


def test_types_of_numbers() -> None:
    sizes = {
        dtype: report("input: 1x1x3\nlayers: [{fc: 2}]", dtype=dtype).total
        for dtype in ("float32", "float16", "bfloat16", "float64", "int8")
    }
    assert {dtype: total.bytes for dtype, total in sizes.items()} == {
        "float32": 20,
        "float16": 10,
        "bfloat16": 10,
        "float64": 40,
        "int8": 5,
    }
    assert {dtype: total.param_bytes for dtype, total in sizes.items()} == {
        "float32": 32, "float16": 16, "bfloat16": 16, "float64": 64, "int8": 8,
    }  # fmt: skip
    assert problems(TEXT, dtype="float") == ["no element type 'float'"]
    assert problems(TEXT, counting="flop") == ["no counting convention 'flop'"]


@pytest.mark.parametrize(
    ("options", "channels"),
    [
        ({"set": {"width": 2}}, 20),
        ({"set": {"width": 1.4}}, 14),
        ({"set": {"width": Fraction(7, 5)}}, 14),
        ({"set": {"width": "7/5"}}, 14),
        ({"set": {"flag": False}}, 10),
        ({"but": {"c.filters": 3}}, 3),
        ({"but": {"c.filters": "3 * width"}}, 3),
        ({"but": {"c.kernel": [3, 1], "c.pad": (1, 0)}}, 10),
        ({"but": {"c.bias": False}}, 10),
        ({"input": [4, 4, 1]}, 10),
        ({"input": ("4", "W", 1)}, 10),
        ({"batch": 3}, 10),
    ],
)
def test_options_from_python(options: dict[str, Any], channels: int) -> None:
    assert cnncalc.analyze(NETWORK, **options).outputs[0].c == channels


@pytest.mark.parametrize(
    "options",
    [
        {"set": {"width": "x" * 50}},
        {"set": {"width": None}},
        {"set": {"width": float("nan")}},
        {"set": {"width": float("inf")}},
        {"set": {"width": object()}},
        {"set": {"width": {}}},
        {"set": {5: 3}},
        {"but": {"c": 3}},
        {"input": 3.5},
        {"input": "3"},
        {"input": []},
        {"batch": 0},
        {"batch": -1},
        {"batch": 1.5},
        {"batch": None},
        {"batch": True},
    ],
)
def test_options_from_python_that_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        cnncalc.analyze(NETWORK, **options)


@pytest.mark.parametrize("pair", ["K=1" + " " * 100_000 + "x", "K=1" + "," * 100_000 + "x", ", " * 50_000 + "=3", "." * 100_000 + "=3"])
def test_options_of_many_blanks_take_no_squares_of_time(pair: str) -> None:
    begun = time.process_time()
    assert problems(TEXT, params=[pair])
    assert problems(TEXT, changes=[pair])
    assert time.process_time() - begun < 2
