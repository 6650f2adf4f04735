"""Reports: rows add up to totals, JSON is what was promised, layers are found by the ends of their paths."""

from __future__ import annotations

import json
import re
from math import prod
from typing import Any

import pytest

import cnncalc
from cnncalc import SpecError
from cnncalc.dims import at
from cnncalc.propagate.rows import LayerFolder, Row
from tests.spec_text import layers, report

SUMS = ("params", "weights", "biases", "buffers", "macs", "flops")


def added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The totals of rows, by the words of the promise."""
    found: dict[str, Any] = {name: sum(row[name] for row in rows) for name in SUMS}
    for name in ("values", "bytes"):
        found[name] = sum(row[name] for row in rows if row["stored"])
    return found


@pytest.mark.parametrize("name", cnncalc.names())
def test_rows_add_up_to_totals(name: str) -> None:
    document = cnncalc.analyze(name, batch=2, dtype="float16").as_dict()
    main, aside = ([row for row in document["layers"] if row["side"] is side] for side in (False, True))
    total = document["total"]
    assert {**total, **added(main)} == total
    assert total["param_bytes"] == 2 * total["params"]
    assert total["bytes"] == 2 * total["values"]
    assert ("sides" in document) is bool(aside)
    if aside:
        assert {**document["sides"], **added(aside)} == document["sides"]
        counted = cnncalc.analyze(name, batch=2, dtype="float16", sides=True).as_dict()
        assert {**counted["total"], **added(counted["layers"])} == counted["total"]
    assert len({row["path"] for row in document["layers"]}) == len(document["layers"])
    for row in document["layers"]:
        assert row["params"] == row["weights"] + row["biases"]
        assert row["values"] == 2 * prod(row["output"])


@pytest.mark.parametrize("name", ["resnet152", "googlenet", "nasnet_a_mobile", "vgg16"])
def test_rows_that_share_their_place_are_written_as_if_alone(name: str) -> None:
    found = cnncalc.analyze(name)
    assert found.as_dict()["layers"] == [row.as_dict() for row in found]


def test_the_promise_of_the_commands() -> None:
    document = json.loads(json.dumps(cnncalc.analyze("alexnet").as_dict()))
    assert list(document) == ["cnncalc", "network", "batch", "bytes_per_value", "counting", "layers", "total", "notes"]
    assert document["network"]["id"] == "alexnet"
    assert document["network"]["year"] == 2012
    assert document["network"]["source"] == "alexnet.yaml"
    assert document["network"]["input"] == [227, 227, 3]
    assert (document["batch"], document["bytes_per_value"], document["counting"]) == (1, 4, "full")
    given, first, *_ = document["layers"]
    assert (given["path"], given["kind"], given["output"]) == ("input", "input", [227, 227, 3])
    assert {name: first[name] for name in first if name not in ("offset", "narrowest")} == {
        "path": "CONV1", "kind": "conv", "from": ["input"], "input": [227, 227, 3], "output": [55, 55, 96],
        "weights": 34_848, "biases": 96, "params": 34_944, "trainable": 34_944, "frozen": 0, "buffers": 0,
        "macs": 105_415_200, "products": 0, "flops": 211_120_800,
        "values": 290_400, "bytes": 1_161_600, "stored": True, "side": False, "exact": True,
        "receptive_field": [11, 11], "receptive_field_smallest": [11, 11], "receptive_field_exact": True, "jump": [4, 4],
        "fields": {"filters": 96, "kernel": [11, 11], "stride": [4, 4]},
    }  # fmt: skip
    promised = {
        "params": 62_378_344, "weights": 62_367_776, "biases": 10_568, "buffers": 0, "param_bytes": 249_513_376,
        "macs": 1_135_256_096, "weight_layers": 8,
    }  # fmt: skip
    assert {name: document["total"][name] for name in promised} == promised


def test_figures_that_the_quantities_name() -> None:
    assert cnncalc.analyze("vgg16").total.values == 15_237_608
    depths = {name: cnncalc.analyze(name).total.weight_layers for name in ("vgg16", "googlenet", "resnet50")}
    assert depths == {"vgg16": 16, "googlenet": 22, "resnet50": 50}


def test_what_is_stored_and_what_is_not() -> None:
    found = layers("[{conv: 2}, bn, relu, dropout, {maxpool: 2}, identity, {split: 2}, {concat: }, flatten, {fc: 4}, softmax]", "4x4x1")
    assert [row.kind for row in found if row.stored] == ["input", "conv", "maxpool", "concat", "fc"]
    assert found.total.values == 16 + 32 + 8 + 8 + 4


def test_symbols_in_json_are_arithmetic_that_reads_back() -> None:
    document = report("input: HxWxC\nlayers: [{conv: C, kernel: 3, stride: 2, pad: 1}, {fc: 10}]", batch="N").as_dict()
    conv = document["layers"][1]
    assert conv["output"] == ["(H + 1)//2", "(W + 1)//2", "C"]
    assert conv["weights"] == "9*C^2"
    assert document["batch"] == "N"
    assert document["total"]["params"] == "10*C*((H + 1)//2)*((W + 1)//2) + 9*C^2 + C + 10"
    numbers = {"H": 9, "W": 6, "C": 2, "N": 3}
    for row, known in zip(
        document["layers"], layers("[{conv: 2, kernel: 3, stride: 2, pad: 1}, {fc: 10}]", "9x6x2", batch="3"), strict=True
    ):
        for name in (*SUMS, "values", "bytes"):
            text = str(row[name]).replace("^", "**")
            assert eval(text, {}, numbers) == getattr(known, name)  # the text is a formula of ours
    json.dumps(document)


def test_fractions_in_json_are_texts_only_where_they_must_be() -> None:
    rows = report("input: 4x4x1\nlayers: [{upsample: 2}, {conv: 1, kernel: 3}, {maxpool: 2}]").as_dict()["layers"]
    assert [row["jump"] for row in rows] == [[1, 1], ["1/2", "1/2"], ["1/2", "1/2"], [1, 1]]
    assert [row["receptive_field"] for row in rows] == [[1, 1], [1, 1], [2, 2], [2, 2]]


def test_layers_are_found_by_the_end_of_their_paths() -> None:
    found = layers("[{name: a, do: [{conv: 2, name: x}, {conv: 3}]}, {name: b, do: [{conv: 4, name: x}]}, {conv: 5, name: conv2}]")
    assert found["a/x"].output.c == 2
    assert found["b/x"].output.c == 4
    assert found["input"].kind == "input"
    assert found["conv2"].output.c == 5  # its own path, though another ends like this
    assert found["a/conv2"].output.c == 3
    ambiguous = "'x' is ambiguous: 2 matches (a/x, b/x)"
    for path, message in (("x", ambiguous), *((each, f"{found.setting.id} has no layer {each!r}") for each in ("c", "/x", "v2", ""))):
        with pytest.raises(KeyError) as error:
            found[path]
        assert error.value.args == (message,)
        with pytest.raises(SpecError, match=re.escape(message)):
            found.layer(path)


def test_folders_are_found_as_layers_are() -> None:
    found = cnncalc.analyze("resnet50")
    folder = found["conv2_x/bottleneck1"]
    assert folder.path == found["conv2_x/bottleneck1/"].path == "conv2_x/bottleneck1"
    assert isinstance(folder, LayerFolder)
    assert list(folder.rows) == [row for row in found if row.path.startswith("conv2_x/bottleneck1/")]
    for name in SUMS:
        assert getattr(folder, name) == sum(getattr(row, name) for row in folder.rows) > 0 or name in ("biases", "buffers")
    assert folder.values == sum(row.values for row in folder.rows if row.stored)
    assert folder.bytes == 4 * folder.values
    assert (folder.output, folder.receptive_field, folder.exact) == ((56, 56, 256), (19, 19), True)
    with pytest.raises(AttributeError, match="has no 'kind'"):
        folder.kind  # noqa: B018  # the property is what is asked for
    assert len(found.places("bottleneck1")) == 4
    with pytest.raises(SpecError, match="conv2_x is a folder of") as error:
        found.layer("conv2_x")
    assert "name one of them" in error.value.problems[0].hint


def test_a_layer_and_a_folder_may_have_one_name() -> None:
    found = layers("[{name: a, do: [{conv: 2, name: x}]}, {name: x, do: [{conv: 3}]}]")
    assert [place.path for place in found.places("x")] == ["x"]  # the whole path of the folder
    found = layers("[{name: a, do: [{conv: 2, name: x}]}, {name: b, do: [{name: x, do: [{conv: 3}]}]}]")
    assert {place.path for place in found.places("x")} == {"a/x", "b/x"}
    merge = layers("[{add: [identity, {conv: 3, kernel: 1}]}]", "4x4x3")["add1"]
    assert isinstance(merge, Row)  # and not the folder of its branches


def test_windows_that_do_not_tile_are_listed() -> None:
    found = layers("[{conv: 2, kernel: 3, stride: 2}, {maxpool: 2}, {conv: 2, kernel: 1}]", "8x9x1")
    assert [row.path for row in found.inexact] == ["conv1", "maxpool1"]
    symbolic = layers("[{maxpool: 2}, relu]", "HxWx1")
    assert [row.exact for row in symbolic] == [True, None, True]
    assert layers("[{maxpool: 2}]", "2hx2wx1")["maxpool1"].exact is True


def test_conditions_name_their_layer() -> None:
    found = layers("[{conv: 6, kernel: 5, groups: 2}, {maxpool: 3, stride: 2}, relu, {add: [identity, {conv: 6}]}]", "HxWxC")
    assert {str(condition): path for condition, path in found.conditions.items()} == {
        "H >= 7": "maxpool1", "W >= 7": "maxpool1", "C >= 1": "", "C divisible by 2": "conv1",
    }  # fmt: skip
    assert found.as_dict()["conditions"] == [str(condition) for condition in found.conditions]
    assert "conditions" not in layers("[relu]").as_dict()


def test_a_batch_of_symbols() -> None:
    found = report("input: 4x4x1\nlayers: [{conv: 2}]", batch="N")
    assert str(found.total.macs) == "32*N"
    assert at(found.total.values, {"N": 5}) == 5 * (16 + 32)  # type: ignore[arg-type]  # nothing is traced here
