"""Grading: a sheet goes in, out comes a verdict for every answer, with the computed value beside the claimed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.quantities import NoSuchQuantityError, computed, count, volume, window
from cnncalc.dims import Inconclusive, Poly, at, same, symbol
from cnncalc.errors import Problem, Span, SpecError, suggestion
from cnncalc.figures import figure
from cnncalc.layers import Volume
from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.scope import Scope
from cnncalc.spec.settings import looks_like_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from cnncalc.answers.sheet import Answer, Counting, Question, Sheet
    from cnncalc.propagate.report import Report, Row
    from cnncalc.spec.settings import Setting

RIGHT, WRONG, UNCLEAR = "right", "wrong", "unclear"
SAMPLES = ((7, 11, 13, 5), (64, 32, 96, 48), (225, 227, 3, 17))  # numbers for symbols, to tell formulas apart


class Verdict:
    """One answer, graded."""

    __slots__ = ("answer", "computed", "question", "reason", "report", "row", "said", "verdict")

    def __init__(self, question: Question, answer: Answer, verdict: str, said: Any, value: Any, reason: str = "") -> None:
        self.question = question
        self.answer = answer
        self.verdict = verdict
        self.said = said  # the claimed value, understood; None where it was not
        self.computed = value
        self.reason = reason  # why it is unclear
        self.report: Report | None = None
        self.row: Row | None = None

    @property
    def quantity(self) -> str:
        """What was asked."""
        return self.answer.quantity


class UnclearError(Exception):
    """An answer that cannot be decided; the text says why."""


class Grader:
    """Grades the questions of sheets; a network is worked out once for all of them."""

    def __init__(self) -> None:
        self.reports: dict[Any, Report] = {}

    def grade(self, sheet: Sheet) -> list[Verdict]:
        """All verdicts of a sheet. A question that asks for what is not there is the sheet's problem, not the student's."""
        problems: list[Problem] = []
        verdicts: list[Verdict] = []
        for question in sheet.questions:
            try:
                verdicts += self._question(question, sheet)
            except SpecError as error:  # noqa: PERF203  # all problems of a sheet are told at once
                problems += error.problems
        if problems:
            raise SpecError(problems)
        return verdicts

    def report(self, setting: Setting, counting: Counting, batch: Any = 1) -> Report:
        """The report of a network under a convention."""
        from cnncalc.graph.build import build
        from cnncalc.propagate.propagate import propagate

        key = (setting.network.source.name, id(setting.network) if setting.variant is None else setting.id, counting.flops, batch)
        if key not in self.reports:
            self.reports[key] = propagate(setting, build(setting), counting=counting.flops, batch=batch)
        return self.reports[key]

    def _question(self, question: Question, sheet: Sheet) -> Iterator[Verdict]:
        report = row = None
        if question.setting is not None:
            report = self.report(question.setting, question.counting, question.batch)
            row = layer(report, question.layer, lambda: Span(sheet.source, question.at.at)) if question.layer else None
        for answer in question.answers:
            verdict = self._answer(question, answer, report, row, sheet)
            verdict.report, verdict.row = report, row
            yield verdict

    def _answer(self, question: Question, answer: Answer, report: Report | None, row: Row | None, sheet: Sheet) -> Verdict:
        span = Span(sheet.source, answer.node.at, max(1, len(answer.text)))
        if question.claim is not None:
            claims = Claims(self, question, report, sheet.folder)
            try:
                value = question.claim.evaluate(claims)
            except (ExpressionError, NoSuchQuantityError) as error:
                raise SpecError(Problem(f"claim: {error}", Span(sheet.source, question.at.at))) from None
        else:
            assert report is not None  # the sheet has made sure that a question without a claim has a network
            try:
                value = computed(report, row, answer.quantity, question.counting)
            except NoSuchQuantityError as error:
                raise SpecError(Problem(str(error), span)) from None
        if not answer.text:
            return Verdict(question, answer, UNCLEAR, None, value, "no answer is given")
        try:
            said = understood(answer, value, known_symbols(report))
            right = judge(answer, said, value, question.tolerance)
        except (UnclearError, ExpressionError) as error:
            return Verdict(question, answer, UNCLEAR, None, value, str(error))
        return Verdict(question, answer, RIGHT if right else WRONG, said, value)


class Claims(Scope):
    """The names that a claim may use: quantities of networks and layers; `input` and `output` are the question's own."""

    __slots__ = ("folder", "grader", "question", "report")

    def __init__(self, grader: Grader, question: Question, report: Report | None, folder: str) -> None:
        super().__init__(known_symbols(report))
        self.grader = grader
        self.question = question
        self.report = report
        self.folder = folder

    def reference(self, function: str, argument: str) -> Any:
        """A quantity of `NET`, `NET/LAYER`, or of the question's `input` and `output`."""
        name, _, kind = (part.strip() for part in argument.partition(","))
        if function == "count":
            report, _ = self._find(name)
            return count(report, kind)
        report, row = self._find(argument.strip())
        if function in ("height", "width", "depth"):
            return getattr(volume(report, row), {"height": "h", "width": "w", "depth": "c"}[function])
        if function == "kernel":
            high, wide = window(report, row)
            return high if high == wide else [high, wide]
        if function in ("values", "memory") and row is None and argument.strip() == "output":
            row = report.rows[report.graph.outputs[-1]]
        return computed(report, row, {"values": "activations"}.get(function, function), self.question.counting)

    def _find(self, text: str) -> tuple[Report, Row | None]:
        from cnncalc.spec import catalogue

        if self.report is not None:
            if text == "input":
                return self.report, self.report.rows[0]
            if text == "output":
                return self.report, self.report.rows[self.report.graph.outputs[-1]]
            if self.report.find(text):
                return self.report, layer(self.report, text)
        name, slash, path = text.partition("/")
        if text.startswith((".", "/")) or ".yaml" in text:
            head, _, path = text.partition(".yaml/")
            name, slash = (head + ".yaml", "/") if path else (text, "")
        try:
            report = self.grader.report(catalogue.find(name, base=self.folder), self.question.counting)
            return report, layer(report, path) if slash else None
        except SpecError as error:
            raise NoSuchQuantityError(f"{error.problems[0].message}; {error.problems[0].hint}".rstrip("; ")) from None


