"""Named slips: a wrong answer goes in, out come the mistakes that give exactly the claimed number, in a student's words."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import Inconclusive, Poly
from cnncalc.layers import Volume
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.propagate.report import BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.answers.grade import Grader, Verdict
    from cnncalc.answers.sheet import Counting
    from cnncalc.layers import Layer
    from cnncalc.propagate.report import Report, Row

SMALL = 60  # layers of a network on which pairs of slips that change shapes are tried


def same_layer(layer: Layer) -> Layer:
    """Nothing forgotten."""
    return layer


def same_volume(volume: Volume) -> Volume:
    """Nothing forgotten."""
    return volume


class Change(NamedTuple):
    """How a student's reckoning differs from the rules. Every part that is not named is right."""

    shape: Callable[[Layer], Layer] = same_layer  # the layer as it is understood
    weigh: Callable[[Layer], Layer] = same_layer  # the layer as its weights are counted
    depth: Callable[[Volume], Volume] = same_volume  # the input as the weights see it
    output: Callable[[Volume], Volume] = same_volume  # the output as it is worked out
    bias: bool | None = None  # biases are parameters, or not
    norm: int | None = None  # numbers that batch norm learns for a channel
    flops: str = ""  # the convention that is followed
    all_values: bool = False  # volumes that are worked out in place count too
    input_values: bool = True
    sides: bool = False
    batched: bool = True  # work and values are for the whole batch
    times: int = 1
    over: int = 1

    def also(self, other: Change) -> Change:
        """Both mistakes at once; where both change one thing, the later one counts."""
        return self._replace(**{name: value for name, value in other._asdict().items() if value != RIGHT_WAY[name]})


RIGHT_WAY = Change()._asdict()


class Slip(NamedTuple):
    """One mistake: the quantities that it spoils, what it changes, and how to say it; {claimed} and {biases} are filled in."""

    quantities: str
    change: Change
    says: str
    reshapes: bool = False  # later layers would see another input


def without(field: str, value: Any) -> Callable[[Layer], Layer]:
    """The layer with one field as if it were not there."""

    def changed(layer: Layer) -> Layer:
        if field not in layer.fields:
            return layer
        return type(layer)(**{**layer.stated(), field: layer.fields[field].type.read(value)})

    return changed


def one_row(layer: Layer) -> Layer:
    """F for F²: a window of one row."""
    for field in ("kernel", "size"):
        if field in layer.fields and isinstance(getattr(layer, field), tuple):
            return type(layer)(**{**layer.stated(), field: (1, getattr(layer, field)[1])})
    return layer


def other_rounding(layer: Layer) -> Layer:
    """Floor for ceil, ceil for floor."""
    if "round" not in layer.fields:
        return layer
    return type(layer)(**{**layer.stated(), "round": "floor" if layer.stated().get("round") == "ceil" else "ceil"})


