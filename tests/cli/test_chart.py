"""cnncalc chart, as a shell sees it."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LECTURES = ("alexnet_owt", "vgg16", "googlenet", "resnet50", "efficientnet_b0")
CASES = {
    "chart_vgg16.txt": ["vgg16"],
    "chart_vgg16-80.txt": ["vgg16", "--width", "80"],
    "chart_resnet50-60-plain.txt": ["resnet50", "--width", "60", "--format", "plain"],
    "chart_densenet121-stage.txt": ["densenet121", "--by", "stage", "--of", "params,macs,flops"],
    "chart_efficientnet_b0-kind.txt": ["efficientnet_b0", "--by", "kind"],
    "chart_accuracy.txt": [*LECTURES, "lenet5", "--width", "90"],
    "chart_accuracy-params-plain.txt": [*LECTURES, "--x", "params", "--y", "top5", "--scale", "linear", "--format", "plain"],
    "chart_ilsvrc.txt": ["alexnet", "zfnet", "vgg16", "googlenet", "resnet152", "--x", "year", "--y", "ilsvrc", "--width", "90"],
    "chart_bars.txt": ["vgg*", "resnet50", "--bars", "--sort", "macs"],
    "chart_widths.txt": ["mobilenet_v2", "--vary", "width=0.35,0.5,0.75,1.0,1.4", "--of", "params,peak"],
    "chart_alexnet.json": ["alexnet", "--format", "json"],
    "chart_accuracy.csv": [*LECTURES, "--format", "csv"],
    "chart-help.txt": ["--help"],
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown(name: str, golden: Callable[[str, str], None]) -> None:
    done = run("chart", *CASES[name])
    assert (done.code, done.err) == (0, "")
    golden(name, done.out)


@pytest.mark.parametrize("form", ["table", "plain", "json", "csv", "markdown", "latex", "html", "svg"])
@pytest.mark.parametrize(
    "what", [["alexnet"], ["alexnet_owt", "vgg16"], ["alexnet", "vgg16", "--bars"], ["alexnet", "--by", "kind"]], ids=" ".join
)
def test_every_format(form: str, what: list[str]) -> None:
    done = run("chart", *what, "--format", form)
    assert (done.code, done.err) == (0, "")
    assert done.out


def test_pictures_go_to_files(tmp_path: Path) -> None:
    for name, words in (("one.svg", ["alexnet"]), ("several.svg", LECTURES), ("bars.svg", [*LECTURES, "--bars"])):
        assert run("chart", *words, "-o", str(tmp_path / name)) == (0, "", "")
        assert ElementTree.parse(tmp_path / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert run("chart", "alexnet", "-o", str(tmp_path / "page.html")).code == 0
    page = (tmp_path / "page.html").read_text()
    assert page.index("<svg") < page.index("<table>")
    assert run("chart", "alexnet", "-o", "-", "--format", "svg").out == (tmp_path / "one.svg").read_text()


@pytest.mark.parametrize(
    "command", [["chart", "alexnet"], ["show", "alexnet"], ["compare", "alexnet", "vgg16"], ["chart", "alexnet", "--format", "svg"]]
)
@pytest.mark.parametrize("suffix", ["png", "PNG", "jpg", "pdf"])
def test_what_is_not_drawn_is_said(command: list[str], suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture.{suffix}"
    done = run(*command, "-o", str(path))
    assert (done.code, done.out) == (2, "")
    assert (
        f"pictures are written as SVG; write {tmp_path}/picture.svg and convert it to {suffix.upper()} "
        "with rsvg-convert, Inkscape or a browser" in done.err
    )
    assert not path.exists()


def test_numbers_in_a_file_of_any_name(tmp_path: Path) -> None:
    assert run("chart", "alexnet", "--format", "csv", "-o", str(tmp_path / "numbers.png")).code == 0
    assert (tmp_path / "numbers.png").read_text().startswith("layer,what,output,")


def test_families_patterns_and_all() -> None:
    rows = json.loads(run("chart", "--family", "vgg", "resnet5*", "--format", "json").out)["rows"]
    assert {"vgg11", "vgg19_bn", "resnet50", "resnet50_v1_5"} <= {row["network"] for row in rows}
    assert len(rows) == 13


def test_the_whole_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only which networks are meant: to build them all takes a while."""
    from cnncalc.explore import compare

    meant: list[str] = []
    entries = compare.compare(compare.wanted(["vgg11", "vgg13"]), {})

    def compared(networks: Sequence[compare.RequestedNetwork], *_: object) -> compare.Comparison:
        meant.extend(each.name for each in networks)
        return entries

    monkeypatch.setattr(compare, "compare", compared)
    assert run("chart", "--all").code == 0
    assert len(meant) > 100