def layer(report: Report, path: str, where: Any = None) -> Row:
    """The one layer that a path means."""
    found = report.find(path)
    if len(found) == 1:
        return found[0]
    span = where() if where else None
    if found:
        listed = ", ".join(row.path for row in found[:6])
        raise SpecError(Problem(f"{path!r} may be {len(found)} layers", span, f"say more of its path: {listed}"))
    paths = [row.path for row in report]
    near = suggestion(path, [*paths, *(each.rpartition("/")[2] for each in paths)])
    raise SpecError(Problem(f"{report.setting.id} has no layer {path!r}", span, near))


def known_symbols(report: Report | None) -> dict[str, Any]:
    """The symbols of a network: its input's and its params'."""
    if report is None:
        return {}
    names: set[str] = set()
    for value in (*report.input, *report.graph.params.values()):
        if isinstance(value, Poly):
            names.update(value.symbols)
    return {name: symbol(name) for name in names}


def understood(answer: Answer, value: Any, symbols: Mapping[str, Any]) -> Any:
    """An answer as a value of the same sort as the computed one; a printed figure stays a Figure."""
    text = answer.text
    if isinstance(value, Volume):
        sides = pieces(text)
        sides = ["1", "1", *sides] if len(sides) == 1 else sides
        if len(sides) != 3:
            raise UnclearError(f"{text!r} is no volume: height x width x depth, as in 55x55x96")
        return Volume(*(arithmetic(side, symbols) for side in sides))
    if isinstance(value, tuple):
        sides = pieces(text)
        if len(sides) > 2:
            raise UnclearError(f"{text!r} is no size: 7, or 7x7")
        return tuple(arithmetic(side, symbols) for side in (sides * 2)[:2])
    if answer.quantity == "fits":
        if text.lower() not in ("true", "false", "yes", "no"):
            raise UnclearError(f"{text!r}: expected true or false")
        return text.lower() in ("true", "yes")
    return figure(text) or arithmetic(text, symbols)


def pieces(text: str) -> list[str]:
    """The sides of 55x55x96, 55 × 55 × 96 or [55, 55, 96]."""
    if text.startswith("[") and text.endswith("]"):
        return [side.strip() for side in text[1:-1].split(",")]
    return [side.strip() for side in text.replace("×", "x").split("x")]


def arithmetic(text: str, symbols: Mapping[str, Any]) -> Any:
    """The value of an answer that is arithmetic; single letters that the network does not know are symbols all the same."""
    try:
        expression = parse(text)
        letters = {name: symbol(name) for name in expression.names if looks_like_symbol(name)}
        return expression.evaluate(Scope({**letters, **symbols}))
    except ExpressionError as error:
        raise UnclearError(f"{text!r} cannot be read: {error.message}") from None


def judge(answer: Answer, said: Any, value: Any, tolerance: Fraction | None) -> bool:
    """Whether an answer is right."""
    from fractions import Fraction

    from cnncalc.figures import Figure

    if value is None:
        raise UnclearError("that depends on the symbols")
    if isinstance(value, tuple):
        return all(equal(one, other) for one, other in zip(said, value, strict=True))
    if isinstance(said, bool) or isinstance(value, bool):
        return said is value
    if not isinstance(said, Figure):
        if tolerance is not None and isinstance(said, (int, Fraction)) and isinstance(value, (int, Fraction)):
            return abs(Fraction(said) - Fraction(value)) <= abs(Fraction(value)) * tolerance
        return equal(said, value)
    if isinstance(value, Poly):
        return said.exact and equal(said.value, value)
    if tolerance is None and said.exact and Fraction(value).denominator != 1:
        return said.rounds(value)  # a ratio is right when rounded to the digits given
    return said.agrees(value, tolerance)


def put_in(value: Any, numbers: Mapping[str, int]) -> Any:
    """A formula with numbers for its symbols; a number stays what it is."""
    return at(value, numbers) if isinstance(value, Poly) else value


def equal(one: Any, other: Any) -> bool:
    """Equality of numbers and formulas; formulas that differ somewhere are not equal."""
    if not isinstance(one, Poly) and not isinstance(other, Poly):
        return bool(one == other)
    known = same(one, other)
    if known is not None:
        return known
    symbols = sorted({*getattr(one, "symbols", ()), *getattr(other, "symbols", ())})
    for sample in SAMPLES:
        numbers = {name: sample[i % len(sample)] + i // len(sample) for i, name in enumerate(symbols)}
        try:
            if put_in(one, numbers) != put_in(other, numbers):
                return False
        except (Inconclusive, ArithmeticError):
            continue
    raise UnclearError("whether the two formulas are equal cannot be decided")
