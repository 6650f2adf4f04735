"""Creates worksheets: answer sheets without answers, and their answer keys."""

from __future__ import annotations

import json
import os
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.answers.answer_sheet import SheetReader
from cnncalc.answers.asking.draw import Dice, QuizNetwork
from cnncalc.answers.asking.templates import TEMPLATES
from cnncalc.answers.grade import Grader
from cnncalc.answers.near_misses import options
from cnncalc.answers.writing import answer
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS
from cnncalc.spec.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.asking.draw import DrawnQuestion
    from cnncalc.answers.asking.templates import QuestionTemplate
    from cnncalc.answers.grade import Verdict
    from cnncalc.answers.near_misses import AnswerOption

CLASSICS = {
    1: ("alexnet", "vgg16", "zfnet", "lenet_caffe"),
    2: ("alexnet", "vgg16", "googlenet", "resnet18", "squeezenet1_0"),
    3: ("alexnet", "vgg16", "googlenet", "resnet50", "densenet121", "mobilenet_v1"),
}
TRIES = 20  # draws without a new question after which a kind of question is exhausted
ON_PAPER = 100  # layers of a network that is printed with all of them
FEW = 2  # networks that one worksheet is about, where none are chosen: they are printed in its appendix
APART = 1_000_003  # between the seeds of two variants
COUNTING = "{flops: flops, bias: true}"


class Worksheet(NamedTuple):
    """Drawn questions, with verdicts on the empty sheet that contain the correct answers."""

    title: str
    variant: int  # from 1; 0 where there is only one
    asked: Sequence[DrawnQuestion]
    verdicts: Sequence[Verdict]
    networks: Sequence[QuizNetwork]  # whose layers one has to know
    choices: Sequence[Sequence[AnswerOption]]  # the options of each question; empty for written answers

    def key(self, i: int) -> str:
        """Return the correct answer of a question as a student may write it."""
        return answer(self.verdicts[i].computed)

    def letter(self, i: int) -> str:
        """Return the letter of the right option; nothing where the answer is written."""
        return next((letter for letter, choice in zip(ascii_lowercase, self.choices[i], strict=False) if not choice.slips), "")

    def yaml(self, *, key: bool) -> str:
        """Return the sheet for `check`."""
        answers = [self.key(i) if key else "" for i in range(len(self.asked))]
        return sheet(self.title, self.asked, answers, self.variant, self.choices)


class QuizMaker:
    """Draws worksheets of one level about some networks; network files must be in the folder of the sheet."""

    def __init__(
        self, level: int, networks: Sequence[str], folder: str, *, closed_book: bool = False, multiple_choice: bool = False
    ) -> None:
        self.multiple_choice = multiple_choice
        self.chosen = bool(networks)
        self.level = level
        self.folder = folder
        self.grader = Grader()
        self.known = [quiz_network(name, folder, self.grader) for name in networks or CLASSICS[level]]
        if closed_book and not networks:
            self.known = [each for each in self.known if len(each.report.rows) <= ON_PAPER]
        self.templates = [each for each in TEMPLATES if each.level == level and (each.of_networks is not None or not networks)]
        self.nothing = Problem(f"no questions of level {level} for {', '.join(networks)}", hint="try another --level or other networks")

    def worksheet(self, seed: int, count: int, title: str = "", variant: int = 0) -> Worksheet:
        """Draw a worksheet. Its variants ask the same kinds of questions in the same order, of other numbers."""
        if count > LIMITS.worksheet_questions:
            raise SpecError(Problem(f"a worksheet has at most {LIMITS.worksheet_questions} questions"))
        title = title or f"Worksheet, level {self.level}"
        about = self.known if self.chosen else Dice(seed).shuffled(self.known)[:FEW]
        asked = [question for _, question in zip(range(count), self.questions(seed, variant, about), strict=False)]
        names = {name for question in asked for name in question.about.networks}
        verdicts = self.graded(asked)
        dice = Dice(seed + (variant + 1) * APART)
        choices = [options(each, self.grader, dice) if self.multiple_choice else [] for each in verdicts]
        return Worksheet(title, variant, asked, verdicts, [each for each in self.known if each.name in names], choices)

    def questions(self, seed: int, variant: int = 0, about: Sequence[QuizNetwork] = ()) -> Iterator[DrawnQuestion]:
        """Yield distinct questions; each type is drawn once before any is drawn again."""
        order, numbers = Dice(seed), Dice(seed + (variant + 1) * APART)
        asked: set[str] = set()
        left = self.templates
        while left:
            spent: list[QuestionTemplate] = []
            for template in order.shuffled(left):
                draws = (template.draw(numbers, about or self.known) for _ in range(TRIES))
                question = next((each for each in draws if each is not None and each.ask not in asked), None)
                if question is None:
                    spent.append(template)
                else:
                    asked.add(question.ask)
                    yield question
            left = [each for each in left if each not in spent]
        if not asked:
            raise SpecError(self.nothing)

    def graded(self, asked: Sequence[DrawnQuestion]) -> list[Verdict]:
        """Return the verdicts of a sheet without answers."""
        source, tree = read(sheet("Worksheet", asked, [""] * len(asked)), "<worksheet>")
        reader = SheetReader(source, self.folder, self.grader.known)
        made = reader.sheet(tree)
        assert not reader.problems  # written above, so it can be parsed
        return self.grader.grade(made)