def test_networks_without_accuracies_are_bars() -> None:
    done = run("chart", "lenet5", "lenet5_modern", "vgg16")
    assert "Networks side by side" in done.out
    assert "Fewer than two of them have a published top-1 error, so their accuracy is not plotted." in done.out
    assert "Fewer than" not in run("chart", "lenet5", "lenet5_modern", "--bars").out
    assert "Fewer than" not in run("chart", "mobilenet_v2", "--vary", "width=0.5,1").out


def test_who_does_not_take_the_options_is_told() -> None:
    done = run("chart", "alexnet", "--vary", "input=227,32", "--of", "macs")
    assert done.code == 0
    assert "Omitted: alexnet input=32: POOL2: the kernel is " in " ".join(done.out.split())


def test_options_for_the_accuracy_of_one_network() -> None:
    assert "1 network for 1,000 classes" in run("chart", "vgg16", "--x", "params").out
    assert "Top-5 accuracy" in run("chart", "vgg16", "resnet50", "--y", "top5").out


def test_the_competition_year_by_year() -> None:
    entries = ("alexnet", "zfnet", "vgg16", "googlenet", "resnet152")
    rows = list(csv.DictReader(StringIO(run("chart", *entries, "--x", "year", "--y", "ilsvrc", "--format", "csv").out)))
    found = {row["network"]: (int(row["year"]), 100 - float(row["ilsvrc_accuracy"])) for row in rows}
    assert {name: (year, round(error, 2)) for name, (year, error) in found.items()} == {
        "alexnet": (2012, 16.4), "zfnet": (2013, 11.7), "vgg16": (2014, 7.3), "googlenet": (2014, 6.67), "resnet152": (2015, 3.57),
    }  # fmt: skip
    document = json.loads(run("chart", *entries, "--x", "year", "--y", "ilsvrc", "--format", "json").out)
    assert "googlenet: 2014, an ensemble of 7 networks" in document["notes"][0]
    assert "<text" in run("chart", *entries, "--x", "year", "--format", "svg").out


def test_a_network_without_a_year_has_no_place_on_the_axis() -> None:
    text = "name: net\ninput: 8x8x3\npublished: {top1_error: 30}\nlayers: [gap, {fc: 1000}]"
    assert "Omitted, no year: stdin." in run("chart", "-", "vgg16", "--x", "year", input=text).out


def test_numbers_are_exact() -> None:
    rows = list(
        csv.DictReader(StringIO(run("chart", "vgg16", "--of", "memory", "--batch", "2", "--dtype", "float16", "--format", "csv").out))
    )
    assert sum(int(row["memory"]) for row in rows) == 15237608 * 2 * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a network, a family, or --all"),
        (["vgg161"], "did you mean 'vgg16'?"),
        (["vgg16", "--of", "parms"], "did you mean 'params'?"),
        (["vgg16", "resnet50", "--x", "parms"], "did you mean 'params'?"),
        (["vgg16", "resnet50", "--by", "kind"], "--by is for one network, layer by layer; this is accuracy against cost"),
        (["vgg16", "resnet50", "--fold", "none"], "--fold is for one network, layer by layer; this is accuracy against cost"),
        (["vgg16", "resnet50", "--bars", "--fold", "2"], "--fold is for one network, layer by layer; this is networks side by side"),
        (["vgg16", "resnet50", "--bars", "--x", "macs"], "--bars is for bars; this is accuracy against cost"),
        (["vgg16", "--by", "stage", "--x", "macs"], "--by is for one network, layer by layer; this is accuracy against cost"),
        (["vgg16", "--by", "stage", "--fold", "1"], "--fold is for blocks, not for --by stage"),
        (["vgg16", "--input", "HxWx3"], "a chart needs numbers; the parameters of fc6 would be 2097152"),
        (["lenet5", "--x", "macs"], "no accuracy to plot; lenet5: no published top-1 error"),
        (["vgg16", "--format", "csv", "--units", "si"], "csv has all digits"),
        (["--family", "vgq"], "did you mean 'vgg'?"),
    ],
)
def test_mistakes_of_the_user(arguments: list[str], message: str) -> None:
    done = run("chart", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_file_that_was_read_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("input: 9x9x3\nlayers:\n  - {conv: 4, kernel: 3}\n")
    done = run("chart", str(path), "-o", str(path), "--format", "svg")
    assert done.code == 2
    assert "not overwritten" in done.err


def test_quantities_and_families_complete() -> None:
    from click import Context

    from cnncalc.cli.chart import command

    options = {param.name: param for param in command.params}
    context = Context(command)
    assert [item.value for item in options["of"].shell_complete(context, "pa")] == ["params", "param_memory"]
    assert [item.value for item in options["family"].shell_complete(context, "vg")] == ["vgg"]
