"""Parses an answer sheet into its questions, collecting all errors."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cnncalc.answers.networks import network
from cnncalc.answers.notation import FIRST, LAYOUTS
from cnncalc.answers.quantities import ALIASES, ARITHMETIC, ASKED
from cnncalc.answers.questions import TEXT, Answer, AnswerSheet, Counting, Question
from cnncalc.answers.symbolic_repeat import symbolic_repeat
from cnncalc.choice import choose
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.limits import LIMITS
from cnncalc.printed_number import exact_number
from cnncalc.spec import catalogue
from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.nodes import CUT, is_bare
from cnncalc.spec.reader import Mapping, Scalar, Sequence, inside, read_file
from cnncalc.spec.values import ProblemCollector

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from cnncalc.errors import Source
    from cnncalc.spec.model import Network
    from cnncalc.spec.reader import YamlNode
    from cnncalc.spec.settings import Setting

KEYS = ("title", "student", "variant", "counting", "layout", "floors", "questions")
QUANTITIES = (*ASKED, *ALIASES)
QUESTION = (
    "id", "ask", "network", "networks", "layer", "counting", "layout", "floors", "batch", "dtype", "tolerance", "points", "choose", "claim",
    "is", TEXT, *QUANTITIES,
)  # fmt: skip
FLOORS = ("required", "optional")
CHOICES = 26  # options of a multiple choice
COMMON = ("counting", "layout", "floors")  # of a sheet, and of a question that has its own
DETAILS = ("id", "ask", "network", "networks", "layer", "batch", "dtype", "tolerance", "points", "choose")
REFERENCES = frozenset(("count", "largest", *ARITHMETIC, *(alias for alias, name in ALIASES.items() if name in ARITHMETIC)))


def read_sheet(path: str, known: dict[str, Setting] | None = None) -> AnswerSheet:
    """Read a sheet; SpecError has all its errors. Sheets can share the networks in `known`."""
    return sheet_from_tree(*read_file(path), os.path.dirname(os.path.abspath(path)), known)


def sheet_from_tree(source: Source, tree: YamlNode, folder: str, known: dict[str, Setting] | None = None) -> AnswerSheet:
    """Parse a sheet from a YAML tree; paths of networks are relative to the folder."""
    reader = SheetReader(source, folder, known if known is not None else {})
    sheet = reader.sheet(tree)
    if reader.problems:
        raise SpecError(reader.problems)
    return sheet


def is_sheet(tree: YamlNode) -> bool:
    """Return whether a file is an answer sheet rather than a network."""
    return isinstance(tree, Mapping) and any(key.text == "questions" for key in tree.keys)


def answer_text(node: YamlNode) -> str | None:
    """Return an answer as written, with lists as volumes; None if it is not an answer."""
    if isinstance(node, Scalar):
        return node.text.strip()
    if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        return "x".join(item.text for item in node.items if isinstance(item, Scalar))
    return None


def channels_last(network: Mapping) -> Mapping:
    """Convert a network with channels-first input to the order of the language."""

    def turned(node: YamlNode) -> YamlNode:
        if isinstance(node, Scalar) and node.text.count("x") == 2:
            depth, height, width = node.text.split("x")
            return Scalar(f"{height}x{width}x{depth}", node.at, node.plain)
        if isinstance(node, Sequence) and len(node.items) == 3:
            return Sequence([*node.items[1:], node.items[0]], node.at)
        return node

    values = [turned(value) if key.text == "input" else value for key, value in zip(network.keys, network.values, strict=True)]
    return Mapping(network.keys, values, network.at)


class SheetReader(ProblemCollector):
    """Parses questions; networks shared by name or YAML alias are read once."""

    def __init__(self, source: Source, folder: str, known: dict[str, Setting]) -> None:
        super().__init__(source)
        self.folder = folder
        self.known = known
        self.networks: dict[Any, Setting | None] = {}

    def sheet(self, tree: YamlNode) -> AnswerSheet:
        """Parse the whole file."""
        sheet = AnswerSheet(self.source, self.folder)
        common = Question("", self.source, tree)  # what the sheet says for all questions
        questions: YamlNode | None = None
        for key, value in self.entries(tree, "a sheet: title, counting, questions"):
            if key.text == "title":
                sheet.title = self.line(value, "a title") or ""
            elif key.text == "student":
                sheet.student = self.line(value, "a name") or ""
            elif key.text == "variant":
                sheet.variant = self.word(value, "a number or a name") or ""
            elif key.text in COMMON:
                self._common(common, key.text, value)
            elif key.text == "questions":
                questions = value
            else:
                self.note(f"a sheet has no key {key.text!r}", key, suggestion(key.text, KEYS) or f"known: {', '.join(KEYS)}")
        if not isinstance(questions, Sequence) or not questions.items:
            self.note("a sheet needs a list of questions", questions or tree)
            return sheet
        if len(questions.items) > LIMITS.questions:
            self.note(f"more than {LIMITS.questions:,} questions", questions)
            return sheet
        known: set[str] = set()
        for number, node in enumerate(questions.items, 1):
            question = self._question(node, f"{number}", common)
            if question is not None:
                if question.id in known:
                    self.note(f"two questions have the id {question.id!r}", question.at)
                known.add(question.id)
                sheet.questions.append(question)
        return sheet

    def _question(self, node: YamlNode, number: str, common: Question) -> Question | None:
        before = len(self.problems)
        entries = {key.text: (key, value) for key, value in self.entries(node, "a question: network, layer and a quantity")}
        self._known_keys(key for key, _ in entries.values())
        if not entries:
            return None
        question = Question(number, self.source, entries["id"][1] if "id" in entries else node)
        question.layer_at = entries["layer"][1] if "layer" in entries else node
        question.counting, question.layout, question.floors = common.counting, common.layout, common.floors
        for name, (_, value) in sorted(entries.items(), key=lambda entry: entry[0] not in COMMON):  # the layout before the network
            if name in COMMON:
                self._common(question, name, value)
            elif name in DETAILS:
                self._detail(question, name, value)
        asked = [key for key in entries if key in QUANTITIES]
        if "claim" in entries:
            self._claim(question, entries, asked)
        elif TEXT not in entries:
            self._asked(node, entries, asked, sound=len(self.problems) == before)
        asked += [TEXT] if TEXT in entries else []
        question.answers += [Answer(key, self._written(entries[key][1]), entries[key][1]) for key in asked]
        return question

    def _known_keys(self, keys: Iterable[Scalar]) -> None:
        for key in keys:
            if is_bare(self.source, key):
                self.note(f"an answer is cut off before {key.text!r}", key, CUT)
                return
            if key.text not in QUESTION:
                self.note(f"a question has no key {key.text!r}", key, suggestion(key.text, QUESTION) or f"quantities: {', '.join(ASKED)}")

    def _asked(self, node: YamlNode, entries: dict[str, tuple[Scalar, YamlNode]], asked: list[str], *, sound: bool) -> None:
        """Check that a question without a claim asks for a quantity of a network."""
        if not asked and sound:  # otherwise a misspelled key may be the quantity
            self.note("this question asks for nothing", node, f"add a quantity: {', '.join(ASKED)}, or claim and is")
        elif "network" not in entries and asked:
            self.note(
                f"{asked[0]} needs a network",
                entries[asked[0]][0],
                "network: a name from the catalogue, a path, or input and layers",
            )
        if "is" in entries:
            self.note("'is' without 'claim'", entries["is"][0])

    def _detail(self, question: Question, name: str, node: YamlNode) -> None:
        """Parse an entry of a question that is not a quantity."""
        if name == "id":
            question.id = self.line(node, "a text") or question.id
        elif name == "ask":
            question.ask = self.line(node, "a text") or ""
        elif name == "layer":
            question.layer = self.word(node, "a text") or ""
        elif name == "tolerance":
            question.tolerance = self._share(node)
        elif name == "points":
            question.points = self._number(node, "points")
        elif name == "batch":
            question.batch = self._batch(node)
        elif name == "dtype":
            question.dtype = self._dtype(node)
        elif name == "networks":
            found = ((key.text, self._network(value, question.layout)) for key, value in self.entries(node, "networks by name"))
            question.networks = {key: setting for key, setting in found if setting is not None}
        elif name == "choose":
            question.choices = self._choices(node)
        else:
            question.setting = self._network(node, question.layout)
            question.network = getattr(node, "text", "")

    def _common(self, question: Question, key: str, node: YamlNode) -> None:
        """Counting, layout or floors, of a sheet or a question."""
        if key == "counting":
            question.counting = self._counting(node, question.counting)
            return
        words = LAYOUTS if key == "layout" else FLOORS
        text = self.word(node, " or ".join(words)) or ""
        if text and text not in words:
            self.note(f"unknown {key} {text!r}", node, suggestion(text, words) or f"known: {', '.join(words)}")
        elif key == "layout":
            question.layout = text
        else:
            question.floors = text != "optional"

    def _choices(self, node: YamlNode) -> list[str]:
        if not isinstance(node, Sequence) or not 1 < len(node.items) <= CHOICES:
            self.note(f"expected a list of 2 to {CHOICES} options", node)
            return []
        return [self._written(item) for item in node.items]

    def _claim(self, question: Question, entries: dict[str, tuple[Scalar, YamlNode]], asked: list[str]) -> None:
        key, node = entries["claim"]
        if asked:
            self.note(f"a question has either a claim or {asked[0]}", entries[asked[0]][0], "split it into two questions")
        if "is" not in entries:
            self.note("'claim' without 'is': add the claimed value", key)
            return
        if not isinstance(node, Scalar) or not node.text:
            self.note("expected an expression such as params(vgg16) / params(alexnet)", node)
            return
        try:
            question.claim, question.claim_at = self.counted(parse(node.text, REFERENCES)), node
        except ExpressionError as error:
            self.add(Problem(error.message, inside(self.source, node, error.at, error.width), error.hint))
        question.answers.append(Answer("claim", self._written(entries["is"][1]), entries["is"][1]))

    def _written(self, node: YamlNode) -> str:
        text = answer_text(node)
        if text is None:
            self.note("expected an answer: a number, an expression or a volume", node)
        return text or ""

    def _network(self, node: YamlNode, layout: str) -> Setting | None:
        key = node.text if isinstance(node, Scalar) else (id(node), layout)
        if key not in self.networks:
            try:
                self.networks[key] = self._find(node, layout)
            except SpecError as error:
                self.networks[key] = None
                for problem in error.problems:
                    placed = problem.span is not None
                    if placed:
                        self.add(problem)
                    else:
                        self.note(problem.message, node, problem.hint)
        return self.networks[key]

    def _find(self, node: YamlNode, layout: str) -> Setting | None:
        from cnncalc.spec.settings import Setting

        if isinstance(node, Mapping):
            if layout == FIRST:
                node = channels_last(node)

            def read(tree: Mapping) -> Network:
                return catalogue.network_from_tree(self.source, tree, "network", self.folder)

            return symbolic_repeat(node, read) or Setting(read(node))
        name = self.word(node, "a network: a name from the catalogue, a path, or input and layers")
        return network(name, self.folder, self.known) if name is not None else None

    def _counting(self, node: YamlNode, default: Counting) -> Counting:
        from cnncalc.propagate.counting import CONVENTIONS

        counting = Counting(default.flops, bias=default.bias, stated=default.stated)
        for key, value in self.entries(node, "counting rules: {flops: macs, bias: true}"):
            text = self.word(value, "a word") or ""
            if key.text == "flops":
                if text and text not in CONVENTIONS:
                    self.note(f"unknown convention {text!r}", value, suggestion(text, CONVENTIONS) or f"known: {', '.join(CONVENTIONS)}")
                counting.flops = text if text in CONVENTIONS else default.flops
                counting.stated = True
            elif key.text == "bias":
                if text not in ("true", "false"):
                    self.note("expected true or false", value)
                counting.bias = text == "true"
            else:
                self.note(f"counting has no key {key.text!r}", key, suggestion(key.text, ("flops", "bias")) or "known: flops, bias")
        return counting

    def _share(self, node: YamlNode) -> Fraction | None:
        """Parse a tolerance: 1% or 0.01."""
        text = getattr(node, "text", "")
        number = self._number(Scalar(text.rstrip("% "), node.at, plain=True), "a tolerance like 1%")
        return number / 100 if number is not None and text.rstrip().endswith("%") else number

    def _batch(self, node: YamlNode) -> Any:
        """Parse a number of images; a letter is a symbol."""
        from cnncalc.spec.settings import option_batch

        try:
            return option_batch(self.word(node, "a number of images") or "1")
        except SpecError as error:
            self.note(error.problems[0].message, node, error.problems[0].hint)
            return 1

    def _dtype(self, node: YamlNode) -> str:
        from cnncalc.propagate.rows import BYTES

        try:
            return choose(self.word(node, "an element type") or "float32", BYTES, "element type")
        except SpecError as error:
            self.note(error.problems[0].message, node, error.problems[0].hint)
            return "float32"

    def _number(self, node: YamlNode, what: str) -> Fraction | None:
        number = exact_number(getattr(node, "text", ""), 20)
        if number is not None and number >= 0:
            return number
        self.note(f"expected {what}, a nonnegative number", node)
        return None
