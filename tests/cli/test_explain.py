from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.study.derive.derivation import LAYER, NETWORK, QUANTITIES
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_quantity_of_a_layer() -> None:
    done = run("explain", "alexnet", "CONV1", "params")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n\nparams = (F·F·C)·K + K = (11·11·3)·96 + 96 = 34,944\n")
    assert done.out.startswith("CONV1 of AlexNet")
    assert "  F = 11  kernel size\n" in done.out


def test_the_window_formula() -> None:
    out = run("explain", "alexnet", "CONV1", "output").out
    assert "W' = ⌊(W − F + 2P)/S⌋ + 1 = ⌊(227 − 11 + 2·0)/4⌋ + 1 = 55\n" in out


def test_all_of_a_layer_and_all_of_a_network() -> None:
    layer = json.loads(run("explain", "vgg16", "fc6", "--format", "json").out)
    assert [each["quantity"] for each in layer["derivations"]] == [*LAYER]
    network = json.loads(run("explain", "vgg16", "--format", "json").out)
    assert [each["quantity"] for each in network["derivations"]] == [*NETWORK]
    assert network["derivations"][2]["value"] == 138357544


def test_the_help_names_every_quantity() -> None:
    shown = " ".join(run("explain", "--help").out.split())
    assert all(name in shown for name in QUANTITIES)


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("table", "CONV1 of AlexNet"),
        ("plain", "CONV1 of AlexNet"),
        ("markdown", "**CONV1 of AlexNet"),
        ("latex", "% needs \\usepackage{amsmath}"),
        ("html", "<!doctype html>"),
        ("csv", "layer,symbol,rule,numbers,result\n"),
        ("json", '{"cnncalc": '),
    ],
)
def test_every_format(form: str, start: str) -> None:
    done = run("explain", "alexnet", "CONV1", "macs", "--format", form)
    assert done.code == 0
    assert done.out.startswith(start)
    assert "105" in done.out
    assert form != "plain" or done.out.isascii()


def test_into_a_file_by_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "conv1.tex"
    assert run("explain", "alexnet", "CONV1", "-o", str(path)) == (0, "", "")
    assert r"\begin{align*}" in path.read_text(encoding="utf-8")


def test_a_narrow_page() -> None:
    narrow = run("explain", "vgg16", "params", "--width", "60").out
    assert max(map(len, narrow.splitlines())) <= 60
    assert narrow.split() == run("explain", "vgg16", "params").out.split()


def test_options_of_the_network_count() -> None:
    half = run("explain", "alexnet", "CONV1", "bytes", "--batch", "8", "--dtype", "float16").out
    assert "memory = B·N·H'·W'·K = 2·8·55·55·96 = 4,646,400 (4.65 MB)" in half
    assert "weights = (F·F·C)·K = (7·7·3)·96 = 14,112" in run("explain", "alexnet", "CONV1", "weights", "--but", "CONV1.kernel=7").out
    assert "values = H'·W'·K = H·W·64 = 64·H·W" in run("explain", "resnet50", "conv1", "values", "--input", "2Hx2Wx3").out
    assert "flops = (F·F·C)·K·H'·W' =" in run("explain", "alexnet", "CONV1", "flops", "--counting", "macs").out
    assert "biases = 0" in run("explain", "alexnet", "CONV1", "biases", "--no-bias").out


def test_layers_without_a_file() -> None:
    done = run("explain", "conv 96 11x11 /4", "width", "--input", "227x227x3")
    assert done.out.endswith("W' = ⌊(W − F + 2P)/S⌋ + 1 = ⌊(227 − 11 + 2·0)/4⌋ + 1 = 55\n")
    assert "conv1 of conv 96 11x11 /4\n" in done.out
    symbols = run("explain", "conv K FxF /S pad P", "conv1", "params").out
    assert symbols.endswith("params = (F·F·C)·K + K = C·F²·K + K\n")
    assert "input H×W×C (any, without --input)" in symbols


def test_layers_without_a_file_are_shown() -> None:
    done = run("show", "conv 6 5x5 pad 2, relu, maxpool 2", "--input", "28x28x1", "--format", "json")
    assert json.loads(done.out) == cnncalc.analyze("conv 6 5x5 pad 2, relu, maxpool 2", input="28x28x1").as_dict()
    out = run("show", "conv 6 5x5 pad 2, relu, maxpool 2").out
    assert "input H×W×C (any, without --input)" in out
    assert "⌊H/2⌋×⌊W/2⌋×6" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothere",), "Error: no network 'nothere' in the catalogue\n"),
        (("alexnet", "conv1"), "Error: alexnet has no layer 'conv1'\n  did you mean 'CONV1'?\n"),
        (("alexnet", "CONV1", "parms"), "Error: no quantity 'parms'\n  did you mean 'params'?\n"),
        (
            ("resnet50", "residual/conv1"),
            "Error: 'residual/conv1' is ambiguous: 16 matches (conv2_x/bottleneck1/add1/residual/conv1, ",
        ),
        (("cnv 6 5x5, relu",), "Error: <layers>:1:1: unknown kind 'cnv'\n  cnv 6 5x5, relu\n  ^^^\n  did you mean 'conv'?\n"),
    ],
)
def test_mistakes(words: tuple[str, ...], message: str) -> None:
    done = run("explain", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message)
