"""The numbers behind charts, as tables and JSON."""

from __future__ import annotations

import csv
from io import StringIO

import cnncalc
from cnncalc.errors import Problem, SpecError
from cnncalc.explore.accuracy import accuracies
from cnncalc.explore.compare import Failure
from cnncalc.output.charts import bars, chart_sheets
from cnncalc.output.forms import formats
from cnncalc.study.metrics import METRICS
from tests.output.charts.networks import comparison, macs, network, of, params
from tests.output.charts.test_bars import vgg16

BROKEN = Failure("broken", SpecError(Problem("it does not fit")))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_row_for_each_bar() -> None:
    found = rows(formats.csv(chart_sheets.bars_table(bars.of_layers(cnncalc.analyze("vgg16"), "params,macs"))))
    expected = [row for row in vgg16() if row[1]]
    assert list(found[0]) == ["layer", "what", "output", "params", "params_share", "macs", "macs_share"]
    assert [(row["layer"], int(row["params"]), int(row["macs"])) for row in found] == [(row[0], row[1], row[3]) for row in expected]
    assert abs(sum(float(row["params_share"]) for row in found) - 1) < 1e-4


def test_stages_kinds_and_networks() -> None:
    report = cnncalc.analyze("vgg16")
    assert list(rows(formats.csv(chart_sheets.bars_table(bars.of_layers(report, "params", by="stage"))))[0]) == [
        "stage",
        "what",
        "params",
        "params_share",
    ]
    assert rows(formats.csv(chart_sheets.bars_table(bars.of_layers(report, "params", by="kind"))))[0]["kind"] == "conv"
    stages = bars.of_layers(report, "macs", by="stage")
    assert (
        rows(formats.csv(chart_sheets.bars_table(stages)))[0]["stage"]
        == chart_sheets.layers_document(stages, report)["rows"][0]["stage"]
        == "224x224"
    )
    side = rows(formats.csv(chart_sheets.bars_table(bars.of_networks(comparison({"a": network(4), "b": network(8)}), "params,macs"))))
    assert side == [
        {"network": "a", "params": str(params(4)), "macs": str(macs(4))},
        {"network": "b", "params": str(params(8)), "macs": str(macs(8))},
    ]


def test_people_read_totals_and_notes() -> None:
    text = formats.markdown(chart_sheets.bars_table(bars.of_layers(cnncalc.analyze("vgg16"))))
    assert "| **total**" in text
    assert "89% of the parameters are in fc6 to fc8" in text
    assert "**total**" not in formats.markdown(chart_sheets.bars_table(bars.of_networks(comparison({"a": network(4)}))))


def test_a_page_holds_picture_and_numbers() -> None:
    sheet = chart_sheets.bars_table(bars.of_layers(cnncalc.analyze("vgg16")))
    page = chart_sheets.page(sheet, "<svg>the picture</svg>\n")
    assert page.count("<svg>the picture</svg>") == 1
    assert page.index("<h1>") < page.index("<svg>") < page.index("<table>") < page.index("102,764,544")


def test_the_json_of_layers() -> None:
    report = cnncalc.analyze("googlenet")
    found = chart_sheets.layers_document(bars.of_layers(report, "params"), report)
    assert found["network"]["id"] == "googlenet"
    assert (found["chart"], found["total"]) == ("layer", {"params": 6998552})
    assert found["rows"][0] == {
        "layer": "conv1",
        "what": "conv 64 7x7 /2 pad 3",
        "layers": 2,
        "output": [112, 112, 64],
        "params": 9472,
        "params_share": 0.001353,
    }
    assert "Auxiliary heads (14 layers) are not included." in found["notes"]
    assert found["conclusions"] == []
    nothing = cnncalc.analyze({"input": "4x4x1", "layers": ["relu"]})
    bare = chart_sheets.layers_document(bars.of_layers(nothing, "params", fold=0), nothing)
    assert bare["rows"][0]["params_share"] is None
    kinds = chart_sheets.layers_document(bars.of_layers(report, "params", by="kind"), report)
    assert "output" not in kinds["rows"][0]


def test_the_json_of_networks() -> None:
    found = chart_sheets.networks_document(
        bars.of_networks(comparison({"a": network(4)}, (BROKEN,)), "macs"), comparison({"a": network(4)}, (BROKEN,))
    )
    assert found["rows"] == [{"network": "a", "macs": macs(4)}]
    assert found["left_out"] == [{"network": "broken", "message": "it does not fit"}]
    assert found["chart"] == "network"


def test_accuracies() -> None:
    both = of("vgg16", "resnet50", "lenet5")
    chart = accuracies(both, METRICS["macs"])
    found = rows(formats.csv(chart_sheets.bubble_table(chart)))
    assert found == [
        {"network": "resnet50", "year": "2015", "top1_accuracy": "75.3", "macs": "3857973248", "params": "25557032"},
        {"network": "vgg16", "year": "2014", "top1_accuracy": "71.592", "macs": "15470264320", "params": "138357544"},
    ]
    document = chart_sheets.bubble_document(chart, both)
    assert {key: document[key] for key in ("chart", "x", "y", "area", "classes", "counting")} == {
        "chart": "accuracy", "x": "macs", "y": "top1_accuracy", "area": "params", "classes": 1000, "counting": "full",
    }  # fmt: skip
    assert document["rows"][0] == {
        "network": "vgg16", "name": "VGG-16 (configuration D)", "year": 2014, "top1_accuracy": 71.592, "macs": 15470264320,
        "params": 138357544, "source": "table 2 of the paper; torchvision",
    }  # fmt: skip
    assert document["left_out"] == [{"network": "lenet5", "message": "no published top-1 error"}]
    assert formats.json(document)
