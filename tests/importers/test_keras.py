"""Keras models are read as networks: output and parameters of every layer are those that Keras states."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.importers.read_keras import read_keras
from tests.cli.run import run

FILES = Path(__file__).parent / "files"
EXPECTED: dict[str, Any] = json.loads((FILES / "keras.json").read_text(encoding="utf-8"))  # of Keras itself
COUNTER = 1  # Normalization also keeps how many samples it has seen


@pytest.mark.parametrize("name", EXPECTED)
def test_every_layer_is_that_of_keras(name: str) -> None:
    report = cnncalc.analyze(str(FILES / f"{name}.keras"), counting="keras")
    rows = {row.path: row for row in report.rows}
    for layer, shape, params in EXPECTED[name]["layers"][1:]:
        own = rows.get(layer) or rows[f"{layer}_0"]
        last = rows.get(f"{layer}_activation", own)
        assert [*last.output][-len(shape) :] == shape, layer
        learned = own.params + (own.buffers if own.kind == "bn" and not own.params else 0)
        parts = rows[f"{layer}_depthwise"].params if f"{layer}_depthwise" in rows else 0
        if own.kind == "bn":
            assert params == 4 * own.output.c or params == 2 * own.output.c + COUNTER, layer
        else:
            assert learned + parts == params, layer
    assert report.total.params == EXPECTED[name]["params"] - (COUNTER if "normalization" in rows else 0)


def sequential(*layers: dict[str, Any], shape: tuple[int, ...] = (8, 8, 3)) -> dict[str, Any]:
    first = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, *shape], "name": "input_1"}}
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}


def layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name, **config}}


def rows_of(model: dict[str, Any]) -> list[tuple[str, str, int]]:
    report = cnncalc.analyze(read_keras(json.dumps(model).encode(), "m.json"))
    return [(row.kind, str(row.output), int(row.params)) for row in report.rows[1:]]  # type: ignore[arg-type]  # no formulas


CONV = layer("Conv2D", "c", filters=4, kernel_size=[3, 3], strides=[2, 2], padding="same", use_bias=True, activation="relu")
LAYERS: dict[str, tuple[dict[str, Any], list[tuple[str, str, int]]]] = {
    "a convolution with an activation": (CONV, [("conv", "4×4×4", 112), ("relu", "4×4×4", 0)]),
    "a transposed convolution": (
        layer("Conv2DTranspose", "u", filters=2, kernel_size=[3, 3], strides=[2, 2], padding="same", use_bias=False, activation="linear"),
        [("upconv", "16×16×2", 54)],
    ),
    "a separable convolution": (
        layer("SeparableConv2D", "s", filters=5, kernel_size=[3, 3], strides=[1, 1], padding="valid", use_bias=True),
        [("depthwise", "6×6×3", 27), ("conv", "6×6×5", 20)],
    ),
    "a dense layer on each position": (layer("Dense", "d", units=7, use_bias=True), [("conv", "8×8×7", 28)]),
    "padding": (layer("ZeroPadding2D", "z", padding=[[1, 2], [3, 4]]), [("zeropad", "11×15×3", 0)]),
    "cropping": (layer("Cropping2D", "z", cropping=1), [("crop", "6×6×3", 0)]),
    "a pool that reads its size as stride": (
        layer("MaxPooling2D", "m", pool_size=[2, 2], strides=[2, 2], padding="valid"),
        [("maxpool", "4×4×3", 0)],
    ),
    "relu6": (layer("ReLU", "r", max_value=6.0), [("relu6", "8×8×3", 0)]),
    "an enlargement": (layer("UpSampling2D", "u", size=[2, 2], interpolation="bilinear"), [("resize", "16×16×3", 0)]),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    written, expected = LAYERS[name]
    assert rows_of(sequential(written)) == expected


def test_a_layer_that_is_called_twice_shares_its_weights() -> None:
    layers = [
        {"class_name": "InputLayer", "name": "i", "config": {"batch_input_shape": [None, 8, 8, 3], "name": "i"}, "inbound_nodes": []},
        {**layer("Conv2D", "c", filters=3, kernel_size=[1, 1]), "name": "c", "inbound_nodes": [[["i", 0, 0, {}]], [["c", 0, 0, {}]]]},
        {**layer("Add", "add"), "name": "add", "inbound_nodes": [[["c", 0, 0, {}], ["c", 1, 0, {}]]]},
    ]
    config = {"name": "m", "layers": layers, "input_layers": [["i", 0, 0]], "output_layers": [["add", 0, 0]]}
    assert rows_of({"class_name": "Functional", "config": config}) == [("conv", "8×8×3", 12), ("conv", "8×8×3", 0), ("add", "8×8×3", 0)]


def test_a_model_inside_a_model_is_written_in_its_place() -> None:
    inner = sequential(CONV, shape=(8, 8, 3))
    model = sequential(
        {"class_name": "Sequential", "config": {**inner["config"], "name": "inner"}}, layer("Flatten", "f"), layer("Dense", "d", units=2)
    )
    report = cnncalc.analyze(read_keras(json.dumps(model).encode(), "m.json"))
    assert [row.path for row in report.rows[1:]] == ["inner.c", "inner.c_activation", "f", "d"]
    assert report.total.params == 112 + 64 * 2 + 2


def test_what_is_not_modelled_is_said() -> None:
    report = cnncalc.analyze(read_keras(json.dumps(sequential(layer("Mystery", "x"))).encode(), "m.json"))
    assert not report.total.complete
    assert "Not modelled: Mystery" in (report.setting.about.notes or [""])[0]


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no Keras model"),
    "no zip": (b"PK\x03\x04" + b"\0" * 40, "no Keras model"),
    "no JSON": (b"input: 8x8x3", "no Keras model"),
    "deep": (b"[" * 100_000, "no Keras model"),
    "a list": (b"[]", "no Keras model: it has no layers"),
    "a number": (b'{"class_name": "Sequential", "config": 7}', "another form than Keras writes|no layers"),
    "no layers": (json.dumps(sequential()).encode(), "no input with a shape, or no layers"),
    "no sides": (json.dumps(sequential(CONV, shape=(None, None, 3))).encode(), "save the model with numbers"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", BAD)
def test_damaged_files(name: str, tmp_path: Path) -> None:
    data, message = BAD[name]
    (tmp_path / "m.keras").write_bytes(data)
    done = run("show", str(tmp_path / "m.keras"))
    assert (done.code, done.out) == (2, "")
    with pytest.raises(SpecError, match=message):
        read_keras(data, "m.keras")


def test_a_config_that_unpacks_to_much_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", b" " * (17 * 2**20))
    done = run("show", str(tmp_path / "m.keras"))
    assert (done.code, done.out) == (2, "")
    assert "config.json: too large: more than 16 MiB" in done.err


def test_flipped_bytes_end_in_a_message_or_a_report() -> None:
    random = Random(1)
    with zipfile.ZipFile(FILES / "MobileNetV2.keras") as file:
        config = file.read("config.json")
    for _ in range(40):
        data = bytearray(config)
        for _ in range(random.choice((1, 3, 10))):
            data[random.randrange(len(data))] = random.choice(b'0123456789"[]{},:x')
        with suppress(SpecError):
            assert cnncalc.analyze(read_keras(bytes(data), "m.json")).rows


def test_import_writes_a_network_file(tmp_path: Path) -> None:
    done = run("import", str(FILES / "ResNet50.keras"), "-o", str(tmp_path / "net.yaml"))
    assert done.code == 0, done.err
    assert cnncalc.analyze(str(tmp_path / "net.yaml")).total.macs == cnncalc.analyze(str(FILES / "ResNet50.keras")).total.macs
