"""What the README shows is what the commands print: every console block is run. `pytest --accept` writes the blocks anew."""

from __future__ import annotations

import os
import re
import shlex
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

import cnncalc
from cnncalc.cli.main import cli

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(\$ .*?)\n((?:.*\n)*?)```$", re.MULTILINE)
WIDTH = "98"  # of the terminal that the README shows
SKIPPED = "…"  # a line in the README that stands for lines left out


def printed(command: str) -> list[str]:
    written = shlex.split(command.removeprefix("$ "), comments=True)
    assert written.pop(0) == "cnncalc", command
    words = [word for each in written for word in (sorted(path.replace(os.sep, "/") for path in glob(each)) if "*" in each else [each])]
    result = CliRunner().invoke(cli, [*words, "--width", WIDTH], catch_exceptions=False)
    return [line.rstrip() for line in result.output.splitlines()]


def shortened(shown: list[str], output: list[str]) -> list[str]:
    """The output, with the lines left out that a block leaves out: between the line before its ellipsis and the one behind it."""
    if SKIPPED not in shown:
        return output
    at = shown.index(SKIPPED)
    behind = len(shown) - at - 1
    return [*output[:at], SKIPPED, *(output[len(output) - behind :] if behind else [])]


def test_the_readme_shows_what_commands_print(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = README.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) >= 5
    fresh = text
    for block in blocks:
        shown = block.group(2).splitlines()
        now = shortened(shown, printed(block.group(1)))
        if pytestconfig.getoption("--accept", default=False):
            fresh = fresh.replace(block.group(0), "\n".join(["```console", block.group(1), *now, "```"]))
        else:
            assert shown == now, block.group(1)
    if fresh != text:
        README.write_text(fresh, encoding="utf-8")


def test_the_readme_counts_the_catalogue() -> None:
    assert f"{len(cnncalc.names())} networks from LeNet-5 to MobileNetV4" in README.read_text(encoding="utf-8")


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    command = text.partition("<!-- test -->")[2].partition("<!-- end -->")[0]
    assert "pytest" in command
    assert "<!-- test -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_gate_takes_the_lowest_versions_that_are_allowed() -> None:
    project, lowest = ((ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", ".ci/lowest.txt"))
    allowed = re.findall(r'"([\w-]+)>=([\d.]+)', project[project.index("dependencies =") : project.index("dev =")])
    assert re.findall(r"^([\w-]+)==(.+)$", lowest, re.MULTILINE) == allowed
