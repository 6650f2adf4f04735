"""Titles and captions of charts of accuracy against cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing import axes
from cnncalc.drawing.axes import Prefixes
from cnncalc.errors import Problem, SpecError
from cnncalc.explore.accuracy import ERRORS, YEAR
from cnncalc.output.charts.bars import capital, counted, prefixes
from cnncalc.output.words import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.axes import ChartAxis
    from cnncalc.explore.accuracy import Accuracies, ChartedNetwork

LONGEST = 22  # maximal length of a name in a picture
ALIKE = "Accuracy is 100 − the published error; the sources did not all measure the same way (crops, image sizes, training)."


def cost_axis(found: Accuracies, kind: str, units: str) -> tuple[ChartAxis, Prefixes]:
    """Return the axis of the costs, and the prefixes of its ticks."""
    costs = [mark.cost for mark in found.marks]
    if found.cost is YEAR:
        return axes.linear(min(costs), max(costs), whole=True), Prefixes(1000, ("",))
    if kind == "log" and min(costs) <= 0:
        raise SpecError(Problem("--scale log has no place for 0", hint="--scale linear"))
    names = prefixes(units, memory=found.cost.in_bytes)
    return axes.fitting(costs, kind=kind, base=names.base), names


def title(found: Accuracies) -> str:
    """Return the title of the chart."""
    return f"{capital(ERRORS[found.error])} accuracy against {found.cost.words}"


def subtitle(found: Accuracies) -> str:
    """Return the number of networks and their task."""
    count = len(found.marks)
    options = summary.options(found.marks[0].entry.report)
    return ", ".join([f"{count} network{'s' if count != 1 else ''} for {found.classes:,} classes", *options])


def notes(found: Accuracies) -> Iterator[str]:
    """Yield notes on the metrics, and the networks without a place by reason."""
    yield alike(found)
    yield from counted(found.marks[0].entry.report, [found.cost])
    for reason, labels in found.left_out.items():
        yield f"Omitted, {reason}: {', '.join(labels)}."


def alike(found: Accuracies) -> str:
    """Return how the accuracies were measured; an entry to the ILSVRC can be an ensemble."""
    if found.error != "ilsvrc":
        return ALIKE
    published = {mark.entry.label: mark.entry.report.setting.about.published or {} for mark in found.marks}
    entries = [f"{label}: {numbers['ilsvrc_entry']}" for label, numbers in published.items() if "ilsvrc_entry" in numbers]
    return " ".join(["Accuracy is 100 − the top-5 error of the entry to the ILSVRC.", *([f"{'; '.join(entries)}."] if entries else [])])


def names(found: Accuracies) -> list[str]:
    """Return the names in the picture: titles of the files if short and distinct, else network names."""
    labels = [mark.entry.label for mark in found.marks]
    titles = [(mark.entry.report.setting.about.title or "").partition(" (")[0] for mark in found.marks]
    fine = len(set(titles)) == len(titles) and all(0 < len(each) <= LONGEST for each in titles)
    return titles if fine and not any(mark.entry.settings for mark in found.marks) else labels


def family(mark: ChartedNetwork) -> str:
    """Return the file of a network, which determines its colour."""
    return mark.entry.report.setting.network.source.name.rpartition("/")[2].rpartition(".")[0] or mark.entry.name


def families(marks: Sequence[ChartedNetwork]) -> dict[str, int]:
    """Return the number of networks per family, largest first."""
    count: dict[str, int] = {}
    for mark in marks:
        count[family(mark)] = count.get(family(mark), 0) + 1
    return dict(sorted(count.items(), key=lambda each: -each[1]))
