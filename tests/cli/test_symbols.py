"""Symbols in the other commands: tables in every format, derivations, comparisons, conventions and answer sheets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.dims import symbol
from tests.cli.run import run
from tests.dims.expressions import read

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("table", "plain", "json", "csv", "markdown", "latex", "html")
SHEET = """
title: Symbols
questions:
  - {id: q1, network: {input: 32x32xC, layers: [{conv: C, kernel: 3, pad: 1, repeat: 3}]}, weights: 3*(3^2*C^2), params: 27*C^2 + 3*C}
  - {id: q2, network: {input: 32x32xC, layers: [{conv: C, kernel: 7, pad: 3}]}, weights: 49*C^2}
  - {id: q3, network: {input: 8x8x3, params: {K: }, layers: [{conv: K, kernel: 3}]}, output: 6x6xK}
  - {id: q4, network: {input: HxWx64, layers: [{maxpool: 2}]}, output: H//2 x W//2 x 64}
  - {id: q5, network: {input: HxWx3, layers: [{conv: 8, kernel: 5}]}, macs: 600*(H-4)*(W-4)}
  - {id: q6, network: {input: HxWx3, layers: [{conv: 8, kernel: 5}]}, macs: 600*(H-5)*(W-5)}
  - {id: q7, network: {input: 32x32xC, layers: [{conv: C, kernel: 3}]}, weights: 9*D^2}
"""


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("network", ["squeezenet1_0", "resnet50", "googlenet", "nasnet_a_mobile", "mobilenet_v3_large"])
def test_tables_in_every_format(network: str, format: str) -> None:
    done = run("show", network, "--input", "HxWx3", "--batch", "N", "--set", "classes=k", "--format", format)
    assert (done.code, done.err) == (0, "")
    assert "H" in done.out
    assert "Poly" not in done.out
    assert "\0" not in done.out
    assert format != "plain" or done.out.isascii()


def test_a_table_in_csv_and_json_is_read_back() -> None:
    report = cnncalc.analyze("squeezenet1_0", input="HxWx3", set={"classes": "k"})
    names = {name: symbol(name) for name in "HWk"}
    document = json.loads(run("show", "squeezenet1_0", "--input", "HxWx3", "--set", "classes=k", "--format", "json").out)
    for row, layer in zip(report, document["layers"], strict=True):
        for figure in ("weights", "params", "macs", "flops", "values", "bytes"):
            assert read(str(layer[figure]), names) == getattr(row, figure)
        assert [read(str(side), names) for side in layer["output"]] == list(row.output)
    for figure, value in document["total"].items():
        assert read(str(value), names) == getattr(report.total, figure)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("explain", "resnet50", "conv1", "output", "--input", "HxWx3"), "⌊(H − F + 2P)/S⌋ + 1 = ⌊(H − 7 + 2·3)/2⌋ + 1 = ⌊(H + 1)/2⌋"),
        (("explain", "vgg16", "fc6", "params", "--input", "HxWx3"), "2097152·⌊H/32⌋·⌊W/32⌋ + 4096"),
        (("compare", "resnet50", "vgg16", "--input", "HxWx3"), "params of vgg16 = 2097152·⌊H/32⌋·⌊W/32⌋ + 35597096"),
        (("counts", "vgg16", "--input", "HxWx3"), "For every whole H, W ≥ 32."),
        (("memory", "vgg16", "--input", "HxWx3"), "depends on symbols"),
    ],
)
def test_other_commands(args: tuple[str, ...], said: str) -> None:
    done = run(*args)
    assert said in done.out + done.err
    assert done.code in (0, 2)


def test_answer_sheets(tmp_path: Path) -> None:
    path = tmp_path / "symbols.yaml"
    path.write_text(SHEET, encoding="utf-8")
    done = run("check", str(path), "--format", "json")
    assert done.code == 1
    verdicts = [(question["id"], question["verdict"]) for question in json.loads(done.out)["questions"]]
    assert verdicts == [("q1", "right"), ("q1", "right"), *((f"q{i}", "right") for i in range(2, 6)), ("q6", "wrong"), ("q7", "wrong")]
