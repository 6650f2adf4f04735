"""Grids of settings against single reports."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc import SpecError, analysis
from cnncalc.explore.sweep import USUAL, raise_if_all_invalid, sweep
from cnncalc.explore.vary import axes
from cnncalc.study.memory.peak import memory
from cnncalc.study.metrics import METRICS, NUMBERS, metrics


def test_every_point_is_its_own_report() -> None:
    along = axes(["width=0.5,1", "resolution=96,128"])
    found = list(sweep(analysis.locate("mobilenet_v2"), along, {"batch": "2"}, [METRICS[name] for name in NUMBERS]))
    assert [each.values for each in found] == [{"width": w, "resolution": r} for w in ("0.5", "1") for r in ("96", "128")]
    for each in found:
        side = each.values["resolution"]
        report = cnncalc.analyze("mobilenet_v2", set={"width": each.values["width"]}, input=f"{side}x{side}x3", batch=2)
        total, held = report.total, memory(report)
        assert held.training is not None
        assert each.metrics == {
            "params": total.params,
            "weights": total.weights,
            "biases": total.biases,
            "trainable": total.params,
            "frozen": 0,
            "buffers": total.buffers,
            "macs": total.macs,
            "products": total.products,
            "flops": total.flops,
            "values": total.values,
            "memory": total.bytes,
            "param_memory": total.param_bytes,
            "peak": held.in_use.bytes,
            "training": held.training.bytes,
            "weight_layers": 53,
        }


def test_settings_that_cannot_be_had_keep_their_place() -> None:
    found = list(sweep(analysis.locate("vgg16"), axes(["resolution=16,32"]), {}, metrics(None, USUAL)))
    assert [bool(each.metrics) for each in found] == [False, True]
    assert "pool5" in found[0].why_not
    raise_if_all_invalid(found)
    with pytest.raises(SpecError, match="pool5"):
        raise_if_all_invalid(found[:1])
    raise_if_all_invalid([])


def test_columns_are_chosen() -> None:
    assert [each.name for each in metrics(None, USUAL)] == list(USUAL)
    assert [each.name for each in metrics("+peak,-macs", USUAL)] == ["params", "memory", "peak"]
    assert [each.name for each in metrics("+peak,weights", USUAL)] == ["params", "macs", "memory", "peak", "weights"]
    assert [each.name for each in metrics("macs bytes", USUAL)] == ["macs", "memory"]
    assert metrics("activations", USUAL) == metrics("values", USUAL)
    for text in ("speed", "-params -macs -memory"):
        with pytest.raises(SpecError):
            metrics(text, USUAL)
