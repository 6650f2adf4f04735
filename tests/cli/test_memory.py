"""cnncalc memory: tables, machine formats and exit codes."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = {
    "memory_resnet50": ["resnet50"],
    "memory_resnet50-80": ["resnet50", "--width", "80"],
    "memory_alexnet_within": ["alexnet_two_gpu", "--batch", "128", "--within", "3GB"],
    "memory_lenet5_steps": ["lenet5", "--steps"],
    "memory_xception_best_mixed": ["xception", "--best-order", "--mixed", "--optimizer", "adam", "--units", "binary"],
    "memory_symbol": ["lenet5_modern", "--batch", "N", "--no-reuse", "--no-in-place"],
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown(name: str, golden: Callable[[str, str], None]) -> None:
    done = run("memory", *CASES[name])
    assert (done.code, done.err) == (0, "")
    golden(f"{name}.txt", done.out)


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "lenet5", "efficientnet_b0"])
def test_parts_add_up(name: str) -> None:
    found = json.loads(run("memory", name, "--batch", "3", "--format", "json", "--within", "4GiB").out)
    for part in ("in_use", "training"):
        assert sum(each["bytes"] for each in found[part]["parts"]) == found[part]["bytes"]
    peak = next(each["bytes"] for each in found["in_use"]["parts"] if each["name"] == "activations")
    assert peak == sum(each["bytes"] for each in found["in_use"]["held"]) == max(each["bytes"] for each in found["in_use"]["steps"])
    assert found["within"]["bytes"] == 4 * 2**30
    rows = list(csv.DictReader(run("memory", name, "--batch", "3", "--format", "csv").out.splitlines()))
    for part in ("in_use", "training"):
        assert sum(int(row["memory"]) for row in rows if row["when"] == part) == found[part]["bytes"]


def test_a_batch_fits_or_does_not() -> None:
    found = json.loads(run("memory", "alexnet", "--format", "json", "--within", "1GB").out)
    most = found["within"]["batch"]
    assert most["without_reuse"] < most["training"] < most["in_use"]
    for batch, code in ((most["training"], 0), (most["training"] + 1, 1)):
        done = run("memory", "alexnet", "--within", "1GB", "--batch", str(batch))
        assert done.code == code
        assert ("it fits" if code == 0 else "it exceeds the limit") in done.out
    assert run("memory", "alexnet", "--within", "1GB", "--batch", str(most["in_use"]), "--no-training").code == 0
    assert run("memory", "vgg16", "--within", "100MB").code == 1


def test_memory_is_told_in_the_units_of_the_budget() -> None:
    for unit, other in ((" GB", " GiB"), (" GiB", " GB")):
        done = run("memory", "vgg16", "--within", f"20{unit}", "--batch", "64")
        assert unit in done.out
        assert other not in done.out


def in_use(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("memory", *words, "--format", "json").out)["in_use"]
    return {**found, "activations": next(each["bytes"] for each in found["parts"] if each["name"] == "activations")}


def test_the_best_order_stands_beside_the_one_of_the_file() -> None:
    file, best = in_use("nasnet_a_mobile"), in_use("nasnet_a_mobile", "--best-order")
    assert best["order"] == {"file_bytes": file["activations"], "least_bytes": best["activations"], "exact": True}
    assert best["activations"] < file["activations"]
    assert "order" not in file
    assert "No other order of the layers needs less." in run("memory", "lenet5", "--best-order").out  # a row of layers has one


@pytest.mark.parametrize(
    ("name", "said"),
    [("lenet5", "No order that needs less was found; no order"), ("nasnet_a_mobile", "the best order of the layers found; no order")],
)
def test_of_a_search_that_gives_up_it_is_said(name: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.study.memory.ordering.SETS", 0)
    assert f"{said} needs less than" in " ".join(run("memory", name, "--best-order").out.split())
    assert in_use(name, "--best-order")["order"]["exact"] is False


def test_training_is_left_out_everywhere() -> None:
    words = ["memory", "lenet5", "--no-training", "--within", "1MB"]
    assert "training" not in run(*words).out.lower()
    found = json.loads(run(*words, "--format", "json").out)
    assert "training" not in found
    assert found["within"]["batch"].keys() == {"in_use"}
    assert {row["when"] for row in csv.DictReader(run(*words, "--format", "csv").out.splitlines())} == {"in_use"}


def test_whether_a_batch_that_is_a_symbol_fits_is_not_said() -> None:
    done = run("memory", "lenet5_modern", "--batch", "N", "--within", "1GB")
    assert done.code == 0
    assert "at most" in done.out
    assert "it fits" not in done.out


@pytest.mark.parametrize("form", ["plain", "markdown", "latex", "html"])
def test_every_format_tells_the_total(form: str) -> None:
    done = run("memory", "lenet5", "--format", form)
    assert done.code == 0
    assert "total" in done.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vgg16", "--within", "3G"], "3GB means multiples of 1000, 3GiB of 1024"),
        (["vgg16", "--within", "much"], "not an amount of memory"),
        (["vgg16", "--optimizer", "adamm"], "did you mean 'adam'?"),
        (["vgg16", "--dtype", "int8"], "--no-training"),
        (["vgg16", "--mixed", "--dtype", "float64"], "float16 or bfloat16"),
        (["vgg16", "--input", "HxWx3"], "depends on symbols"),
    ],
)
def test_mistakes(words: list[str], message: str) -> None:
    done = run("memory", *words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
