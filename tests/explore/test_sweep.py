"""Grids of settings against single reports."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc import SpecError, analysis
from cnncalc.explore.quantities import DEFAULT, QUANTITIES, chosen
from cnncalc.explore.sweep import settled, sweep
from cnncalc.explore.vary import axes
from cnncalc.study.memory.peak import memory


def test_every_point_is_its_own_report() -> None:
    along = axes(["width=0.5,1", "resolution=96,128"])
    found = list(sweep(analysis.locate("mobilenet_v2"), along, {"batch": "2"}, QUANTITIES.values()))
    assert [each.values for each in found] == [{"width": w, "resolution": r} for w in ("0.5", "1") for r in ("96", "128")]
    for each in found:
        side = each.values["resolution"]
        report = cnncalc.analyze("mobilenet_v2", set={"width": each.values["width"]}, input=f"{side}x{side}x3", batch=2)
        total, held = report.total, memory(report)
        assert held.training is not None
        assert each.figures == {
            "params": total.params,
            "weights": total.weights,
            "macs": total.macs,
            "flops": total.flops,
            "values": total.values,
            "memory": total.bytes,
            "param_memory": total.param_bytes,
            "peak": held.in_use.bytes,
            "training": held.training.bytes,
            "weight_layers": 53,
        }


def test_settings_that_cannot_be_had_keep_their_place() -> None:
    found = list(sweep(analysis.locate("vgg16"), axes(["resolution=16,32"]), {}, chosen(None)))
    assert [bool(each.figures) for each in found] == [False, True]
    assert "pool5" in found[0].why_not
    settled(found)
    with pytest.raises(SpecError, match="pool5"):
        settled(found[:1])
    settled([])


def test_columns_are_chosen() -> None:
    assert [each.name for each in chosen(None)] == list(DEFAULT)
    assert [each.name for each in chosen("+peak,-macs")] == ["params", "memory", "peak"]
    assert [each.name for each in chosen("macs bytes")] == ["macs", "memory"]
    for text in ("speed", "-params -macs -memory"):
        with pytest.raises(SpecError):
            chosen(text)
