"""The results.json that an autograder of Gradescope leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.graded import worth
from cnncalc.answers.marking import remark
from cnncalc.output.sheets.verdicts import for_json

if TYPE_CHECKING:
    from cnncalc.answers.graded import Graded


def results(student: Graded) -> dict[str, Any]:
    """Return one test per question, with its points and what is said of wrong answers."""
    tests = []
    for number, question in enumerate(student.sheet.questions, 1):
        won, most = student.won(question), worth(question)
        tests.append(
            {
                "score": for_json(won),
                "max_score": for_json(most),
                "status": "passed" if won == most else "failed",
                "name": question.ask or question.id,
                "number": str(number),
                "output": remark(student, question),
            }
        )
    return {"output": "\n".join(problem.text().partition("\n")[0] for problem in student.problems), "tests": tests}
