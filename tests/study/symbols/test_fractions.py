"""A letter for a multiplier stands for fractions: its formulas give what `show` gives, for every value that the answer allows."""

from __future__ import annotations

import json
import random
from fractions import Fraction

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


def test_letters_for_whole_numbers_take_no_fractions() -> None:
    report = cnncalc.analyze("resnet50", set={"width": "w"})
    with pytest.raises(SpecError, match="whole numbers"):
        read_point(["w=1.5"], report)


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
