"""Grades an answer sheet: a verdict for every answer, with the computed value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.claims import ClaimScope
from cnncalc.answers.networks import Networks
from cnncalc.answers.quantities import NoSuchQuantityError, computed
from cnncalc.answers.reading import UnclearError, judge, known_symbols, parse_answer, symbols_of
from cnncalc.errors import Problem, Span, SpecError
from cnncalc.spec.expressions import ExpressionError
from cnncalc.spec.reader import PROBLEMS, inside
from cnncalc.spec.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cnncalc.answers.questions import Answer, AnswerSheet, Question
    from cnncalc.limits import Meter
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

RIGHT, WRONG, UNCLEAR = "right", "wrong", "unclear"


class Verdict:
    """A graded answer."""

    __slots__ = ("answer", "claimed_value", "computed", "parts", "question", "reason", "report", "row", "verdict")

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

    @property
    def quantity(self) -> str:
        """The quantity asked for."""
        return self.answer.quantity


class Grader(Networks):
    """Grades sheets; each network is computed once for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.computed_slips: dict[tuple[Question, str], Any] = {}  # by question and metric; filled by cnncalc.answers.slips

    def grade(self, sheet: AnswerSheet) -> list[Verdict]:
        """Grade a sheet. A question about something that does not exist is an error of the sheet, not of the student."""
        self.renew()
        problems: list[Problem] = []
        verdicts: list[Verdict] = []
        for question in sheet.questions:
            try:
                verdicts += self._question(question, sheet)
            except SpecError as error:  # noqa: PERF203  # report several errors at once
                problems += error.problems
                if len(problems) >= PROBLEMS:
                    break
        if problems:
            raise SpecError({(problem.place, problem.message): problem for problem in problems}.values())
        return verdicts

    def _question(self, question: Question, sheet: AnswerSheet) -> Iterator[Verdict]:
        report = row = None
        if question.setting is not None:
            report = self.report(question.setting, question.counting, question.batch)
            span = Span(question.source, question.layer_at.at, max(1, len(question.layer)))
            row = report.layer(question.layer, span) if question.layer else None
        for answer in question.answers:
            verdict = Verdict(question, answer, report, row)
            self._compute(verdict, sheet)
            decide(verdict, self.meter)
            yield verdict

    def _compute(self, verdict: Verdict, sheet: AnswerSheet) -> None:
        """Compute the correct value."""
        question, answer, report = verdict.question, verdict.answer, verdict.report
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


def decide(verdict: Verdict, meter: Meter) -> None:
    """Set the verdict: right, wrong, or unclear with a reason."""
    answer, tolerance = verdict.answer, verdict.question.tolerance
    if not answer.text:
        verdict.reason = "no answer"
        return
    try:
        symbols = symbols_of(verdict.report, meter)
        scope = Scope(known_symbols(verdict.report, symbols), symbols=symbols)
        verdict.claimed_value = parse_answer(answer.text, answer.metric, verdict.computed, scope)
        verdict.verdict = RIGHT if judge(verdict.claimed_value, verdict.computed, tolerance) else WRONG
    except UnclearError as error:
        verdict.reason = str(error)
