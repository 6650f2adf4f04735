"""Answer sheets: syntax, tolerance of answers, and messages for broken sheets."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import analyze
from cnncalc.answers.answer_sheet import read_sheet
from cnncalc.answers.grade import Grader, Verdict
from cnncalc.answers.legal_answers import legal_sizes
from cnncalc.answers.quantities import computed
from cnncalc.answers.reading import UnclearError, equal, judge, parse_answer
from cnncalc.answers.slips import OUT_OF_BUDGET, FoundSlip, slips
from cnncalc.dims import symbol
from cnncalc.dims.domains import ANYWHERE
from cnncalc.errors import SpecError
from cnncalc.spec.scope import Scope
from cnncalc.study.memory.peak import memory

if TYPE_CHECKING:
    from pathlib import Path

    from cnncalc.spec.settings import Setting

CONV = "network: {input: 32x32x3, layers: [{conv: 10, kernel: 5, pad: 2, name: c}]}"
FIRST = CONV.replace("32x32x3", "3x32x32")
STRIDED = "network: {input: HxWx1, layers: [{conv: 1, kernel: 5, stride: 2}]}"
TWO = "{input: 8x8x3, layers: [{conv: 4}]}"
HALVED = "network: {input: HxHx3, layers: [{maxpool: 2}, {maxpool: 2}, {maxpool: 2}]}"
SYMBOLIC = "network: {params: {K: }, input: HxWxC, layers: [{conv: K, kernel: 3, name: c}]}"


@pytest.mark.parametrize("name", ["alexnet", "lenet5", "zfnet", "unet"])
def test_legal_sizes_are_those_of_every_side(name: str) -> None:
    works, even = set(), set()
    for side in range(1, 260):
        with suppress(SpecError):
            report = analyze(name, input=f"{side}x{side}x3" if name != "lenet5" else f"{side}x{side}x1")
            works.add(side)
            even |= {side} if not report.inexact else set()
    report = analyze(name)
    for found, expected in ((legal_sizes(report, even=False), works), (legal_sizes(report, even=True), even)):
        assert found is not None
        assert {side for side in range(1, 260) if side in found.numbers} == expected


def test_legal_sizes_that_differ_by_side_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="legal sizes differ by side"):
        one("network: {input: HxWx1, layers: [{conv: 1, kernel: [3, 5]}]}, legal_sizes: '>= 3'", tmp_path)


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
        # metrics under other names, and of folders
        (f"{CONV}, values: 13312", "right"),
        (f"{CONV}, bytes: 53248", "right"),
        (f"{CONV}, parameters: 760", "right"),
        (f"{CONV}, rf: 5", "right"),
        (f"{CONV}, exact: true", "right"),
        (f"{CONV}, volume: 32x32x10", "right"),
        (f"{CONV}, layer: c, channels: 10", "right"),
        (f"{CONV}, param_memory: 3040B", "right"),
        ("network: alexnet, layer: CONV1, weight_layers: 1", "right"),
        (f"{CONV}, claim: activations(output) / parameters(c), is: 10240/760", "right"),
        ("claim: params(resnet50/conv2_x), is: 215808", "right"),
        ("claim: height(vgg16/pool5) + kernel(vgg16/conv1-1), is: 10", "right"),
        # written as students write
        (f"{CONV}, output: 32 by 32 by 10", "right"),
        (f"{CONV}, output: '(32, 32, 10)'", "right"),
        (f"{CONV}, output: 32*32*10", "right"),
        (f"{CONV}, output: 32 x 32 x (5 + 5)", "right"),
        (f"{CONV}, output: 10x32x32", "wrong"),
        (f"{CONV}, output: 32x32xmax(10,3)", "right"),
        ("network: vgg16, layer: fc8, output: '1,000'", "right"),
        ("network: vgg16, layer: fc8, output: 10*10*10", "right"),
        ("network: vgg16, layer: fc8, output: 1x1x1000", "right"),
        (f"{CONV}, params: 5x5x3x10 + 10", "right"),
        (f"{CONV}, params: (5×5×3)·10 + 10", "right"),
        (f"{CONV}, params: 10(5x5x3 + 1)", "right"),
        (f"{CONV}, params: 7.6e2", "right"),
        (f"{CONV}, params: '0,76K'", "unclear"),
        (f"{CONV}, params: 760.5", "wrong"),
        (f"{CONV}, params: 760 bytes", "unclear"),
        (f"{CONV}, params: 0.76KB", "unclear"),
        (f"{CONV}, params: true", "unclear"),
        (f"{CONV}, params: '[760]'", "unclear"),
        (f"{CONV}, params: 760x1", "right"),
        (f"{CONV}, memory: '53,248 B'", "right"),
        (f"{CONV}, memory: 53248 bytes", "right"),
        (f"{CONV}, memory: 53B", "wrong"),
        (f"{CONV}, fits: 1", "unclear"),
        (f"{CONV}, kernel: 5", "right"),  # the only layer with a window
        ("network: vgg16, layer: pool1, kernel: 2x2", "right"),
        ("network: {input: HxWx1, layers: [{conv: 1}]}, activations: 2*H*W", "right"),
        ("network: {input: HxWx1, layers: [{conv: 1}]}, activations: H//W*W", "wrong"),
        ("network: {input: HxWx1, layers: [{conv: 1}]}, activations: 2*H*W + 0*max(H,W)", "unclear"),
        ("network: {input: HxWx1, layers: [{conv: 1}]}, activations: 2*H*W + H//1000000", "unclear"),  # as far as one looks they agree
        (f"{CONV}, fits: Yes", "right"),
        (f"{CONV}, receptive_field: 5x3", "wrong"),
        (f"{CONV}, receptive_field: 5x5x5", "unclear"),
        (f"{CONV}, params: 752.4, tolerance: 0.01", "right"),
        (f"{CONV}, params: 752.3, tolerance: 0.01", "wrong"),
        (f"{CONV}, params: 1504/2, tolerance: 0.02", "right"),
        (f"{CONV}, params: 1504/2, tolerance: 1%", "wrong"),
        (f"{SYMBOLIC}, layer: c, weights: 9CK", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 9C*K", "right"),
        (f"{SYMBOLIC}, layer: c, weights: CK3²", "right"),
        (f"{SYMBOLIC}, layer: c, weights: K3^2C", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 3 * 3 C K", "right"),
        (f"{SYMBOLIC}, layer: c, weights: CK 9", "right"),
        (f"{SYMBOLIC}, layer: c, weights: C 3 3", "unclear"),  # 33, or 3 * 3?
        (f"{SYMBOLIC}, layer: c, weights: 9ck", "unclear"),
        (f"{SYMBOLIC}, layer: c, params: (9C + 1)K parameters", "right"),
        (f"{SYMBOLIC}, layer: c, macs: 9CK(H-2)(W-2)", "right"),
        (f"{SYMBOLIC}, layer: c, memory: 4 K (H-2) (W-2) bytes", "right"),
        ("network: {params: {K: }, input: 8x8x1, layers: [{conv: K, kernel: 3}]}, weights: 9K", "right"),  # not 9000
        ("network: {params: {K: 9}, input: 8x8x1000, layers: [{conv: K}]}, weights: 9K", "right"),
        ("network: {params: {K: , F: 3}, input: 8x8xC, layers: [{conv: K, kernel: F}]}, params: K(F²C+1)", "right"),
        ("network: {params: {K: }, input: HxWxC, layers: [{conv: K, stride: 2}]}, macs: CK⌊(H+1)/2⌋⌊(W+1)/2⌋", "right"),
        ("network: {params: {x: }, input: [8, 8, x], layers: [{conv: x, bias: false}]}, weights: x²", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 9·C·K", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 3x3xCxK", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 9*C*K, tolerance: 1%", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 35K", "wrong"),
        (f"{SYMBOLIC}, output: (H−2) × (W−2) × K", "right"),
        (f"{SYMBOLIC}, output: '[H - 2, W - 2, K]'", "right"),
        ("network: {input: HxWx1, layers: [{conv: 1, kernel: 3, stride: 2}]}, output: ⌊(H−3)/2⌋+1 x floor((W-3)/2)+1 x 1", "right"),
        ("network: {input: HxWx1, layers: [{conv: 1, kernel: 3, stride: 2}]}, fits: true", "unclear"),
        ("claim: 10/3, is: 3.34", "wrong"),
        ("claim: 10/3, is: 3.330", "wrong"),
        ("claim: 1/3, is: 0.3", "right"),
        ("claim: 1/3, is: 1/3", "right"),
        ("claim: 1/3, is: ~0.34", "right"),
        ("claim: 1/3, is: 0.34, tolerance: 3%", "right"),
        ("claim: 2 > 1, is: true", "right"),
        ("claim: 2 > 1, is: 'no'", "wrong"),
        ("claim: 2 > 1, is: 1", "unclear"),
        ("claim: kernel(vgg16/conv1-1), is: 3", "right"),
        ("claim: memory(vgg16), is: 61MB", "right"),
        (f"{CONV}, claim: count(conv), is: 1", "right"),
        (f"{CONV}, claim: height(output), is: 32", "right"),
        (f"{CONV}, claim: memory(output), is: 40960", "right"),
        (f"{CONV}, claim: params(c) - params(vgg16/fc8), is: 760 - 4097000", "right"),
        ("claim: values(resnet50), is: values", "unclear"),
        # volumes as frameworks and papers write them
        (f"{CONV}, output: 'torch.Size([1, 10, 32, 32])'", "right"),
        (f"{CONV}, output: 'torch.Size([10, 32, 32])'", "right"),
        (f"{CONV}, output: 'torch.Size([1, 32, 32, 10])'", "wrong"),
        (f"{CONV}, output: '(None, 32, 32, 10)'", "right"),
        (f"{CONV}, output: 'TensorShape([None, 32, 32, 10])'", "right"),
        (f"{CONV}, output: '(1, 32, 32, 10)'", "right"),
        (f"{CONV}, output: '(4, 32, 32, 10)', batch: 4", "right"),
        (f"{CONV}, output: '(4, 32, 32, 10)'", "unclear"),
        (f"{CONV}, output: '(10, 32, 32)'", "wrong"),
        (f"{CONV}, output: '(10, 32, 32)', layout: channels_first", "wrong"),  # the network's input is then 32 deep
        (f"{FIRST}, output: '(10, 32, 32)', layout: channels_first, params: 760", "right"),
        (f"{FIRST}, output: 10x32x32, layout: channels_first", "right"),
        (f"{FIRST}, output: 32x32x10, layout: channels_first", "wrong"),
        (f"{FIRST}, output: '(None, 32, 32, 10)', layout: channels_first", "wrong"),
        (f"{CONV}, output: 10x32x32, layout: any", "right"),
        (f"{CONV}, output: 32x32x10, layout: any", "right"),
        (f"{CONV}, output: 32x10x32, layout: any", "wrong"),
        (f"{CONV}, output: 'torch.Size([1, 10, 32, 32])', layout: channels_last", "wrong"),
        (f"{CONV}, output: 10@32x32", "right"),
        (f"{CONV}, output: 10 @ 32 × 32", "right"),
        (f"{CONV}, output: '32, 32, 10'", "right"),
        (f"{CONV}, output: 32 32 10", "right"),
        (f"{CONV}, output: 32X32X10", "right"),
        ("network: {input: 32x32x3, layers: [{conv: 1}]}, output: 32x32", "right"),  # it has one channel
        ("network: vgg16, layer: fc8, output: '(None, 1000)'", "right"),
        ("network: vgg16, layer: fc8, output: 'torch.Size([1, 1000])'", "right"),
        ("network: vgg16, layer: fc8, output: '1,1,1000'", "right"),
        # numbers with words, signs and workings
        (f"{CONV}, params: 760 parameters", "right"),
        (f"{CONV}, params: 760 learnable parameters in total.", "right"),
        (f"{CONV}, params: about 750", "right"),
        (f"{CONV}, macs: 0.77M MACs", "right"),
        (f"{CONV}, params: 760 apples", "unclear"),
        (f"{CONV}, memory: 53'248", "right"),
        (f"{CONV}, memory: 53’248 B", "right"),
        (f"{CONV}, params: 5x5x3x10+10 = 760", "right"),
        (f"{CONV}, params: params = 5*5*3*10 + 10 = 760", "right"),
        (f"{CONV}, params: 5*5*3*10 = 760", "unclear"),
        (f"{CONV}, params: 5*5*3*10 = 750", "wrong"),
        (f"{CONV}, params: (5²·3+1)(10)", "right"),
        (f"{CONV}, params: ½·1520", "right"),
        ("claim: 11/20, is: 55%", "right"),
        ("claim: 11/20, is: 54%", "wrong"),
        ("claim: 11/20, is: 55 apples", "unclear"),
        ("claim: 1 < 2, is: T", "right"),
        # legal sizes; test_legal_sizes_are_those_of_every_side has the numbers by brute force
        ("network: alexnet, legal_sizes: '>= 67'", "right"),
        ("network: alexnet, legal_sizes: H > 66", "right"),
        ("network: alexnet, legal_sizes: at least 68", "wrong"),
        ("network: alexnet, legal_sizes: 67 or more", "right"),
        ("network: alexnet, legal_sizes: [67, 68, 69]", "right"),
        ("network: alexnet, legal_sizes: banana", "unclear"),
        ("network: alexnet, even_sizes: '67, 99, 131'", "right"),
        ("network: alexnet, even_sizes: '67, 99, 131, … (every 32)'", "right"),
        ("network: alexnet, even_sizes: '67, 99, 131, … (every 16)'", "wrong"),
        ("network: alexnet, even_sizes: '67, 99, 132'", "wrong"),
        ("network: alexnet, even_sizes: '67'", "wrong"),
        ("network: alexnet, even_sizes: 67 + 32k", "right"),
        ("network: alexnet, even_sizes: H % 32 = 3 and H >= 67", "right"),
        ("network: alexnet, even_sizes: H % 32 = 3", "wrong"),  # 3 and 35 are too small
        ("network: alexnet, even_sizes: multiples of 32", "wrong"),
        ("network: alexnet, even_sizes: multiples of 0", "wrong"),
        (f"{HALVED}, even_sizes: multiples of 8", "right"),
        (f"{HALVED}, even_sizes: 8k", "right"),
        (f"{HALVED}, even_sizes: H divisible by 16", "wrong"),
        (f"{HALVED}, legal_sizes: b, choose: ['>= 4', '>= 8', any size]", "right"),
        ("network: {input: HxHx1, layers: [{conv: 1, kernel: 3, pad: 1}]}, legal_sizes: any size", "right"),
        # formulas
        (f"{SYMBOLIC}, layer: c, params: K(3²C+1)", "right"),
        (f"{SYMBOLIC}, layer: c, params: (9C+1)K", "right"),
        (f"{SYMBOLIC}, layer: c, params: CK*3²+K", "right"),
        (f"{SYMBOLIC}, layer: c, weights: 9CX", "unclear"),
        (f"{STRIDED}, output: (H-5)/2+1 x (W-5)/2+1 x 1", "wrong"),
        (f"{STRIDED}, output: (H-5)/2+1 x (W-5)/2+1 x 1, floors: optional", "right"),
        (f"{STRIDED}, output: (H-4)/2+1 x (W-5)/2+1 x 1, floors: optional", "wrong"),
        # FLOPs as lectures mean them
        ("network: vgg16, flops: 15.5G", "right"),
        ("network: vgg16, flops: 15.5 GFLOPs", "right"),
        ("network: vgg16, flops: 30.9G", "right"),
        ("network: vgg16, flops: 30973762536", "right"),
        ("network: vgg16, flops: 15.5G, counting: {flops: full}", "wrong"),
        ("network: vgg16, flops: 15.5G, counting: {bias: true}", "right"),
        ("network: vgg16, flops: 7.7G", "wrong"),
        # multiple choice and free text
        ("network: alexnet, layer: CONV1, params: b, choose: [34848, 34944, 105415200]", "right"),
        ("network: alexnet, layer: CONV1, params: '(B)', choose: [34848, 34944, 105415200]", "right"),
        ("network: alexnet, layer: CONV1, params: a), choose: [34848, 34944, 105415200]", "wrong"),
        ("network: alexnet, layer: CONV1, params: 34944, choose: [34848, 34944, 105415200]", "right"),
        ("network: alexnet, layer: CONV1, params: option b, choose: [34848, 34944, 105415200]", "right"),
        ("network: alexnet, layer: CONV1, params: 'b) 34,944', choose: [34848, 34944, 105415200]", "right"),
        ("network: alexnet, layer: CONV1, params: a) 34944, choose: [34848, 34944, 105415200]", "unclear"),
        ("network: alexnet, layer: CONV1, params: e, choose: [34848, 34944, 105415200]", "unclear"),
        ("network: alexnet, layer: CONV1, params: c, choose: [34848, 105415200, none of these]", "right"),
        ("network: alexnet, layer: CONV1, params: None of these., choose: [34848, 34944, none of these]", "wrong"),
        ("network: alexnet, layer: CONV1, params: a, choose: [34848, 105415200, None of the above]", "wrong"),
        ("claim: params(vgg16) > params(alexnet), choose: [true, false], is: a", "right"),
        ("claim: params(vgg16) > params(alexnet), choose: [true, false], is: F", "wrong"),
        ("claim: params(vgg16) / params(alexnet), choose: [1/2, 2.2, 22], is: b", "right"),
        ("ask: Why?, text: because", "unclear"),
        # fields of a layer: any right combination
        (f"{CONV}, kernel: 5, stride: 1, pad: 2, filters: 10, dilation: 1", "right"),
        (f"{CONV}, kernel: 3, stride: 1, pad: 1", "right"),
        (f"{CONV}, layer: c, stride: 1", "right"),
        (f"{CONV}, layer: c, stride: 2", "wrong"),
        (f"{CONV}, layer: c, filters: 10 filters", "right"),
        ("network: alexnet, layer: FC6, filters: 4096", "right"),
        ("network: vgg16, layer: pool1, kernel: 2, stride: 2, pad: 0", "right"),
        # shapes of weights
        (f"{CONV}, weight_shape: 10x3x5x5", "right"),
        (f"{CONV}, weight_shape: 'torch.Size([10, 3, 5, 5])'", "right"),
        (f"{CONV}, weight_shape: '(5, 5, 3, 10)'", "right"),
        (f"{CONV}, weight_shape: '(5, 5, 10, 3)'", "wrong"),
        ("network: alexnet, layer: FC8, weight_shape: '(1000, 4096)'", "right"),
        ("network: alexnet, layer: FC8, weight_shape: '(4096, 1000)'", "right"),
        # work in parts, memory
        (f"{CONV}, multiplications: 768000", "right"),  # 75·10·32·32
        (f"{CONV}, additions: 768000", "right"),  # 74 for each output, and its bias
        (f"{CONV.replace('pad: 2', 'pad: 2, bias: false')}, additions: 757760", "right"),  # 74·10·32·32
        (f"{CONV}, model_size: 3040", "right"),
        (f"{CONV}, model_size: 1520 B, dtype: float16", "right"),
        (f"{CONV}, peak_memory: 56288", "right"),  # 4·(32·32·3 + 32·32·10 + 760)
        ("claim: 'largest(vgg16, params)', is: fc6", "right"),
        ("claim: 'largest(resnet50, params)', is: conv5_x", "wrong"),
        (f"networks: {{a: {TWO}, b: resnet18}}, claim: params(a) + 0 * params(b), is: 16", "right"),
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
        ("questions: [{network: vgg16, layer: fc6}]", "1:13: this question asks for nothing"),
        ("questions: [{params: 3}]", "1:14: params needs a network"),
        ("questions: [{claim: 3}]", "1:14: 'claim' without 'is': add the claimed value"),
        ("questions: [{network: vgg16, is: 3, params: 1}]", "1:30: 'is' without 'claim'"),
        ("questions: [{claim: 3, is: 3, params: 1}]", "1:31: a question has either a claim or params"),
        ("questions: [{claim: params(vgg61), is: 1}]", "1:28: claim: no network 'vgg61' in the catalogue"),
        ("questions: [{claim: 3 +, is: 1}]", "1:23:"),
        ("questions: [{network: vgg16, params: {a: 1}}]", "1:38: expected an answer: a number, an expression or a volume"),
        ("questions: [{network: vgg16, kernel: 3}]", "1:38: a kernel needs a layer: there are several"),
        ("questions: [{network: vgg16, layer: relu1-1, kernel: 3}]", "1:54: relu1-1 is a relu, which has no kernel"),
        ("questions: [{id: a, claim: 1, is: 1}, {id: a, claim: 1, is: 1}]", "1:44: two questions have the id 'a'"),
        ("questions: [{claim: 1, is: 1, tolerance: much}]", "1:42: expected a tolerance like 1%"),
        ("questions: [{claim: 1, is: 1, counting: {flops: mcas}}]", "1:49: unknown convention 'mcas'"),
        ("questions: [{claim: 'params(vgg16, fc8)', is: 1}]", "1:29: claim: a layer follows a slash, not a comma: vgg16/fc8"),
        ("questions: [{network: vgg16, params: 1, layout: chw}]", "1:49: unknown layout 'chw'"),
        ("questions: [{network: vgg16, params: 1, floors: no}]", "1:49: unknown floors 'no'"),
        ("questions: [{network: vgg16, params: a, choose: [1, 2]}]", "1:13: no option is right in 1"),
        ("questions: [{network: vgg16, params: a, choose: [138357544, 138M]}]", "1:13: 2 options are right in 1"),
        ("questions: [{network: vgg16, params: a, choose: 5}]", "1:49: expected a list of 2 to 26 options"),
        ("questions: [{network: vgg16, output: 32, 32, 20}]", "1:42: an answer is cut off before '32'"),
        ("questions: [{network: vgg16, stride: 1}]", "1:38: stride needs a layer: there are several"),
        ("questions: [{network: vgg16, layer: relu1-1, filters: 1}]", "1:55: relu1-1 is a relu, which has no filters"),
        ("questions: [{network: vgg16, layer: pool1, weight_shape: 1}]", "1:58: weight_shape needs a convolution"),
        ("questions: [{network: vgg16, dtype: float8, model_size: 1}]", "1:37: no element type 'float8'"),
        ("questions: [{claim: 'largest(vgg16, colour)', is: 1}]", "1:30: claim: largest(NET, METRIC) needs a network and a metric"),
        ("questions: [{claim: params(), is: 1}]", "1:21: claim: no network '' in the catalogue"),
        ("questions: [{claim: kernel(vgg16), is: 1}]", "1:28: claim: a kernel needs a layer: there are several"),
        ("questions: [{claim: params(vgg16/conv9), is: 1}]", "1:28: claim: vgg16 has no layer 'conv9'"),
        ("questions: [{claim: 'count(vgg16, convs)', is: 1}]", "1:28: claim: unknown kind 'convs'; did you mean 'conv'?"),
        ("questions: [{claim: count(conv), is: 1}]", "1:27: claim: count(NET, KIND) needs a network and a kind of layer"),
        ("questions: [{claim: 1/0, is: 1}]", "1:22: claim: division by zero"),
        ("questions: [{claim: foo + 1, is: 1}]", "1:21: claim: unknown name 'foo'"),
        ("questions: [{claim: [1], is: 1}]", "1:21: expected an expression such as params(vgg16) / params(alexnet)"),
        ("questions: [{network: vgg16, layer: conv1, params: 1}]", "1:37: vgg16 has no layer 'conv1'"),
        ("questions: [{network: googlenet, layer: conv, params: 1}]", "1:41: 'conv' is ambiguous: 58 matches ("),
        ("questions: [{network: resnet50, layer: conv2_x, params: 1}]", "1:40: conv2_x is a folder of 32 layers"),
        ("questions: [{network: vgg16, layer: conv1-1, param_memory: 1}]", "1:60: conv1-1 has no parameter memory; only networks have"),
        ("questions: [{network: vgg16, side: false}]", "1:36: side needs a layer"),
        ("questions: [{network: vgg16, counting: {bias: maybe}, params: 1}]", "1:47: expected true or false"),
        ("questions: [{network: vgg16, counting: {flop: full}, params: 1}]", "1:41: counting has no key 'flop'"),
        ("questions: [{network: vgg16, batch: 0, params: 1}]", "1:37: expected a whole number from 1 up"),
        ("questions: [{network: vgg16, points: many, params: 1}]", "1:38: expected points, a nonnegative number"),
        ("questions: [{network: [vgg16], params: 1}]", "1:23: expected a network"),
        ("questions: [{network: {layers: [relu]}, params: 1}]", "1:23:"),
        ("questions: [5]", "1:13: expected a question"),
        ("questions: {a: 1}", "1:12: a sheet needs a list of questions"),
        ("- 5", "1:1: expected a sheet"),
        ("questions: []", "1:12: a sheet needs a list of questions"),
        ("title: a", "1:1: a sheet needs a list of questions"),
        ("titel: a\nquestions: [{claim: 1, is: 1}]", "1:1: a sheet has no key 'titel'"),
    ],
)
def test_a_broken_sheet_is_told_where_and_why(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        graded(text, tmp_path)
    assert f"{tmp_path / 'sheet.yaml'}:{message}" in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights there")
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


def test_a_sheet_has_an_end(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="more than 1,000 questions"):
        graded("questions: [" + "{claim: 1, is: 1}, " * 1001 + "]", tmp_path)


def test_a_misspelled_quantity_is_one_problem_not_two(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        graded("questions: [{network: vgg16, parms: 1}, {network: vgg16}]", tmp_path)
    assert [problem.message for problem in caught.value.problems] == ["a question has no key 'parms'", "this question asks for nothing"]


def test_a_problem_of_several_questions_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("input: 8x8x2\nlayers: [{conv: 3, kernel: 9}]\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        graded("questions: [{network: bad.yaml, params: 9}, {network: bad.yaml, macs: 9}]", tmp_path)
    assert len(caught.value.problems) == 1


def test_a_network_with_a_variant_in_a_folder_can_be_claimed_of(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    text = "input: 8x8x2\nparams: {k: 1}\nvariants: {small: {k: 3}, big: {k: 5}}\nlayers: [{conv: k, name: c}]\n"
    (tmp_path / "nets" / "mine.yml").write_text(text, encoding="utf-8")
    assert one("claim: params(nets/mine.yml:small/c) + params(nets/mine.yml:big), is: 9 + 15", tmp_path).verdict == "right"


def test_what_the_parts_of_a_claim_come_to_is_kept(tmp_path: Path) -> None:
    verdict = one("claim: params(alexnet) / params( googlenet ) + 0 * params(alexnet), is: 9", tmp_path)
    assert verdict.parts == {"params(alexnet)": 62378344, "params(googlenet)": 6998552}


def test_networks_of_the_catalogue_are_shared_and_files_are_not(tmp_path: Path) -> None:
    known: dict[str, Setting] = {}
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "n.yaml").write_text("input: 8x8x2\nlayers: [relu]\n", encoding="utf-8")
        (tmp_path / folder / "sheet.yaml").write_text(
            "questions: [{network: n.yaml, params: 0}, {network: vgg16, params: 1}]", encoding="utf-8"
        )
    one_sheet, other = (read_sheet(str(tmp_path / folder / "sheet.yaml"), known) for folder in "ab")
    assert list(known) == ["vgg16"]
    assert one_sheet.questions[1].setting is other.questions[1].setting
    assert one_sheet.questions[0].setting is not other.questions[0].setting


def test_a_question_counts_as_it_says_itself_else_as_the_sheet_does(tmp_path: Path) -> None:
    text = f"counting: {{flops: macs, bias: false}}\nquestions: [{{{CONV}, params: 750, flops: 768000}}, "
    text += f"{{{CONV}, counting: {{bias: true}}, params: 760, flops: 768000}}, "
    text += f"{{{CONV}, counting: {{flops: full}}, params: 750, flops: 1546240}}]"
    assert {each.verdict for each in graded(text, tmp_path)} == {"right"}


def test_formulas_are_held_against_each_other_only_where_both_are_something() -> None:
    large = symbol("H", ANYWHERE.narrowed({"H": 8}))
    assert equal(large // (large - 7), 7) is False  # with 7 for H it would be a division by zero


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30),
    st.sampled_from(["output", "params", "memory", "exact"]),
)
@settings(max_examples=150)
def test_any_answer_gets_a_verdict(text: str, metric: str) -> None:
    report = analyze({"input": "32x32x3", "layers": [{"conv": 10, "kernel": 5, "pad": 2}]})
    value = computed(report, None, metric)
    with suppress(UnclearError):
        assert judge(parse_answer(text, metric, value, Scope({})), value, None) in (True, False)


def verdicts_of(tmp_path: Path, text: str) -> list[Verdict]:
    (tmp_path / "sheet.yaml").write_text(text, encoding="utf-8")
    grader = Grader()
    return grader.grade(read_sheet(str(tmp_path / "sheet.yaml"), grader.known))


TALL = "input: HxWx3\nlayers: [{when: H > 100, relu: }, {conv: 4, kernel: 1, name: c}]\n"  # from H = 101 on


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("{network: tall.yaml, layer: c, macs: 12*H*W}", "right"),
        ("{network: tall.yaml, layer: c, macs: 12*W*H + max(H, 101) - H}", "right"),
        ("{network: tall.yaml, claim: macs(c) - macs(any.yaml/c), is: 9*W*H}", "right"),
        ("{network: tall.yaml, claim: max(height(c), height(any.yaml/c), 100), is: H}", "right"),
        ("{network: any.yaml, claim: height(c), is: H}", "right"),
    ],
)
def test_symbols_are_those_of_the_network_in_question(question: str, verdict: str, tmp_path: Path) -> None:
    (tmp_path / "tall.yaml").write_text(TALL, encoding="utf-8")
    (tmp_path / "any.yaml").write_text("input: HxWx3\nlayers: [{conv: 1, kernel: 1, name: c}]", encoding="utf-8")
    assert [each.verdict for each in verdicts_of(tmp_path, f"questions: [{question}]")] == [verdict]
    with pytest.raises(SpecError, match="claim: the formula holds for H from 101 up only"):
        verdicts_of(tmp_path, "questions: [{network: any.yaml, claim: height(tall.yaml/c), is: H}]")


def test_answers_share_what_may_be_worked_out(tmp_path: Path) -> None:
    long = "+".join(["sum(range(10000))"] * 300)
    questions = "".join(f"- {{network: alexnet, layer: CONV1, params: '{long} + {i}'}}\n" for i in range(30))
    begun = time.process_time()
    verdicts = verdicts_of(tmp_path, f"questions:\n{questions}")
    assert time.process_time() - begun < 5
    assert verdicts[-1].reason.endswith("could not be parsed: more than 6,000,000 operations")


def test_long_formulas_that_differ_are_soon_told_apart(tmp_path: Path) -> None:
    floors = "+".join(f"(C+H)//{i}" for i in range(2, 60))
    network = "{input: HxWxC, layers: [{conv: C, kernel: 3}]}"
    begun = time.process_time()
    (verdict,) = verdicts_of(tmp_path, f"questions: [{{network: {network}, params: '{floors}'}}]")
    assert verdict.verdict == "wrong"
    assert slips(verdict, Grader()) == []
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "answer", ["5 " * 9_000, " " * 19_000 + "5", "5" + " " * 18_000 + "b", "5 by " * 3_000, "5x" * 9_000, "2C(" * 3_000]
)
def test_answers_of_many_blanks_and_signs_take_no_squares_of_time(answer: str, tmp_path: Path) -> None:
    begun = time.process_time()
    verdicts = verdicts_of(tmp_path, f"questions: [{{network: alexnet, layer: CONV1, params: '{answer}', output: '{answer}'}}]")
    assert {verdict.verdict for verdict in verdicts} <= {"unclear", "wrong"}
    assert time.process_time() - begun < 2


def test_slips_are_looked_for_within_limits(tmp_path: Path) -> None:
    verdicts = verdicts_of(tmp_path, "questions: [{network: resnet50, params: 12345, macs: 12345, flops: 12345}]")
    grader = Grader()
    grader.meter.operations = 3_000
    assert [slips(verdict, grader) for verdict in verdicts] == [[FoundSlip("", OUT_OF_BUDGET)]] * 3
    assert [slips(verdict, Grader()) for verdict in verdicts] == [[]] * 3


def test_a_sheet_with_many_problems_ends_soon(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as error:
        verdicts_of(tmp_path, f"questions: [{'{network: alexnet, layer: nowhere, params: 1}, ' * 200}]")
    assert len(error.value.problems) == 50


@pytest.mark.parametrize(
    ("question", "remark", "computed"),
    [
        (f"{CONV}, output: 'torch.Size([1, 10, 32, 32])'", "the channels come first here", "32×32×10"),
        (f"{CONV}, output: 10x32x32, layout: any", "the channels come first here", "32×32×10"),
        (f"{FIRST}, output: 10x32x32, layout: channels_first", "", "10×32×32"),
        ("network: vgg16, flops: 15.5G", "right as multiply-accumulates", "15470264320"),
        ("network: vgg16, flops: 30.9G", "right as two operations for each multiply-accumulate", "30940528640"),
        (f"{STRIDED}, output: (H-5)/2+1 x (W-5)/2+1 x 1, floors: optional", "read with ⌊ ⌋ around each division", None),
    ],
)
def test_a_right_answer_says_how_it_was_read(question: str, remark: str, computed: str | None, tmp_path: Path) -> None:
    verdict = one(question, tmp_path)
    assert (verdict.verdict, verdict.remark) == ("right", remark)
    assert computed is None or str(verdict.shown) == computed


@pytest.mark.parametrize(
    ("question", "tag"),
    [
        (f"{CONV}, output: 10x32x32", "channels-first"),
        (f"{CONV}, output: 'torch.Size([1, 10, 32, 32])', layout: channels_last", "channels-first"),
        (f"{FIRST}, output: 32x32x10, layout: channels_first", "channels-last"),
        (f"{FIRST}, output: '(None, 32, 32, 10)', layout: channels_first", "channels-last"),
    ],
)
def test_the_right_volume_in_another_order_is_called_so(question: str, tag: str, tmp_path: Path) -> None:
    verdict = one(question, tmp_path)
    assert [slip.tag for slip in slips(verdict, Grader())][:1] == [tag]


def test_another_combination_says_so(tmp_path: Path) -> None:
    verdicts = graded(f"questions: [{{{CONV}, kernel: 3, stride: 1, pad: 1}}]", tmp_path)
    assert {each.remark for each in verdicts} == {"another combination that gives the same output"}
    verdicts = graded(f"questions: [{{{CONV}, kernel: 3, stride: 1, pad: 2}}]", tmp_path)
    assert [each.verdict for each in verdicts] == ["wrong", "right", "right"]


def test_the_memory_of_training_is_that_of_the_command(tmp_path: Path) -> None:
    training = memory(analyze("lenet5")).training
    assert training is not None
    assert one(f"network: lenet5, training_memory: {training.bytes}", tmp_path).verdict == "right"
