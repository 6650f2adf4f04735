"""Networks of repeated cells: properties beyond the catalogue's table, and their layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cnncalc
from tests.architectures.rows import fields, network, of_kind

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

B = {"normal": "normal_b", "reduction": "reduction_b"}


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_a_fractal_block_has_columns_that_double_and_joins_that_are_flat(columns: int) -> None:
    report = cnncalc.analyze("fractalnet20_cifar", set={"columns": columns})
    block = of_kind(report, "conv", "block2/")
    assert len(block) == 2**columns - 1
    assert [len([row for row in block if f"column{c}/" in row.path]) for c in range(1, columns + 1)] == [2**i for i in range(columns)]
    assert len([row for row in block if row.inputs == ((16, 16, 64),)]) == columns  # each column begins at the block's input
    assert len(of_kind(report, "maxpool", "block2/")) == columns  # and is pooled by itself
    joins = of_kind(report, "mean", "block2/")
    # Column c ends 2^(c - 1) times: with it end all columns that are deeper. The last time is the block's own join.
    joined = sorted(len(row.inputs) for row in joins)
    assert joined == sorted(columns - c + 1 for c in range(2, columns) for _ in range(2 ** (c - 2)))
    if columns > 1:
        assert report["join2"].inputs == ((8, 8, 128),) * columns
    assert report.total.weight_layers == 5 * 2 ** (columns - 1) + 1


def test_fractalnet_as_the_generator_writes_it() -> None:
    report = network("fractalnet20_cifar")
    column = [row for row in report if row.path.startswith("block3/second/column2/")]
    assert [row.kind for row in column] == ["conv", "dropout", "bn", "relu", "maxpool"]
    assert [row.params for row in column] == [9 * 256 * 256 + 256, 0, 0, 0, 0]
    assert [fields(report[f"block{block}/column1/dropout1"])["p"] for block in range(1, 6)] == [0, 0.1, 0.2, 0.3, 0.4]
    assert [report[f"join{block}"].output for block in range(1, 6)] == [(16, 16, 64), (8, 8, 128), (4, 4, 256), (2, 2, 512), (1, 1, 512)]
    assert report["block1/join"].sources == ("block1/first/column2/relu1", "block1/first/second/column3/relu1")


def test_fractalnet_for_imagenet_is_as_deep_as_resnet34() -> None:
    report = cnncalc.analyze(
        "fractalnet20_cifar", set={"imagenet": True, "columns": 4, "filters": [128, 256, 512, 1024]}, input="224x224x3"
    )
    assert report.total.weight_layers == 34
    assert [report[f"join{block}"].output for block in range(1, 5)] == [(28, 28, 128), (14, 14, 256), (7, 7, 512), (7, 7, 1024)]
    assert not of_kind(report, "maxpool", "block4/")


# The end points of TF-Slim's tests, by the names that they have there.
END_POINTS = {
    "nasnet_a_large": {
        "cell_stem_1": (42, 42, 336), "cell_0": (42, 42, 1008), "cell_5": (42, 42, 1008), "reduction_cell_0": (21, 21, 1344),
        "cell_6": (21, 21, 2016), "cell_11": (21, 21, 2016), "reduction_cell_1": (11, 11, 2688), "cell_17": (11, 11, 4032),
    },
    "nasnet_a_mobile": {
        "cell_stem_1": (28, 28, 88), "cell_0": (28, 28, 264), "cell_3": (28, 28, 264), "reduction_cell_0": (14, 14, 352),
        "cell_4": (14, 14, 528), "cell_7": (14, 14, 528), "reduction_cell_1": (7, 7, 704), "cell_11": (7, 7, 1056),
    },
    "nasnet_a_cifar": {
        "cell_0": (32, 32, 192), "cell_5": (32, 32, 192), "reduction_cell_0": (16, 16, 256), "cell_6": (16, 16, 384),
        "reduction_cell_1": (8, 8, 512), "cell_17": (8, 8, 768),
    },
    "pnasnet5_large": {
        "cell_stem_1": (42, 42, 540), "cell_0": (42, 42, 1080), "cell_3": (42, 42, 1080), "cell_4": (21, 21, 2160),
        "cell_7": (21, 21, 2160), "cell_8": (11, 11, 4320), "cell_11": (11, 11, 4320),
    },
    "pnasnet5_mobile": {
        "cell_stem_1": (28, 28, 135), "cell_0": (28, 28, 270), "cell_2": (28, 28, 270), "cell_3": (14, 14, 540),
        "cell_5": (14, 14, 540), "cell_6": (7, 7, 1080), "cell_8": (7, 7, 1080),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", END_POINTS)
def test_cells_leave_what_they_leave_in_the_release(name: str) -> None:
    report = network(name)
    assert {cell: report[f"{cell}/out"].output for cell in END_POINTS[name]} == END_POINTS[name]


@pytest.mark.parametrize(("name", "exit"), [("nasnet_a_large", "aux_11"), ("nasnet_a_mobile", "aux_7"), ("nasnet_a_cifar", "aux_11")])
def test_the_auxiliary_head_stands_beside_the_network(name: str, exit: str) -> None:
    report = network(name)
    side = [row for row in report if row.side]
    assert all(row.path.startswith(f"{exit}/") for row in side)
    assert [row.kind for row in side] == ["relu", "avgpool", "conv", "bn", "relu", "conv", "bn", "relu", "fc"]
    assert side[0].sources == (exit.replace("aux", "cell") + "/out",)


def previous(report: Report, cell: str) -> tuple[str, ...]:
    """Where a cell's second input begins."""
    return next(row for row in report if row.path.startswith(f"{cell}/h1/")).sources


