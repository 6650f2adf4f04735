"""Finds the slips that lead to a wrong answer."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.answers.measure import measure
from cnncalc.answers.mistakes import CHANNELS_LAST, SLIPS
from cnncalc.answers.notation import FIRST
from cnncalc.answers.quantities import ASKED, NoSuchQuantityError, computed
from cnncalc.answers.reading import UnclearError, judge
from cnncalc.dims import Poly
from cnncalc.errors import SpecError
from cnncalc.limits import OF_SIGN, OF_VISIT, LimitError
from cnncalc.printed_number import PrintedNumber, printed_number
from cnncalc.propagate.figures import COUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.answers.grade import Grader, Verdict
    from cnncalc.answers.mistakes import Change, Slip
    from cnncalc.answers.questions import Question
    from cnncalc.limits import Meter
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

SMALL = 60  # layers up to which pairs of slips that change shapes are tried
LARGE = 400  # layers from which no pairs are tried
UNLIKELY_BY_CHANCE = 10  # from this number on, a match with another metric is no coincidence
FEW = 3  # limit of other layers or variants to name
OUT_OF_BUDGET = "no search for slips: the work limit of this sheet is reached"
OTHERS = ("params", "weights", "biases", "macs", "values", "memory")  # metrics that can be confused
UNITS = (
    ("MB", "MiB", "1024"),
    ("GB", "GiB", "1024"),
    ("KB", "KiB", "1024"),
    ("MiB", "MB", "1000"),
    ("GiB", "GB", "1000"),
    ("KiB", "KB", "1000"),
)


class FoundSlip(NamedTuple):
    """A slip that explains a claimed value: its tag (for a pair, both) and a sentence without capital and full stop."""

    tag: str
    words: str


def slips(verdict: Verdict, grader: Grader, *, hide: bool = False, meter: Meter | None = None) -> list[FoundSlip]:
    """Return all single slips that explain the claimed value or, if none, pairs of slips and other metrics.

    With `hide`, they do not reveal the correct value or other layers. The values for each slip are computed once per question;
    the work counts for `meter`.
    """
    if verdict.claimed_value is None or isinstance(verdict.computed, bool):
        return []
    if verdict.remark:  # the right volume in another order
        return [FoundSlip("channels-first" if "first" in verdict.remark else "channels-last", verdict.remark)]
    if verdict.question.claim is not None:
        return [*upside_down(verdict)]
    assert verdict.report is not None  # questions without a claim have a network
    key = verdict.question, verdict.answer.metric
    if key not in grader.computed_slips:
        grader.computed_slips[key] = ComputedSlips(verdict.report, verdict.row, verdict.question, verdict.answer.metric, verdict.computed)
    search = SlipSearch(verdict, verdict.report, grader.computed_slips[key], meter or grader.meter, hide=hide)
    try:
        found = [*search.units(), *search.single(), *siblings(verdict, grader)]
        return list(dict.fromkeys(found or search.pairs() or search.others()))
    except LimitError:
        return [FoundSlip("", OUT_OF_BUDGET)]


class ComputedSlips:
    """The values of a question under each slip and pair of slips, computed on first use."""

    def __init__(self, report: Report, row: Row | None, question: Question, name: str, right: Any) -> None:
        self.report = report
        self.row = row
        self.question = question
        self.quantity = ASKED[name].key
        self.right = right
        self.last = row or report.rows[report.graph.outputs[-1]]
        one_layer = row is not None or sum(each.layer.is_weight_layer for each in report) == 1
        self.slips = [
            slip
            for slip in SLIPS
            if self.quantity in slip.quantities.split() and (one_layer or not slip.single or self.quantity == "output")
        ]
        if question.layout == FIRST:
            self.slips = [CHANNELS_LAST if slip.tag == "channels-first" else slip for slip in self.slips]
        layers = 1 if row is not None else len(report.rows)
        usable = [slip for slip in self.slips if layers <= SMALL or not slip.reshapes]
        self.combined = [pair for pair in combinations(usable, 2) if pair[0].tag != pair[1].tag] if layers <= LARGE else []
        self.single: list[Any] = []  # values of the first slips; None if there is none
        self.pairs: list[Any] = []

    def singles(self, meter: Meter) -> Iterator[tuple[Slip, Any]]:
        """Yield every slip that changes the value, with the changed value."""
        for i, slip in enumerate(self.slips):
            if i == len(self.single):
                self.single.append(self._value(slip.change, meter, last=slip.single))
            if self.single[i] is not None:
                yield slip, self.single[i]

    def in_pairs(self, meter: Meter) -> Iterator[tuple[tuple[Slip, Slip], Any]]:
        """Yield every pair of slips that changes the value, with the changed value."""
        for i, (one, other) in enumerate(self.combined):
            if i == len(self.pairs):
                self.pairs.append(self._value(one.change.also(other.change), meter, last=one.single or other.single))
            if self.pairs[i] is not None:
                yield (one, other), self.pairs[i]

    def _value(self, change: Change, meter: Meter, *, last: bool) -> Any:
        row = self.last if last and self.quantity == "output" else self.row
        meter.operate(OF_VISIT * (1 if self.row is not None else len(self.report.rows)))
        try:
            value = measure(self.report, row, self.quantity, self.question.counting, change)
        except ArithmeticError:  # undecided for symbols, or too long a formula
            return None
        return None if value == self.right else value


class SlipSearch:
    """Compares a claimed value with those under slips."""

    def __init__(self, verdict: Verdict, report: Report, computed_slips: ComputedSlips, meter: Meter, *, hide: bool) -> None:
        self.verdict = verdict
        self.report = report
        self.values = computed_slips
        self.meter = meter
        self.row = verdict.row
        self.metric = ASKED[verdict.answer.metric]
        self.hide = hide
        said = verdict.claimed_value
        self.exact = said.exact if isinstance(said, PrintedNumber) else True

    def single(self) -> list[FoundSlip]:
        """Return the single slips that explain the claimed value."""
        return [FoundSlip(slip.tag, self._said(slip)) for slip, value in self.values.singles(self.meter) if self._is(value)]

    def pairs(self) -> list[FoundSlip]:
        """Return the pairs of slips that explain an exact claimed value; a rounded one could match by chance."""
        if not self.exact:
            return []
        return [
            FoundSlip(f"{one.tag}+{other.tag}", f"{self._said(one)}, and {self._said(other)}")
            for (one, other), value in self.values.in_pairs(self.meter)
            if self._is(value)
        ]

    def others(self) -> Iterator[FoundSlip]:
        """Yield other metrics of the same layer, and other layers, with the claimed value."""
        if not self.exact or not unlikely_by_chance(self.verdict.claimed_value):
            return
        of = self.row or self.report.total
        for name in OTHERS if self.metric.name in OTHERS else ():
            if name != self.metric.name and self._is(getattr(of, ASKED[name].key)):
                yield FoundSlip("other-quantity", f"that is {metric_phrase(ASKED[name])}")
        if self.row is not None:
            yield from self._elsewhere(self.row)

    def _elsewhere(self, here: Row) -> Iterator[FoundSlip]:
        """Yield other layers of the same kind with the claimed value, if there are few."""
        rows = [row for row in self.report if row is not here and row.kind == here.kind and self._of(row)]
        if 0 < len(rows) <= FEW:
            which = "another layer" if self.hide else " and ".join(row.path for row in rows)
            yield FoundSlip("other-layer", f"that is {metric_phrase(self.metric)} of {which}")

    def units(self) -> Iterator[FoundSlip]:
        """Yield confusions of units that explain the claimed value: 1000 for 1024, MB for MiB."""
        said, right = self.verdict.claimed_value, self.verdict.computed
        if not isinstance(said, PrintedNumber) or not isinstance(right, int):
            return
        text = self.verdict.answer.text
        for one, other, says in UNITS:
            number = text[: -len(one)].rstrip()
            again = printed_number(number + other) if text.endswith(one) else None
            if again is not None and again.agrees(right):
                yield self._unit(f"{text} is right in units of {says}: {number} {other}")
        for letter, power, sign in (("K", 1, ""), ("M", 2, "²"), ("G", 3, "³")):
            factor = 1024**power
            if text.endswith(letter) and said._replace(value=said.value * factor / 1000**power).agrees(right):
                yield self._unit(f"{text} is right if {letter} means 1024{sign}")

    def _unit(self, words: str) -> FoundSlip:
        return FoundSlip("units", "the units are confused: 1000 and 1024" if self.hide else words)

    def _said(self, slip: Slip) -> str:
        biases = (self.row or self.report.total).biases
        claimed = self.verdict.answer.text
        return slip.says.format(
            claimed=f"{int(claimed):,}" if claimed.isdecimal() else claimed,
            biases="" if self.hide else f" {biases:,}" if isinstance(biases, int) else f" {biases}",
        )

    def _of(self, row: Row) -> bool:
        self.meter.operate(OF_SIGN)
        return self._is(computed(self.report, row, self.metric.name, bias=self.verdict.question.counting.bias))

    def _is(self, value: Any) -> bool:
        try:
            return judge(self.verdict.claimed_value, value, self.verdict.question.tolerance)
        except UnclearError:
            return False


def metric_phrase(metric: Figure) -> str:
    """Return the name of a metric as a phrase: the number of parameters, the activation memory."""
    return f"the number of {metric.words}" if metric.unit == COUNT else f"the {metric.words}{' in bytes' if metric.in_bytes else ''}"


def unlikely_by_chance(said: Any) -> bool:
    """Return whether a match with another metric is unlikely by chance: for a volume, a formula or a large number."""
    value = said.value if isinstance(said, PrintedNumber) else said
    return isinstance(value, (tuple, Poly)) or value >= UNLIKELY_BY_CHANCE


def upside_down(verdict: Verdict) -> Iterator[FoundSlip]:
    """Yield the slip of inverting a ratio."""
    from fractions import Fraction

    value = verdict.computed
    if isinstance(value, (int, Fraction)) and value not in (0, 1) and "/" in verdict.answer.text + verdict.question.claim.text:  # type: ignore[union-attr]
        try:
            if judge(verdict.claimed_value, 1 / Fraction(value), verdict.question.tolerance):
                yield FoundSlip("ratio-upside-down", "that is the inverse ratio")
        except UnclearError:
            return


def siblings(verdict: Verdict, grader: Grader) -> list[FoundSlip]:
    """Return the other variants of the file with the claimed value, if there are few."""
    from cnncalc.spec.settings import Setting

    question, setting = verdict.question, verdict.question.setting
    if setting is None or setting.variant is None or not unlikely_by_chance(verdict.claimed_value):
        return []
    found: list[FoundSlip] = []
    for variant in setting.network.variants.values():
        if variant.name == setting.variant.name:
            continue
        try:
            report = grader.report(Setting(setting.network, variant), question.counting, question.batch)
            row = report.layer(question.layer) if question.layer else None
            value = computed(report, row, verdict.answer.metric, bias=question.counting.bias)
            if value != verdict.computed and judge(verdict.claimed_value, value, question.tolerance):
                found.append(FoundSlip("other-variant", f"that is {variant.name}"))
        except (SpecError, UnclearError, NoSuchQuantityError):
            continue
    return found if len(found) <= FEW else []
