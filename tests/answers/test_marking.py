"""Answers graded from Python, and for Gradescope."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import cnncalc
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

WORKSHEET = """\
title: T
questions:
  - {id: q1, network: alexnet, layer: CONV1, output: , points: 2}
  - {id: q2, network: alexnet, layer: CONV1, params: , points: 3}
  - {id: q3, network: alexnet, layer: CONV2, output: , params: , points: 1}
"""


@pytest.fixture
def worksheet(tmp_path: Path) -> str:
    path = tmp_path / "worksheet.yaml"
    path.write_text(WORKSHEET, encoding="utf-8")
    return str(path)


def test_a_cell_of_a_notebook(worksheet: str) -> None:
    marked = cnncalc.check(worksheet, {"q1": (55, 55, 96), "q2": 34944, "q3": {"output": "27x27x256", "params": 614656}})
    assert (marked.points, marked.of, marked.problems) == (6.0, 6.0, [])
    assert set(marked.feedback.values()) == {"right", "output: right, params: right"}
    marked = cnncalc.check(worksheet, {"q1": "55x55x96", "q2": 34848, "q9": 1})
    assert marked.points == 2.0
    assert marked.feedback["q2"] == "wrong (34,848 is the count without the biases)"  # and no right answer
    assert "34944" not in repr(marked).replace(",", "")
    assert repr(marked).endswith("2 of 6 points")
    assert "q9" in repr(marked)
    with pytest.raises(cnncalc.SpecError, match="no such file"):
        cnncalc.check("nowhere.yaml", {})


def test_results_of_gradescope(worksheet: str, tmp_path: Path) -> None:
    """Keys and types as in "Autograder Specifications" of gradescope-autograders.readthedocs.io."""
    answers = tmp_path / "answers.yaml"
    answers.write_text("{q1: 55x55x96, q2: 34848, q3.output: 27x27x256}", encoding="utf-8")
    out = tmp_path / "results.json"
    done = run("check", "--against", worksheet, str(answers), "--hide", "--format", "gradescope", "-o", str(out))
    assert done == (0, "", "")
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [(each["score"], each["max_score"], each["status"]) for each in found["tests"]] == [
        (2, 2, "passed"),
        (0, 3, "failed"),
        (0.5, 1, "failed"),
    ]
    assert found["tests"][1]["output"] == "wrong (34,848 is the count without the biases)"
    assert all(
        {key: type(value) for key, value in each.items() if key in ("name", "number", "output")}
        == dict.fromkeys(("name", "number", "output"), str)
        for each in found["tests"]
    )
    assert isinstance(found["output"], str)


def test_gradescope_is_for_one_student_and_the_rules_of_the_teacher(worksheet: str, tmp_path: Path) -> None:
    answers = tmp_path / "class.csv"
    answers.write_text("student,q1\na,1\nb,2\n", encoding="utf-8")
    assert run("check", worksheet, "--format", "gradescope").code == 2
    done = run("check", "--against", worksheet, str(answers), "--format", "gradescope")
    assert done.code == 2
    assert "one student, not of 2" in done.err
