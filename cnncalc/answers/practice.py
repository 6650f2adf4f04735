"""Asks questions one at a time, judges answers at once, and keeps the score."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cnncalc.answers.asking.draw import Dice
from cnncalc.answers.grade import RIGHT, WRONG, answered
from cnncalc.answers.near_misses import options
from cnncalc.answers.slips import slips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.asking.draw import DrawnQuestion
    from cnncalc.answers.grade import Verdict
    from cnncalc.answers.near_misses import AnswerOption
    from cnncalc.answers.quiz import QuizMaker
    from cnncalc.answers.slips import FoundSlip


class PracticeQuestion:
    """A question, its options if there are any, and how it has been answered."""

    __slots__ = ("choices", "drawn", "key", "tries")

    def __init__(self, drawn: DrawnQuestion, key: Verdict, choices: Sequence[AnswerOption]) -> None:
        self.drawn = drawn
        self.key = key
        self.choices = choices
        self.tries = 0


class Practice:
    """A session: its questions, and what was right and wrong."""

    def __init__(self, maker: QuizMaker, seed: int) -> None:
        self.maker = maker
        self.seed = seed
        self.first = 0  # right at the first try
        self.later = 0
        self.missed = 0
        self.mistakes: Counter[str] = Counter()

    def questions(self) -> Iterator[PracticeQuestion]:
        """Yield questions until there are no more."""
        dice = Dice(self.seed)
        for drawn in self.maker.questions(self.seed):
            (key,) = self.maker.graded([drawn])
            choices = options(key, self.maker.grader, dice) if self.maker.multiple_choice else []
            key.question.choices = [choice.text for choice in choices]
            yield PracticeQuestion(drawn, key, choices)

    def judge(self, question: PracticeQuestion, text: str) -> tuple[Verdict, Sequence[FoundSlip]]:
        """Grade an answer; one that cannot be parsed does not count as a try."""
        grader = self.maker.grader
        grader.renew()
        verdict = answered(question.key, text, grader)
        question.tries += verdict.verdict in (RIGHT, WRONG)
        if verdict.verdict == RIGHT:
            self.first += question.tries == 1
            self.later += question.tries > 1
        found = slips(verdict, grader, hide=True) if verdict.verdict == WRONG else []
        self.mistakes.update([slip.tag for slip in found[:1] if slip.tag])
        return verdict, found

    def give_up(self) -> None:
        """Count a question whose answer was shown."""
        self.missed += 1

    @property
    def summary(self) -> str:
        """The score in a sentence or two."""
        total = self.first + self.later + self.missed
        if not total:
            return "No questions answered."
        parts = [f"{self.first} of {total} right at the first try"]
        parts += [f"{self.later} later"] if self.later else []
        often = [f"{tag} ({count})" for tag, count in self.mistakes.most_common(3)]
        return ", ".join(parts) + "." + (f" Most frequent mistakes: {', '.join(often)}." if often else "")
