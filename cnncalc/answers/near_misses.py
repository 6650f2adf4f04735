"""Wrong answers that result from slips, for multiple choice and feedback."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.answers.grade import answered
from cnncalc.answers.slips import computed_slips, slips
from cnncalc.answers.writing import answer
from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.answers.asking.draw import Dice
    from cnncalc.answers.grade import Grader, Verdict

OPTIONS = 4  # per question, including the right one
FEWEST = 3
LONGEST = 40  # characters of an option
SELDOM = ("half", "half-the-depth", "batch-counted", "depth-padded", "channels-first", "height-and-width")  # rare slips


class AnswerOption(NamedTuple):
    """An option with its text; `slips` names the mistakes that lead to it, and is empty for the right one."""

    value: Any
    text: str
    slips: str = ""


def near_misses(verdict: Verdict, grader: Grader) -> list[AnswerOption]:
    """Return the wrong values under single slips."""
    return list(_explained(verdict, grader, _singles(verdict, grader)))


def options(verdict: Verdict, grader: Grader, dice: Dice) -> list[AnswerOption]:
    """Return the right value among wrong ones, in random order; empty if too few slips change the value."""
    wrong = list(_explained(verdict, grader, _singles(verdict, grader, seldom=False)))
    wrong = dice.shuffled(wrong)[: OPTIONS - 1]
    if len(wrong) < OPTIONS - 1:
        for each in _explained(verdict, grader, _pairs(verdict, grader)):
            if each.text not in {other.text for other in wrong}:
                wrong.append(each)
            if len(wrong) == OPTIONS - 1:
                break
    right = AnswerOption(verdict.computed, answer(verdict.computed))
    return dice.shuffled([right, *wrong]) if len(wrong) + 1 >= FEWEST else []


def _singles(verdict: Verdict, grader: Grader, *, seldom: bool = True) -> Iterator[Any]:
    right = verdict.computed
    if verdict.question.claim is not None:
        if isinstance(right, (int, Fraction)) and right not in (0, 1):
            yield 1 / Fraction(right)
    elif not isinstance(right, bool):
        values = computed_slips(verdict, grader)
        yield from (value for slip, value in values.singles(grader.meter) if seldom or slip.tag not in SELDOM)
        if verdict.answer.metric == "output":
            yield from (each.value for each in values.partial_counts(grader.meter))


def _pairs(verdict: Verdict, grader: Grader) -> Iterator[Any]:
    if verdict.question.claim is None and not isinstance(verdict.computed, bool):
        for pair, value in computed_slips(verdict, grader).in_pairs(grader.meter):
            if not any(slip.tag in SELDOM for slip in pair):
                yield value


def _explained(verdict: Verdict, grader: Grader, values: Iterator[Any]) -> Iterator[AnswerOption]:
    """Yield distinct short values with the slips that `check` names for them, without the right answer."""
    known = {answer(verdict.computed)}
    try:
        for value in values:
            text = answer(value)
            if isinstance(value, tuple) and any(isinstance(side, Fraction) for side in value):  # where the rounding is forgotten
                continue
            if text in known or not 0 < len(text) <= LONGEST or text.startswith("-"):
                continue
            known.add(text)
            given = answered(verdict, text, grader)
            words = [slip.words for slip in slips(given, grader, hide=True) if slip.tag]
            if words:
                yield AnswerOption(value, text, "; or ".join(words[:2]))
    except LimitError:  # a large network: use those found so far
        return
