"""A class graded by a worksheet: points, statistics, and rules that are the teacher's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cnncalc.answers.gradebook import ClassGrader, Gradebook, VariantsGrader, difficulty
from cnncalc.answers.submissions import files, submissions

HERE = Path(__file__).parent / "against"
WORKSHEET = str(HERE / "worksheet.yaml")
NAMES = ("anna.yaml", "ben.csv", "cheat.yaml", "class.csv", "emil.md")


@pytest.fixture(scope="module")
def book() -> Gradebook:
    grader = ClassGrader(WORKSHEET, hide=False)
    students = [grader.grade(each) for path in files([str(HERE / "answers" / name) for name in NAMES]) for each in submissions(path)]
    return Gradebook(grader.worksheet, students, {})


def test_points_are_those_of_the_worksheet(book: Gradebook) -> None:
    """By hand: 5 for q1, 1 for q2 and q4, half of 3 for each answer of q3."""
    points = {"anna": 10, "ben": Fraction(3, 2), "cheat": 1, "Carla": 9, "Dora Ö.": 5, "Emil": 6}
    assert {student.student: student.points for student in book.students} == points
    assert book.of == 10
    assert book.mean == Fraction(65, 2) / 6


def test_the_statistics_of_questions(book: Gradebook) -> None:
    q1, q2, q3, q4 = book.worksheet.questions
    assert [book.right(question) for question in (q1, q2, q3, q4)] == [4, 2, 2, 3]
    assert difficulty(book.mean_of(q2), q2) == Fraction(1, 3)
    assert difficulty(book.mean_of(q3), q3) == Fraction(3 + Fraction(3, 2) + 3) / 18
    assert book.slips(q2).most_common(1) == [("bias-left-out", 3)]
    assert book.slips(q4) == {"ratio-upside-down": 1}


def graded(folder: Path, text: str, worksheet: str = WORKSHEET) -> tuple[dict[tuple[str, str], tuple[str, str]], list[str]]:
    """The verdicts with their reasons, and the problems."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (submission,) = submissions(str(folder / "a.yaml"))
    student = ClassGrader(worksheet, hide=False).grade(submission)
    verdicts = {(each.question.id, each.quantity): (each.verdict, each.reason) for each in student.verdicts}
    return verdicts, [problem.message for problem in student.problems]


def test_what_is_missing_is_unclear_and_gives_nothing(tmp_path: Path) -> None:
    verdicts, problems = graded(tmp_path, "q2: 34944")
    assert verdicts["q2", "params"] == ("right", "")
    assert {each for key, each in verdicts.items() if key[0] != "q2"} == {("unclear", "no answer")}
    assert problems == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("q9: 5", "the worksheet has no question 'q9'"),
        ("q3: 5", "q3 asks for several things"),
        ("q3: {macs: 5}", "q3 does not ask for 'macs'"),
        ("q1.params: 5", "q1 does not ask for 'params'"),
        ("Q1: 5\nq1: 5x5x3", "a second answer to q1"),
        ("questions: [{id: q2, parms: 34944}]", "q2 does not ask for 'parms'"),
    ],
)
def test_an_answer_that_is_not_asked_for_is_a_problem(text: str, problem: str, tmp_path: Path) -> None:
    assert graded(tmp_path, text)[1] == [problem]


def test_answers_are_found_by_id_in_any_case_by_number_and_by_other_names_of_metrics(tmp_path: Path) -> None:
    verdicts, problems = graded(tmp_path, "Q1: 55x55x96\n2: 34944\nq3.volume: 27x27x256\nq3.parameters: 614656\n")
    assert problems == []
    assert {key[0] for key, (verdict, _) in verdicts.items() if verdict == "right"} == {"q1", "q2", "q3"}


def test_two_answers_that_differ_are_not_graded_and_two_that_agree_are(tmp_path: Path) -> None:
    assert graded(tmp_path, "Q2: 34944\nq2: 34945")[0]["q2", "params"] == ("unclear", "more than one answer is given")
    assert graded(tmp_path, "Q2: 34944\nq2: 34944")[0]["q2", "params"] == ("right", "")


def test_many_answers_that_do_not_count_are_summed_up(tmp_path: Path) -> None:
    _, problems = graded(tmp_path, "\n".join(f"x{i}: 5" for i in range(100)))
    assert len(problems) == 21
    assert problems[-1] == "80 more answers do not count"


def test_a_student_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text("input: 8x8x1\nlayers: [relu]\n", encoding="utf-8")
    verdicts, problems = graded(
        tmp_path, "questions: [{id: q2, network: net.yaml, layer: nowhere, claim: params(net.yaml), params: 34944}]"
    )
    assert verdicts["q2", "params"] == ("right", "")
    assert problems == []  # what else the file says is not read


def test_one_students_work_is_not_taken_from_another(tmp_path: Path) -> None:
    long = "+".join(["sum(range(10000))"] * 300)
    (tmp_path / "class.csv").write_text(f"student,q2\na,{long}\nb,{long}+1\nc,34848\n", encoding="utf-8")
    grader = ClassGrader(WORKSHEET, hide=False)
    a, b, c = (grader.grade(each) for each in submissions(str(tmp_path / "class.csv")))
    assert {each.verdicts[1].verdict for each in (a, b, c)} == {"wrong"}
    assert [slip.tag for slip in c.slips[1]] == ["bias-left-out"]


def test_names_that_two_students_share_are_a_problem() -> None:
    grader = ClassGrader(WORKSHEET, hide=False)
    paths = [str(HERE / "answers" / "anna.yaml")] * 2
    book = Gradebook(grader.worksheet, [grader.grade(each) for path in paths for each in submissions(path)], {})
    assert [problem.message for problem in book.problems] == ["2 students are called 'anna'"]


def test_variants_compute_what_they_share_once(tmp_path: Path) -> None:
    for i in (1, 2, 3):
        text = f"variant: {i}\n{Path(WORKSHEET).read_text(encoding='utf-8')}"
        (tmp_path / f"w{i}.yaml").write_text(text, encoding="utf-8")
    grader = VariantsGrader(str(tmp_path), hide=False)
    (tmp_path / "class.csv").write_text("student,variant,q2\na,1,1000\nb,2,1001\nc,3,1002\n", encoding="utf-8")
    students = [grader.grade(each) for each in submissions(str(tmp_path / "class.csv"))]
    assert [[each.verdict for each in student.verdicts].count("wrong") for student in students] == [1, 1, 1]
    assert len(grader.grader.reports) == 4  # AlexNet and VGG-16, and AlexNet's two variants, whose figure an answer may be
    assert len(grader.grader.computed_slips) == 1
