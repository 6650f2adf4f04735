"""Which tensors are alive at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.layers import IN_PLACE, VIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

OUTSIDE = -1  # the reader of what leaves the network: it takes it when all is done


class Rules(NamedTuple):
    """Where layers may spare memory."""

    in_place: bool = True  # an activation overwrites its input once no later layer reads it
    views: bool = True  # flatten, identity, split and slice are another look at the same numbers


class Tensor:
    """Numbers that one step writes, for one image, and the steps that read them; views of them are the same tensor."""

    __slots__ = ("readers", "row", "values", "writer")

    def __init__(self, row: Row, writer: int, values: int) -> None:
        self.row = row
        self.writer = writer
        self.values = values
        self.readers: list[int] = []

    @property
    def leaves(self) -> bool:
        """Is a result of the network, and held to the end."""
        return OUTSIDE in self.readers


class PlanStep(NamedTuple):
    """One layer at work: the steps that must come before, the tensors that it reads, and the one that it writes (a view writes none)."""

    row: Row
    after: tuple[int, ...]
    reads: tuple[int, ...]
    writes: int | None
    overwrites: bool  # may put its result in the place of its input

    @property
    def name(self) -> str:
        """The path of the layer."""
        return self.row.path


class Plan(NamedTuple):
    """The steps of a network in the order of the file, and the tensors between them."""

    steps: list[PlanStep]
    tensors: list[Tensor]


class Held(NamedTuple):
    """A tensor at a moment: the last step that needs it, None where it is a result."""

    tensor: Tensor
    until: Row | None


class Use(NamedTuple):
    """What one image takes while a network runs, in values."""

    peak: int
    at: int  # the place in the order where that is so
    order: Sequence[int]
    held: list[Held]  # at the peak
    course: list[int]  # at every step


def plan(report: Report, rules: Rules = Rules()) -> Plan:  # noqa: B008  # a tuple of two flags
    """The steps and tensors of a report; auxiliary heads only where they are included."""
    rows = [row for row in report.rows if report.sides or not row.side]
    place = {id(row): i for i, row in enumerate(rows)}
    at = {i: place[id(row)] for i, row in enumerate(report.rows) if id(row) in place}
    shared = {VIEW} if rules.views else set()
    tensors: list[Tensor] = []
    written: list[int] = []  # for each step, the tensor that holds its result
    steps: list[PlanStep] = []
    for i, row in enumerate(rows):
        after = tuple(dict.fromkeys(at[each] for each in row.node.inputs))
        reads = tuple(dict.fromkeys(written[each] for each in after))
        for each in reads:
            tensors[each].readers.append(i)
        if row.layer.storage in shared:
            steps.append(PlanStep(row, after, reads, None, overwrites=False))
            written.append(reads[0])
            continue
        tensors.append(Tensor(row, i, _values(row)))
        written.append(len(tensors) - 1)
        same = bool(reads) and tensors[reads[0]].values == tensors[-1].values
        steps.append(PlanStep(row, after, reads, written[-1], overwrites=rules.in_place and row.layer.storage == IN_PLACE and same))
    for each in dict.fromkeys([*report.graph.outputs, *_ends(report)]):
        if each in at:
            tensors[written[at[each]]].readers.append(OUTSIDE)
    return Plan(steps, tensors)


def _values(row: Row) -> int:
    """The numbers that a layer writes for one image."""
    values = row.cost.values
    if not isinstance(values, int):
        raise SpecError(
            Problem(f"{row.path}: how much memory {row.output} takes depends on symbols", hint="give them numbers: --input, --set")
        )
    copies: int = row.layer.parts if row.layer.splits else 1  # type: ignore[attr-defined]  # what splits has parts, and its row shows one
    return values * copies


def _ends(report: Report) -> Iterable[int]:
    """The last layers of auxiliary heads: they are results too."""
    read = {each for row in report.rows for each in row.node.inputs}
    return [i for i, row in enumerate(report.rows) if row.side and i not in read]


def run(plan: Plan, order: Sequence[int] | None = None) -> Use:
    """What is held at each step; an input is held while its last reader runs, beside what that one writes."""
    order = range(len(plan.steps)) if order is None else order
    left = [len(tensor.readers) for tensor in plan.tensors]
    now = peak = at = 0
    course: list[int] = []
    for place, i in enumerate(order):
        step = plan.steps[i]
        for each in step.reads:
            left[each] -= 1
        gone = [each for each in step.reads if not left[each]]
        written = 0 if step.writes is None else plan.tensors[step.writes].values
        moment = now + (0 if step.overwrites and gone else written)
        course.append(moment)
        if moment > peak:
            peak, at = moment, place
        now -= sum([plan.tensors[each].values for each in gone])
        if step.writes is not None and left[step.writes]:
            now += written
    return Use(peak, at, order, held(plan, order, at), course)


def held(plan: Plan, order: Sequence[int], at: int) -> list[Held]:
    """The tensors that are held while a step runs, and until when."""
    when = {i: place for place, i in enumerate(order)}
    found = []
    step = plan.steps[order[at]]
    for k, tensor in enumerate(plan.tensors):
        last = max((when.get(each, len(when)) for each in tensor.readers), default=when[tensor.writer])
        overwritten = step.overwrites and last == at and k in step.reads
        if when[tensor.writer] <= at <= last and not overwritten:
            found.append(Held(tensor, plan.steps[order[last]].row if last < len(when) else None))
    return found
