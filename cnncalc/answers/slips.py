"""Finds the slips that lead to a wrong answer."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.answers.measure import measure
from cnncalc.answers.mistakes import CHANNELS_LAST, SLIPS
from cnncalc.answers.notation import FIRST
from cnncalc.answers.partial_counts import of_claim, partial_counts
from cnncalc.answers.quantities import ASKED, NoSuchQuantityError, computed
from cnncalc.answers.reading import UnclearError, judge, sampled
from cnncalc.answers.symbolic_repeat import GrowingReport
from cnncalc.dims import Poly
from cnncalc.errors import SpecError
from cnncalc.explore.causes import QUANTITIES
from cnncalc.explore.reconcile import CauseSearch, ChangedNetworks
from cnncalc.layers import Volume
from cnncalc.limits import OF_SIGN, OF_VISIT, LimitError
from cnncalc.printed_number import PrintedNumber, printed_number
from cnncalc.propagate.figures import COUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.grade import Grader, Verdict
    from cnncalc.answers.mistaken_rules import Change
    from cnncalc.answers.mistakes import Slip
    from cnncalc.answers.partial_counts import PartialCount
    from cnncalc.answers.questions import Question
    from cnncalc.limits import Meter
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

SMALL = 60  # layers up to which pairs of slips that change shapes are tried
LARGE = 400  # layers from which no pairs are tried
CHANCE = 50  # one number in so many, at most, is met by chance where pairs of slips, parts and other metrics are named
SIDES = {"height": 0, "width": 1, "depth": -1}  # of a volume
FEW_TERMS = 20  # of a sum of which one may be left out
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
    if verdict.claimed_value is None or isinstance(verdict.computed, (bool, str)) or isinstance(verdict.report, GrowingReport):
        return []
    if verdict.remark:  # the right volume in another order
        return [FoundSlip("channels-first" if "first" in verdict.remark else "channels-last", verdict.remark)]
    if verdict.question.claim is not None:
        return [*upside_down(verdict), *term_left_out(verdict, hide=hide)]
    assert verdict.report is not None  # questions without a claim have a network
    search = SlipSearch(verdict, verdict.report, computed_slips(verdict, grader), meter or grader.meter, hide=hide)
    try:
        found = [*search.units()] or [*search.single(), *siblings(verdict, grader)]
        found = found or search.partial() or search.pairs() or [*search.others()] or search.causes()
        return list({slip.words: slip for slip in found}.values())[:FEW]
    except LimitError:
        return [FoundSlip("", OUT_OF_BUDGET)]


def computed_slips(verdict: Verdict, grader: Grader) -> ComputedSlips:
    """Return the values under each slip, once for all questions about the same quantity of a network."""
    assert verdict.report is not None  # it is no claim
    question, metric = verdict.question, verdict.answer.metric
    asked = verdict.report, verdict.row, metric, question.counting.flops, question.counting.bias, question.layout
    if asked not in grader.computed_slips:
        grader.computed_slips[asked] = ComputedSlips(verdict.report, verdict.row, question, metric, verdict.computed)
    known: ComputedSlips = grader.computed_slips[asked]
    return known


class ComputedSlips:
    """The values of a question under each slip and pair of slips, computed on first use."""

    def __init__(self, report: Report, row: Row | None, question: Question, name: str, right: Any) -> None:
        self.report = report
        self.row = row
        self.question = question
        self.axis = SIDES.get(name)
        self.quantity = ASKED[name].key if self.axis is None else "output"
        self.right = right
        self.last = row or report.rows[report.graph.outputs[-1]]
        one_layer = row is not None or sum(each.layer.is_weight_layer for each in report) == 1
        self.slips = [
            slip
            for slip in SLIPS
            if self.quantity in slip.quantities.split()
            and (one_layer or not slip.single or self.quantity == "output")
            and report.setting.id.startswith(slip.only)
        ]
        if question.layout == FIRST:
            self.slips = [CHANNELS_LAST if slip.tag == "channels-first" else slip for slip in self.slips]
        layers = 1 if row is not None else len(report.rows)
        self.usable = {slip for slip in self.slips if layers <= SMALL or not slip.reshapes} if layers <= LARGE else set()  # in pairs
        self.combined: list[tuple[Slip, Slip]] | None = None
        self.single: list[Any] = []  # values of the first slips; None if there is none
        self.pairs: list[Any] = []
        self.partial: list[PartialCount] | None = None
        self.causes: CauseSearch | None = None  # created on first use
        self.samples: dict[Any, Any] = {}  # by formula
        self.seen: set[Any] = set()  # values of pairs

    def sample(self, formula: Any) -> Any:
        """Return the formula at the sample numbers, computed once."""
        if formula not in self.samples:
            self.samples[formula] = sampled(formula)
        return self.samples[formula]

    def singles(self, meter: Meter) -> Iterator[tuple[Slip, Any]]:
        """Yield every slip that changes the value, with the changed value."""
        for i, slip in enumerate(self.slips):
            if i == len(self.single):
                self.single.append(self._value(slip.change, meter, last=slip.single))
            if self.single[i] is not None:
                yield slip, self.single[i]

    def in_pairs(self, meter: Meter) -> Iterator[tuple[tuple[Slip, Slip], Any]]:
        """Yield every pair of slips that changes the value, as each alone does, with the changed value; of equal values, the first."""
        if self.combined is None:
            each = [slip for slip, _ in self.singles(meter) if slip in self.usable]
            self.combined = [(one, other) for one, other in combinations(each, 2) if one.tag != other.tag]
        for i, (one, other) in enumerate(self.combined):
            if i == len(self.pairs):
                value = self._value(one.change.also(other.change), meter, last=one.single or other.single)
                self.pairs.append(None if value in self.seen else value)
                self.seen.add(value)
            if self.pairs[i] is not None:
                yield (one, other), self.pairs[i]

    def partial_counts(self, meter: Meter) -> list[PartialCount]:
        """Return the values of counting the wrong layers."""
        if self.partial is None:
            meter.operate(OF_VISIT * len(self.report.rows))
            found = list(partial_counts(self.report, self.row, self.quantity, self.right) if isinstance(self.right, (int, Volume)) else ())
            if self.axis is not None:
                found = [each._replace(value=each.value[self.axis]) for each in found]
            self.partial = [each for each in found if each.value != self.right]
        return self.partial

    def _value(self, change: Change, meter: Meter, *, last: bool) -> Any:
        row = self.last if last and self.quantity == "output" else self.row
        meter.operate(OF_VISIT * (1 if self.row is not None else len(self.report.rows)))
        try:
            value = measure(self.report, row, self.quantity, self.question.counting, change)
        except ArithmeticError:  # undecided for symbols, or too long a formula
            return None
        if value is not None and self.axis is not None:
            value = value[self.axis]
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
        value = said.value if isinstance(said, PrintedNumber) else said
        self.formula = isinstance(value, (Poly, tuple))
        self.sample = sampled(value)
        self.plain = value if self.exact and verdict.question.tolerance is None and isinstance(value, (int, Fraction)) else None

    def single(self) -> list[FoundSlip]:
        """Return the single slips that explain the claimed value."""
        return [FoundSlip(slip.tag, self._said(slip)) for slip, value in self.values.singles(self.meter) if self._is(value)]

    def partial(self) -> list[FoundSlip]:
        """Return the wrong layers counted."""
        counts = self.values.partial_counts(self.meter)
        if not self.unlikely([each.value for each in counts]):
            return []
        return [FoundSlip(each.tag, each.hidden if self.hide else each.words) for each in counts if self._is(each.value)]

    def pairs(self) -> list[FoundSlip]:
        """Return the pairs of slips that explain an exact claimed value; a rounded one could match by chance."""
        if not self.exact:
            return []
        values = [*self.values.in_pairs(self.meter)]
        found = [pair for pair, value in values if self._is(value)]
        if not found or not self.unlikely([value for _, value in values]):
            return []
        return [FoundSlip(f"{one.tag}+{other.tag}", f"{self._said(one)}, and {self._said(other)}") for one, other in found[:1]]

    def unlikely(self, values: Sequence[Any]) -> bool:
        """Return whether the claimed number would seldom meet one of the values by chance: few of them lie near it."""
        said = self.verdict.claimed_value
        value = said.value if isinstance(said, PrintedNumber) else said
        value = value[0] if isinstance(value, tuple) and len(value) == 2 and value[0] == value[1] else value
        if isinstance(value, (tuple, Poly)):
            return True
        sizes = {each[0] if isinstance(each, tuple) else each for each in values}
        near = sum(isinstance(each, (int, Fraction)) and value <= 2 * each <= 4 * value for each in sizes)
        width = max(1, 2 * said.slack) if isinstance(said, PrintedNumber) else 1
        return bool(near * width * CHANCE <= value * Fraction(3, 2))

    def others(self) -> Iterator[FoundSlip]:
        """Yield other metrics of the same layer, and other layers, with the claimed value."""
        if not self.exact:
            return
        of = self.row or self.report.total
        names = [name for name in OTHERS if self.metric.name in OTHERS and name != self.metric.name]
        values = [getattr(of, ASKED[name].key) for name in names]
        if self.unlikely(values):
            for name, value in zip(names, values, strict=True):
                if self._is(value):
                    yield FoundSlip("other-quantity", f"that is {metric_phrase(ASKED[name])}")
        if self.row is not None:
            yield from self._elsewhere(self.row)

    def causes(self) -> list[FoundSlip]:
        """Return what was counted where the claimed number of a network was printed, as `reconcile` does."""
        said, report, name = self.verdict.claimed_value, self.report, self.metric.name
        if self.row is not None or name not in QUANTITIES or not isinstance(said, PrintedNumber) or not isinstance(self.values.right, int):
            return []
        if self.values.causes is None:
            self.values.causes = CauseSearch(ChangedNetworks(report), name)
            self.meter.operate(OF_VISIT * len(report.rows) * len(self.values.causes.possible))
        if self.values.causes.computed != self.values.right or said.value <= 0:  # without biases, say
            return []
        found = self.values.causes.search(said, pairs=False)
        return [
            FoundSlip(first.cause, f"{said.text}: {each.words}")
            for each in found
            if (first := each.causes[0]).cause != "slip"
            and not (self.hide and first.cause in ("buffers", "bias"))  # they tell what is missing
        ]

    def _elsewhere(self, here: Row) -> Iterator[FoundSlip]:
        """Yield other layers of the same kind with the claimed value, if there are few."""
        others = [row for row in self.report if row is not here and row.kind == here.kind]
        name, bias = self.metric.name, self.verdict.question.counting.bias
        self.meter.operate(OF_SIGN * len(others))
        values = [computed(self.report, row, name, bias=bias) for row in others]
        rows = [row for row, value in zip(others, values, strict=True) if self._is(value)]
        if 0 < len(rows) <= FEW and self.unlikely(values):
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

    def _is(self, value: Any) -> bool:
        if self.plain is not None and type(value) is int:  # most comparisons of a class are of this sort
            return self.plain == value
        if self.sample is not None and (self.formula or isinstance(value, (Poly, tuple))):
            other = self.values.sample(value)
            if other is not None and other != self.sample:  # quicker than a proof, and most are not equal
                return False
        try:
            return judge(self.verdict.claimed_value, value, self.verdict.question.tolerance)
        except UnclearError:
            return False


def metric_phrase(metric: Figure) -> str:
    """Return the name of a metric as a phrase: the number of parameters, the activation memory."""
    return f"the number of {metric.words}" if metric.unit == COUNT else f"the {metric.words}{' in bytes' if metric.in_bytes else ''}"


def upside_down(verdict: Verdict) -> Iterator[FoundSlip]:
    """Yield the slip of inverting a ratio."""
    value = verdict.computed
    if isinstance(value, (int, Fraction)) and value not in (0, 1) and "/" in verdict.answer.text + verdict.question.claim.text:  # type: ignore[union-attr]
        try:
            if judge(verdict.claimed_value, 1 / Fraction(value), verdict.question.tolerance):
                yield FoundSlip("ratio-upside-down", "that is the inverse ratio")
        except UnclearError:
            return


def term_left_out(verdict: Verdict, *, hide: bool) -> Iterator[FoundSlip]:
    """Yield a claim's sum without one of its terms."""
    value, claim = verdict.computed, verdict.question.claim
    if not isinstance(value, int) or isinstance(value, bool) or claim is None or "+" not in claim.text or len(verdict.parts) > FEW_TERMS:
        return
    with suppress(UnclearError):
        for each in of_claim(verdict.parts, value):
            if each.value != value and judge(verdict.claimed_value, each.value, verdict.question.tolerance):
                yield FoundSlip(each.tag, each.hidden if hide else each.words)


def siblings(verdict: Verdict, grader: Grader) -> list[FoundSlip]:
    """Return the other variants of the file with the claimed value, if there are few."""
    from cnncalc.spec.settings import Setting

    question, setting = verdict.question, verdict.question.setting
    if setting is None or setting.variant is None:
        return []
    found: list[FoundSlip] = []
    for variant in setting.network.variants.values():
        if variant.name == setting.variant.name:
            continue
        try:
            report = grader.report(Setting(setting.network, variant), question.counting, question.batch, question.dtype)
            row = report.layer(question.layer) if question.layer else None
            value = computed(report, row, verdict.answer.metric, bias=question.counting.bias)
            if value != verdict.computed and judge(verdict.claimed_value, value, question.tolerance):
                found.append(FoundSlip("other-variant", f"that is {variant.name}"))
        except (SpecError, UnclearError, NoSuchQuantityError):
            continue
    return found if len(found) <= FEW else []
