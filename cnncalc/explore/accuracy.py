"""Networks with a published accuracy and a computed cost."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.propagate.figures import SIDE, of_network
from cnncalc.study.metrics import METRICS, metric

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from cnncalc.explore.compare import ComparedNetwork, Comparison
    from cnncalc.propagate.figures import Figure

    Task = tuple[object, object]

FEW = 3  # networks named in a message
ERRORS: Mapping[str, str] = {"top1": "top-1", "top5": "top-5", "ilsvrc": "ILSVRC top-5"}
YEAR = of_network("year", "year", "year", "the year of publication", attrgetter("setting.about.year"), SIDE)


def cost_metric(word: str) -> Figure:
    """Return the metric with this name, which can also be the year."""
    return YEAR if word == YEAR.name else metric(word)


class ChartedNetwork(NamedTuple):
    """A network with cost, size and accuracy (percent)."""

    entry: ComparedNetwork
    cost: int
    accuracy: Fraction
    size: int


class UnchartedNetwork(NamedTuple):
    """A network without a mark, and the reason."""

    label: str
    reason: str


class Accuracies(NamedTuple):
    """Networks for the same task."""

    marks: Sequence[ChartedNetwork]
    missing: Sequence[UnchartedNetwork]
    cost: Figure
    size: Figure
    error: str  # top1 or top5
    classes: Any

    @property
    def left_out(self) -> dict[str, list[str]]:
        """The networks without a mark, by reason."""
        paths_by_reason: dict[str, list[str]] = {}
        for each in self.missing:
            paths_by_reason.setdefault(each.reason, []).append(each.label)
        return paths_by_reason


def accuracies(comparison: Comparison, cost: Figure, error: str = "top1") -> Accuracies:
    """Return the networks for the most common task, judged by the number of classes and input channels.

    Sizes are parameters, or MACs if parameters are the cost.
    """
    size = METRICS["macs" if cost.name in ("params", "weights", "param_memory") else "params"]
    tasks: dict[Task, list[ChartedNetwork]] = {}
    missing: dict[int, UnchartedNetwork] = {}
    for at, entry in enumerate(comparison.entries):
        mark = _mark(entry, cost, size, error)
        if isinstance(mark, ChartedNetwork):
            tasks.setdefault(_task(entry), []).append(mark)
        else:
            missing[at] = UnchartedNetwork(entry.label, mark)
    chosen = max(tasks, key=lambda task: len(tasks[task]), default=(0, 0))
    drawn = tasks.get(chosen, [])
    for at, entry in enumerate(comparison.entries):
        if at not in missing and _task(entry) != chosen:
            missing[at] = UnchartedNetwork(entry.label, _other(_task(entry), chosen))
    told = [missing[at] for at in sorted(missing)]
    if not drawn:
        reasons = "; ".join(f"{label}: {reason}" for label, reason in told[:FEW])
        raise SpecError(Problem(f"no accuracy to plot; {reasons}", hint="--bars plots the costs of the networks"))
    told += [UnchartedNetwork(each.label, each.error.problems[0].message) for each in comparison.failures]
    return Accuracies(drawn, told, cost, size, error, drawn[0].entry.report.outputs[-1].c)


def _mark(entry: ComparedNetwork, cost: Figure, size: Figure, error: str) -> ChartedNetwork | str:
    """Return the network's mark, or the reason why it has none."""
    name = f"{error}_error"
    if name not in (entry.report.setting.about.published or {}):
        return f"no published {ERRORS[error]} error"
    wrong = entry.error(name)
    if wrong is None:
        return "options changed it, so its published error does not apply"
    x, area = cost.read(entry.report), size.read(entry.report)
    if x is None:
        return f"no {cost.words}"
    for figure, value in ((cost, x), (size, area)):
        if not isinstance(value, int):
            return f"its {figure.words} {'are' if figure.plural else 'is'} a formula"
    return ChartedNetwork(entry, x, 100 - wrong, area)


def _task(entry: ComparedNetwork) -> Task:
    return entry.report.outputs[-1].c, entry.report.input.c


def _other(task: Task, chosen: Task) -> str:
    """Return how the task differs: by the number of classes, or else by the input channels."""
    return (
        f"for another task, {task[0]} classes"
        if task[0] != chosen[0]
        else f"for another task, images of {task[1]} channel{'s' if task[1] != 1 else ''}"
    )
