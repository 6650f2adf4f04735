"""Grades answers from Python, as in a cell of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.grade import WRONG
from cnncalc.answers.gradebook import ClassGrader
from cnncalc.answers.graded import possible
from cnncalc.answers.submissions import Submission
from cnncalc.errors import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.answers.graded import Graded
    from cnncalc.answers.questions import Question


class MarkedAnswers:
    """The points for some answers, the possible points, and feedback on each question."""

    def __init__(self, student: Graded) -> None:
        self.points = float(student.points)
        self.of = float(possible(student.sheet))
        self.feedback = {question.id: remark(student, question) for question in student.sheet.questions}
        self.problems = [problem.message for problem in student.problems]

    def __repr__(self) -> str:
        lines = [f"{name}: {words}" for name, words in self.feedback.items()]
        return "\n".join([*lines, *self.problems, f"{self.points:g} of {self.of:g} points"])


def check(worksheet: str, answers: Mapping[str, Any]) -> MarkedAnswers:
    """Grade answers, {"q1": "55x55x96", "q2": 34944}, by the rules of a worksheet; correct values are not shown. Raises SpecError."""
    submission = Submission("")
    span = Span(Source("answers", ""), 0)
    for id, given in answers.items():
        for quantity, value in given.items() if isinstance(given, dict) else [("", given)]:
            text = "x".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
            submission.add(id, quantity, text.lower() if isinstance(value, bool) else text, span)
    return MarkedAnswers(ClassGrader(worksheet, hide=True).grade(submission))


def remark(student: Graded, question: Question) -> str:
    """Return the feedback on a question: right, or its wrong answers with their slips."""
    said = []
    for i, each in enumerate(student.verdicts):
        if each.question.id == question.id:
            slips = "; or ".join(slip.words for slip in student.slips.get(i, ())) if each.verdict == WRONG else each.reason
            name = f"{each.quantity}: " if len(question.answers) > 1 else ""
            said.append(f"{name}{each.verdict}{f' ({slips})' if slips else ''}")
    return ", ".join(said)
