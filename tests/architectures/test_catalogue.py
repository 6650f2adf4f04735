"""Every network of the catalogue, with default and changed params, against an independent counter."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import cnncalc
from tests.architectures.rows import network, outputs

HERE = Path(__file__).parent
NAMES = cnncalc.names()
MAPS = {
    "unet": (388, 388), "unet_milesial": (572, 572), "fcn_resnet50": (224, 224), "deeplabv3_resnet50": (224, 224),
    "deeplabv3_mobilenet_v3_large": (224, 224), "lraspp_mobilenet_v3_large": (224, 224), "wavenet": (16000,),
    "ssd300_vgg16": (8732,), "retinanet_resnet50_fpn": (120087,),
}  # fmt: skip  # networks that classify every pixel, sample or box
DETECTORS = ("ssd300_vgg16", "retinanet_resnet50_fpn")  # with four numbers for the place of a box


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", table("catalogue.csv"), ids=lambda row: row["name"])
def test_a_network_comes_to_its_figures(row: dict[str, str]) -> None:
    report = network(row["name"])
    assert report.total.params == int(row["params"])
    assert sum(each.buffers for each in report if each.kind == "bn" and not each.side) == int(row["buffers"])
    if row["macs"]:
        assert report.total.macs == int(row["macs"])
    if row["conv_fc_outputs"]:
        assert outputs(report) == int(row["conv_fc_outputs"])


@pytest.mark.parametrize("row", table("variants.csv"), ids=lambda row: row["row"])
def test_a_variant_comes_to_its_figures_by_its_params(row: dict[str, str]) -> None:
    params = dict(entry.split("=", 1) for entry in row["set"].split("; ") if entry)
    sides = row["sides"] == "yes"
    report = cnncalc.analyze(row["name"], set=params, input=row["input"] or None, sides=sides)
    total = report.total
    found = total.params, total.buffers, total.macs, outputs(report, sides=sides)
    assert found == tuple(int(row[figure]) for figure in ("params", "buffers", "macs", "conv_fc_outputs"))


def test_the_catalogue_has_every_name() -> None:
    assert not {row["name"] for row in table("catalogue.csv")} - set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_class_can_be_set_and_every_figure_has_its_source(name: str) -> None:
    report = cnncalc.analyze(name, set={"classes": 7})
    about = report.setting.about
    (output,) = report.outputs
    assert output == (*MAPS.get(name, (1,) * output.rank), 7 + 4 * (name in DETECTORS))
    assert about.title
    assert about.paper
    assert 1998 <= (about.year or 0) <= 2026
    if about.published is None:
        assert any("no counts" in note for note in about.notes or ())
    else:
        assert about.published["source"]
        assert about.published.keys() & {"params", "top1_error"}
