"""EfficientNetV2, RegNet, ConvNeXt, HRNet and U-Net: properties beyond the catalogue's table, and their layers."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import pytest

import cnncalc
from tests.architectures.rows import fields, network, of_kind

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.propagate.report import Report


def kinds(report: Report, under: str) -> list[str]:
    return [row.kind for row in report if row.path.startswith(under)]


# google/automl's configurations: resolution; filters and layers of the stages.
V2 = {
    "efficientnetv2_s": (384, [24, 48, 64, 128, 160, 256], [2, 4, 4, 6, 9, 15]),
    "efficientnetv2_m": (480, [24, 48, 80, 160, 176, 304, 512], [3, 5, 5, 7, 14, 18, 5]),
    "efficientnetv2_l": (480, [32, 64, 96, 192, 224, 384, 640], [4, 7, 7, 10, 19, 25, 7]),
}


@pytest.mark.parametrize("name", V2)
def test_efficientnetv2_follows_its_configuration(name: str) -> None:
    report = network(name)
    side, filters, depths = V2[name]
    sides = [side // stride for stride in (2, 4, 8, 16, 16, 32, 32)]
    names = [("fused_mbconv" if stage < 4 else "mbconv") for stage in range(1, 8)]
    for i, (count, depth) in enumerate(zip(filters, depths, strict=True)):
        units = [row for row in report if row.path.startswith(f"stage{i + 1}/{names[i]}{depth}/")]
        assert units[-1].output == (sides[i], sides[i], count)
        assert not of_kind(report, "add", f"stage{i + 1}/{names[i]}{depth + 1}/")
        adds = len(of_kind(report, "add", f"stage{i + 1}/"))
        assert adds == (depth if i == 0 else depth - 1)  # all but the first, which strides or widens
    assert report["head/conv1"].output == (side // 32, side // 32, 1280)


def test_efficientnetv2s_blocks() -> None:
    report = network("efficientnetv2_s")
    assert kinds(report, "stage1/fused_mbconv1/") == ["conv", "bn", "swish", "add"]
    assert kinds(report, "stage2/fused_mbconv1/") == ["conv", "bn", "swish", "conv", "bn"]
    assert kinds(report, "stage2/fused_mbconv2/") == ["conv", "bn", "swish", "conv", "bn", "add"]
    expansion = report["stage3/fused_mbconv1/expansion"]
    assert (expansion.output.c, fields(expansion)["kernel"], fields(expansion)["stride"]) == (4 * 48, [3, 3], [2, 2])
    gates = [row.output.c for row in report if row.path.endswith("mbconv1/squeeze_excite1/multiply1/conv1")]
    assert gates == [64 // 4, 128 // 4, 160 // 4]
    assert report["stage4/mbconv1/depthwise"].output == (24, 24, 4 * 64)
    assert report["stage5/mbconv1/depthwise"].output == (24, 24, 6 * 128)


# d, w_0, w_a, w_m and the group width of the paper's tables 8 and 9.
REGNETS = {
    "regnetx_200mf": (13, 24, 36.44, 2.49, 8),
    "regnetx_400mf": (22, 24, 24.48, 2.54, 16),
    "regnetx_600mf": (16, 48, 36.97, 2.24, 24),
    "regnetx_800mf": (16, 56, 35.73, 2.28, 16),
    "regnetx_1_6gf": (18, 80, 34.01, 2.25, 24),
    "regnetx_3_2gf": (25, 88, 26.31, 2.25, 48),
    "regnetx_4gf": (23, 96, 38.65, 2.43, 40),
    "regnetx_6_4gf": (17, 184, 60.83, 2.07, 56),
    "regnetx_8gf": (23, 80, 49.56, 2.88, 120),
    "regnetx_12gf": (19, 168, 73.36, 2.37, 112),
    "regnetx_16gf": (22, 216, 55.59, 2.1, 128),
    "regnetx_32gf": (23, 320, 69.86, 2.0, 168),
    "regnety_200mf": (13, 24, 36.44, 2.49, 8),
    "regnety_400mf": (16, 48, 27.89, 2.09, 8),
    "regnety_600mf": (15, 48, 32.54, 2.32, 16),
    "regnety_800mf": (14, 56, 38.84, 2.4, 16),
    "regnety_1_6gf": (27, 48, 20.71, 2.65, 24),
    "regnety_3_2gf": (21, 80, 42.63, 2.66, 24),
    "regnety_4gf": (22, 96, 31.41, 2.24, 64),
    "regnety_6_4gf": (25, 112, 33.22, 2.27, 72),
    "regnety_8gf": (17, 192, 76.82, 2.19, 56),
    "regnety_12gf": (19, 168, 73.36, 2.37, 112),
    "regnety_16gf": (18, 200, 106.23, 2.48, 112),
    "regnety_32gf": (20, 232, 115.89, 2.53, 232),
}


def regnet(depth: int, w_0: int, w_a: float, w_m: float, group: int) -> list[tuple[int, int]]:
    """Width and depth of each stage by the paper's rule."""
    widths = [8 * round(w_0 * w_m ** round(log((w_0 + w_a * j) / w_0) / log(w_m)) / 8) for j in range(depth)]
    return [(round(width / min(group, width)) * min(group, width), widths.count(width)) for width in sorted(set(widths))]


