"""Questions for learning platforms, read by parsers of the published formats.

Moodle XML as in "Moodle XML format" and GIFT as in "GIFT format" of docs.moodle.org; neither parser shares code with the writers.
"""

from __future__ import annotations

import csv
import html
import io
import re
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from cnncalc.answers.platform_questions import PlatformAnswer, PlatformQuestion, platform_questions
from cnncalc.answers.quiz import QuizMaker
from cnncalc.output.worksheets.gift import gift
from cnncalc.output.worksheets.moodle import moodle
from cnncalc.output.worksheets.question_table import question_table
from tests.answers.test_quiz import graded

TITLE = "Week 3/4: {pooling} & <more> ~ 50% = #1"
NASTY = [
    PlatformQuestion(
        "q1 {a}",
        "numerical",
        "Is 2 < 3 & {4} = ~5 # 6: \\ ?",
        2,
        [PlatformAnswer("12", right=True), PlatformAnswer("13", right=False, feedback="a = b: {c} ~ <d> #1 \\")],
    ),
    PlatformQuestion("q2", "shortanswer", "a*b", 1, [PlatformAnswer("5*5*3", right=True), PlatformAnswer("a:b=c", right=False)]),
    PlatformQuestion("q3", "multichoice", "]]> pick", 1, [PlatformAnswer("<b>", right=True), PlatformAnswer("~=#{}", right=False)]),
    PlatformQuestion("q4", "truefalse", "Is it?", 1, [PlatformAnswer("true", right=False), PlatformAnswer("false", right=True)]),
]


class Read(NamedTuple):
    """A question as an importer sees it: its answers with fraction, tolerance and feedback."""

    name: str
    kind: str
    ask: str
    answers: list[tuple[str, int, str, str]]


def read_moodle(text: str) -> list[Read]:
    """Elements as the documentation has them; anything else is an error."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "quiz"
    found = []
    for question in root:
        assert question.tag == "question"
        kind = question.attrib["type"]
        if kind == "category":
            assert (question.findtext("category/text") or "").startswith("$course$/top/")
            continue
        assert kind in ("numerical", "multichoice", "truefalse", "shortanswer")
        extra = {"multichoice": {"single", "shuffleanswers", "answernumbering"}, "shortanswer": {"usecase"}}.get(kind, set())
        assert {each.tag for each in question} == {"name", "questiontext", "defaultgrade", "penalty", "answer", *extra}
        text_node = question.find("questiontext")
        assert text_node is not None
        assert text_node.attrib == {"format": "html"}
        answers = []
        for answer in question.findall("answer"):
            assert {each.tag for each in answer} == {"text", "feedback", *({"tolerance"} if kind == "numerical" else ())}
            shown = answer.findtext("text") or ""
            shown = html.unescape(shown) if kind == "multichoice" else shown.replace(r"\*", "*")
            feedback = html.unescape(answer.findtext("feedback/text") or "")
            answers.append((shown, int(answer.attrib["fraction"]), answer.findtext("tolerance") or "0", feedback))
        ask = html.unescape(re.fullmatch(r"<p>(.*)</p>", question.findtext("questiontext/text") or "", re.DOTALL)[1])  # type: ignore[index]  # it is one paragraph
        found.append(Read(question.findtext("name/text") or "", kind, ask, answers))
    return found


def unescape(text: str) -> str:
    """GIFT's escapes: a backslash ahead of one of \\ ~ = # { } :."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[~=#{}]", text), text
    return re.sub(r"\\([\\~=#{}:])", r"\1", text)


