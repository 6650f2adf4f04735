"""Answer sheets: what they may say, how exact an answer has to be, and what is said of broken ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cnncalc.answers.grade import Grader, Verdict
from cnncalc.answers.sheet import read_sheet
from cnncalc.errors import SpecError

if TYPE_CHECKING:
    from pathlib import Path

CONV = "network: {input: 32x32x3, layers: [{conv: 10, kernel: 5, pad: 2, name: c}]}"
SYMBOLIC = "network: {params: {K: }, input: HxWxC, layers: [{conv: K, kernel: 3, name: c}]}"


def graded(text: str, folder: Path) -> list[Verdict]:
    path = folder / "sheet.yaml"
    path.write_text(text, encoding="utf-8")
    return Grader().grade(read_sheet(str(path)))


def one(question: str, folder: Path) -> Verdict:
    (verdict,) = graded(f"questions: [{{{question}}}]", folder)
    return verdict


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        (f"{CONV}, params: 760", "right"),
        (f"{CONV}, params: '760'", "right"),
        (f"{CONV}, params: (5*5*3 + 1) * 10", "right"),
        (f"{CONV}, params: 761", "wrong"),
        (f"{CONV}, params: ~750", "right"),
        (f"{CONV}, params: ~700", "wrong"),
        (f"{CONV}, params: 755, tolerance: 1%", "right"),
        (f"{CONV}, params: 755, tolerance: 0.1%", "wrong"),
        (f"{CONV}, params: 0.76K", "right"),
        (f"{CONV}, params: 750, counting: {{bias: false}}", "right"),
        (f"{CONV}, output: 32x32x10", "right"),
        (f"{CONV}, output: 32×32×10", "right"),
        (f"{CONV}, output: '[32, 32, 10]'", "right"),
        (f"{CONV}, output: [32, 32, 10]", "right"),
        (f"{CONV}, output: 32x32", "unclear"),
        (f"{CONV}, layer: c, kernel: 5", "right"),
        (f"{CONV}, layer: c, kernel: 5x5", "right"),
        (f"{CONV}, receptive_field: 5x5", "right"),
        (f"{CONV}, weight_layers: 1", "right"),
        (f"{CONV}, fits: true", "right"),
        (f"{CONV}, fits: false", "wrong"),
        (f"{CONV}, macs: 768000, flops: 768000, counting: {{flops: macs}}", "right"),
        (f"{CONV}, macs: 768K, batch: 2", "wrong"),
        (f"{CONV}, macs: 1536K, batch: 2", "right"),
        (f"{CONV}, activations: 13312", "right"),
        (f"{CONV}, memory: 53KB", "right"),
        (f"{CONV}, memory: 52KiB", "right"),
        (f"{CONV}, params: ", "unclear"),
        (f"{CONV}, params: lots", "unclear"),
        ("network: vgg16, layer: fc8, output: 1000", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 9*C*K", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 3*C*(K + K + K)", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 9*C^2", "wrong"),
        (f"{SYMBOLIC}, layer: c, weights: 9", "wrong"),
        (f"{SYMBOLIC}, output: (H-2)x(W-2)xK", "right"),
        (f"{SYMBOLIC}, output: HxWxK", "wrong"),
        ("claim: 3*3*3, is: 27", "right"),
        ("claim: 10/4, is: 2.5", "right"),
        ("claim: 10/3, is: 3.33", "right"),
        ("claim: 10/3, is: 3", "right"),
        ("claim: 10/3, is: 4", "wrong"),
        ("claim: 10/4, is: 5/2", "right"),
        (f"{CONV}, claim: values(output) / values(input), is: 10/3", "right"),
        (f"{CONV}, claim: depth(c), is: 10", "right"),
        ("claim: count(vgg16, conv), is: 13", "right"),
        ("claim: height(vgg16/pool5) + kernel(vgg16/conv1-1), is: 10", "right"),
    ],
)
def test_an_answer_is_as_exact_as_it_is_written(question: str, verdict: str, tmp_path: Path) -> None:
    found = graded(f"questions: [{{{question}}}]", tmp_path)
    assert {each.verdict for each in found} == {verdict}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("questions: [{network: vgg61, params: 1}]", "1:23: no network 'vgg61' in the catalogue"),
        ("questions: [{network: vgg16, layer: conv9, params: 1}]", "1:37: vgg16 has no layer 'conv9'"),
        ("questions: [{network: vgg16, parms: 1}]", "1:30: a question has no key 'parms'"),
        ("questions: [{network: vgg16, layer: fc6}]", "1:13: nothing is asked"),
        ("questions: [{params: 3}]", "1:14: params of what? a network is missing"),
        ("questions: [{claim: 3}]", "1:14: claim without is: what should it come to?"),
        ("questions: [{network: vgg16, is: 3, params: 1}]", "1:30: is without claim"),
        ("questions: [{claim: 3, is: 3, params: 1}]", "1:31: a question has a claim or asks for params, not both"),
        ("questions: [{claim: params(vgg61), is: 1}]", "1:28: claim: no network 'vgg61' in the catalogue"),
        ("questions: [{claim: 3 +, is: 1}]", "1:23:"),
        ("questions: [{network: vgg16, params: {a: 1}}]", "1:38: expected one answer: a number, arithmetic, a volume"),
        ("questions: [{network: vgg16, kernel: 3}]", "1:38: a kernel of which layer? the network has several"),
        ("questions: [{network: vgg16, layer: relu1-1, kernel: 3}]", "1:54: relu1-1 is a relu, it has no kernel"),
        ("questions: [{id: a, claim: 1, is: 1}, {id: a, claim: 1, is: 1}]", "1:44: two questions have the id 'a'"),
        ("questions: [{claim: 1, is: 1, tolerance: much}]", "1:42: expected a tolerance like 1%"),
        ("questions: [{claim: 1, is: 1, counting: {flops: mcas}}]", "1:49: unknown convention 'mcas'"),
        ("questions: []", "1:12: a sheet has a list of questions"),
        ("title: a", "1:1: a sheet has a list of questions"),
        ("titel: a\nquestions: [{claim: 1, is: 1}]", "1:1: a sheet has no key 'titel'"),
    ],
)
def test_a_broken_sheet_is_told_where_and_why(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        graded(text, tmp_path)
    assert f"{tmp_path}/sheet.yaml:{message}" in str(caught.value)


@pytest.mark.parametrize("path", ["../other.yaml", "/etc/passwd.yaml", "link.yaml"])
def test_a_sheet_reads_only_inside_its_folder(path: str, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("input: 8x8x1\nlayers: [relu]\n", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "other.yaml")
    for question in (f"network: {path}, params: 0", f"claim: params({path}), is: 0"):
        with pytest.raises(SpecError, match="outside the folder"):
            one(question, inside)


def test_a_network_beside_the_sheet_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("input: 8x8x2\nlayers: [{conv: 3, name: c}]\n", encoding="utf-8")
    assert one("network: mine.yaml, params: 9", tmp_path).verdict == "right"
    assert one("claim: params(mine.yaml/c), is: 9", tmp_path).verdict == "right"
