"""Memory of the forward and backward pass.

Gradients are computed, and tensors kept for them, only where the output of a layer depends on weights that are trained.

The backward pass visits the layers in reverse. The tensors that a layer needs for its gradient (`Layer.keeps`) are held until its backward
step. The gradient of a tensor is written in the backward step of its last reader and freed after that of its writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.layers import INDICES, INPUT, MAP, MASK, OUTPUT

if TYPE_CHECKING:
    from cnncalc.propagate.rows import Row
    from cnncalc.study.memory.liveness import Plan, PlanStep

REMEMBERED = {MASK: 1, INDICES: 8}  # bytes per output element: a bool, an index into the input
FORWARD, BACKWARD = "forward", "backward"


class Buffer:
    """Memory for one image of a tensor, or of a chain of in-place layers."""

    __slots__ = ("needed", "readers", "result", "row", "trained", "values", "writer")

    def __init__(self, row: Row, writer: int, values: int) -> None:
        self.row = row  # last layer that writes to it
        self.writer = writer  # first step that writes to it
        self.values = values
        self.readers: list[int] = []
        self.trained: int | None = None  # first step that writes to it and whose output depends on trained weights
        self.needed: list[int] = []  # steps whose backward pass reads it
        self.result = False


class Lifetime(NamedTuple):
    """Bytes for one image and the moments (inclusive) in which they are held: forward 0 to n - 1, backward n to 2n - 1."""

    sort: str
    bytes: int
    first: int
    last: int


class TrainingMemory(NamedTuple):
    """Memory for one image over a training step."""

    peak: int  # bytes
    at: Row
    phase: str
    stored: dict[str, int]  # held from the forward to the backward pass, by sort
    held: dict[str, int]  # at the peak


ACTIVATIONS, GRADIENTS = "activations", "gradients"


def buffers(plan: Plan) -> list[Buffer]:
    """Assign tensors to buffers in training: a layer overwrites its input only if no gradient is computed from that input."""
    result: list[Buffer] = []
    at: list[Buffer] = []  # buffer of each tensor
    for step_at, step in enumerate(plan.steps):
        for each in step.reads:
            at[each].readers.append(step_at)
        if step.writes is None:
            continue
        tensor = plan.tensors[step.writes]
        if step.overwrites and not tensor_is_needed(plan, step.reads[0], step_at):
            at.append(at[step.reads[0]])
            at[-1].row = step.row
            at[-1].readers.remove(step_at)
        else:
            result.append(Buffer(step.row, step_at, tensor.values))
            at.append(result[-1])
        if step.trains and at[-1].trained is None:
            at[-1].trained = step_at
    for k, tensor in enumerate(plan.tensors):
        at[k].needed += needs(plan, k)
        at[k].result = at[k].result or tensor.leaves
    return result


def needs(plan: Plan, k: int) -> list[int]:
    """Return the steps whose gradients are computed from a tensor."""
    tensor = plan.tensors[k]
    steps = [each for each in tensor.readers if each >= 0 and plan.steps[each].writes is not None and INPUT in keeps(plan.steps[each])]
    return [*steps, tensor.writer] if OUTPUT in keeps(plan.steps[tensor.writer]) else steps


def tensor_is_needed(plan: Plan, k: int, by: int) -> bool:
    """Return whether a tensor must not be overwritten by a step: it is read later, or a gradient is computed from it."""
    tensor = plan.tensors[k]
    return tensor.leaves or any(each > by for each in tensor.readers) or bool(needs(plan, k))


def keeps(step: PlanStep) -> tuple[str, ...]:
    """Return what a step's layer keeps for the backward pass."""
    return step.row.layer.keeps if step.trains else ()


def spans(plan: Plan, width: int) -> list[Lifetime]:
    """Return the lifetimes of all buffers, gradients and masks with `width` bytes per element."""
    last = 2 * len(plan.steps) - 1
    lifetimes = []
    for buffer in buffers(plan):
        read = max(buffer.readers, default=buffer.writer)
        until = len(plan.steps) if buffer.result else read
        lifetimes.append(
            Lifetime(ACTIVATIONS, buffer.values * width, buffer.writer, max([until, *(last - each for each in buffer.needed)]))
        )
        if buffer.trained is not None and (buffer.readers or buffer.result):
            first = len(plan.steps) if buffer.result else last - read
            lifetimes.append(Lifetime(GRADIENTS, buffer.values * width, first, last - buffer.trained))
    for i, step in enumerate(plan.steps):
        if step.writes is not None:
            lifetimes += [
                Lifetime(sort, plan.tensors[step.writes].values * REMEMBERED[sort], i, last - i)
                for sort in keeps(step)
                if sort in REMEMBERED
            ]
        if step.scratch:
            lifetimes.append(Lifetime(MAP, step.scratch * width, i, last - i if MAP in keeps(step) else i))
    return lifetimes


def course(plan: Plan, width: int) -> TrainingMemory:
    """Return the peak of a training step, and what is held there."""
    count = len(plan.steps)
    held = spans(plan, width)
    change = [0] * (2 * count + 1)
    for span in held:
        change[span.first] += span.bytes
        change[span.last + 1] -= span.bytes
    now = peak = at = 0
    for moment, more in enumerate(change):
        now += more
        if now > peak:
            peak, at = now, moment
    row = plan.steps[at if at < count else 2 * count - 1 - at].row
    stored = [span for span in held if span.first < count <= span.last]
    return TrainingMemory(
        peak, row, FORWARD if at < count else BACKWARD, by_sort(stored), by_sort([s for s in held if s.first <= at <= s.last])
    )


def without_reuse(plan: Plan, width: int) -> dict[str, int]:
    """Return the bytes by sort if every volume and gradient has its own memory."""
    return by_sort(spans(plan, width))


def by_sort(lifetimes: list[Lifetime]) -> dict[str, int]:
    """Sum the bytes by sort."""
    sums: dict[str, int] = {}
    for span in lifetimes:
        sums[span.sort] = sums.get(span.sort, 0) + span.bytes
    return sums
