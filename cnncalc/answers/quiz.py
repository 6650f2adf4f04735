"""Creates worksheets: answer sheets without answers, and their answer keys."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.answers.answer_sheet import SheetReader
from cnncalc.answers.asking import level1, level2, level3
from cnncalc.answers.asking.draw import Dice, QuizNetwork
from cnncalc.answers.grade import Grader
from cnncalc.dims import Poly
from cnncalc.errors import Problem, SpecError
from cnncalc.layers import Volume
from cnncalc.limits import LIMITS
from cnncalc.spec.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.asking.draw import DrawnQuestion, Maker
    from cnncalc.answers.grade import Verdict

LEVELS = {1: level1, 2: level2, 3: level3}
CLASSICS = {
    1: ("alexnet", "vgg16", "zfnet", "lenet_caffe"),
    2: ("alexnet", "vgg16", "googlenet", "resnet18", "squeezenet1_0"),
    3: ("alexnet", "vgg16", "googlenet", "resnet50", "densenet121", "mobilenet_v1"),
}
TRIES = 100  # consecutive draws without a new question after which drawing stops
COUNTING = "{flops: flops, bias: true}"


class Worksheet(NamedTuple):
    """Drawn questions, with verdicts on the empty sheet that contain the correct answers."""

    title: str
    asked: Sequence[DrawnQuestion]
    verdicts: Sequence[Verdict]

    def key(self, i: int) -> str:
        """Return the correct answer of a question as a student may write it."""
        return answer(self.verdicts[i].computed)

    def yaml(self, *, key: bool) -> str:
        """Return the sheet for `check`."""
        return sheet(self.title, self.asked, [self.key(i) if key else "" for i in range(len(self.asked))])


def worksheet(seed: int, count: int, level: int, networks: Sequence[str], folder: str, title: str = "") -> Worksheet:
    """Draw a worksheet; network files must be in the folder of the sheet."""
    if count > LIMITS.worksheet_questions:
        raise SpecError(Problem(f"a worksheet has at most {LIMITS.worksheet_questions} questions"))
    title = title or f"Worksheet, level {level}"
    grader = Grader()
    known = [quiz_network(name, folder, grader) for name in networks or CLASSICS[level]]
    makers: list[Maker] = [*LEVELS[level].OF_NETWORKS]
    if not networks:
        makers += LEVELS[level].BY_ITSELF
    asked = list(draw_questions(Dice(seed), makers, known, count))
    if not asked:
        raise SpecError(Problem(f"no questions of level {level} for {', '.join(networks)}", hint="try another --level or other networks"))
    source, tree = read(sheet(title, asked, [""] * len(asked)), "<worksheet>")
    reader = SheetReader(source, folder, grader.known)
    made = reader.sheet(tree)
    assert not reader.problems  # written above, so it can be parsed
    return Worksheet(title, asked, grader.grade(made))


def quiz_network(name: str, folder: str, grader: Grader) -> QuizNetwork:
    """Find a network by its name in a sheet of this folder."""
    from cnncalc.answers.networks import network
    from cnncalc.answers.questions import Counting

    setting = network(name, folder, grader.known)
    title = (setting.about.title or setting.id).partition(" (")[0]
    return QuizNetwork(name, title, grader.report(setting, Counting("flops")))


def draw_questions(dice: Dice, makers: Sequence[Maker], known: Sequence[QuizNetwork], count: int) -> Iterator[DrawnQuestion]:
    """Yield distinct questions; each type is drawn once before any is drawn again."""
    asked: set[str] = set()
    turn: list[Maker] = []
    tries = 0
    while len(asked) < count and tries < TRIES:
        tries += 1
        turn = turn or dice.shuffled(makers)
        question = turn.pop()(dice, known)
        if question is not None and question.ask not in asked:
            asked.add(question.ask)
            tries = 0
            yield question


def sheet(title: str, asked: Sequence[DrawnQuestion], answers: Sequence[str]) -> str:
    """Return the text of a sheet."""
    lines = [
        "# Write your answers after the last colon of each question, then: cnncalc check FILE",
        "# A number can be an expression, (5*5*3)*10 + 10. A volume is height x width x depth, 55x55x96.",
        f"title: {quoted(title)}",
        f"counting: {COUNTING}",
        "questions:",
    ]
    for i, (question, text) in enumerate(zip(asked, answers, strict=True), 1):
        name = question.network if question.network.startswith("{") else quoted(question.network)
        fields = {
            "ask": quoted(question.ask),
            "network": name if question.network else "",
            "layer": quoted(question.layer) if question.layer else "",
            "batch": question.batch,
            "claim": quoted(question.claim) if question.claim else "",
        }
        lines += ["", f"  - id: q{i}", *(f"    {key}: {value}" for key, value in fields.items() if value)]
        lines.append(f"    {'is' if question.claim else question.quantity}: {text}".rstrip())
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Quote a text for YAML, as JSON does, unless it is a plain word."""
    word = text.isascii() and text[:1].isalpha() and text.replace("_", "").replace("-", "").isalnum()
    return text if word else json.dumps(text, ensure_ascii=False)


def answer(value: Any) -> str:
    """Format a correct value as a student may write it: all digits; ratios to two decimal places."""
    from fractions import Fraction

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Volume):
        return "x".join(f"({side})" if " " in str(side) else str(side) for side in value)
    if isinstance(value, tuple):
        return str(value[0]) if len(set(value)) == 1 else "x".join(map(str, value))
    if isinstance(value, Fraction):
        hundredths = round(value * 100)
        return f"{hundredths // 100}.{hundredths % 100:02}"
    return str(value) if isinstance(value, (int, Poly)) else ""


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
