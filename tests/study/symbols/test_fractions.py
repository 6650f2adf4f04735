"""A letter for a multiplier stands for fractions: its formulas give what `show` gives, for every value that the answer allows."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from typing import Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.output.sheets.formulas import FormulaOptions, document
from cnncalc.study.symbols.substitution import read_point, substitute

FIGURES = ("params", "weights", "macs", "flops", "values")
USUAL = [Fraction(text) for text in ("1/4", "1/3", "0.5", "0.75", "1", "1.1", "1.4", "1.5", "2")]
MULTIPLIERS = [
    ("mobilenet_v2", "width"),
    ("mobilenet_v1", "width"),
    ("efficientnet_b0", "width"),
    ("mixnet_s", "width"),
    ("densenet121", "compression"),
    ("densenet_bc100_k12_cifar", "compression"),
    ("repvgg_a0", "a"),
    ("repvgg_a0", "b"),
    ("squeezenet1_0", "SR"),
    ("squeezenet1_0", "pct3x3"),
    ("mnasnet_b1", "width"),
    ("lcnet_100", "width"),
    ("mobilenet_v3_large", "width"),
    ("mobilevitv2_100", "width"),
    ("shufflenet_v1_g3", "width"),
]


@pytest.mark.parametrize(("network", "param"), MULTIPLIERS)
def test_formulas_at_fractions_are_what_show_gives(network: str, param: str) -> None:
    report = cnncalc.analyze(network, set={param: "w"})
    numbers = random.Random(network + param)
    held = 0
    for value in [*USUAL, *(Fraction(numbers.randint(1, 150), numbers.randint(1, 70)) for _ in range(4))]:
        try:
            point = read_point([f"w={value}"], report)
        except SpecError:
            continue
        there = cnncalc.analyze(network, set={param: value}).total
        assert [substitute(getattr(report.total, figure), point) for figure in FIGURES] == [getattr(there, figure) for figure in FIGURES], (
            value
        )
        held += 1
    assert held >= 2


def test_the_width_of_mobilenet_v2() -> None:
    report = cnncalc.analyze("mobilenet_v2", set={"width": "w"})
    assert substitute(report.total.params, read_point(["w=0.75"], report)) == 2_636_424  # torchvision, width_mult=0.75
    assert document(report, FormulaOptions(None, None, False, {}))["conditions"] == ["w >= 5/16"]
    with pytest.raises(SpecError, match="it takes w >= 5/16"):
        read_point(["w=0.25"], report)


@pytest.mark.parametrize(
    ("network", "param", "conditions"),
    [
        ("lcnet_100", "width", ["w > 0"]),
        ("mobilenet_v1", "width", ["w >= 1/32"]),  # 32·w >= 1 implies 64·w >= 1
        ("squeezenet1_0", "SR", ["w >= 1/128", "128*w divisible by 1"]),  # then 256·w and 384·w are whole
        ("squeezenet1_0", "pct3x3", ["w >= 1/128", "127 >= 128*w", "-128*w + 128 divisible by 1"]),
        ("shufflenet_v1_g3", "width", ["w >= 5/48", "20*w divisible by 1"]),  # as are 60·w/3 and (240·w - 24)/3
    ],
)
def test_conditions_that_follow_from_others_are_left_out(network: str, param: str, conditions: list[str]) -> None:
    report = cnncalc.analyze(network, set={param: "w"})
    assert report.as_dict()["conditions"] == conditions
    for width in {Fraction(n, d) for n in range(1, 60) for d in (1, 2, 7, 20, 60, 128, 240, 256)}:
        required = all(condition.at({"w": width}) for condition in report.graph.conditions)  # type: ignore[dict-item]  # stands for fractions
        assert required == all(condition.at({"w": width}) for condition in report.conditions)  # type: ignore[dict-item]  # as above


def test_a_fraction_in_json_is_text() -> None:
    report = cnncalc.analyze("mobilenet_v2", set={"width": "w"})
    described = document(report, FormulaOptions(None, None, True, read_point(["w=0.75"], report)))
    assert json.loads(json.dumps(described)) == described
    assert described["at"] == {"w": "3/4"}
    assert described["total"]["params"] == 2_636_424


def test_an_option_overrides_the_domain() -> None:
    whole = cnncalc.analyze("mobilenet_v2", set={"width": "w:whole"})
    assert list(map(str, whole.conditions)) == ["w >= 1"]
    assert whole.total.params.at({"w": 2}) == cnncalc.analyze("mobilenet_v2", set={"width": 2}).total.params  # type: ignore[union-attr]  # a formula
    fraction = cnncalc.analyze("resnet50", set={"width": "w: fraction"})
    assert list(map(str, fraction.conditions)) == ["w >= 1/64", "64*w divisible by 1"]
    point = read_point(["w=3/2"], fraction)
    assert substitute(fraction.total.params, point) == cnncalc.analyze("resnet50", set={"width": "3/2"}).total.params
    spec = {"input": "8x8x3", "params": {"k": {"value": 1, "domain": "fraction"}}, "layers": [{"conv": "4 * k"}]}
    assert list(map(str, cnncalc.analyze(spec, set={"k": "w:whole"}).conditions)) == ["w >= 1"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"set": {"width": "w:fractoin"}}, "no domain 'fractoin'.*did you mean 'fraction'"),
        ({"set": {"width": "w:"}}, "no domain ''.*known: whole, fraction"),
        ({"set": {"width": "H:fraction"}, "input": "HxWx3"}, "H stands for a whole number"),
        ({"set": {"width": "1.5:whole"}}, "width is declared as a whole number, not 3/2"),
        ({"set": {"width": "0:fraction"}}, "width is declared as a positive fraction, not 0"),
    ],
)
def test_mistakes_in_an_overridden_domain(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze("resnet50", **options)
    (problem,) = caught.value.problems
    assert re.search(message, f"{problem.message} {problem.hint}")


def test_a_value_in_a_file_breaks_its_domain() -> None:
    spec = {"input": "8x8x3", "params": {"k": {"value": 1, "domain": "whole"}}, "layers": [{"conv": "4 * k"}]}
    assert cnncalc.analyze(spec, set={"k": 2}).total.params == 3 * 8 + 8
    with pytest.raises(SpecError, match="k is declared as a whole number, not 3/2"):
        cnncalc.analyze(spec, set={"k": 1.5})
    with pytest.raises(SpecError, match="k is declared as a whole number, not 1/2"):
        cnncalc.analyze({**spec, "params": {"k": {"value": 0.5, "domain": "whole"}}})


def test_letters_for_whole_numbers_take_no_fractions() -> None:
    report = cnncalc.analyze("resnet50", set={"width": "w"})
    with pytest.raises(SpecError, match="whole numbers") as caught:
        read_point(["w=1.5"], report)
    assert caught.value.problems[0].hint == "for fractions, --set has w:fraction"


@pytest.mark.parametrize(
    ("network", "param", "message"),
    [
        ("efficientnet_b0", "depth", "repeat: expected a whole number from 0 to 10,000, this depends on w"),
        ("regnety_400mf", "w_0", "the nearest multiple to w is not known"),
        ("regnety_400mf", "w_m", "the nearest multiple to 48*w is not known"),
    ],
)
def test_what_letters_cannot_do_says_what_would_help(network: str, param: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(network, set={param: "w"})
    (problem,) = caught.value.problems
    assert (problem.message, problem.hint) == (message, "give w a number")


@pytest.mark.parametrize("text", ["w=0", "w=0.0", "w=1/0", "w=-1/2", "w=/2", "w=1e3", "w=", "w=1/2/3"])
def test_what_is_no_positive_number(text: str) -> None:
    report = cnncalc.analyze("mobilenet_v2", set={"width": "w"})
    with pytest.raises(SpecError, match="--at takes symbols"):
        read_point([text], report)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"value": 1, "domain": "fractoin"}, "unknown domain 'fractoin'"),
        ({"value": 1, "domains": "whole"}, "unknown key 'domains'"),
        ({"domain": "whole"}, "'value' is missing"),
    ],
)
def test_mistakes_in_a_domain(written: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        cnncalc.analyze({"input": "8x8x3", "params": {"k": written}, "layers": [{"conv": "4 * k"}]})


@pytest.mark.parametrize(("domain", "conditions"), [("whole", ["w >= 1"]), ("fraction", ["w >= 1/4", "4*w divisible by 1"])])
def test_a_declared_domain(domain: str, conditions: list[str]) -> None:
    spec = {"input": "8x8x3", "params": {"k": {"value": 1, "domain": domain}}, "layers": [{"conv": "4 * k"}]}
    assert list(map(str, cnncalc.analyze(spec, set={"k": "w"}).conditions)) == conditions
