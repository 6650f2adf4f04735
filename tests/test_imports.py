"""Data walks the floors of the house in one direction, and nothing is loaded that is not needed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cnncalc"
FLOORS = (
    "collector", "breadth", "errors", "limits", "figures", "dims", "layers", "spec", "graph", "propagate", "analysis", "answers", "explore",
    "output", "cli", "__main__",
)  # fmt: skip
OUTSIDE = {"yaml": ("spec/reader.py", "spec/syntax.py"), "rich": ("output/",), "click": ("cli/",)}
EXCEPTIONS = {("propagate/report.py", "output")}  # a notebook asks the report itself how it looks


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it, also for its types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports by the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(name: str) -> str:
    """The floor that a module of this package stands on; nothing for the package itself."""
    parts = name.split(".")
    return parts[1] if parts[0] == "cnncalc" and len(parts) > 1 and parts[1] in FLOORS else ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_floor_imports_only_from_floors_below_it(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    own = place.partition("/")[0].removesuffix(".py")
    assert own in FLOORS
    for name in imports(path):
        there = floor(name)
        if there and there != own and (place, there) not in EXCEPTIONS:
            assert FLOORS.index(there) < FLOORS.index(own), f"{place} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_comes_from_outside_comes_in_by_one_door(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        doors = OUTSIDE.get(name.partition(".")[0])
        assert doors is None or place.startswith(doors), f"{place} imports {name}"
        assert name.partition(".")[0] in {*sys.stdlib_module_names, "cnncalc", *OUTSIDE}, f"{place} imports {name}"


@cache
def clicks_own() -> frozenset[str]:
    """What click brings along: subprocess, with Python 3.10."""
    done = subprocess.run([sys.executable, "-c", "import click, sys; print(*sys.modules)"], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


def loaded(*args: str) -> set[str]:
    """The modules that a command has loaded when it ends, but for those of click."""
    code = "import sys\nfrom cnncalc.cli.main import cli\ntry: cli(sys.argv[1:], 'cnncalc')\nfinally: print(*sys.modules, file=sys.stderr)"
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it loads modules of its own
    done = subprocess.run([sys.executable, "-c", code, *args], cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split()) - clicks_own()


SLOW = {"asyncio", "csv", "dataclasses", "html", "http", "importlib.metadata", "logging", "pydoc", "rich", "subprocess", "tempfile", "xml"}


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (["--help"], {"yaml", "rich", "json", "cnncalc.layers", "cnncalc.spec", "cnncalc.output", "cnncalc.analysis"}),
        (["--version"], {"yaml", "rich", "json", "cnncalc.layers", "cnncalc.spec", "cnncalc.output", "cnncalc.analysis"}),
        (["show", "--help"], {"yaml", "rich", "json", "cnncalc.layers", "cnncalc.spec", "cnncalc.analysis"}),
        (["show", "vgg16"], {"rich", "json", "difflib", "textwrap", "shutil"}),
        (["show", "vgg16", "--format", "json"], {"rich", "cnncalc.output.tables", "cnncalc.output.columns"}),
        (["show", "vgg16", "--format", "csv"], {"rich", "json", "cnncalc.output.tables"}),
        (["show", "vgg16", "--format", "markdown"], {"rich", "json", "cnncalc.output.tables"}),
        (["show", "vgg16", "--format", "latex"], {"rich", "json", "cnncalc.output.tables"}),
        (["show", "vgg16", "--format", "html"], {"rich", "json", "cnncalc.output.tables"}),
        (["chart", "vgg16"], {"rich", "json"}),
        (["chart", "vgg16", "--format", "svg"], {"rich", "json", "cnncalc.output.tables"}),
        (["chart", "vgg16", "resnet50", "--format", "svg"], {"rich", "json", "cnncalc.output.tables"}),
        (["diagram", "vgg16", "--format", "svg"], {"rich", "json", "cnncalc.output.tables", "cnncalc.output.diagrams.mermaid"}),
        (["diagram", "vgg16"], {"rich", "cnncalc.output.tables", "cnncalc.output.diagrams.picture"}),
        (["list"], {"rich", "json", "cnncalc.graph", "cnncalc.propagate.propagate"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_what_it_needs(args: list[str], unwanted: set[str]) -> None:
    found = loaded(*args)
    assert not found & unwanted
    assert not found & SLOW


def test_importing_cnncalc_costs_nothing_that_is_not_used() -> None:
    code = "import sys; before = set(sys.modules); import cnncalc; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert {name for name in found if name.startswith("cnncalc")} == {"cnncalc"}
    assert not found & {"click", "yaml", "json", *SLOW}
