"""LeNet, AlexNet, ZFNet, VGG, Network in Network and SqueezeNet: properties beyond the catalogue's table, and their layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from tests.architectures.rows import fields

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report


def named(report: Report) -> list[str]:
    """The layers that the paper names."""
    return [row.path for row in report if row.path[0].isupper()]


def sizes(report: Report, kinds: str = "conv maxpool avgpool gap fc") -> list[str]:
    return [str(row.output) for row in report if row.kind in kinds.split()]


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("lenet5", 5), ("lenet5_modern", 5), ("lenet_caffe", 4), ("alexnet", 8), ("alexnet_two_gpu", 8), ("alexnet_owt", 8), ("zfnet", 8),
        ("vgg11", 11), ("vgg11_lrn", 11), ("vgg13", 13), ("vgg16", 16), ("vgg16_c", 16), ("vgg19", 19), ("vgg19_bn", 19), ("nin", 12),
        ("nin_cifar10", 9), ("squeezenet1_0", 18),
    ],
)  # fmt: skip
def test_how_many_layers_have_weights(name: str, depth: int) -> None:
    assert cnncalc.analyze(name).total.weight_layers == depth


def test_lenet_counts_as_its_paper_does() -> None:
    report = cnncalc.analyze("lenet5", counting="connections")
    layers = {row.path: (str(row.output), row.params, row.flops) for row in report if row.flops}
    assert layers == {
        "C1": ("28×28×6", 156, 122304),
        "S2": ("14×14×6", 12, 5880),
        "C3": ("10×10×16", 1516, 151600),
        "S4": ("5×5×16", 32, 2000),
        "C5": ("1×1×120", 48120, 48120),
        "F6": ("1×1×84", 10164, 10164),
        "OUTPUT": ("1×1×10", 0, 840),
    }
    assert report.total.flops == 340908
    assert report.total.buffers == report["OUTPUT"].buffers == 10 * 7 * 12


def test_lenets_third_layer_sees_what_table_1_of_the_paper_says() -> None:
    seen = fields(cnncalc.analyze("lenet5")["C3"])["connections"]
    crosses = {
        0: (0, 4, 5, 6, 9, 10, 11, 12, 14, 15),
        1: (0, 1, 5, 6, 7, 10, 11, 12, 13, 15),
        2: (0, 1, 2, 6, 7, 8, 11, 13, 14, 15),
        3: (1, 2, 3, 6, 7, 8, 9, 12, 14, 15),
        4: (2, 3, 4, 7, 8, 9, 10, 12, 13, 15),
        5: (3, 4, 5, 8, 9, 10, 11, 13, 14, 15),
    }  # a map of S2, and the columns of the table, maps of C3, that have a cross in its row
    assert {each: tuple(i for i, inputs in enumerate(seen) if each in inputs) for each in range(6)} == crosses


def test_todays_lenet_sees_all_maps() -> None:
    report = cnncalc.analyze("lenet5_modern")
    assert [row.params for row in report if row.params] == [156, 2416, 48120, 10164, 850]
    assert sizes(report) == ["28×28×6", "14×14×6", "10×10×16", "5×5×16", "1×1×120", "1×1×84", "1×1×10"]


def test_caffes_lenet_has_one_activation() -> None:
    report = cnncalc.analyze("lenet_caffe")
    assert [row.path for row in report][1:] == ["conv1", "pool1", "conv2", "pool2", "ip1", "relu1", "ip2"]
    assert [row.params for row in report if row.params] == [520, 25050, 400500, 5010]


ALEXNET = {
    "CONV1": "55×55×96", "POOL1": "27×27×96", "NORM1": "27×27×96", "CONV2": "27×27×256", "POOL2": "13×13×256", "NORM2": "13×13×256",
    "CONV3": "13×13×384", "CONV4": "13×13×384", "CONV5": "13×13×256", "POOL3": "6×6×256", "FC6": "1×1×4096", "FC7": "1×1×4096",
    "FC8": "1×1×1000",
}  # fmt: skip


def test_alexnet_is_as_lectures_draw_it() -> None:
    report = cnncalc.analyze("alexnet")
    assert {name: str(report[name].output) for name in named(report)} == ALEXNET
    assert named(report) == list(ALEXNET)
    assert report["CONV1"].params == 11 * 11 * 3 * 96 + 96
    assert not report.inexact
    assert not any("groups" in fields(row) for row in report)


def test_alexnet_of_the_paper_has_groups_and_normalizes_before_it_pools() -> None:
    report = cnncalc.analyze("alexnet_two_gpu")
    assert named(report)[:6] == ["CONV1", "NORM1", "POOL1", "CONV2", "NORM2", "POOL2"]
    assert str(report["NORM1"].output) == "55×55×96"
    weights = {row.path: (row.weights, row.biases, row.macs) for row in report if row.kind == "conv"}
    assert weights == {
        "CONV1": (34848, 96, 105415200),
        "CONV2": (307200, 256, 223948800),
        "CONV3": (884736, 384, 149520384),
        "CONV4": (663552, 384, 112140288),
        "CONV5": (442368, 256, 74760192),
    }


def test_alexnet_of_torchvision() -> None:
    report = cnncalc.analyze("alexnet_owt")
    assert sizes(report, "conv maxpool adaptivepool") == [
        "55×55×64", "27×27×64", "27×27×192", "13×13×192", "13×13×384", "13×13×256", "13×13×256", "6×6×256", "6×6×256",
    ]  # fmt: skip
    assert [row.params for row in report if row.kind == "conv"] == [23296, 307392, 663936, 884992, 590080]
    assert not [row for row in report if row.kind == "lrn"]
    assert cnncalc.analyze("alexnet_owt", input="300x400x3").total.params == report.total.params  # images of any size


@pytest.mark.parametrize(("name", "filters"), [("zfnet", (512, 1024, 512)), ("zfnet_fig3", (384, 384, 256))])
def test_zfnet_has_alexnets_layers_and_its_own_first_two(name: str, filters: tuple[int, int, int]) -> None:
    report = cnncalc.analyze(name)
    assert named(report) == list(ALEXNET)
    assert fields(report["CONV1"]) == {"filters": 96, "kernel": [7, 7], "stride": [2, 2], "pad": [1, 1]}
    assert fields(report["CONV2"]) == {"filters": 256, "kernel": [5, 5], "stride": [2, 2]}
    assert [row.output.h for row in report if row.kind in ("conv", "maxpool")] == [110, 55, 26, 13, 13, 13, 13, 6]
    assert tuple(report[f"CONV{i}"].output.c for i in (3, 4, 5)) == filters


def test_vgg16_is_the_lectures_table() -> None:
    report = cnncalc.analyze("vgg16")
    rows = [(row.path, str(row.output), row.values, row.weights) for row in report if row.kind in ("conv", "maxpool", "fc")]
    assert rows == [
        ("conv1-1", "224×224×64", 3211264, 1728), ("conv1-2", "224×224×64", 3211264, 36864), ("pool1", "112×112×64", 802816, 0),
        ("conv2-1", "112×112×128", 1605632, 73728), ("conv2-2", "112×112×128", 1605632, 147456), ("pool2", "56×56×128", 401408, 0),
        ("conv3-1", "56×56×256", 802816, 294912), ("conv3-2", "56×56×256", 802816, 589824), ("conv3-3", "56×56×256", 802816, 589824),
        ("pool3", "28×28×256", 200704, 0),
        ("conv4-1", "28×28×512", 401408, 1179648), ("conv4-2", "28×28×512", 401408, 2359296), ("conv4-3", "28×28×512", 401408, 2359296),
        ("pool4", "14×14×512", 100352, 0),
        ("conv5-1", "14×14×512", 100352, 2359296), ("conv5-2", "14×14×512", 100352, 2359296), ("conv5-3", "14×14×512", 100352, 2359296),
        ("pool5", "7×7×512", 25088, 0),
        ("fc6", "1×1×4096", 4096, 102760448), ("fc7", "1×1×4096", 4096, 16777216), ("fc8", "1×1×1000", 1000, 4096000),
    ]  # fmt: skip
    assert report.total.values == 15237608
    assert {fields(row)["kernel"][0] for row in report if row.kind == "conv"} == {3}


def test_vgg_configuration_c_ends_its_last_blocks_with_a_1x1() -> None:
    report = cnncalc.analyze("vgg16_c")
    assert [row.path for row in report if row.kind == "conv" and "kernel" not in fields(row)] == ["conv3-3", "conv4-3", "conv5-3"]
    assert report["conv5-3"].params == 512 * 512 + 512


def test_vgg_a_lrn_normalizes_once() -> None:
    report = cnncalc.analyze("vgg11_lrn")
    assert [row.path for row in report][1:5] == ["conv1-1", "relu1-1", "norm1", "pool1"]
    assert [row.path for row in report if row.kind == "lrn"] == ["norm1"]


def test_vgg_of_torchvision_keeps_biases_under_batch_normalization_and_takes_any_image() -> None:
    report = cnncalc.analyze("vgg16_bn")
    assert len([row for row in report if row.kind == "bn"]) == 13
    assert all(row.biases == row.output.c for row in report if row.kind == "conv")
    assert cnncalc.analyze("vgg16_bn", input="300x400x3").total.params == report.total.params


def test_nin_pools_over_the_edge() -> None:
    report = cnncalc.analyze("nin")
    assert sizes(report, "maxpool gap") == ["27×27×96", "13×13×256", "6×6×384", "1×1×1000"]
    assert [row.output.c for row in report if row.kind == "conv"] == [96, 96, 96, 256, 256, 256, 384, 384, 384, 1024, 1024, 1000]
    assert [row.path for row in report if row.kind == "dropout"] == ["drop3"]
    small = cnncalc.analyze("nin_cifar10")
    assert [(row.kind, str(row.output)) for row in small if "pool" in row.path] == [
        ("maxpool", "16×16×96"), ("avgpool", "8×8×192"), ("gap", "1×1×10"),
    ]  # fmt: skip


def test_squeezenet_is_table_1_of_its_paper() -> None:
    report = cnncalc.analyze("squeezenet1_0", input="227x227x3")
    modules = [
        tuple(report[f"fire{i}/{layer}"].output.c for layer in ("squeeze1x1", "concat1/expand1x1", "concat1/expand3x3"))
        for i in range(2, 10)
    ]
    assert modules == [
        (16, 64, 64), (16, 64, 64), (32, 128, 128), (32, 128, 128), (48, 192, 192), (48, 192, 192), (64, 256, 256), (64, 256, 256),
    ]  # fmt: skip
    assert sizes(report, "maxpool") == ["55×55×96", "27×27×256", "13×13×512"]
    of_modules = [sum(row.params for row in report if row.path.startswith(f"fire{i}/")) for i in range(2, 10)]
    assert [report["conv1"].params, *of_modules, report["conv10"].params] == [
        14208, 11920, 12432, 45344, 49440, 104880, 111024, 188992, 197184, 513000,
    ]  # fmt: skip
    assert all(row.biases for row in report if row.kind == "conv")


def test_squeezenet_as_its_authors_count() -> None:
    padded = cnncalc.analyze("squeezenet1_0", input="227x227x3", but={"conv10.pad": 1})
    assert padded.total.macs == 861339936  # the README's 1.72 GFLOP, two for each
    assert [row.path for row in cnncalc.analyze("squeezenet1_1") if row.kind == "maxpool"] == ["pool1", "pool3", "pool5"]


def test_squeezenets_metaparameters() -> None:
    report = cnncalc.analyze("squeezenet1_0", set={"SR": 0.5, "pct3x3": 0.25})
    assert tuple(report[f"fire9/{layer}"].output.c for layer in ("squeeze1x1", "concat1/expand1x1", "concat1/expand3x3")) == (256, 384, 128)
    assert report["fire9/concat1"].output.c == 512


@pytest.mark.parametrize(
    ("name", "params", "flops"),
    [
        ("lenet5_modern", {}, 852156),
        ("alexnet_owt", {}, 1429741184),
        ("vgg16", {"adaptive": True}, 30973778432),
        ("squeezenet1_0", {}, 1648970968),
    ],
)
def test_a_released_network_has_the_activations_and_pools_that_a_profiler_met(name: str, params: dict[str, Any], flops: int) -> None:
    """Figures that calflops 0.3.2 measured on the PyTorch networks: 2 a multiply-add, and elements as below. They have no softmax."""
    report = cnncalc.analyze(name, set=params)
    biases = sum(row.output.size for row in report if row.kind == "conv" and row.biases)
    activations = sum(row.output.size for row in report if row.kind in ("relu", "softmax"))
    pooled = sum(row.inputs[0].size for row in report if row.kind in ("maxpool", "avgpool", "adaptivepool", "gap"))
    assert 2 * report.total.macs + biases + activations + pooled == flops
