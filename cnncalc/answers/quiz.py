"""Makes worksheets: an answer sheet without answers, and its key."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.answers.answer_sheet import SheetReader
from cnncalc.answers.asking import level1, level2, level3
from cnncalc.answers.asking.draw import Dice, Known
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
TRIES = 100  # in a row that make no question, or one that was asked before; then there are no more
COUNTING = "{flops: flops, bias: true}"


class Worksheet(NamedTuple):
    """Questions, and the verdicts of a sheet that is still empty: they know the right answers."""

    title: str
    asked: Sequence[DrawnQuestion]
    verdicts: Sequence[Verdict]

    def key(self, i: int) -> str:
        """The right answer of a question, as one may write it."""
        return answer(self.verdicts[i].computed)

    def yaml(self, *, key: bool) -> str:
        """The sheet that `check` reads."""
        return sheet(self.title, self.asked, [self.key(i) if key else "" for i in range(len(self.asked))])


def worksheet(seed: int, count: int, level: int, networks: Sequence[str], folder: str, title: str = "") -> Worksheet:
    """Draw a worksheet; networks that are files stand in the folder, where the sheet is going to be."""
    if count > LIMITS.worksheet_questions:
        raise SpecError(Problem(f"at most {LIMITS.worksheet_questions} questions fit on a worksheet"))
    title = title or f"Worksheet, level {level}"
    grader = Grader()
    known = [found(name, folder, grader) for name in networks or CLASSICS[level]]
    makers: list[Maker] = [*LEVELS[level].OF_NETWORKS]
    if not networks:
        makers += LEVELS[level].BY_ITSELF
    asked = list(drawn(Dice(seed), makers, known, count))
    if not asked:
        raise SpecError(
            Problem(f"nothing of level {level} can be asked of {', '.join(networks)}", hint="another --level, or other networks")
        )
    source, tree = read(sheet(title, asked, [""] * len(asked)), "<worksheet>")
    reader = SheetReader(source, folder, grader.known)
    made = reader.sheet(tree)
    assert not reader.problems  # what is written here can be read
    return Worksheet(title, asked, grader.grade(made))


def found(name: str, folder: str, grader: Grader) -> Known:
    """A network by the name that a sheet in the folder may call it."""
    from cnncalc.answers.networks import network
    from cnncalc.answers.questions import Counting

    setting = network(name, folder, grader.known)
    title = (setting.about.title or setting.id).partition(" (")[0]
    return Known(name, title, grader.report(setting, Counting("flops")))


def drawn(dice: Dice, makers: Sequence[Maker], known: Sequence[Known], count: int) -> Iterator[DrawnQuestion]:
    """Questions, each another one; every kind has its turn before one comes again."""
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
    """The text of a sheet."""
    lines = [
        "# Write your answers after the last colon of each question, then: cnncalc check FILE",
        "# A number may be arithmetic, (5*5*3)*10 + 10. A volume is height x width x depth, 55x55x96.",
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
    """A text that YAML takes for nothing else: what JSON writes."""
    word = text.isascii() and text[:1].isalpha() and text.replace("_", "").replace("-", "").isalnum()
    return text if word else json.dumps(text, ensure_ascii=False)


def answer(value: Any) -> str:
    """A right value as a student may write it, to the last digit; a ratio with two digits after the point."""
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
    """The path of a network file as a sheet in the folder writes it; a SpecError where it leads out."""
    file, colon, variant = path.rpartition(":") if path.rpartition(":")[0].endswith((".yaml", ".yml")) else (path, "", "")
    way = os.path.relpath(file, folder).replace(os.sep, "/")
    if way.startswith(".."):
        raise SpecError(
            Problem(
                f"{file}: outside the folder of the worksheet", hint="a sheet reads networks of its own folder only; -o writes it there"
            )
        )
    return f"{way if '/' in way or way.endswith(('.yaml', '.yml')) else './' + way}{colon}{variant}"
