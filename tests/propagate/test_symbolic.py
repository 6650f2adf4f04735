"""Networks in symbols: with values substituted, every figure is the one of the network run on those numbers, or nothing was said."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc import analysis
from cnncalc.graph.build import build
from cnncalc.limits import Limits, Meter
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.propagate.walk import propagate
from cnncalc.spec import catalogue_index
from cnncalc.study.symbols.legal_sizes import sizes
from cnncalc.study.symbols.substitution import substitute

from .networks import networks, points

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

NAMES = cnncalc.names()
FIGURES = ("weights", "biases", "params", "buffers", "macs", "flops", "values", "bytes")
TOTALS = (*FIGURES, "param_bytes", "weight_layers")


LETTERS = {1: "L", 2: "HW", 3: "DHW"}  # by the number of sides


@cache
def in_symbols(name: str) -> Report:
    given = cnncalc.analyze(name).input
    return cnncalc.analyze(name, input="x".join([*LETTERS[given.rank], str(given.c)]), batch="N")


def with_sides(formulas: Report, sides: dict[str, int]) -> str:
    """The input with numbers for its letters."""
    return "x".join([*(str(sides[letter]) for letter in LETTERS[formulas.input.rank]), str(formulas.input.c)])


def compare(formulas: Report, numbers: Report, point: dict[str, int]) -> None:
    """Every figure of every layer."""
    for name in TOTALS:
        assert substitute(getattr(formulas.total, name), point) == getattr(numbers.total, name), name
    assert [row.path for row in formulas] == [row.path for row in numbers]
    for mine, its in zip(formulas, numbers, strict=True):
        for name in FIGURES:
            assert substitute(getattr(mine, name), point) == getattr(its, name), (mine.path, name)
        assert substitute(mine.output, point) == its.output
        assert substitute(mine.cost.remainders, point) == its.cost.remainders
        assert mine.exact in (its.exact, None)
        for view, seen in zip(mine.view, its.view, strict=True):
            for name in ("largest", "smallest", "least", "jump", "start"):
                formula = getattr(view, name)
                assert formula is None or substitute(formula, point) == getattr(seen, name), (mine.path, name)


CELLS = {"nasnet", "pnasnet", "amoebanet", "enas_micro"}  # what a cell does depends on whether the one before it is larger

TOKENS = {"mixer": 224, "mobilevitv2": 256}  # what works depends on the number of positions, a product of two sides


@cache
def first_of_files() -> dict[str, str]:
    """A network of each file of the catalogue."""
    return {entry.file: entry.name for entry in reversed([*catalogue_index.entries()])}


@pytest.mark.parametrize("name", NAMES)
def test_every_network_of_the_catalogue(name: str) -> None:
    formulas = in_symbols(name)
    random = Random(name)
    point = {"N": random.randint(1, 64)}
    for each in sizes(formulas):
        assert each.works is not None or formulas.setting.network.id in TOKENS
        point[each.symbol] = random.choice(each.works.first(300)) if each.works else TOKENS[formulas.setting.network.id]
    assert set(point) == {*LETTERS[formulas.input.rank], "N"}
    numbers = cnncalc.analyze(name, input=with_sides(formulas, point), batch=point["N"])
    if name in first_of_files().values():
        compare(formulas, numbers, point)
    found = {figure: substitute(getattr(formulas.total, figure), point) for figure in TOTALS}
    assert found == {figure: getattr(numbers.total, figure) for figure in TOTALS}
    assert substitute(formulas.outputs, point) == numbers.outputs


@pytest.mark.parametrize("name", NAMES)
def test_below_the_smallest_size_no_network_works(name: str) -> None:
    formulas = in_symbols(name)
    found = {each.symbol: each.works for each in sizes(formulas) if each.works is not None}
    assumed = {condition.right for condition in formulas.conditions if condition.assumed}
    assert not assumed or formulas.setting.network.id in CELLS
    for symbol, works in found.items():
        least = works.least
        assert least is not None
        if least > 1 and least not in assumed:
            sides = {**{name: numbers.first(99)[-1] for name, numbers in found.items()}, symbol: least - 1}
            with pytest.raises(cnncalc.SpecError):
                cnncalc.analyze(name, input=with_sides(formulas, sides))


SOLVED = [
    ("lenet5", 1, 70),
    ("alexnet", 3, 105),
    ("squeezenet1_1", 3, 50),
    ("resnet18", 3, 40),
    ("densenet40_k12_cifar", 3, 40),
    ("nin_cifar10", 3, 60),
]


@pytest.mark.parametrize(("name", "channels", "most"), SOLVED)
def test_legal_sizes_are_those_that_work_when_tried(name: str, channels: int, most: int) -> None:
    found = next(each for each in sizes(in_symbols(name)) if each.symbol == "H")
    assert found.works is not None
    assert found.tiles is not None
    large = found.tiles.first(9)[-1]  # here nothing left over
    for side in range(1, most):
        report = tried(name, f"{side}x{large}x{channels}")
        assert (side in found.works) is (report is not None)
        assert (side in found.tiles) is (report is not None and not report.inexact)


def tried(network: str | dict[str, Any], input: str = "", **options: Any) -> Report | None:
    """The report, or None where the network does not work."""
    try:
        return cnncalc.analyze(network, input=input or None, **options)
    except cnncalc.SpecError:
        return None


def params() -> list[tuple[str, str, int]]:
    """One network of each file, with each of its params that is a whole number."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for name in NAMES:
        report = cnncalc.analyze(name)
        found.setdefault(report.setting.network.id, (name, report.graph.params))
    return [(name, param, value) for name, values in found.values() for param, value in values.items() if type(value) is int and value > 0]


