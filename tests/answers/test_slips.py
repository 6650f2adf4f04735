"""Every slip, planted in a right answer, is found and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cnncalc.answers.grade import Grader
from cnncalc.answers.sheet import read_sheet
from cnncalc.answers.slips import slips

if TYPE_CHECKING:
    from pathlib import Path

TINY = "{input: 9x12x4, layers: [{conv: 6, kernel: 3, stride: 2, pad: 1, name: c}]}"
PAIR = "{input: 9x12x4, layers: [{conv: 6, kernel: 3, dilation: 2, groups: 2, name: c}]}"
POOL = "{input: 8x8x4, layers: [{maxpool: 3, stride: 2, round: ceil, name: p}]}"
NORM = "{input: 8x8x4, layers: [{conv: 6, name: c}, bn, relu]}"

# The numbers under each mistake are reckoned by hand, from the formula with that mistake in it.
PLANTED = [
    ("network: alexnet, layer: CONV1, params: 34848", "34,848 is the count without the 96 biases"),
    ("network: alexnet, layer: CONV1, params: 34944, counting: {bias: false}", "34,944 counts the 96 biases too"),
    (f"network: {TINY}, flops: 6480, counting: {{flops: flops}}", "6,480 counts multiply-accumulates, one for each pair of operations"),
    (f"network: {TINY}, flops: 12960, counting: {{flops: macs}}", "12,960 counts two operations for each multiply-accumulate"),
    (f"network: {TINY}, macs: 12960", "12,960 counts two operations for each multiply-accumulate"),
    (f"network: {TINY}, output: 4x5x6", "the padding is forgotten"),
    (f"network: {TINY}, layer: c, output: 9x12x6", "the stride is forgotten"),
    (f"network: {PAIR}, output: 7x10x6", "the dilation is forgotten"),
    (f"network: {TINY}, output: 4x5x6", "the + 1 is forgotten"),
    (f"network: {TINY}, output: 6x5x6", "height and width are confused"),
    (f"network: {POOL}, output: 3x3x4", "floor and ceil are confused"),
    (f"network: {TINY}, layer: c, weights: 72", "a side of the window is taken for its area, F for F²"),
    (f"network: {TINY}, layer: c, weights: 54", "the depth of the input is forgotten"),
    (f"network: {TINY}, layer: c, weights: 432", "the depth of the input is doubled"),
    (f"network: {PAIR}, layer: c, weights: 216", "the groups are ignored"),
    (f"network: {NORM}, params: 54", "batch norm is counted with 4 numbers a channel; it learns 2, the others are kept"),
    (f"network: {NORM}, params: 30", "batch norm's scale and shift are left out"),
    (f"network: {NORM}, activations: 1408", "volumes that are worked out in place, as by ReLU, are counted too"),
    (f"network: {NORM}, activations: 384", "the input is not counted"),
    ("network: googlenet, params: 13378280", "the side exits are counted too"),
    (f"network: {TINY}, layer: c, memory: 180", "that is the number of values; each of them takes 4 bytes"),
    (f"network: {TINY}, layer: c, memory: 360", "that is 2 bytes a value, here are 4"),
    (f"network: {TINY}, layer: c, activations: 720", "that is the number of bytes, 4 for each value"),
    ("network: vgg16, memory: 58MB", "58MB is right in units of 1024: 58 MiB"),
    ("network: alexnet, layer: CONV1, output: 55x55x48", "that is one tower of two"),
    ("network: resnet50, macs: 4089184256", "that is resnet50_v1_5"),
    (f"network: {TINY}, macs: 6480, batch: 3", "the batch is forgotten"),
]


def found(text: str, tmp_path: Path, *, hide: bool = False) -> list[str]:
    path = tmp_path / "sheet.yaml"
    path.write_text(f"questions:\n  - {{id: q, {text}}}\n", encoding="utf-8")
    grader = Grader()
    (verdict,) = grader.grade(read_sheet(str(path)))
    assert verdict.verdict == "wrong"
    return slips(verdict, grader, hide=hide)


@pytest.mark.parametrize(("text", "sentence"), PLANTED)
def test_a_planted_slip_is_named(text: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in found(text, tmp_path)


def test_two_slips_are_found_together(tmp_path: Path) -> None:
    assert found("network: alexnet, layer: CONV1, params: 11*11*96", tmp_path) == [
        "11*11*96 is the count without the 96 biases, and the depth of the input is forgotten"
    ]


def test_a_number_out_of_nowhere_has_no_slip(tmp_path: Path) -> None:
    assert found("network: alexnet, layer: CONV1, params: 34945", tmp_path) == []


def test_hidden_slips_name_no_number_that_gives_the_answer_away(tmp_path: Path) -> None:
    assert found("network: alexnet, layer: CONV1, params: 34848", tmp_path, hide=True) == ["34,848 is the count without the biases"]
