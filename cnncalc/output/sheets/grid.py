"""Results of sweep and fit as tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.explore.fit import excess, over
from cnncalc.explore.vary import typed
from cnncalc.output.forms.numbers import NumberFormat, count, memory, percent
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

ROWS = 40  # largest number of points in a table
MOST = 8  # largest settings named in the answer
ANSWER = "← the largest that fits"
FITS = Form(TEXT.people, style=lambda value: ("good", "yes") if value.startswith("yes") else ("bad", value.partition(":")[0]))


def columns(along: Sequence[Axis], metrics: Iterable[Figure]) -> list[Column]:
    """Return a column for each axis and each metric."""
    axes = [Column(axis.name, axis.name, VALUE, 100 - i) for i, axis in enumerate(along)]
    return [*axes, *(Column(each.name, each.heading, FORMS[each.unit], 80 - i) for i, each in enumerate(metrics))]


def table(setting: Setting, along: Sequence[Axis], metrics: Sequence[Figure], measured: Sequence[Measured], total: int) -> Sheet:
    """Return the table of a sweep; if there are invalid settings, a column shows their errors."""
    shown = columns(along, metrics)
    broken = any(each.error is not None for each in measured)
    rows = [[*_cells(each, along, metrics), *([each.why_not] if broken else [])] for each in measured]
    if broken:
        shown.append(Column("error", "", TEXT, 50))
    asides = [f"Stopped: {len(measured)} of {total} settings were computed."] if len(measured) < total else []
    return Sheet(title(setting), shown, [Section(rows)], (), asides)


def title(setting: Setting) -> list[str]:
    """Return the title: name and year of the network."""
    about = setting.about
    name = about.title or setting.id
    return [f"{name}, {about.year}" if about.year else name]


def _cells(point: Measured, along: Iterable[Axis], metrics: Iterable[Figure]) -> list[Any]:
    return [*(point.values[axis.name] for axis in along), *(point.metrics.get(metric.name) for metric in metrics)]


def verdicts(
    setting: Setting, along: Sequence[Axis], metrics: Sequence[Figure], limits: Sequence[Budget], result: Fit, units: str
) -> Sheet:
    """Return the table of a fit: the points with their shares of each budget, and the answer."""
    fmt = NumberFormat(units or "si")
    tried, left_out = nearby(result)
    rows = [[*_cells(each, along, metrics), _verdict(each, result, limits)] for each in tried]
    notes = [*answer(result, along, limits, fmt)]
    asides = [
        f"{len(result.tried)} settings were tried, {len(result.fitting)} fit; {left_out} of them are left out here, csv and JSON have all."
    ]
    shown = [*columns(along, metrics), Column("fits", "fits", FITS, 95)]
    return Sheet(title(setting), shown, [Section(rows)], notes, asides if left_out else ())


def listing(along: Sequence[Axis], metrics: Sequence[Figure], result: Fit) -> Sheet:
    """Return all points of a fit, for csv."""
    fitting = {id(each) for each in result.fitting}
    rows = [
        [*_cells(each, along, metrics), None if each.error is not None else id(each) in fitting, each is result.answer]
        for each in result.tried
    ]
    return Sheet((), [*columns(along, metrics), Column("fits", "fits", TRUTH, 60), Column("answer", "answer", TRUTH, 50)], [Section(rows)])


def nearby(result: Fit) -> tuple[list[Measured], int]:
    """Return the points to show: all, or those around the answer."""
    if len(result.tried) <= ROWS:
        return result.tried, 0
    best = result.answer or result.nearest
    at = next((i for i, each in enumerate(result.tried) if each is best), 0)
    start = max(0, min(at - ROWS // 2, len(result.tried) - ROWS))
    return result.tried[start : start + ROWS], len(result.tried) - ROWS


def _verdict(point: Measured, result: Fit, limits: Sequence[Budget]) -> str:
    """Return whether a point fits, with its shares of the budgets or its error."""
    if point.error is not None:
        return f"invalid: {point.why_not}"
    exceeded = over(point, limits)
    if exceeded:
        return "no: " + ", ".join(f"{limit.metric.heading} {_share(point, limit)} of {limit.text}" for limit in exceeded)
    shares = ", ".join(_share(point, limit) for limit in limits)
    return f"yes, {shares}  {ANSWER}" if point is result.answer else f"yes, {shares}"


def _share(point: Measured, limit: Budget) -> str:
    return percent(point.metrics[limit.metric.name], max(limit.most, 1), 1)


def answer(result: Fit, along: Sequence[Axis], limits: Sequence[Budget], fmt: NumberFormat) -> Iterator[str]:
    """Yield the largest setting that fits and others of equal rank, or the nearest miss."""
    if result.answer is not None:
        figures = ", ".join(f"{_figure(limit, result.answer, fmt)} of {limit.text}" for limit in limits)
        yield f"{called(result.answer, along)} is the largest that fits: {figures}."
        others = [called(each, along) for each in result.largest if each is not result.answer]
        if others:
            more = f" and {len(others) - MOST} more" if len(others) > MOST else ""
            yield f"Equally large: {'; '.join(others[:MOST])}{more}. It uses the most of {limits[0].metric.heading}."
        return
    near = result.nearest
    assert near is not None  # raise_if_all_invalid() has been called
    worst = max(limits, key=lambda limit: excess(near, limit))
    yield f"Nothing fits. The nearest miss is {called(near, along)}: {_figure(worst, near, fmt)}, {_share(near, worst)} of {worst.text}."


def called(point: Measured, along: Iterable[Axis]) -> str:
    """Format the values of a point."""
    return ", ".join(f"{axis.name} = {point.values[axis.name]}" for axis in along)


def _figure(limit: Budget, point: Measured, fmt: NumberFormat) -> str:
    value = point.metrics[limit.metric.name]
    return memory(value, fmt) if limit.metric.in_bytes else f"{count(value, fmt)} {limit.metric.heading}"


def document(setting: Setting, along: Sequence[Axis], measured: Sequence[Measured], total: int) -> dict[str, Any]:
    """Return the JSON of a sweep."""
    from cnncalc.version import __version__

    document: dict[str, Any] = {"cnncalc": __version__, "network": {"id": setting.id, "name": setting.about.title or setting.id}}
    document["vary"] = {axis.name: [typed(value) for value in axis.values] for axis in along}
    document["settings"] = [_point(each) for each in measured]
    if len(measured) < total:
        document["stopped"] = {"computed": len(measured), "of": total}
    return document


def decision(setting: Setting, along: Sequence[Axis], limits: Sequence[Budget], result: Fit) -> dict[str, Any]:
    """Return the JSON of a fit."""
    described = document(setting, along, result.tried, len(result.tried))
    described["max"] = {limit.metric.name: limit.most for limit in limits}
    fitting = {id(each) for each in result.fitting}
    described["settings"] = [{**_point(each), "fits": id(each) in fitting} for each in result.tried]
    described["largest"] = [_point(each)["set"] for each in result.largest]
    described["answer"] = _point(result.answer) if result.answer is not None else None
    described["nearest"] = _point(result.nearest) if result.answer is None and result.nearest is not None else None
    return described


def _point(point: Measured) -> dict[str, Any]:
    described: dict[str, Any] = {"set": {name: typed(value) for name, value in point.values.items()}}
    if point.error is not None:
        return {**described, "error": point.why_not}
    return {**described, **{name: plain(value) for name, value in point.metrics.items()}}
