"""Writes questions as a table for spreadsheets and other platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.forms import formats
from cnncalc.output.forms.sheet import TEXT, Column, Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.platform_questions import PlatformQuestion

OFFERED = 6  # wrong answers with their feedback


def question_table(title: str, questions: Sequence[PlatformQuestion]) -> str:
    """Return CSV with a row per question: the right answer, and wrong answers with their feedback."""
    names = ["question", "kind", "points", "ask", "answer", "tolerance"]
    names += [f"{name}_{number}" for number in range(1, OFFERED + 1) for name in ("wrong", "feedback")]
    rows: list[list[Any]] = []
    for each in questions:
        right = next(found.text for found in each.answers if found.right)
        wrong = {found.feedback or found.text: found for found in reversed(each.answers) if not found.right}
        cells = [cell for found in [*wrong.values()][::-1][:OFFERED] for cell in (found.text, found.feedback)]
        row = [each.name, each.kind, each.points, each.ask, right, each.tolerance, *cells]
        rows.append(row + [None] * (len(names) - len(row)))
    return formats.csv(Sheet([title], [Column(name, name, TEXT, 1) for name in names], [Section(rows)]))
