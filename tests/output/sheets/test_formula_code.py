"""Formulas as functions: what Python and Node compute with them is what `show` prints, for several sizes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.output.sheets.formula_code import code
from cnncalc.output.sheets.formulas import FormulaOptions, entries
from cnncalc.study.symbols.substitution import read_point
from tests.cli.run import run

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

METRICS = ("params", "macs", "values", "receptive_field")
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("vgg16", {"input": "HxWx3"}),
    ("resnet50", {"input": "HxWx3", "set": {"width": "w"}, "batch": "N"}),
    ("googlenet", {"input": "HxWx3"}),
    ("mobilenet_v2", {"input": "HxWx3", "set": {"width": "w"}}),
    ("efficientnet_b0", {"set": {"width": "w"}}),
    ("densenet121", {"set": {"compression": "t", "growth": "k"}}),
    ("repvgg_a0", {"set": {"a": "a", "b": "b"}}),
    ("shufflenet_v1_g3", {"set": {"width": "w"}}),
    ("mobilevitv2_100", {"set": {"width": "w"}}),
    ("nasnet_a_mobile", {"input": "HxWx3"}),
]
FRACTIONS = ["1/2", "3/4", "1", "5/4", "3/2", "2", "7/5", "11/10"]


def points(report: Report, seed: str) -> list[dict[str, Any]]:
    """Some values of the symbols for which the formulas hold."""
    numbers = random.Random(seed)
    domain = report.graph.symbols.domain
    found: list[dict[str, Any]] = []
    while len(found) < 2:
        texts = {
            name: str(numbers.randint(1, 300 if name in "HW" else 8)) if domain(name).whole else numbers.choice(FRACTIONS)
            for name in report.symbols
        }
        try:
            found.append(read_point([f"{name}={text}" for name, text in texts.items()], report))
        except SpecError:
            continue
    return found


def numbers_at(network: str, asked: dict[str, Any], point: dict[str, Any]) -> list[Any]:
    """What `show` has for the metrics at a point."""
    options = {**asked, "set": {name: point[letter] for name, letter in asked.get("set", {}).items()}}
    if "input" in asked:
        options["input"] = asked["input"].replace("H", str(point["H"])).replace("W", str(point["W"]))
    if "batch" in asked:
        options["batch"] = point["N"]
    document = cnncalc.analyze(network, **options).as_dict()
    return [document["total"][metric] for metric in METRICS[:3]]


def functions(network: Any, asked: dict[str, Any], language: str) -> tuple[Report, str]:
    report = cnncalc.analyze(network, **asked)
    return report, code(report, entries(report, FormulaOptions(",".join(METRICS), None, False, {})), {}, language)


def in_python(text: str, metric: str, values: list[Any]) -> Any:
    names: dict[str, Any] = {}
    exec(text, names)  # our own text
    return names[metric](*values)


def in_node(text: str) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    done = subprocess.run([node, "-"], input=text, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize(("network", "asked"), ASKED)
def test_python_computes_what_show_prints(network: str, asked: dict[str, Any]) -> None:
    report, text = functions(network, asked, "python")
    assert "cnncalc" not in text
    for point in points(report, network):
        values = [str(value) if isinstance(value, Fraction) else value for value in point.values()]
        found = [in_python(text, metric, values) for metric in METRICS[:3]]
        assert found == numbers_at(network, asked, point)
        assert set(map(type, found)) == {int}


def test_javascript_computes_what_show_prints() -> None:
    calls, expected = [], []
    for at, (network, asked) in enumerate(ASKED):
        report, text = functions(network, asked, "javascript")
        calls.append(f"const f{at} = (() => {{ {text}\nreturn [params, macs, values]; }})();\n")
        for point in points(report, network):
            arguments = ", ".join(json.dumps(str(value)) if isinstance(value, Fraction) else str(value) for value in point.values())
            calls.append(f"found.push(f{at}.map(metric => metric({arguments})));\n")
            expected.append(numbers_at(network, asked, point))
    assert in_node("".join(["const found = [];\n", *calls, "console.log(JSON.stringify(found));"])) == expected


@pytest.mark.parametrize(
    ("value", "answer"), [("0.75", 2_636_424), ('"0.75"', 2_636_424), ('"3/4"', 2_636_424), ("1.4", 6_108_776), ("1", 3_504_872)]
)
def test_the_width_of_mobilenet_v2(value: str, answer: int) -> None:  # torchvision, width_mult=0.75, 1.4 and 1
    _, text = functions("mobilenet_v2", {"set": {"width": "w"}}, "javascript")
    assert in_node(f"{text}\nconsole.log(params({value}));") == answer
    _, text = functions("mobilenet_v2", {"set": {"width": "w"}}, "python")
    assert in_python(text, "params", [json.loads(value)]) == answer


def test_javascript_is_exact_or_refuses() -> None:
    network = {"input": "8x8xC", "params": {"K": ""}, "layers": [{"split": 2}, {"concat": ""}, {"conv": "K", "bias": False}]}
    _, text = functions(network, {}, "javascript")
    ways = [(2**20, 2**20), (2**27, 2**26), (3, 5)]  # C·K parameters; 2^53 is beyond; 3 cannot be split
    calls = "".join([f"try {{ found.push(params({c}, {k})) }} catch (e) {{ found.push(e.message) }}\n" for c, k in ways])
    small, large, _ = in_node(f"{text}\nconst found = [];\n{calls}console.log(JSON.stringify(found));")
    assert small == 2**40
    assert large == f"{2**53} is beyond Number.MAX_SAFE_INTEGER"


def test_a_floor_rounds_down_below_zero() -> None:
    """⌈w·n⌉ is -⌊-w·n⌋, and BigInt rounds to zero."""
    network = {"input": "8x8x3", "params": {"k": {"value": 1, "domain": "fraction"}}, "layers": [{"conv": "ceil(10 * k)", "bias": False}]}
    for language, ask in (("python", None), ("javascript", in_node)):
        report = cnncalc.analyze(network, set={"k": "w"})
        text = code(report, entries(report, FormulaOptions("params", None, False, {})), {}, language)
        found = [ask(f"{text}\nconsole.log(params({w}));") if ask else in_python(text, "params", [w]) for w in (0.25, 0.7, 1.01)]
        assert found == [3 * 3, 3 * 7, 3 * 11]


def test_names_that_mean_something_else() -> None:
    params = dict.fromkeys(("class", "max", "Fraction", "whole", "q", "number", "v1", "larger"), "")
    layers = [{"conv": f"max({name}, 1) + 1", "bias": False} for name in params]
    network = json.dumps({"input": "9x9x1", "params": params, "layers": layers})
    values = range(2, 2 + len(params))
    widths = [1, *[value + 1 for value in values]]
    answer = sum(one * other for one, other in pairwise(widths))
    python = run("formula", "-", "--columns", "params", "--format", "python", input=network)
    assert python.code == 0
    names = cnncalc.analyze(json.loads(network)).symbols
    arguments = [dict(zip(params, values, strict=True))[name] for name in names]
    assert in_python(python.out, "params", arguments) == answer
    text = run("formula", "-", "--columns", "params", "--format", "javascript", input=network).out
    assert in_node(f"{text}\nconsole.log(params({', '.join(map(str, arguments))}));") == answer


def test_layers_are_one_function() -> None:
    network = json.dumps({"input": "HxWx3", "layers": [{"conv": 4, "kernel": 3, "name": "__proto__"}, {"maxpool": 2, "name": "<script>"}]})
    text = run("formula", "-", "--layers", "--columns", "macs", "--format", "javascript", input=network).out
    assert "<script" not in text
    found = in_node(f"{text}\nconst found = layers(8, 9);\nconsole.log(JSON.stringify([macs(8, 9), Object.keys(found)]));")
    assert found == [6 * 7 * 27 * 4, ["input", "__proto__", "<script>"]]
    python = run("formula", "-", "--layer", "__proto__", "--layers", "--columns", "macs,params", "--format", "python", input=network).out
    assert in_python(python, "params", [8, 9]) == 27 * 4 + 4
