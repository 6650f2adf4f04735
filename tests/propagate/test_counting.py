"""Conventions: what each tool printed for a network or a layer goes in; the profile has to come to that, to the integer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.layers import KINDS
from cnncalc.propagate.counting import CONVENTIONS

TOOLS = ("torchinfo", "fvcore", "ptflops", "ptflops-aten", "thop", "calflops", "torch")
NAMES = ("macs", "flops", "full", "connections", *TOOLS, "keras")


# Printed by the tools (in the versions that their manuals name) for the networks of torchvision, batch 1.
NETWORKS: dict[str, tuple[dict[str, Any], str]] = {
    "lenet5_modern": ({}, "61706 416520 423038 416520 448662 423038 418096 852156 833040"),
    "alexnet_owt": ({}, "61100840 714188480 714682664 714197696 716441128 714682664 714206912 1429741184 1428376960"),
    # torchvision pools VGG's last volume from 7x7 to 7x7, which counts.
    "vgg16": (
        {"set": {"adaptive": True}},
        "138357544 15470264320 15483821032 15470289408 15523225576 15483821032 15470314496 30973778432 30940528640",
    ),
    "resnet50_v1_5": ({}, "25557032 4089184256 4089238376 4111512576 4132436968 4089185256 4133742592 8211108352 8178368512"),
    "squeezenet1_0": ({}, "1248424 818924576 823270824 819093576 836821960 823270824 819094576 1648970968 1637849152"),
    "mobilenet_v3_large": ({}, "5483032 216589760 216621520 226033824 231316416 216597120 234838456 444944056 433179520"),
    "resnet18": ({}, "11689512 1814073344 1814083944 1819065856 1825313768 1814074344 1824033792 3636250112 3628146688"),
    "resnext50_32x4d": ({}, "25028904 4230479872 4230549096 4259381248 4286878696 4230480872 4288184320 8503559168 8460959744"),
    "wrn50_2": ({}, "68883240 11398021120 11398090344 11426922496 11454419944 11398022120 11455725568 22838641664 22796042240"),
    "squeezenet1_1": ({}, "1235496 349151936 351741288 349320936 359982728 351741288 349321936 705013944 698303872"),
    "vgg11_bn": ({}, "132868840 7609090048 7616530792 7623967232 7658538984 7616525288 7638844416 15254039040 15218180096"),
}

# One module of PyTorch 2.13 on a volume 7x9x6: what the seven tools print for it, in the order of TOOLS.
LAYERS = """
{conv: 4, kernel: 3, pad: 1}                                              | 13860 13608 13860 13860 13608 27468 27216
{conv: 4, kernel: 3, stride: 2, pad: 1, groups: 2, bias: false}           | 2160 2160 2160 2160 2160 4320 4320
{depthwise: 3, multiplier: 2}                                             | 4200 3780 4200 4200 3780 7980 7560
{upconv: 4, kernel: 3, stride: 2, pad: 1, output_pad: 1}                  | 55440 13608 14616 14616 54432 27296 27216
{upconv: 4, kernel: 3, stride: 2, groups: 2}                              | 31920 6804 7944 7944 30780 6828 13608
{upconv: 8, kernel: 3, stride: 2, groups: 2, dilation: 2}                 | 79968 13608 16464 16464 77112 13632 27216
{fc: 10}                                                                  | 3790 3780 3790 3790 3780 7560 7560
{fc: 10, bias: false}                                                     | 3780 3780 3780 3780 3780 7560 7560
bn                                                                        | 12 756 756 0 1512 756 0
{bn: false, shift: false}                                                 | 0 378 378 0 756 378 0
ln                                                                        | 12 1890 378 0 1512 1890 0
{ln: false, shift: false}                                                 | 0 1512 378 0 756 1512 0
{gn: 2}                                                                   | 12 1890 756 0 0 1890 0
{gn: 2, scale: false, shift: false}                                       | 0 1512 378 0 0 1512 0
{lrn: 5}                                                                  | 0 0 1764 0 0 1764 0
{lrn: 4}                                                                  | 0 0 1701 0 0 1701 0
{maxpool: 3, stride: 2}                                                   | 0 0 756 0 0 378 0
{avgpool: 3, stride: 2}                                                   | 0 0 756 0 72 378 0
gap                                                                       | 0 378 756 0 384 378 0
gmp                                                                       | 0 0 756 0 0 378 0
{adaptivepool: [3, 4]}                                                    | 0 378 756 0 450 378 0
relu                                                                      | 0 0 756 0 0 378 0
relu6                                                                     | 0 0 378 0 0 0 0
leaky_relu                                                                | 0 0 378 0 0 378 0
prelu                                                                     | 6 0 756 0 378 378 0
elu                                                                       | 0 0 756 0 0 378 0
sigmoid                                                                   | 0 0 0 0 0 0 0
tanh                                                                      | 0 0 0 0 0 0 0
swish                                                                     | 0 0 378 0 0 378 0
hswish                                                                    | 0 0 0 0 0 0 0
hsigmoid                                                                  | 0 0 0 0 0 0 0
gelu                                                                      | 0 0 756 0 0 378 0
softmax                                                                   | 0 0 378 0 1071 378 0
dropout                                                                   | 0 0 0 0 0 0 0
{upsample: 2}                                                             | 0 1512 3024 0 1512 378 0
[{conv: 8}, {pixelshuffle: 2}]                                            | 3528 3024 3528 3528 3024 6552 6048
{zeropad: 1}                                                              | 0 0 0 0 0 0 0
flatten                                                                   | 0 0 0 0 0 0 0
{add: [identity, identity]}                                               | 0 0 0 0 0 0 0
{multiply: [identity, identity]}                                          | 0 0 0 0 0 0 0
{mean: [identity, identity]}                                              | 0 0 0 0 0 0 0
{concat: [identity, identity]}                                            | 0 0 0 0 0 0 0
{scale: 0.1}                                                              | 0 0 0 0 0 0 0
"""
PRINTED = [(step.strip(), figures.split()) for step, _, figures in (line.partition("|") for line in LAYERS.strip().splitlines())]
# What no tool has a module for, or counts.
UNPRINTED = (
    "instancenorm", "rmsnorm", "l2norm", "grn", "local", "blur", "eca", "resize", "subtract", "maximum", "rearrange", "learned", "custom",
    "constant", "subsample", "rbf", "droppath", "layerscale", "identity", "crop", "split", "slice", "shuffle", "attention",
)  # fmt: skip


def network(step: str, input: str = "7x9x6") -> dict[str, Any]:
    import yaml

    return {"input": input, "layers": [yaml.safe_load(step)]}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_tools_figures_for_a_network(name: str) -> None:
    options, text = NETWORKS[name]
    params, macs, *figures = (int(each) for each in text.split())
    report = cnncalc.analyze(name, **options)
    assert (report.total.params, report.total.macs) == (params, macs)
    assert [cnncalc.analyze(name, counting=tool, **options).total.flops for tool in TOOLS] == figures


@pytest.mark.parametrize(
    ("step", "figures"),
    [
        ("{upconv: 4, kernel: 4, stride: 2, pad: 1}", "516 32768 132096 32768 33792 33792 131072 65600 65536"),
        ("{upconv: 8, kernel: 4, stride: 2, pad: 1, groups: 8, bias: false}", "128 8192 32768 8192 8192 8192 32768 0 16384"),
    ],
)
def test_the_tools_figures_for_transposed_convolutions(step: str, figures: str) -> None:
    reports = [cnncalc.analyze(network(step, "8x8x8"), counting=tool) for tool in TOOLS]
    found = [reports[0].total.params, reports[0].total.macs, *(report.total.flops for report in reports)]
    assert found == [int(each) for each in figures.split()]


@pytest.mark.parametrize(("step", "figures"), PRINTED)
def test_the_tools_figures_for_a_layer(step: str, figures: list[str]) -> None:
    assert [str(cnncalc.analyze(network(step), counting=tool).total.flops) for tool in TOOLS] == figures


def test_every_kind_was_measured_or_cannot_be() -> None:
    measured = {kind for step, _ in PRINTED for kind in KINDS if kind in re.findall(r"\w+", step)}
    assert measured | set(UNPRINTED) >= set(KINDS) - {"identity"}


@pytest.mark.parametrize(
    ("step", "figures"),
    [
        ("{subsample: 3, stride: 2}", [12, 0, 756, 0, 72, 378, 0]),  # an average pooling with a module's two parameters for each map
        ("{rbf: 10}", [0, 0, 0, 0, 0, 0, 0]),  # has no learned numbers, and no tool has a module for it
        ("{ln: , shift: false}", [6, 1890, 378, 0, 1512, 1890, 0]),  # its factors are learned, as with a shift
        ("{droppath: 0.5}", [0, 0, 0, 0, 0, 0, 0]),
        ("layerscale", [0, 0, 0, 0, 0, 0, 0]),  # a parameter of the block around it and a product by *: no module, no call that they see
        # scaled_dot_product_attention: 2 · 2 · 63² · 6 by torch on the meta device, nothing by the others
        ("{attention: 2, from: [input, input, input]}", [0, 0, 0, 0, 0, 0, 95_256]),
        # the queries times 13 + 17 vectors of 3 channels, too; no module calls a table or vectors its weight
        ("{attention: 2, position: vectors, from: [input, input, input]}", [0, 0, 0, 0, 0, 0, 117_936]),
        ("{attention: 2, position: table, cosine: true, from: [input, input, input]}", [0, 0, 0, 0, 0, 0, 95_256]),
        # norms of one image: the weights and biases; 5 per element; 2; -; 2 · 2; 5; -
        ("instancenorm", [12, 1890, 756, 0, 1512, 1890, 0]),
        ("{instancenorm: , scale: false, shift: false}", [0, 1512, 378, 0, 756, 1512, 0]),
        ("rmsnorm", [6, 0, 0, 0, 0, 0, 0]),
        ("grn", [0, 0, 0, 0, 0, 0, 0]),  # modules that differ from library to library
        ("{local: 2}", [0, 0, 0, 0, 0, 0, 0]),
        ("{custom: 7x9x6, params: 5, macs: 100}", [0, 0, 0, 0, 0, 0, 0]),
        ("{learned: 1x1x6}", [0, 0, 0, 0, 0, 0, 0]),
        ("{resize: 14x18}", [0, 1512, 1764, 0, 1512, 252, 0]),
        ("{resize: {factor: 2, mode: bilinear}}", [0, 6048, 3024, 0, 16632, 378, 0]),
        ("{resize: {factor: 2, mode: bicubic}}", [0, 0, 3024, 0, 391608, 378, 0]),
        ("{crop: 1}", [0, 0, 0, 0, 0, 0, 0]),
        ("{shuffle: 2}", [0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_what_tools_cannot_print(step: str, figures: list[int]) -> None:
    assert [cnncalc.analyze(network(step), counting=tool).total.flops for tool in TOOLS] == figures


@pytest.mark.parametrize("step", [step for step, _ in PRINTED if "adaptive" not in step])  # an adaptive pool needs to know its input
@given(h=st.integers(3, 40), w=st.integers(3, 40), groups=st.integers(1, 5))
@settings(max_examples=3, deadline=None)
def test_figures_as_formulas_are_the_figures(step: str, h: int, w: int, groups: int) -> None:
    formulas = cnncalc.analyze(network(step, "HxWxC"))
    numbers = cnncalc.analyze(network(step, f"{h}x{w}x{4 * groups}"))
    for convention in CONVENTIONS.values():
        formula: Any = sum(convention(row.cost) for row in formulas)
        value = formula if isinstance(formula, int) else formula.at({"H": h, "W": w, "C": 4 * groups})
        assert value == sum(convention(row.cost) for row in numbers), convention.name


@pytest.mark.parametrize("name", NAMES)
def test_rows_add_up_and_a_batch_multiplies(name: str) -> None:
    one, eight = (cnncalc.analyze("resnet50_v1_5", counting=name, batch=batch) for batch in (1, 8))
    assert sum(row.flops for row in one) == one.total.flops
    assert sum(row.params for row in one) == one.total.params == eight.total.params
    assert eight.total.flops == 8 * one.total.flops


@pytest.mark.parametrize(("name", "pytorch", "keras"), [("mobilenet_v2", 3_504_872, 3_538_984), ("densenet121", 7_978_856, 8_062_504)])
def test_keras_counts_what_batch_norm_keeps(name: str, pytorch: int, keras: int) -> None:
    """The figures are those of torchvision and of Keras' own summary."""
    assert cnncalc.analyze(name).total.params == pytorch
    found = cnncalc.analyze(name, counting="keras")
    assert found.total.params == keras
    assert found.total.flops == cnncalc.analyze(name, counting="full").total.flops
    assert found.total.param_bytes == 4 * keras
    assert cnncalc.analyze(name, counting="keras", bias=False).total.params == keras - found.total.biases


def test_leaving_biases_out_of_parameters_changes_no_figure() -> None:
    for name in NAMES:
        with_biases, without = (cnncalc.analyze("lenet5_modern", counting=name, bias=bias) for bias in (True, False))
        assert with_biases.total.flops == without.total.flops
        assert with_biases.total.params > without.total.params


def test_every_convention_has_a_manual() -> None:
    assert tuple(CONVENTIONS) == NAMES
    for name, convention in CONVENTIONS.items():
        summary, *more = convention.manual
        assert convention.name == name
        assert summary.endswith(".")
        assert all(paragraph.endswith((".", ")")) for paragraph in more)
    for name in ("torchinfo", "ptflops", "thop", "calflops"):  # those with a mistake that is reproduced say so
        assert any(paragraph.startswith("Reproduced: ") for paragraph in CONVENTIONS[name].manual)
