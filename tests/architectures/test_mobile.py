"""Networks for phones, and EfficientNet: what the catalogue's table does not list, and their layers one by one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.spec import catalogue

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report, Row


# Parameters, batch-norm buffers, multiply-adds, outputs of conv and fc: from an independent counter. Rows by the names they have there.
VARIANTS: dict[str, tuple[str, dict[str, Any], str | None, tuple[int, int, int, int]]] = {
    "MobileNetV1 1 192": ("mobilenet_v1", {}, "192x192x3", (4231976, 21888, 418121728, 3705832)),
    "MobileNetV1 1 160": ("mobilenet_v1", {}, "160x160x3", (4231976, 21888, 290675200, 2573800)),
    "MobileNetV1 1 128": ("mobilenet_v1", {}, "128x128x3", (4231976, 21888, 186400768, 1647592)),
    "MobileNetV1 0.75 224": ("mobilenet_v1", {"width": 0.75}, None, (2585560, 16416, 325400448, 3783016)),
    "MobileNetV1 0.75 192": ("mobilenet_v1", {"width": 0.75}, "192x192x3", (2585560, 16416, 239273472, 2779624)),
    "MobileNetV1 0.75 160": ("mobilenet_v1", {"width": 0.75}, "160x160x3", (2585560, 16416, 166396800, 1930600)),
    "MobileNetV1 0.75 128": ("mobilenet_v1", {"width": 0.75}, "128x128x3", (2585560, 16416, 106770432, 1235944)),
    "MobileNetV1 0.5 192": ("mobilenet_v1", {"width": 0.5}, "192x192x3", (1331592, 10944, 109970432, 1853416)),
    "MobileNetV1 0.5 160": ("mobilenet_v1", {"width": 0.5}, "160x160x3", (1331592, 10944, 76524800, 1287400)),
    "MobileNetV1 0.5 128": ("mobilenet_v1", {"width": 0.5}, "128x128x3", (1331592, 10944, 49160192, 824296)),
    "MobileNetV1 0.25 224": ("mobilenet_v1", {"width": 0.25}, None, (470072, 5472, 41030272, 1261672)),
    "MobileNetV1 0.25 192": ("mobilenet_v1", {"width": 0.25}, "192x192x3", (470072, 5472, 30212608, 927208)),
    "MobileNetV1 0.25 160": ("mobilenet_v1", {"width": 0.25}, "160x160x3", (470072, 5472, 21059200, 644200)),
    "MobileNetV1 0.25 128": ("mobilenet_v1", {"width": 0.25}, "128x128x3", (470072, 5472, 13570048, 412648)),
    "Conv MobileNet (full conv)": ("mobilenet_v1", {"separable": False}, None, (29294088, 11968, 4867293184, 3111912)),
    "Shallow MobileNet": ("mobilenet_v1", {"repeats": 0}, None, (2887976, 11648, 307323392, 4040168)),
    "MobileNetV2 0.75 224": ("mobilenet_v2", {"width": 0.75}, None, (2636424, 26640, 209069792, 5856304)),
    "MobileNetV2 0.5 224": ("mobilenet_v2", {"width": 0.5}, None, (1968680, 18544, 97131840, 3641112)),
    "MobileNetV2 0.35 224": ("mobilenet_v2", {"width": 0.35}, None, (1677128, 14080, 59285808, 2863776)),
    "MobileNetV2 1.3 224": ("mobilenet_v2", {"width": 1.3}, None, (5386792, 44256, 509374560, 8983288)),
    "MobileNetV2 1 192": ("mobilenet_v2", {}, "192x192x3", (3504872, 34112, 221316608, 4907368)),
    "MobileNetV2 1 160": ("mobilenet_v2", {}, "160x160x3", (3504872, 34112, 154083200, 3408200)),
    "MobileNetV3-Large 0.75 (expansion ratios of scaled input)": (
        "mobilenet_v3_large",
        {"width": 0.75},
        None,
        (3993528, 19088, 154560624, 4001888),
    ),
    "MobileNetV3-Large 1.25 (expansion ratios of scaled input)": (
        "mobilenet_v3_large",
        {"width": 1.25},
        None,
        (7551976, 31008, 355221920, 5991032),
    ),
    "ShuffleNetV1 1x g=2": ("shufflenet_v1_g3", {"groups": 2}, None, (1733848, 20400, 140836512, 2547040)),
    "ShuffleNetV1 1x g=4": ("shufflenet_v1_g3", {"groups": 4}, None, (1968344, 27744, 134339776, 3362008)),
    "ShuffleNetV1 0.5x g=3 conv1=24 (fc no bias)": (
        "shufflenet_v1_g3",
        {"width": 0.5, "fc_bias": False},
        None,
        (717888, 12240, 42688992, 1641520),
    ),
    "ShuffleNetV1 0.5x g=3 conv1=12 (fc no bias)": (
        "shufflenet_v1_g3",
        {"width": 0.5, "fc_bias": False, "stem": 12},
        None,
        (717324, 12240, 37589856, 1500400),
    ),
    "ShuffleNetV1 0.5x g=8 conv1=24 (fc no bias)": (
        "shufflenet_v1_g8",
        {"width": 0.5, "fc_bias": False},
        None,
        (1011000, 19584, 44345856, 2456488),
    ),
    "ShuffleNetV1 0.5x g=8 conv1=16 (fc no bias)": (
        "shufflenet_v1_g8",
        {"width": 0.5, "fc_bias": False, "stem": 16},
        None,
        (1010448, 19584, 40469760, 2362408),
    ),
    "ShuffleNetV1 1.5x g=3 conv1=24 (fc no bias)": (
        "shufflenet_v1_g3",
        {"width": 1.5, "fc_bias": False},
        None,
        (3441168, 36720, 292443552, 4358080),
    ),
    "ShuffleNetV1 1.5x g=8 conv1=24 (fc no bias)": (
        "shufflenet_v1_g8",
        {"width": 1.5, "fc_bias": False},
        None,
        (4268952, 58752, 290188800, 6802984),
    ),
    "ShuffleNetV1 2x g=3 conv1=48 (fc no bias)": (
        "shufflenet_v1_g3",
        {"width": 2, "fc_bias": False, "stem": 48},
        None,
        (5449776, 48960, 524045184, 5998600),
    ),
    "ShuffleNetV1 2x g=8 conv1=48 (fc no bias)": (
        "shufflenet_v1_g8",
        {"width": 2, "fc_bias": False, "stem": 48},
        None,
        (6521232, 78336, 521942016, 9258472),
    ),
    "ShuffleNetV1 0.25x g=3 conv1=24 (fc no bias)": (
        "shufflenet_v1_g3",
        {"width": 0.25, "fc_bias": False},
        None,
        (305568, 6120, 17882352, 962380),
    ),
    "ShuffleNetV2 1.5x": ("shufflenet_v2_100", {"width": 1.5}, None, (3503624, 23440, 295759392, 2768520)),
    "ShuffleNetV2-50": ("shufflenet_v2_50", {}, None, (16573534, 54616, 2304152672, 11052264)),
    "EfficientNet-B1": ("efficientnet_b0", {"depth": "1.1"}, "240x240x3", (7794184, 62048, 686802832, 10884328)),
    "EfficientNet-B3": (
        "efficientnet_b0",
        {"width": 1.2, "depth": "1.4", "resolution": 300},
        None,
        (12233232, 87296, 1827141392, 23831296),
    ),
    "EfficientNet-B7": (
        "efficientnet_b0",
        {"width": 2, "depth": "3.1", "resolution": 600},
        None,
        (66347960, 310720, 37745884192, 289939464),
    ),
}

FILES = (
    "mobilenet_v1.yaml", "mobilenet_v2.yaml", "mobilenet_v3.yaml", "shufflenet_v1.yaml", "shufflenet_v2.yaml", "mnasnet.yaml",
    "efficientnet.yaml",
)  # fmt: skip
NAMES = [entry.name for entry in catalogue.entries() if entry.file in FILES]


@cache
def network(name: str) -> Report:
    return cnncalc.analyze(name)


def fields(row: Row) -> dict[str, Any]:
    return dict(row.as_dict()["fields"])


def of_kind(report: Report, kind: str, under: str = "") -> list[Row]:
    return [row for row in report if row.kind == kind and row.path.startswith(under)]


@pytest.mark.parametrize("row", VARIANTS)
def test_a_variant_by_its_params(row: str) -> None:
    name, params, size, figures = VARIANTS[row]
    report = cnncalc.analyze(name, set=params, input=size)
    main = [each for each in report if not each.side]
    outputs = sum(each.values for each in main if each.kind in ("conv", "depthwise", "fc"))
    assert (report.total.params, report.total.buffers, report.total.macs, outputs) == figures


@pytest.mark.parametrize("name", NAMES)
def test_every_class_can_be_set_and_every_figure_has_its_source(name: str) -> None:
    report = cnncalc.analyze(name, set={"classes": 7})
    about = report.setting.about
    assert report.outputs == ((1, 1, 7),)
    assert "arXiv:" in (about.paper or "")
    assert (about.year or 0) >= 2016
    assert about.published
    assert about.published["source"]
    assert "top1_error" in about.published


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
    # Table 2 of the paper, where 1.19 % stand for the first convolution's 1.91 %.
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
