"""Questions as learning platforms ask them: numerical, multiple choice, true or false, or a short text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.answers.asking.draw import Dice
from cnncalc.answers.near_misses import near_misses, options
from cnncalc.answers.writing import answer
from cnncalc.dims import Poly
from cnncalc.layers import Volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.grade import Grader, Verdict
    from cnncalc.answers.near_misses import AnswerOption
    from cnncalc.answers.quiz import Worksheet

NUMERICAL, CHOICE, TRUE_FALSE, SHORT = "numerical", "multichoice", "truefalse", "shortanswer"
HALF_A_HUNDREDTH = "0.005"
NUMBER = re.compile(r"\d+(\.\d+)?")


class PlatformAnswer(NamedTuple):
    """An answer that a platform knows: right, or wrong with the mistakes that give it."""

    text: str
    right: bool
    feedback: str = ""


class PlatformQuestion(NamedTuple):
    """One question; `tolerance` is for numbers."""

    name: str
    kind: str
    ask: str
    points: int
    answers: Sequence[PlatformAnswer]
    tolerance: str = "0"


def platform_questions(worksheet: Worksheet, grader: Grader) -> list[PlatformQuestion]:
    """Return the questions of a worksheet. A formula, which platforms cannot compare, is asked with options where slips give some."""
    dice = Dice(worksheet.variant)
    found = []
    for i, (asked, verdict) in enumerate(zip(worksheet.asked, worksheet.verdicts, strict=True)):
        choices = worksheet.choices[i] or (options(verdict, grader, dice) if has_symbols(verdict) else [])
        name = f"{f'v{worksheet.variant:02}-' if worksheet.variant else ''}q{i + 1} {asked.template}"
        kind, answers = kind_and_answers(verdict, choices, grader)
        tolerance = HALF_A_HUNDREDTH if isinstance(verdict.computed, Fraction) else "0"
        found.append(PlatformQuestion(name, kind, asked.ask, asked.points, answers, tolerance))
    return found


def has_symbols(verdict: Verdict) -> bool:
    """Return whether the answer is a formula."""
    value = verdict.computed
    return any(isinstance(each, Poly) for each in (value if isinstance(value, tuple) else (value,)))


def kind_and_answers(verdict: Verdict, choices: Sequence[AnswerOption], grader: Grader) -> tuple[str, list[PlatformAnswer]]:
    """Return how a question is asked, and its answers, the right ones first where the order is free."""
    value = verdict.computed
    if isinstance(value, bool):
        return TRUE_FALSE, [PlatformAnswer("true", value), PlatformAnswer("false", not value)]
    if choices:
        return CHOICE, [PlatformAnswer(each.text, not each.slips, sentence(each.slips)) for each in choices]
    texts = isinstance(value, Volume) or has_symbols(verdict)
    wrong = [(each.text, sentence(each.slips)) for each in near_misses(verdict, grader) if texts or NUMBER.fullmatch(each.text)]
    answers = [PlatformAnswer(each, right=True) for each in spellings(answer(value), texts=texts)]
    answers += [
        PlatformAnswer(each, right=False, feedback=words)
        for text, words in wrong
        for each in spellings(text, texts=texts)
        if "*" not in each  # as arithmetic 8*8*32 is 2048, the right answer after flattening
    ]
    return SHORT if texts else NUMERICAL, answers


def spellings(text: str, *, texts: bool) -> list[str]:
    """Return the spellings of a volume: 55x55x96, 55 x 55 x 96, 55×55×96, (55, 55, 96)."""
    if not texts or "x" not in text:
        return [text]
    sides = text.split("x")
    found = [sign.join(sides) for sign in ("x", " x ", "×", " × ", "*")]
    return [*found, f"({', '.join(sides)})", f"[{', '.join(sides)}]", *([sides[2]] if sides[:2] == ["1", "1"] else [])]


def sentence(words: str) -> str:
    """Return the words of slips as a sentence."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""
