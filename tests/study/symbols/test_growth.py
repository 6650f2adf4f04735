"""With which powers figures grow, what doubling does, and points that are given or known."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

import cnncalc
from cnncalc.dims import Poly, at
from cnncalc.output.words.statements import times
from cnncalc.study.symbols.growth import doublings, order
from cnncalc.study.symbols.substitution import check, default_values, read_point, remainders_at, solved, substitute
from tests.dims.expressions import SYMBOLS, Tree, points, read, trees, worked_out

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

H, W, w, N = (SYMBOLS[name] for name in "HWwN")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3*H*W*w^2 + w^3 + 7", [(("H", 1), ("W", 1)), (("w", 3),)]),
        ("(H//2)*(W//2) + H", [(("H", 1), ("W", 1))]),
        ("H^2 + W", [(("H", 2),), (("W", 1),)]),
        ("H^2*W + W^3", [(("H", 2),), (("W", 3),)]),
        ("N*(H//32) + w", [(("H", 1),), (("N", 1),), (("w", 1),)]),
        ("64//w", []),
        ("12", []),
    ],
)
def test_powers(text: str, expected: list[Any]) -> None:
    assert order(read(text), ("H", "W")) == expected


def test_resnet_by_its_symbols() -> None:
    total = cnncalc.analyze("resnet50", input="HxWx3", set={"width": "w"}, batch="N").total
    assert order(total.macs, "HW") == [(("H", 1), ("W", 1)), (("N", 1),), (("w", 2),)]
    assert order(total.params, "HW") == [(("w", 2),)]
    square = cnncalc.analyze("resnet50", input="32hx32hx3").total
    assert order(square.macs, "h") == [(("h", 2),)]


@given(trees, points)
def test_doubling(tree: Tree, point: dict[str, int]) -> None:
    try:
        figure = worked_out(tree, SYMBOLS)
    except ZeroDivisionError:
        return
    found = {each.symbol: each.times for each in doublings(figure, point)}
    here = worked_out(tree, point)
    assert set(found) == (set(figure.symbols) if isinstance(figure, Poly) and here else set())
    for name, ratio in found.items():
        assert ratio * here == worked_out(tree, {**point, name: 2 * point[name]})
    assert doublings(figure, {}) == []


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ("2", "2"),
        ("1", "1"),
        ("39/10", "3.9"),
        ("394/100", "3.9"),
        ("395/100", "4.0"),
        ("199/100", "2.0"),
        ("157/10", "16"),
        ("16", "16"),
        ("1/3", "0.3"),
    ],
)
def test_ratios(ratio: str, text: str) -> None:
    assert times(Fraction(ratio)) == text


def resnet(**options: Any) -> Report:
    return cnncalc.analyze("resnet50", **{"input": "HxWx3", "set": {"width": "w"}, "batch": "N", **options})


def test_symbols_come_in_the_order_in_which_they_are_given() -> None:
    assert resnet().symbols == ("H", "W", "w", "N")
    assert cnncalc.analyze("vgg16").symbols == ()
    assert cnncalc.analyze({"input": "8x8x4", "params": {"S": ""}, "layers": [{"maxpool": 2, "stride": "S"}, "gap"]}).symbols == ("S",)


def test_the_values_that_a_network_has_by_itself() -> None:
    assert default_values(resnet()) == {"H": 224, "W": 224, "w": 1, "N": 1}
    assert default_values(resnet(input="32hx16wx3", set={"width": "2*k"})) == {"h": 7, "w": 14, "N": 1}
    assert default_values(cnncalc.analyze("wrn28_10", set={"width": "k"})) == {"k": 10}
    assert default_values(cnncalc.analyze("resnet50", set={"width": "k", "stride_in_3x3": "true"})) == {"k": 1}
    assert default_values(cnncalc.analyze({"input": "HxWx3", "layers": ["relu"]})) == {}
    wrong = {"input": "8x8x3", "params": {"k": "1 // 0"}, "layers": [{"conv": "k"}]}
    assert default_values(cnncalc.analyze(wrong, set={"k": "w"})) == {}  # by itself it is no network
    below = {"input": "8x8x16", "params": {"width": 1}, "layers": [{"when": "in.c != 16 * width", "conv": "16 * width"}]}
    assert default_values(cnncalc.analyze(below, set={"width": "w"})) == {"w": 2}


def test_values_that_a_network_does_not_work_with_are_no_point() -> None:
    odd = {"input": "8x8x5", "layers": [{"conv": 9, "kernel": 3}]}
    assert default_values(cnncalc.analyze(odd, input="HxWx5")) == {"H": 8, "W": 8}
    split = {"input": "8x8x6", "params": {"n": 3}, "layers": [{"conv": "2 * n + 1"}, {"conv": 4, "groups": "n"}]}
    with pytest.raises(cnncalc.SpecError, match="do not divide"):
        cnncalc.analyze(split)
    assert default_values(cnncalc.analyze(split, set={"n": "q"})) == {}


@pytest.mark.parametrize(
    ("size", "number", "expected"),
    [(32 * H, 224, {"H": 7}), (H, 5, {"H": 5}), (32 * H, 225, {}), (H + 1, 5, {}), (H * W, 6, {}), (H**2, 9, {}), (H // 2, 4, {})],
)
def test_the_symbol_of_a_multiple(size: Poly, number: int, expected: dict[str, int]) -> None:
    assert solved(size, number) == expected


def test_points_are_read() -> None:
    report = resnet()
    assert read_point(["H=224,W=7", " w=2"], report) == {"H": 224, "W": 7, "w": 2}
    assert read_point([], report) == {}
    assert substitute(report.input, {"H": 5}) == (5, W, 3)
    assert substitute((report.batch, "in place", None, [H]), {"N": 3, "H": 2}) == (3, "in place", None, [2])
    for text in ("H=0", "H=-1", "H=1.5", "H", "=3", "H=²", "H=" + "9" * 30, "h=3"):
        with pytest.raises(cnncalc.SpecError):
            read_point([text], report)


def test_conditions_are_checked_as_far_as_they_are_decided() -> None:
    report = cnncalc.analyze({"input": "HxWx3", "params": {"K": ""}, "layers": [{"conv": 8, "kernel": "K", "name": "first"}]})
    check(report, {"H": 5, "K": 5})
    check(report, {"H": 5})
    with pytest.raises(cnncalc.SpecError, match=r"H = 5, K = 6: first: the kernel is K high") as caught:
        check(report, {"H": 5, "W": 4, "K": 6})
    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].hint == "it takes H >= K"


def test_rests_at_a_point() -> None:
    report = cnncalc.analyze("vgg16", input="HxWx3")
    assert remainders_at(report, {}) == []
    assert remainders_at(report, {"H": 32}) == []
    assert remainders_at(report, {"H": 34, "W": 32}) == [("pool2", 1)]
    assert remainders_at(cnncalc.analyze("resnet50"), {})[0] == ("conv1", 1)


def test_figures_at_a_point_are_the_figures_there() -> None:
    report = resnet()
    assert at(report.total.params, {"w": 2}) == cnncalc.analyze("resnet50", set={"width": 2}).total.params  # type: ignore[arg-type]  # a formula
