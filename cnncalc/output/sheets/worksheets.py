"""Worksheets as Markdown, with or without the answer key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.forms.formats import escaped, fenced, paragraph
from cnncalc.output.forms.sheet import READABLE
from cnncalc.output.sheets.verdicts import said
from cnncalc.output.sheets.workings import worked_out

if TYPE_CHECKING:
    from cnncalc.answers.quiz import Worksheet

LINE = "_" * 40


def markdown(worksheet: Worksheet, *, key: bool) -> str:
    """Return the questions as a numbered list."""
    parts = [f"# {escaped(worksheet.title)}{': key' if key else ''}"]
    if not key:
        parts.append(f"Name: {LINE}")
    for i, question in enumerate(worksheet.asked):
        parts.append(f"{i + 1}. {paragraph(question.ask)}")
        answer = [f"Answer: {LINE}"]
        if key:
            working = fenced(worked_out(worksheet.verdicts[i], said)(READABLE, "text"))
            answer = [f"**{escaped(worksheet.key(i))}**", *([working] if working else [])]
        parts += [indented(part) for part in answer]
    return "\n\n".join(parts) + "\n"


def indented(text: str) -> str:
    """Indent text inside a list item."""
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
