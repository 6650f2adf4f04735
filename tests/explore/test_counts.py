"""Counts by cause: causes sum to the convention's count, and differences to the difference."""

from __future__ import annotations

from itertools import product

import pytest

import cnncalc
from cnncalc.explore.counts import counts, difference

NETWORKS = ("lenet5", "lenet5_modern", "alexnet", "resnet50_v1_5", "mobilenet_v3_large", "googlenet", "densenet121")


@pytest.mark.parametrize("name", NETWORKS)
def test_causes_add_up_to_the_figure_of_the_report(name: str) -> None:
    report = cnncalc.analyze(name, batch=3)
    for count in counts(report):
        counting = count.convention.name
        totals = cnncalc.analyze(name, batch=3, counting=counting).total
        assert (count.value, count.params) == (totals.flops, totals.params), counting


@pytest.mark.parametrize("name", NETWORKS)
def test_the_parts_of_a_difference_add_up(name: str) -> None:
    for one, other in product(counts(cnncalc.analyze(name)), repeat=2):
        found = difference(one, other)
        assert sum(part.difference for part in found.parts) == one.value - other.value
        assert sum(part.difference for part in found.parameters) == one.params - other.params
        assert all(part.difference != 0 for part in (*found.parts, *found.parameters))


def test_why_thop_and_torchinfo_differ() -> None:
    """Batch norms see 11,113,984 values and 26,560 channels, the last pooling takes 7x7x2048 values; the classifier has 1000 biases."""
    thop, torchinfo = counts(cnncalc.analyze("resnet50_v1_5"), ("thop", "torchinfo"))
    found = difference(thop, torchinfo)
    assert (thop.value, torchinfo.value) == (4_133_742_592, 4_089_238_376)
    assert [(part.cause, part.difference) for part in found.parts] == [
        ("batch norm", 4 * 11_113_984 - 2 * 26_560),
        ("pooling", 7 * 7 * 2048 + 2048),
        ("biases", -1000),
    ]
    assert found.parameters == ()


def test_a_reproduced_mistake_is_a_cause_of_its_own() -> None:
    network = {"input": "8x8x8", "layers": [{"upconv": 4, "kernel": 4, "stride": 2, "pad": 1}, {"conv": 2}]}
    thop, macs = counts(cnncalc.analyze(network), ("thop", "macs"))
    assert [(part.cause, part.difference) for part in difference(thop, macs).parts] == [("transposed convolutions", 3 * 32_768)]


def test_keras_has_more_parameters() -> None:
    keras, torch = counts(cnncalc.analyze("mobilenet_v2"), ("keras", "torch"))
    assert [(part.cause, part.difference) for part in difference(keras, torch).parameters] == [("buffers", 34_112)]


def test_the_counting_of_the_report_changes_nothing() -> None:
    for one, other in zip(counts(cnncalc.analyze("vgg16_bn")), counts(cnncalc.analyze("vgg16_bn", counting="keras")), strict=True):
        assert (one.value, one.params) == (other.value, other.params)


def test_side_exits_count_where_the_report_counts_them() -> None:
    without, with_sides = (counts(cnncalc.analyze("googlenet", sides=sides), ["macs"])[0] for sides in (False, True))
    assert with_sides.value == cnncalc.analyze("googlenet", sides=True).total.macs
    assert with_sides.value > without.value


def test_biases_can_be_left_out_of_parameters() -> None:
    macs, keras = counts(cnncalc.analyze("resnet18", bias=False), ("macs", "keras"))
    assert set(macs.parameters) == {"weights"}
    assert set(keras.parameters) == {"weights", "buffers"}


def test_figures_as_formulas() -> None:
    report = cnncalc.analyze({"input": "HxWx3", "layers": [{"conv": 4, "kernel": 3}, "bn", "relu"]})
    full, macs = counts(report, ("full", "macs"))
    parts = {part.cause: part.difference for part in difference(full, macs).parts}
    assert set(parts) == {"multiply-accumulates", "biases", "batch norm", "activations"}
    assert full.value - macs.value == sum(parts.values())
