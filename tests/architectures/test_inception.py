"""GoogLeNet to Inception-v4, Inception-ResNet and Xception: properties beyond the catalogue's table, and their layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from tests.architectures.rows import fields

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row


def convolutions(report: Report, under: str = "") -> list[Row]:
    return [row for row in report if row.kind == "conv" and row.path.startswith(under) and not row.side]


def modules(report: Report) -> dict[str, str]:
    """What the layers and modules of the main path leave, by their names: the first part of their paths."""
    return {row.path.partition("/")[0]: str(row.output) for row in report if not row.side}


def test_googlenet_is_22_layers_deep_and_has_57_convolutions() -> None:
    report = cnncalc.analyze("googlenet")
    assert report.total.weight_layers == 22
    assert len(convolutions(report)) == 57
    assert len([row for row in report if row.kind == "fc" and not row.side]) == 1
    assert all(row.biases == row.output.c for row in report if row.kind == "conv")


def test_googlenets_modules_are_table_1_of_the_paper() -> None:
    report = cnncalc.analyze("googlenet")
    found = modules(report)
    assert {name: found[name] for name in found if name[0] in "345" or "conv" in name or "pool" in name} == {
        "conv1": "112×112×64", "pool1": "56×56×64", "conv2_reduce": "56×56×64", "conv2": "56×56×192", "pool2": "28×28×192",
        "3a": "28×28×256", "3b": "28×28×480", "pool3": "14×14×480",
        "4a": "14×14×512", "4b": "14×14×512", "4c": "14×14×512", "4d": "14×14×528", "4e": "14×14×832", "pool4": "7×7×832",
        "5a": "7×7×832", "5b": "7×7×1024", "pool5": "1×1×1024",
    }  # fmt: skip
    rows = {name: [row for row in report if row.path.startswith(f"{name}/")] for name in found}
    assert {name: sum(row.params for row in rows[name]) for name in found if name[0] in "345"} == {
        "3a": 163696, "3b": 388736, "4a": 376176, "4b": 449160, "4c": 510104, "4d": 605376, "4e": 868352, "5a": 1043456, "5b": 1444080,
    }  # fmt: skip
    # The paper's column of operations, in millions, but for its first convolution and 5a, which the notes explain.
    printed = {"3a": 128, "3b": 304, "4a": 73, "4b": 88, "4c": 100, "4d": 119, "4e": 170, "5b": 71}
    computed = {name: sum(row.macs for row in rows[name]) for name in printed}
    assert all((millions - 1) * 1_000_000 < computed[name] < (millions + 1) * 1_000_000 for name, millions in printed.items())


def test_googlenets_modules_have_four_branches() -> None:
    report = cnncalc.analyze("googlenet")
    inside = {row.path.split("/")[2]: row for row in convolutions(report, "4d/concat1/")}
    geometry = {name: (row.output.c, fields(row).get("kernel", [1, 1]), fields(row).get("pad", [0, 0])) for name, row in inside.items()}
    assert geometry == {
        "1x1": (112, [1, 1], [0, 0]),
        "3x3_reduce": (144, [1, 1], [0, 0]),
        "3x3": (288, [3, 3], [1, 1]),
        "5x5_reduce": (32, [1, 1], [0, 0]),
        "5x5": (64, [5, 5], [2, 2]),
        "pool_proj": (64, [1, 1], [0, 0]),
    }


@pytest.mark.parametrize(("name", "params"), [("googlenet", 512 * 128 + 128), ("googlenet_torchvision", 512 * 128 + 2 * 128)])
def test_googlenets_side_exits(name: str, params: int) -> None:
    report = cnncalc.analyze(name)
    side = [row for row in report if row.side]
    assert {row.path.partition("/")[0] for row in side} == {"exit1", "exit2"}
    assert [str(report[f"exit{i}/pool"].output) for i in (1, 2)] == ["4×4×512", "4×4×528"]
    assert sum(row.params for row in side if row.path.startswith("exit1/conv/")) == params
    assert report["exit1/fc"].params == 4 * 4 * 128 * 1024 + 1024
    assert report["exit1/classifier"].params == 1025000


def test_googlenet_of_torchvision() -> None:
    report = cnncalc.analyze("googlenet_torchvision")
    assert not any(row.biases for row in report if row.kind == "conv")
    assert {tuple(fields(row)["kernel"]) for row in convolutions(report) if row.path.endswith("5x5/conv")} == {(3, 3)}
    assert fields(report["pool4"])["size"] == [2, 2]
    assert not [row for row in report if row.kind == "lrn"]
    assert report["3a/concat1/1x1/relu"].sources == ("3a/concat1/1x1/bn",)


def test_bn_inceptions_modules_are_figure_5_of_the_paper() -> None:
    report = cnncalc.analyze("bn_inception")
    found = modules(report)
    assert [found[name] for name in ("3a", "3b", "3c", "4a", "4b", "4c", "4d", "4e", "5a", "5b")] == [
        "28×28×256", "28×28×320", "14×14×576", "14×14×576", "14×14×576", "14×14×608", "14×14×608", "7×7×1056", "7×7×1024", "7×7×1024",
    ]  # fmt: skip
    assert report["5b/concat1/pool"].kind == "maxpool"
    assert {report[f"{name}/concat1/pool"].kind for name in ("3a", "3b", "4a", "4b", "4c", "4d", "5a")} == {"avgpool"}
    assert not [row for row in report if row.path.startswith(("3c/", "4e/")) and "1x1" in row.path]


def test_inception_v2_begins_with_a_separable_convolution() -> None:
    report = cnncalc.analyze("inception_v2")
    first = [row for row in report if row.path.startswith("conv1")]
    assert [(row.kind, str(row.output), row.params) for row in first] == [
        ("depthwise", "112×112×24", 7 * 7 * 3 * 8), ("conv", "112×112×64", 24 * 64), ("bn", "112×112×64", 64), ("relu", "112×112×64", 0),
    ]  # fmt: skip
    assert modules(report)["4d"] == "14×14×576"
    assert not any(row.weights for row in report if row.kind == "bn")


def test_inception_v3_is_the_authors_release() -> None:
    report = cnncalc.analyze("inception_v3")
    assert modules(report) == {
        "input": "299×299×3",
        "Conv2d_1a_3x3": "149×149×32", "Conv2d_2a_3x3": "147×147×32", "Conv2d_2b_3x3": "147×147×64", "MaxPool_3a_3x3": "73×73×64",
        "Conv2d_3b_1x1": "73×73×80", "Conv2d_4a_3x3": "71×71×192", "MaxPool_5a_3x3": "35×35×192",
        "Mixed_5b": "35×35×256", "Mixed_5c": "35×35×288", "Mixed_5d": "35×35×288",
        "Mixed_6a": "17×17×768", "Mixed_6b": "17×17×768", "Mixed_6c": "17×17×768", "Mixed_6d": "17×17×768", "Mixed_6e": "17×17×768",
        "Mixed_7a": "8×8×1280", "Mixed_7b": "8×8×2048", "Mixed_7c": "8×8×2048",
        "gap1": "1×1×2048", "dropout1": "1×1×2048", "Logits": "1×1×1000",
    }  # fmt: skip
    assert len(convolutions(report)) == 94
    assert not any(row.biases for row in report if row.kind == "conv")
    assert [str(row.output) for row in report if row.side and row.kind in ("avgpool", "conv", "fc")] == [
        "5×5×768", "5×5×128", "1×1×768", "1×1×1000",
    ]  # fmt: skip


@pytest.mark.parametrize(("module", "filters"), [("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6e", 192)])
def test_inception_v3_takes_a_7x7_apart(module: str, filters: int) -> None:
    branch = convolutions(cnncalc.analyze("inception_v3"), f"{module}/concat1/double7x7/")
    assert [(fields(row).get("kernel", [1, 1]), row.output.c) for row in branch] == [
        ([1, 1], filters), ([7, 1], filters), ([1, 7], filters), ([7, 1], filters), ([1, 7], 192),
    ]  # fmt: skip


def test_inception_v4_is_figure_9_of_the_paper() -> None:
    report = cnncalc.analyze("inception_v4")
    stem = {name: str(report[f"stem/{name}"].output) for name in ("concat1", "concat2", "concat3")}
    assert stem == {"concat1": "73×73×160", "concat2": "71×71×192", "concat3": "35×35×384"}
    found = modules(report)
    assert len(found) == 1 + 1 + 4 + 1 + 7 + 1 + 3 + 3
    assert [found[name] for name in ("inception_a4", "reduction_a", "inception_b7", "reduction_b", "inception_c3")] == [
        "35×35×384", "17×17×1024", "17×17×1024", "8×8×1536", "8×8×1536",
    ]  # fmt: skip
    last = convolutions(report, "inception_c1/concat1/double3x3/")
    assert [(fields(row).get("kernel", [1, 1]), row.output.c) for row in last] == [
        ([1, 1], 384), ([3, 1], 448), ([1, 3], 512), ([1, 3], 256), ([3, 1], 256),
    ]  # fmt: skip
    assert len(convolutions(report)) == 149
    assert not any(row.biases for row in report if row.kind == "conv")


@pytest.mark.parametrize(
    ("name", "params", "volumes", "counts"),
    [
        ("inception_resnet_v1", {}, ["35×35×256", "17×17×896", "8×8×1792"], (5, 10, 5)),
        ("inception_resnet_v2", {}, ["35×35×320", "17×17×1088", "8×8×2080"], (10, 20, 10)),
        (
            "inception_resnet_v2",
            {"stem": "stem_v4", "repeats": [5, 10, 5], "head": 0},
            ["35×35×384", "17×17×1152", "8×8×2144"],
            (5, 10, 5),
        ),
    ],
)
def test_inception_resnets_are_figure_15_of_the_paper(
    name: str, params: dict[str, Any], volumes: list[str], counts: tuple[int, int, int]
) -> None:
    report = cnncalc.analyze(name, set=params)
    found = modules(report)
    assert [found[each] for each in ("stem", "Mixed_6a", "Mixed_7a")] == volumes
    assert tuple(len([each for each in found if each.startswith(kind)]) for kind in ("block35_", "block17_", "block8_")) == counts
    biased = {row.path for row in convolutions(report) if row.biases}
    assert biased == {row.path for row in convolutions(report) if row.path.endswith("/linear")}
    assert len(biased) == sum(counts)
    assert report["block35_1/add1/scale1"].sources == ("block35_1/add1/linear",)


def test_inception_resnet_v2_ends_without_a_last_activation() -> None:
    report = cnncalc.analyze("inception_resnet_v2")
    assert "block8_9/relu1" in {row.path for row in report}
    assert [row.path for row in report if row.path.startswith("block8_10/")][-1] == "block8_10/add1"
    assert str(report["Conv2d_7b_1x1/conv"].output) == "8×8×1536"
    kernels = [(fields(row).get("kernel", [1, 1]), row.output.c) for row in convolutions(report, "block17_1/")]
    assert kernels == [([1, 1], 192), ([1, 1], 128), ([1, 7], 160), ([7, 1], 192), ([1, 1], 1088)]


def test_xception_is_figure_5_of_the_paper() -> None:
    report = cnncalc.analyze("xception")
    found = modules(report)
    assert [found[f"block{i}"] for i in (2, 3, 4)] == ["74×74×128", "37×37×256", "19×19×728"]
    assert {found[f"block{i}"] for i in range(5, 13)} == {"19×19×728"}
    assert found["block13"] == "10×10×1024"
    assert found["block14_sepconv2"] == "10×10×2048"
    separable = [row for row in report if row.kind == "depthwise"]
    assert len(separable) == 6 + 8 * 3 + 2 + 2
    assert len(convolutions(report)) == 2 + len(separable) + 4  # two ahead, a 1x1 in each, and four shortcuts
    assert not any(row.biases for row in report if row.kind in ("conv", "depthwise"))
    assert all(report[row.path.replace("depthwise", "pointwise")].sources == (row.path,) for row in separable)  # nothing in between
    assert report["block2/add1/main/sepconv1/depthwise"].sources == ("relu2",)
    assert report["block3/add1/main/sepconv1/depthwise"].sources == ("block3/add1/main/relu1",)
    assert sum(row.macs for row in separable) == 132190344
