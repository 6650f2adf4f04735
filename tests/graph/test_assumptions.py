"""Networks with symbols: divisibility, dependence on the size of symbols, and undecidable conditions."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.dims import Poly

WIDE = {  # a projection where the width changes, as in wide residual networks
    "input": "HxWx3",
    "params": {"width": 1},
    "layers": [{"conv": 16, "name": "first"}, {"when": "in.c != 16 * width", "conv": "16 * width", "name": "projection"}, "relu"],
}
HALVES = {
    "input": "HxWx8",
    "layers": [
        {"conv": 8, "stride": 2, "name": "a"},
        {"conv": 8, "stride": 2, "name": "b"},
        {"when": "a.h != b.h", "conv": 9, "name": "c"},
    ],
}


def conditions(network: dict[str, Any], **options: Any) -> dict[str, str]:
    """What was required or assumed of symbols, and where."""
    return {str(condition): where for condition, where in cnncalc.analyze(network, **options).conditions.items()}


def test_from_where_on_a_network_is_one_network() -> None:
    assert conditions(WIDE, set={"width": "w"}, input="8x8x3") == {"w >= 2": "line 12"}
    assert conditions(HALVES) == {"H >= 3": "line 15", "W >= 1": ""}
    report = cnncalc.analyze(WIDE, set={"width": "w"}, input="8x8x3")
    assert [row.path for row in report] == ["input", "first", "projection", "relu1"]
    (condition,) = report.conditions
    assert condition.assumed
    assert condition.message == "below 2 the network differs: <mapping>, line 12"
    assert str(report.total.weights) == "256*w + 48"


@pytest.mark.parametrize("size", range(3, 12))
def test_from_there_on_it_is_the_network_of_numbers(size: int) -> None:
    formulas = cnncalc.analyze(HALVES)
    numbers = cnncalc.analyze(HALVES, input=f"{size}x{size}x8")
    flops = formulas.total.flops
    assert isinstance(flops, Poly)
    assert flops.at({"H": size, "W": size}) == numbers.total.flops
    assert len(formulas.rows) == len(numbers.rows)


def test_below_it_is_another_network() -> None:
    for size in (1, 2):
        assert len(cnncalc.analyze(HALVES, input=f"{size}x{size}x8").rows) == 3


def test_what_layers_require_is_known_further_down() -> None:
    network: dict[str, Any] = {"input": "HxWx8", "layers": [{"conv": 8, "kernel": 7}, {"when": "in.h + 6 < 7", "conv": 9}]}
    assert conditions(network) == {"H >= 7": "conv1", "W >= 7": "conv1"}
    several = {**network, "params": {"K": "", "L": ""}, "layers": [*network["layers"], {"conv": "K * L - 2"}, {"when": "K > 4", "conv": 9}]}
    assert conditions(several) == {"H >= 7": "conv1", "W >= 7": "conv1", "K >= 5": "line 16", "L >= 1": ""}


@pytest.mark.parametrize("condition", ["in.c != width", "in.h > in.w", "in.h % 2 == 0", "in.h > 5000", "width > 3 and in.c == 7 * width"])
def test_what_cannot_be_decided_says_where_and_for_which_symbol(condition: str) -> None:
    network = {"input": "HxWxC", "params": {"width": ""}, "layers": [{"when": condition, "conv": 9}]}
    with pytest.raises(cnncalc.SpecError, match="cannot be decided for all") as caught:
        cnncalc.analyze(network)
    (problem,) = caught.value.problems
    assert problem.place[1] > 0
    assert "give " in problem.hint


@pytest.mark.parametrize(
    ("layer", "expected"),  # expected besides the domains of the symbols
    [
        ({"conv": "K / 2"}, ["K >= 2", "K divisible by 2"]),
        ({"conv": "3 * K / 4", "bias": False}, ["K >= 2", "K divisible by 4"]),
        ({"conv": "K - 3"}, ["K >= 4"]),
        ({"conv": 8, "kernel": "K"}, ["H >= K", "W >= K"]),
        ({"conv": 8, "pad": "K / 3"}, ["K divisible by 3"]),
        ({"conv": 8, "groups": "K"}, ["12 divisible by K", "8 divisible by K"]),
        ({"slice": "[K / 2, K]"}, ["K >= 2", "K divisible by 2", "12 >= K"]),
        ({"slice": "[K - 5, K]"}, ["K >= 5", "12 >= K"]),
        ({"fc": "K"}, []),
    ],
)
def test_fields_must_be_whole_and_large_enough(layer: dict[str, Any], expected: list[str]) -> None:
    found = conditions({"input": "HxWx12", "params": {"K": ""}, "layers": [layer]})
    assert [each for each in found if each not in ("H >= 1", "W >= 1", "K >= 1")] == expected


@pytest.mark.parametrize(("input", "expected"), [("32hx32hx3", ["h >= 1"]), ("HxWx3", ["H >= 1", "W >= 1"])])
def test_inputs_are_whole_and_from_one_up(input: str, expected: list[str]) -> None:
    assert list(conditions({"input": input, "layers": ["relu"]})) == expected


@pytest.mark.parametrize(
    ("sides", "expected"),
    [(["H / 2", "H", 3], ["H >= 2", "H divisible by 2"]), (["H - 2", "H", 3], ["H >= 3"]), (["2 * H - 1", "H", 3], ["H >= 1"])],
)
def test_inputs_that_are_arithmetic(sides: list[Any], expected: list[str]) -> None:
    assert list(conditions({"input": sides, "params": {"H": ""}, "layers": ["relu"]})) == expected


def test_an_input_that_is_never_a_size() -> None:
    with pytest.raises(cnncalc.SpecError, match="input: expected a whole number from 1 up, found -H"):
        cnncalc.analyze({"input": ["-H", 3, 3], "params": {"H": ""}, "layers": ["relu"]})


def test_a_network_that_always_depends_on_its_size_is_given_up() -> None:
    tower = {
        "input": "8x8x3",
        "params": {"columns": ""},
        "blocks": {"fractal": {"args": {"n": ""}, "layers": [{"when": "n > 1", "fractal": "n - 1"}, {"conv": 8}]}},
        "layers": [{"fractal": "columns"}],
    }
    with pytest.raises(cnncalc.SpecError, match=r"cannot be decided for all columns \(for columns >= 24\)"):
        cnncalc.analyze(tower)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([{"conv": 8, "repeat": "K"}], "repeat: expected a whole number"),
        ([{"conv": "[8, 9][K]"}], "an index must be a whole number, not K"),
        ([{"conv": "2 ** K"}], "an exponent must be a whole number, not K"),
        ([{"split": "K"}], "K is not a number of parts; give one"),
        ([{"adaptivepool": "K"}], "the output size K is not a number; give one"),
    ],
)
def test_what_takes_a_number_says_which_symbol_to_fix(layers: list[Any], message: str) -> None:
    with pytest.raises(cnncalc.SpecError, match=message) as caught:
        cnncalc.analyze({"input": "8x8x6", "params": {"K": ""}, "layers": layers})
    assert "K" in str(caught.value)
    assert "give" in str(caught.value)


def test_a_quotient_that_is_no_formula_says_so() -> None:
    with pytest.raises(cnncalc.SpecError, match=r"\(256\)/\(K\) is not a formula") as caught:
        cnncalc.analyze({"input": "8x8x6", "params": {"K": ""}, "layers": [{"conv": "256 / K"}]})
    assert caught.value.problems[0].hint == "give its symbols numbers"
