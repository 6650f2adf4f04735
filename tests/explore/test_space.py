"""cnncalc.space against cnncalc.analyze at each setting."""

from __future__ import annotations

from itertools import product

import pytest

import cnncalc


def test_a_space_is_what_analyze_gives_at_each_setting() -> None:
    widths, sides = [0.25, 0.5, 1, 1.5], range(32, 257, 32)
    found = cnncalc.space("mobilenet_v2", {"width": widths, "resolution": sides}, metrics=("macs", "params"), batch=2, bias=False)
    assert [(each["width"], each["resolution"]) for each in found] == list(product(widths, sides))
    for each in found[::5]:
        size = each["resolution"]
        report = cnncalc.analyze("mobilenet_v2", input=(size, size, 3), set={"width": each["width"]}, batch=2, bias=False)
        assert each == {"width": each["width"], "resolution": size, "macs": report.total.macs, "params": report.total.params}


def test_values_can_be_written_as_on_the_command_line() -> None:
    found = cnncalc.space("vgg16", {"resolution": "64:128:32", "dtype": ["float32", "fp16"]}, metrics="memory")
    assert [(each["resolution"], each["dtype"]) for each in found] == [(n, t) for n in (64, 96, 128) for t in ("float32", "fp16")]
    assert all(one["memory"] == 2 * half["memory"] for one, half in zip(found[::2], found[1::2], strict=True))


def test_an_invalid_setting_has_its_error() -> None:
    small, large = cnncalc.space("alexnet", {"resolution": [8, 227]})
    assert small["resolution"] == 8
    assert "kernel" in small["error"] or "pool" in small["error"] or "input" in small["error"]
    assert large["params"] == cnncalc.analyze("alexnet", input="227x227x3").total.params


@pytest.mark.parametrize(
    ("vary", "message"),
    [({"widht": [1]}, "no param 'widht'"), ({"width": []}, "no values for width"), ({"batch": range(1_000_001)}, "1,000,001 settings")],
)
def test_mistakes(vary: dict[str, range], message: str) -> None:
    with pytest.raises(cnncalc.SpecError, match=message):
        cnncalc.space("mobilenet_v2", vary)
