"""Substitutes values for the symbols of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive, Poly, at
from cnncalc.dims.terms import tidy
from cnncalc.errors import Problem, SpecError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.dims import Condition, Dim
    from cnncalc.dims.terms import Number
    from cnncalc.propagate.report import Report

DIGITS = 20  # characters of a value


def read_point(texts: Iterable[str], report: Report) -> dict[str, Any]:
    """Parse H=224,W=224. Raise a SpecError for an unknown symbol or a value that violates a condition."""
    known = report.symbols
    point: dict[str, Any] = {}  # fractions for symbols that stand for them
    for text in (part for each in texts for part in each.replace(",", " ").split()):
        name, _, written = text.partition("=")
        number = positive(written)
        if number is None or (number.denominator > 1 and (name not in known or report.graph.symbols.domain(name).whole)):
            hint = f"for fractions, --set has {name}:fraction" if number is not None and name in known else ""
            raise SpecError(Problem(f"--at takes symbols and whole numbers from 1 up, H=224, not {text!r}", hint=hint))
        if name not in known:
            hint = suggestion(name, known) or (f"symbols: {', '.join(known)}" if known else "nothing is a symbol: --input HxWx3 makes some")
            raise SpecError(Problem(f"no symbol {name!r}", hint=hint))
        if name in point:
            raise SpecError(Problem(f"--at gives {name} twice"))
        point[name] = number
    check(report, point)
    return point


def positive(text: str) -> Number | None:
    """Return a positive number written as 224, 0.75 or 3/4; None for anything else."""
    from cnncalc.printed_number import exact_number

    number = exact_number(text, DIGITS)
    return tidy(number) if number is not None and number > 0 else None


def check(report: Report, point: Mapping[str, int]) -> None:
    """Raise a SpecError that lists all conditions violated at a point."""
    problems = [
        Problem(": ".join(filter(None, (shown(point, condition), where, condition.message))), hint=f"it takes {condition}")
        for condition, where in report.conditions.items()
        if fails(condition, point)
    ]
    if problems:
        raise SpecError(problems)


def fails(condition: Condition, point: Mapping[str, int]) -> bool:
    """Return whether a condition is false at a point for every value of the remaining symbols."""
    try:
        return not condition.at(point)
    except Inconclusive:
        return False


def shown(point: Mapping[str, int], condition: Condition) -> str:
    """Return the values of a condition's symbols: H = 5, w = 2."""
    return ", ".join(f"{name} = {point[name]}" for name in condition.symbols if name in point)


def substitute(value: Any, point: Mapping[str, int]) -> Any:
    """Substitute the values of a point in a number, a volume or another tuple of numbers."""
    if isinstance(value, Poly):
        return at(value, point)
    if isinstance(value, (tuple, list)):
        parts = [substitute(each, point) for each in value]
        return type(value)._make(parts) if hasattr(value, "_make") else type(value)(parts)
    return value


def remainders_at(report: Report, point: Mapping[str, int]) -> list[tuple[str, Dim]]:
    """Return the layers whose kernels do not divide their input evenly at a point, with the remainder. Symbolic remainders are skipped."""
    remainders = [(row.path, substitute(rest, point)) for row in report for rest in row.cost.remainders if rest != 0]
    return [(path, rest) for path, rest in dict.fromkeys(remainders) if isinstance(rest, int) and rest]


def default_values(report: Report) -> dict[str, Any]:
    """Return the values of the symbols in the file itself: its own input and params, and batch size 1. Empty if there are none."""
    from cnncalc.spec.settings import Setting

    setting = report.setting
    try:
        _, volume, params = Setting(setting.network, setting.variant).resolve()
    except SpecError:
        return {}
    pairs = [*zip(report.input, volume, strict=True), *((value, params.get(name)) for name, value in report.graph.params.items())]
    point: dict[str, Any] = {}
    for size, number in [*pairs, (report.batch, 1)]:
        if isinstance(size, Poly) and isinstance(number, int):
            point = {**solved(size, number), **point}
    for condition in report.conditions:
        if condition.bound is not None and fails(condition, point):
            point.update([condition.bound])  # the formulas hold from this bound upwards
    return point if not any(fails(condition, point) for condition in report.conditions) else {}


def solved(size: Poly, number: int) -> dict[str, int]:
    """Solve a multiple of one symbol for a number: 32·h = 224 gives h = 7."""
    if len(size.symbols) != 1 or len(size.terms) != 1 or size.floors:
        return {}
    name, times = size.symbols[0], at(size, {size.symbols[0]: 1})
    if size.degree(name) != 1 or not isinstance(times, int) or number % times or number < times:
        return {}
    return {name: number // times}
