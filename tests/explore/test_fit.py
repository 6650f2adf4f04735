"""The largest setting within budgets against exhaustive search, on grids of made-up figures and on networks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError, analysis
from cnncalc.errors import Problem
from cnncalc.explore.budget import Budget, budgets
from cnncalc.explore.fit import fit
from cnncalc.explore.sweep import Measured, sweep
from cnncalc.explore.vary import Axis, axes, grid
from cnncalc.study.metrics import METRICS

MACS, PARAMS = METRICS["macs"], METRICS["params"]


def budget(quantity: Any, most: int) -> Budget:
    return Budget(quantity, str(most), most)


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[Axis], list[Measured], list[Budget]]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    along = [Axis(f"a{i}", tuple(str(draw(st.integers(0, 99)) * 7 + j) for j in range(size))) for i, size in enumerate(sizes)]
    along = [Axis(axis.name, tuple(dict.fromkeys(axis.values))) for axis in along]
    points = []
    for values in grid(along):
        if draw(st.integers(0, 9)) == 0:
            points.append(Measured(values, {}, SpecError(Problem("cannot be had"))))
        else:
            points.append(Measured(values, {"macs": draw(st.integers(0, 20)), "params": draw(st.integers(0, 20))}))
    return along, points, [budget(MACS, draw(st.integers(0, 20))), budget(PARAMS, draw(st.integers(0, 20)))]


@given(grids())
def test_the_answer_is_that_of_an_exhaustive_search(drawn: tuple[list[Axis], list[Measured], list[Budget]]) -> None:
    along, points, limits = drawn
    found = fit(points, along, limits)

    def numbers(point: Measured) -> list[int]:
        return [int(point.values[axis.name]) for axis in along]

    def larger(one: Measured, other: Measured) -> bool:
        pairs = list(zip(numbers(one), numbers(other), strict=True))
        return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)

    fitting = [each for each in points if each.error is None and all(each.metrics[b.metric.name] <= b.most for b in limits)]
    assert found.fitting == fitting
    largest = [each for each in fitting if not any(larger(other, each) for other in fitting)]
    assert found.largest == largest
    if not fitting:
        assert found.answer is None
        had = [each for each in points if each.error is None]
        share = [max(Fraction(each.metrics[b.metric.name], max(b.most, 1)) for b in limits) for each in had]
        assert found.nearest == (had[share.index(min(share))] if had else None)
    else:
        assert found.answer in largest
        assert found.answer.metrics["macs"] == max(each.metrics["macs"] for each in largest)


@pytest.mark.parametrize("most", [20_000_000, 56_289_152, 56_289_151, 300_000_000, 300_774_272, 10**12])
def test_the_largest_resolution_within_a_budget(most: int) -> None:
    sides = range(96, 321, 32)
    macs = {side: cnncalc.analyze("mobilenet_v2", input=f"{side}x{side}x3").total.macs for side in sides}
    fitting = [side for side in sides if macs[side] <= most]
    along = axes(["resolution=96:320:32"])
    limits = budgets([f"macs={most}"])
    found = fit(list(sweep(analysis.locate("mobilenet_v2"), along, {}, [MACS])), along, limits)
    assert (int(found.answer.values["resolution"]) if found.answer else None) == (max(fitting) if fitting else None)


def test_compound_scaling() -> None:
    """EfficientNet's own rule: depth 1.2, width 1.1, resolution 1.15, each to the power phi."""
    along = axes(["phi=0:4"])
    asked = {"params": ["width=1.1^phi depth=1.2^phi", "resolution=round(224*1.15^phi)"]}
    found = fit(list(sweep(analysis.locate("efficientnet_b0"), along, asked, [MACS, PARAMS])), along, budgets(["macs=2G", "params=10M"]))
    assert found.answer is not None
    assert found.answer.values == {"phi": "1"}
    set = {"width": Fraction(11, 10), "depth": Fraction(12, 10), "resolution": 258}
    assert found.answer.metrics["params"] == cnncalc.analyze("efficientnet_b0", set=set).total.params


def test_the_largest_is_not_the_one_with_the_highest_cost() -> None:
    """More groups have fewer parameters: asked for the largest that fits, the largest number of groups is the answer."""
    network = {"input": "8x8x16", "params": {"groups": 1}, "layers": [{"conv": 16, "kernel": 3, "groups": "groups"}]}
    along = axes(["groups=1,2,4,8"])
    found = fit(list(sweep(analysis.locate(network), along, {}, [PARAMS])), along, budgets(["params=1000"]))
    assert found.answer is not None
    assert found.answer.values == {"groups": "8"}
    assert [each.values["groups"] for each in found.fitting] == ["4", "8"]


def test_formulas_cannot_be_decided() -> None:
    along = axes(["batch=1,2"])
    tried = list(sweep(analysis.locate("lenet5"), along, {"input": "HxWx1"}, [MACS]))
    with pytest.raises(SpecError, match="is a formula here"):
        fit(tried, along, budgets(["macs=1G"]))


@pytest.mark.parametrize(
    ("text", "quantity", "most"),
    [
        ("macs=1G", "macs", 10**9),
        ("parameters=2.5M", "params", 2_500_000),
        ("memory=1.5MB", "memory", 1_500_000),
        ("peak=1.5MiB", "peak", 3 * 2**19),
        ("training=3 GB", "training", 3 * 10**9),
        ("bytes=1000", "memory", 1000),
        ("depth=18", "weight_layers", 18),
    ],
)
def test_budgets(text: str, quantity: str, most: int) -> None:
    (found,) = budgets([text])
    assert (found.metric.name, found.most) == (quantity, most)


@pytest.mark.parametrize("text", ["macs", "macs=", "mac=1G", "macs=-1", "macs=1GB5", "memory=3G", "training=1.5M", "speed=3"])
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(SpecError):
        budgets([text])


def test_the_last_budget_for_a_quantity_counts() -> None:
    (found,) = budgets(["macs=1G", "macs=2G"])
    assert found.most == 2 * 10**9
