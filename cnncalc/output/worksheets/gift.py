"""Writes questions in GIFT (docs.moodle.org, GIFT format)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.answers.platform_questions import CHOICE, NUMERICAL, TRUE_FALSE
from cnncalc.errors import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.platform_questions import PlatformAnswer, PlatformQuestion

SPECIAL = re.compile(r"[\\~=#{}:]")


def gift(title: str, questions: Sequence[PlatformQuestion]) -> str:
    """Return a file for Import > GIFT, with a category of the worksheet's title; points are not part of the format."""
    category = f"$CATEGORY: $course$/top/{printable(title).replace('/', '//')}"
    return "\n\n".join([category, *map(question, questions)]) + "\n"


def question(each: PlatformQuestion) -> str:
    """Return one question; a blank line would end it."""
    head = f"::{escaped(each.name)}::[plain]{escaped(each.ask)}"
    if each.kind == TRUE_FALSE:
        return f"{head}{{{'TRUE' if each.answers[0].right else 'FALSE'}}}"
    sign = "#" if each.kind == NUMERICAL else ""
    return "\n".join([f"{head}{{{sign}", *(answer(each, found) for found in each.answers), "}"])


def answer(each: PlatformQuestion, found: PlatformAnswer) -> str:
    """Return one answer with its feedback: wrong ones are ~ among options, else = with no points."""
    mark = "=" if found.right else "~" if each.kind == CHOICE else "=%0%"
    tolerance = f":{each.tolerance if found.right else 0}" if each.kind == NUMERICAL else ""
    text = escaped(found.text) if each.kind == CHOICE else escaped(found.text).replace("*", r"\\*")
    return f"  {mark}{text}{tolerance}{f'#{escaped(found.feedback)}' if found.feedback else ''}"


def escaped(text: str) -> str:
    """Escape the signs of the format."""
    return SPECIAL.sub(r"\\\g<0>", printable(text))