def test_what_a_cell_takes_as_the_previous_output() -> None:
    large, mobile = network("nasnet_a_large"), network("nasnet_a_mobile")
    assert previous(mobile, "cell_stem_1") == ("conv0_bn",)
    assert previous(mobile, "cell_0") == ("cell_stem_0/out",)
    assert previous(mobile, "cell_3") == ("cell_1/out",)
    assert previous(mobile, "cell_4") == ("cell_3/out",)  # behind a reduction cell: the cell ahead of it
    assert previous(large, "cell_6") == ("cell_4/out",)  # in the large network, the one before that
    assert previous(large, "reduction_cell_0") == ("cell_4/out",)
    # The first cell has one input, and takes it as it is: its separable convolutions read all of the 32 channels.
    assert not [row for row in mobile if row.path.startswith("cell_stem_0/h1")]
    assert mobile["cell_stem_0/h2/sep2/depthwise1"].output == (56, 56, 32)


@pytest.mark.parametrize(
    ("name", "cell", "kernels", "pools", "inputs"),
    [
        ("nasnet_a_mobile", "cell_5", [5, 3, 5, 3, 3], ["avgpool"] * 3, 6),
        ("nasnet_a_mobile", "reduction_cell_1", [5, 7, 7, 5, 3], ["maxpool", "avgpool", "avgpool", "maxpool"], 4),
        ("pnasnet5_mobile", "cell_5", [5, 7, 5, 3, 3, 3], ["maxpool"] * 3, 5),
        ("amoebanet_a_mobile", "cell_5", [3, 3, 5, 3], ["avgpool", "maxpool", "avgpool", "avgpool"], 4),
        ("amoebanet_a_mobile", "reduction_cell_1", [3, 7, 3, 7], ["avgpool", "maxpool", "maxpool", "maxpool", "avgpool"], 5),
        ("amoebanet_b_mobile", "cell_4", [3, 3], ["maxpool", "avgpool"], 4),
        ("amoebanet_b_mobile", "reduction_cell_1", [5, 3], ["maxpool", "maxpool", "maxpool", "avgpool"], 2),
        ("amoebanet_c_mobile", "cell_5", [3, 3, 3, 3, 3], ["avgpool"] * 3, 5),
        ("enas_micro_cifar", "layer_2", [3, 5, 5, 3, 5, 5], ["avgpool"] * 2, 5),
        ("enas_micro_cifar", "layer_5", [3, 3, 5, 5, 3, 5], ["maxpool", "avgpool", "maxpool"], 4),
    ],
)
def test_the_operations_of_a_cell(name: str, cell: str, kernels: list[int], pools: list[str], inputs: int) -> None:
    report = network(name)
    steps = [row for row in report if row.path.startswith(f"{cell}/h") and row.path.split("/")[1] not in ("h0", "h1")]
    separable = [row for row in steps if row.kind == "depthwise"]
    assert [fields(row)["kernel"][0] for row in separable] == [kernel for kernel in kernels for _ in (1, 2)]
    assert [row.kind for row in steps if row.kind in ("avgpool", "maxpool") and "factorized" not in row.path] == pools
    assert len([row for row in steps if row.kind == "add"]) == 5
    assert len(report[f"{cell}/out"].inputs) == inputs
    assert not any(row.biases for row in steps if row.kind in ("conv", "depthwise"))


