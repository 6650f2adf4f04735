"""Results of sweep and fit as tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.explore.fit import excess, over
from cnncalc.explore.vary import number
from cnncalc.output.forms.numbers import Look, count, memory, percent
from cnncalc.output.forms.sheet import FORMS, TEXT, TRUTH, VALUE, Column, Form, Section, Sheet
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.explore.budget import Budget
    from cnncalc.explore.fit import Fit
    from cnncalc.explore.sweep import Measured
    from cnncalc.explore.vary import Axis
    from cnncalc.propagate.figures import Figure
    from cnncalc.spec.settings import Setting

ROWS = 40  # of what was tried that a table shows
MOST = 8  # largest settings that are named
ANSWER = "← the largest that fits"
FITS = Form(TEXT.people, style=lambda value: ("good", "yes") if value.startswith("yes") else ("bad", value.partition(":")[0]))


def columns(along: Sequence[Axis], metrics: Iterable[Figure]) -> list[Column]:
    """A column for each axis, and for each metric."""
    axes = [Column(axis.name, axis.name, VALUE, 100 - i) for i, axis in enumerate(along)]
    return [*axes, *(Column(each.name, each.heading, FORMS[each.unit], 80 - i) for i, each in enumerate(metrics))]


def table(setting: Setting, along: Sequence[Axis], metrics: Sequence[Figure], found: Sequence[Measured], total: int) -> Sheet:
    """Every point of a sweep; a column says why one cannot be had, where there is such."""
    shown = columns(along, metrics)
    broken = any(each.error is not None for each in found)
    rows = [[*_cells(each, along, metrics), *([each.why_not] if broken else [])] for each in found]
    if broken:
        shown.append(Column("error", "", TEXT, 50))
    asides = [f"Stopped: {len(found)} of {total} settings were computed."] if len(found) < total else []
    return Sheet(title(setting), shown, [Section(rows)], (), asides)


def title(setting: Setting) -> list[str]:
    """The network, and what stays as it is."""
    about = setting.about
    name = about.title or setting.id
    return [f"{name}, {about.year}" if about.year else name]


def _cells(point: Measured, along: Iterable[Axis], metrics: Iterable[Figure]) -> list[Any]:
    return [*(point.values[axis.name] for axis in along), *(point.metrics.get(metric.name) for metric in metrics)]


def verdicts(setting: Setting, along: Sequence[Axis], metrics: Sequence[Figure], limits: Sequence[Budget], found: Fit, units: str) -> Sheet:
    """What was tried, with the budgets that each point uses up or exceeds, and the answer."""
    look = Look(units or "si")
    tried, left_out = nearby(found)
    rows = [[*_cells(each, along, metrics), _verdict(each, found, limits)] for each in tried]
    notes = [*answer(found, along, limits, look)]
    asides = [
        f"{len(found.tried)} settings were tried, {len(found.fitting)} fit; {left_out} of them are left out here, csv and JSON have all."
    ]
    shown = [*columns(along, metrics), Column("fits", "fits", FITS, 95)]
    return Sheet(title(setting), shown, [Section(rows)], notes, asides if left_out else ())


def listing(along: Sequence[Axis], metrics: Sequence[Figure], found: Fit) -> Sheet:
    """Everything that was tried, for programs that read tables."""
    fitting = {id(each) for each in found.fitting}
    rows = [
        [*_cells(each, along, metrics), None if each.error is not None else id(each) in fitting, each is found.answer]
        for each in found.tried
    ]
    return Sheet((), [*columns(along, metrics), Column("fits", "fits", TRUTH, 60), Column("answer", "answer", TRUTH, 50)], [Section(rows)])


def nearby(found: Fit) -> tuple[list[Measured], int]:
    """The points that a table shows: all, or those around the answer."""
    if len(found.tried) <= ROWS:
        return found.tried, 0
    best = found.answer or found.nearest
    at = next((i for i, each in enumerate(found.tried) if each is best), 0)
    start = max(0, min(at - ROWS // 2, len(found.tried) - ROWS))
    return found.tried[start : start + ROWS], len(found.tried) - ROWS


def _verdict(point: Measured, found: Fit, limits: Sequence[Budget]) -> str:
    """Whether a point fits, or what speaks against it."""
    if point.error is not None:
        return f"invalid: {point.why_not}"
    exceeded = over(point, limits)
    if exceeded:
        return "no: " + ", ".join(f"{limit.metric.heading} {_share(point, limit)} of {limit.text}" for limit in exceeded)
    shares = ", ".join(_share(point, limit) for limit in limits)
    return f"yes, {shares}  {ANSWER}" if point is found.answer else f"yes, {shares}"


def _share(point: Measured, limit: Budget) -> str:
    return percent(point.metrics[limit.metric.name], max(limit.most, 1), 1)


def answer(found: Fit, along: Sequence[Axis], limits: Sequence[Budget], look: Look) -> Iterator[str]:
    """The largest setting in a sentence, the others that are as large in their way, or the nearest miss."""
    if found.answer is not None:
        figures = ", ".join(f"{_figure(limit, found.answer, look)} of {limit.text}" for limit in limits)
        yield f"{called(found.answer, along)} is the largest that fits: {figures}."
        others = [called(each, along) for each in found.largest if each is not found.answer]
        if others:
            more = f" and {len(others) - MOST} more" if len(others) > MOST else ""
            yield f"Equally large: {'; '.join(others[:MOST])}{more}. It uses the most of {limits[0].metric.heading}."
        return
    near = found.nearest
    assert near is not None  # where no setting can be had, that was the answer
    worst = max(limits, key=lambda limit: excess(near, limit))
    yield f"Nothing fits. The nearest miss is {called(near, along)}: {_figure(worst, near, look)}, {_share(near, worst)} of {worst.text}."


def called(point: Measured, along: Iterable[Axis]) -> str:
    """A point by its values."""
    return ", ".join(f"{axis.name} = {point.values[axis.name]}" for axis in along)


def _figure(limit: Budget, point: Measured, look: Look) -> str:
    value = point.metrics[limit.metric.name]
    return memory(value, look) if limit.metric.in_bytes else f"{count(value, look)} {limit.metric.heading}"


def document(setting: Setting, along: Sequence[Axis], found: Sequence[Measured], total: int) -> dict[str, Any]:
    """The JSON of a sweep."""
    from cnncalc import __version__

    document: dict[str, Any] = {"cnncalc": __version__, "network": {"id": setting.id, "name": setting.about.title or setting.id}}
    document["vary"] = {axis.name: [_value(value) for value in axis.values] for axis in along}
    document["settings"] = [_point(each) for each in found]
    if len(found) < total:
        document["stopped"] = {"computed": len(found), "of": total}
    return document


def decision(setting: Setting, along: Sequence[Axis], limits: Sequence[Budget], found: Fit) -> dict[str, Any]:
    """The JSON of a fit."""
    described = document(setting, along, found.tried, len(found.tried))
    described["max"] = {limit.metric.name: limit.most for limit in limits}
    fitting = {id(each) for each in found.fitting}
    described["settings"] = [{**_point(each), "fits": id(each) in fitting} for each in found.tried]
    described["largest"] = [_point(each)["set"] for each in found.largest]
    described["answer"] = _point(found.answer) if found.answer is not None else None
    described["nearest"] = _point(found.nearest) if found.answer is None and found.nearest is not None else None
    return described


def _point(point: Measured) -> dict[str, Any]:
    described: dict[str, Any] = {"set": {name: _value(value) for name, value in point.values.items()}}
    if point.error is not None:
        return {**described, "error": point.why_not}
    return {**described, **{name: plain(value) for name, value in point.metrics.items()}}


def _value(text: str) -> Any:
    """A value as JSON has it: a number where it is one."""
    exact = number(text)
    if exact is None or (exact.denominator != 1 and "/" in text):
        return text
    return int(exact) if exact.denominator == 1 else float(exact)
