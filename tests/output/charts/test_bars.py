"""The bars of charts, against numbers computed in the test."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.output.charts import bars
from cnncalc.study.metrics import METRICS
from tests.output import networks
from tests.output.charts.networks import comparison, macs, network, params

VGG16 = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)  # 0 is a pool
MANY = ("vgg16_bn", "googlenet", "resnet50", "densenet121", "efficientnet_b0", "shufflenet_v2_100", "inception_v3", "lenet5")


def vgg16() -> list[tuple[str, int, int, int]]:
    """Name, parameters, values and MACs of everything that writes a volume."""
    found = [("input", 0, 224 * 224 * 3, 0)]
    side, depth, block, layer = 224, 3, 1, 0
    for filters in VGG16:
        if not filters:
            side //= 2
            found.append((f"pool{block}", 0, side * side * depth, 0))
            block, layer = block + 1, 0
            continue
        layer += 1
        weights = 9 * depth * filters
        found.append((f"conv{block}-{layer}", weights + filters, side * side * filters, weights * side * side))
        depth = filters
    for at, (before, after) in enumerate([(7 * 7 * 512, 4096), (4096, 4096), (4096, 1000)], 6):
        found.append((f"fc{at}", (before + 1) * after, after, before * after))
    return found


def of(name: str | dict[str, Any], asked: str | None = None, **options: Any) -> bars.Bars:
    return bars.of_layers(cnncalc.analyze(name), asked, **options)


def test_layers_of_vgg16() -> None:
    found = of("vgg16")
    expected = vgg16()
    assert [bar.name for bar in found.rows] == [name for name, *_ in expected]
    by_name = {panel.metric.name: list(panel.values) for panel in found.panels}
    assert by_name["params"] == [count for _, count, _, _ in expected]
    assert by_name["memory"] == [4 * count for _, _, count, _ in expected]
    assert by_name["macs"] == [count for *_, count in expected]


def test_much_is_in_early_convolutions_and_late_layers() -> None:
    """What the chart is for: memory sits at the front, parameters at the back."""
    found = of("vgg16")
    panels = {panel.metric.name: panel for panel in found.panels}
    strong = {name: [bar.name for bar, yes in zip(found.rows, panel.strong, strict=True) if yes] for name, panel in panels.items()}
    assert strong["params"] == ["fc6", "fc7", "fc8"]
    assert strong["memory"] == ["input", "conv1-1", "conv1-2", "pool1", "conv2-1", "conv2-2"]
    assert (panels["params"].note, panels["memory"].note, panels["macs"].note) == ("89% in fc6 to fc8", "69% before pool2", "")
    assert all(panels["macs"].strong)
    assert list(found.notes) == ["89% of the parameters are in fc6 to fc8; 69% of the activation memory comes before pool2."]


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("options", [{}, {"by": "stage"}, {"by": "kind"}, {"fold": 1}, {"fold": 0}, {"sort": "macs"}], ids=str)
def test_bars_add_up(name: str, options: dict[str, Any]) -> None:
    report = cnncalc.analyze(name)
    found = bars.of_layers(report, "params,weights,biases,buffers,memory,values,macs,flops", **options)
    total = report.total.as_dict()
    for panel in found.panels:
        assert sum(panel.values) == panel.whole == total[panel.metric.key], panel.metric.name
    if options.get("fold") == 0:
        assert len(found.rows) == sum(not row.side for row in report)
    else:
        assert all(any(panel.values[i] for panel in found.panels) for i in range(len(found.rows)))


def test_what_works_in_place_belongs_to_the_layer_before_it() -> None:
    found = of(networks.PLAIN, "params,flops")
    assert [(bar.name, bar.layers) for bar in found.rows] == [("C1", 2), ("P1", 1), ("C2", 3), ("F3", 1)]  # flat is a view of C2 and B2
    assert list(found.panels[0].values) == [8 * 25 + 8, 0, 16 * 25 * 8 + 16 + 2 * 16, (4 * 4 * 16 + 1) * 10]
    assert [str(bar.volume) for bar in found.rows] == ["24×24×8", "12×12×8", "1×1×256", "1×1×10"]
    assert list(found.asides) == [
        "1 layer without any of these is not shown.",
        "7 layers in 4 rows: what works in place is added to the layer ahead of it.",
    ]
    assert list(found.hints) == ["--fold none shows every layer."]


def test_what_works_in_place_on_two_branches_stays_where_it_is() -> None:
    net = {"input": "8x8x4", "layers": [{"add": {"a": {"bn": None}, "b": [{"conv": 4}, {"bn": None}]}}, {"bn": None}]}
    found = of(net, "params")
    assert [(bar.name, bar.layers, value) for bar, value in zip(found.rows, found.panels[0].values, strict=True)] == [
        ("add1/a/bn1", 1, 8),  # the input keeps its own row
        ("add1/b/conv1", 2, 20 + 8),
        ("add1", 2, 8),
    ]


def test_blocks_are_one_row() -> None:
    found = of("resnet50")
    assert "conv2_x/bottleneck2–3" in [bar.name for bar in found.rows]
    assert found.asides[0] == "175 layers in 13 rows: a block is one row; what works in place is added to the layer ahead of it."
    assert next(bar for bar in found.rows if bar.name == "conv2_x/bottleneck2–3").detail == "2 × bottleneck (10 layers)"


def test_equal_layers_are_one_row() -> None:
    net = {"input": "8x8x4", "layers": [{"conv": 4, "repeat": 70}]}
    found = of(net, "params")
    assert [(bar.name, bar.detail, bar.layers) for bar in found.rows] == [("conv1–70", "70 × conv 4 1×1", 70)]
    assert found.asides == ["1 layer without any of these is not shown.", "70 layers in 1 row: equal layers in a row are one."]


def test_stages_and_kinds() -> None:
    stages = of("vgg16", "macs", by="stage")
    assert [(bar.name, bar.detail) for bar in stages.rows] == [
        ("224×224", "input to relu1-2"), ("112×112", "pool1 to relu2-2"), ("56×56", "pool2 to relu3-3"), ("28×28", "pool3 to relu4-3"),
        ("14×14", "pool4 to relu5-3"), ("1×1", "fc6 to fc8"),
    ]  # fmt: skip
    expected = vgg16()
    assert stages.panels[0].values[0] == sum(count for name, _, _, count in expected if name.startswith("conv1"))
    kinds = of("vgg16", by="kind")
    assert [(bar.name, bar.detail) for bar in kinds.rows] == [
        ("input", "1 layer"),
        ("conv", "13 layers"),
        ("maxpool", "5 layers"),
        ("fc", "3 layers"),
    ]
    assert kinds.panels[0].values[3] == sum(count for name, count, _, _ in expected if name.startswith("fc"))
    assert (kinds.notes, kinds.panels[0].note) == ([], "")
    assert kinds.asides == ["17 layers without any of these are not shown."]


def test_side_exits_are_told_or_counted() -> None:
    report = cnncalc.analyze("googlenet")
    assert "Auxiliary heads (14 layers) are not included." in bars.of_layers(report).asides
    both = cnncalc.analyze("googlenet", sides=True)
    assert bars.of_layers(both).panels[0].whole == both.total.params == 13378280
    assert not any("Side" in line for line in bars.of_layers(both).asides)


def test_sorted() -> None:
    found = of("alexnet", "params", sort="macs")
    by_macs = sorted((row for row in cnncalc.analyze("alexnet") if row.params), key=lambda row: -row.macs)
    assert [bar.name for bar in found.rows] == [row.path for row in by_macs]


@pytest.mark.parametrize(
    ("asked", "options", "message"),
    [
        ("parms", {}, "no metric 'parms'\n  did you mean 'params'?"),
        ("qqq", {}, "known: weights, biases"),
        ("-params -memory -macs", {}, "no metric is left"),
        ("peak", {}, "no metric 'peak'"),
        (None, {"sort": "a,b"}, "no metric 'a,b'"),
    ],
)
def test_metrics_that_are_none(asked: str | None, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        of("lenet5", asked, **options)
    assert message in str(caught.value)


def test_other_names_of_quantities() -> None:
    assert [panel.metric.name for panel in of("lenet5", "Parameters, bytes activations params").panels] == ["params", "memory", "values"]


def test_a_chart_needs_numbers() -> None:
    report = cnncalc.analyze("vgg16", input="HxWx3")
    with pytest.raises(SpecError) as caught:
        bars.of_layers(report, "memory")
    assert str(caught.value) == (
        "a chart needs numbers; the activation memory of input would be 12·H·W\n"
        "  give the symbols numbers: --input 224x224x3, --set name=number"
    )
    assert bars.of_layers(cnncalc.analyze("resnet50", input="HxWx3"), "params").panels[0].whole == 25557032  # whatever H and W are
    with pytest.raises(SpecError, match="the MACs of open would be"):
        bars.of_networks(comparison({"open": network(4, input="HxHx3")}), "macs")


def test_networks_side_by_side() -> None:
    found = bars.of_networks(comparison({"a": network(4), "b": network(8)}), "params,macs,peak", sort="macs")
    assert [bar.name for bar in found.rows] == ["b", "a"]
    assert [(panel.metric.name, list(panel.values), panel.whole) for panel in found.panels[:2]] == [
        ("params", [params(8), params(4)], None),
        ("macs", [macs(8), macs(4)], None),
    ]
    assert found.panels[2].metric.words == "peak inference memory"
    assert found.title == ["Networks side by side"]


def test_what_options_say_of_all_networks() -> None:
    found = bars.of_networks(comparison({"a": network(4), "b": network(8)}, batch=8, dtype="float16", bias=False, counting="thop"), "flops")
    assert found.title == ["Networks side by side", "batch 8, float16, biases left out"]
    assert found.asides == ["FLOPs: counting convention thop."]
    assert bars.of_layers(cnncalc.analyze(network(4), counting="thop"), "flops").asides[-1] == "FLOPs: counting convention thop."
    assert bars.of_networks(comparison({"a": network(4)}, counting="thop"), "macs").asides == []


@pytest.mark.parametrize(
    ("name", "value", "units", "text"),
    [
        ("params", 138357544, "", "138 M"),
        ("params", 138357544, "exact", "138,357,544"),
        ("memory", 1024, "binary", "1.00 KiB"),
        ("peak", 999, "", "999 B"),
    ],
)
def test_amounts(name: str, value: int, units: str, text: str) -> None:
    assert bars.amount(METRICS[name], value, units) == text
