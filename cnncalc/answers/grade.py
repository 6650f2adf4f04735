"""Grades an answer sheet: a verdict for every answer, with the computed value."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from cnncalc.answers.claims import ClaimScope
from cnncalc.answers.legal_answers import is_right
from cnncalc.answers.mistaken_rules import with_fields
from cnncalc.answers.networks import Networks
from cnncalc.answers.notation import ANY, FIRST, LAST, SHAPE, split_sides, unbracketed
from cnncalc.answers.quantities import FIELDS, SIZES, WEIGHT_SHAPE, NoSuchQuantityError, computed
from cnncalc.answers.questions import TEXT, Answer
from cnncalc.answers.reading import DIVISION, TRUTHS, UnclearError, judge, known_symbols, number, parse_answer, symbols_of, volume
from cnncalc.errors import Problem, Span, SpecError
from cnncalc.layers import FieldError, Volume
from cnncalc.limits import LIMITS
from cnncalc.printed_number import PrintedNumber
from cnncalc.spec.expressions import ExpressionError, Word
from cnncalc.spec.reader import inside
from cnncalc.spec.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.answers.questions import AnswerSheet, Question
    from cnncalc.limits import Meter
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

LETTER = re.compile(r"(?:option )?\(?([A-Za-z])(?:[).:] ?(.*))?", re.IGNORECASE)  # of an option, with the option itself or alone
NONE = re.compile(r"none of (?:them|these|those|the above|the others)\.?", re.IGNORECASE)
RIGHT, WRONG, UNCLEAR = "right", "wrong", "unclear"


class Verdict:
    """A graded answer."""

    __slots__ = ("answer", "claimed_value", "computed", "parts", "question", "reason", "remark", "report", "row", "verdict")

    def __init__(self, question: Question, answer: Answer, report: Report | None, row: Row | None) -> None:
        self.question = question
        self.answer = answer
        self.report = report
        self.row = row
        self.verdict = UNCLEAR
        self.claimed_value: Any = None  # the parsed answer; None if it could not be parsed
        self.computed: Any = None
        self.parts: Mapping[str, Any] = {}  # values of the quantities in a claim
        self.reason = ""  # why it is unclear
        self.remark = ""  # how a right answer was read

    @property
    def shown(self) -> Any:
        """The computed value as an answer has it: a volume in the order of the sheet."""
        value = self.computed
        return Volume(value.c, *value.sides) if isinstance(value, Volume) and self.question.layout == FIRST else value

    def again(self, verdict: str, remark: str) -> Verdict:
        """Return the same answer with another verdict."""
        other = Verdict(self.question, self.answer, self.report, self.row)
        other.claimed_value, other.computed, other.parts = self.claimed_value, self.computed, self.parts
        other.verdict, other.remark = verdict, remark
        return other

    @property
    def quantity(self) -> str:
        """The quantity asked for."""
        return self.answer.quantity


class Grader(Networks):
    """Grades sheets; each network is computed once for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.computed_slips: dict[Any, Any] = {}  # by what is asked; filled by cnncalc.answers.slips

    def grade(self, sheet: AnswerSheet) -> list[Verdict]:
        """Grade a sheet. A question about something that does not exist is an error of the sheet, not of the student."""
        self.renew()
        problems: list[Problem] = []
        verdicts: list[Verdict] = []
        for question in sheet.questions:
            try:
                verdicts += any_combination([*self._question(question, sheet)])
            except SpecError as error:  # noqa: PERF203  # report several errors at once
                problems += error.problems
                if len(problems) >= LIMITS.problems:
                    break
        if problems:
            raise SpecError({(problem.place, problem.message): problem for problem in problems}.values())
        return verdicts

    def _question(self, question: Question, sheet: AnswerSheet) -> Iterator[Verdict]:
        report = row = None
        if question.setting is not None:
            report = self.report(question.setting, question.counting, question.batch, question.dtype)
            span = Span(question.source, question.layer_at.at, max(1, len(question.layer)))
            row = report.layer(question.layer, span) if question.layer else None
        for answer in question.answers:
            verdict = Verdict(question, answer, report, row)
            self._compute(verdict, sheet)
            if question.choices:
                self._check_choices(verdict)
            decide(verdict, self.meter)
            yield verdict

    def _compute(self, verdict: Verdict, sheet: AnswerSheet) -> None:
        """Compute the correct value."""
        question, answer, report = verdict.question, verdict.answer, verdict.report
        if answer.metric == TEXT:
            return
        if question.claim is None:
            assert report is not None  # checked when the sheet is parsed
            try:
                verdict.computed = computed(report, verdict.row, answer.metric, bias=question.counting.bias)
            except NoSuchQuantityError as error:
                raise SpecError(Problem(str(error), Span(question.source, answer.node.at, max(1, len(answer.text))))) from None
            return
        claims = ClaimScope(question, report, sheet, self)
        try:
            verdict.computed = question.claim.evaluate(claims)
        except ExpressionError as error:
            assert question.claim_at is not None  # set for every claim
            span = inside(question.source, question.claim_at, error.at, error.width)
            raise SpecError(Problem(f"claim: {error.message}", span, error.hint)) from None
        verdict.parts = claims.parts

    def _check_choices(self, verdict: Verdict) -> None:
        """Check that exactly one option is right."""
        question = verdict.question
        right: list[str] = []
        for text in question.choices:
            option = Verdict(question, Answer(verdict.quantity, text, verdict.answer.node), verdict.report, verdict.row)
            option.computed = verdict.computed
            question.choices, choices = [], question.choices
            decide(option, self.meter)
            question.choices = choices
            right += [text] if option.verdict == RIGHT else []
        question.none_is_right = not right and sum(NONE.fullmatch(text) is not None for text in question.choices) == 1
        if len(right) != 1 and not question.none_is_right:
            found = f"{len(right)} options are right" if right else "no option is right"
            raise SpecError(Problem(f"{found} in {question.id}", Span(question.source, question.at.at), "exactly one has to be"))


