"""cnncalc formula: formulas, all formats, and agreement with show."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.dims import symbol
from cnncalc.dims.notation import show
from tests.cli.run import Done, run
from tests.dims.expressions import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VGG = (
    "38592·H·W + 221184·⌊H/2⌋·⌊W/2⌋ + 1474560·⌊H/4⌋·⌊W/4⌋ + 5898240·⌊H/8⌋·⌊W/8⌋ + 7077888·⌊H/16⌋·⌊W/16⌋ + 2097152·⌊H/32⌋·⌊W/32⌋ + 20873216"
)
THREE = "conv C 3x3 no bias, conv C 3x3 no bias, conv C 3x3 no bias"
FORMATS = ("table", "plain", "json", "csv", "markdown", "latex", "html", "python", "javascript")
GOLDEN = {
    "formula_vgg16": ["vgg16"],
    "formula_vgg16_80": ["vgg16", "--width", "80"],
    "formula_resnet50": ["resnet50", "--input", "HxWx3", "--set", "width=w", "--batch", "N", "--columns", "output,params,macs"],
    "formula_resnet50_160": ["resnet50", "--input", "HxWx3", "--set", "width=w", "--width", "160"],
    "formula_at": ["resnet50", "--input", "HxWx3", "--set", "width=w", "--at", "H=224,W=224"],
    "formula_lenet5_layers": ["lenet5", "--input", "HxWx1", "--layers", "--columns", "output,params,macs"],
    "formula_nasnet": ["nasnet_a_mobile", "--columns", "macs"],
    "formula_layer": ["resnet50", "--input", "32hx32wx3", "--layer", "conv5_x"],
    "formula_latex": ["vgg16", "--columns", "params,macs,output,memory", "--format", "latex"],
    "formula_python": ["vgg16", "--columns", "params,macs,output,memory", "--format", "python"],
    "formula_markdown": ["vgg16", "--columns", "params,macs", "--format", "markdown"],
    "formula_plain": ["vgg16", "--columns", "params,macs", "--format", "plain"],
}


def test_what_is_assumed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "n.yaml"
    path.write_text("input: HxWx1\nlayers: [{maxpool: 2, when: in.h > 9}, {conv: 1}]\n", encoding="utf-8")
    said = " ".join(run("formula", str(path)).out.split())
    assert "For every whole H ≥ 10 and every whole W ≥ 2." in said
    assert f"H ≥ 10 is assumed: below 10 the network differs: {path}, line 2." in said


def total(*args: str) -> dict[str, Any]:
    """The totals as JSON has them."""
    done = run("formula", *args, "--format", "json")
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)["total"]
    return found


@pytest.mark.parametrize("name", GOLDEN)
def test_what_is_shown(name: str, golden: Callable[[str, str], None]) -> None:
    done = run("formula", *GOLDEN[name])
    assert (done.code, done.err) == (0, "")
    golden(f"{name}.txt", done.out)
    width = int(GOLDEN[name][-1]) if "--width" in GOLDEN[name] else 1000
    assert max(map(len, done.out.splitlines())) <= width


@pytest.mark.parametrize(
    ("args", "quantity", "text"),
    [
        ((THREE, "--input", "32x32xC"), "weights", "27·C²"),
        (("conv C 7x7 no bias", "--input", "32x32xC"), "weights", "49·C²"),
        (("vgg16", "--input", "HxWx3"), "macs", VGG),
        (("resnet50", "--input", "32hx32hx3", "--layer", "conv5_x"), "output", "h×h×2048"),
        (("resnet50", "--input", "HxWx3", "--layer", "conv5_x"), "output", "⌊(H + 31)/32⌋×⌊(W + 31)/32⌋×2048"),
        (("resnet50", "--set", "width=w"), "params", "11317248·w² + 9374464·w + 4865320"),
        (("densenet121", "--set", "growth=k"), "params", "6700·k² + 34908·k + 1000"),
        (("lenet5", "--input", "32x32x1"), "params", "60,000"),
    ],
)
def test_formulas(args: tuple[str, ...], quantity: str, text: str) -> None:
    done = run("formula", *args, "--columns", quantity, "--format", "markdown")
    assert done.code == 0
    assert f" {text} " in done.out.replace("\\", "")


def test_the_convolutions_of_vgg() -> None:
    report = cnncalc.analyze("vgg16", input="HxWx3")
    macs: Any = sum(row.macs for row in report if row.kind == "conv")
    assert show(macs) == VGG.rpartition(" + 2097152")[0]


@pytest.mark.parametrize(
    ("network", "input"), [("vgg16", "299x224x3"), ("resnet50", "33x500x3"), ("densenet121", "29x64x3"), ("googlenet", "224x224x3")]
)
def test_what_is_evaluated_is_what_show_counts(network: str, input: str) -> None:
    height, width, _ = input.split("x")
    shown = json.loads(run("show", network, "--input", input, "--batch", "5", "--format", "json").out)
    args = ("--input", "HxWx3", "--batch", "N", "--at", f"H={height},W={width}", "--at", "N=5", "--layers")
    found = json.loads(run("formula", network, *args, "--format", "json").out)
    assert found["total"] == shown["total"]
    assert found["at"] == {"H": int(height), "W": int(width), "N": 5}
    for mine, its in zip(found["layers"], (layer for layer in shown["layers"] if not layer["side"]), strict=True):
        assert mine == its
    text = run("formula", network, *args[:-1], "--units", "exact").out
    assert f"{shown['total']['macs']:,}" in text
    assert f"{shown['total']['bytes']:,} B" in text


def test_strings_in_json_are_read_back() -> None:
    report = cnncalc.analyze("resnet50", input="HxWx3", set={"width": "w"}, batch="N")
    names = {name: symbol(name) for name in "HWwN"}
    found = total("resnet50", "--input", "HxWx3", "--set", "width=w", "--batch", "N")
    assert len(found) == 13
    for name, value in found.items():
        assert read(str(value), names) == getattr(report.total, name)


def test_the_document() -> None:
    done = run("formula", "densenet121", "--input", "HxWx3", "--set", "growth=k", "--format", "json")
    found = json.loads(done.out)
    assert found["network"]["params"]["growth"] == "k"
    assert found["symbols"] == ["H", "W", "k"]
    assert found["domains"] == dict.fromkeys("HWk", "whole")
    assert found["output"] == [1, 1, 1000]
    assert found["growth"]["macs"] == {"H": 1, "W": 1, "k": 2}
    assert found["sizes"]["H"] == {
        "works": {"least": 29, "period": 1, "runs": [[29, None]]},
        "tiles": {"least": 29, "period": 32, "runs": [[29, None]]},
        "rounding": 32,
    }
    assert "H >= 29" in found["conditions"]
    assert "layers" not in found
    assert "at" not in found


@pytest.mark.parametrize(
    ("layer", "rows"), [("conv1-1", 1), ("conv1_x", 0), ("bottleneck3/add1", 0), ("conv2_x/bottleneck3", 10), ("fc", 1)]
)
def test_layers_and_folders(layer: str, rows: int) -> None:
    network = "vgg16" if layer == "conv1-1" else "resnet50"
    done = run("formula", network, "--layer", layer, "--layers", "--format", "csv", "--columns", "params")
    if not rows:
        assert done.code == 2
        assert "no layer" in done.err or "is ambiguous: 4 matches" in done.err
        return
    found = list(csv.DictReader(done.out.splitlines()))
    assert len(found) == rows + (rows > 1)
    if rows > 1:
        assert sum(int(row["formula"]) for row in found[:-1]) == int(found[-1]["formula"])
        assert found[-1]["layer"] == layer


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "args", [("vgg16",), ("resnet50", "--layers", "--set", "width=w"), ("alexnet", "--layer", "CONV1", "--columns", "+jump,biases")]
)
def test_every_format(format: str, args: tuple[str, ...]) -> None:
    done = run("formula", *args, "--format", format)
    assert (done.code, done.err) == (0, "")
    assert len(done.out) > 100
    if format == "plain":
        assert done.out.isascii()
    if format == "json":
        json.loads(done.out)
    if format == "latex":
        assert done.out.count("\\begin") == done.out.count("\\end") == 1
        assert done.out.count("\\left") == done.out.count("\\right")
        assert done.out.count("{") == done.out.count("}")
    if format == "python":
        compile(done.out, "formula", "exec")


def test_python_computes_the_same() -> None:
    source = run("formula", "resnet50", "--input", "HxWx3", "--set", "width=w", "--layers", "--format", "python").out
    names: dict[str, Any] = {}
    exec(source, names)
    numbers = cnncalc.analyze("resnet50", input="225x97x3", set={"width": 2})
    assert names["params"](225, 97, 2) == numbers.total.params
    assert names["macs"](H=225, W=97, w=2) == numbers.total.macs
    assert names["memory"](225, 97, 2) == numbers.total.bytes
    assert names["output"](225, 97, 2) == (1, 1, 1000)
    layers = names["layers"](225, 97, 2)
    for row in numbers:
        assert layers[row.path]["output"] == tuple(row.output)
        assert layers[row.path]["values"] == (row.values if row.stored else 0)


def test_python_with_halves_and_keywords() -> None:
    network = json.dumps(
        {"input": "8x8xC", "params": {"class": ""}, "layers": [{"split": 2}, {"concat": ""}, {"conv": "class"}, {"split": 2}, {"add": ""}]}
    )
    done = run("formula", "-", "--columns", "output,values", "--format", "python", input=network)
    names: dict[str, Any] = {}
    exec(done.out, names)
    assert names["output"](C=6, class_=4) == (8, 8, 2)
    assert "def output(C, class_):" in done.out
    with pytest.raises(ValueError, match="not whole"):
        names["output"](C=5, class_=3)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("vgg16", "--at", "H=224,Q=3"), "no symbol 'Q'\n  symbols: H, W\n"),
        (("vgg16", "--at", "H=224,h=3"), "no symbol 'h'\n  did you mean 'H'?\n"),
        (("lenet5", "--input", "32x32x1", "--at", "H=224"), "nothing is a symbol"),
        (("vgg16", "--at", "H=0"), "whole numbers from 1 up, H=224, not 'H=0'"),
        (("vgg16", "--at", "H=1.5"), "not 'H=1.5'"),
        (("vgg16", "--at", "H"), "not 'H'"),
        (("vgg16", "--at", "H=32,H=33"), "gives H twice"),
        (("vgg16", "--at", "H=31"), "H = 31: pool5: the kernel is 2 high"),
        (("wrn28_10", "--set", "width=k", "--at", "k=1"), "below 2 the network differs"),
        (("vgg16", "--columns", "kind"), "no formula 'kind'"),
        (("vgg16", "--columns", "makcs"), "no column 'makcs'"),
        (("vgg16", "--layer", "conv9"), "no layer 'conv9'"),
        (("resnet50", "--layer", "add1"), "'add1' is ambiguous: 16 matches ("),
        (("vgg16", "--format", "json", "--units", "si"), "--units is for tables"),
    ],
)
def test_mistakes(args: tuple[str, ...], message: str) -> None:
    done = run("formula", *args)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("resnet50", "--input", "HxWx3"),
            "For every whole H, W ≥ 1.\nH and W: rounding repeats every 32; all kernels divide evenly at 1, 33, 65, … (every 32).",
        ),
        (
            ("lenet_caffe", "--input", "HxWx1"),
            "For every whole H, W ≥ 16.\nH and W: rounding repeats every 4; all kernels divide evenly at 16, 20, 24, … (every 4).",
        ),
        (("conv 8 3x3 groups g", "--input", "5x5x12"), "It works for g = 1, 2, 4."),
        (("split 2, concat", "--input", "5x5xC"), "It works for C = 2, 4, 6, … (every 2)."),
        (("conv K 3x3", "--input", "HxWx3"), "For every whole H, W ≥ 3 and every whole K ≥ 1."),
        (
            ("conv 8 3x3 /S", "--input", "HxWx3"),
            "For every whole H, W ≥ 3 and every whole S ≥ 1.\nH and W: whether all kernels divide evenly depends on other symbols as well.",
        ),
        (("conv 8 KxK", "--input", "HxWx3"), "For every whole H, W, K ≥ 1 with H ≥ K, W ≥ K."),
        (("resnet50", "--input", "32hx32hx3"), "Kernels do not divide the input evenly, whatever the symbols are: conv1, pool1,"),
        (("resnet50", "--set", "width=w"), "w 1 → 2: parameters ×2.7, MACs ×2.8, activations ×1.2."),
        (("resnet50", "--set", "width=w"), "Parameters and MACs grow with w²; activations grow with w."),
        (("vgg16", "--batch", "N"), "N 1 → 2: MACs ×2, activations ×2."),
    ],
)
def test_what_is_said(args: tuple[str, ...], said: str) -> None:
    assert said in re.sub(r"\n +", " ", run("formula", *args).out)


HALF = {"maxpool": 2, "name": "half"}
ODD = {"concat": [[{"maxpool": [2, 1], "stride": [2, 1]}], [{"crop": [1, 0, 0, 0]}, {"maxpool": [2, 1], "stride": [2, 1]}]]}
EVEN = {"concat": [["identity"], [{"maxpool": [2, 1], "stride": [2, 1]}, {"upsample": [2, 1]}]]}


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([ODD], "It works for H = 3, 5, 7, … (every 2); rounding repeats every 2; some kernels never divide evenly."),
        ([EVEN], "It works for H = 2, 4, 6, … (every 2); rounding repeats every 2; all kernels divide evenly."),
        ([EVEN, ODD], "It works for no H."),
        ([{"slice": [0, "H"]}], "It works for every H from 1 to 12."),
    ],
)
def test_sizes_that_are_possible(layers: list[Any], said: str) -> None:
    network = json.dumps({"input": "Hx9x12", "params": {"H": ""}, "layers": layers})
    assert said in re.sub(r"\n +", " ", run("formula", "-", "--columns", "params", input=network).out)


def test_a_folder_as_json() -> None:
    args = ("formula", "resnet50", "--input", "HxWx3", "--layer", "conv5_x", "--columns", "input,output,params", "--format", "json")
    found = json.loads(run(*args).out)
    assert (found["layer"]["path"], found["layer"]["params"], found["layer"]["layers"]) == ("conv5_x", 14964736, 32)
    assert found["layer"]["macs"] == "14942208*((H + 31)//32)*((W + 31)//32)"
    found = json.loads(run(*args, "--at", "H=224,W=224").out)
    assert (found["layer"]["macs"], found["layer"]["output"]) == (732168192, [7, 7, 2048])
    assert "| input " in run(*args[:4], "--columns", "input,output", "--format", "markdown").out


def test_windows_that_do_not_tile() -> None:
    assert run("formula", "vgg16", "--strict", "--columns", "params").code == 0
    assert run("formula", "vgg16", "--strict", "--at", "H=224,W=64").code == 0
    done = run("formula", "vgg16", "--strict", "--at", "H=225,W=64")
    assert done.code == 1
    assert done.err == "pool1: the kernel does not divide its input evenly: 1 left over\n"
    assert run("formula", "resnet50", "--strict", "--input", "32hx32hx3", "--columns", "params").code == 1


def test_a_file_says_the_format(tmp_path: Path) -> None:
    for name, start in (
        ("vgg.py", "# VGG-16"),
        ("vgg.js", "// VGG-16"),
        ("vgg.tex", "% VGG-16"),
        ("vgg.json", '{"cnncalc"'),
        ("vgg.md", "**VGG-16"),
        ("vgg.txt", "VGG-16"),
    ):
        done = run("formula", "vgg16", "-o", str(tmp_path / name))
        assert done == Done(0, "", "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def seconds(*args: str) -> float:
    """The processor's time of a whole process, the best of some."""
    import resource

    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings["PYTHONPYCACHEPREFIX"] = os.path.join(tempfile.gettempdir(), "cnncalc-bench")
    best = 99.0
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "cnncalc", *args], check=True, stdout=subprocess.DEVNULL, env=settings)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not measured there")
@pytest.mark.parametrize(("network", "param", "most"), [("resnet50", "width=w", 4), ("densenet121", "growth=k", 10)])
def test_formulas_are_quick(network: str, param: str, most: int) -> None:
    assert seconds("formula", network, "--input", "HxWx3", "--set", param) < most * seconds("show", network)


def test_an_analysis_in_symbols_is_quick() -> None:
    def best(**options: Any) -> float:
        found = []
        for _ in range(7):
            start = time.process_time()
            cnncalc.analyze("vgg16", **options)
            found.append(time.process_time() - start)
        return min(found)

    assert best(input="HxWx3") < 5 * best()
