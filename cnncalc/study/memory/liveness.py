"""Which tensors are alive at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.layers import IN_PLACE, MAP, PARAMETER, VIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

OUTSIDE = -1  # stands for the reader of a network output, after the last step


class Rules(NamedTuple):
    """Which layers need no memory of their own."""

    in_place: bool = True  # an activation overwrites its input once no later layer reads it
    views: bool = True  # flatten, identity, split and slice share the memory of their input


class Tensor:
    """Elements that one step writes for one image, and the steps that read them; views share the tensor of their input."""

    __slots__ = ("readers", "row", "values", "writer")

    def __init__(self, row: Row, writer: int, values: int) -> None:
        self.row = row
        self.writer = writer
        self.values = values
        self.readers: list[int] = []

    @property
    def leaves(self) -> bool:
        """Whether the tensor is a network output, held to the end."""
        return OUTSIDE in self.readers


class PlanStep(NamedTuple):
    """One layer: the steps that must run before it, the tensors it reads, and the tensor it writes (None for a view)."""

    row: Row
    after: tuple[int, ...]
    reads: tuple[int, ...]
    writes: int | None
    overwrites: bool  # may overwrite its input
    scratch: int = 0  # elements that are held only while it runs: the map of attention

    @property
    def name(self) -> str:
        """The path of the layer."""
        return self.row.path


class Plan(NamedTuple):
    """The steps of a network in the order of the file, and their tensors."""

    steps: list[PlanStep]
    tensors: list[Tensor]


class HeldTensor(NamedTuple):
    """A tensor that is held, and the last layer that reads it (None for a network output)."""

    tensor: Tensor
    until: Row | None
    is_map: bool = False  # the map of attention, not its output


class InferenceMemory(NamedTuple):
    """Memory at inference for one image, in elements."""

    peak: int
    at: int  # index of the peak in `order`
    order: Sequence[int]
    held: list[HeldTensor]  # at the peak
    course: list[int]  # at every step


def plan(report: Report, rules: Rules = Rules()) -> Plan:  # noqa: B008  # a tuple of two flags
    """Return the steps and tensors of a report; auxiliary heads are included if the report includes them."""
    rows = [row for row in report.rows if report.sides or not row.side]
    place = {id(row): i for i, row in enumerate(rows)}
    at = {i: place[id(row)] for i, row in enumerate(report.rows) if id(row) in place}
    shared = {VIEW} if rules.views else set()
    tensors: list[Tensor] = []
    written: list[int] = []  # for each step, the index of the tensor with its result
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
        tensors.append(Tensor(row, i, 0 if row.layer.storage == PARAMETER else _values(row)))  # a learned volume is among the parameters
        written.append(len(tensors) - 1)
        same = bool(reads) and tensors[reads[0]].values == tensors[-1].values
        overwrites = rules.in_place and row.layer.storage == IN_PLACE and same
        scratch = row.layer.map(*row.inputs) if MAP in row.layer.keeps else 0  # type: ignore[attr-defined]  # of attention
        steps.append(PlanStep(row, after, reads, written[-1], overwrites, scratch))
    for each in dict.fromkeys([*report.graph.outputs, *_ends(report)]):
        if each in at:
            tensors[written[at[each]]].readers.append(OUTSIDE)
    return Plan(steps, tensors)


def _values(row: Row) -> int:
    """Return the number of elements that a layer writes for one image."""
    values = row.cost.values
    if not isinstance(values, int):
        raise SpecError(
            Problem(f"{row.path}: how much memory {row.output} takes depends on symbols", hint="give them numbers: --input, --set")
        )
    copies: int = row.layer.parts if row.layer.splits else 1  # type: ignore[attr-defined]  # what splits has parts, and its row shows one
    return values * copies


def _ends(report: Report) -> Iterable[int]:
    """Return the last layers of auxiliary heads, which are outputs too."""
    read = {each for row in report.rows for each in row.node.inputs}
    return [i for i, row in enumerate(report.rows) if row.side and i not in read]


def run(plan: Plan, order: Sequence[int] | None = None) -> InferenceMemory:
    """Compute what is held at each step. The input of a step is held until its last reader has written its output."""
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
        moment = now + step.scratch + (0 if step.overwrites and gone else written)
        course.append(moment)
        if moment > peak:
            peak, at = moment, place
        now -= sum([plan.tensors[each].values for each in gone])
        if step.writes is not None and left[step.writes]:
            now += written
    return InferenceMemory(peak, at, order, held(plan, order, at), course)


def held(plan: Plan, order: Sequence[int], at: int) -> list[HeldTensor]:
    """Return the tensors held while a step runs."""
    when = {i: place for place, i in enumerate(order)}
    tensors = []
    step = plan.steps[order[at]]
    for k, tensor in enumerate(plan.tensors):
        last = max((when.get(each, len(when)) for each in tensor.readers), default=when[tensor.writer])
        overwritten = step.overwrites and last == at and k in step.reads
        if when[tensor.writer] <= at <= last and not overwritten and tensor.values:
            tensors.append(HeldTensor(tensor, plan.steps[order[last]].row if last < len(when) else None))
    if step.scratch:
        tensors.append(HeldTensor(Tensor(step.row, order[at], step.scratch), step.row, is_map=True))
    return tensors
