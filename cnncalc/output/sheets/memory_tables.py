"""Memory at inference and in training as tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.output.forms.bar import bar
from cnncalc.output.forms.numbers import NumberFormat, memory
from cnncalc.output.forms.sheet import COUNT, MEMORY, TEXT, VOLUME, Column, Form, Section, Sheet
from cnncalc.output.words import summary
from cnncalc.propagate.rows import BYTES, plain
from cnncalc.study.memory.training import BACKWARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.study.memory.liveness import HeldTensor
    from cnncalc.study.memory.peak import Account, Memory, MemoryItem, MemoryOptions
    from cnncalc.study.memory.training import TrainingMemory

BAR = 40  # signs of the longest bar
BARS = Form(
    lambda value, fmt: bar(value[0], value[1], BAR, ascii=fmt.style != "text"),
    lambda value: bar(value[0], value[1], BAR, ascii=True),
    style=lambda value: ("bar", ""),
)
WHAT = (
    Column("what", "tensor", TEXT, 100),
    Column("volume", "volume", VOLUME, 75),
    Column("values", "values", COUNT, 60),
    Column("type", "type", TEXT, 70),
    Column("memory", "memory", MEMORY, 90),
    Column("until", "needed by", TEXT, 50),
)
STEPS = (
    Column("layer", "layer", TEXT, 100),
    Column("writes", "writes", VOLUME, 70),
    Column("held", "held", MEMORY, 90),
    Column("bar", "", BARS, 50),
)
IN_PLACE = "Activations, batch norm and dropout overwrite their input once no later layer reads it"
VIEWS = "flatten, identity, split and slice"
RULES = {
    (True, True): f"{IN_PLACE} (--no-in-place); {VIEWS} are views (--no-views).",
    (False, True): f"Every layer but {VIEWS} has memory of its own.",
    (True, False): f"{IN_PLACE}; views are copied.",
    (False, False): "Every layer has memory of its own.",
}


class Within(NamedTuple):
    """A budget: its text and bytes, and the memory of training without reuse."""

    text: str
    bytes: int
    own: Account | None


def table(found: Memory, within: Within | None, units: str = "") -> Sheet:
    """Return a table of what is held at inference and in training, each at its peak."""
    fmt = NumberFormat(units)
    sections = [Section([*used(found)], _total(found.in_use), f"Inference, at the peak: {found.at}")]
    notes = [*in_use(found, fmt)]
    if found.training is not None and found.course is not None:
        rows = [_row(entry) for entry in found.training.entries]
        sections.append(Section(rows, _total(found.training), training_title(found.asked, found.course)))
        notes += training(found.report, found.training, found.course, fmt)
    if within is not None:
        notes += fits(found, within, fmt)
    return Sheet(summary.title(found.report), WHAT, sections, notes, [*asides(found)])


def listing(found: Memory) -> Sheet:
    """Return the same rows for csv, with a column for inference or training."""
    rows = [["in_use", *row] for row in used(found)]
    if found.training is not None:
        rows += [["training", *_row(entry)] for entry in found.training.entries]
    return Sheet((), (Column("when", "when", TEXT, 100), *WHAT), [Section(rows)])


def used(found: Memory) -> Iterator[list[Any]]:
    """Yield what is held at the inference peak: parameters, and each tensor by name."""
    report = found.report
    for entry in found.in_use.entries:
        if not entry.each:
            yield _row(entry)
    width = BYTES[report.dtype] * report.batch
    for each in found.use.held:
        tensor = each.tensor
        name = f"{tensor.row.path}, its map" if each.is_map else tensor.row.path
        yield [name, _volume(each), tensor.values * report.batch, report.dtype, tensor.values * width, _until(each)]


def _row(entry: MemoryItem) -> list[Any]:
    return [entry.name, None, entry.values, entry.type, entry.bytes, None]


def _total(account: Account) -> list[Any]:
    return ["total", None, None, None, account.bytes, None]


def _volume(held: HeldTensor) -> Any:
    volume = held.tensor.row.output
    return volume if volume.size == held.tensor.values and not held.is_map else None  # of a split, one part would be shown


def _until(held: HeldTensor) -> str:
    return held.until.path if held.until is not None else "a result"


def training_title(asked: MemoryOptions, course: TrainingMemory) -> str:
    """Return the title of the training section: optimizer and peak."""
    way = f"Training with {asked.optimizer}" + (", in mixed precision" if asked.mixed else "")
    if not asked.reuse:
        return f"{way}, every activation and every gradient with memory of its own"
    return f"{way}, at the peak: {'backward pass of ' if course.phase == BACKWARD else ''}{course.at.path}"


def in_use(found: Memory, fmt: NumberFormat) -> Iterator[str]:
    """Yield notes on peak and total, and on the best order of layers."""
    report = found.report
    peak = found.use.peak * BYTES[report.dtype] * report.batch
    values = sum(tensor.values for tensor in found.plan.tensors) + sum(step.scratch for step in found.plan.steps)
    whole = values * BYTES[report.dtype] * report.batch
    yield f"At inference, activations take {memory(peak, fmt)} at the peak and {memory(whole, fmt)} in total."
    if found.order is None:
        return
    order, width = found.order, BYTES[report.dtype] * report.batch
    bound = f"no order needs less than {memory(order.least * width, fmt)}"
    if order.peak == found.file_peak:
        yield "No other order of the layers needs less." if order.exact else f"No order that needs less was found; {bound}."
        return
    least = "the minimum over all orders of the layers" if order.exact else f"the best order of the layers found; {bound}"
    yield f"That is {least}; in the order of the file it is {memory(found.file_peak * width, fmt)}."


def training(report: Report, account: Account, course: TrainingMemory, fmt: NumberFormat) -> Iterator[str]:
    """Yield notes on memory kept for the backward pass, and on mixed precision."""
    left = sum(course.stored.values()) * report.batch
    yield f"In training, the forward pass keeps {memory(left, fmt)} for the backward pass."
    types = list(dict.fromkeys(entry.type for entry in account.entries if entry.type in BYTES))
    if len(types) > 1:
        kept = [f"{_several([each.name for each in account.entries if each.type == type])} in {type}" for type in types]
        yield f"Mixed precision: {', '.join(kept)}."


def _several(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def fits(found: Memory, within: Within, fmt: NumberFormat) -> Iterator[str]:
    """Yield the largest batches within a budget, and whether the current batch fits."""
    budget = within.bytes
    if found.training is not None:
        yield f"Within {within.text}, training: {_batch(found.training, budget, fmt)}."
    if within.own is not None:
        own = f"{_batch(within.own, budget, fmt)}; this one takes {memory(within.own.bytes, fmt)}"
        yield f"If every activation and every gradient has memory of its own, as in early frameworks: {own}."
    yield f"Within {within.text}, inference: {_batch(found.in_use, budget, fmt)}."
    shown = found.training or found.in_use
    if isinstance(shown.bytes, int):
        left = budget - shown.bytes
        said = f"it fits with {memory(left, fmt)} to spare" if left >= 0 else f"it exceeds the limit by {memory(-left, fmt)}"
        yield f"The batch of {found.report.batch} takes {memory(shown.bytes, fmt)}: {said}."


def _batch(account: Account, budget: int, fmt: NumberFormat) -> str:
    images = account.batch(budget)
    most = f"a batch of at most {images:,}" if images else "not even one image"
    return f"{most} ({memory(account.fixed, fmt)} and {memory(account.each, fmt)} per image)"


def asides(found: Memory) -> Iterator[str]:
    """Yield the rules of counting."""
    rules = found.asked.rules
    yield RULES[rules.in_place, rules.views]
    if any(step.scratch for step in found.plan.steps):
        yield "Attention holds its map while it runs; fused kernels (FlashAttention), which hold none, are not assumed."
    if found.training is not None:
        yield (
            "For the backward pass, layers with weights and norms keep their input, activations their output or input, max pooling its "
            "indices, dropout a mask. Statistics of norms and the algorithm (cuDNN) workspace are not counted."
        )


def steps(found: Memory, units: str = "") -> Sheet:
    """Return a table of what is held while each layer runs, at inference."""
    use, report = found.use, found.report
    width = BYTES[report.dtype] * report.batch
    rows = []
    for place, i in enumerate(use.order):
        step = found.plan.steps[i]
        held = use.course[place]
        rows.append([step.name, step.row.output if step.writes is not None else None, held * width, (held, use.peak)])
    return Sheet(
        summary.title(report),
        STEPS,
        [Section(rows)],
        [*in_use(found, NumberFormat(units))],
        [RULES[found.asked.rules.in_place, found.asked.rules.views]],
    )


def document(found: Memory, within: Within | None) -> dict[str, Any]:
    """Return the JSON of the memory."""
    report, asked = found.report, found.asked
    about = report.header()
    document: dict[str, Any] = {name: about[name] for name in ("cnncalc", "network", "batch")}
    document["dtype"] = report.dtype
    document["rules"] = {"in_place": asked.rules.in_place, "views": asked.rules.views, "order": "best" if found.order else "file"}
    width = BYTES[report.dtype]
    document["in_use"] = {
        "at": found.at,
        "parts": [_part(entry) for entry in found.in_use.entries],
        "bytes": plain(found.in_use.bytes),
        "held": [
            {
                "layer": each.tensor.row.path,
                "output": plain(each.tensor.row.output),
                "values": plain(each.tensor.values * report.batch),
                "bytes": plain(each.tensor.values * width * report.batch),
                "until": each.until.path if each.until is not None else None,
                **({"part": "map"} if each.is_map else {}),
            }
            for each in found.use.held
        ],
        "steps": [
            {"layer": found.plan.steps[i].name, "bytes": plain(held * width * report.batch)}
            for i, held in zip(found.use.order, found.use.course, strict=True)
        ],
    }
    if found.order is not None:
        file = plain(found.file_peak * width * report.batch)
        least = plain(found.order.least * width * report.batch)
        document["in_use"]["order"] = {"file_bytes": file, "least_bytes": least, "exact": found.order.exact}
    if found.training is not None and found.course is not None:
        document["training"] = {
            "optimizer": asked.optimizer,
            "mixed": asked.mixed,
            "reuse": asked.reuse,
            "at": found.course.at.path,
            "phase": found.course.phase,
            "parts": [_part(entry) for entry in found.training.entries],
            "bytes": plain(found.training.bytes),
            "kept_bytes": plain(sum(found.course.stored.values()) * report.batch),
        }
    if within is not None:
        batches = {"in_use": found.in_use.batch(within.bytes)}
        if found.training is not None:
            batches["training"] = found.training.batch(within.bytes)
        if within.own is not None:
            batches["without_reuse"] = within.own.batch(within.bytes)
        document["within"] = {"bytes": within.bytes, "batch": batches}
    return document


def _part(entry: MemoryItem) -> dict[str, Any]:
    return {"name": entry.name, "type": entry.type, "values": plain(entry.values), "bytes": plain(entry.bytes)}
