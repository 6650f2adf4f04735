from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.run import complete, run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_number_and_its_cause() -> None:
    done = run("reconcile", "resnet50_v1_5", "4.13G", "macs", "--width", "0")
    assert (done.code, done.err) == (0, "")
    assert "4,133,742,592: thop counts 4 operations for each batch-norm output and average pooling." in done.out
    assert "+44,558,336" in done.out


def test_its_json() -> None:
    done = run("reconcile", "resnet50_v1_5", "4.13G", "macs", "--format", "json")
    found = json.loads(done.out)
    assert [found[key] for key in ("network", "number", "quantity", "computed")] == ["resnet50_v1_5", "4.13G", "macs", 4_089_184_256]
    first = found["causes"][0]
    assert [first[key] for key in ("cause", "value", "gives")] == ["counting", "thop", 4_133_742_592]
    assert first["parts"] == [{"what": "batch norm", "adds": 44_455_936}, {"what": "pooling", "adds": 102_400}]
    pair = json.loads(run("reconcile", "resnet50_v1_5", "25,636,712", "--format", "json").out)["causes"][0]
    assert (pair["cause"], pair["and"]) == ("buffers", [{"cause": "bias", "value": "with"}])
    own = json.loads(run("reconcile", "vgg16", "15.5G", "macs", "--format", "json").out)["causes"][0]
    assert (own["cause"], own["value"]) == ("counting", "macs")


def test_a_quantity_is_asked_for_where_it_would_help() -> None:
    done = run("reconcile", "resnet50_v1_5", "23.5M")
    assert done.code == 1
    assert "A quantity narrows the search and names more causes: 23.5M params." in done.out
    assert run("reconcile", "resnet50_v1_5", "23.5M", "params").code == 0


def test_no_cause() -> None:
    done = run("reconcile", "resnet50_v1_5", "4.7G")
    assert done.code == 1
    assert "No known cause gives 4.7G; here 4,089,184,256 MACs." in done.out
    assert "At 232×232 there are" in done.out
    assert json.loads(run("reconcile", "resnet50_v1_5", "4.7G", "--format", "json").out)["hint"].startswith("At 232×232")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["resnet50_v1_5", "four", "macs"], "NUMBER: expected a number, not 'four'"),
        (["resnet50_v1_6", "4G"], "no network 'resnet50_v1_6'"),
        (["resnet50_v1_5", "4G", "prams"], "did you mean 'params'?"),
        (["resnet50_v1_5"], "name a network and a number"),
        (["resnet50_v1_5", "--from", "paper.csv"], "leave out NETWORK and NUMBER"),
        (["--from", "nowhere.csv"], "nowhere.csv: no such file"),
    ],
)
def test_mistakes(words: list[str], error: str) -> None:
    done = run("reconcile", *words)
    assert done.code == 2
    assert error in done.err


def test_a_table_of_numbers(tmp_path: Path) -> None:
    table = tmp_path / "paper.csv"
    table.write_text('resnet50_v1_5,macs,4.13G\nvgg16,,138M\n\nresnet50_v1_5,params,"25,636,712"\n', encoding="utf-8")
    done = run("reconcile", "--from", str(table), "--format", "csv")
    assert done.code == 0
    rows = [line.split(",")[:3] for line in done.out.splitlines()]
    assert rows == [["network", "quantity", "number"], ["resnet50_v1_5", "macs", "4.13G"], ["vgg16", "params", "138M"], rows[3]]
    table.write_text("Number;Network\n4.13 GMACs;resnet50_v1_5\n4.7G;resnet50_v1_5\n", encoding="utf-8")
    done = run("reconcile", "--from", str(table))
    assert done.code == 1
    assert "1 of 2 numbers have a cause." in done.out
    figures = json.loads(run("reconcile", "--from", str(table), "--format", "json").out)["figures"]
    assert [each["number"] for each in figures] == ["4.13 G", "4.7G"]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("vgg16,macs,x\nvgg17,macs,3G\n", ["paper.csv:1:1: expected a number, not 'x'", "paper.csv:2:1: no network 'vgg17'"]),
        ("../x.yaml,macs,3G\n", ["paper.csv:1:1: ../x.yaml"]),
        (f"vgg16,macs,{'3' * 200_000}\n", ["paper.csv:1:1: not a row of CSV"]),
        ("vgg16,macs\n", ["paper.csv:1:1: a row has a network, a quantity and a number"]),
        ("model,number\n", ["paper.csv:1:1: no column 'network'"]),
        ("network,number\n", ["paper.csv: no numbers"]),
        ("", ["paper.csv: no numbers"]),
    ],
)
def test_a_table_with_mistakes(tmp_path: Path, text: str, errors: list[str]) -> None:
    table = tmp_path / "paper.csv"
    table.write_text(text, encoding="utf-8")
    done = run("reconcile", "--from", str(table))
    assert done.code == 2
    for error in errors:
        assert error in done.err
    table.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in run("reconcile", "--from", str(table)).err


def test_quantities_are_completed() -> None:
    assert set(complete("reconcile vgg16 15.5G m")) == {"macs", "memory"}


def test_checking_and_comparing_name_causes(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("questions: [{network: resnet50_v1_5, macs: 4.13G}, {network: resnet50_v1_5, params: 23.5M}]", encoding="utf-8")
    checked = " ".join(run("check", str(sheet)).out.split())
    assert "4.13G: thop counts 4 operations for each batch-norm output and average pooling" in checked
    assert "23.5M: parameters without the classifier (fc)" in checked
    compared = run("compare", "hrnet_w18", "resnet50", "--width", "0").out
    assert "hrnet_w18: 3.99G MACs are published; 4,283,537,072: MACs in units of 2^30." in compared
    assert "units of 2^30" not in run("compare", "hrnet_w18", "resnet50", "--batch", "2").out


def test_show_prints_a_cause_that_the_file_states() -> None:
    assert "341k MACs (here 326,520; 340,908 as connections counts)" in run("show", "lenet5", "--width", "0").out
    assert "88.9M parameters (here 88,753,150; 88,949,818 as keras counts)" in run("show", "nasnet_a_large", "--width", "0").out
