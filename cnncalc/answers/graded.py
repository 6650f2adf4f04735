"""An answer sheet with its verdicts, and the points that they give."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.answers.grade import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.answers.questions import AnswerSheet, Question
    from cnncalc.answers.slips import FoundSlip
    from cnncalc.errors import Problem


class Graded:
    """The verdicts of one sheet, explanations of wrong answers, and what was wrong with the student's file."""

    __slots__ = ("hide", "problems", "sheet", "slips", "student", "variant", "verdicts")

    def __init__(
        self,
        sheet: AnswerSheet,
        verdicts: Sequence[Verdict],
        slips: Mapping[int, Sequence[FoundSlip]],
        *,
        hide: bool,
        student: str = "",
        variant: str = "",
        problems: Sequence[Problem] = (),
    ) -> None:
        self.sheet = sheet
        self.verdicts = verdicts
        self.slips = slips  # by index of the verdict
        self.hide = hide  # whether to hide the correct answers
        self.student = student
        self.variant = variant  # that the student names
        self.problems = problems

    def count(self, verdict: str) -> int:
        """Return the number of answers with this verdict."""
        return sum(each.verdict == verdict for each in self.verdicts)

    @property
    def missed(self) -> list[str]:
        """The questions that are not completely right."""
        return list(dict.fromkeys(each.question.id for each in self.verdicts if each.verdict != RIGHT))

    def won(self, question: Question) -> Fraction:
        """Return the points for a question."""
        return sum((score(each) for each in self.verdicts if each.question.id == question.id), start=Fraction(0))

    @property
    def points(self) -> Fraction:
        """The points achieved."""
        return sum(map(score, self.verdicts), start=Fraction(0))


def worth(question: Question) -> Fraction:
    """Return the points of a question, by default 1."""
    return question.points if question.points is not None else Fraction(1)


def possible(sheet: AnswerSheet) -> Fraction:
    """Return the points of all questions."""
    return sum(map(worth, sheet.questions), start=Fraction(0))


def score(verdict: Verdict) -> Fraction:
    """Return the points for one answer: an equal part of its question's if it is right."""
    return worth(verdict.question) / len(verdict.question.answers) if verdict.verdict == RIGHT else Fraction(0)
