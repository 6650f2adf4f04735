"""How the correct answer to a question is derived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.dims.notation import Style

LARGEST = 5  # rows of a total that are shown where it has more than NAMED
NAMED = 12  # weight layers up to which their names are listed


def worked_out(verdict: Verdict, format_value: Callable[[Any], str]) -> Callable[[int, Style], Sequence[str]]:
    """Return the lines of the derivation as a function of width and style."""
    if verdict.question.claim is not None:
        return lambda width, style: claim(verdict, format_value)
    if verdict.answer.metric == "exact":
        return lambda width, style: unused_inputs(verdict)
    return lambda width, style: derivation(verdict, format_value, width, style)


def derivation(verdict: Verdict, format_value: Callable[[Any], str], width: int, style: Style) -> Sequence[str]:
    """Return rule, substituted values and result; of a whole network the largest rows and the total."""
    from cnncalc.answers.symbolic_repeat import GrowingReport
    from cnncalc.dims.arithmetic import value_of
    from cnncalc.output.sheets.explanation import text
    from cnncalc.study.derive.derivation import QUANTITIES, derive

    quantity = "weights" if verdict.answer.metric == "params" and not verdict.question.counting.bias else verdict.answer.metric
    if quantity not in QUANTITIES or isinstance(verdict.report, GrowingReport) or (quantity == "weight_layers" and verdict.row is not None):
        return ()
    assert verdict.report is not None  # set for all but claims
    if quantity == "weight_layers" and verdict.computed > NAMED:
        return text(derive(verdict.report, None, quantity), 0, style).splitlines()[:1]  # without the names of all layers
    derived = derive(verdict.report, verdict.row, quantity)
    rows = derived.lines[:-1]
    values = [value_of(line.sum) for line in rows]
    if derived.row is not None or len(rows) <= NAMED or not all(isinstance(value, int) for value in values):
        return text(derived, width, style).splitlines()
    least = sorted(values)[-LARGEST]
    derived.lines = [line for line, value in zip(rows, values, strict=True) if value >= least]
    start = f"{derived.quantity} = {format_value(verdict.computed)}; the largest of {len(rows)} summands:"
    return [start, *text(derived, width, style).splitlines()]


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
    from cnncalc.output.words.remainders import unused_input

    assert verdict.report is not None  # set for all but claims
    rows = [verdict.row] if verdict.row is not None else verdict.report.inexact
    return [f"{row.path}: {'; '.join(unused_input(row))}" for row in rows if row.exact is False]