@pytest.mark.parametrize(("name", "param", "value"), params())
def test_params_as_symbols(name: str, param: str, value: int) -> None:
    formulas = tried(name, set={param: "q"})
    if formulas is None:
        with pytest.raises(cnncalc.SpecError, match="q") as caught:
            cnncalc.analyze(name, set={param: "q"})
        assert caught.value.problems[0].span is not None
        return
    for number in (value, value + 1):
        point = {"q": number}
        if all(condition.at(point) for condition in formulas.conditions):
            compare(formulas, cnncalc.analyze(name, set={param: number}), point)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks, points)
def test_random_networks(network: dict[str, Any], point: dict[str, int]) -> None:
    numbers = tried({**network, "params": {"K": point["K"]}}, f"{point['H']}x{point['W']}x{point['C']}")
    formulas = tried(network)
    if formulas is None:
        with pytest.raises(cnncalc.SpecError) as caught:
            cnncalc.analyze(network)
        said = str(caught.value)
        assert numbers is None or any(words in said for words in ("cannot be decided", "(for ", "whole number", "give "))
        return
    failing = [condition for condition in formulas.conditions if not condition.at(point)]
    if not failing:
        assert numbers is not None
        compare(formulas, numbers, point)
    else:
        assert numbers is None or any(condition.assumed for condition in failing)


def test_a_side_that_stretches_may_be_one_by_chance() -> None:
    gate = {"multiply": [[{"depthwise": 1, "multiplier": 2}], ["gap", "sigmoid"]]}
    assert cnncalc.analyze({"input": "5x5x1", "layers": [gate]}).outputs[0] == (5, 5, 2)
    with pytest.raises(cnncalc.SpecError, match=r"the channels differ.*\(for C >= 2\)"):
        cnncalc.analyze({"input": "5x5xC", "layers": [gate]})


def test_sides_that_are_equal_for_one_size_only_are_no_gate() -> None:
    layers = [{"concat": [["identity"], [{"maxpool": 2, "pad": "same"}]]}]
    formulas = cnncalc.analyze({"input": "HxWx3", "layers": layers})
    assert [str(condition) for condition in formulas.conditions if condition.bound is None] == ["H == (H + 1)//2", "W == (W + 1)//2"]
    compare(formulas, cnncalc.analyze({"input": "1x1x3", "layers": layers}), {"H": 1, "W": 1})