@pytest.mark.parametrize("name", REGNETS)
def test_regnets_have_the_widths_and_depths_of_the_papers_rule(name: str) -> None:
    report = network(name)
    blocks = [[row for row in of_kind(report, "relu", f"stage{stage}/") if row.path.count("/") == 2] for stage in range(1, 5)]
    assert [(stage[-1].output.c, len(stage)) for stage in blocks] == regnet(*REGNETS[name])
    assert [stage[-1].output.h for stage in blocks] == [56, 28, 14, 7]
    inside = of_kind(report, "conv", "stage3/block2/add1/residual/conv")
    assert [fields(row).get("kernel", [1, 1]) for row in inside] == [[1, 1], [3, 3], [1, 1]]
    for grouped in (row for row in of_kind(report, "conv", "stage") if row.path.endswith("/residual/conv2")):
        groups = fields(grouped).get("groups", 1)
        assert grouped.output.c == groups * min(REGNETS[name][-1], grouped.output.c)
    gates = [row for row in of_kind(report, "conv", "stage") if row.path.endswith("/multiply1/conv1")]
    assert len(gates) == (REGNETS[name][0] if name.startswith("regnety") else 0)
    assert all(4 * gate.output.c == report[gate.path.partition("/add1")[0] + "/add1/residual/conv1"].inputs[0].c for gate in gates)


@pytest.mark.parametrize(
    ("name", "widths", "params"),
    [
        ("regnetx_400mf", [32, 64, 160, 400], 5495976),
        ("regnety_800mf", [64, 144, 320, 784], 6432512),
        ("regnety_8gf", [224, 448, 896, 2016], 39381472),
    ],
)
def test_torchvisions_regnets_are_rounded_otherwise(name: str, widths: list[int], params: int) -> None:
    assert cnncalc.analyze(name, set={"widths": widths}).total.params == params  # as torchvision prints them
    assert f"{params:,}" in " ".join(network(name).setting.about.notes or ())


