"""Mobile networks and EfficientNet: properties beyond the catalogue's table, and their layers."""

from __future__ import annotations

import pytest

import cnncalc
from tests.architectures.rows import fields, network, of_kind


def test_mobilenet_follows_its_table() -> None:
    report = network("mobilenet_v1")
    assert report["conv1"].output == (112, 112, 32)
    depthwise = [report[f"conv_dw_{i}"] for i in range(1, 14)]
    pointwise = [report[f"conv_pw_{i}"] for i in range(1, 14)]
    sides = [112, 56, 56, 28, 28, 14, 14, 14, 14, 14, 14, 7, 7]
    assert [row.output for row in depthwise] == [
        (side, side, c) for side, c in zip(sides, [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024], strict=True)
    ]
    assert [row.output.c for row in pointwise] == [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
    assert not any(row.biases for row in report if row.kind in ("conv", "depthwise"))
    assert report.total.weight_layers == 28
    macs = {row.path: row.as_dict()["macs"] for row in report}
    shares = [sum(macs[path] for path in macs if path.startswith(name)) for name in ("conv_pw_", "conv_dw_", "conv1", "fc")]
    # Table 2 of the paper, where 1.19% stand for the first convolution's 1.91%.
    assert [round(100 * share / sum(macs.values()), 2) for share in shares] == [94.86, 3.06, 1.91, 0.18]


def test_mobilenet_v2_bottlenecks() -> None:
    report = network("mobilenet_v2")
    widths = [16] + [24] * 2 + [32] * 3 + [64] * 4 + [96] * 3 + [160] * 3 + [320]
    sides = [112] + [56] * 2 + [28] * 3 + [14] * 7 + [7] * 4
    projections = [report[f"bottleneck{i}/projection"] for i in range(1, 18)]
    assert [row.output for row in projections] == [(side, side, c) for side, c in zip(sides, widths, strict=True)]
    assert [report[f"bottleneck{i}/depthwise"].output.c for i in range(2, 18)] == [6 * c for c in widths[:-1]]
    assert not of_kind(report, "conv", "bottleneck1/expansion")
    assert [row.path.split("/")[0] for row in of_kind(report, "add")] == [f"bottleneck{i}" for i in (3, 5, 6, 8, 9, 10, 12, 13, 15, 16)]
    inner = [row.kind for row in report if row.path.startswith("bottleneck3/")]
    assert inner == ["conv", "bn", "relu6", "depthwise", "bn", "relu6", "conv", "bn", "add"]
    assert report["conv2"].output == (7, 7, 1280)
    assert cnncalc.analyze("mobilenet_v2", set={"width": 0.35})["conv2"].output.c == 1280  # no narrower than that
    assert network("mobilenet_v2_140")["conv2"].output.c == 1792


def test_mobilenet_v3_gates_and_nonlinearities() -> None:
    report = network("mobilenet_v3_large")
    units = [f"bneck{i}" for i in range(1, 16)]
    squeezed = {
        unit: of_kind(report, "conv", f"{unit}/squeeze_excite1/")[0].output.c for unit in units if of_kind(report, "gap", f"{unit}/")
    }
    # A quarter of the expanded width, to a multiple of 8.
    assert squeezed == {
        "bneck4": 24, "bneck5": 32, "bneck6": 32, "bneck11": 120, "bneck12": 168, "bneck13": 168, "bneck14": 240, "bneck15": 240,
    }  # fmt: skip
    assert all(row.biases == row.output.c for row in report if row.kind == "conv" and "squeeze_excite1" in row.path)
    assert [unit for unit in units if of_kind(report, "hswish", f"{unit}/")] == units[6:]
    gate = [row.kind for row in report if row.path.startswith("bneck4/squeeze_excite1/")]
    assert gate == ["identity", "gap", "conv", "relu", "conv", "hsigmoid", "multiply"]
    assert [report[f"{unit}/depthwise"].output.c for unit in units] == [
        16,
        64,
        72,
        72,
        120,
        120,
        240,
        200,
        184,
        184,
        480,
        672,
        672,
        960,
        960,
    ]
    assert [report[f"{unit}/projection"].output for unit in ("bneck3", "bneck6", "bneck10", "bneck12", "bneck15")] == [
        (56, 56, 24), (28, 28, 40), (14, 14, 80), (14, 14, 112), (7, 7, 160),
    ]  # fmt: skip
    assert [report[name].params for name in ("conv3", "fc")] == [960 * 1280 + 1280, 1280 * 1000 + 1000]
    assert [row.output.c for row in of_kind(network("mobilenet_v3_small"), "depthwise")] == [
        16,
        72,
        88,
        96,
        240,
        240,
        120,
        144,
        288,
        576,
        576,
    ]


@pytest.mark.parametrize(
    ("name", "groups", "width"), [("shufflenet_v1_g1", 1, 144), ("shufflenet_v1_g3", 3, 240), ("shufflenet_v1_g8", 8, 384)]
)
def test_shufflenet_units(name: str, groups: int, width: int) -> None:
    report = network(name)
    assert [report[f"stage{stage}/unit{last}/relu2"].output for stage, last in ((2, 4), (3, 8), (4, 4))] == [
        (28, 28, width), (14, 14, 2 * width), (7, 7, 4 * width),
    ]  # fmt: skip
    first, second = "stage2/unit1", "stage2/unit2"
    assert fields(report[f"{first}/gconv1"]).get("groups", 1) == 1  # 24 channels
    assert [fields(report[f"{unit}/gconv2"]).get("groups", 1) for unit in (first, second)] == [groups, groups]
    assert fields(report[f"{second}/gconv1"]).get("groups", 1) == groups
    assert report[f"{first}/dwconv"].output == (28, 28, width // 4)
    assert report[f"{first}/concat1"].inputs == ((28, 28, 24), (28, 28, width - 24))
    assert fields(report[f"{first}/shortcut"]) == {"size": [3, 3], "stride": [2, 2], "pad": [1, 1]}
    inner = [row.kind for row in report if row.path.startswith(f"{second}/")]
    shuffle = ["shuffle"] if groups > 1 else []
    assert inner == ["conv", "bn", "relu", *shuffle, "depthwise", "bn", "conv", "bn", "add", "relu"]


def test_shufflenet_v2_units() -> None:
    report = network("shufflenet_v2_100")
    assert [report[f"stage{stage}/unit{last}/unit1/shuffle1"].output for stage, last in ((2, 4), (3, 8), (4, 4))] == [
        (28, 28, 116), (14, 14, 232), (7, 7, 464),
    ]  # fmt: skip
    basic = [row for row in report if row.path.startswith("stage3/unit2/")]
    assert [row.kind for row in basic] == ["split", "conv", "bn", "relu", "depthwise", "bn", "conv", "bn", "relu", "concat", "shuffle"]
    assert basic[-2].inputs == ((14, 14, 116), (14, 14, 116))
    assert basic[-2].sources[0] == "stage3/unit2/split1"
    down = [row for row in report if row.path.startswith("stage3/unit1/")]
    assert [row.output.c for row in down if row.kind == "depthwise"] == [116, 116]  # all of the input on the left, half of the output right
    assert [row.inputs[0].c for row in down if row.kind == "depthwise"] == [116, 116]
    assert report["stage2/unit1/concat1/left/depthwise1"].inputs == ((56, 56, 24),)


def test_mnasnet_squeezes_a_quarter_of_what_enters_a_block() -> None:
    report = network("mnasnet_a1")
    gates = [row for row in of_kind(report, "conv") if "squeeze_excite" in row.path]
    assert [row.output.c for row in gates[::2]] == [24 // 4, 40 // 4, 40 // 4, 80 // 4, 112 // 4, 112 // 4, 160 // 4, 160 // 4]
    assert [row.output.c for row in gates[1::2]] == [72, 120, 120, 480, 672, 672, 960, 960]
    projections = [row.output for row in of_kind(report, "conv") if row.path.endswith("/projection")]
    assert projections == (
        [(56, 56, 24)] * 2 + [(28, 28, 40)] * 3 + [(14, 14, 80)] * 4 + [(14, 14, 112)] * 2 + [(7, 7, 160)] * 3 + [(7, 7, 320)]
    )
    assert len(of_kind(report, "add")) == 1 + 2 + 3 + 1 + 2
    plain = network("mnasnet_b1")
    assert not of_kind(plain, "gap", "mbconv")
    assert [fields(row)["kernel"][0] for row in of_kind(plain, "depthwise")] == [3, *[3] * 3, *[5] * 3, *[5] * 3, *[3] * 2, *[5] * 4, 3]


# The released table: stem; what the stages leave; layers in each of them; head.
SCALED = {
    "efficientnet_b0": (32, [16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1], 1280),
    "efficientnet_b1": (32, [16, 24, 40, 80, 112, 192, 320], [2, 3, 3, 4, 4, 5, 2], 1280),
    "efficientnet_b2": (32, [16, 24, 48, 88, 120, 208, 352], [2, 3, 3, 4, 4, 5, 2], 1408),
    "efficientnet_b3": (40, [24, 32, 48, 96, 136, 232, 384], [2, 3, 3, 5, 5, 6, 2], 1536),
    "efficientnet_b4": (48, [24, 32, 56, 112, 160, 272, 448], [2, 4, 4, 6, 6, 8, 2], 1792),
    "efficientnet_b5": (48, [24, 40, 64, 128, 176, 304, 512], [3, 5, 5, 7, 7, 9, 3], 2048),
    "efficientnet_b6": (56, [32, 40, 72, 144, 200, 344, 576], [3, 6, 6, 8, 8, 11, 3], 2304),
    "efficientnet_b7": (64, [32, 48, 80, 160, 224, 384, 640], [4, 7, 7, 10, 10, 13, 4], 2560),
}


@pytest.mark.parametrize("name", SCALED)
def test_efficientnets_scale_as_released(name: str) -> None:
    report = network(name)
    stem, widths, layers, head = SCALED[name]
    stages = [[row for row in of_kind(report, "conv", f"stage{stage}/") if row.path.endswith("/projection")] for stage in range(2, 9)]
    assert report["stage1/conv1"].output.c == stem
    assert [stage[-1].output.c for stage in stages] == widths
    assert [len(stage) for stage in stages] == layers
    assert report["stage9/conv1"].output.c == head
    assert len(of_kind(report, "add")) == sum(layers) - 7


def test_efficientnet_b0_follows_its_table() -> None:
    report = network("efficientnet_b0")
    first = [report[f"stage{stage}/mbconv1/depthwise"] for stage in range(2, 9)]
    assert [fields(row)["kernel"][0] for row in first] == [3, 3, 5, 3, 5, 5, 3]
    assert [row.output.h for row in first] == [112, 56, 28, 14, 14, 7, 7]
    gates = [row.output.c for row in report if row.path.endswith("mbconv1/squeeze_excite1/multiply1/conv1")]
    assert gates == [8, 4, 6, 10, 20, 28, 48]  # a quarter of what enters
    assert [row.kind for row in report if row.path.startswith("stage4/mbconv2/") and "squeeze" not in row.path] == [
        "conv", "bn", "swish", "depthwise", "bn", "swish", "conv", "bn", "add",
    ]  # fmt: skip
