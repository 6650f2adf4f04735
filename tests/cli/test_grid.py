"""cnncalc fit and cnncalc sweep: tables, machine formats and Ctrl-C."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from cnncalc.explore import vary
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PHI = ["--vary", "phi=0:4", "--set", "width=1.1^phi depth=1.2^phi resolution=round(224*1.15^phi)"]
CASES = {
    "fit_resolution": (["fit", "mobilenet_v2", "--vary", "resolution=96:320:32", "--max", "macs=300M"], 0),
    "fit_phi": (["fit", "efficientnet_b0", *PHI, "--max", "macs=2G", "--max", "params=10M"], 0),
    "fit_two": (
        [
            "fit",
            "mobilenet_v2",
            "--vary",
            "width=0.5:1.5:0.5",
            "--vary",
            "resolution=128:224:32",
            "--max",
            "macs=300M",
            "--max",
            "peak=20MiB",
        ],
        0,
    ),
    "fit_nothing": (["fit", "vgg16", "--vary", "resolution=16:64:16", "--max", "macs=100M"], 1),
    "fit_many": (["fit", "lenet5", "--vary", "batch=1:200", "--max", "training=2MB"], 0),
    "sweep": (["sweep", "mobilenet_v2", "--vary", "width=0.5:1:0.5", "--vary", "resolution=128:224:32", "--columns", "+peak,+training"], 0),
    "sweep_symbols": (["sweep", "lenet5_modern", "--vary", "classes=10,100", "--batch", "N"], 0),
    "sweep_errors": (["sweep", "vgg16", "--vary", "resolution=16:48:16"], 0),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown(name: str, golden: Callable[[str, str], None]) -> None:
    words, code = CASES[name]
    done = run(*words)
    assert (done.code, done.err) == (code, "")
    golden(f"{name}.txt", done.out)


def test_fit_for_programs() -> None:
    words, _ = CASES["fit_two"]
    found = json.loads(run(*words, "--format", "json").out)
    assert found["vary"] == {"width": [0.5, 1, 1.5], "resolution": [128, 160, 192, 224]}
    assert found["max"] == {"macs": 300_000_000, "peak": 20 * 2**20}
    for each in found["settings"]:
        assert each["fits"] == (each["macs"] <= 300_000_000 and each["peak"] <= 20 * 2**20)
    assert found["answer"]["set"] in found["largest"]
    assert found["nearest"] is None
    rows = list(csv.DictReader(run(*words, "--format", "csv").out.splitlines()))
    assert [int(row["macs"]) for row in rows] == [each["macs"] for each in found["settings"]]
    assert [row["fits"] == "true" for row in rows] == [each["fits"] for each in found["settings"]]
    assert [row["width"] for row in rows if row["answer"] == "true"] == [str(found["answer"]["set"]["width"])]
    nothing = json.loads(run(*CASES["fit_nothing"][0], "--format", "json").out)
    assert (nothing["answer"], nothing["nearest"]["set"]) == (None, {"resolution": 32})
    assert "error" in nothing["settings"][0]


def test_in_json_numbers_are_numbers_and_other_values_are_as_they_were_given() -> None:
    found = json.loads(run("sweep", "lenet5", "--vary", "dtype=int8,float16", "--vary", "batch=0.5,2,1/3", "--format", "json").out)
    assert found["vary"] == {"dtype": ["int8", "float16"], "batch": [0.5, 2, "1/3"]}
    assert [each["set"]["batch"] for each in found["settings"] if "error" not in each] == [2, 2]


def test_memory_is_told_in_the_units_of_the_budget() -> None:
    for unit, other in (("MB", "MiB"), ("MiB", "MB")):
        done = run("fit", "vgg16", "--vary", "resolution=64,96", "--max", f"peak=300{unit}")
        assert f" {unit}" in done.out
        assert f" {other}" not in done.out
    assert run("fit", "lenet5", "--vary", "batch=1", "--max", "peak=3MiB", "--format", "csv").code == 0


def test_a_misspelt_metric_of_a_budget_is_pointed_at() -> None:
    done = run("fit", "lenet5", "--vary", "batch=1", "--max", "memry=3MB")
    assert done.err == "Error: --max: no metric 'memry'\n  memry=3MB\n  ^^^^^\n  did you mean 'memory'?\n"


def test_csv_has_every_setting() -> None:
    words, _ = CASES["fit_many"]
    assert len(run(*words, "--format", "csv").out.splitlines()) == 201
    assert len(json.loads(run(*words, "--format", "json").out)["settings"]) == 200


@pytest.mark.parametrize("form", ["plain", "markdown", "latex", "html"])
@pytest.mark.parametrize("name", ["fit_nothing", "sweep", "sweep_symbols"])
def test_every_format(name: str, form: str) -> None:
    words, code = CASES[name]
    done = run(*words, "--format", form)
    assert done.code == code
    assert "MACs" in done.out


def interrupted(after: int) -> Callable[..., Iterator[Any]]:
    grid = vary.grid

    def stopping(*words: Any) -> Iterator[Any]:
        for i, point in enumerate(grid(*words)):
            if i == after:
                raise KeyboardInterrupt
            yield point

    return stopping


def test_ctrl_c_keeps_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.explore.sweep.grid", interrupted(3))
    words, _ = CASES["sweep"]
    done = run(*words)
    assert done.code == 130
    assert done.err == "Stopped: 3 of 8 settings were computed.\n"
    assert done.out.count("MB") == 9
    found = json.loads(run(*words, "--format", "json").out)
    assert len(found["settings"]) == 3
    assert found["stopped"] == {"computed": 3, "of": 8}


def test_ctrl_c_leaves_a_search_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.explore.sweep.grid", interrupted(2))
    done = run(*CASES["fit_resolution"][0])
    assert (done.code, done.out) == (130, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fit", "vgg16", "--vary", "resolution=32", "--max", "mac=1G"], "did you mean 'macs'?"),
        (["fit", "vgg16", "--vary", "widht=1,2", "--max", "macs=1G"], "no param 'widht'"),
        (["fit", "vgg16", "--vary", "resolution=32", "--max", "memory=1G"], "1GB means multiples of 1000"),
        (["fit", "vgg16", "--vary", "resolution=HxW", "--max", "macs=1G"], "--vary input=HxWx3"),
        (["fit", "vgg16", "--max", "macs=1G"], "--vary"),
        (["sweep", "vgg16", "--vary", "resolution=8,16"], "pool"),
        (["sweep", "vgg16", "--vary", "resolution=64", "--columns", "speed"], "no metric 'speed'"),
    ],
)
def test_mistakes(words: list[str], message: str) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