WIDE: dict[str, Any] = {
    "input": "8x8x3",
    "params": {f"p{number}": "" for number in range(30)},
    "layers": [{"conv": f"p{number}"} for number in range(30)],
}


@pytest.mark.parametrize(("most", "where"), [(1, "the totals|conv"), (20, "the totals")])
def test_formulas_that_grow_too_long_say_so(most: int, where: str) -> None:
    wide = analysis.locate(WIDE)
    with pytest.raises(cnncalc.SpecError, match=f"({where}).*more than .* terms") as caught:
        propagate(wide, build(wide, limits=Limits(terms=most)))
    assert caught.value.problems[0].hint == "give some of the symbols a number"


def test_fields_of_view_that_grow_too_long_are_left_open() -> None:
    strides = {"input": "HxWx3", "params": {"S": ""}, "layers": [{"maxpool": "S", "repeat": 4}, "relu"]}
    report = cnncalc.analyze(strides)
    report.graph.symbols.meter = Meter(limits=Limits(power=2))
    assert [row.receptive_field[0] is None for row in report] == [False, False, False, True, True, True]


class Theirs:
    """A side and the MACs so far of a plain network, in sympy, by the textbook's formulas."""

    def __init__(self, side: Any, depth: Any) -> None:
        self.side, self.depth, self.macs, self.weights = side, depth, sympy.Integer(0), sympy.Integer(0)

    def conv(self, filters: Any, kernel: int, stride: int, pad: int) -> None:
        self.side = sympy.floor((self.side - kernel + 2 * pad) / sympy.Integer(stride)) + 1
        weights = kernel * kernel * self.depth * filters
        self.weights += weights
        self.macs += weights * self.side * self.side
        self.depth = filters


convolutions = st.tuples(st.sampled_from([8, "C", "2 * C"]), st.integers(1, 5), st.integers(1, 3), st.integers(0, 2))


@settings(max_examples=40, deadline=None)
@given(st.lists(convolutions, min_size=1, max_size=5), st.integers(60, 400), st.integers(1, 9))
def test_sympy_agrees(layers: list[tuple[Any, int, int, int]], side: int, depth: int) -> None:
    h, c = (sympy.Symbol(name, integer=True, positive=True) for name in "hC")
    theirs = Theirs(h, c)
    steps = []
    for filters, kernel, stride, pad in layers:
        theirs.conv({8: sympy.Integer(8), "C": c, "2 * C": 2 * c}[filters], kernel, stride, pad)
        steps.append({"conv": filters, "kernel": kernel, "stride": stride, "pad": pad, "bias": False})
    report = cnncalc.analyze({"input": "hxhxC", "layers": steps})
    assert sympy.expand(theirs.weights - sympy.sympify(str(report.total.weights).replace("^", "**"), {"C": c})) == 0
    point = {h: side, c: depth}
    assert substitute(report.total.macs, {"h": side, "C": depth}) == theirs.macs.subs(point)
    assert substitute(report.outputs[0].h, {"h": side, "C": depth}) == theirs.side.subs(point)
    if all(stride == 1 for _, _, stride, _ in layers):
        ours = sympy.sympify(str(report.total.macs).replace("^", "**"), {"C": c, "h": h})
        assert sympy.expand(ours - theirs.macs) == 0


@pytest.mark.parametrize("counting", sorted(CONVENTIONS))
@pytest.mark.parametrize("name", ["vgg11_bn", "mobilenet_v2"])
def test_every_convention_counts_formulas(name: str, counting: str) -> None:
    formulas = cnncalc.analyze(name, input="HxWx3", counting=counting)
    numbers = cnncalc.analyze(name, input="96x160x3", counting=counting)
    assert substitute(formulas.total.flops, {"H": 96, "W": 160}) == numbers.total.flops
    assert substitute(formulas.total.params, {"H": 96, "W": 160}) == numbers.total.params
