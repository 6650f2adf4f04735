from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import cnncalc
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
name: Mine
input: 9x9x3
params: {k: 4}
variants: {mine: {}, wide: {k: 8}}
layers:
  - {conv: k, kernel: 3, name: c1}
  - relu
  - {conv: k, kernel: 3, stride: 2, name: c2}
  - {fc: 10, name: out}
"""


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(SPEC)
    return str(path)


def test_a_network_of_the_catalogue() -> None:
    done = run("show", "vgg16")
    assert (done.code, done.err) == (0, "")
    assert "138,357,544" in done.out
    assert "89% of the parameters are in fc6 to fc8; 69% of the activation memory comes before pool2." in done.out
    assert "\x1b" not in done.out


def test_json_is_the_promise() -> None:
    done = run("show", "vgg16", "--format", "json")
    assert json.loads(done.out) == cnncalc.analyze("vgg16").as_dict()


def test_json_may_be_folded_and_cut() -> None:
    folded = json.loads(run("show", "resnet50", "--fold", "1", "--format", "json").out)
    assert [layer["path"] for layer in folded["layers"]][5:9] == ["conv2_x", "conv3_x", "conv4_x", "conv5_x"]
    top = json.loads(run("show", "vgg16", "--sort", "params", "--top", "2", "--format", "json").out)
    assert [layer["path"] for layer in top["layers"]] == ["fc6", "fc7"]


def test_every_row_can_be_asked_for() -> None:
    shown = run("show", "resnet50", "--fold", "none").out.splitlines()
    assert len([line for line in shown if "  conv " in line]) == 53
    assert len([line for line in shown if "─ bn3 " in line]) == 16  # one in each of 3 + 4 + 6 + 3 bottlenecks
    last = run("show", "resnet50", "--fold", "none", "--sort", "layer").out
    assert "conv5_x/bottleneck3/add1/residual/conv3" in last


def test_a_file_a_variant_and_standard_input(spec: str) -> None:
    assert "conv 4 3×3" in run("show", f"{spec}:mine").out
    assert "conv 8 3×3" in run("show", f"{spec}:wide").out
    assert run("show", "-", input=SPEC).out.splitlines()[2:] == run("show", spec).out.splitlines()[2:]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--set", "k=6"], {"params": 168 + 330 + 550}),
        (["--set", "k = 6"], {"params": 168 + 330 + 550}),
        (["--input", "11x11x3"], {"params": 112 + 148 + 650}),
        (["--but", "c1.kernel=1,c1.pad=0"], {"params": 16 + 148 + 650}),
        (["--batch", "3"], {"params": 112 + 148 + 370, "values": 3 * (243 + 196 + 36 + 10)}),
        (["--dtype", "float16"], {"param_bytes": 2 * 630}),
        (["--counting", "macs"], {"flops": 27 * 4 * 49 + 36 * 4 * 9 + 360}),
        (["--no-bias"], {"params": 630 - 4 - 4 - 10, "biases": 0}),
        (["--set", "k=k"], {"params": "9*k^2 + 119*k + 10"}),
    ],
)
def test_options_change_the_network(spec: str, options: list[str], expected: dict[str, object]) -> None:
    total = json.loads(run("show", spec, *options, "--format", "json").out)["total"]
    assert {name: total[name] for name in expected} == expected


def test_lists_in_set_keep_their_commas() -> None:
    one = run("show", "vgg16", "--set", "depths=[1, 1, 2, 2, 2], classes=10", "--format", "json")
    two = run("show", "vgg16", "--set", "depths=[1,1,2,2,2]", "--set", "classes=10", "--format", "json")
    assert json.loads(one.out)["total"] == json.loads(two.out)["total"]
    assert json.loads(one.out)["network"]["params"]["depths"] == [1, 1, 2, 2, 2]


def test_side_exits_can_be_counted_in() -> None:
    apart = json.loads(run("show", "googlenet", "--format", "json").out)
    together = json.loads(run("show", "googlenet", "--sides", "--format", "json").out)
    assert together["total"]["params"] == apart["total"]["params"] + apart["sides"]["params"]


def test_strict_says_no_and_names_the_layers(spec: str) -> None:
    assert run("show", spec, "--strict").code == 0
    done = run("show", spec, "--strict", "--input", "10x9x3")
    assert done.code == 1
    assert done.err == "c2: the kernel does not divide its input evenly: 1 row of the input is unused; 9 would divide evenly\n"
    assert "c2 *" in done.out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--set", "q=3"], "has no param 'q'"),
        (["--set", "k"], "--set takes a param and its value"),
        (["--but", "c9.kernel=3"], "no step is named 'c9'"),
        (["--but", "c1=3"], "--but takes a step's field"),
        (["--input", "9"], "an input has one to three sides and its channels"),
        (["--input", "9x9"], " is height x width x channels"),
        (["--batch", "0"], "expected a whole number from 1 up"),
        (["--dtype", "float31"], "did you mean 'float32'?"),
        (["--counting", "mac"], "did you mean 'macs'?"),
        (["--columns", "parms"], "did you mean 'params'?"),
        (["--sort", "parms"], "did you mean 'params'?"),
        (["--fold", "0"], "a number from 1 up, or none"),
        (["--fold", "-1"], "a number from 1 up, or none"),
        (["--fold", "¹"], "a number from 1 up, or none"),
        (["--top", "0"], "--top"),
        (["--width", "-1"], "--width"),
        (["--format", "xml"], "--format"),
        (["--units", "si", "--format", "csv"], "csv has all digits"),
        (["--columns", "layer", "--format", "json"], "json has everything"),
    ],
)
def test_mistakes_are_answered_with_exit_code_2(spec: str, args: list[str], message: str) -> None:
    done = run("show", spec, *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize("network", ["vgg17", "no.yaml", ".", "vgg16:vgg11", "", "/dev/zero", "a\x1b[31mb"])
def test_networks_that_are_not_there(network: str) -> None:
    done = run("show", network)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: ")
    assert "\x1b" not in done.err


def test_all_problems_of_a_file_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("input: 9x9x3\nlayers:\n  - {conv: 3, kernl: 3}\n  - {maxpol: 2}\n")
    done = run("show", str(path))
    assert done.code == 2
    assert (
        f"{path}:3:15: conv has no field 'kernl'\n    - {{conv: 3, kernl: 3}}\n                ^^^^^\n  did you mean 'kernel'?\n"
        in done.err
    )
    assert done.err.endswith("2 problems\n")


@pytest.mark.parametrize("suffix", ["json", "csv", "md", "markdown", "tex", "html", "htm", "txt", "TEX"])
def test_the_suffix_of_a_file_decides(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    done = run("show", "vgg16", "-o", str(path))
    assert done == (0, "", "")
    starts = {
        "json": '{"cnncalc"',
        "csv": "layer,",
        "md": "**VGG",
        "markdown": "**VGG",
        "tex": "VGG",
        "html": "<!doctype",
        "htm": "<!doctype",
    }
    assert path.read_text(encoding="utf-8").startswith(starts.get(suffix.lower(), "VGG-16"))
    assert ("\\begin{tabular}" in path.read_text(encoding="utf-8")) == (suffix.lower() == "tex")


def test_a_format_counts_more_than_a_suffix(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    run("show", "vgg16", "--format", "json", "-o", str(path))
    assert json.loads(path.read_text())["network"]["id"] == "vgg16"
    assert run("show", "vgg16", "--format", "csv", "-o", "-").out.startswith("layer,")


def test_the_spec_is_not_overwritten(spec: str) -> None:
    done = run("show", spec, "-o", spec)
    assert done.code == 2
    assert "not overwritten" in done.err
    with open(spec, encoding="utf-8") as file:
        assert file.read() == SPEC


def test_plain_is_ascii() -> None:
    done = run("show", "vgg16", "--format", "plain", "--input", "HxWx3")
    assert done.out.isascii()
    assert "1728*H*W" in done.out
    assert "total params = 2097152*(H//32)*(W//32) + 35597096" in done.out


def test_a_table_has_the_width_that_is_asked_for() -> None:
    done = run("show", "resnet50", "--width", "80")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "Hidden at this width: what (use --columns" in done.out


def test_colour_can_be_forced() -> None:
    assert "\x1b[1m" in run("show", "vgg16", env={"FORCE_COLOR": "1"}).out
    assert "\x1b" not in run("show", "vgg16", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out
