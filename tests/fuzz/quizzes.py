"""Worksheets on any networks of the catalogue, of every level: each key is graded right, and is computed again without `answers`."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

import cnncalc
from cnncalc.answers.asking.templates import LEVELS
from cnncalc.answers.quiz import QuizMaker
from tests.answers import by_hand
from tests.answers.test_quiz import graded, value_of, with_numbers
from tests.spec_text import report

if TYPE_CHECKING:
    from cnncalc.answers.asking.draw import DrawnQuestion
    from cnncalc.propagate.report import Report

READ = {"memory": "bytes", "activations": "values"}  # what sheets call otherwise than reports


class Quiz(NamedTuple):
    """What `cnncalc quiz` is given."""

    names: list[str]
    level: int
    seed: int
    questions: int

    def __str__(self) -> str:
        return f"quiz {' '.join(self.names)} --level {self.level} --seed {self.seed} --questions {self.questions}"


quizzes = st.builds(
    Quiz,
    st.lists(st.sampled_from(cnncalc.names()), max_size=3, unique=True),
    st.sampled_from(sorted(LEVELS)),
    st.integers(0, 2**31),
    st.integers(1, 12),
)


def keys_are_right(quiz: Quiz) -> None:
    """The sheet with its key is graded right, the empty one is unclear, and every key is computed again."""
    try:
        made = QuizMaker(quiz.level, quiz.names, "/nowhere").worksheet(quiz.seed, quiz.questions)
    except cnncalc.SpecError as error:
        if f"no questions of level {quiz.level}" in str(error):
            return
        raise
    assert {each.verdict for each in graded(made.yaml(key=True))} == {"right"}
    assert {each.verdict for each in graded(made.yaml(key=False))} == {"unclear"}
    for i, asked in enumerate(made.asked):
        assert made.key(i) == computed(asked), asked
        if not asked.about.claim and not asked.about.networks and asked.template not in ("layer-kernel", "layer-fits"):
            ask = asked.ask if asked.about.layer and not asked.about.network.startswith("{") else with_numbers(asked.ask)
            assert value_of(made.verdicts[i]) == by_hand.answer(ask, asked.quantity), asked


def computed(asked: DrawnQuestion) -> str:
    """The right answer, from the report."""
    about = asked.about
    if about.claim:
        return claimed(about.claim)
    found = analyzed(about.network, about.batch or "1")
    row = found[about.layer] if about.layer else None
    last: Any = row or found.rows[found.graph.outputs[-1]]
    if asked.quantity == "output":
        return "x".join(f"({side})" if " " in str(side) else str(side) for side in last.output)
    if asked.quantity in ("receptive_field", "kernel"):
        sides = last.receptive_field if asked.quantity == "receptive_field" else last.layer.kernel
        return "x".join(map(str, dict.fromkeys(sides)))
    if asked.quantity == "fits":
        return str(last.exact).lower()
    return str(getattr(row or found.total, READ.get(asked.quantity, asked.quantity)))


@lru_cache(1_000)  # more than the catalogue has
def analyzed(network: str, batch: str = "1") -> Report:
    """The report of a network of the catalogue, or of one that a sheet writes out."""
    return report(network, batch=batch, counting="flops") if network[0] == "{" else cnncalc.analyze(network, batch=batch, counting="flops")


def claimed(claim: str) -> str:
    """The value of a claim: a count, or one figure over another to two decimal places."""
    figures = [figure(*each) for each in re.findall(r"(\w+)\(([^/,)]+)[/,]? ?([^)]*)\)", claim)]
    if len(figures) == 1:
        return str(figures[0])
    hundredths = round(Fraction(*figures) * 100)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def figure(function: str, network: str, place: str) -> int:
    """What params(vgg16/fc6), macs(vgg16) or count(vgg16, conv) stands for."""
    found = analyzed(network)
    if function == "count":
        return sum(row.kind == place and not row.side for row in found)
    value: int = getattr(found[place] if place else found.total, function)
    return value
