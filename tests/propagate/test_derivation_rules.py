"""Rules as a textbook prints them: without what vanishes, with names that tell sides apart, and with what windows leave."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.dims import Traced, at
from cnncalc.output.sheets.explanation import text
from cnncalc.study.derive.derivation import COSTS, derive
from tests.spec_text import layers
from tests.study.derive.test_derivation import SYMBOLIC, arithmetic

CONV1 = {
    "height": ("⌊(H − F + 2P)/S⌋ + 1", "⌊(227 − 11 + 2·0)/4⌋ + 1", 55),
    "width": ("⌊(W − F + 2P)/S⌋ + 1", "⌊(227 − 11 + 2·0)/4⌋ + 1", 55),
    "depth": ("K", "96", 96),
    "weights": ("(F·F·C)·K", "(11·11·3)·96", 34848),
    "biases": ("K", "96", 96),
    "params": ("(F·F·C)·K + K", "(11·11·3)·96 + 96", 34944),
    "macs": ("(F·F·C)·K·H'·W'", "(11·11·3)·96·55·55", 105415200),
    "flops": ("2·(F·F·C)·K·H'·W' + H'·W'·K", "2·(11·11·3)·96·55·55 + 55·55·96", 211120800),
    "values": ("H'·W'·K", "55·55·96", 290400),
    "bytes": ("B·H'·W'·K", "4·55·55·96", 1161600),
}


@pytest.mark.parametrize("quantity", CONV1)
def test_a_convolution_as_in_a_textbook(quantity: str) -> None:
    report = cnncalc.analyze("alexnet")
    (line,) = derive(report, report["CONV1"], quantity).lines
    assert (line.sum.rule(), line.sum.worked(), line.value) == CONV1[quantity]


RULES = [
    ("{conv: 8, kernel: 3}", "height", "⌊(H − F + 2P)/S⌋ + 1"),
    ("{conv: 8, kernel: 3, dilation: 2}", "height", "⌊(H − D·(F − 1) − 1 + 2P)/S⌋ + 1"),
    ("{conv: 8, kernel: 3, pad: same}", "height", "⌈H/S⌉"),
    ("{conv: 8, kernel: [3, 1], pad: [1, 0]}", "height", "⌊(H − F_h + 2P_h)/S⌋ + 1"),
    ("{conv: 8, kernel: [3, 1], pad: [1, 0]}", "width", "⌊(W − F_w + 2P_w)/S⌋ + 1"),
    ("{conv: 8, kernel: [3, 1], pad: [1, 0]}", "weights", "(F_h·F_w·C)·K"),
    ("{conv: 8, kernel: 3, pad: [0, 1, 1, 1]}", "height", "⌊(H − F + P_t + P_b)/S⌋ + 1"),
    ("{conv: 8, kernel: 3, pad: [0, 1, 1, 1]}", "width", "⌊(W − F + 2P_w)/S⌋ + 1"),
    ("{conv: 8, kernel: 3, groups: 2}", "weights", "(F·F·(C/G))·K"),
    ("{conv: 8, kernel: 3, bias: false}", "params", "(F·F·C)·K"),
    ("{conv: 3, connections: [[0], [0, 1], [2, 3]]}", "weights", "F·F·5"),
    ("{conv: 3, connections: [[0], [0, 1], [2, 3]]}", "macs", "F·F·5·H'·W'"),
    ("{depthwise: 3}", "weights", "F·F·C"),
    ("{depthwise: 3, multiplier: 2}", "depth", "C·M"),
    ("{upconv: 8, kernel: 2, stride: 2}", "height", "(H − 1)·S + F − 2P"),
    ("{upconv: 8, kernel: 2, stride: 2, output_pad: 1}", "height", "(H − 1)·S + F − 2P + A"),
    ("{upconv: 8, kernel: 2, stride: 2}", "macs", "(F·F·C)·K·H·W"),
    ("{maxpool: 2}", "height", "⌊(H − F + 2P)/S⌋ + 1"),
    ("{maxpool: 3, stride: 2, round: ceil}", "height", "min(⌈(H − F + 2P)/S⌉, ⌊(H + P − 1)/S⌋) + 1"),
    ("{maxpool: 2}", "flops", "F·F·H'·W'·C"),
    ("gap", "flops", "H·W·C"),
    ("gap", "values", "C"),
    ("{adaptivepool: 2}", "flops", "(⌈H/O⌉ + ⌈2H/O⌉ − ⌊H/O⌋)·(⌈W/O⌉ + ⌈2W/O⌉ − ⌊W/O⌋)·C"),
    ("{fc: 10}", "params", "(H·W·C)·K + K"),
    ("{rbf: 10}", "buffers", "(H·W·C)·K"),
    ("bn", "params", "2C"),
    ("bn", "buffers", "2C"),
    ("relu", "flops", "H·W·C"),
    ("relu", "height", "H"),
    ("flatten", "depth", "H·W·C"),
    ("{upsample: 2}", "height", "H·S"),
    ("{pixelshuffle: 2}", "depth", "C/(R·R)"),
    ("{zeropad: [0, 1, 2, 3], channels: 4}", "output", "H + P_t + P_b; W + P_l + P_r; C + Z"),
    ("{crop: 1}", "height", "H − 2P"),
    ("{slice: [1, 4]}", "depth", "end − first"),
    ("{split: 2}", "depth", "C/n"),
    ("{add: [identity, relu, relu]}", "flops", "2H·W·C"),
    ("{mean: [identity, relu, relu]}", "flops", "3H·W·C"),
    ("{concat: [identity, {conv: 5}, {conv: 6}]}", "depth", "C_1 + C_2 + C_3"),
    ("{concat: [identity, relu]}", "depth", "2C"),
]


@pytest.mark.parametrize(("step", "quantity", "rule"), RULES)
def test_rules_without_what_vanishes(step: str, quantity: str, rule: str) -> None:
    report = layers(f"[{step}]")
    found = derive(report, report.rows[-1] if quantity != "macs" else report.rows[1], quantity)
    shown = [line.sum.rule() if isinstance(line.sum, Traced) else str(line.sum) for line in found.lines]
    assert "; ".join(shown) == rule


def test_batch_and_size_of_a_value_have_names() -> None:
    report = cnncalc.analyze("alexnet", batch=8, dtype="float16")
    (line,) = derive(report, report["CONV1"], "bytes").lines
    assert (line.sum.rule(), line.sum.worked()) == ("B·N·H'·W'·K", "2·8·55·55·96")
    symbolic = cnncalc.analyze("alexnet", batch="n")
    assert derive(symbolic, symbolic["CONV1"], "macs").lines[0].sum.worked() == "n·(11·11·3)·96·55·55"


def test_the_receptive_field_step_by_step() -> None:
    report = cnncalc.analyze("alexnet")
    found = [(line.label, line.symbol, line.sum.worked() if isinstance(line.sum, Traced) else "", line.value)
             for line in derive(report, report["CONV3"], "receptive_field").lines]  # fmt: skip
    assert found == [
        ("input", "r", "", 1),
        ("input", "j", "", 1),
        ("CONV1", "r", "1 + (11 − 1)·1", 11),
        ("CONV1", "j", "1·4", 4),
        ("POOL1", "r", "11 + (3 − 1)·4", 19),
        ("POOL1", "j", "4·2", 8),
        ("CONV2", "r", "19 + (5 − 1)·8", 51),
        ("POOL2", "r", "51 + (3 − 1)·8", 67),
        ("POOL2", "j", "8·2", 16),
        ("CONV3", "r", "67 + (3 − 1)·16", 99),
    ]
    assert {line.sum.rule() for line in derive(report, report["CONV3"], "receptive_field").lines[2:]} == {"r + (F − 1)·j", "j·S"}
    assert [line.symbol for line in derive(report, report["CONV3"], "jump").lines] == ["j"] * 4


def test_where_branches_meet_in_different_places() -> None:
    report = layers("[{concat: [{crop: [4, 0, 0, 0]}, {conv: 1, kernel: [5, 1], pad: [0, 0]}]}]")
    lines = derive(report, report.rows[-1], "receptive_field").lines
    assert [(line.label, line.symbol, line.sum.rule()) for line in lines if isinstance(line.sum, Traced)] == [
        ("concat1/conv1", "r_h", "r_h + (F_h − 1)·j_h"),
    ]
    shifted = layers("[{add: [{crop: [2, 0, 0, 0]}, {crop: [0, 2, 0, 0]}]}]")
    (line,) = (line for line in derive(shifted, shifted.rows[-1], "receptive_field").lines if isinstance(line.sum, Traced))
    assert line.value == 3 == arithmetic(line.sum.worked("ascii"))


def test_fractions_behind_a_transposed_convolution() -> None:
    report = layers("[{upconv: 8, kernel: 4, stride: 2, pad: 1}, {conv: 8, kernel: 2}]")
    lines = derive(report, report.rows[-1], "receptive_field").lines
    assert [(line.sum.rule(), line.value) for line in lines[2:4]] == [("r + (⌈F/S⌉ − 1)·j", 2), ("j·(1/S)", Fraction(1, 2))]
    assert lines[4].sum == 3  # of two units, each between two pixels; or 2, where both are between the same
    assert text(derive(report, report.rows[-1], "receptive_field")).endswith(
        "Units differ: r is the largest receptive field, 2 the smallest; j is an average.\n"
        "Numbers without a formula were computed unit by unit."
    )


def test_what_windows_leave() -> None:
    def remainders_at(step: str, size: int = 8) -> list[Any]:
        report = layers(f"[{step}]", input=f"{size}x9x4")
        found = [line.rest for line in derive(report, report.rows[-1], "output").lines]
        return [(rest.axis, rest.left, rest.over, rest.padding, rest.fits) if rest else None for rest in found]

    assert remainders_at("{conv: 1, kernel: 3, stride: 2}") == [("row", 1, False, False, ("9",)), None, None]
    assert remainders_at("{conv: 1, kernel: 3, stride: 3}") == [("row", 2, False, False, ("9", "pad 2")), None, None]
    assert remainders_at("{conv: 1, kernel: 3, stride: 2, pad: 1}") == [("row", 1, False, True, ("9",)), None, None]
    assert remainders_at("{maxpool: 3, stride: 2, round: ceil}") == [("row", 1, True, False, ("9",)), None, None]
    assert remainders_at("{conv: 1, kernel: 3, stride: 2, pad: same}") == [None, None, None]
    assert remainders_at("relu") == [None, None, None]


def test_the_layers_of_a_networks_depth() -> None:
    report = cnncalc.analyze("googlenet")
    derivation = derive(report, None, "weight_layers")
    rows = [report[line.label] for line in derivation.lines[:-1]]
    assert all(row.layer.is_weight_layer for row in rows)
    assert len(rows) == derivation.value == report.total.weight_layers == 22
    assert derivation.lines[-1].sum.rule() == "conv + fc"
    places = {row.path: i for i, row in enumerate(report.rows)}
    assert [places[row.path] for row in rows] == sorted(places[row.path] for row in rows)


sizes = st.integers(1, 60)


@given(sizes, sizes, st.integers(1, 7), st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_windows_counted_one_by_one(height: int, width: int, down: int, across: int, stride: int, pad: int, dilation: int) -> None:
    spans = dilation * (down - 1) + 1, dilation * (across - 1) + 1
    places = [
        len(range(0, size + 2 * pad - span + 1, stride))
        for size, span in zip((height, width), spans, strict=True)
        if size + 2 * pad >= span
    ]
    if len(places) < 2:
        return
    step = f"{{conv: 5, kernel: [{down}, {across}], stride: {stride}, pad: {pad}, dilation: {dilation}}}"
    report = layers(f"[{step}]", input=f"{height}x{width}x3")
    lines = derive(report, report.rows[-1], "output").lines
    assert [arithmetic(line.sum.worked("ascii")) for line in lines] == [*places, 5]


@given(st.integers(40, 90), st.integers(40, 90), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_symbols_agree_with_numbers(height: int, width: int, filters: int) -> None:
    symbolic = cnncalc.analyze(SYMBOLIC)
    numbers = cnncalc.analyze(SYMBOLIC, input=[height, width, 8], set={"K": filters})
    point = {"H": height, "W": width, "C": 8, "K": filters}
    for path in ("first", "pool", "add1", "fc1"):
        for name in COSTS:
            derivation = derive(symbolic, symbolic[path], name)
            assert at(derivation.lines[0].value, point) == derive(numbers, numbers[path], name).value
