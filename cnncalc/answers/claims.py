"""Evaluates claims: arithmetic over metrics of networks and layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.networks import network
from cnncalc.answers.quantities import ALIASES, ARITHMETIC, ASKED, NoSuchQuantityError, computed, count, largest
from cnncalc.answers.reading import known_symbols, symbols_of
from cnncalc.dims import within
from cnncalc.errors import Problem, SpecError
from cnncalc.propagate.figures import PIXELS
from cnncalc.spec.operations import Word
from cnncalc.spec.reader import inside
from cnncalc.spec.scope import Scope

if TYPE_CHECKING:
    from cnncalc.answers.networks import Networks
    from cnncalc.answers.questions import AnswerSheet, Question
    from cnncalc.errors import Span
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import LayerFolder, Row


class ClaimScope(Scope):
    """Scope of a claim: quantities of networks and layers; `input` and `output` are those of the question."""

    __slots__ = ("networks", "parts", "question", "report", "sheet")

    def __init__(self, question: Question, report: Report | None, sheet: AnswerSheet, networks: Networks) -> None:
        symbols = symbols_of(report, networks.meter)
        super().__init__(known_symbols(report, symbols), symbols=symbols)
        self.question = question
        self.report = report
        self.sheet = sheet
        self.networks = networks
        self.parts: dict[str, Any] = {}  # value of each quantity, by its text in the claim

    def reference(self, function: str, argument: str) -> Any:
        """Compute a quantity of `NET`, `NET/LAYER`, or the question's `input` or `output`."""
        try:
            value = self._value(function, argument)
        except NoSuchQuantityError as error:
            raise SpecError(Problem(f"claim: {error}", self._place(argument))) from None
        except SpecError as error:
            problem = error.problems[0]
            raise SpecError(Problem(f"claim: {problem.message}", problem.span or self._place(argument), problem.hint)) from None
        if isinstance(value, Word):
            return value
        try:
            value = self.parts[f"{function}({argument})"] = within(value, self.symbols)
        except ValueError as error:  # of another network, whose symbols have other domains
            raise SpecError(Problem(f"claim: {error}", self._place(argument))) from None
        return value

    def _value(self, function: str, argument: str) -> Any:
        if function == "count":
            name, _, kind = (part.strip() for part in argument.rpartition(","))
            report = self._find(name)[0] if name else self.report
            if report is None:
                raise NoSuchQuantityError("count(NET, KIND) needs a network and a kind of layer")
            return count(report, kind)
        if function == "largest":
            name, _, metric = (part.strip() for part in argument.rpartition(","))
            report = self._find(name)[0] if name else self.report
            if report is None or ALIASES.get(metric, metric) not in ARITHMETIC:
                raise NoSuchQuantityError("largest(NET, METRIC) needs a network and a metric")
            return Word(largest(report, metric))
        report, place = self._find(argument)
        name = ALIASES.get(function, function)
        if ASKED[name].stored and argument == "output":
            place = report.rows[report.graph.outputs[-1]]
        value = computed(report, place, name, bias=self.question.counting.bias)
        if ASKED[name].unit == PIXELS:
            return value[0] if value[0] == value[1] else [*value]
        return value

    def _find(self, text: str) -> tuple[Report, Row | LayerFolder | None]:
        own = self.report
        if own is not None:
            if text == "input":
                return own, own.rows[0]
            if text == "output":
                return own, None
            if own.places(text):
                return own, own.place(text)
        name, path = split_reference(text)
        if name in self.question.networks:
            report = self.networks.report(self.question.networks[name], self.question.counting, self.question.batch, self.question.dtype)
            return report, report.place(path) if path else None
        if "," in text and not path:
            head, _, tail = (part.strip() for part in text.partition(","))
            raise SpecError(Problem(f"a layer follows a slash, not a comma: {head}/{tail}", self._place(text)))
        report = self.networks.report(network(name, self.sheet.folder, self.networks.known), self.question.counting)
        return report, report.place(path) if path else None

    def _place(self, argument: str) -> Span:
        node = self.question.claim_at
        assert node is not None  # set for every claim
        return inside(self.question.source, node, max(node.text.find(argument), 0), max(len(argument), 1))


def split_reference(text: str) -> tuple[str, str]:
    """Split NET/LAYER; the network may be a path: mine.yaml/conv1, nets/mine.yml:small/conv1."""
    for suffix in (".yaml", ".yml"):
        head, found, rest = text.partition(suffix)
        if found:
            variant, _, path = rest.partition("/")
            return head + suffix + variant, path
    name, _, path = text.partition("/")
    return name, path
