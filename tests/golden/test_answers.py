"""Golden files of graded sheets, class lists, solutions and worksheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
SHEET = "tests/answers/worksheet.yaml"
CLASS = [f"tests/answers/class/{name}.yaml" for name in ("anna", "ben", "carla", "dora")]
LECTURES = sorted(f"tests/lectures/{path.name}" for path in (ROOT / "tests" / "lectures").glob("?-*.yaml"))
AGAINST = ["check", "--against", "tests/answers/against/worksheet.yaml", "tests/answers/against/answers"]
CASES: dict[str, tuple[int, list[str]]] = {
    "check.txt": (1, ["check", SHEET]),
    "check-80.txt": (1, ["check", SHEET, "--width", "80"]),
    "check-plain.txt": (1, ["check", SHEET, "--format", "plain"]),
    "check-score.txt": (1, ["check", SHEET, "--score", "--hide"]),
    "check.md": (1, ["check", SHEET, "--format", "markdown"]),
    "check-hide.html": (1, ["check", SHEET, "--hide", "--format", "html"]),
    "check.tex": (1, ["check", SHEET, "--format", "latex"]),
    "check.csv": (1, ["check", SHEET, "--format", "csv", "--score"]),
    "check.json": (1, ["check", SHEET, "--format", "json"]),
    "check-class.txt": (2, ["check", *CLASS, "--score"]),
    "check-class.csv": (2, ["check", *CLASS, "--score", "--format", "csv"]),
    "check-against.txt": (2, AGAINST),
    "check-against.csv": (2, [*AGAINST, "--format", "csv"]),
    "check-against.md": (2, [*AGAINST, "--format", "markdown"]),
    "check-lectures.txt": (1, ["check", *LECTURES]),
    "check-lecture-a.txt": (1, ["check", LECTURES[0]]),
    "solve-pads.txt": (0, ["solve", "--in", "32", "--out", "16", "--kernel", "5", "--stride", "2"]),
    "solve-alexnet.txt": (0, ["solve", "--in", "227x227x3", "--out", "55x55x96"]),
    "solve-alexnet.json": (0, ["solve", "--in", "227x227x3", "--out", "55x55x96", "--format", "json", "--top", "2"]),
    "solve-alexnet.csv": (0, ["solve", "--in", "227x227x3", "--out", "55x55x96", "--format", "csv"]),
    "solve-many.txt": (0, ["solve", "--out", "7"]),
    "solve-none.txt": (1, ["solve", "--in", "7", "--out", "3", "--kernel", "2", "--stride", "5", "--pad", "0"]),
    "solve-layer.txt": (0, ["solve", "alexnet", "--layer", "POOL1", "--out", "27", "--vary", "kernel", "--vary", "round"]),
    "solve-input.txt": (0, ["solve", "resnet50", "--out", "7x7", "--vary", "input"]),
    "solve-no-input.txt": (1, ["solve", "vgg16", "--layer", "pool5", "--out", "500", "--vary", "input"]),
    "quiz-1.yaml": (0, ["quiz", "--seed", "1", "--questions", "8"]),
    "quiz-2-key.yaml": (0, ["quiz", "--seed", "2", "--questions", "8", "--level", "2", "--key"]),
    "quiz-3.md": (0, ["quiz", "--seed", "3", "--questions", "5", "--level", "3", "--format", "markdown"]),
    "quiz-3-key.md": (0, ["quiz", "--seed", "3", "--questions", "5", "--level", "3", "--format", "markdown", "--key"]),
    "quiz-2-options.md": (0, ["quiz", "--seed", "4", "--questions", "5", "--level", "2", "--format", "markdown", "--multiple-choice"]),
    "quiz-2.html": (0, ["quiz", "--seed", "32", "--questions", "5", "--level", "2", "--format", "html", "--closed-book"]),
    "check-help.txt": (0, ["check", "--help"]),
    "solve-help.txt": (0, ["solve", "--help"]),
    "quiz-3.xml": (0, ["quiz", "--seed", "3", "--questions", "3", "--level", "3", "--format", "moodle"]),
    "quiz-2.gift": (0, ["quiz", "--seed", "3", "--questions", "3", "--level", "2", "--format", "gift", "--multiple-choice"]),
    "practice-help.txt": (0, ["practice", "--help"]),
    "quiz-help.txt": (0, ["quiz", "--help"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown(name: str, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, args = CASES[name]
    done = run(*args)
    assert done.code == code
    assert (done.err == "") == (code != 2)
    golden(name, done.out)
