"""Grids from formulas: every figure is that of the network built at this point, and formulas are used where there are some."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from cnncalc import analysis
from cnncalc.errors import SpecError
from cnncalc.explore import formula_grid, sweep, vary
from cnncalc.study.metrics import METRICS

NAMES = ("params", "trainable", "buffers", "macs", "flops", "values", "memory", "param_memory", "weight_layers")
GRIDS: dict[str, tuple[str, list[str], dict[str, Any], int]] = {  # network, --vary, other options, points that formulas give at least
    "widths that are fractions": ("mobilenet_v2", ["width=0.1:2:0.1", "resolution=16:256:8"], {}, 500),
    "a batch": ("resnet50", ["width=1:8", "batch=1:4", "resolution=20:260:15"], {}, 300),
    "repeats": ("densenet121", ["growth=12,16,32,48", "resolution=32:512:8"], {}, 200),
    "an element type ahead": ("vgg16", ["dtype=float32,float16", "input=32:256:2"], {}, 200),
    "a field of a step": ("vgg11", ["conv1-1.filters=1:8", "classes=1:20"], {}, 160),
    "the variables of an option": ("mobilenet_v1", ["h=32:128:16", "w=32:128:8"], {"input": "hxwx3"}, 80),
    "a variable of arithmetic": ("alexnet", ["k=1:60"], {"params": ["classes=10*k"]}, 60),
    "the number of units": ("resnet18", ["depths=[1,1,1,1],[2,2,2,2]", "resolution=32:300:4"], {}, 0),
    "words": ("resnet50", ["unit=basic,bottleneck", "batch=1:40"], {}, 0),
    "an input that is too small": ("alexnet", ["resolution=30:100"], {}, 34),
    "a power": ("efficientnet_b0", ["phi=0:3", "resolution=64:320:8"], {"params": ["width=1.1^phi"]}, 0),
    "channels first": ("alexnet", ["resolution=64:300:4"], {"layout": "channels_first", "input": "3x224x224"}, 50),
}


@pytest.mark.parametrize("case", GRIDS)
def test_formulas_give_what_the_network_gives(case: str) -> None:
    name, texts, asked, least = GRIDS[case]
    setting, along = analysis.locate(name), vary.axes(texts)
    wanted = [METRICS[each] for each in NAMES]
    found = list(sweep.sweep(setting, along, asked, wanted))
    assert len(found) == vary.size(along)
    assert [each.values for each in found] == list(vary.grid(along))
    grid = formula_grid.FormulaGrid(setting, along, asked, wanted)
    assert sum(grid.at(each.values) is not None for each in found) >= least
    for each in Random(case).sample(found, 24):
        point = vary.point(setting, each.values, asked)
        if point.report is None:
            assert each.error is not None
            assert point.error is not None
            assert each.error.problems[0].message == point.error.problems[0].message
        else:
            assert each.metrics == {metric.name: metric.read(point.report) for metric in wanted}
            assert all(type(value) is int for value in each.metrics.values())


def test_small_grids_build_the_network_with_numbers() -> None:
    along = vary.axes([f"resolution=224:{224 + formula_grid.FEWEST - 2}"])
    assert not formula_grid.FormulaGrid(analysis.locate("alexnet"), along, {}, [METRICS["params"]]).symbolic


def test_metrics_without_formula_are_computed_at_each_point() -> None:
    along = vary.axes(["resolution=64:104"])
    found = list(sweep.sweep(analysis.locate("alexnet"), along, {}, [METRICS["peak"], METRICS["macs"]]))
    assert len({each.metrics["peak"] for each in found if each.error is None}) > 5


def test_settings_without_formula_have_a_limit_of_their_own() -> None:
    along = vary.axes(["unit=" + ",".join(f"u{i}" for i in range(101)), "units=" + ",".join(f"[{i},1,1,1]" for i in range(100))])
    with pytest.raises(SpecError, match="more than 10,000 settings without a formula"):
        next(sweep.sweep(analysis.locate("resnet50"), along, {}, [METRICS["params"]]))