def read_gift(text: str) -> list[Read]:
    """Questions are separated by blank lines: ::name::[plain]text{answers}; answers begin with = or ~ and may end in #feedback."""
    category, *blocks = text.strip().split("\n\n")
    assert category.startswith("$CATEGORY: $course$/top/")
    found = []
    sign = r"(?<!\\)(?:\\\\)*"
    for block in blocks:
        parts = re.fullmatch(rf"::(.*?){sign}::\[plain\](.*?){sign}\{{(.*?){sign}\}}", block, re.DOTALL)
        assert parts is not None, block
        name, ask, body = parts.groups()
        if body in ("TRUE", "FALSE"):
            answers = [("true", 100 * (body == "TRUE"), "0", ""), ("false", 100 * (body == "FALSE"), "0", "")]
            found.append(Read(unescape(name), "truefalse", unescape(ask), answers))
            continue
        numerical = body.startswith("#")
        items = re.findall(r"([=~])((?:\\.|[^\\~=\n])*)\n", body.removeprefix("#").lstrip(" \n").replace("\n  ", "\n") + "\n")
        answers = []
        for mark, item in items:
            weight, rest = (int(item[1 : item.index("%", 1)]), item[item.index("%", 1) + 1 :]) if item.startswith("%") else (None, item)
            shown, _, feedback = re.sub(r"(?<!\\)((?:\\\\)*)#", r"\1\0", rest, count=1).partition("\0")
            tolerance = "0"
            if numerical:
                shown, _, tolerance = shown.partition(":")
            value = unescape(shown)
            fraction = weight if weight is not None else 100 if mark == "=" else 0
            answers.append(
                (value if any(each[0] == "~" for each in items) else value.replace(r"\*", "*"), fraction, tolerance, unescape(feedback))
            )
        kind = "numerical" if numerical else "multichoice" if any(each[0] == "~" for each in items) else "shortanswer"
        found.append(Read(unescape(name), kind, unescape(ask), answers))
    return found


def expected(questions: list[PlatformQuestion]) -> list[Read]:
    """What an importer should see."""
    return [
        Read(
            each.name,
            each.kind,
            each.ask,
            [(found.text, 100 * found.right, each.tolerance if found.right else "0", found.feedback) for found in each.answers],
        )
        for each in questions
    ]


def questions(level: int, *, multiple_choice: bool) -> list[PlatformQuestion]:
    maker = QuizMaker(level, (), "/nowhere", multiple_choice=multiple_choice)
    return platform_questions(maker.worksheet(level, 30), maker.grader)


@pytest.mark.parametrize("made", [NASTY, *(questions(level, multiple_choice=choice) for level in (1, 2, 3) for choice in (False, True))])
def test_importers_see_what_is_asked(made: list[PlatformQuestion]) -> None:
    assert read_moodle(moodle(TITLE, made)) == expected(made)
    assert read_gift(gift(TITLE, made)) == expected(made)
    rows = list(csv.DictReader(io.StringIO(question_table(TITLE, made))))
    assert [row["ask"] for row in rows] == [each.ask for each in made]
    assert all(row["answer"] in {found.text for found in each.answers if found.right} for row, each in zip(rows, made, strict=True))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_wrong_answer_says_which_slip_gives_it(level: int) -> None:
    kinds = set()
    for each in questions(level, multiple_choice=False):
        kinds.add(each.kind)
        assert any(found.right for found in each.answers)
        wrong = [found for found in each.answers if not found.right]
        assert each.kind == "truefalse" or all(found.feedback.endswith(".") for found in wrong)
        if each.kind == "numerical":
            assert all(Decimal(found.text) >= 0 for found in each.answers)
    assert kinds >= {"numerical", "shortanswer"} if level < 3 else kinds >= {"numerical", "multichoice"}


def test_all_spellings_of_a_volume_are_right() -> None:
    for each in questions(1, multiple_choice=False):
        if each.kind == "shortanswer":
            for found in each.answers:
                text = found.text.strip("[]()") if "," in found.text else found.text
                assert len(re.split(r"\s*[x×*,]\s*", text)) in (1, 3)


def test_a_platform_is_told_the_same_as_check() -> None:
    maker = QuizMaker(1, (), "/nowhere")
    made = maker.worksheet(5, 12)
    for each, question in zip(platform_questions(made, maker.grader), made.asked, strict=True):
        network = question.about.network
        layer = f", layer: {question.about.layer}" if question.about.layer else ""
        batch = f", batch: {question.about.batch}" if question.about.batch else ""
        for found in each.answers:
            text = f"counting: {{flops: flops}}\nquestions: [{{network: {network}{layer}{batch}, {question.quantity}: '{found.text}'}}]"
            assert (graded(text)[0].verdict == "right") == found.right or "channels first" in found.feedback, (question, found)
