"""cnncalc diagram: formats, files and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


STARTS = {"svg": "<svg ", "mmd": "---\ntitle: ", "mermaid": "---\n", "md": "```mermaid\n---\n", "dot": "digraph ", "gv": "digraph "}


@pytest.mark.parametrize("suffix", STARTS)
def test_the_suffix_says_the_format(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"net.{suffix}"
    assert run("diagram", "lenet5", "-o", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8").startswith(STARTS[suffix])
    assert run("diagram", "lenet5", "-o", str(tmp_path / f"NET.{suffix.upper()}")).code == 0


def test_without_a_file_it_is_mermaid_unless_asked_otherwise(tmp_path: Path) -> None:
    done = run("diagram", "lenet5")
    assert done.out.startswith("---\n")
    assert run("diagram", "lenet5", "-o", "-") == done
    assert run("diagram", "lenet5", "--format", "svg").out.startswith("<svg ")
    assert run("diagram", "lenet5", "--format", "dot").out.startswith("digraph ")
    assert run("diagram", "lenet5", "--format", "dot", "-o", str(tmp_path / "net.txt")).code == 0


@pytest.mark.parametrize("name", ["net.txt", "net", "net.json", "net.png", "net.pdf"])
def test_another_suffix_is_answered_with_those_that_there_are(name: str, tmp_path: Path) -> None:
    done = run("diagram", "lenet5", "-o", str(tmp_path / name))
    assert (done.code, done.out) == (2, "")
    assert "ends in .svg, .mmd, .mermaid, .md, .dot, .gv, or set --format" in done.err
    assert ("rsvg-convert" in done.err) == name.endswith(("png", "pdf"))
    assert not (tmp_path / name).exists()


def test_another_format_is_answered_with_those_that_there_are() -> None:
    done = run("diagram", "lenet5", "--format", "png")
    assert (done.code, done.out) == (2, "")
    assert "known: svg, mermaid, markdown, dot" in done.err


def test_the_file_that_was_read_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "net.dot"
    path.write_text("input: 9x9x3\nlayers: [relu]\n")
    done = run("diagram", str(path), "-o", str(path))
    assert done.code == 2
    assert "it is not overwritten" in done.err


def test_options_of_networks_are_those_of_other_commands() -> None:
    done = run("diagram", "alexnet", "--input", "HxWx3", "--set", "classes=10", "--but", "CONV1.kernel=7")
    assert "H×W×3" in done.out
    assert "conv 96 7×7 /4" in done.out
    assert "fc 10" in done.out
    assert run("diagram", "conv 8 3x3, relu", "--input", "9x9x3").out.count("-->") == 1


def test_folding_figures_title_and_details() -> None:
    assert run("diagram", "resnet18").out.count("-->") == 15
    assert run("diagram", "resnet18", "--no-details").out.count("-->") == 11
    opened = run("diagram", "resnet18", "--fold", "none")
    assert opened.out.count("subgraph") == 8
    assert "conv2_x" in run("diagram", "resnet18", "--fold", "1").out
    shown = run("diagram", "alexnet", "--show", "params,macs", "--units", "exact", "--title", "Mine").out
    assert "params 34,944<br>MACs 105,415,200" in shown
    assert 'title: "Mine"' in shown
    assert "title" not in run("diagram", "alexnet", "--title", "").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nonet"], "no network 'nonet'"),
        (["lenet5", "--show", "parms"], "did you mean 'params'?"),
        (["lenet5", "--fold", "0"], "expected a number from 1 up, or none"),
    ],
)
def test_mistakes(args: list[str], said: str) -> None:
    done = run("diagram", *args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_what_mermaid_will_not_draw_is_told_beside() -> None:
    done = run("diagram", "resnet1202_cifar", "--fold", "none")
    assert done.code == 0
    assert done.err == (
        "Mermaid draws at most 500 lines unless maxEdges is raised; this diagram has "
        f"{done.out.count('-->'):,}. --fold 1 folds blocks, --no-details omits them.\n"
    )
    assert run("diagram", "resnet1202_cifar", "--fold", "none", "--format", "dot").err == ""


def test_a_picture_that_is_too_tangled_is_refused() -> None:
    count = 260
    names = ", ".join(f"c{i + 1}" for i in range(count))
    spec = f"input: 8x8x4\nlayers: [{{conv: 4, repeat: {count}, name: 'c{{i}}'}}, {{mean: , from: [{names}]}}]"
    done = run("diagram", "-", "--fold", "none", "--format", "svg", input=spec)
    assert (done.code, done.out) == (2, "")
    assert "lines pass more than 30,000 boxes in total" in done.err
    assert run("diagram", "-", "--fold", "none", "--format", "dot", input=spec).code == 0
