"""Data walks the floors of the house in one direction, and nothing is loaded that is not needed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cnncalc"
FLOORS = (
    "version", "collector", "text", "errors", "choice", "printed_number", "limits", "dims", "layers", "importers", "spec", "graph",
    "propagate", "analysis", "study", "explore", "answers", "validation", "drawing", "output/forms", "output/words", "output/sheets",
    "output/charts", "output/diagrams", "output/worksheets", "output", "cli", "__main__",
)  # fmt: skip
CIRCULAR = {"dims"}  # what < and // mean on formulas is one subject in several files
OUTSIDE = {"yaml": ("spec/reader.py", "spec/syntax.py"), "rich": ("output/", "cli/progress.py"), "click": ("cli/",)}


def modules() -> dict[str, Path]:
    """Every module of the package by its full name, packages by their folder's."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imports(path: Path) -> Iterator[str]:
    """Every name that a file imports, wherever in it, also for its types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(module: str) -> str:
    """The floor that a module of this package stands on: the longest entry that begins its path."""
    place = "/".join(module.split(".")[1:]) + "/"
    return max((each for each in FLOORS if place.startswith(each + "/")), key=len, default="")


def test_a_floor_imports_only_from_floors_below_it_and_without_circles() -> None:
    known = modules()
    within: dict[str, set[str]] = {}
    for module, path in known.items():
        place = path.relative_to(PACKAGE).as_posix()
        own = floor(module)
        assert own, f"{place} stands on no floor"
        targets = {name if name in known else name.rpartition(".")[0] for name in imports(path)} & known.keys()
        for target in targets:
            there = floor(target)
            if there != own:
                assert FLOORS.index(there) < FLOORS.index(own), f"{place} imports {target}"
        within[module] = {target for target in targets if floor(target) == own and own not in CIRCULAR}
    try:
        tuple(TopologicalSorter(within).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_other_packages_are_imported_in_one_place() -> None:
    for path in modules().values():
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
        (["show", "vgg16"], {"rich", "json", "difflib", "textwrap", "shutil", "locale", "cnncalc.output.forms.formats"}),
        (
            ["show", "resnet18"],
            {"fractions", "cnncalc.printed_number", "cnncalc.dims.traced", "cnncalc.propagate.receptive_field", "cnncalc.spec.libraries"},
        ),
        (["show", "vgg16", "--format", "json"], {"rich", "cnncalc.output.forms.tables", "cnncalc.output.sheets.columns"}),
        (["show", "vgg16", "--format", "csv"], {"rich", "json", "cnncalc.output.forms.tables"}),
        (["show", "vgg16", "--format", "markdown"], {"rich", "json", "cnncalc.output.forms.tables"}),
        (["show", "vgg16", "--format", "latex"], {"rich", "json", "cnncalc.output.forms.tables"}),
        (["show", "vgg16", "--format", "html"], {"rich", "json", "cnncalc.output.forms.tables"}),
        (["chart", "vgg16"], {"rich", "json"}),
        (["chart", "vgg16", "--format", "svg"], {"rich", "json", "cnncalc.output.forms.tables"}),
        (["chart", "vgg16", "resnet50", "--format", "svg"], {"rich", "json", "cnncalc.output.forms.tables"}),
        (["diagram", "vgg16", "--format", "svg"], {"rich", "json", "cnncalc.output.forms.tables", "cnncalc.output.diagrams.mermaid"}),
        (["diagram", "vgg16"], {"rich", "cnncalc.output.forms.tables", "cnncalc.output.diagrams.diagram_picture"}),
        (["list"], {"rich", "json", "cnncalc.layers", "cnncalc.dims", "cnncalc.spec.parser", "cnncalc.output.forms.formats"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_what_it_needs(args: list[str], unwanted: set[str]) -> None:
    found = loaded(*args)
    assert not found & unwanted
    assert not found & SLOW


def test_every_run_time_dependency_is_imported_somewhere() -> None:
    listed = re.search(r"^dependencies = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert listed is not None
    wanted = {{"pyyaml": "yaml"}.get(name, name) for name in re.findall(r"[\"']([\w-]+)", listed[1].lower())}
    assert wanted == OUTSIDE.keys()
    assert wanted <= {name.partition(".")[0] for path in modules().values() for name in imports(path)}


def test_importing_cnncalc_costs_nothing_that_is_not_used() -> None:
    code = "import sys; before = set(sys.modules); import cnncalc; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert {name for name in found if name.startswith("cnncalc")} == {"cnncalc"}
    assert not found & {"click", "yaml", "json", *SLOW}


def test_every_name_of_the_package_is_found_on_first_use() -> None:
    code = "import cnncalc; assert [*cnncalc.MODULES] == sorted(cnncalc.__all__); [getattr(cnncalc, name) for name in cnncalc.__all__]"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
