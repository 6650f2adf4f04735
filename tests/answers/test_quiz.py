"""Worksheets: their questions are graded as asked, checked with independent formulas."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import analyze, names
from cnncalc.answers.answer_sheet import SheetReader
from cnncalc.answers.asking.draw import Dice
from cnncalc.answers.asking.templates import LEVELS, TEMPLATES, QuestionTemplate
from cnncalc.answers.asking.wording import described
from cnncalc.answers.grade import Grader, Verdict, decide
from cnncalc.answers.mistakes import SLIPS
from cnncalc.answers.near_misses import SELDOM
from cnncalc.answers.questions import Answer
from cnncalc.answers.quiz import ON_PAPER, QuizMaker, Worksheet, inside, quiz_network, sheet
from cnncalc.answers.reading import substituted
from cnncalc.answers.writing import answer
from cnncalc.dims import Poly
from cnncalc.dims.notation import show
from cnncalc.errors import SpecError
from cnncalc.layers import Volume
from cnncalc.spec.reader import read
from tests.answers import by_hand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cnncalc.answers.asking.draw import DrawnQuestion


def graded(text: str, folder: str = "/nowhere") -> list[Verdict]:
    source, tree = read(text, "sheet")
    reader = SheetReader(source, folder, {})
    sheet = reader.sheet(tree)
    assert not reader.problems
    return Grader().grade(sheet)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**9), level=st.sampled_from([1, 2, 3]), count=st.integers(1, 12))
def test_the_key_is_graded_right_and_the_empty_sheet_is_unclear(seed: int, level: int, count: int) -> None:
    made = worksheet(seed, count, level, (), "/nowhere")
    right = graded(made.yaml(key=True))
    assert [each.verdict for each in right] == ["right"] * count
    empty = graded(made.yaml(key=False))
    assert [(each.verdict, each.reason) for each in empty] == [("unclear", "no answer")] * count
    assert len({each.ask for each in made.asked}) == count


NUMBERS = {"K": 7, "C": 5, "H": 23, "W": 29, "N": 3}
PUBLISHED = {  # parameters and MACs of the networks in question as other programs count them, depths of the papers, convolutions
    "alexnet": (62_378_344, 1_135_256_096, 8, 5),
    "vgg16": (138_357_544, 15_470_264_320, 16, 13),
    "googlenet": (6_998_552, 1_582_671_872, 22, 57),
    "resnet18": (11_689_512, 1_814_073_344, 18, 20),
    "squeezenet1_0": (1_248_424, 0, 18, 26),
    "resnet50": (25_557_032, 3_857_973_248, 50, 53),
    "densenet121": (7_978_856, 2_834_161_664, 121, 120),
    "mobilenet_v1": (4_231_976, 568_740_352, 28, 27),
}
WORDS = {"parameters": 0, "multiply-accumulates": 1}


def with_numbers(ask: str) -> str:
    """The question with numbers for its letters."""
    return re.sub(r"\b(\d*)([KCHWN])\b", lambda found: str(int(found[1] or 1) * NUMBERS[found[2]]), ask)


def value_of(verdict: Verdict) -> object:
    """The computed value, at the same numbers; a size as one number."""
    value = verdict.computed
    if isinstance(value, Volume):
        return tuple(substituted(side, NUMBERS) for side in value)
    if isinstance(value, tuple):
        assert len(set(value)) == 1
        value = value[0]
    return value if isinstance(value, bool) else Fraction(substituted(value, NUMBERS))


def volume(sides: Volume) -> by_hand.Cost:
    """An input to work something out for."""
    h, w, c = (int(str(side)) for side in sides)
    return by_hand.Cost(h, w, c)


def of_networks(question: DrawnQuestion) -> Fraction | None:
    """The answer to a question about whole networks, out of published figures."""
    if question.template in ("params-factor", "macs-factor"):
        return Fraction(
            *(
                PUBLISHED[name][WORDS["parameters" if question.template[0] == "p" else "multiply-accumulates"]]
                for name in question.about.networks
            )
        )
    if question.template in ("network-depth", "network-convolutions"):
        return Fraction(PUBLISHED[question.about.networks[0]][2 + (question.template != "network-depth")])
    if question.template in ("params-share", "macs-share"):
        name = question.about.networks[0]
        path = question.ask.partition(" is in ")[2].partition("?")[0]
        row = next(row for row in analyze(name) if row.path == path)
        cost = by_hand.layer(described(row), volume(row.inputs[0]))
        total = PUBLISHED[name]
        return Fraction(cost.params, total[0]) if question.template == "params-share" else Fraction(cost.macs, total[1])
    return None


def first_field(question: DrawnQuestion) -> Fraction | None:
    """The receptive field of a layer ahead of the first branch."""
    cost = by_hand.Cost(1000, 1000, 3)
    for row in analyze(question.about.network).rows[1:]:
        if described(row):
            seen = volume(row.inputs[0])
            cost = by_hand.layer(described(row), cost._replace(h=seen.h, w=seen.w, c=seen.c))
        elif "/" in row.path or row.kind not in ("relu", "lrn", "bn"):
            return None
        if row.path == question.about.layer:
            return Fraction(cost.field)
    return None


def kernel(question: DrawnQuestion) -> Fraction:
    """The only kernel that divides the input evenly and gives the output."""
    into, out, stride = (int(each) for each in re.findall(r"an? (\d+)×\S* input into (\d+)×.*stride (\d+)", question.ask)[0])
    pad = int((re.findall(r"padding (\d+)", question.ask) or [0])[0])
    (found,) = (
        size for size in range(1, 100) if len(by_hand.starts(into + 2 * pad, size, stride)) == out and (into + 2 * pad - size) % stride == 0
    )
    return Fraction(found)


@pytest.mark.parametrize("template", TEMPLATES, ids=[each.name for each in TEMPLATES])
def test_every_key_follows_from_the_words_by_another_path(template: QuestionTemplate) -> None:
    maker = QuizMaker(template.level, (), "/nowhere")
    asked = {question.ask: question for seed in range(25) if (question := template.draw(Dice(seed), maker.known))}
    checked = 0
    for question, verdict in zip(asked.values(), maker.graded([*asked.values()]), strict=True):
        ask = with_numbers(question.ask) if template.of_networks is None else question.ask
        expected: object
        if question.quantity == "kernel":
            expected = kernel(question)
        elif template.name == "network-field":
            expected = first_field(question)
        elif template.name == "layer-fits":
            found = re.findall(r"kernel of (\d+)×\d+ with stride (\d+) and (?:no padding|padding (\d+)) over (\d+)×", question.ask)
            size, stride, pad, side = (int(each or 0) for each in found[0])
            expected = (side + 2 * pad - size) % stride == 0
        elif template.of_networks is not None and question.about.networks:
            expected = of_networks(question)
        else:
            expected = by_hand.answer(ask, question.quantity)
        if expected is not None:
            assert value_of(verdict) == expected, question.ask
            checked += 1
    assert checked >= (3 if template.of_networks else 2), template.name
    assert template.of_networks or checked == len(asked)


def test_there_are_forty_kinds_of_questions_on_three_levels_each_by_a_name_of_its_own() -> None:
    assert len({each.name for each in TEMPLATES}) == len(TEMPLATES) >= 40
    assert {level: sum(each.level == level for each in TEMPLATES) >= 12 for level in LEVELS} == dict.fromkeys(LEVELS, True)


@pytest.mark.parametrize("template", [each for each in TEMPLATES if each.level == 3], ids=lambda each: each.name)
def test_a_hint_never_gives_the_answer_away(template: QuestionTemplate) -> None:
    """What stands in brackets, read as an answer, is wrong or none at all; of `quiz --level 3` it once was the answer."""
    maker = QuizMaker(3, (), "/nowhere")
    asked = {question.ask: question for seed in range(200) if (question := template.draw(Dice(seed), maker.known))}
    for question, verdict in zip(asked.values(), maker.graded([*asked.values()]), strict=True):
        hints = re.findall(r"⌊[^⌋]*⌋|\b[A-Z] // \d+|\((?:[^()]|\([^()]*\))*\)(?:[^a-z]*x [A-Z])?", question.ask.partition("? ")[2])
        sides = verdict.computed if isinstance(verdict.computed, tuple) else (verdict.computed,)
        shown = {text for side in sides if isinstance(side, Poly) for text in (show(side), show(side, "ascii"), str(side))}
        letters = {"H", "W", "C", "K"}
        assert not [text for text in shown - letters if text in question.ask.replace(question.about.words, "")], question.ask
        for hint in hints:
            text = hint if verdict.computed.__class__ is not Volume else " x ".join([hint, hint.replace("N", "W"), "K"])
            answered = Verdict(verdict.question, Answer(verdict.quantity, text, verdict.answer.node), verdict.report, verdict.row)
            answered.computed = verdict.computed
            decide(answered, maker.grader.meter)
            assert answered.verdict != "right", question.ask


@pytest.mark.parametrize("name", names())
def test_every_level_of_every_network(name: str) -> None:
    """Each kind of question once, about this network; the key agrees with what follows from the words alone."""
    maker = QuizMaker(1, (name,), "/nowhere")
    rows = [each for each in TEMPLATES if each.of_networks is not None]
    drawn = [(each.level, each.draw(Dice(len(name)), [*maker.known] * 2)) for each in rows]  # a factor takes two
    pictures = maker.known[0].report.input.rank == 2  # layers of sounds and videos have no words
    assert {level for level, question in drawn if question} >= ({*LEVELS} if pictures else {2})
    asked = [question for _, question in drawn if question is not None]
    for question, verdict in zip(asked, maker.graded(asked), strict=True):
        assert answer(verdict.computed), question
        if not question.about.networks and question.quantity not in ("kernel", "fits"):
            assert value_of(verdict) == by_hand.answer(question.ask, question.quantity), question


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9), level=st.sampled_from(LEVELS), variants=st.integers(2, 4))
def test_variants_ask_the_same_of_other_numbers(seed: int, level: int, variants: int) -> None:
    maker = QuizMaker(level, (), "/nowhere")
    made = [maker.worksheet(seed, 10, variant=variant) for variant in range(1, variants + 1)]
    assert len({tuple(question.template for question in each.asked) for each in made}) == 1
    assert len({each.yaml(key=False) for each in made}) == variants
    assert len({sum(question.points for question in each.asked) for each in made}) == 1
    assert len({tuple(network.name for network in each.networks) for each in made if len(each.networks) == 2}) <= 1
    assert all(f"variant: {each.variant}\n" in each.yaml(key=True) for each in made)


@pytest.mark.parametrize("level", LEVELS)
def test_wrong_options_are_named_slips_and_the_key_is_one_of_them(level: int) -> None:
    maker = QuizMaker(level, (), "/nowhere", multiple_choice=True)
    with_options = 0
    for seed in range(6):
        made = maker.worksheet(seed, 12)
        for i, choices in enumerate(made.choices):
            if not choices:
                continue
            with_options += 1
            assert 3 <= len(choices) <= 4
            assert len({each.text for each in choices}) == len(choices)
            (right,) = (each for each in choices if not each.slips)
            assert right.text == made.key(i)
            assert not any(isinstance(side, Fraction) for each in choices if isinstance(each.value, tuple) for side in each.value)
            assert choices["abcd".index(made.letter(i))] is right
        letters = [made.letter(i) or made.key(i) for i in range(len(made.asked))]
        text = sheet("T", made.asked, letters, 0, made.choices)
        assert {each.verdict for each in graded(text)} == {"right"}
        wrong = [("a" if made.letter(i) != "a" else "b") if made.letter(i) else "" for i in range(len(made.asked))]
        assert "right" not in {each.verdict for each in graded(sheet("T", made.asked, wrong, 0, made.choices))}
    assert with_options > 30


def test_slips_that_are_seldom_offered_are_slips() -> None:
    assert set(SELDOM) <= {slip.tag for slip in SLIPS}


def test_a_closed_book_is_about_networks_that_fit_on_paper() -> None:
    for level in LEVELS:
        assert all(len(each.report.rows) <= ON_PAPER for each in QuizMaker(level, (), "/nowhere", closed_book=True).known)
        assert len(QuizMaker(level, (), "/nowhere", closed_book=True).known) > 1
    assert len(QuizMaker(1, ("densenet121",), "/nowhere", closed_book=True).known) == 1


def worksheet(seed: int, count: int, level: int, names: Sequence[str], folder: str, title: str = "") -> Worksheet:
    return QuizMaker(level, names, folder).worksheet(seed, count, title)


def test_a_seed_makes_one_worksheet_and_another_seed_another_one() -> None:
    one, same, other = (worksheet(seed, 6, 2, (), "/nowhere").yaml(key=False) for seed in (4, 4, 5))
    assert one == same != other


def test_dice_are_pinned_so_that_every_python_throws_the_same() -> None:
    dice = Dice(7)
    assert [dice.choice(range(100)) for _ in range(5)] == [32, 15, 65, 7, 53]
    assert dice.shuffled("abcdef") == ["c", "a", "e", "b", "d", "f"]


def test_every_kind_of_question_has_its_turn() -> None:
    for level in LEVELS:
        kinds = sum(each.level == level for each in TEMPLATES)
        assert len({each.template for each in worksheet(11, kinds, level, (), "/nowhere").asked}) == kinds


def made_of(path: Path, level: int, *names: str, count: int = 30) -> Worksheet:
    return worksheet(1, count, level, names, str(path))


SMALL = "input: 12x12x3\nlayers: [{conv: 4, kernel: 3, name: c}, {maxpool: 2}, {fc: 5}]\n"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_questions_on_a_file_of_ones_own(level: int, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: Mine\n" + SMALL, encoding="utf-8")
    made = made_of(tmp_path, level, "mine.yaml")
    assert made.asked
    assert all("Mine" in each.ask and "mine.yaml" in each.about.network + each.about.claim for each in made.asked)
    assert {each.verdict for each in graded(made.yaml(key=True), str(tmp_path))} == {"right"}


def test_a_name_that_arithmetic_cannot_hold_is_in_no_claim(tmp_path: Path) -> None:
    (tmp_path / "a(b).yaml").write_text(SMALL, encoding="utf-8")
    made = made_of(tmp_path, 2, "a(b).yaml", "vgg16")
    assert not any("a(b)" in each.about.claim for each in made.asked)
    assert {each.verdict for each in graded(made.yaml(key=True), str(tmp_path))} == {"right"}


def test_fewer_questions_where_there_are_no_more(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [{fc: 2, name: f}]\n", encoding="utf-8")
    assert 1 <= len(made_of(tmp_path, 1, "n.yaml").asked) < 30


def test_a_network_without_anything_to_ask_is_refused(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [relu]\n", encoding="utf-8")
    with pytest.raises(SpecError, match="no questions of level 1"):
        made_of(tmp_path, 1, "n.yaml")


@pytest.mark.parametrize(
    ("template", "file", "layers"),
    [
        ("layer-kernel", "n.yaml", "{conv: 2, kernel: 3, stride: 2, dilation: 2}"),  # its kernel does not follow from sides alone
        ("layer-fits", "n.yaml", "{conv: 2, kernel: 3, stride: 2, dilation: 2}"),
        ("layer-fits", "n.yaml", "{conv: 2, kernel: 3}"),  # with a stride of one it always fits
        ("network-field", "n.yaml", "{fc: 2}"),
        ("network-convolutions", "a(b).yaml", "{conv: 2}"),
        ("params-share", "n.yaml", "{fc: 9, repeat: 60}"),  # none has more than 1/50
        ("params-share", "n.yaml", "relu"),
        ("params-factor", "n.yaml", "relu"),  # 0 / 0
        ("macs-factor", "a(b).yaml", "{conv: 2}"),
    ],
)
def test_a_question_that_a_network_does_not_suit_is_not_asked(template: str, file: str, layers: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(f"input: 9x9x9\nlayers: [{layers}]\n", encoding="utf-8")
    known = [quiz_network(file, str(tmp_path), Grader())] * 2
    (row,) = (each for each in TEMPLATES if each.name == template)
    assert [row.draw(Dice(seed), known) for seed in range(5)] == [None] * 5


def test_symbols_in_a_network_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: HxWx3\nlayers: [{conv: 4, kernel: 3, name: c}, gap, {fc: 5, name: f}]\n", encoding="utf-8")
    for level in LEVELS:
        made = made_of(tmp_path, level, "n.yaml", "vgg16")
        assert {each.verdict for each in graded(made.yaml(key=True), str(tmp_path))} == {"right"}


def test_too_many_questions_are_refused() -> None:
    with pytest.raises(SpecError, match="at most 200"):
        worksheet(1, 201, 1, (), "/nowhere")


def test_paths_are_written_as_the_sheet_sees_them(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert inside(f"{folder}/a.yaml", folder) == "a.yaml"
    assert inside(f"{folder}/nets/a.yaml:small", folder) == "nets/a.yaml:small"
    with pytest.raises(SpecError, match="outside the folder of the worksheet"):
        inside(f"{folder}/../a.yaml", folder)


@pytest.mark.parametrize("title", ["Week 3: pooling", "yes", "a # b", 'say "x"', "été", "- x"])
def test_any_title_is_read_back(title: str) -> None:
    text = worksheet(1, 1, 1, (), "/nowhere", title).yaml(key=False)
    source, tree = read(text, "sheet")
    assert SheetReader(source, "/nowhere", {}).sheet(tree).title == title
