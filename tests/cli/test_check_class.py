"""check --against: the gradebook in every format, feedback files, exit codes."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest

from tests.cli.run import run

AGAINST = Path(__file__).parent.parent / "answers" / "against"
WORKSHEET, ANSWERS = str(AGAINST / "worksheet.yaml"), AGAINST / "answers"
WHOLE = [str(ANSWERS / name) for name in ("anna.yaml", "class.csv")]


@pytest.mark.parametrize(
    ("names", "code"), [(["anna.yaml"], 0), (["anna.yaml", "ben.csv"], 1), (["anna.yaml", "broken.yaml"], 2), (["nobody.yaml"], 2)]
)
def test_exit_codes(names: list[str], code: int) -> None:
    done = run("check", "--against", WORKSHEET, *(str(ANSWERS / name) for name in names))
    assert done.code == code
    assert bool(done.err) == (code == 2)


def test_a_broken_file_does_not_stop_a_class() -> None:
    done = run("check", "--against", WORKSHEET, str(ANSWERS), "--format", "csv")
    assert done.code == 2
    assert "broken.yaml:2:1: 'q1' is given twice" in done.err
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(done.out))}
    assert list(rows) == ["anna", "ben", "cheat", "Carla", "Dora Ö.", "Emil", "broken.yaml"]
    assert rows["ben"] == {"student": "ben", "q1": "0", "q2": "0", "q3": "1.5", "q4": "0", "points": "1.5", "of": "10"}
    assert rows["broken.yaml"]["points"] == ""


def test_the_json_that_is_promised() -> None:
    found = json.loads(run("check", "--against", WORKSHEET, str(ANSWERS), "--format", "json").out)
    assert (found["title"], found["of"], len(found["students"])) == ("Convolutions", 10, 6)
    assert found["questions"][1] == {
        "id": "q2",
        "points": 1,
        "mean": 0.3333333,
        "difficulty": 0.3333333,
        "right": 2,
        "slips": {"bias-left-out": 3, "one-bias": 1},
    }
    ben = found["students"][1]
    assert (ben["student"], ben["points"], ben["of"]) == ("ben", 1.5, 10)
    assert ben["answers"][1] == {
        "id": "q2",
        "verdict": "wrong",
        "quantity": "params",
        "claimed": "34,848",
        "computed": 34944,
        "points": 0,
        "slips": [{"tag": "bias-left-out", "words": "34,848 is the count without the 96 biases"}],
    }
    assert "the worksheet has no question 'q7'" in ben["problems"][0]
    assert list(found["broken"]) == [str(ANSWERS / "broken.yaml")]


@pytest.mark.parametrize("form", ["table", "html"])
@pytest.mark.parametrize("hide", [True, False])
def test_feedback_for_each_student(form: str, hide: bool, tmp_path: Path) -> None:
    folder = tmp_path / "feedback"
    run("check", "--against", WORKSHEET, *WHOLE, "-o", str(folder), "--format", form, *(["--hide"] if hide else []))
    suffix = "html" if form == "html" else "md"
    assert {path.name for path in folder.iterdir()} == {f"anna.{suffix}", f"Carla.{suffix}", f"Dora_Ö.{suffix}", "gradebook.csv"}
    carla = (folder / f"Carla.{suffix}").read_text(encoding="utf-8")
    assert ("34,944" in carla) != hide
    assert "Carla: Convolutions" in carla
    assert "9 of 10 points" in carla
    assert (folder / "gradebook.csv").read_text(encoding="utf-8").startswith("student,q1,")


def test_a_gradebook_goes_to_a_file_with_a_suffix(tmp_path: Path) -> None:
    out = tmp_path / "grades.csv"
    assert run("check", "--against", WORKSHEET, *WHOLE, "-o", str(out)).out == ""
    assert out.read_text(encoding="utf-8").count("\n") == 4


def test_no_answers_of_students_are_overwritten(tmp_path: Path) -> None:
    (tmp_path / "emil.md").write_text("Name: emil\n1. a\n Answer: 5\n", encoding="utf-8")
    done = run("check", "--against", WORKSHEET, str(tmp_path), "-o", str(tmp_path))
    assert done.code == 2
    assert "emil.md: this file was read for the result; it is not overwritten" in done.err


def test_students_whose_names_make_one_file_name_get_two(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("student,q1\na/b,5\na b,5\n../../x,5\ngradebook,1\n=1+1,1\n", encoding="utf-8")
    done = run("check", "--against", WORKSHEET, str(tmp_path / "c.csv"), "-o", str(tmp_path / "out/"), "--format", "csv")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"a_b.md", "a_b-2.md", "x.md", "gradebook-2.md", "1_1.md", "gradebook.csv"}
    assert "\n'=1+1," in done.out


@pytest.mark.parametrize("text", ["input: 8x8x1\nlayers: [relu]\n", "q1: 5\n", "questions: []\n"])
def test_a_worksheet_that_is_none_is_a_mistake(text: str, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(text, encoding="utf-8")
    done = run("check", "--against", str(tmp_path / "w.yaml"), *WHOLE)
    assert (done.code, done.out) == (2, "")
    assert "w.yaml:1:" in done.err


@pytest.mark.parametrize(("level", "wrong", "every"), [(2, "{}", 2), (3, "{}*C*K + H", 4)])
def test_a_class_of_300_is_graded_soon(level: int, wrong: str, every: int, tmp_path: Path) -> None:
    """20 answers each, many of them wrong in 300 ways; the limit for a user is 5 s."""
    assert run("quiz", "--level", str(level), "--questions", "20", "--seed", "7", "-o", str(tmp_path / "w.yaml")).code == 0
    ids = [f"q{i}" for i in range(1, 21)]
    lines = [
        ",".join([f"s{i}", *(wrong.format(1000 + 7 * i * k) if (i + k) % every == 1 else "34" for k in range(20))]) for i in range(300)
    ]
    (tmp_path / "class.csv").write_text("\n".join([",".join(["student", *ids]), *lines]), encoding="utf-8")
    begun = time.process_time()
    done = run("check", "--against", str(tmp_path / "w.yaml"), str(tmp_path / "class.csv"), "--format", "csv")
    assert done.out.count("\n") == 301
    assert time.process_time() - begun < 5
