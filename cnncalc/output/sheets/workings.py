"""How the correct answer to a question is derived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.dims.notation import Style

NAMED = 12  # weight layers up to which their names are listed


def worked_out(verdict: Verdict, format_value: Callable[[Any], str]) -> Callable[[int, Style], Sequence[str]]:
    """Return the lines of the derivation as a function of width and style."""
    if verdict.question.claim is not None:
        return lambda width, style: claim(verdict, format_value)
    if verdict.answer.metric == "exact":
        return lambda width, style: unused_inputs(verdict)
    return lambda width, style: derivation(verdict, width, style)


def derivation(verdict: Verdict, width: int, style: Style) -> Sequence[str]:
    """Return rule, substituted values and result."""
    from cnncalc.output.sheets.explanation import text
    from cnncalc.study.derive.derivation import QUANTITIES, derive

    quantity = "weights" if verdict.answer.metric == "params" and not verdict.question.counting.bias else verdict.answer.metric
    if quantity not in QUANTITIES or (quantity == "weight_layers" and verdict.row is not None):
        return ()
    assert verdict.report is not None  # set for all but claims
    if quantity == "weight_layers" and verdict.computed > NAMED:
        return text(derive(verdict.report, None, quantity), 0, style).splitlines()[:1]  # without the names of all layers
    return text(derive(verdict.report, verdict.row, quantity), width, style).splitlines()


def claim(verdict: Verdict, format_value: Callable[[Any], str]) -> Sequence[str]:
    """Return the values of the quantities in a claim, and the claim with these values substituted."""
    claimed = verdict.question.claim
    assert claimed is not None  # only called for claims
    margin = max(map(len, verdict.parts), default=0)
    lines = [f"{name}{' ' * (margin - len(name))} = {format_value(value)}" for name, value in verdict.parts.items()]
    numbers = {re.sub(r"\s", "", name): format_value(value) for name, value in verdict.parts.items()}

    def put_in(match: re.Match[str]) -> str:
        number = numbers.get(re.sub(r"\s", "", match.group()), match.group())
        return f"({number})" if re.search(r"[ ×]", number) else number

    text = re.sub(r"[a-z_]+\s*\([^()]*\)", put_in, claimed.text)
    return [*lines, f"{text} = {format_value(verdict.computed)}"] if text not in lines and text != format_value(verdict.computed) else lines


def unused_inputs(verdict: Verdict) -> Sequence[str]:
    """Return the layers whose kernels do not divide their input evenly, with the nearest sizes that do."""
    from cnncalc.output.words.summary import unused_input

    assert verdict.report is not None  # set for all but claims
    rows = [verdict.row] if verdict.row is not None else verdict.report.inexact
    return [f"{row.path}: {'; '.join(unused_input(row))}" for row in rows if row.exact is False]