def answered(verdict: Verdict, text: str, grader: Grader) -> Verdict:
    """Grade another answer to the same question."""
    given = Verdict(verdict.question, Answer(verdict.quantity, text, verdict.answer.node), verdict.report, verdict.row)
    given.computed, given.parts = verdict.computed, verdict.parts
    decide(given, grader.meter)
    return given


def decide(verdict: Verdict, meter: Meter) -> None:
    """Set the verdict: right, wrong, or unclear with a reason."""
    question, answer = verdict.question, verdict.answer
    if not answer.text:
        verdict.reason = "no answer"
        return
    if answer.metric == TEXT:
        verdict.reason = "free text, for the teacher to grade"
        return
    try:
        text = " ".join((chosen(answer.text, question.choices) if question.choices else answer.text).split())
        if question.choices and NONE.fullmatch(text):
            verdict.verdict = RIGHT if question.none_is_right else WRONG
            return
        symbols = symbols_of(verdict.report, meter)
        scope = Scope(known_symbols(verdict.report, symbols), symbols=symbols)
        right = _decided(verdict, text, scope)
        if not right and not question.floors and "/" in text:
            right = _decided(verdict, DIVISION.sub("//", text), scope)
            verdict.remark = "read with ⌊ ⌋ around each division" if right else ""
        verdict.verdict = RIGHT if right else WRONG
    except UnclearError as error:
        verdict.reason = str(error)


