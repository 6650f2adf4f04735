"""Residual and dense networks: properties beyond the catalogue's table, and their layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.spec import catalogue_index
from tests.architectures.rows import fields, of_kind

if TYPE_CHECKING:
    from cnncalc.layers import Volume
    from cnncalc.propagate.report import Report

B = "option_b"

FILES = (
    "resnet.yaml", "resnet_cifar.yaml", "preresnet.yaml", "preresnet_cifar.yaml", "wide_resnet.yaml", "wide_resnet_imagenet.yaml",
    "resnext.yaml", "senet.yaml", "densenet.yaml", "densenet_cifar.yaml",
)  # fmt: skip
NAMES = [entry.name for entry in catalogue_index.entries() if entry.file in FILES]


def last(report: Report, folder: str) -> Volume:
    """What the last layer of a folder leaves."""
    return [row for row in report if row.path.startswith(folder + "/")][-1].output


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("plain18", 18), ("plain34", 34), ("resnet18", 18), ("resnet18_a", 18), ("resnet34", 34), ("resnet50", 50), ("resnet101", 101),
        ("resnet152", 152), ("resnet50_v1_5", 50), ("resnet20_cifar", 20), ("resnet110_cifar", 110), ("resnet1202_cifar", 1202),
        ("preresnet110_cifar", 110), ("preresnet164_cifar", 164), ("preresnet1001_cifar", 1001), ("preresnet200", 200), ("wrn50_2", 50),
        ("resnext50_32x4d", 50), ("resnext101_64x4d", 101), ("resnext29_8x64d", 29), ("densenet121", 121), ("densenet161", 161),
        ("densenet169", 169), ("densenet201", 201), ("densenet40_k12_cifar", 40), ("densenet_bc190_k40_cifar", 190),
    ],
)  # fmt: skip
def test_a_name_says_how_many_layers_have_weights(name: str, depth: int) -> None:
    assert cnncalc.analyze(name).total.weight_layers == depth


def test_wide_resnets_count_their_three_projections() -> None:
    report = cnncalc.analyze("wrn28_10")
    assert report.total.weight_layers == 26
    assert len(of_kind(report, "conv")) + len(of_kind(report, "fc")) == 28 + 1  # the fc is not counted


def test_a_shortcut_that_changes_nothing_is_no_row() -> None:
    report = cnncalc.analyze("resnet152")
    assert len(report.rows) == 515
    assert not of_kind(report, "identity")
    assert len([row for row in report if "/shortcut/" in row.path]) == 4 * 2  # a projection and its normalization in every stage


@pytest.mark.parametrize(("name", "widening"), [("resnet18", 1), ("resnet34_a", 1), ("plain34", 1), ("resnet50", 4), ("resnet101_v1_5", 4)])
def test_stages_leave_the_volumes_of_the_papers_table(name: str, widening: int) -> None:
    report = cnncalc.analyze(name)
    assert report["conv1"].output == (112, 112, 64)
    assert report["pool1"].output == (56, 56, 64)
    assert [last(report, f"conv{stage}_x") for stage in (2, 3, 4, 5)] == [
        (56, 56, 64 * widening), (28, 28, 128 * widening), (14, 14, 256 * widening), (7, 7, 512 * widening),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "strides", "middle"),
    [
        ("resnet50", [2, 1, 1], (28, 28, 128)),
        ("resnet50_v1_5", [1, 2, 1], (56, 56, 128)),
        ("resnext50_32x4d", [1, 2, 1], (56, 56, 256)),
        ("wrn50_2", [1, 2, 1], (56, 56, 256)),
        ("se_resnet50", [2, 1, 1], (28, 28, 128)),
        ("se_resnext50_32x4d", [1, 2, 1], (56, 56, 256)),
        ("preresnet50", [1, 2, 1], (56, 56, 128)),
    ],
)
def test_which_convolution_of_a_bottleneck_takes_the_stride(name: str, strides: list[int], middle: Volume) -> None:
    report = cnncalc.analyze(name)
    residual = "conv3_x/bottleneck1/add1/residual"
    convolutions = [report[f"{residual}/conv{i}"] for i in (1, 2, 3)]
    assert [fields(row).get("stride", [1, 1]) for row in convolutions] == [[stride, stride] for stride in strides]
    assert [fields(row).get("kernel", [1, 1]) for row in convolutions] == [[1, 1], [3, 3], [1, 1]]
    assert convolutions[0].output == middle
    assert convolutions[2].output == (28, 28, 512)


@pytest.mark.parametrize("name", NAMES)
def test_convolutions_before_a_normalization_have_no_bias(name: str) -> None:
    report = cnncalc.analyze(name)
    biased = {row.path for row in of_kind(report, "conv") if row.biases}
    assert biased == {row.path for row in of_kind(report, "conv") if "squeeze_excite" in row.path}
    assert [row.biases for row in of_kind(report, "fc")] == [report.outputs[0].c]


@pytest.mark.parametrize("name", ["resnet18_a", "resnet34_a", "resnet110_cifar", "preresnet110_cifar"])
def test_option_a_learns_nothing_in_its_shortcuts(name: str) -> None:
    report = cnncalc.analyze(name)
    shortcuts = [row for row in report if "/shortcut/" in row.path]
    steps = 3 if report.input.h == 224 else 2
    assert [row.kind for row in shortcuts] == ["avgpool", "zeropad"] * steps
    assert not any(row.params or row.macs for row in shortcuts)
    assert all(row.output.c == 2 * row.inputs[0].c for row in shortcuts if row.kind == "zeropad")


def test_option_c_projects_everywhere() -> None:
    report = cnncalc.analyze("resnet34", set={"shortcut": "option_c"})
    assert len([row for row in report if "/shortcut/" in row.path and row.kind == "conv"]) == 3 + 4 + 6 + 3
    # Option B, and a 1x1 with its normalization in the 2 + 3 + 5 + 2 units more that keep their shape, besides the first.
    more = sum(units * (width * width + 2 * width) for units, width in [(3, 64), (3, 128), (5, 256), (2, 512)])
    assert report.total.params == 21797672 + more


def test_units_of_a_stage_that_open_it_share_their_activation() -> None:
    report = cnncalc.analyze("preresnet164_cifar")
    opening, following = "conv3_x/bottleneck1", "conv3_x/bottleneck2"
    assert report[f"{opening}/add1/residual/conv1"].sources == report[f"{opening}/add1/shortcut/option_b1/conv1"].sources
    assert report[f"{opening}/add1/residual/conv1"].sources == (f"{opening}/relu1",)
    assert report[f"{following}/add1"].sources[1] == f"{opening}/add1"  # the shortcut of any other unit carries the raw sum
    assert report[f"{following}/add1/residual/bn1"].sources == (f"{opening}/add1",)
    assert report["bn1"].output == (8, 8, 256)  # the normalization behind the last sum


def test_he_strides_in_the_first_of_a_bottleneck() -> None:
    """The release strides in the 1x1: there the 1x1 of two stages work on a quarter of the places."""
    there = cnncalc.analyze("preresnet164_cifar", set={"stride_in_3x3": False})
    saved = 64 * 32 * (32 * 32 - 16 * 16) + 128 * 64 * (16 * 16 - 8 * 8)
    assert there.total.macs == 247646720 - saved
    assert there.total.params == 1703258


@pytest.mark.parametrize("width", [1, 10])
def test_wide_units_share_their_activation_where_the_depth_changes(width: int) -> None:
    report = cnncalc.analyze("wrn28_10", set={"width": width})
    shared = {row.path for row in of_kind(report, "bn") if "/add1/" not in row.path and "/" in row.path}
    groups = (2, 3, 4) if width > 1 else (3, 4)
    assert shared == {f"conv{group}/unit1/bn1" for group in groups}
    assert len([row for row in report if "/shortcut/" in row.path]) == len(groups)
    assert report["conv3/unit1/add1"].output == (16, 16, 32 * width)


def test_dropout_of_wide_units() -> None:
    report = cnncalc.analyze("wrn28_10", set={"dropout": 0.3})
    assert len(of_kind(report, "dropout")) == 12
    assert report["conv2/unit1/add1/residual/dropout1"].sources == ("conv2/unit1/add1/residual/relu1",)
    assert report.total.params == 36479194


@pytest.mark.parametrize(
    ("name", "stage", "width", "groups"),
    [
        ("resnext50_32x4d", 2, 128, 32), ("resnext50_32x4d", 5, 1024, 32), ("resnext101_64x4d", 2, 256, 64),
        ("resnext101_32x8d", 5, 2048, 32), ("resnext29_8x64d", 4, 2048, 8), ("resnext29_16x64d", 2, 1024, 16),
        ("se_resnext50_32x4d", 3, 256, 32), ("senet154", 2, 256, 64), ("senet154", 5, 2048, 64),
    ],
)  # fmt: skip
def test_grouped_convolutions(name: str, stage: int, width: int, groups: int) -> None:
    row = cnncalc.analyze(name)[f"conv{stage}_x/bottleneck2/add1/residual/conv2"]
    given = fields(row)
    assert (given["filters"], given["kernel"], given["groups"], given["bias"]) == (width, [3, 3], groups, False)
    assert row.output == (row.inputs[0].h, row.inputs[0].w, width)
    assert row.weights == 9 * row.inputs[0].c * width // groups
    assert row.inputs[0].c == (width // 2 if name == "senet154" else width)


def test_groups_are_whole_filters() -> None:
    """8x14d: 14 filters a group in conv2_x, and so on; 2x40d, 40."""
    report = cnncalc.analyze("resnext50_32x4d", set={"cardinality": 8, "base_width": 14})
    assert [report[f"conv{stage}_x/bottleneck1/add1/residual/conv2"].output.c for stage in (2, 3, 4, 5)] == [112, 224, 448, 896]


def test_squeeze_and_excitation_as_released() -> None:
    """The figures of SE-ResNet-50.prototxt."""
    report = cnncalc.analyze("se_resnet50")
    gate = "add1/residual/squeeze_excite1/multiply1"
    for stage, squeezed, channels in [(2, 16, 256), (3, 32, 512), (4, 64, 1024), (5, 128, 2048)]:
        down, up = (report[f"conv{stage}_x/bottleneck1/{gate}/conv{i}"] for i in (1, 2))
        assert down.inputs == ((1, 1, channels),)
        assert (down.output, up.output) == ((1, 1, squeezed), (1, 1, channels))
        assert (down.biases, up.biases) == (squeezed, channels)
    assert report[f"conv2_x/bottleneck1/{gate}"].sources[0].endswith("identity1")
    assert report[f"conv2_x/bottleneck1/{gate}/gap1"].sources == ("conv2_x/bottleneck1/add1/residual/bn3",)
    assert fields(report["pool1"]) == {"size": [3, 3], "stride": [2, 2], "round": "ceil"}
    assert report["pool1"].output == (56, 56, 64)


def test_senet154_as_released() -> None:
    """The figures of SENet-154.prototxt."""
    report = cnncalc.analyze("senet154")
    assert [report[f"conv1_{i}"].output for i in (1, 2, 3)] == [(112, 112, 64), (112, 112, 64), (112, 112, 128)]
    assert [fields(report[f"conv1_{i}"])["kernel"] for i in (1, 2, 3)] == [[3, 3]] * 3
    assert [report[f"conv{stage}_x/bottleneck1/add1/residual/conv1"].output.c for stage in (2, 3, 4, 5)] == [128, 256, 512, 1024]
    projections = [row for row in report if "/shortcut/" in row.path and row.kind == "conv"]
    assert [fields(row).get("kernel", [1, 1]) for row in projections] == [[1, 1], [3, 3], [3, 3], [3, 3]]
    assert [row.output for row in projections] == [(56, 56, 256), (28, 28, 512), (14, 14, 1024), (7, 7, 2048)]
    assert [row.layer.describe() for row in of_kind(report, "dropout")] == ["0.2"]
    without = [row for row in report if row.kind in ("conv", "fc") and "squeeze_excite" not in row.path and "/shortcut/" not in row.path]
    assert len(without) == 154


@pytest.mark.parametrize(
    ("name", "widths"),
    [
        ("densenet121", [64, 256, 128, 512, 256, 1024, 512, 1024]),
        ("densenet161", [96, 384, 192, 768, 384, 2112, 1056, 2208]),
        ("densenet169", [64, 256, 128, 512, 256, 1280, 640, 1664]),
        ("densenet201", [64, 256, 128, 512, 256, 1792, 896, 1920]),
        ("densenet40_k12_cifar", [16, 160, 160, 304, 304, 448]),
        ("densenet_bc100_k12_cifar", [24, 216, 108, 300, 150, 342]),
    ],
)
def test_dense_blocks_grow_and_transitions_compress(name: str, widths: list[int]) -> None:
    report = cnncalc.analyze(name)
    blocks = len(widths) // 2
    found = [report["conv1"].output.c]
    for block in range(1, blocks + 1):
        found.append(last(report, f"dense{block}").c)
        if block < blocks:
            transition = [row for row in report if row.path.startswith(f"transition{block}/")]
            assert [row.kind for row in transition] == ["bn", "relu", "conv", "avgpool"]
            found.append(transition[-1].output.c)
    assert found == widths
    assert last(report, f"dense{blocks}").h == (7 if report.input.h == 224 else 8)


def test_a_dense_layer() -> None:
    report = cnncalc.analyze("densenet121")
    layer = [row for row in report if row.path.startswith("dense2/layer3/")]
    assert [row.kind for row in layer] == ["identity", "bn", "relu", "conv", "bn", "relu", "conv", "concat"]
    assert [row.output.c for row in layer] == [192, 192, 192, 128, 128, 128, 32, 224]
    plain = cnncalc.analyze("densenet40_k12_cifar")
    assert [row.kind for row in plain if row.path.startswith("dense2/layer3/")] == ["identity", "bn", "relu", "conv", "concat"]


def test_a_depth_that_does_not_come_out_says_so() -> None:
    with pytest.raises(cnncalc.SpecError, match="19/6"):
        cnncalc.analyze("resnet20_cifar", set={"depth": 21})
