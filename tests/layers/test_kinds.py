"""Every kind and option in one table, with numbers worked out by hand.

To add a layer kind is to write its class and a row here: an input, a step, and what the step's row of a report must say.
`flops` are those of the default convention: 2 a multiply-accumulate, and 1 for a bias, a window's input, or a value of anything else.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from yaml import safe_load

from cnncalc.layers import KINDS
from tests.spec_text import layers

HALF = Fraction(1, 2)
C3 = (  # LeNet's third layer: the maps that each of the sixteen filters sees (LeCun 1998, table I)
    "[[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5], [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5],"
    " [0, 1, 4, 5], [0, 1, 2, 5], [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5]]"
)


class Case(NamedTuple):
    """One row. A number for what is seen stands for both axes; the jump is the stride of the step itself."""

    input: str
    step: str
    output: str
    weights: int = 0
    biases: int = 0
    buffers: int = 0
    macs: int = 0
    flops: int = 0
    sees: Any = 1
    jump: Any = 1
    stored: bool = True
    exact: bool = True


CONVOLUTIONS = [
    # 3·3·4 weights for each of 6 filters, used at 5·5 places
    Case("7x7x4", "{conv: 6, kernel: 3}", "5x5x6", 216, 6, 0, 5_400, 10_950, 3),
    Case("7x7x4", "{conv: 6}", "7x7x6", 24, 6, 0, 1_176, 2_646),
    Case("7x7x4", "{conv: 6, bias: false}", "7x7x6", 24, 0, 0, 1_176, 2_352),
    Case("7x7x4", "{conv: , filters: 6, bias: true}", "7x7x6", 24, 6, 0, 1_176, 2_646),
    Case("7x7x4", "{conv: 6, kernel: 3, stride: 2, pad: 1}", "4x4x6", 216, 6, 0, 3_456, 7_008, 3, 2),
    Case("8x8x4", "{conv: 6, kernel: 3, stride: 2, pad: 1}", "4x4x6", 216, 6, 0, 3_456, 7_008, 3, 2, exact=False),
    Case("227x227x3", "{conv: 96, kernel: 11, stride: 4}", "55x55x96", 34_848, 96, 0, 105_415_200, 211_120_800, 11, 4),
    Case("224x224x3", "{conv: 96, kernel: 11, stride: 4}", "54x54x96", 34_848, 96, 0, 101_616_768, 203_513_472, 11, 4, exact=False),
    # one axis at a time
    Case("5x9x3", "{conv: 2, kernel: [1, 7], pad: [0, 3]}", "5x9x2", 42, 2, 0, 1_890, 3_870, (1, 7)),
    Case("9x9x1", "{conv: 1, kernel: 3, stride: [2, 3]}", "4x3x1", 9, 1, 0, 108, 228, 3, (2, 3)),
    Case("9x8x1", "{conv: 1, kernel: 2, stride: [1, 3]}", "8x3x1", 4, 1, 0, 96, 216, 2, (1, 3)),
    # another amount at every edge: 5 + 1 + 2 − 3 + 1 = 6 high, 5 + 3 + 4 − 3 + 1 = 10 wide
    Case("5x5x1", "{conv: 2, kernel: 3, pad: [1, 2, 3, 4]}", "6x10x2", 18, 2, 0, 1_080, 2_280, 3),
    Case("8x8x1", "{conv: 2, kernel: 3, stride: 2, pad: [0, 1, 0, 1]}", "4x4x2", 18, 2, 0, 288, 608, 3, 2),
    # as many zeros as it takes: ⌈7/3⌉ = 3
    Case("7x7x1", "{conv: 2, kernel: 4, stride: 3, pad: same}", "3x3x2", 32, 2, 0, 288, 594, 4, 3),
    Case("8x8x2", "{conv: 2, kernel: 1, stride: 2, pad: same}", "4x4x2", 4, 2, 0, 64, 160, 1, 2),
    Case("7x6x1", "{conv: 1, kernel: 3, pad: same}", "7x6x1", 9, 1, 0, 378, 798, 3),
    # a window of 3 with gaps of one between its inputs is 5 wide
    Case("7x7x1", "{conv: 2, kernel: 3, dilation: 2}", "3x3x2", 18, 2, 0, 162, 342, 5),
    Case("7x7x1", "{conv: 2, kernel: 2, dilation: [1, 3]}", "6x4x2", 8, 2, 0, 192, 432, (2, 4)),
    Case("7x7x1", "{conv: 1, kernel: 3, dilation: 2, pad: same}", "7x7x1", 9, 1, 0, 441, 931, 5),
    # each filter sees 2 of 4 channels
    Case("5x5x4", "{conv: 6, kernel: 3, groups: 2}", "3x3x6", 108, 6, 0, 972, 1_998, 3),
    Case("5x5x4", "{conv: 4, kernel: 3, groups: 4, bias: no}", "3x3x4", 36, 0, 0, 324, 648, 3),
    # LeNet's C3: 1,516 numbers that are learned, 151,600 connections
    Case("14x14x6", f"{{conv: 16, kernel: 5, connections: {C3}}}", "10x10x16", 1_500, 16, 0, 150_000, 301_600, 5),
    Case("6x6x5", "{depthwise: 3, pad: 1}", "6x6x5", 45, 5, 0, 1_620, 3_420, 3),
    Case("6x6x5", "{depthwise: 3, pad: 1, multiplier: 2, stride: 2}", "3x3x10", 90, 10, 0, 810, 1_710, 3, 2, exact=False),
    Case("6x6x5", "{depthwise: 3, dilation: 2, bias: false}", "2x2x5", 45, 0, 0, 180, 360, 5),
    Case("6x6x5", "{depthwise: [1, 3], pad: same, stride: 2}", "3x3x5", 15, 5, 0, 135, 315, (1, 3), 2),
    # every weight is used once for every input value: 4·5·3 · 4·4
    Case("4x4x5", "{upconv: 3, kernel: 2, stride: 2}", "8x8x3", 60, 3, 0, 960, 2_112, 1, HALF),
    Case("8x8x8", "{upconv: 4, kernel: 4, stride: 2, pad: 1}", "16x16x4", 512, 4, 0, 32_768, 66_560, 2, HALF),
    Case("8x8x8", "{upconv: 4, kernel: 4, stride: 2, pad: 1, bias: false}", "16x16x4", 512, 0, 0, 32_768, 65_536, 2, HALF),
    Case("4x4x1", "{upconv: 1, kernel: 3, stride: 2, pad: 1, output_pad: 1}", "8x8x1", 9, 1, 0, 144, 352, 2, HALF),
    Case("4x4x1", "{upconv: 1, kernel: 3, stride: 2, pad: 1, output_pad: [0, 1]}", "7x8x1", 9, 1, 0, 144, 344, 2, HALF),
    Case("3x3x6", "{upconv: 4, kernel: 2, stride: 2, groups: 2}", "6x6x4", 48, 4, 0, 432, 1_008, 1, HALF),
    Case("3x3x1", "{upconv: 1, kernel: 3, dilation: 2}", "7x7x1", 9, 1, 0, 81, 211, 5),
    Case("3x3x1", "{upconv: 1, kernel: 3, stride: 2, pad: [0, 1, 1, 0]}", "6x6x1", 9, 1, 0, 81, 198, 2, HALF),
    # the padding may repeat the input; standardized weights are as many, a gain is one more per filter
    Case("7x7x1", "{conv: 1, kernel: 3, pad: 1, mode: reflect}", "7x7x1", 9, 1, 0, 441, 931, 3),
    Case("7x7x4", "{conv: 6, kernel: 3, standardize: true}", "5x5x6", 216, 6, 0, 5_400, 10_950, 3),
    Case("7x7x4", "{conv: 6, kernel: 3, standardize: true, gain: true}", "5x5x6", 222, 6, 0, 5_400, 10_950, 3),
    Case("6x6x5", "{depthwise: 3, pad: 1, mode: replicate}", "6x6x5", 45, 5, 0, 1_620, 3_420, 3),
    # the 216 weights and 6 biases of a convolution at each of 5·5 positions
    Case("7x7x4", "{local: 6, kernel: 3}", "5x5x6", 5_400, 150, 0, 5_400, 10_950, 3),
    # AlexNet's CONV1: 105,705,600 parameters instead of 34,944
    Case("227x227x3", "{local: 96, kernel: 11, stride: 4}", "55x55x96", 105_415_200, 290_400, 0, 105_415_200, 211_120_800, 11, 4),
    Case("5x5x4", "{local: 4, kernel: 3, groups: 2, bias: false, stride: 2, pad: 1}", "3x3x4", 648, 0, 0, 648, 1_296, 3, 2),
    Case("6x6x1", "{local: 2, kernel: 3, dilation: 2, pad: 2, mode: replicate}", "6x6x2", 648, 72, 0, 648, 1_368, 5),
    # 3·3 fixed numbers for each of 4 channels, used at 4·4 positions
    Case("8x8x4", "{blur: 3, stride: 2}", "4x4x4", 0, 0, 36, 576, 1_152, 3, 2),
    Case("7x7x4", "{blur: 3, stride: 2}", "4x4x4", 0, 0, 36, 576, 1_152, 3, 2),
    Case("6x6x1", "{blur: [2, 4], saved: false}", "6x6x1", 0, 0, 0, 288, 576, (2, 4)),
    # log2 256 = 8; (8 + 1) / 2 = 4.5, rounded down and made odd: 5
    Case("1x1x256", "eca", "1x1x256", 5, 0, 0, 1_280, 2_560),
    Case("4x4x8", "{eca: 3}", "4x4x8", 3, 0, 0, 384, 768),
    Case("3x2x1", "{upconv: 1, kernel: [1, 2], stride: [1, 2]}", "3x4x1", 2, 1, 0, 12, 36, 1, (1, HALF)),
]
POOLING = [
    # 2·2 inputs for each of 4·4·3 values
    Case("8x8x3", "{maxpool: 2}", "4x4x3", flops=192, sees=2, jump=2),
    Case("7x7x2", "{maxpool: 3, stride: 2}", "3x3x2", flops=162, sees=3, jump=2),
    Case("8x8x2", "{maxpool: 3, stride: 2}", "3x3x2", flops=162, sees=3, jump=2, exact=False),
    Case("8x8x2", "{maxpool: 3, stride: 2, round: floor}", "3x3x2", flops=162, sees=3, jump=2, exact=False),
    Case("8x8x2", "{maxpool: 3, stride: 2, round: ceil}", "4x4x2", flops=288, sees=3, jump=2, exact=False),
    # a third window would start at 2·2 − 1 = 3, behind the input: it is left out
    Case("3x3x1", "{maxpool: 2, stride: 2, pad: 1, round: ceil}", "2x2x1", flops=16, sees=2, jump=2, exact=False),
    Case("8x8x2", "{maxpool: 3, stride: 2, pad: 1}", "4x4x2", flops=288, sees=3, jump=2, exact=False),
    Case("7x7x2", "{maxpool: 3, stride: 2, pad: same}", "4x4x2", flops=288, sees=3, jump=2),
    Case("7x7x1", "{maxpool: 2, stride: 1, dilation: 3}", "4x4x1", flops=64, sees=4),
    Case("4x6x1", "{maxpool: [2, 3]}", "2x2x1", flops=24, sees=(2, 3), jump=(2, 3)),
    Case("8x8x3", "{maxpool: , size: 4, stride: [4, 2]}", "2x3x3", flops=288, sees=4, jump=(4, 2)),
    Case("8x8x3", "{avgpool: 2}", "4x4x3", flops=192, sees=2, jump=2),
    Case("8x8x2", "{avgpool: 3, stride: 2, pad: 1, round: ceil}", "5x5x2", flops=450, sees=3, jump=2, exact=False),
    Case("7x7x2", "{avgpool: 3, stride: 2, pad: 1, count_pad: true}", "4x4x2", flops=288, sees=3, jump=2),
    Case("7x7x1", "{avgpool: 2, stride: 1, dilation: 3}", "4x4x1", flops=64, sees=4),
    # LeNet's S2: 5,880 connections; four sums, a product and a bias for each value
    Case("28x28x6", "{subsample: 2}", "14x14x6", 6, 6, flops=7_056, sees=2, jump=2),
    Case("7x7x1", "{subsample: 3, stride: 2}", "3x3x1", 1, 1, flops=99, sees=3, jump=2),
    Case("7x6x5", "gap", "1x1x5", flops=210, sees=(7, 6), jump=0),
    Case("7x6x5", "gmp", "1x1x5", flops=210, sees=(7, 6), jump=0),
    # windows 0–2, 2–4 and 4–6 of seven
    Case("7x7x2", "{adaptivepool: 3}", "3x3x2", flops=162, sees=3, jump=Fraction(7, 3)),
    Case("4x6x1", "{adaptivepool: [2, 1]}", "2x1x1", flops=24, sees=(2, 6), jump=(2, 0)),
    # windows 0, 0–1, 1, 1–2 and 2 of three
    Case("3x3x1", "{adaptivepool: 5}", "5x5x1", flops=49, sees=2, jump=Fraction(3, 5)),
]
DENSE = [
    Case("4x4x8", "{fc: 10}", "1x1x10", 1_280, 10, 0, 1_280, 2_570, 4, 0),
    Case("4x4x8", "{fc: 10, bias: false}", "1x1x10", 1_280, 0, 0, 1_280, 2_560, 4, 0),
    Case("1x1x84", "{rbf: 10}", "1x1x10", buffers=840, macs=840, flops=1_680, jump=0),
    Case("6x6x256", "{fc: 4096}", "1x1x4096", 37_748_736, 4_096, 0, 37_748_736, 75_501_568, 6, 0),
]
NORMS = [
    Case("4x4x8", "bn", "4x4x8", 8, 8, 16, flops=128, stored=False),
    Case("4x4x8", "{bn: , scale: false}", "4x4x8", 0, 8, 16, flops=128, stored=False),
    Case("4x4x8", "{bn: , shift: false}", "4x4x8", 8, 0, 16, flops=128, stored=False),
    Case("4x4x8", "ln", "4x4x8", 8, 8, flops=128),
    Case("4x4x8", "{ln: , scale: no, shift: no}", "4x4x8", flops=128),
    Case("4x4x8", "{gn: 2}", "4x4x8", 8, 8, flops=128),
    Case("4x4x8", "{gn: 8, scale: no, shift: no}", "4x4x8", flops=128),
    Case("4x4x8", "{gn: , groups: 4, shift: no}", "4x4x8", 8, flops=128),
    Case("4x4x8", "instancenorm", "4x4x8", 8, 8, flops=128),
    Case("4x4x8", "{instancenorm: , scale: no, shift: no}", "4x4x8", flops=128),
    Case("4x4x8", "rmsnorm", "4x4x8", 8, flops=128),
    Case("4x4x8", "{rmsnorm: , scale: no}", "4x4x8", flops=128),
    Case("4x4x8", "l2norm", "4x4x8", 8, flops=128),
    Case("4x4x8", "{l2norm: , scale: no}", "4x4x8", flops=128),
    Case("4x4x8", "grn", "4x4x8", 8, 8, flops=128),
    Case("4x4x8", "{grn: , scale: no, shift: no}", "4x4x8", flops=128),
    Case("4x4x8", "lrn", "4x4x8", flops=128),
    Case("4x4x8", "{lrn: 3}", "4x4x8", flops=128),
]
ACTIVATIONS = [
    *(
        Case("4x4x8", kind, "4x4x8", flops=128, stored=False)
        for kind in ("relu", "relu6", "leaky_relu", "elu", "sigmoid", "tanh", "swish", "hswish", "hsigmoid", "gelu", "softmax")
    ),
    Case("4x3x8", "{softmax: height}", "4x3x8", flops=96, sees=(4, 1), jump=(0, 1), stored=False),
    Case("4x4x8", "prelu", "4x4x8", 8, flops=128, stored=False),
    Case("4x4x8", "dropout", "4x4x8", stored=False),
    Case("4x4x8", "{dropout: 0.3}", "4x4x8", stored=False),
    Case("4x4x8", "{droppath: 0.2}", "4x4x8", stored=False),
    Case("4x4x8", "{scale: 0.17}", "4x4x8", flops=128, stored=False),
    Case("4x4x8", "layerscale", "4x4x8", 8, flops=128, stored=False),
]
MERGES = [
    Case("4x4x8", "{add: [identity, identity]}", "4x4x8", flops=128),
    Case("4x4x8", "{add: [identity, identity, identity]}", "4x4x8", flops=256),
    Case("4x4x8", "{add: [identity, gap], broadcast: true}", "4x4x8", flops=128, sees=4),
    Case("4x4x8", "{add: [identity, {learned: [1, 1, 8]}]}", "4x4x8", flops=128),
    Case("4x4x8", "{subtract: [identity, identity]}", "4x4x8", flops=128),
    Case("4x4x8", "{subtract: [identity, gap, gap], broadcast: true}", "4x4x8", flops=256, sees=4),
    Case("4x4x8", "{maximum: [gmp, identity], broadcast: true}", "4x4x8", flops=128, sees=4),
    Case("4x4x8", "{maximum: [identity, identity, identity]}", "4x4x8", flops=256),
    Case("4x4x8", "{mean: [identity, identity, identity]}", "4x4x8", flops=384),
    Case("4x4x8", "{multiply: [identity, identity]}", "4x4x8", flops=128),
    # the gate's single value sees all of the input, and so does each of the values that it stretches to
    Case("4x4x8", "{multiply: [identity, gap]}", "4x4x8", flops=128, sees=4),
    Case("4x4x8", "{multiply: [gap, identity]}", "4x4x8", flops=128, sees=4),
    Case("4x4x8", "{multiply: [{conv: 1, kernel: [4, 1]}, {conv: 8, kernel: [1, 4]}]}", "4x4x8", flops=128, sees=4),
    Case("4x4x8", "{concat: [identity, {conv: 2}, identity]}", "4x4x18"),
    Case("4x4x8", "{concat: [{learned: 1x4x8}, identity], along: height}", "5x4x8"),
]
ATTENTION = [
    # 16 queries, 16 keys, 8 channels, twice: 16·16·(8 + 8) products, and 2·16·16 scores for the softmax
    Case("4x4x8", "{attention: 2, from: [input, input, input]}", "4x4x8", macs=4_096, flops=8_704, sees=4, jump=0),
    # windows of 3 fill 4×4 up to 6×6: 36 queries, 9 keys each; a table of 5×5 for each head
    Case(
        "4x4x8", "{attention: 2, key_heads: 2, window: 3, shift: 1, position: table, from: [input, input, input]}", "4x4x8", 50,
        macs=5_184, flops=11_016, sees=5,
    ),
    # windows of two rows: 16 queries, 8 keys each
    Case(
        "4x4x8", "{attention: 2, window: [2, 0], from: [input, input, input]}", "4x4x8",
        macs=2_048, flops=4_352, sees=(3, 4), jump=(1, 0),
    ),
    # 4·4 distances without signs
    Case("4x4x8", "{attention: 2, position: distances, from: [input, input, input]}", "4x4x8", 32, macs=4_096, flops=8_704, sees=4, jump=0),
    # 7 + 7 vectors of 4 channels, times 16·2 queries of a head; the norms of queries and keys, and a factor per head
    Case(
        "4x4x8", "{attention: 2, position: vectors, cosine: true, from: [input, input, input]}", "4x4x8", 58,
        macs=5_888, flops=12_544, sees=4, jump=0,
    ),
    # a bias of 7x7 per head that is computed or stored elsewhere
    Case(
        "4x4x8", "[{constant: 7x7x2, name: bias}, {attention: 2, from: [input, input, input, bias]}]", "4x4x8",
        macs=4_096, flops=8_704, sees=4, jump=0,
    ),
    # keys times values for each head and a value of 1, 4·(8 + 2) channels at 16 positions, queries times that, and a quotient per value
    Case(
        "4x4x8", "{attention: 2, linear: true, normalized: true, from: [input, input, input]}", "4x4x8",
        macs=1_280, flops=2_688, sees=4, jump=0,
    ),
    # keys times values for each head, 4·8 channels at 16 positions, and queries times that
    Case("4x4x8", "{attention: 2, linear: true, from: [input, input, input]}", "4x4x8", macs=1_024, flops=2_048, sees=4, jump=0),
]  # fmt: skip
RESHAPING = [
    Case("4x4x8", "identity", "4x4x8", stored=False),
    Case("4x3x8", "flatten", "1x1x96", sees=(4, 3), jump=0, stored=False),
    Case("3x3x2", "{upsample: 2}", "6x6x2", jump=HALF),
    Case("3x3x2", "{upsample: [1, 3]}", "3x9x2", jump=(1, Fraction(1, 3))),
    Case("3x3x8", "{pixelshuffle: 2}", "6x6x2", jump=HALF),
    Case("1x1x2", "{upsample: 2}", "2x2x2", jump=HALF),
    Case("3x3x2", "{resize: 5x5}", "5x5x2", jump=Fraction(3, 5)),
    Case("3x3x2", "{resize: {to: 5x5}}", "5x5x2", jump=Fraction(3, 5)),
    # 2·2 neighbours for each of 12 elements
    Case("4x3x1", "{resize: , to: [2, 6], mode: bilinear}", "2x6x1", flops=48, sees=2, jump=(2, HALF)),
    Case("4x4x1", "{resize: , factor: 1.5, mode: bicubic}", "6x6x1", flops=576, sees=4, jump=Fraction(2, 3)),
    Case("3x3x2", "{resize: , like: in}", "3x3x2"),
    Case("4x6x2", '{rearrange: "(h a) (w b) c -> h w (a b c)", a: 2, b: 3}', "2x2x12", sees=(2, 3), jump=(2, 3)),
    Case("4x4x8", '{rearrange: "h w (g c) -> h w (c g)", g: 2}', "4x4x8"),
    Case("4x4x8", '{rearrange: "h w (a b c) -> (h a) (w b) c", a: 2, b: 2}', "8x8x2", jump=HALF),
    Case("4x3x8", '{rearrange: "h w c -> w h c"}', "3x4x8", sees=(4, 3), jump=0),
    Case("3x3x2", "{zeropad: 1}", "5x5x2"),
    Case("3x3x2", "{zeropad: [1, 2]}", "5x7x2"),
    Case("3x3x2", "{zeropad: [1, 2, 3, 4]}", "6x10x2"),
    Case("3x3x2", "{zeropad: , channels: 3}", "3x3x5"),
    Case("5x5x2", "{crop: 1}", "3x3x2"),
    Case("5x5x2", "{crop: [1, 0]}", "3x5x2"),
    Case("5x9x2", "{crop: [1, 2, 3, 4]}", "2x2x2"),
    Case("4x3x8", "{split: 4}", "4x3x2", stored=False),
    Case("4x3x8", "{slice: [2, 5]}", "4x3x3", stored=False),
    Case("5x4x3", "{slice: , every: 2, start: [1, 0]}", "2x2x3", jump=2, stored=False),
    Case("4x4x8", "{shuffle: 2}", "4x4x8"),
]
OTHERS = [
    Case("4x4x8", "{learned: 1x1x8}", "1x1x8", 8, sees=0, jump=0, stored=False),
    Case("4x4x8", "{constant: 3x3x2}", "3x3x2", sees=0, jump=0),
    Case("4x4x8", "{multiply: [identity, {learned: [1, 1, 1]}]}", "4x4x8", flops=128),
    Case(
        "4x4x8", "{custom: 7x7x256, params: 1000, macs: 5000}", "7x7x256", 1_000, 0, 0, 5_000, 10_000, sees=(None, None), jump=(None, None)
    ),
    Case("4x4x8", "{custom: 7x7x2, modelled: false}", "7x7x2", sees=(None, None), jump=(None, None)),
    Case("4x4x8", "{conv: 2, bias: shared}", "4x4x2", 16, 0, 0, 256, 544),
    Case("4x4x8", "{ln: , scale: shared, shift: shared}", "4x4x8", flops=128),
]
CASES = [*CONVOLUTIONS, *POOLING, *DENSE, *NORMS, *ACTIVATIONS, *MERGES, *ATTENTION, *RESHAPING, *OTHERS]


def volume(text: str) -> tuple[int, ...]:
    return tuple(int(side) for side in text.split("x"))


def both(value: Any) -> tuple[Any, Any]:
    return value if isinstance(value, tuple) else (value, value)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.input} {case.step[:60]}" for case in CASES])
def test_a_kind(case: Case) -> None:
    row = layers(f"[{case.step}]", case.input).rows[-1]
    assert row.output == volume(case.output)
    assert (row.weights, row.biases, row.params, row.buffers) == (case.weights, case.biases, case.weights + case.biases, case.buffers)
    assert (row.macs, row.flops) == (case.macs, case.flops)
    height, width, channels = volume(case.output)
    assert row.values == height * width * channels
    assert row.bytes == 4 * row.values
    assert row.stored is case.stored
    assert row.exact is case.exact
    assert row.receptive_field == both(case.sees)
    assert row.jump == both(case.jump)


def test_the_table_has_every_kind_and_every_field() -> None:
    written: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for case in CASES:
        step = safe_load(case.step)
        for kind in KINDS.keys() & step if isinstance(step, dict) else ():
            fields = {
                name if name in KINDS[kind].fields or not KINDS[kind].names_sizes else "sizes" for name in step.keys() - {kind, "from"}
            }
            if fields <= KINDS[kind].fields.keys():
                written[kind] |= fields | ({KINDS[kind].main} - {""} if step[kind] is not None else set())
    seen = {row.kind for case in CASES for row in layers(f"[{case.step}]", case.input).rows[1:]}
    assert seen == set(KINDS)
    assert {kind: missing for kind in KINDS if (missing := set(KINDS[kind].fields) - written[kind])} == {}


def test_a_volume_may_hold_one_value() -> None:
    found = layers(
        "[{conv: 1}, {depthwise: 1}, {upconv: 1, kernel: 1}, {maxpool: 1}, gap, {fc: 1}, {adaptivepool: 1}, bn, relu, flatten]", "1x1x1"
    )
    assert {row.output for row in found} == {(1, 1, 1)}
    assert found.total.params == 2 * 4 + 2


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("{conv: 96, kernel: 11, stride: 4}", "96 11×11 /4"),
        ("{conv: 96, kernel: [1, 7], stride: [1, 2], pad: [0, 3]}", "96 1×7 /1×2 pad 0×3"),
        ("{conv: 6, kernel: 3, pad: same, dilation: 2, groups: 3, bias: false}", "6 3×3 pad same dilation 2 groups 3"),
        ("{conv: 6, kernel: 3, pad: [1, 2, 3, 4]}", "6 3×3 pad 1×2×3×4"),
        ("{depthwise: 3, multiplier: 2, pad: 1}", "3×3 pad 1 ×2"),
        ("{upconv: 4, kernel: 4, stride: 2, pad: 1}", "4 4×4 *2 pad 1"),
        ("{maxpool: 3, stride: 2, round: ceil}", "3×3 /2 ceil"),
        ("{maxpool: 2}", "2×2"),
        ("{maxpool: 2, stride: 2}", "2×2"),
        ("{fc: 10}", "10"),
        ("{dropout: 1/4}", "0.25"),
        ("{dropout: 1/3}", "1/3"),
        ("{scale: -1}", "-1"),
        ("layerscale", ""),
        ("{zeropad: [1, 2]}", "1×2"),
        ("{slice: [2, 5]}", "2:5"),
        ("{split: 3}", "into 3"),
        ("{upsample: 2}", "×2"),
        ("{resize: 7x7}", "to 7"),
        ("{resize: {factor: 1.5, mode: bilinear}}", "×1.5 bilinear"),
        ("{slice: , every: 2}", "every 2"),
        ("{blur: 3, stride: 2}", "3×3 /2"),
        ("{local: 96, kernel: 11, stride: 4}", "96 11×11 /4"),
        ("{eca: 5}", "5"),
        ("{softmax: width}", "along width"),
        ('{rearrange: "h w (g c) -> h w (c g)", g: 2}', "h w (g c) -> h w (c g) g=2"),
        ("{custom: 7x7x2, params: 1000, macs: 5000}", "stated 7×7×2 1000 parameters 5000 MACs"),
        ("{custom: 7x7x2, modelled: false}", "stated 7×7×2 not modelled"),
        ("{adaptivepool: 7}", "to 7×7"),
        ("relu", ""),
    ],
)
def test_what_a_table_says_of_a_layer(step: str, shown: str) -> None:
    assert layers(f"[{step}]", "64x64x6").rows[-1].layer.describe() == shown
