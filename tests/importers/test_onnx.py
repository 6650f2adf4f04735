"""ONNX files are read as networks. The figures of the exported files are torch's MACs, and the tensors that the files hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.dims import Poly
from cnncalc.importers.network_text import network_text
from cnncalc.importers.read_onnx import read_onnx
from cnncalc.importers.repeats import with_blocks
from tests.cli.run import run
from tests.importers.onnx_files import field, function, model, node, tensor

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

FILES = Path(__file__).parent / "files"
EXPORTED = {  # parameters, MACs, buffers, and lines of the network file
    "resnet18": (11_679_912, 1_814_073_344, 0, 34),
    "resnet18_dyn": (11_679_912, 1_814_073_344, 0, 35),
    "resnet50_old": (25_557_032, 4_089_184_256, 53_120, 60),
    "mobilenet_v2": (3_469_760, 300_774_272, 0, 60),
    "efficientnet_b0": (5_236_192, 385_814_752, 0, 85),
    "googlenet": (6_610_344, 1_498_376_192, 0, 45),
    "shufflenet_v2_x0_5": (1_358_840, 40_476_448, 0, 80),
    "swin_t": (28_568_572, 4_490_566_656, 0, 120),
}
IMAGE = {"x": (1, 3, 8, 8)}


@pytest.mark.parametrize("name", EXPORTED)
def test_the_figures_of_exported_files(name: str) -> None:
    report = cnncalc.analyze(str(FILES / f"{name}.onnx"), input="224x224x3" if name.endswith("dyn") else None)
    total = report.total
    assert (total.params, total.macs, total.buffers) == EXPORTED[name][:3]
    assert total.complete
    assert report.rows[-1].output.c == 1000


def layers(report: Report) -> list[tuple[Any, ...]]:
    return [(row.kind, row.output, row.params, row.macs, row.buffers) for row in report.rows]


@pytest.mark.parametrize("name", EXPORTED)
def test_the_network_file_is_short_and_the_same_layer_by_layer(name: str, tmp_path: Path) -> None:
    done = run("import", str(FILES / f"{name}.onnx"))
    assert done.code == 0
    assert len(done.out.splitlines()) <= EXPORTED[name][3]
    (tmp_path / "net.yaml").write_text(done.out, encoding="utf-8")
    flat = run("import", str(FILES / f"{name}.onnx"), "--flat")
    (tmp_path / "flat.yaml").write_text(flat.out, encoding="utf-8")
    read = layers(cnncalc.analyze(str(FILES / f"{name}.onnx")))
    assert layers(cnncalc.analyze(str(tmp_path / "net.yaml"))) == layers(cnncalc.analyze(str(tmp_path / "flat.yaml"))) == read


def test_names_of_dimensions_are_symbols() -> None:
    report = cnncalc.analyze(str(FILES / "resnet18_dyn.onnx"))
    assert str(report.input) == "height×width×3"
    assert isinstance(report.total.macs, Poly)


@pytest.mark.parametrize("command", ["show", "formula", "memory", "counts", "diagram", "chart", "validate", "explain"])
def test_commands_take_a_file_in_place_of_a_network(command: str) -> None:
    more = ["conv1"] if command == "explain" else []
    done = run(command, str(FILES / "resnet18.onnx"), *more)
    assert done.code == 0, done.err


def report_of(tmp_path: Path, nodes: list[bytes], tensors: list[bytes], output: str, **more: Any) -> Report:
    path = tmp_path / "m.onnx"
    inputs = more.pop("inputs", IMAGE)
    path.write_bytes(model(nodes, inputs, [output], tensors, **more))
    return cnncalc.analyze(str(path))


def kinds(report: Report) -> list[str]:
    return [row.kind for row in report.rows[1:]]


PATTERNS: dict[str, tuple[list[tuple[str, list[str], dict[str, Any]]], str]] = {  # single operators that are one layer
    "swish": ([("Sigmoid", ["x"], {}), ("Mul", ["x", "0"], {})], "swish"),
    "hard swish": ([("HardSigmoid", ["x"], {}), ("Mul", ["0", "x"], {})], "hswish"),
    "hard swish in steps": (
        [("Add", ["x", "three"], {}), ("Clip", ["0", "zero", "six"], {}), ("Mul", ["x", "1"], {}), ("Div", ["2", "six"], {})],
        "hswish",
    ),
    "relu6": ([("Clip", ["x", "zero", "six"], {})], "relu6"),
    "gelu": (
        [("Div", ["x", "root"], {}), ("Erf", ["0"], {}), ("Add", ["1", "one"], {}), ("Mul", ["x", "2"], {}), ("Mul", ["3", "half"], {})],
        "gelu",
    ),
    "a sigmoid alone": ([("Sigmoid", ["x"], {})], "sigmoid"),
}


def number(name: str, value: float) -> bytes:
    return field(2, 1) + field(8, name) + field(4, value)


NUMBERS = [
    number(name, value) for name, value in (("zero", 0.0), ("one", 1.0), ("three", 3.0), ("six", 6.0), ("half", 0.5), ("root", 2**0.5))
]


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_of_operators_are_one_layer(name: str, tmp_path: Path) -> None:
    steps, kind = PATTERNS[name]
    nodes = [node(operator, inputs, [str(i)], **attributes) for i, (operator, inputs, attributes) in enumerate(steps)]
    assert kinds(report_of(tmp_path, nodes, NUMBERS, str(len(steps) - 1))) == [kind]


def test_group_normalization_as_exporters_write_it(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["0"], pads=[1, 1, 1, 1]),
        node("Reshape", ["0", "grouped"], ["1"]),
        node("InstanceNormalization", ["1", "ones", "zeros"], ["2"]),
        node("Reshape", ["2", "back"], ["3"]),
        node("Mul", ["3", "scale"], ["4"]),
        node("Add", ["4", "shift"], ["5"]),
    ]
    tensors = [
        tensor("w", (8, 3, 3, 3)), tensor("grouped", (3,), [0, 4, -1]), tensor("back", (4,), [1, 8, 8, 8]),
        *[tensor(name, (4,)) for name in ("ones", "zeros")], *[tensor(name, (8, 1, 1)) for name in ("scale", "shift")],
    ]  # fmt: skip
    report = report_of(tmp_path, nodes, tensors, "5")
    assert [(row.kind, row.params) for row in report.rows[1:]] == [("conv", 216), ("gn", 16)]


def attention_nodes() -> list[bytes]:
    return [
        node("Reshape", ["x", "tokens"], ["0"]),  # 1×16×48 of channels last
        node("MatMul", ["0", "qkv"], ["1"]),
        node("Reshape", ["1", "parts"], ["2"]),
        node("Transpose", ["2"], ["3"], perm=[2, 0, 3, 1, 4]),
        *[node("Gather", ["3", f"at{i}"], [f"p{i}"], axis=0) for i in range(3)],
        node("Transpose", ["p1"], ["4"], perm=[0, 1, 3, 2]),
        node("MatMul", ["p0", "4"], ["5"]),
        node("Softmax", ["5"], ["6"], axis=-1),
        node("MatMul", ["6", "p2"], ["7"]),
        node("Transpose", ["7"], ["8"], perm=[0, 2, 1, 3]),
        node("Reshape", ["8", "back"], ["9"]),
        node("MatMul", ["9", "out"], ["10"]),
        node("Add", ["bias", "10"], ["11"]),
    ]


def test_attention_in_single_operators(tmp_path: Path) -> None:
    """16 positions, 48 channels, 4 heads: 2·16·16·48 products, 16·48·(144 + 48) MACs of the two matrices."""
    tensors = [
        tensor("tokens", (3,), [1, 16, 48]), tensor("qkv", (48, 144)), tensor("parts", (5,), [1, 16, 3, 4, 12]), tensor("out", (48, 48)),
        tensor("bias", (48,)), tensor("back", (3,), [1, 16, 48]), *[tensor(f"at{i}", (), [i]) for i in range(3)],
    ]  # fmt: skip
    report = report_of(tmp_path, attention_nodes(), tensors, "11", inputs={"x": (1, 16, 48)})
    (attention,) = [row for row in report.rows if row.kind == "attention"]
    assert (attention.layer.heads, attention.products) == (4, 2 * 16 * 16 * 48)  # type: ignore[attr-defined]
    assert report.total.macs == 2 * 16 * 16 * 48 + 16 * 48 * (144 + 48)
    assert report.total.params == 48 * 144 + 48 * 48 + 48


def test_a_tensor_of_two_layers_is_counted_once(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w1", "b"], ["0"], pads=[1, 1, 1, 1]),
        node("Conv", ["0", "w2", "b"], ["1"], pads=[1, 1, 1, 1]),
        node("Conv", ["1", "w2"], ["2"], pads=[1, 1, 1, 1]),
    ]
    report = report_of(tmp_path, nodes, [tensor("w1", (3, 3, 3, 3)), tensor("w2", (3, 3, 3, 3)), tensor("b", (3,))], "2")
    assert [row.params for row in report.rows] == [0, 84, 81, 0]
    assert report.total.macs == 3 * 81 * 64
    assert "2 tensors that several layers have" in (report.setting.about.notes or [""])[0]


def test_statistics_of_a_batch_norm_are_buffers_also_where_they_are_its_scale(tmp_path: Path) -> None:
    nodes = [node("BatchNormalization", ["x", "ones", "zeros", "zeros", "ones"], ["0"])]
    report = report_of(tmp_path, nodes, [tensor("ones", (3,)), tensor("zeros", (3,))], "0")
    assert (report.total.params, report.total.buffers) == (0, 6)


def test_what_is_not_modelled_is_said(tmp_path: Path) -> None:
    nodes = [
        node("Conv", ["x", "w"], ["0"], pads=[1, 1, 1, 1]),
        node("Mystery", ["0", "table"], ["1"], domain="some.where"),
        node("Relu", ["1"], ["2"]),
    ]
    report = report_of(tmp_path, nodes, [tensor("w", (4, 3, 3, 3)), tensor("table", (7, 5))], "2", stated={"1": (1, 4, 8, 8)})
    row = report.rows[2]
    assert (row.kind, row.params, str(row.output)) == ("custom", 35, "8×8×4")
    written = report.as_dict()
    assert written["total"]["complete"] is False
    assert (written["layers"][2]["modelled"], written["layers"][2]["macs"], written["layers"][2]["flops"]) == (False, None, None)
    done = run("show", str(tmp_path / "m.onnx"), "--notes")
    assert "at least" in done.out
    assert "Not modelled: Mystery (1). Totals are lower bounds." in " ".join(done.out.split())
    assert run("show", str(tmp_path / "m.onnx"), "--strict").code == 1


def test_functions_are_written_out(tmp_path: Path) -> None:
    twice = function("twice", ["a"], ["c"], [node("Relu", ["a"], ["b"]), node("Tanh", ["b"], ["c"])])
    nodes = [node("twice", ["x"], ["0"], domain="local"), node("twice", ["0"], ["1"], domain="local")]
    assert kinds(report_of(tmp_path, nodes, [], "1", functions=[twice])) == ["relu", "tanh", "relu", "tanh"]


def test_sides_are_rolled_padded_cropped_and_resized(tmp_path: Path) -> None:
    one, three, eight = tensor("one", (1,), [1]), tensor("three", (1,), [3]), tensor("eight", (1,), [8])
    tensors = [one, three, eight, tensor("zero", (1,), [0]), tensor("two", (1,), [2]), tensor("pads", (8,), [0, 0, 1, 2, 0, 0, 3, 4])]
    nodes = [
        node("Slice", ["x", "three", "eight", "two"], ["0"]),
        node("Slice", ["x", "zero", "three", "two"], ["1"]),
        node("Concat", ["0", "1"], ["2"], axis=2),  # a roll
        node("Pad", ["2", "pads"], ["3"]),
        node("Slice", ["3", "one", "eight", "two"], ["4"]),
        node("DepthToSpace", ["4"], ["5"], blocksize=1, mode="CRD"),
    ]
    report = report_of(tmp_path, nodes, tensors, "5")
    assert [(row.kind, str(row.output)) for row in report.rows[1:]] == [
        ("zeropad", "12×14×3"),
        ("crop", "7×14×3"),
        ("pixelshuffle", "7×14×3"),
    ]


def test_a_file_of_tensorflow_has_its_channels_last(tmp_path: Path) -> None:
    nodes = [node("Transpose", ["x"], ["0"], perm=[0, 3, 1, 2]), node("Conv", ["0", "w"], ["1"], auto_pad="SAME_UPPER", strides=[2, 2])]
    report = report_of(tmp_path, nodes, [tensor("w", (6, 3, 3, 3))], "1", inputs={"x": ("unk__1", 9, 9, 3)})
    assert [(row.kind, str(row.output)) for row in report.rows] == [("input", "9×9×3"), ("conv", "5×5×6")]


def test_parts_that_differ_in_numbers_are_one_block() -> None:
    unit = [("conv", "w"), ("relu", ""), ("conv", "v")]
    steps: list[dict[str, Any]] = []
    for i, filters in enumerate((8, 8, 16)):
        before = "input" if not i else f"a{i - 1}"
        steps += [{kind: filters, "name": f"{name}{i}"} if name else {kind: None, "name": f"r{i}"} for kind, name in unit]
        steps.append({"conv": filters, "name": f"s{i}", "from": before})
        steps.append({"add": None, "name": f"a{i}", "from": [f"v{i}", f"s{i}"]})
    document = with_blocks({"input": [8, 8, 3], "layers": steps})
    assert [*document["blocks"]] == ["block1"]
    assert document["layers"] == [{"block1": None, "filters": 8, "repeat": 2}, {"block1": None, "filters": 16}]
    assert "args: {filters: }" in network_text(document)


def test_a_file_read_twice_is_the_same() -> None:
    data = (FILES / "swin_t.onnx").read_bytes()
    assert read_onnx(data, "a") == read_onnx(data, "b")
