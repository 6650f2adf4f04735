"""One network under every counting convention, as tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.explore.counts import causes
from cnncalc.layers.operation_types import MACS
from cnncalc.output.forms.numbers import NumberFormat, count
from cnncalc.output.forms.sheet import COUNT, TEXT, Column, Form, Section, Sheet
from cnncalc.output.words import summary
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.dims import Dim
    from cnncalc.explore.counts import CauseDifference, ConventionCount, Difference
    from cnncalc.propagate.report import Report

PLAIN = NumberFormat()


def _signed(value: Any, fmt: NumberFormat) -> str:
    """Format a difference with its sign."""
    if not isinstance(value, int):
        return count(value, fmt)
    sign = "−" if value < 0 else "+" if value else ""
    return f"{sign}{count(abs(value), fmt)}"


SIGNED_COUNT = Form(_signed, right=True)


def table(report: Report, found: Sequence[ConventionCount], *, rules: bool = False) -> Sheet:
    """Return a table with a row per convention: count, causes and parameters."""
    known = causes(found) if all(isinstance(each.value, int) for each in found) else []  # formulas are too long for columns
    columns = [
        Column("counting", "counting", TEXT, 100),
        Column("figure", "value", COUNT, 90),
        Column("called", "reported as", TEXT, 60),
        Column("params", "params", COUNT, 80),
        *(
            Column(_name(cause), "MACs" if cause == MACS else cause, COUNT, 85 if cause == MACS else _nonzero(found, cause))
            for cause in known
        ),
    ]
    rows = [
        [each.convention.name, _count(each), each.convention.prints, each.params, *(_cause(each, cause) for cause in known)]
        for each in found
    ]
    asides = [line for each in found for line in manual(report, each, rules=rules)]
    if not rules and len(found) > 1:
        asides.append("--between A B shows why two of them differ, --rules all of their rules.")
    return Sheet(
        summary.title(report),
        columns,
        [Section(rows)],
        [line for line in (summary.stated(report), *summary.conditions(report)) if line],
        asides,
    )


def _nonzero(found: Sequence[ConventionCount], cause: str) -> int:
    """Return how much a column matters on a narrow page: the more of its cells are not 0, the more."""
    return 50 * sum(bool(_cause(each, cause)) for each in found) // len(found)


def _name(cause: str) -> str:
    return cause.replace(" ", "_").replace("-", "_")


def _count(found: ConventionCount) -> Dim | None:
    return found.value if found.convention.prints else None


def _cause(found: ConventionCount, cause: str) -> Dim | None:
    return found.causes.get(cause, 0) if found.convention.prints else None


def manual(report: Report, found: ConventionCount, *, rules: bool = False) -> list[str]:
    """Return what a convention counts, and its mistakes that affect this network; with `rules`, the whole manual."""
    name = found.convention.name
    first, *more = found.convention.manual
    if rules:
        return [" ".join([f"{name}: {first}", *more])]
    operations = [row.layer.operation for row in report.rows]
    unknown = found.convention.unknown(operations)
    missing = [f"Not known to it and counted as 0: {', '.join(unknown)}."] if unknown else []
    return [" ".join([f"{name}: {first}", *found.convention.mistakes(operations), *missing])]


def between(report: Report, found: Difference, *, rules: bool = False) -> Sheet:
    """Return a table that compares two conventions by cause, with the difference in a sentence."""
    one, other = found.one, found.other
    names = one.convention.name, other.convention.name
    columns = [
        Column("cause", "cause", TEXT, 100),
        Column("first", names[0], COUNT, 80),
        Column("second", names[1], COUNT, 70),
        Column("difference", "difference", SIGNED_COUNT, 90),
    ]
    formulas = not isinstance(one.value - other.value, int)  # they are too long for more than one column
    if formulas:
        columns = [columns[0], columns[3]]
    figures = bool(one.convention.prints and other.convention.prints)
    sections = [_section(one.causes, other.causes, "", len(columns))] if figures else []
    if found.parameters or not figures:
        sections.append(_section(one.parameters, other.parameters, "Parameters" if figures else "", len(columns)))
    notes = [sentence(names, found.parts, one.value, other.value)] if figures and not formulas else []
    if found.parameters:
        notes.append("Parameters: " + sentence(names, found.parameters, one.params, other.params))
    asides = [line for each in (one, other) for line in manual(report, each, rules=rules)]
    return Sheet(summary.title(report), columns, sections, [*notes, *summary.conditions(report)], asides)


def _section(one: Mapping[str, Dim], other: Mapping[str, Dim], title: str, columns: int) -> Section:
    """Return a section with a row per cause and a total."""
    values = [("total", sum(one.values()), sum(other.values()))]
    values[:0] = [(cause, one.get(cause, 0), other.get(cause, 0)) for cause in dict.fromkeys((*one, *other))]
    *rows, sums = [[cause, *(mine, its)[: columns - 2], mine - its] for cause, mine, its in values]
    return Section(rows, sums, title)


def sentence(names: tuple[str, str], parts: Sequence[CauseDifference], one: Dim, other: Dim) -> str:
    """Return, e.g., thop 4,133,742,592 − torchinfo 4,089,238,376 = 44,504,216: batch norm +44,402,816, pooling +102,400, biases −1,000."""
    said = ", ".join(f"{part.cause} {_signed(part.difference, PLAIN)}" for part in parts)
    first, second, left = (count(each, PLAIN) for each in (one, other, one - other))
    return f"{names[0]} {first} − {names[1]} {second} = {left.replace('-', '−')}{f': {said}' if said else ''}."


def document(report: Report, found: Sequence[ConventionCount], difference: Difference | None = None) -> dict[str, Any]:
    """Return the JSON of the counts, and of a difference."""
    about = report.header()
    document: dict[str, Any] = {"cnncalc": about["cnncalc"], "network": about["network"], "batch": about["batch"]}
    document["counts"] = [
        {
            "counting": each.convention.name,
            "called": each.convention.prints or None,
            "figure": plain(_count(each)),
            "params": plain(each.params),
            "causes": {cause: plain(value) for cause, value in each.causes.items()} if each.convention.prints else {},
            "manual": each.convention.manual,
        }
        for each in found
    ]
    if difference is not None:
        document["between"] = {
            "first": difference.one.convention.name,
            "second": difference.other.convention.name,
            "difference": plain(difference.one.value - difference.other.value),
            "causes": {part.cause: plain(part.difference) for part in difference.parts},
            "params": {part.cause: plain(part.difference) for part in difference.parameters},
        }
    if report.conditions:
        document["conditions"] = [str(condition) for condition in report.conditions]
    return document