@pytest.mark.parametrize(
    ("name", "channels", "depths"),
    [
        ("convnext_tiny", 96, [3, 3, 9, 3]),
        ("convnext_small", 96, [3, 3, 27, 3]),
        ("convnext_base", 128, [3, 3, 27, 3]),
        ("convnext_large", 192, [3, 3, 27, 3]),
        ("convnext_xlarge", 256, [3, 3, 27, 3]),
    ],
)
def test_convnexts_stages(name: str, channels: int, depths: list[int]) -> None:
    report = network(name)
    adds = [of_kind(report, "add", f"stage{stage}/") for stage in range(1, 5)]
    assert [len(each) for each in adds] == depths
    assert [each[-1].output for each in adds] == [(56 // 2**i, 56 // 2**i, channels * 2**i) for i in range(4)]
    assert report["stem/conv1"].output == (56, 56, channels)
    assert all(row.exact for row in report)  # patches of 4 and of 2 tile 224


def test_convnexts_block() -> None:
    report = network("convnext_tiny")
    block = "stage2/block1/add1/residual/"
    assert kinds(report, block) == ["depthwise", "ln", "conv", "gelu", "conv", "layerscale", "droppath"]
    c = 192
    assert [row.params for row in report if row.path.startswith(block)] == [50 * c, 2 * c, 4 * c * c + 4 * c, 0, 4 * c * c + c, c, 0]
    assert kinds(report, "stage2/downsample/") == ["ln", "conv"]
    assert [row.kind for row in report][-3:] == ["gap", "ln", "fc"]
    assert not of_kind(report, "bn")
    assert not of_kind(report, "relu")


@pytest.mark.parametrize(("name", "width"), [("hrnet_w18", 18), ("hrnet_w48", 48)])
def test_hrnet_keeps_its_resolutions(name: str, width: int) -> None:
    report = network(name)
    volumes = [(56 // 2**k, 56 // 2**k, width * 2**k) for k in range(4)]
    for stage, branches, modules in ((2, 2, 1), (3, 3, 4), (4, 4, 3)):
        for module in range(1, modules + 1):
            under = f"stage{stage}/module{module}/"
            fused = [row for row in of_kind(report, "relu", under) if row.path.count("/") == 3 and "/fuse" in row.path]
            assert [row.output for row in fused] == volumes[:branches]
            assert len(of_kind(report, "add", f"{under}branch")) == 4 * branches
            assert len(of_kind(report, "add", f"{under}fuse")) == branches * (branches - 1)
            assert len(of_kind(report, "upsample", under)) == branches * (branches - 1) // 2
            # From resolution j down to k there are k - j convolutions that stride.
            down = [row for row in of_kind(report, "conv", f"{under}fuse") if fields(row).get("stride") == [2, 2]]
            assert len(down) == sum(k - j for k in range(branches) for j in range(k))
        assert not of_kind(report, "relu", f"stage{stage}/module{modules + 1}/")


def test_what_hrnets_fusions_are_made_of() -> None:
    report = network("hrnet_w32")
    up = "stage4/module1/fuse1/add3/resample1/"
    assert [(row.kind, row.output) for row in report if row.path.startswith(up)] == [
        ("conv", (7, 7, 32)), ("bn", (7, 7, 32)), ("upsample", (56, 56, 32)),
    ]  # fmt: skip
    assert report[f"{up}conv1"].sources == ("stage4/module1/branch4/basic4/relu1",)
    down = "stage4/module1/fuse4/resample1/"
    assert [(row.kind, row.output) for row in report if row.path.startswith(down)] == [
        ("conv", (28, 28, 32)), ("bn", (28, 28, 32)), ("relu", (28, 28, 32)),
        ("conv", (14, 14, 32)), ("bn", (14, 14, 32)), ("relu", (14, 14, 32)),
        ("conv", (7, 7, 256)), ("bn", (7, 7, 256)),
    ]  # fmt: skip
    assert kinds(report, "stage2/transition/") == ["conv", "bn", "relu"] * 2
    assert kinds(report, "stage3/transition/") == ["conv", "bn", "relu"]
    assert report["stage3/transition/branch3/conv1"].sources == ("stage2/module1/fuse2/relu1",)


def test_hrnets_head_goes_down_again() -> None:
    report = network("hrnet_w18")
    increased = [row for row in of_kind(report, "relu", "head/") if row.path.endswith("/relu1") and "increase" in row.path.split("/")[-2]]
    assert [row.output for row in increased] == [(56, 56, 128), (28, 28, 256), (14, 14, 512), (7, 7, 1024)]
    down = [row for row in of_kind(report, "conv", "head/add") if "downsample" in row.path]
    assert [(row.output, row.biases) for row in down] == [((28, 28, 256), 256), ((14, 14, 512), 512), ((7, 7, 1024), 1024)]
    assert report["head/final/conv1"].output == (7, 7, 2048)
    assert len([row for row in report if row.biases and row.kind in ("conv", "fc")]) == 3 + 1 + 1


@pytest.mark.parametrize("width", [18, 30, 32, 40, 44, 48, 64])
def test_hrnets_authors_count_in_units_of_2_to_the_30(width: int) -> None:
    report = network(f"hrnet_w{width}")
    macs = report.total.macs
    assert isinstance(macs, int)
    assert f"{macs / 2**30:.3g}G" == (report.setting.about.published or {})["macs"]


def sizes(report: Report, under: str) -> list[Dim]:
    """The sides of the input, of convolutions and of what is joined, as the paper's figure 1 prints them."""
    return [row.output.h for row in report if row.path.startswith(under) and row.kind in ("input", "conv", "maxpool", "concat")]


def test_unets_sides_are_those_of_the_papers_figure() -> None:
    report = network("unet")
    assert [sizes(report, f"down{level}/") for level in range(1, 6)] == [
        [570, 568], [284, 282, 280], [140, 138, 136], [68, 66, 64], [32, 30, 28],
    ]  # fmt: skip
    assert [sizes(report, f"up{level}/") for level in range(1, 5)] == [
        [56, 54, 52], [104, 102, 100], [200, 198, 196], [392, 390, 388],
    ]  # fmt: skip
    assert report["output"].output == (388, 388, 2)
    assert [report[f"up{level}/join/concat1"].inputs for level in range(1, 5)] == [
        ((side, side, c), (side, side, c)) for side, c in ((56, 512), (104, 256), (200, 128), (392, 64))
    ]
    assert [report[f"up{level}/join/skip"].inputs[0].h for level in range(1, 5)] == [64, 136, 280, 568]
    assert report.total.weight_layers == 23  # "In total the network has 23 convolutional layers."
    assert all(row.exact for row in report)


def test_unet_takes_the_sides_that_tile() -> None:
    for side, left in ((188, 4), (204, 20), (572, 388)):
        report = cnncalc.analyze("unet", input=f"{side}x{side}x1")
        assert (report.outputs[0].h, all(row.exact for row in report)) == (left, True)
    assert not all(row.exact for row in cnncalc.analyze("unet", input="573x573x1"))


def test_a_padded_unet_leaves_the_sides_that_it_takes() -> None:
    report = network("unet_milesial")
    assert [report[f"up{level}/join/concat1"].output.h for level in range(1, 5)] == [71, 143, 286, 572]
    assert [row.inputs[0].h for row in of_kind(report, "zeropad")] == [70, 142, 286, 572]
    # From the sides, by hand: two 3x3 a level, both ways, the second half of the first one's input coming from the left on the way up.
    widths, down, up = [64, 128, 256, 512, 1024], [572, 286, 143, 71, 35], [572, 286, 143, 71]
    macs = sum(9 * side**2 * (before * c + c * c) for side, before, c in zip(down, [3, *widths], widths, strict=False))
    macs += sum(9 * side**2 * 3 * c * c for side, c in zip(up, widths, strict=False))
    macs += sum(4 * below**2 * 2 * c * c for below, c in zip([*up[1:], 35], widths, strict=False))
    assert report.total.macs == macs + 572**2 * 64 * 2
    tiled = [cnncalc.analyze("unet_milesial", input="576x576x3", set={"crop": crop}) for crop in (False, True)]
    assert tiled[0].total.as_dict() == tiled[1].total.as_dict()
    assert [row.kind for row in tiled[0] if row.path.endswith("/padded")] == ["zeropad"] * 4
    assert [row.kind for row in tiled[1] if row.path.endswith("/skip")] == ["crop"] * 4


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("efficientnet_v2_s", "efficientnetv2_s"),
        ("tf_efficientnetv2_m", "efficientnetv2_m"),
        ("regnet_x_400mf", "regnetx_400mf"),
        ("regnet_y_1_6gf", "regnety_1_6gf"),
        ("RegNetX-1.6GF", "regnetx_1_6gf"),
        ("RegNetY-4.0GF", "regnety_4gf"),
        ("regnetx_004", "regnetx_400mf"),
        ("convnext_s", "convnext_small"),
        ("ConvNeXt-L", "convnext_large"),
        ("hrnetv2_w48", "hrnet_w48"),
        ("U-Net", "unet"),
    ],
)
def test_names_that_others_use_lead_to_these(name: str, meant: str) -> None:
    with pytest.raises(cnncalc.SpecError, match=f"did you mean '{meant}'"):
        cnncalc.analyze(name)
