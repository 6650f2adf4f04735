"""How the correct answer to a question is derived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.dims.notation import Style

NAMED = 12  # layers that are named one by one


def worked_out(verdict: Verdict, said: Callable[[Any], str]) -> Callable[[int, Style], Sequence[str]]:
    """The lines that lead to the right value, made for a width and a style; `said` writes a value."""
    if verdict.question.claim is not None:
        return lambda width, style: claim(verdict, said)
    if verdict.answer.metric == "exact":
        return lambda width, style: rests(verdict)
    return lambda width, style: derivation(verdict, width, style)


def derivation(verdict: Verdict, width: int, style: Style) -> Sequence[str]:
    """The rule, the numbers put in, the result."""
    from cnncalc.output.sheets.explanation import text
    from cnncalc.study.derive.derivation import QUANTITIES, derive

    quantity = "weights" if verdict.answer.metric == "params" and not verdict.question.counting.bias else verdict.answer.metric
    if quantity not in QUANTITIES or (quantity == "weight_layers" and verdict.row is not None):
        return ()
    assert verdict.report is not None  # only claims have none
    if quantity == "weight_layers" and verdict.computed > NAMED:
        return text(derive(verdict.report, None, quantity), 0, style).splitlines()[:1]  # without the names of all of them
    return text(derive(verdict.report, verdict.row, quantity), width, style).splitlines()


def claim(verdict: Verdict, said: Callable[[Any], str]) -> Sequence[str]:
    """What the quantities in a claim come to, and the claim with these numbers put in."""
    claimed = verdict.question.claim
    assert claimed is not None  # this is called for claims
    margin = max(map(len, verdict.parts), default=0)
    lines = [f"{name}{' ' * (margin - len(name))} = {said(value)}" for name, value in verdict.parts.items()]
    numbers = {re.sub(r"\s", "", name): said(value) for name, value in verdict.parts.items()}

    def put_in(found: re.Match[str]) -> str:
        number = numbers.get(re.sub(r"\s", "", found.group()), found.group())
        return f"({number})" if re.search(r"[ ×]", number) else number

    text = re.sub(r"[a-z_]+\s*\([^()]*\)", put_in, claimed.text)
    return [*lines, f"{text} = {said(verdict.computed)}"] if text not in lines and text != said(verdict.computed) else lines


def rests(verdict: Verdict) -> Sequence[str]:
    """The layers whose kernels do not divide their input evenly, and what would."""
    from cnncalc.output.words.summary import rest

    assert verdict.report is not None  # only claims have none
    rows = [verdict.row] if verdict.row is not None else verdict.report.inexact
    return [f"{row.path}: {'; '.join(rest(row))}" for row in rows if row.exact is False]
