"""Reads a budget such as 3GB, 1G or 10M."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, Source, Span, SpecError
from cnncalc.printed_number import printed_number
from cnncalc.study.metrics import NUMBERS, metric

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.propagate.figures import Figure


class Budget(NamedTuple):
    """A metric and its upper limit."""

    metric: Figure
    text: str
    most: int


def budgets(options: Iterable[str]) -> list[Budget]:
    """Parse --max options: macs=1G, params=10M, training=3GB. The last one for a metric applies."""
    by_metric: dict[str, Budget] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not equals or not text.strip():
            raise SpecError(Problem(f"--max takes a metric and its limit, macs=1G, not {option!r}", hint=f"known: {', '.join(NUMBERS)}"))
        source = Source("--max", option, option=True)
        try:
            limited = metric(name.strip())
        except SpecError as error:
            (problem,) = error.problems
            raise SpecError(Problem(problem.message, Span(source, 0, max(len(name), 1)), problem.hint)) from None
        span = Span(source, len(name) + 1, len(text))
        by_metric[limited.name] = Budget(limited, text.strip(), limit(text.strip(), span, memory=limited.in_bytes))
    return list(by_metric.values())


def limit(text: str, span: Span, *, memory: bool) -> int:
    """Parse a limit; memory needs a decimal or binary unit."""
    printed = printed_number(text, memory=memory)
    if printed is None or printed.value < 0:
        hint = "as in 3GB, 512MiB, 8000000" if memory else "as in 10M, 1.5G, 250000"
        raise SpecError(Problem(f"{text!r} is not {'an amount of memory' if memory else 'a number'}", span, hint))
    if memory and printed.value >= 1000 and not printed.unit and not text.replace(",", "").replace("_", "").isdecimal():
        raise SpecError(Problem(f"{text!r} has no unit", span, f"{text}B means multiples of 1000, {text}iB of 1024"))
    return int(printed.value)


def room(text: str) -> int:
    """Parse the bytes in --within."""
    return limit(text, Span(Source("--within", text, option=True), 0, max(1, len(text))), memory=True)