def _decided(verdict: Verdict, text: str, scope: Scope) -> bool:
    """Return whether a text is right."""
    question, metric, value = verdict.question, verdict.answer.metric, verdict.computed
    if isinstance(value, Volume):
        return _volume_decided(verdict, text, scope)
    if metric == WEIGHT_SHAPE:
        return _shape_decided(verdict, text, scope)
    if metric in SIZES:
        legal = is_right(text, value)
        if legal is None:
            raise UnclearError(f"could not read {text!r}: write >= 32, multiples of 32, or the first sizes: 32, 64, 96")
        verdict.claimed_value = text
        return legal
    if isinstance(value, Word):
        verdict.claimed_value = text
        return value == text or value.endswith(f"/{text}")
    verdict.claimed_value = parse_answer(text, metric, value, scope)
    if metric == "flops" and not question.counting.stated:
        macs = (verdict.row or verdict.report.total).macs  # type: ignore[union-attr]  # flops are asked of a network
        for times, words in ((1, "multiply-accumulates"), (2, "two operations for each multiply-accumulate")):
            if judge(verdict.claimed_value, times * macs, question.tolerance):
                verdict.computed, verdict.remark = times * macs, f"right as {words}"
                return True
    return judge(verdict.claimed_value, value, question.tolerance)


def _shape_decided(verdict: Verdict, text: str, scope: Scope) -> bool:
    """Return whether the shape of weights is right, as PyTorch has it or as TensorFlow does."""
    filters, channels, *kernel = verdict.computed
    sides = split_sides(unbracketed(SHAPE.sub("", text)), flat=False)
    verdict.claimed_value = tuple(number(side, scope) for side in sides)
    orders = ((filters, channels, *kernel), (*kernel, channels, filters))
    return any(len(order) == len(sides) and judge(verdict.claimed_value, order, None) for order in orders)


def any_combination(verdicts: list[Verdict]) -> list[Verdict]:
    """Verdicts of one question; kernel, stride, padding and so on are right together if they give the layer's output."""
    chosen = [each for each in verdicts if each.answer.metric in FIELDS]
    if len(chosen) < 2 or all(each.verdict == RIGHT for each in chosen) or any(each.verdict == UNCLEAR for each in chosen):
        return verdicts
    row = chosen[0].row or next(row for row in chosen[0].report or () if hasattr(row.layer, "kernel"))
    values = {each.answer.metric: plain_field(each.claimed_value) for each in chosen}
    if "size" in row.layer.fields and "kernel" in values:
        values["size"] = values.pop("kernel")
    try:
        layer = with_fields(**values)(row.layer)
        fits = all(condition.holds is True for condition in layer.requires(*row.inputs))
        same = fits and layer.output(*row.inputs) == row.output
    except (FieldError, ArithmeticError):
        return verdicts
    return [each.again(RIGHT, "another combination that gives the same output") if same and each in chosen else each for each in verdicts]


def plain_field(value: Any) -> Any:
    """Return a claimed value as a field takes it: one number where all are equal."""
    value = value.value if isinstance(value, PrintedNumber) else value
    numbers = [int(each) for each in (value if isinstance(value, tuple) else [value])]
    return numbers[0] if len(set(numbers)) == 1 else numbers


def _volume_decided(verdict: Verdict, text: str, scope: Scope) -> bool:
    """Return whether a volume is right, in the order that the sheet wants."""
    question, value = verdict.question, verdict.computed
    wanted = question.layout
    order = LAST if wanted in ("", ANY) else wanted
    verdict.claimed_value, used = volume(text, value, scope, order, str(question.batch))
    right = judge(verdict.claimed_value, value, None)
    if not right and wanted == ANY:
        said, used = volume(text, value, scope, FIRST, str(question.batch))
        right = judge(said, value, None)
    if right and used != order:
        verdict.remark = f"the channels come {'first' if used == FIRST else 'last'} here"
        return wanted in ("", ANY)
    return right


def chosen(text: str, choices: Sequence[str]) -> str:
    """Return the option that a letter means, as in `b`, `(b)`, `option b`, `b) 34944`; or the text itself."""
    found = LETTER.fullmatch(text)
    if found is None or text in choices or text.lower() in TRUTHS:
        return text
    letter, rest = found[1].lower(), (found[2] or "").replace(",", "")
    option = dict(zip(ascii_lowercase, choices, strict=False)).get(letter)
    if option is None:
        raise UnclearError(f"{text!r}: the options are a to {ascii_lowercase[len(choices) - 1]}")
    if rest not in ("", option.replace(",", "")):
        raise UnclearError(f"{text!r}: option {letter} is {option}")
    return option