def quiz_network(name: str, folder: str, grader: Grader) -> QuizNetwork:
    """Find a network by its name in a sheet of this folder."""
    from cnncalc.answers.networks import network
    from cnncalc.answers.questions import Counting

    setting = network(name, folder, grader.known)
    title = (setting.about.title or setting.id).partition(" (")[0]
    return QuizNetwork(name, title, grader.report(setting, Counting("flops")))


def sheet(
    title: str, asked: Sequence[DrawnQuestion], answers: Sequence[str], variant: int = 0, choices: Sequence[Sequence[AnswerOption]] = ()
) -> str:
    """Return the text of a sheet."""
    lines = [
        "# Write your answers after the last colon of each question, then: cnncalc check FILE",
        "# A number can be an expression, (5*5*3)*10 + 10. A volume is height x width x depth, 55x55x96.",
        *(["# Where there are options, write one of them or its letter, a for the first."] if any(choices) else []),
        f"title: {quoted(title)}",
        *([f"variant: {variant}"] if variant else []),
        f"counting: {COUNTING}",
        "questions:",
    ]
    for i, (question, text) in enumerate(zip(asked, answers, strict=True), 1):
        about = question.about
        name = about.network if about.network.startswith("{") else quoted(about.network)
        fields = {
            "ask": quoted(question.ask),
            "points": str(question.points),
            "network": name if about.network else "",
            "layer": quoted(about.layer) if about.layer else "",
            "batch": about.batch,
            "claim": quoted(about.claim) if about.claim else "",
            "choose": f"[{', '.join(quoted(each.text) for each in choices[i - 1])}]" if choices and choices[i - 1] else "",
        }
        lines += ["", f"  - id: q{i}", *(f"    {key}: {value}" for key, value in fields.items() if value)]
        lines.append(f"    {'is' if about.claim else question.quantity}: {text}".rstrip())
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Quote a text for YAML, as JSON does, unless it is a plain word."""
    word = text.isascii() and text[:1].isalpha() and text.replace("_", "").replace("-", "").isalnum()
    return text if word else json.dumps(text, ensure_ascii=False)


def inside(path: str, folder: str) -> str:
    """Return the path of a network file relative to the folder of the sheet; it must be inside."""
    file, colon, variant = path.rpartition(":") if path.rpartition(":")[0].endswith((".yaml", ".yml")) else (path, "", "")
    relative = os.path.relpath(file, folder).replace(os.sep, "/")
    if relative.startswith(".."):
        raise SpecError(
            Problem(
                f"{file}: outside the folder of the worksheet",
                hint="a sheet can only use networks in its own folder; write it there with -o",
            )
        )
    return f"{relative if '/' in relative or relative.endswith(('.yaml', '.yml')) else './' + relative}{colon}{variant}"
