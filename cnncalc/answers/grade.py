"""Grades an answer sheet: a verdict for every answer, with the computed value."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from cnncalc.answers.claims import Claims
from cnncalc.answers.networks import Networks
from cnncalc.answers.quantities import NoSuchQuantityError, computed
from cnncalc.answers.reading import UnclearError, judge, known_symbols, symbols_of, understood
from cnncalc.errors import Problem, Span, SpecError
from cnncalc.spec.expressions import ExpressionError
from cnncalc.spec.reader import PROBLEMS, inside
from cnncalc.spec.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.answers.questions import Answer, AnswerSheet, Question
    from cnncalc.limits import Meter
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

RIGHT, WRONG, UNCLEAR = "right", "wrong", "unclear"


class Verdict:
    """One answer, graded."""

    __slots__ = ("answer", "computed", "parts", "question", "reason", "report", "row", "said", "verdict")

    def __init__(self, question: Question, answer: Answer, report: Report | None, row: Row | None) -> None:
        self.question = question
        self.answer = answer
        self.report = report
        self.row = row
        self.verdict = UNCLEAR
        self.said: Any = None  # the claimed value, understood; None where it was not
        self.computed: Any = None
        self.parts: Mapping[str, Any] = {}  # what the quantities in a claim came to
        self.reason = ""  # why it is unclear

    @property
    def quantity(self) -> str:
        """What was asked."""
        return self.answer.quantity


class Grader(Networks):
    """Grades the questions of sheets; each network is computed once for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.computed_slips: dict[tuple[Question, str], Any] = {}  # by question and metric; cnncalc.answers.slips fills it

    def grade(self, sheet: AnswerSheet) -> list[Verdict]:
        """All verdicts of a sheet. A question that asks for what is not there is the sheet's problem, not the student's."""
        self.renew()
        problems: list[Problem] = []
        verdicts: list[Verdict] = []
        for question in sheet.questions:
            try:
                verdicts += self._question(question, sheet)
            except SpecError as error:  # noqa: PERF203  # many problems of a sheet are told at once
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
            self._work_out(verdict, sheet)
            decide(verdict, self.meter)
            yield verdict

    def _work_out(self, verdict: Verdict, sheet: AnswerSheet) -> None:
        """The right value."""
        question, answer, report = verdict.question, verdict.answer, verdict.report
        if question.claim is None:
            assert report is not None  # the sheet has made sure that a question without a claim has a network
            try:
                verdict.computed = computed(report, verdict.row, answer.metric, bias=question.counting.bias)
            except NoSuchQuantityError as error:
                raise SpecError(Problem(str(error), Span(question.source, answer.node.at, max(1, len(answer.text))))) from None
            return
        claims = Claims(question, report, sheet, self)
        try:
            verdict.computed = question.claim.evaluate(claims)
        except ExpressionError as error:
            assert question.claim_at is not None  # it is where the claim was read
            span = inside(question.source, question.claim_at, error.at, error.width)
            raise SpecError(Problem(f"claim: {error.message}", span, error.hint)) from None
        verdict.parts = claims.parts


def chosen_option(text: str, options: Sequence[str]) -> str:
    """The option that a letter chooses: b, B) or (b); else the text."""
    at = ascii_lowercase.find(letter) if len(letter := text.strip("(). ").lower()) == 1 else -1
    return options[at] if 0 <= at < len(options) else text


def decide(verdict: Verdict, meter: Meter) -> None:
    """Right, wrong, or why it cannot be told."""
    answer, tolerance = verdict.answer, verdict.question.tolerance
    if not answer.text:
        verdict.reason = "no answer is given"
        return
    try:
        symbols = symbols_of(verdict.report, meter)
        scope = Scope(known_symbols(verdict.report, symbols), symbols=symbols)
        verdict.said = understood(chosen_option(answer.text, verdict.question.options), answer.metric, verdict.computed, scope)
        verdict.verdict = RIGHT if judge(verdict.said, verdict.computed, tolerance) else WRONG
    except UnclearError as error:
        verdict.reason = str(error)
