"""Students' files in every format, and messages for broken ones."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.answers.submissions import files, rows, submissions
from cnncalc.errors import SpecError

if TYPE_CHECKING:
    from pathlib import Path

    from cnncalc.answers.submissions import Submission


def read(folder: Path, name: str, text: str | bytes) -> list[Submission]:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return submissions(str(folder / name))


def one(folder: Path, name: str, text: str) -> tuple[str, dict[str, str], list[str]]:
    """The student, the answers and the problems of a file."""
    (found,) = read(folder, name, text)
    answers = {each.question + (f".{each.quantity}" if each.quantity else ""): each.text for each in found.answers}
    return found.student, answers, [problem.message for problem in found.problems]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("anna.yaml", "q1: 55x55x96\nq2: 8,020 parameters\nq3: {params: 760, output: '32, 32, 20'}\nq4: \n"),
        ("x.yaml", "student: anna\nq1: [55, 55, 96]\nq2: 8,020 parameters\nq3: {params: 760, output: '32, 32, 20'}\n"),
        (
            "anna.yml",
            "questions:\n- {id: q1, answer: 55x55x96, points: 100, is: ''}\n- {id: q2, answer: '8,020 parameters', network: vgg16}\n"
            "- {id: q3, params: 760, output: '32, 32, 20', layer: c}\n",
        ),
        ("anna.json", '{"q1": "55x55x96", "q2": "8,020 parameters", "q3": {"params": 760, "output": "32, 32, 20"}}'),
        ("anna.csv", 'id,answer\nq1,55x55x96\nq2,8,020 parameters\nq3.params,760\nq3.output,"32, 32, 20"\nq4,\n'),
        ("anna.csv", "q1;55x55x96\r\nq2; 8,020 parameters\r\n\r\nq3.params;760\r\nq3.output;32, 32, 20"),
        ("class.csv", 'student,q1,q2,q3.params,q3.output,q4\nanna,55x55x96,"8,020 parameters",760,"32, 32, 20",\n'),
    ],
)
def test_the_same_answers_in_every_form(name: str, text: str, tmp_path: Path) -> None:
    answers = {"q1": "55x55x96", "q2": "8,020 parameters", "q3.params": "760", "q3.output": "32, 32, 20"}
    student, found, problems = one(tmp_path, name, text)
    assert (student, found, problems) == ("anna", answers, [])


def test_a_filled_markdown_worksheet(tmp_path: Path) -> None:
    text = """# Week 3
Name: Anna ________
1. What is 1. the output size?

    Answer: __55x55x96____

2. Parameters? Answer with a number.

    Answer: ____________

    8020
    parameters

3) Both

    Answer (params): **760**
    Answer (output): \\(32, 32, 20\\)

4. Nothing

    Answer: ________
"""
    answers = {"1": "55x55x96", "2": "8020 parameters", "3.params": "760", "3.output": "(32, 32, 20)"}
    assert one(tmp_path, "x.md", text) == ("Anna", answers, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{q1: 32, 32, 20}", "the answer to q1 is cut at a comma"),
        ("q3: {output: 8x8x2, params: 8,020 parameters}", "the answer to params is cut at a comma"),
        ("questions: [{id: q1, output: 32, 16, 20}]", "the answer to output is cut at a comma"),
        ("q1: [[1]]", "expected one answer to q1: a number, arithmetic, a volume"),
    ],
)
def test_an_answer_that_is_not_read_is_a_problem_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    (found,) = read(tmp_path, "a.yaml", text)
    assert [problem.message for problem in found.problems if "twice" not in problem.message] == [message]
    assert found.problems[0].span is not None
    assert "q1" not in {each.question for each in found.answers}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yaml", "- 5", "a.yaml:1:1: expected answers by question"),
        ("a.yaml", "q1: 5\nq1: 6\n", "a.yaml:2:1: 'q1' is given twice"),
        ("a.yaml", "{output: 32, 32, 32}", "inside { } YAML ends a text at a comma"),
        ("a.yaml", b"q1: \xff", "a.yaml:1:5: not UTF-8"),
        ("a.yaml", b"q1: \x07", "a.yaml:1:5: not text"),
        ("a.yaml", "q1: " + "5 " * 2**20, "a.yaml: too large: more than 1 MiB"),
        ("a.md", "Answer: " + "5 " * 2**20, "a.md: too large: more than 1 MiB"),
        ("a.csv", "q1," + "5 " * 2**20, "a.csv: too large: more than 1 MiB for one student"),
        ("a.csv", "\n\n", "a.csv:1:1: the file is empty"),
        ("a.csv", "student,q1\n,5", "a.csv:2:1: a row without a student"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read(tmp_path, name, text)
    assert message in str(caught.value)


def test_a_row_whose_answers_may_have_shifted_is_not_graded(tmp_path: Path) -> None:
    anna, ben = read(tmp_path, "class.csv", "student,q1,q2\nanna,8,020,5\nben,8020,5,,\n")
    assert [problem.message for problem in anna.problems] == ["4 cells in a row of 3: the answers of anna are not graded"]
    assert not anna.answers
    assert [each.text for each in ben.answers] == ["8020", "5"]


@pytest.mark.parametrize("name", ["a.csv", "a.md"])
def test_an_answer_with_control_characters_is_not_graded(name: str, tmp_path: Path) -> None:
    text = "q1,5\x07\nq2,6\n" if name == "a.csv" else "1. a\n Answer: 5\x07\n2. b\n Answer: 6\n"
    (found,) = read(tmp_path, name, text)
    assert [each.text for each in found.answers] == ["6"]
    assert "U+0007" in found.problems[0].message


def test_folders_stand_for_the_answers_in_them(tmp_path: Path) -> None:
    for name in ("b.csv", "a.yaml", "c.md", ".hidden.yaml", "notes.pdf"):
        (tmp_path / name).write_text("q1: 5", encoding="utf-8")
    assert files([str(tmp_path), "x.txt"]) == [*(str(tmp_path / name) for name in ("a.yaml", "b.csv", "c.md")), "x.txt"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(SpecError, match="no answers in this folder"):
        files([str(tmp_path / "empty")])


def test_a_link_cannot_leave_the_folder_of_the_answers(tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text("q1: 5\n", encoding="utf-8")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "a.yaml").symlink_to(tmp_path / "key.yaml")
    with pytest.raises(SpecError, match=r"a\.yaml: a link to another folder"):
        submissions(str(tmp_path / "answers" / "a.yaml"))
    (tmp_path / "b.yaml").symlink_to(tmp_path / "key.yaml")
    assert [each.text for each in submissions(str(tmp_path / "b.yaml"))[0].answers] == ["5"]


@given(st.lists(st.lists(st.text("aé,;\t \"\n'1", max_size=5), min_size=2, max_size=4), max_size=4), st.sampled_from(",;\t"))
def test_csv_is_read_as_pythons_own_reader_reads_it(table: list[list[str]], sign: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=sign, quoting=csv.QUOTE_ALL).writerows([["id", "answer"], *table])
    expected = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=sign)]
    expected = [row for row in expected if any(row)]
    assert [[cell.text for cell in row] for row in rows(written.getvalue())] == expected
