"""Worksheets: what they ask is what they grade, by formulas of our own put into their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.answers.answer_sheet import SheetReader
from cnncalc.answers.asking import level1, level2, level3
from cnncalc.answers.asking.draw import Dice
from cnncalc.answers.grade import Grader, Verdict
from cnncalc.answers.quiz import LEVELS, Worksheet, answer, inside, quiz_network, sheet, worksheet
from cnncalc.errors import SpecError
from cnncalc.spec import catalogue_index
from cnncalc.spec.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cnncalc.answers.asking.draw import DrawnQuestion, Maker

CONVOLUTION = re.compile(
    r"onvolution with (?P<K>\d+) filters? of (?P<F>\d+)×(?P=F), stride (?P<S>\d+)(?:,| and) (?:no padding|padding (?P<P>\d+))"
    r"(?:(?:,| and) dilation (?P<D>\d+))?(?:(?:,| and) (?P<G>\d+) groups)?(?P<B>(?:,| and) no biases)?"
    r"(?: is|\. It is) applied to a (?P<H>\d+)×(?P<W>\d+)×(?P<C>\d+) input"
)
POOL = re.compile(
    r"ax pooling with a kernel of (?P<F>\d+)×(?P=F)(?:,| and) stride (?P<S>\d+)(?P<up>, rounding up)?(?: is|\. It is) applied to a "
    r"(?P<H>\d+)×(?P<W>\d+)×(?P<C>\d+) input"
)
DENSE = re.compile(r"fully connected layer with (?P<K>\d+) neurons(?: is|\. It is) applied to a (?P<H>\d+)×(?P<W>\d+)×(?P<C>\d+) input")


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


def number(found: re.Match[str], name: str, default: int = 0) -> int:
    return int(found[name]) if found[name] is not None else default


def places(size: int, window: int, stride: int) -> int:
    return len(range(0, size - window + 1, stride))


def by_hand(ask: str, quantity: str) -> str | None:
    """The answer to a question on one layer, out of the words alone; None where they are about something else."""
    if (found := CONVOLUTION.search(ask)) and "goes through" not in ask and "transposed" not in ask:
        k, f, s, p, d, g = (number(found, name, default) for name, default in (("K", 1), ("F", 1), ("S", 1), ("P", 0), ("D", 1), ("G", 1)))
        h, w, c = (number(found, name) for name in "HWC")
        high, wide = (places(side + 2 * p, d * (f - 1) + 1, s) for side in (h, w))
        weights = f * f * (c // g) * k
        params = weights + (0 if found["B"] else k)
        macs = weights * high * wide
        batch = re.search(r"for (\d+) images", ask)
        answers = {
            "output": f"{high}x{wide}x{k}",
            "weights": weights,
            "params": params + 2 * k if "Batch normalization" in ask else params,
            "macs": macs,
            "flops": 2 * macs,
            "memory": 4 * high * wide * k * int(batch[1]) if batch else None,
        }
        return str(answers[quantity]) if answers.get(quantity) is not None else None
    if found := DENSE.search(ask):
        k, h, w, c = (number(found, name) for name in "KHWC")
        answers = {
            "output": f"1x1x{k}",
            "weights": h * w * c * k,
            "params": h * w * c * k + k,
            "macs": h * w * c * k,
            "flops": 2 * h * w * c * k,
        }
        return str(answers[quantity]) if quantity in answers else None
    if (found := POOL.search(ask)) and quantity == "output" and not found["up"]:
        f, s, h, w, c = (number(found, name) for name in "FSHWC")
        return f"{places(h, f, s)}x{places(w, f, s)}x{c}"
    return None


def test_what_is_asked_in_words_is_what_is_graded() -> None:
    checked: dict[str, int] = {}
    for seed in range(8):
        for level in LEVELS:
            made = worksheet(seed, 20, level, (), "/nowhere")
            for i, question in enumerate(made.asked):
                expected = by_hand(question.ask, question.quantity)
                if expected is not None:
                    assert made.key(i) == expected, question.ask
                    checked[question.quantity] = checked.get(question.quantity, 0) + 1
    assert {name for name, count in checked.items() if count > 2} >= {"output", "params", "weights", "macs", "flops", "memory"}


@pytest.mark.parametrize("name", catalogue_index.names())
def test_every_level_of_every_network(name: str) -> None:
    """Each kind of question once, about this network; the key agrees with what follows from the words alone."""
    known = [quiz_network(name, "/nowhere", Grader())] * 2  # a ratio takes two
    asked = []
    for level, module in LEVELS.items():
        made = [question for maker in module.OF_NETWORKS if (question := maker(Dice(len(name)), known))]
        assert made, level
        asked += made
    for question, verdict in zip(asked, graded(sheet("T", asked, [""] * len(asked))), strict=True):
        key = answer(verdict.computed)
        assert key, question
        assert key == (by_hand(question.ask, question.quantity) or key), question


def test_receptive_fields_follow_from_the_words() -> None:
    step = re.compile(r"(?:(\d+)×\1(?:,| and) stride (\d+)(?:(?:,| and) padding \d+)?(?:(?:,| and) dilation (\d+))?)")
    checked = 0
    for seed in range(20):
        for maker in (level2.chain_field, level3.dilated_field):
            asked = maker(Dice(seed), ())
            field = jump = 1
            for kernel, stride, dilation in step.findall(asked.ask):
                field += int(dilation or 1) * (int(kernel) - 1) * jump
                jump *= int(stride)
            text = f"questions: [{{network: {asked.network}, receptive_field: {field}}}]"
            assert [each.verdict for each in graded(text)] == ["right"], asked.ask
            checked += 1
    assert checked == 40


@pytest.mark.parametrize(
    ("maker", "formulas"),
    [
        (level3.weights_formula, {"9*C*K", "25*C*K", "49*C*K"}),
        (level3.macs_formula, {"9*C*K*H*W", "25*C*K*H*W", "49*C*K*H*W"}),
        (level3.dense_formula, {"K*(H*W*C + 1)"}),
        (level3.memory_formula, {"4*N*H*W*K"}),
        (level3.bottleneck, {"13*C^2", "17*C^2"}),  # 2·2 + 9 and 2·4 + 9
        (level3.separable, {"9*C + C*K", "25*C + C*K"}),
        (level3.stacked, {"18*C^2", "27*C^2", "36*C^2", "50*C^2", "75*C^2", "100*C^2"}),
    ],
)
def test_formulas_are_those_of_the_textbook(maker: Callable[..., DrawnQuestion], formulas: set[str]) -> None:
    met: set[str] = set()
    for seed in range(60):
        asked = maker(Dice(seed), ())
        if asked.quantity == "receptive_field":
            continue
        layer = f"layer: {asked.layer}, " if asked.layer else ""
        batch = f"batch: {asked.batch}, " if asked.batch else ""
        right = {
            formula
            for formula in formulas
            if graded(f"questions: [{{network: {asked.network}, {layer}{batch}{asked.quantity}: '{formula}'}}]")[0].verdict == "right"
        }
        assert len(right) == 1, asked
        met |= right
    assert met == formulas


def test_modules_and_transposed_convolutions_by_hand() -> None:
    for seed in range(30):
        asked = level3.inception(Dice(seed), ())
        side, depth, one, three, five = map(int, re.findall(r"(\d+)×\d+×(\d+).*stride 1: (\d+) .*, (\d+) .*, and (\d+) ", asked.ask)[0])
        weights = depth * (one + 9 * three + 25 * five)
        right = {
            "output": f"{side}x{side}x{one + three + five}",
            "params": weights + one + three + five,
            "macs": weights * side * side,
        }[asked.quantity]
        assert graded(f"questions: [{{network: {asked.network}, {asked.quantity}: {right}}}]")[0].verdict == "right"
        asked = level3.transposed(Dice(seed), ())
        filters, kernel, stride, side = map(
            int, re.findall(r"with (\d+) filters of (\d+)×\d+, stride (\d+) .*applied to a (\d+)", asked.ask)[0]
        )
        pad = int((re.findall(r"padding (\d)", asked.ask) or [0])[0])
        places = (side - 1) * stride + kernel - 2 * pad
        assert graded(f"questions: [{{network: {asked.network}, output: {places}x{places}x{filters}}}]")[0].verdict == "right"
        asked = level3.residual(Dice(seed), ())
        depth = int(re.findall(r"to a \d+×\d+×(\d+)", asked.ask)[0])
        assert graded(f"questions: [{{network: {asked.network}, params: {2 * (9 * depth * depth + depth)}}}]")[0].verdict == "right"


def test_a_seed_makes_one_worksheet_and_another_seed_another_one() -> None:
    one, same, other = (worksheet(seed, 6, 2, (), "/nowhere").yaml(key=False) for seed in (4, 4, 5))
    assert one == same != other


def test_dice_are_pinned_so_that_every_python_throws_the_same() -> None:
    dice = Dice(7)
    assert [dice.choice(range(100)) for _ in range(5)] == [32, 15, 65, 7, 53]
    assert dice.shuffled("abcdef") == ["c", "a", "e", "b", "d", "f"]


def test_every_kind_of_question_has_its_turn() -> None:
    for level, module in LEVELS.items():
        kinds = len(module.BY_ITSELF) + len(module.OF_NETWORKS)
        made = worksheet(11, kinds, level, (), "/nowhere")
        assert len({re.sub(r"[\d.×]+", "", each.ask) for each in made.asked}) >= kinds - 3


def made_of(path: Path, level: int, *names: str, count: int = 30) -> Worksheet:
    return worksheet(1, count, level, names, str(path))


SMALL = "input: 12x12x3\nlayers: [{conv: 4, kernel: 3, name: c}, {maxpool: 2}, {fc: 5}]\n"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_questions_on_a_file_of_ones_own(level: int, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: Mine\n" + SMALL, encoding="utf-8")
    made = made_of(tmp_path, level, "mine.yaml")
    assert made.asked
    assert all("Mine" in each.ask and "mine.yaml" in each.network + each.claim for each in made.asked)
    assert {each.verdict for each in graded(made.yaml(key=True), str(tmp_path))} == {"right"}


def test_a_name_that_arithmetic_cannot_hold_is_in_no_claim(tmp_path: Path) -> None:
    (tmp_path / "a(b).yaml").write_text(SMALL, encoding="utf-8")
    made = made_of(tmp_path, 2, "a(b).yaml", "vgg16")
    assert not any("a(b)" in each.claim for each in made.asked)
    assert {each.verdict for each in graded(made.yaml(key=True), str(tmp_path))} == {"right"}


def test_fewer_questions_where_there_are_no_more(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [{fc: 2, name: f}]\n", encoding="utf-8")
    assert 1 <= len(made_of(tmp_path, 1, "n.yaml").asked) < 30


def test_a_network_without_anything_to_ask_is_refused(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [relu]\n", encoding="utf-8")
    with pytest.raises(SpecError, match="no questions of level 1"):
        made_of(tmp_path, 1, "n.yaml")


@pytest.mark.parametrize(
    ("maker", "file", "layers"),
    [
        (level1.layer_kernel, "n.yaml", "{conv: 2, kernel: 3, stride: 2, dilation: 2}"),  # its window cannot be had from sides alone
        (level2.layer_fits, "n.yaml", "{conv: 2, kernel: 3, stride: 2, dilation: 2}"),
        (level2.layer_fits, "n.yaml", "{conv: 2, kernel: 3}"),  # a window that steps by one tiles always
        (level2.network_field, "n.yaml", "{fc: 2}"),
        (level2.convolutions, "a(b).yaml", "{conv: 2}"),
        (level2.share, "n.yaml", "{fc: 9, repeat: 60}"),  # none has more than 1/50
        (level2.share, "n.yaml", "relu"),
        (level2.ratio, "n.yaml", "relu"),  # 0 / 0
        (level2.ratio, "a(b).yaml", "{conv: 2}"),
    ],
)
def test_a_question_that_a_network_does_not_suit_is_not_asked(maker: Maker, file: str, layers: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(f"input: 9x9x9\nlayers: [{layers}]\n", encoding="utf-8")
    known = [quiz_network(file, str(tmp_path), Grader())] * 2
    assert [maker(Dice(seed), known) for seed in range(5)] == [None] * 5


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


def test_levels_do_not_share_their_questions() -> None:
    assert not {*level1.BY_ITSELF} & {*level2.BY_ITSELF}
