"""Accuracy against cost: who has a place, and why others have none."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.errors import Problem, SpecError
from cnncalc.explore.accuracy import accuracies
from cnncalc.explore.compare import ComparedNetwork, Comparison, Failure
from cnncalc.study.metrics import METRICS
from tests.output.charts.networks import comparison, macs, network, of, params

MACS = METRICS["macs"]


def test_figures_of_each_network() -> None:
    found = accuracies(comparison({"a": network(4, top1="30.5"), "b": network(8, top1="20")}), MACS)
    assert [(mark.entry.name, mark.cost, mark.accuracy, mark.size) for mark in found.marks] == [
        ("a", macs(4), Fraction("69.5"), params(4)),
        ("b", macs(8), Fraction(80), params(8)),
    ]
    assert (found.classes, found.missing) == (10, [])


def test_those_of_the_catalogue() -> None:
    found = accuracies(of("vgg16", "resnet50"), MACS)
    assert [(mark.cost, float(mark.accuracy), mark.size) for mark in found.marks] == [
        (15470264320, 71.592, 138357544),
        (3857973248, 75.3, 25557032),
    ]


@pytest.mark.parametrize(("cost", "size"), [("macs", "params"), ("memory", "params"), ("params", "macs"), ("param_memory", "macs")])
def test_the_area_is_not_what_the_axis_is(cost: str, size: str) -> None:
    found = accuracies(comparison({"a": network(4, top1="30")}), METRICS[cost])
    assert found.size.name == size
    assert found.marks[0].size == getattr(found.marks[0].entry.report.total, size)


def test_nobody_is_dropped_silently() -> None:
    networks = {
        "a": network(4, top1="30"),
        "none": network(4),
        "b": network(8, top1="20"),
        "hundred": network(8, top1="40", classes=100),
        "grey": network(8, top1="9", input="8x8x1"),
    }
    failure = Failure("broken", SpecError(Problem("it does not fit")))
    found = accuracies(comparison(networks, (failure,)), MACS)
    assert [mark.entry.name for mark in found.marks] == ["a", "b"]
    assert found.left_out == {
        "no published top-1 error": ["none"],
        "for another task, 100 classes": ["hundred"],
        "for another task, images of 1 channel": ["grey"],
        "it does not fit": ["broken"],
    }


def test_the_task_is_that_of_most() -> None:
    networks = {"hundred": network(8, top1="40", classes=100), "a": network(4, top1="30"), "b": network(8, top1="20")}
    assert accuracies(comparison(networks), MACS).classes == 10
    networks["fifty"] = network(4, top1="50", classes=50)
    assert [mark.entry.name for mark in accuracies(comparison(networks), MACS).marks] == ["a", "b"]


def test_what_options_have_changed_was_not_published() -> None:
    entries = [
        ComparedNetwork("vgg16", cnncalc.analyze("vgg16", input="64x64x3"), {}),
        ComparedNetwork("resnet50", cnncalc.analyze("resnet50"), {}),
    ]
    found = accuracies(Comparison(entries), MACS)
    assert found.left_out == {"options changed it, so its published error does not apply": ["vgg16"]}


def test_formulas_have_no_place() -> None:
    open_ended = {"input": "HxHx3", "layers": [{"conv": 4, "kernel": 3}, "gap", {"fc": 10}], "published": {"top1_error": "5"}}
    found = accuracies(comparison({"a": network(4, top1="30"), "open": open_ended}), MACS)
    assert found.left_out == {"its MACs are a formula": ["open"]}


def test_top5() -> None:
    found = accuracies(of("vgg16", "resnet50", "mobilenet_v2"), MACS, "top5")
    assert [float(mark.accuracy) for mark in found.marks] == [90.382, 92.2]
    assert found.left_out == {"no published top-5 error": ["mobilenet_v2"]}


def test_where_nothing_was_published_there_is_no_chart() -> None:
    with pytest.raises(SpecError) as caught:
        accuracies(comparison({name: network(4) for name in "abcd"}), MACS)
    assert str(caught.value) == (
        "no accuracy to plot; a: no published top-1 error; b: no published top-1 error; c: no published top-1 error\n"
        "  --bars plots the costs of the networks"
    )
