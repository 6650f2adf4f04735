"""Every slip, planted in a right answer, is found and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cnncalc import analysis
from cnncalc.answers.answer_sheet import read_sheet
from cnncalc.answers.grade import Grader
from cnncalc.answers.gradebook import ClassGrader
from cnncalc.answers.measure import measure
from cnncalc.answers.mistaken_rules import Change
from cnncalc.answers.mistakes import SLIPS, Slip
from cnncalc.answers.quantities import ASKED, computed
from cnncalc.answers.questions import Counting
from cnncalc.answers.slips import slips
from cnncalc.answers.submissions import Submission
from cnncalc.errors import Span

if TYPE_CHECKING:
    from pathlib import Path

TINY = "{input: 9x12x4, layers: [{conv: 6, kernel: 3, stride: 2, pad: 1, name: c}]}"
PAIR = "{input: 9x12x4, layers: [{conv: 6, kernel: 3, dilation: 2, groups: 2, name: c}]}"
POOL = "{input: 8x8x4, layers: [{maxpool: 3, stride: 2, round: ceil, name: p}]}"
NORM = "{input: 8x8x4, layers: [{conv: 6, name: c}, bn, relu]}"
DENSE = "{input: 6x6x4, layers: [{fc: 10, name: f}]}"
CHAIN = "{input: 32x32x3, layers: [{conv: 6, kernel: 5, name: c1}, {maxpool: 2}, {conv: 16, kernel: 5, dilation: 2, name: c2}, {fc: 10}]}"
THREE = "{input: 32x32x3, layers: [{conv: 8, kernel: 3, pad: 1, repeat: 3}]}"
UP = "{input: 4x4x2, layers: [{upconv: 3, kernel: 3, stride: 2, pad: 1, output_pad: 1}]}"
FORK = "{input: 8x8x4, layers: [{add: [{conv: 4, name: a}, [{conv: 4}, {conv: 4}]]}, {maxpool: 2}, {fc: 10}]}"
MODULE = "{input: 8x8x4, layers: [{concat: [{conv: 6}, {conv: 3, kernel: 3, pad: 1}, identity]}]}"
HALF_PADDED = "{input: 8x8x1, layers: [{conv: 2, kernel: 3, pad: 1, name: c}]}"

# The numbers under each mistake are computed by hand, from the formula with that mistake in it.
PLANTED = [
    ("network: alexnet, layer: CONV1, params: 34848", "34,848 is the count without the 96 biases"),
    ("network: alexnet, layer: CONV1, params: 34944, counting: {bias: false}", "34,944 counts the 96 biases too"),
    ("network: alexnet, layer: CONV1, params: 34849", "one bias is counted for the whole layer; each filter has its own"),
    ("network: alexnet, layer: CONV1, params: 364", "that is a single filter or neuron"),  # 11*11*3 + 1
    (f"network: {DENSE}, params: 145", "that is a single filter or neuron"),  # 6*6*4 + 1
    (f"network: {DENSE}, params: 50", "height and width of the input are forgotten"),  # 4*10 + 10
    (f"network: {TINY}, flops: 6480, counting: {{flops: flops}}", "6,480 counts multiply-accumulates, one for each pair of operations"),
    (
        f"network: {TINY}, flops: 12960, counting: {{flops: macs}}",
        "12,960 counts two operations for each multiply-accumulate, and nothing else",
    ),
    (
        f"network: {TINY}, flops: 13140, counting: {{flops: macs}}",  # 180 biases are added
        "13,140 counts two operations for each multiply-accumulate, and all other layers too",
    ),
    (f"network: {TINY}, macs: 12960", "12,960 counts two operations for each multiply-accumulate"),
    (f"network: {TINY}, macs: 6660", "the additions of the biases are counted too"),
    (f"network: {TINY}, macs: 23328", "the input size was used instead of the output size"),  # 9*12 places for 5*6
    (f"network: {TINY}, output: 4x5x6", "the padding is forgotten"),
    (f"network: {HALF_PADDED}, output: 7x7x2", "the padding is counted on one side only, P for 2P"),
    (f"network: {TINY}, layer: c, output: 9x12x6", "the stride is forgotten"),
    (f"network: {PAIR}, output: 7x10x6", "the dilation is forgotten"),
    (f"network: {TINY}, output: 4x5x6", "the + 1 is forgotten"),
    (f"network: {TINY}, output: 6x5x6", "height and width are confused"),
    (f"network: {TINY}, output: 6x5x6, layer: c", "height and width are confused"),
    ("network: alexnet, layer: CONV1, output: 96x55x55", "you put the channels first; write height × width × channels"),
    ("network: nin, output: 1000x1x1", "you put the channels first; write height × width × channels"),
    ("network: alexnet, layer: CONV1, output: 55x55x3", "the output depth is the number of filters, not the input depth"),
    ("network: alexnet, layer: CONV1, output: 227x227x3", "that is the input"),
    (f"network: {MODULE}, output: 8x8x6", "that is the depth of one branch; a concatenation has the sum"),
    (f"network: {MODULE}, output: 8x8x4", "that is the depth of one branch; a concatenation has the sum"),
    (f"network: {MODULE}, output: 8x8x7", "the depth of one branch is left out"),  # 6 of 6 + 3 + 4
    (f"network: {MODULE.replace('6', '600')}, depth: 603", "the depth of one branch is left out"),  # 4 of 600 + 3 + 4
    (f"network: {POOL}, output: 3x3x4", "floor and ceil are confused"),
    (f"network: {TINY}, layer: c, weights: 72", "F was used instead of F²"),
    (f"network: {TINY}, layer: c, weights: 54", "the depth of the input is forgotten"),
    (f"network: {PAIR}, layer: c, weights: 216", "the groups are ignored"),
    (
        f"network: {NORM}, params: 54",
        "batch norm is counted with 4 parameters per channel; 2 of them are learnable",
    ),
    (f"network: {NORM}, params: 30", "batch norm's scale and shift are left out"),
    (f"network: {NORM}, activations: 1408", "outputs of layers that work in place, such as ReLU, are counted too"),
    (f"network: {NORM}, activations: 384", "the input is not counted"),
    (f"network: {NORM}, memory: 2728", "the memory of the parameters is counted too"),  # 4 * (256 + 384 + 42)
    ("network: googlenet, params: 13378280", "the auxiliary heads are counted too"),
    (f"network: {TINY}, layer: c, memory: 180", "that is the number of elements; each takes 4 bytes"),
    (f"network: {TINY}, layer: c, memory: 360", "that is 2 bytes per element; here it is 4"),
    (f"network: {TINY}, layer: c, memory: 1440", "that is 8 bytes per element; here it is 4, or every element counted twice"),
    (f"network: {TINY}, layer: c, activations: 720", "that is the number of bytes, 4 per element"),
    (f"network: {TINY}, layer: c, activations: 360", "every element is counted twice"),
    ("network: vgg16, memory: 58MB", "58MB is right in units of 1024: 58 MiB"),
    ("network: vgg16, memory: 61 MiB", "61 MiB is right in units of 1000: 61 MB"),
    ("network: vgg16, memory: 59522KB", "59522KB is right in units of 1024: 59522 KiB"),  # 60,950,432 / 1024 = 59,521.9
    ("network: vgg16, params: 132M", "132M is right if M means 1024²"),  # 138,357,544 / 1024² = 131.9
    ("network: vgg16, params: 0.129G", "0.129G is right if G means 1024³"),
    ("network: alexnet, layer: CONV1, output: 55x55x48", "that is one tower of two"),
    ("network: alexnet, layer: CONV1, params: 17472", "that is half of it, as if one tower of two were counted"),
    ("network: resnet50, macs: 4089184256", "that is resnet50_v1_5"),
    (f"network: {TINY}, macs: 6480, batch: 3", "the batch is forgotten"),
    (f"network: {CHAIN}, layer: c2, receptive_field: 14", "the stride is forgotten"),  # 5 + 1 + 8
    (f"network: {CHAIN}, layer: c2, receptive_field: 14x14", "the dilation is forgotten"),  # 5 + 1 + 4·2
    (f"network: {CHAIN}, layer: c2, receptive_field: 25", "the kernel sizes were added; each layer adds F − 1"),  # 5 + 2 + 9·2
    (
        f"network: {CHAIN}, layer: c2, receptive_field: 23",
        "a layer's stride was used for itself; it counts from the next layer on",
    ),
    (f"network: {THREE}, receptive_field: 9", "the kernel sizes were added; each layer adds F − 1"),
    (f"network: {CHAIN}, layer: c2, receptive_field: 13", "the pooling layers are left out"),  # 1 + 4 + 8
    (f"network: {CHAIN}, layer: c2, receptive_field: 9", "that is the kernel of the layer alone, without the layers ahead of it"),
    (f"network: {CHAIN}, weight_layers: 2", "the fully connected layers are left out"),
    (f"network: {CHAIN}, weight_layers: 4", "pooling layers are counted too"),
    (f"network: {FORK}, weight_layers: 4", "layers beside the longest path are counted too"),
    (f"network: {DENSE}, layer: f, weights: 1450", "that is the number of parameters"),
    (f"network: {DENSE}, layer: f, biases: 1450", "that is the number of parameters"),
    ("network: alexnet, layer: CONV2, output: 13x13x384", "that is the output of CONV3 and CONV4"),
    ("network: alexnet, layer: CONV1, params: 885120", "that is the number of parameters of CONV3"),
    (f"network: {TINY}, output: 5x6.5x6", "the rounding down is forgotten"),  # (12 - 3 + 2)/2 + 1
    (f"network: {TINY}, output: 5x7x6", "rounded up instead of down"),
    (f"network: {TINY}, width: 7", "rounded up instead of down"),
    (f"network: {PAIR}, output: 9x12x6", "padding that keeps the size was assumed"),
    (f"network: {UP}, output: 7x7x3", "the output padding is forgotten"),  # (4 - 1)·2 + 3 - 2
    (f"network: {UP}, output: 2x2x3", "a convolution's formula was used on a transposed one"),  # (4 - 3 + 2)//2 + 1
    (f"network: {POOL}, output: 4x4x2", "the pool was applied to the channels too"),  # ceil((4 - 3)/2) + 1
    (f"network: {HALF_PADDED}, layer: c, weights: 54", "the channels were padded too"),  # 9·3·2
    (f"network: {NORM}, params: 234", "a 1×1 kernel was taken for 3×3"),  # 9·4·6 + 6 + 12
    (f"network: {TINY}, layer: c, weights: 24", "a 3×3 kernel was taken for 1×1"),
    ("network: {input: 8x8x3, layers: [{conv: 4, kernel: 3}]}, params: 148", "the number of filters was used for the input depth"),
    (f"network: {TINY}, layer: c, weights: 6480", "the weights were counted again for every position"),  # 216·5·6
    (f"network: {TINY}, layer: c, params: 6660", "weights and biases were counted again for every position"),  # 222·5·6
    (f"network: {TINY}, layer: c, weights: 77760", "it was counted as fully connected"),  # 9·12·4 · 5·6·6
    (f"network: {TINY}, layer: c, weights: 36", "a convolution over all channels was taken for a depthwise one"),
    ("network: {input: 9x9x4, layers: [{depthwise: 3}]}, weights: 144", "a depthwise convolution was taken for one over all channels"),
    (f"network: {PAIR}, layer: c, weights: 54", "one group only was counted"),
    (f"network: {POOL}, layer: p, params: 9", "the pooling layer was given parameters; it has none"),
    (f"network: {POOL}, layer: p, params: 36", "the pooling layer was given parameters; it has none"),
    (f"network: {POOL}, layer: p, params: 144", "the pooling layer was given parameters; it has none"),
    (f"network: {TINY}, params: 666, batch: 3", "the batch was counted in"),
    (f"network: {CHAIN}, params: 6226", "c2 is left out"),  # 456 + 2,416 + 5,770 is right
    (f"network: {CHAIN}, params: 2416", "only c2 is counted"),
    (f"network: {CHAIN}, params: 8626", "the biases of c2 are left out"),
    (f"network: {CHAIN}, params: 14642", "the output of maxpool1 was flattened"),  # 14·14·6 for 6·6·16
    ("network: {input: 8x8x3, layers: [{conv: 6}, bn, relu]}, macs: 2688", "that is what thop counts"),  # 1,152 + 4·384
    ("claim: params(alexnet/CONV1) + params(alexnet/CONV2), is: 614656", "the sum leaves out params(alexnet/CONV1)"),
    ("claim: params(googlenet) / params(alexnet), is: 8.9", "that is the inverse ratio"),
]


def found(text: str, tmp_path: Path, *, hide: bool = False) -> list[str]:
    path = tmp_path / "sheet.yaml"
    path.write_text(f"questions:\n  - {{id: q, {text}}}\n", encoding="utf-8")
    grader = Grader()
    (verdict,) = grader.grade(read_sheet(str(path)))
    assert verdict.verdict == "wrong"
    return [slip.words for slip in slips(verdict, grader, hide=hide)]


@pytest.mark.parametrize(("text", "sentence"), PLANTED)
def test_a_planted_slip_is_named(text: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in found(text, tmp_path)


def test_two_slips_are_found_together(tmp_path: Path) -> None:
    assert found("network: alexnet, layer: CONV1, params: 11*11*96", tmp_path) == [
        "11*11*96 is the count without the 96 biases, and the depth of the input is forgotten"
    ]


def test_what_would_be_chance_or_false_is_not_said(tmp_path: Path) -> None:
    assert found(f"network: {THREE}, receptive_field: 10", tmp_path) == []
    assert found("network: vgg16, layer: pool1, output: 112x112x32", tmp_path) == ["the pool was applied to the channels too"]
    assert found(f"network: {UP}, output: 7x7x3", tmp_path) == ["the output padding is forgotten"]
    # twice the right number, as depthwise taken for full and full for depthwise would give
    assert found("network: {input: 7x7x128, layers: [{conv: 64}]}, params: 16512", tmp_path) == []


SMALL = (
    "network: {input: 8x8x3, layers: [{conv: 4, kernel: 3}]}, params: ",
    "network: {input: 5x5x1, layers: [{conv: 2, kernel: 3, pad: 1}]}, params: ",
    "network: {input: 4x4x2, layers: [{fc: 5}]}, params: ",
    "network: {input: 32x32x3, layers: [{conv: 8, kernel: 3, pad: 1, repeat: 3}]}, receptive_field: ",
    "network: {input: 32x32x3, layers: [{conv: 8, kernel: 5, pad: 2}, {maxpool: 2}, {conv: 8, kernel: 3, pad: 1}]}, receptive_field: ",
    "network: {input: 28x28x1, layers: [{conv: 6, kernel: 5, stride: 2, pad: 2}]}, height: ",
    "network: {input: 7x7x1, layers: [{conv: 1, kernel: 3}]}, macs: ",
    "network: {input: 6x6x2, layers: [{maxpool: 2}]}, activations: ",
    "network: {input: 8x8x3, layers: [{conv: 4, kernel: 3, bias: false}]}, weights: ",
    "network: alexnet, weight_layers: ",
    "network: {input: 6x6x4, layers: [{conv: 4, kernel: 3, groups: 2}, {conv: 2}]}, params: ",
    "network: lenet5_modern, layer: C1, params: ",
)


def test_few_small_numbers_are_given_a_name_by_chance(tmp_path: Path) -> None:
    """Of every wrong number from 1 to 200, at most 3% are named at all; those by a pair, or as another layer or metric, are still fewer."""
    path = tmp_path / "sheet.yaml"
    path.write_text("questions:\n" + "".join(f"  - {{{question}}}\n" for question in SMALL), encoding="utf-8")
    grader = ClassGrader(str(path), hide=False)
    students = []
    for number in range(1, 201):
        submission = Submission(f"{number}")
        for i in range(len(SMALL)):
            submission.add(f"{i + 1}", "", f"{number}", Span(grader.worksheet.source, 0))
        students.append(grader.grade(submission))
    wrong = [(student, i) for student in students for i, verdict in enumerate(student.verdicts) if verdict.verdict == "wrong"]
    named = [student.slips[i] for student, i in wrong if student.slips[i]]
    assert len(wrong) > 2300
    assert len(named) <= 0.03 * len(wrong)
    guessed = [slips for slips in named if "+" in slips[0].tag or slips[0].tag in ("other-quantity", "other-layer", "one-layer-only")]
    assert len(guessed) <= 0.005 * len(wrong)


def test_a_number_out_of_nowhere_has_no_slip(tmp_path: Path) -> None:
    assert found("network: alexnet, layer: CONV1, params: 34945", tmp_path) == []


@pytest.mark.parametrize("claimed", ["140M", "~20M"])
def test_two_slips_are_not_looked_for_where_a_number_is_rounded(claimed: str, tmp_path: Path) -> None:
    assert found(f"network: alexnet, params: {claimed}", tmp_path) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("network: alexnet, layer: CONV1, params: 34848", "34,848 is the count without the biases"),
        ("network: vgg16, memory: 58MB", "the units are confused: 1000 and 1024"),
        ("network: vgg16, params: 132M", "the units are confused: 1000 and 1024"),
        ("network: alexnet, layer: CONV1, params: 885120", "that is the number of parameters of another layer"),
    ],
)
def test_hidden_slips_name_no_number_that_gives_the_answer_away(text: str, sentence: str, tmp_path: Path) -> None:
    assert found(text, tmp_path, hide=True) == [sentence]


@pytest.mark.parametrize(
    "text",
    [
        "network: {input: HxWx1, layers: [{conv: 2, kernel: 3, pad: 1}, {maxpool: 2}]}, output: 7*H",  # open sides
        "network: {input: HxWxC, layers: [{conv: 2, kernel: 3}]}, params: 5*C",
        "network: {input: 8x8x1, layers: [{conv: 2, kernel: 3, pad: 1}, {add: [identity, {conv: 2, kernel: 3, pad: 1}]}]}, macs: 777",
        "network: densenet121, macs: 7",
        "network: nasnet_a_mobile, layer: cell_stem_0/h0/conv1, params: 7",
        "claim: params(vgg16) / params(alexnet), is: 7*C",
        "claim: params(vgg16) > params(alexnet), is: false",
        "network: shufflenet_v2_100, receptive_field: 8x9",
        "network: inception_v3, layer: Logits, biases: 7",
        "network: resnet50, layer: pool1, kernel: 4",
        "network: {params: {k: }, input: HxWx1, layers: [{maxpool: k, stride: 2}]}, output: 7x7x1",  # rounding up depends on k
        "network: {input: HxWx1, layers: [{conv: 1}]}, activations: H*W + H//1000000",  # without the input, but for large ones
        "claim: 1/7, is: 7 + H//1000000",
    ],
)
def test_where_no_slip_explains_a_number_nothing_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text(f"questions:\n  - {{{text}}}\n", encoding="utf-8")
    grader = Grader()
    (verdict,) = grader.grade(read_sheet(str(path)))
    assert slips(verdict, grader) == []


VARIANTS = """
input: 9x9x1
params: {k: 3}
variants: {three: {k: 3}, five: {k: 5}, none: {k: 6}, several: {k: 7}, too_wide: {k: 11}}
layers: [{conv: 1, kernel: k, name: c, when: k != 6}, {conv: 1, when: k > 5}]
"""


@pytest.mark.parametrize("question", ["layer: c, kernel: 5", "kernel: 5"])
def test_of_the_other_variants_those_that_have_the_figure_are_named(question: str, tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text(VARIANTS, encoding="utf-8")
    assert found(f"network: n.yaml:three, {question}", tmp_path) == ["that is five"]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.says[:40])
def test_every_slip_is_planted(slip: Slip) -> None:
    ends = [piece for piece in slip.says.replace("{claimed}", "{biases}").split("{biases}") if piece]
    assert any(all(piece in sentence for piece in ends) for _, sentence in PLANTED)


@pytest.mark.parametrize("network", ["vgg16", "googlenet", "resnet50", "mobilenet_v2", "densenet121", "lenet5", "shufflenet_v2_100"])
def test_the_right_way_measures_what_the_report_says(network: str) -> None:
    report = analysis.report(analysis.locate(network))
    for row in (None, *report.rows):
        for quantity in ("output", "params", "weights", "biases", "macs", "flops", "values", "memory", "receptive_field"):
            right = computed(report, row, quantity)
            assert measure(report, row, ASKED[quantity].key, Counting(), Change()) == right, (row and row.path, quantity)
    assert measure(report, None, "weight_layers", Counting(), Change()) == report.total.weight_layers
