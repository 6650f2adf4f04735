"""Convolutions without weight sharing and fully connected: against the kinds themselves, and numbers worked out by hand."""

from __future__ import annotations

import json

import pytest

import cnncalc
from cnncalc import SpecError
from cnncalc.explore.unshared import other_forms
from tests.cli.run import run


def test_alexnet_without_weight_sharing() -> None:
    """CONV1: 55·55·96 = 290,400 outputs with 11·11·3 = 363 weights and a bias each; the lectures' 105,705,600 instead of 34,944."""
    first = other_forms(cnncalc.analyze("alexnet"), "local")[0]
    assert (first.row.params, first.params, first.macs) == (34_944, 105_705_600, 105_415_200)


def test_a_convolution_as_a_fully_connected_layer() -> None:
    """6·6·2 = 72 inputs, 4·4·3 = 48 outputs."""
    report = cnncalc.analyze({"input": "6x6x2", "layers": [{"conv": 3, "kernel": 3}, {"conv": 3, "kernel": 4, "bias": False}]})
    first, second = other_forms(report, "fc")
    assert (first.params, first.macs) == (72 * 48 + 48, 72 * 48)
    assert (second.params, second.macs) == (48 * 3, 48 * 3)


@pytest.mark.parametrize("name", ["alexnet", "mobilenet_v2", "resnet50"])
def test_the_form_without_sharing_is_the_kind_local(name: str) -> None:
    for each in other_forms(cnncalc.analyze(name), "local"):
        layer = each.row.layer
        (x,) = each.row.inputs
        fields = {field: getattr(layer, field) for field in ("kernel", "stride", "pad", "dilation", "bias")}
        groups = x.c if layer.kind == "depthwise" else getattr(layer, "groups", 1)
        local = cnncalc.layers.KINDS["local"](filters=each.row.output.c, groups=groups, **fields)
        assert each.params == local.weights(x) + local.biases(x)
        assert each.macs == local.work(x, local.output(x)).macs


def test_the_command() -> None:
    text = run("compare", "alexnet", "--as", "local").out
    assert "105,705,600" in text
    assert "Without weight sharing, these layers would have" in text
    found = json.loads(run("compare", "alexnet", "--as", "fc", "--format", "json").out)
    assert found["layers"][0]["fc_params"] == 227 * 227 * 3 * 290_400 + 290_400
    assert run("compare", "alexnet", "vgg16", "--as", "fc").code == 2
    assert run("compare", "alexnet", "--as", "fc", "--layers").code == 2


def test_a_network_without_convolutions() -> None:
    report = cnncalc.analyze({"input": "6x6x2", "layers": [{"fc": 3}]})
    with pytest.raises(SpecError, match="has no convolutions"):
        other_forms(report, "local")
