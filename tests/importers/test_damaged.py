"""Damaged and hostile ONNX files end in a message, in bounded time, or in a report; never in a traceback."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.importers.read_onnx import read_onnx
from tests.cli.run import run
from tests.importers.onnx_files import field, function, model, node, tensor, varint

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = (Path(__file__).parent / "files" / "resnet18.onnx").read_bytes()
IMAGE: dict[str, Sequence[int | str]] = {"x": (1, 3, 8, 8)}
RELU = node("Relu", ["x"], ["0"])
ITSELF = function("f", ["a"], ["b"], [node("f", ["a"], ["b"], domain="local")])
CALLS = [
    function(f"f{i}", ["a"], ["c"], [node(f"f{i + 1}", [each], [to], domain="local") for each, to in (("a", "b"), ("b", "c"))])
    for i in range(18)
]

BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no graph"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no field begins with|a field of|no graph"),
    "YAML": (b"input: 8x8x3\nlayers: [relu]\n", "no field begins with|a field of|within a number"),
    "cut": (FILE[:5_000], "a field of .* bytes where .* are left"),
    "a length that lies": (field(7, b"")[:1] + varint(2**40), "a field of 1,099,511,627,776 bytes where 0 are left"),
    "a number without an end": (b"\x08" + b"\xff" * 20, "more than 64 bits"),
    "no input": (model([RELU], {}, ["0"]), "this graph has no input"),
    "an input without sizes": (model([RELU], {"x": ()}, ["0"]), "the input 'x'"),
    "no layers": (model([], IMAGE, ["x"]), "no node of this graph depends on its input"),
    "a cycle": (
        model([node("Add", ["x", "1"], ["0"]), node("Relu", ["0"], ["1"])], IMAGE, ["1"]),
        "takes '1', which no earlier node gives",
    ),
    "a node without what it needs": (
        model([node("Conv", ["x"], ["0"])], IMAGE, ["0"]),
        "other inputs or attributes than its operator takes",
    ),
    "a negative dimension": (model([RELU], IMAGE, ["0"], [tensor("w", (-1, 3))]), "negative dimension"),
    "a loop without shapes": (model([node("Loop", ["x"], ["0"])], IMAGE, ["0"]), "does not state the shape of its output"),
    "a function that calls itself": (
        model([node("f", ["x"], ["0"], domain="local")], IMAGE, ["0"], functions=[ITSELF]),
        "nested more than 20 deep",
    ),
    "functions that double": (model([node("f0", ["x"], ["0"], domain="local")], IMAGE, ["0"], functions=CALLS), "more than 100,000 nodes"),
    "too many nodes": (model([RELU] * 100_001, IMAGE, ["0"]), "more than 100,000 nodes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_the_message(name: str, tmp_path: Path) -> None:
    data, message = BROKEN[name]
    path = tmp_path / "m.onnx"
    path.write_bytes(data)
    begun = time.process_time()
    done = run("show", str(path))
    assert time.process_time() - begun < 10
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Error: {path}: ")
    with pytest.raises(SpecError, match=message):
        cnncalc.analyze(str(path))


def outcome(data: bytes) -> str:
    try:
        cnncalc.analyze(read_onnx(data, "m.onnx"))
    except SpecError as error:
        return error.problems[0].message
    return ""


@pytest.mark.parametrize("seed", range(3))
def test_flipped_bytes_and_cuts(seed: int) -> None:
    random = Random(seed)
    seen = set()
    for _ in range(60):
        data = bytearray(FILE)
        for _ in range(random.choice((1, 1, 3, 20))):
            data[random.randrange(len(data))] = random.randrange(256)
        end = random.choice((len(data), random.randrange(len(data))))
        seen.add(outcome(bytes(data[:end])))
    assert len(seen) > 5


def test_names_of_any_characters() -> None:
    names = ["\x1b[31m", "a/b" * 700, "é\n\t", "from", "relu", "input", "[0]", "7", "", "x: {y}", "a[1]"]
    nodes = [node("Relu", [str(i)], [str(i + 1)], name=name) for i, name in enumerate(names)]
    report = cnncalc.analyze(read_onnx(model(nodes, {"0": (1, 3, 8, 8)}, [str(len(names))]), "m.onnx"))
    assert [row.kind for row in report.rows[1:]] == ["relu"] * len(names)


def test_control_flow_is_said() -> None:
    nodes = [node("If", ["x"], ["0"]), node("Relu", ["0"], ["1"])]
    report = cnncalc.analyze(read_onnx(model(nodes, IMAGE, ["1"], stated={"0": (1, 3, 8, 8)}), "m.onnx"))
    assert not report.total.complete
    assert "If (1)" in (report.setting.about.notes or [""])[0]


def test_several_inputs_and_outputs() -> None:
    nodes = [node("Add", ["x", "other"], ["0"]), node("Relu", ["0"], ["1"]), node("Tanh", ["0"], ["2"])]
    report = cnncalc.analyze(read_onnx(model(nodes, {**IMAGE, "other": (1, 3, 8, 8)}, ["1", "2"]), "m.onnx"))
    assert [row.kind for row in report.rows] == ["input", "constant", "add", "relu", "tanh"]
    assert "other" in (report.setting.about.notes or [""])[0]
