from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


# list


def test_list_finds_by_words_and_years() -> None:
    done = run("list", "vgg", "batch")
    assert done.code == 0
    assert "vgg16_bn" in done.out
    assert "resnet50" not in done.out
    found = json.loads(run("list", "--year", "1990-1999", "--format", "json").out)["networks"]
    assert {network["name"] for network in found} >= {"lenet5"}
    assert all(network["year"] == 1998 for network in found)
    assert run("list", "--year", "1998").out.count("lenet") >= 1


def test_list_with_figures() -> None:
    (vgg16,) = [row for row in json.loads(run("list", "vgg16", "--figures", "--format", "json").out)["networks"] if row["name"] == "vgg16"]
    assert (vgg16["params"], vgg16["macs"]) == (138357544, 15470264320)


def test_list_says_no_where_nothing_fits() -> None:
    assert run("list", "no such network") == (1, "", "no network matches; cnncalc list shows the whole catalogue\n")


@pytest.mark.parametrize(
    ("words", "hint"),
    [(("resnt",), "'resnet'"), (("vgg", "bacth"), ""), (("vgg", "efficentnet"), "'efficientnet'"), (("mobilnet_v2",), "'mobilenet_v2'")],
)
def test_list_suggests(words: tuple[str, ...], hint: str) -> None:
    done = run("list", *words)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(f"did you mean {hint}?\n" if hint else "shows the whole catalogue\n")


@pytest.mark.parametrize(
    ("years", "first", "last"), [("2014-2015", 2014, 2015), ("2015", 2015, 2015), ("2018-", 2018, 9999), ("-2013", 0, 2013)]
)
def test_list_knows_years(years: str, first: int, last: int) -> None:
    found = json.loads(run("list", "--year", years, "--format", "json").out)["networks"]
    known = json.loads(run("list", "--format", "json").out)["networks"]
    assert found == [network for network in known if network["year"] is not None and first <= network["year"] <= last]
    assert found


@pytest.mark.parametrize("years", ["15", "2015-17", "year", "-", "2015-2016-", "²015"])
def test_list_takes_years(years: str) -> None:
    done = run("list", f"--year={years}")
    assert done.code == 2
    assert "expected 2015, 2012-2014, 2015- or -2014, not " in done.err


# validate


def test_validate_reports_every_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("input: 9x9x3\nlayers: [relu]\n")
    bad.write_text("input: 9x9x3\nlayers: [rellu, {conv: 0}]\n")
    assert run("validate", str(good)) == (0, f"{good}: ok (a network)\n", "")
    done = run("validate", str(good), str(bad))
    assert (done.code, done.out) == (1, f"{good}: ok (a network)\n")
    assert f"{bad}:2:10: unknown kind or block 'rellu'" in done.err
    assert done.err.endswith("2 problems\n")
    done = run("validate", str(bad), str(tmp_path / "none.yaml"), str(good))
    assert done.code == 2
    assert "none.yaml: no such file" in done.err
    assert run("validate").code == 2


# layers, schema, new


def test_layers() -> None:
    assert "slides `filters` kernels over the input" in run("layers").out
    assert "kernel" in run("layers", "conv").out
    done = run("layers", "convv")
    assert (done.code, done.out) == (2, "")
    assert "did you mean 'conv'?" in done.err
    assert run("layers", "qqq").err.startswith("Error: no kind of layer 'qqq'\n  known: conv, ")
    assert json.loads(run("layers", "conv", "--format", "json").out)["kinds"][0]["kind"] == "conv"
    assert run("layers", "--format", "csv").out.startswith("kind,does,fields\n")


def test_schema(tmp_path: Path) -> None:
    network, report = json.loads(run("schema").out), json.loads(run("schema", "--report").out)
    assert "conv_step" in network["$defs"]
    assert "total" in report["properties"]
    assert run("schema", "-o", str(tmp_path / "schema.json")).code == 0
    assert json.loads((tmp_path / "schema.json").read_text()) == network


def test_new_writes_a_network_that_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("new", "my-net")
    assert (done.code, done.out) == (0, "")
    assert done.err == "my-net.yaml is written. Edit it, then: cnncalc show my-net.yaml\n"
    shown = run("show", "my-net.yaml")
    assert shown.out.startswith("my net\n")
    assert "add1/residual/conv_bn1/conv" in shown.out
    assert run("validate", "my-net.yaml").code == 0
    again = run("new", "my-net.yaml")
    assert again.code == 2
    assert "already exists; it is not overwritten" in again.err
    assert run("new", "other", "-o", "-").out.startswith("# A network for cnncalc.  cnncalc show other.yaml")
    assert run("new", "other.yml", "-o", "here.yaml").code == 0
    assert (tmp_path / "here.yaml").exists()


@pytest.mark.parametrize("name", ["../evil", "a b", "", "a:b", ".yaml", "{x}"])
def test_new_takes_names(name: str) -> None:
    assert run("new", name, "-o", "-").code == 2
