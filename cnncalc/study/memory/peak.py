"""Peak memory at inference and in training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.choice import choose
from cnncalc.errors import Problem, SpecError
from cnncalc.layers import INDICES, MAP, MASK
from cnncalc.propagate.rows import BYTES
from cnncalc.study.memory import liveness, training
from cnncalc.study.memory.liveness import Rules
from cnncalc.study.memory.training import ACTIVATIONS, GRADIENTS

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.propagate.report import Report
    from cnncalc.study.memory.liveness import InferenceMemory, Plan
    from cnncalc.study.memory.ordering import Order
    from cnncalc.study.memory.training import TrainingMemory

# State per parameter besides its gradient.
OPTIMIZERS = {"sgd": (), "momentum": ("momentum",), "adam": ("first moment", "second moment"), "adamw": ("first moment", "second moment")}
HALVES = ("float16", "bfloat16")
TENSOR_CATEGORIES = {
    ACTIVATIONS: ("activations", ""),
    MASK: ("dropout masks", "bool"),
    INDICES: ("max-pool indices", "int64"),
    MAP: ("attention maps", ""),
    GRADIENTS: ("activation gradients", ""),
}


class MemoryOptions(NamedTuple):
    """Options of the memory computation."""

    rules: Rules = Rules()
    best: bool = False  # use the order of layers with the lowest peak instead of the file's
    optimizer: str = "momentum"
    mixed: bool = False  # training in 16 bits with a master copy of the parameters
    reuse: bool = True  # buffers are reused within a training step


class MemoryItem(NamedTuple):
    """One line of a memory account. `each` is the size per image of a line that scales with the batch."""

    name: str
    type: str
    values: Dim
    bytes: Dim
    each: int = 0


class Account(NamedTuple):
    """Everything held in memory at the same time."""

    entries: list[MemoryItem]

    @property
    def bytes(self) -> Dim:
        """Total size."""
        return sum((entry.bytes for entry in self.entries), start=0)

    @property
    def fixed(self) -> Any:
        """Size that does not depend on the batch."""
        return sum(entry.bytes for entry in self.entries if not entry.each)

    @property
    def each(self) -> int:
        """Size per image."""
        return sum(entry.each for entry in self.entries)

    def exceeds(self, budget: int) -> bool:
        """Return whether the size is above a budget; False if it is symbolic."""
        return isinstance(self.bytes, int) and self.bytes > budget

    def batch(self, budget: int) -> int:
        """Return the largest batch size within a budget, or 0."""
        return max(0, int((budget - self.fixed) // self.each))


class Memory(NamedTuple):
    """Memory of a network at inference and in training."""

    report: Report
    asked: MemoryOptions
    plan: Plan
    use: InferenceMemory
    file_peak: int  # of inference in the order of the file, in elements per image
    order: Order | None
    in_use: Account
    training: Account | None  # None if not requested
    course: TrainingMemory | None

    @property
    def at(self) -> str:
        """The path of the layer at the inference peak."""
        return self.plan.steps[self.use.order[self.use.at]].name


def memory(report: Report, asked: MemoryOptions = MemoryOptions(), *, train: bool = True) -> Memory:  # noqa: B008  # a tuple
    """Compute the memory of a network at inference and, with `train`, in training."""
    plan = liveness.plan(report, asked.rules)
    order = None
    if asked.best:
        from cnncalc.study.memory.ordering import best

        order = best(plan)
    in_file = liveness.run(plan)
    use = liveness.run(plan, order.steps) if order else in_file
    constant = [_entry(name, report.dtype, values) for name, values in _state(report) if values != 0]
    in_use = Account([*constant, _moving(report, ACTIVATIONS, use.peak * BYTES[report.dtype], report.dtype)])
    trained, course = learning(report, asked, plan) if train else (None, None)
    return Memory(report, asked, plan, use, in_file.peak, order, in_use, trained, course)


def learning(report: Report, asked: MemoryOptions, plan: Plan) -> tuple[Account, TrainingMemory]:
    """Compute the memory of training."""
    asked = asked._replace(optimizer=choose(asked.optimizer, OPTIMIZERS, "optimizer"))
    if report.dtype == "int8":
        raise SpecError(Problem("int8 is an element type for inference, not for training", hint="--no-training leaves training out"))
    dtype = half(report) if asked.mixed else report.dtype
    course = training.course(plan, BYTES[dtype])
    sums = course.held if asked.reuse else training.without_reuse(plan, BYTES[dtype])
    moving = [_moving(report, sort, sums[sort], dtype) for sort in TENSOR_CATEGORIES if sums.get(sort)]
    return Account([*_still(report, asked, dtype), *moving]), course


def half(report: Report) -> str:
    """Return the 16-bit type of mixed precision."""
    if report.dtype == "float32":
        return HALVES[0]
    if report.dtype in HALVES:
        return report.dtype
    raise SpecError(
        Problem(f"mixed precision combines float32 with float16 or bfloat16, not {report.dtype}", hint="--dtype bfloat16 --mixed")
    )


def _still(report: Report, asked: MemoryOptions, dtype: str) -> list[MemoryItem]:
    """Return the lines for parameters, and for those that are trained, gradients, optimizer state and master copy."""
    wide = "float32" if asked.mixed else dtype
    values = report.total.trainable
    entries = [_entry("parameters", dtype, report.total.params)]
    if asked.mixed:
        entries.append(_entry("master copy of the parameters", wide, values))
    entries.append(_entry("parameter gradients", dtype, values))
    entries += [_entry(name, wide, values) for name in OPTIMIZERS[asked.optimizer]]
    entries += [_entry(name, wide, values) for name, values in _state(report)[1:]]
    return [entry for entry in entries if entry.values != 0]


def _state(report: Report) -> list[tuple[str, Dim]]:
    return [("parameters", report.total.params), ("buffers", report.total.buffers)]


def _entry(name: str, dtype: str, values: Dim) -> MemoryItem:
    return MemoryItem(name, dtype, values, BYTES[dtype] * values)


def _moving(report: Report, sort: str, each: int, dtype: str) -> MemoryItem:
    """Return a line that scales with the batch."""
    name, type = TENSOR_CATEGORIES[sort]
    width = training.REMEMBERED.get(sort, BYTES[dtype])
    return MemoryItem(name, type or dtype, each // width * report.batch, each * report.batch, each)