def test_a_separable_convolution_strides_once() -> None:
    report = network("nasnet_a_mobile")
    steps = [row for row in report if row.path.startswith("reduction_cell_0/h2/sep2/")]
    assert [row.kind for row in steps] == ["relu", "depthwise", "conv", "bn"] * 2
    assert [fields(row) for row in steps if row.kind == "depthwise"] == [
        {"kernel": [7, 7], "stride": [2, 2], "pad": "same", "bias": False},
        {"kernel": [7, 7], "pad": "same", "bias": False},
    ]
    assert [row.output for row in steps if row.kind == "conv"] == [(14, 14, 88)] * 2


def test_a_factorized_reduction_moves_its_second_half_by_a_pixel() -> None:
    report = network("nasnet_a_mobile")
    halves = "cell_4/h1/factorized_reduction1/concat1"
    first = [row for row in report if row.path.startswith(f"{halves}/path1/")]
    second = [row for row in report if row.path.startswith(f"{halves}/path2/")]
    assert [(row.kind, row.output) for row in first] == [("avgpool", (14, 14, 264)), ("conv", (14, 14, 44))]
    assert [(row.kind, row.output) for row in second] == [
        ("zeropad", (29, 29, 264)), ("crop", (28, 28, 264)), ("avgpool", (14, 14, 264)), ("conv", (14, 14, 44)),
    ]  # fmt: skip
    assert report[halves].output == (14, 14, 88)


def test_amoebanet_b_squeezes_its_plain_convolution_and_dilates_another() -> None:
    report = network("amoebanet_b_mobile")
    narrow = of_kind(report, "conv", "reduction_cell_0/h3/narrow_3x3_1/")
    assert [row.output for row in narrow] == [(28, 28, 31), (14, 14, 31), (14, 14, 124)]
    assert fields(report["reduction_cell_0/h4/sep1/depthwise1"])["dilation"] == [2, 2]


def test_enas_macro_skips_and_halves_as_its_script_says() -> None:
    report = network("enas_macro_cifar")
    outputs = {layer: "abc"[(layer - 1) // 8] + str(layer) for layer in range(1, 25)}
    convolved = [of_kind(report, "conv", f"{outputs[layer]}/op/")[-1] for layer in range(1, 25)]
    separable = [layer for layer in range(1, 25) if of_kind(report, "depthwise", f"{outputs[layer]}/op/")]
    assert separable == [2, 6, 9, 14, 19, 20, 22]
    assert [row.output for row in convolved] == [(32, 32, 96)] * 8 + [(16, 16, 192)] * 8 + [(8, 8, 384)] * 8
    # The skip connections of each layer in cifar10_macro_final.sh, counted.
    skips = [0, 0, 1, 1, 0, 3, 1, 5, 5, 0, 1, 5, 4, 6, 5, 4, 7, 6, 6, 5, 7, 10, 6, 10]
    joins = [of_kind(report, "concat", f"{outputs[layer]}/concat") for layer in range(1, 25)]
    assert [len(join[0].inputs) - 1 if join else 0 for join in joins] == skips
    assert len([row for row in report if row.kind == "concat" and "/halve1/" in row.path]) == 9 + 17
    assert [row.biases for row in of_kind(report, "fc")] == [0]