SHAPED = "output values bytes macs flops"
SLIPS = (
    Slip("params", Change(bias=False), "{claimed} is the count without the{biases} biases"),
    Slip("params", Change(bias=True), "{claimed} counts the{biases} biases too"),
    Slip("flops", Change(flops="macs"), "{claimed} counts multiply-accumulates, one for each pair of operations"),
    Slip("flops", Change(flops="flops"), "{claimed} counts two operations for each multiply-accumulate"),
    Slip("flops", Change(flops="full"), "{claimed} counts two operations for each multiply-accumulate, and all other layers too"),
    Slip("macs", Change(times=2), "{claimed} counts two operations for each multiply-accumulate"),
    Slip(SHAPED, Change(shape=without("pad", 0)), "the padding is forgotten", reshapes=True),
    Slip(SHAPED, Change(shape=without("stride", 1)), "the stride is forgotten", reshapes=True),
    Slip(SHAPED, Change(shape=without("dilation", 1)), "the dilation is forgotten", reshapes=True),
    Slip(SHAPED, Change(shape=other_rounding), "floor and ceil are confused", reshapes=True),
    Slip(SHAPED, Change(output=lambda y: Volume(y.h - 1, y.w - 1, y.c)), "the + 1 is forgotten", reshapes=True),
    Slip(SHAPED, Change(output=lambda y: Volume(y.w, y.h, y.c)), "height and width are confused", reshapes=True),
    Slip("params weights macs flops", Change(weigh=one_row), "a side of the window is taken for its area, F for F²"),
    Slip("params weights macs flops", Change(depth=lambda x: Volume(x.h, x.w, 1)), "the depth of the input is forgotten"),
    Slip("params weights macs flops", Change(depth=lambda x: Volume(x.h, x.w, 2 * x.c)), "the depth of the input is doubled"),
    Slip("params weights macs flops", Change(weigh=without("groups", 1)), "the groups are ignored"),
    Slip("params", Change(norm=4), "batch norm is counted with 4 numbers a channel; it learns 2, the others are kept"),
    Slip("params", Change(norm=0), "batch norm's scale and shift are left out"),
    Slip("values bytes", Change(all_values=True), "volumes that are worked out in place, as by ReLU, are counted too"),
    Slip("values bytes", Change(input_values=False), "the input is not counted"),
    Slip("params weights biases buffers macs flops values bytes", Change(sides=True), "the side exits are counted too"),
    Slip("macs flops values bytes", Change(batched=False), "the batch is forgotten"),
    Slip("bytes", Change(over=4), "that is the number of values; each of them takes 4 bytes"),
    Slip("bytes", Change(over=2), "that is 2 bytes a value, here are 4"),
    Slip("bytes", Change(times=2), "that is 8 bytes a value, here are 4, or values kept twice"),
    Slip("values", Change(times=4), "that is the number of bytes, 4 for each value"),
    Slip("values", Change(times=2), "every value is counted twice"),
    Slip("output", Change(output=lambda y: Volume(y.h, y.w, y.c // 2)), "that is one tower of two"),
    Slip("params weights biases macs flops values bytes", Change(over=2), "half of it, as if one tower of two were counted"),
)  # fmt: skip


def slips(verdict: Verdict, grader: Grader, *, hide: bool = False) -> list[str]:
    """The sentences for every single slip that gives the claimed number; for pairs where no single one does.

    With `hide` they name no number that the claimed one could be mended with.
    """
    from cnncalc.answers.quantities import ROW_NAMES

    report, row = verdict.report, verdict.row
    if report is None or verdict.question.claim is not None or verdict.said is None:
        return []
    quantity = ROW_NAMES.get(verdict.quantity, verdict.quantity)
    search = Search(verdict, report, row, quantity, hide=hide)
    found = [*search.units(), *search.single(), *siblings(verdict, grader)]
    return list(dict.fromkeys(found or search.pairs()))


class Search:
    """Recomputes one quantity under mistakes and compares it with what was claimed."""

    def __init__(self, verdict: Verdict, report: Report, row: Row | None, quantity: str, *, hide: bool) -> None:
        self.hide = hide
        self.verdict = verdict
        self.report = report
        self.row = row
        self.quantity = quantity
        one_layer = row is not None or sum(each.layer.weighs for each in report) == 1
        self.slips = [
            slip for slip in SLIPS if quantity in slip.quantities.split() and (one_layer or slip.change.depth is same_volume)
        ]  # nobody forgets the depth of every input at once

    def single(self) -> list[str]:
        """One mistake."""
        return [self._said(slip) for slip in self.slips if self._gives(slip.change)]

    def pairs(self) -> list[str]:
        """Two mistakes; those that change shapes only where the network is small."""
        small = self.row is not None or len(self.report.rows) <= SMALL
        usable = [slip for slip in self.slips if small or not slip.reshapes]
        return [
            f"{self._said(one)}, and {self._said(other)}"
            for one, other in combinations(usable, 2)
            if one.says != other.says and self._gives(one.change.also(other.change))
        ]

    def units(self) -> Iterator[str]:
        """The claimed figure in other units: 1000 for 1024, MB for MiB."""
        from cnncalc.figures import Figure, figure

        said = self.verdict.said
        if not isinstance(said, Figure) or not isinstance(self.verdict.computed, int):
            return
        text = self.verdict.answer.text
        for one, other, says in (
            ("MB", "MiB", "1024"),
            ("GB", "GiB", "1024"),
            ("KB", "KiB", "1024"),
            ("MiB", "MB", "1000"),
            ("GiB", "GB", "1000"),
        ):
            again = figure(text[: -len(one)] + other) if text.endswith(one) else None
            if again is not None and again.agrees(self.verdict.computed):
                yield f"{text} is right in units of {says}: {text[: -len(one)]} {other}"
        for letter, power in (("K", 1), ("M", 2), ("G", 3)):
            if text.endswith(letter) and said._replace(value=said.value * 1024**power / 1000**power).agrees(self.verdict.computed):
                yield f"{text} is right with {letter} = 1024{'²³'[power - 2] if power > 1 else ''}"

    def _said(self, slip: Slip) -> str:
        biases = (self.row or self.report.total).biases
        claimed = self.verdict.answer.text
        return slip.says.format(
            claimed=f"{int(claimed):,}" if claimed.isdecimal() else claimed,
            biases="" if self.hide else f" {biases:,}" if isinstance(biases, int) else f" {biases}",
        )

    def _gives(self, change: Change) -> bool:
        from cnncalc.answers.grade import UnclearError, judge

        try:
            value = measure(self.report, self.row, self.quantity, self.verdict.question.counting, change)
            if value is None or value == self.verdict.computed:
                return False
            return judge(self.verdict.answer, self.verdict.said, value, self.verdict.question.tolerance)
        except (Inconclusive, ArithmeticError, UnclearError, ValueError):
            return False


def measure(report: Report, row: Row | None, quantity: str, counting: Counting, change: Change) -> Any:
    """A quantity, worked out with a mistake: of one layer on its true input, or of the whole network; None where nothing comes of it."""
    convention = CONVENTIONS[change.flops or counting.flops]
    bias = counting.bias if change.bias is None else change.bias
    width = BYTES[report.dtype]
    total: Any = 0
    volumes: list[Volume] = []
    for each in report.rows if row is None else [row]:
        xs = tuple(volumes[i] for i in each.node.inputs) if row is None else each.inputs
        layer = change.shape(each.layer)
        y = layer.output(*xs) if xs else each.output
        y = change.output(y) if xs else y
        if any(isinstance(side, int) and side < 1 for side in y):
            return None
        volumes.append(y)
        if quantity == "output" or (each.side and row is None and not change.sides):
            continue
        total += figure_of(each, layer, xs, y, quantity, change, convention, bias=bias, alone=row is not None)
    if quantity == "output":
        return volumes[-1 if row is not None else report.graph.outputs[-1]]
    batch = report.batch if change.batched and quantity in ("macs", "flops", "values", "bytes") else 1
    value = total * change.times * batch * (width if quantity == "bytes" else 1)
    if isinstance(value, Poly):
        return value if change.over == 1 else value / change.over
    return value // change.over if value % change.over == 0 else None


def figure_of(
    row: Row, layer: Layer, xs: tuple[Volume, ...], y: Volume, quantity: str, change: Change, convention: Any, *, bias: bool, alone: bool
) -> Any:
    """What one layer adds to a quantity, under a mistake."""
    if quantity in ("values", "bytes"):
        if not xs:
            return y.size if change.input_values else 0
        return y.size if row.stored or change.all_values or alone else 0
    counted = change.weigh(layer)
    seen = tuple(change.depth(x) for x in xs) if layer.weighs else xs
    if not xs:
        return 0
    weights, biases, buffers = counted.weights(*seen), counted.biases(*seen), counted.buffers(*seen)
    if quantity in ("macs", "flops"):
        work = counted.work(*seen, y)
        cost = row.cost._replace(weights=weights, biases=biases, buffers=buffers, work=work, values=y.size)
        return work.macs if quantity == "macs" else convention(cost)
    if change.norm is not None and layer.kind == "bn":
        return change.norm * xs[0].c
    parts = {"weights": weights, "biases": biases, "buffers": buffers, "params": weights + biases if bias else weights}
    return parts[quantity]


def siblings(verdict: Verdict, grader: Grader) -> Iterator[str]:
    """The other variants of the file whose figure was claimed."""
    from cnncalc.answers.grade import UnclearError, judge
    from cnncalc.answers.quantities import NoSuchQuantityError, computed
    from cnncalc.errors import SpecError
    from cnncalc.spec.settings import Setting

    setting = verdict.question.setting
    if setting is None or setting.variant is None:
        return
    for variant in setting.network.variants.values():
        if variant.name == setting.variant.name:
            continue
        try:
            report = grader.report(Setting(setting.network, variant), verdict.question.counting)
            rows = report.find(verdict.question.layer) if verdict.question.layer else [None]
            if len(rows) == 1:
                value = computed(report, rows[0], verdict.quantity, verdict.question.counting)
                if judge(verdict.answer, verdict.said, value, verdict.question.tolerance):
                    yield f"that is {variant.name}"
        except (SpecError, UnclearError, NoSuchQuantityError):
            continue
