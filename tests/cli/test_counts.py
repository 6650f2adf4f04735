from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cnncalc.propagate.counting import CONVENTIONS
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_network_under_every_convention(golden: Callable[[str, str], None]) -> None:
    done = run("counts", "resnet50_v1_5", "--width", "0")
    assert (done.code, done.err) == (0, "")
    golden("counts_resnet50_v1_5.txt", done.out)
    rows = {line.split()[0]: line.split() for line in done.out.splitlines() if line.split()[:1] and line.split()[0] in CONVENTIONS}
    assert rows["thop"][1] == "4,133,742,592"
    for cells in rows.values():  # what the figure is made of adds up to it
        numbers = [int(cell.replace(",", "")) for cell in cells[1:] if cell.replace(",", "").isdecimal()]
        if len(numbers) > 2:
            figure, _, *causes = numbers
            assert figure == sum(causes)


def test_why_two_conventions_differ(golden: Callable[[str, str], None]) -> None:
    done = run("counts", "resnet50_v1_5", "--between", "thop", "torchinfo", "--width", "0")
    golden("counts_between.txt", done.out)
    sentence = "thop 4,133,742,592 − torchinfo 4,089,238,376 = 44,504,216: batch norm +44,402,816, pooling +102,400, biases −1,000."
    assert sentence in " ".join(done.out.split())


def test_parameters_of_two_conventions() -> None:
    done = run("counts", "mobilenet_v2", "--between", "keras", "torch")
    assert "Parameters: keras 3,538,984 − torch 3,504,872 = 34,112: buffers +34,112." in done.out
    both = run("counts", "mobilenet_v2", "--between", "full", "macs")
    assert "Parameters" not in both.out


def test_only_some_conventions() -> None:
    done = run("counts", "vgg16", "thop", "fvcore", "--format", "csv")
    assert [line.split(",")[0] for line in done.out.splitlines()] == ["counting", "thop", "fvcore"]
    assert run("counts", "vgg16", "--counting", "thop").out == run("counts", "vgg16", "thop").out


def test_mistakes_are_told_where_the_network_has_such_layers() -> None:
    mistake = "Reproduced: a transposed convolution counts at every place of its output"
    assert mistake not in run("counts", "vgg16").out
    assert mistake in run("counts", "upconv 4 3x3 *2", "--input", "8x8x3", "--width", "0").out


def test_rules_are_the_whole_manual() -> None:
    words = " ".join(run("counts", "lenet5", "--rules").out.split())
    for convention in CONVENTIONS.values():
        for paragraph in convention.manual:
            assert paragraph in words


def test_json() -> None:
    found = json.loads(run("counts", "resnet50_v1_5", "--format", "json").out)
    assert {each["counting"]: each["figure"] for each in found["counts"]}["calflops"] == 8_211_108_352
    assert [each["counting"] for each in found["counts"]] == list(CONVENTIONS)
    for each in found["counts"]:
        assert sum(each["causes"].values()) == (each["figure"] or 0)
    assert {each["counting"]: (each["figure"], each["params"]) for each in found["counts"]}["keras"] == (None, 25_610_152)
    between = json.loads(run("counts", "resnet50_v1_5", "--between", "thop", "torchinfo", "--format", "json").out)["between"]
    assert between["difference"] == sum(between["causes"].values()) == 44_504_216


def test_symbols() -> None:
    done = run("counts", "conv 8 3x3, bn", "--input", "HxWx3", "thop")
    assert done.code == 0
    assert "For every whole H, W ≥ 3." in done.out
    between = run("counts", "conv 8 3x3, bn", "--input", "HxWx3", "--between", "thop", "macs", "--format", "csv")
    assert between.out.splitlines()[0] == "cause,difference"
    assert json.loads(run("counts", "conv 8 3x3", "--input", "HxWx3", "macs", "--format", "json").out)["conditions"]


@pytest.mark.parametrize("form", ["table", "plain", "json", "csv", "markdown", "latex", "html"])
@pytest.mark.parametrize("more", [[], ["--between", "full", "torch"], ["--rules"], ["--between", "keras", "torch"]])
def test_every_format(form: str, more: list[str]) -> None:
    done = run("counts", "alexnet", "--format", form, *more)
    assert (done.code, done.err) == (0, "")
    assert done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["vgg16", "thopp"], "did you mean 'thop'?"),
        (["vgg16", "--between", "thop", "torchinf"], "did you mean 'torchinfo'?"),
        (["vgg16", "--between", "thop"], "requires 2 arguments"),
        (["vgg161"], "did you mean 'vgg16'?"),
    ],
)
def test_mistakes_of_the_user(arguments: list[str], message: str) -> None:
    done = run("counts", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_narrow_page_keeps_the_macs_and_first_drops_what_is_nearly_all_zeros() -> None:
    heading = run("counts", "resnet50", "--width", "60").out.splitlines()[4]
    assert heading.split() == ["counting", "value", "params", "MACs"]
    assert run("counts", "resnet50", "--width", "45").out.splitlines()[4].split()[-1] == "MACs"
    kept = run("counts", "resnet50", "--width", "95").out
    assert "Hidden at this width: activations, element-wise additions and products, biases" in " ".join(kept.split())
    assert "batch norm    pooling" in kept
