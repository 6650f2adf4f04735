"""Products, constants and padding of ONNX files without stated shapes; the expected numbers are computed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.importers.onnx_files import node, tensor
from tests.importers.test_onnx import kinds, report_of

if TYPE_CHECKING:
    from pathlib import Path

FLAT = tensor("flat", (3,), [1, 3, 64])
GRAM = [node("Reshape", ["x", "flat"], ["0"]), node("Transpose", ["0"], ["1"], perm=[0, 2, 1]), node("MatMul", ["0", "1"], ["2"])]


@pytest.mark.parametrize(
    ("more", "output", "shape"),
    [
        ([], "2", "3×3"),
        ([node("Cast", ["2"], ["3"], to=1)], "3", "3×3"),
        ([node("Transpose", ["2"], ["3"], perm=[0, 2, 1]), node("Relu", ["3"], ["4"])], "4", "3×3"),
        ([node("Flatten", ["2"], ["3"]), node("Relu", ["3"], ["4"])], "4", "3×3"),
        ([node("Mystery", ["2"], ["3"]), node("Relu", ["3"], ["4"])], "4", ""),
    ],
)
def test_a_product_of_two_volumes_that_is_not_attention(more: list[bytes], output: str, shape: str, tmp_path: Path) -> None:
    """3x64 times 64x3."""
    report = report_of(tmp_path, [*GRAM, *more], [FLAT], output, stated={"3": (1, 3, 3)})
    assert report.total.macs == 3 * 64 * 3
    assert not shape or str(report.rows[-1].output) == shape


def test_a_matrix_that_depends_on_the_input_is_added_to_a_product(tmp_path: Path) -> None:
    """Scores with a bias that is computed: 3x64 times 64x3, and 3x3 times 3x64."""
    nodes = [*GRAM, node("Add", ["2", "2"], ["3"]), node("Softmax", ["3"], ["4"], axis=-1), node("MatMul", ["4", "0"], ["5"])]
    report = report_of(tmp_path, nodes, [FLAT], "5")
    assert (report.total.macs, report.total.complete) == (3 * 64 * 3 + 3 * 3 * 64, True)


@pytest.mark.parametrize("left", [True, False])
def test_a_matrix_at_the_end(left: bool, tmp_path: Path) -> None:
    """5x3 times 3x64, or 3x64 times 64x5; the network ends there, without a bias."""
    nodes = [node("Reshape", ["x", "flat"], ["0"]), node("MatMul", ["w", "0"] if left else ["0", "w"], ["1"])]
    report = report_of(tmp_path, nodes, [FLAT, tensor("w", (5, 3) if left else (64, 5))], "1")
    assert (report.total.macs, report.total.params, report.total.complete) == (3 * 64 * 5, 15 if left else 320, True)


@pytest.mark.parametrize("fixed", [True, False])
def test_an_input_that_is_normalized_in_the_graph(fixed: bool, tmp_path: Path) -> None:
    """(x - mean) / deviation: constants, or two learned numbers per channel."""
    nodes = [node("Sub", ["x", "mean"], ["0"]), node("Div", ["0", "deviation"], ["1"]), node("Conv", ["1", "w"], ["2"])]
    constants = [tensor(name, (3, 1, 1), [1, 2, 3] if fixed else None) for name in ("mean", "deviation")]
    report = report_of(tmp_path, nodes, [*constants, tensor("w", (4, 3, 1, 1))], "2")
    assert (report.total.params, report.total.macs, report.total.complete) == (12 if fixed else 18, 12 * 64, True)


@pytest.mark.parametrize("mode", ["reflect", "edge"])
def test_padding_that_repeats_the_input(mode: str, tmp_path: Path) -> None:
    nodes = [node("Pad", ["x", "pads"], ["0"], mode=mode), node("Conv", ["0", "w"], ["1"])]
    report = report_of(tmp_path, nodes, [tensor("pads", (8,), [0, 0, 1, 1, 0, 0, 1, 1]), tensor("w", (4, 3, 3, 3))], "1")
    assert [(row.kind, str(row.output)) for row in report.rows[1:]] == [("zeropad", "10×10×3"), ("conv", "8×8×4")]
    assert report.setting.about.notes == ("Padding that repeats or reflects the input is written as zeropad: size and cost are the same.",)


ELEMENTWISE: dict[str, tuple[list[bytes], list[bytes]]] = {
    "PRelu": ([node("PRelu", ["x", "slope"], ["0"])], [tensor("slope", (1,))]),
    "Where": ([node("Greater", ["x", "zero"], ["a"]), node("Where", ["a", "x", "zero"], ["0"])], [tensor("zero", (), [0])]),
    "Max": ([node("Max", ["x", "zero"], ["0"])], [tensor("zero", (), [0])]),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_operators_without_a_kind_keep_the_shape(name: str, tmp_path: Path) -> None:
    nodes, tensors = ELEMENTWISE[name]
    more: Any = [node("Conv", ["0", "w"], ["1"])]
    report = report_of(tmp_path, [*nodes, *more], [*tensors, tensor("w", (4, 3, 1, 1))], "1")
    assert kinds(report)[-1] == "conv"
    assert (report.total.params, report.total.complete) == (13 if name == "PRelu" else 12, False)
    assert str(report.rows[-1].output) == "8×8×4"


def test_concatenated_tokens_of_two_volumes(tmp_path: Path) -> None:
    """64 tokens of each of two convolutions, then 128 tokens times 3x5."""
    nodes = [
        part
        for i in "ab"
        for part in (
            node("Conv", ["x", f"w{i}"], [f"{i}0"]),
            node("Reshape", [f"{i}0", "flat"], [f"{i}1"]),
            node("Transpose", [f"{i}1"], [f"{i}2"], perm=[0, 2, 1]),
        )
    ]
    nodes += [node("Concat", ["a2", "b2"], ["2"], axis=1), node("MatMul", ["2", "w"], ["3"])]
    tensors = [FLAT, tensor("wa", (3, 3, 1, 1)), tensor("wb", (3, 3, 1, 1)), tensor("w", (3, 5))]
    report = report_of(tmp_path, nodes, tensors, "3")
    assert (report.total.macs, str(report.rows[-1].output)) == (2 * 9 * 64 + 128 * 15, "128×5")


@pytest.mark.parametrize(("operator", "second"), [("Expand", [1, 3, 8, 8]), ("Expand", [8, 8])])
def test_the_shape_of_an_expansion_follows_from_its_inputs(operator: str, second: list[int], tmp_path: Path) -> None:
    nodes = [node("GlobalAveragePool", ["x"], ["0"]), node(operator, ["0", "to"], ["1"]), node("Relu", ["1"], ["2"])]
    report = report_of(tmp_path, nodes, [tensor("to", (len(second),), second)], "2")
    assert (str(report.rows[-1].output), report.total.complete) == ("8×8×3", False)


def test_a_first_dimension_that_is_not_the_batch_is_kept(tmp_path: Path) -> None:
    """Four windows of 4x4 that an unknown operator cuts out."""
    nodes = [node("Mystery", ["x"], ["0"]), node("Relu", ["0"], ["2"])]
    report = report_of(tmp_path, nodes, [], "2", stated={"0": (4, 3, 4, 4)})
    assert str(report.rows[-1].output) == "4×4×4×3"


@pytest.mark.parametrize("flat", [True, False])
def test_the_attention_operator(flat: bool, tmp_path: Path) -> None:
    """10 tokens of 32 channels, 4 heads: four matrices of 32x32, and 2·10·10·32 products."""
    nodes = [node("RMSNormalization", ["x", "scale"], ["n"])]
    for each in "qkv":
        nodes.append(node("MatMul", ["n", f"w{each}"], [each]))
        if not flat:
            nodes.append(node("Reshape", [each, "split"], [f"{each}1"]))
            nodes.append(node("Transpose", [f"{each}1"], [f"{each}2"], perm=[0, 2, 1, 3]))
    if flat:
        nodes.append(node("Attention", ["q", "k", "v"], ["a"], q_num_heads=4, kv_num_heads=4))
    else:
        nodes.append(node("Attention", ["q2", "k2", "v2"], ["a0"]))
        nodes.append(node("Transpose", ["a0"], ["a1"], perm=[0, 2, 1, 3]))
        nodes.append(node("Reshape", ["a1", "join"], ["a"]))
    nodes.append(node("MatMul", ["a", "wo"], ["y"]))
    tensors = [tensor(f"w{each}", (32, 32)) for each in "qkvo"]
    tensors += [tensor("scale", (32,)), tensor("split", (4,), [1, 10, 4, 8]), tensor("join", (3,), [1, 10, 32])]
    total = report_of(tmp_path, nodes, tensors, "y", inputs={"x": (1, 10, 32)}).total
    assert (total.params, total.macs, total.complete) == (4 * 32 * 32 + 32, 4 * 10 * 32 * 32 + 2 * 10 * 10 * 32, True)
