"""Derivations: what they print comes to the report's number, in textbook form, for every layer and quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.dims import Traced, at, symbol
from cnncalc.errors import SpecError
from cnncalc.output.sheets.explanation import text
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.spec.expressions import parse
from cnncalc.spec.scope import Scope
from cnncalc.study.derive.derivation import AXES, COSTS, DERIVED, LAYER, NETWORK, QUANTITIES, SEEN, derive, explain, total

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.study.derive.derivation import Derivation, DerivationLine

ODD: dict[str, Any] = {
    "input": "33x40x12",
    "layers": [
        {"conv": 16, "kernel": [3, 5], "stride": [2, 1], "pad": [1, 0, 2, 2], "dilation": 2, "groups": 4},
        {"depthwise": 3, "multiplier": 2, "pad": "same", "stride": 2},
        {"upconv": 8, "kernel": 4, "stride": 2, "pad": 1, "output_pad": 1},
        {"maxpool": 3, "stride": 2, "round": "ceil", "pad": 1},
        {"adaptivepool": 3},
        "bn",
        "prelu",
        {"gn": 2},
        {"ln": "", "scale": False},
        {"upsample": 2},
        {"zeropad": 1, "channels": 4},
        {"crop": [1, 0, 0, 1]},
        {"slice": [2, 10]},
        {"pixelshuffle": 2},
        {"add": ["identity", {"conv": 2, "bias": False}]},
        {"concat": {"a": {"conv": 3}, "b": {"conv": 4, "kernel": [1, 5], "pad": "same"}, "c": {"conv": 4, "kernel": 3, "pad": 1}}},
        {"multiply": ["identity", ["gap", {"conv": 11}, "sigmoid"]]},
        {"side": ["gap", {"fc": 3, "name": "aside"}]},
        {"split": 11},
        {"mean": ""},
        {"lrn": 5},
        {"resize": "", "to": [11, 10]},
        {"local": 12, "kernel": 3},
        {"resize": "", "factor": 1.5, "mode": "bilinear"},
        {"blur": "", "stride": 2},
        {"eca": ""},
        {"split": 3},
        {"attention": 2, "window": 3, "shift": 1, "position": "table"},
        {"rearrange": "h w (g c) -> h w (c g)", "g": 2},
        {"concat": ["identity", {"learned": [7, 6, 2]}], "along": "channels"},
        "grn",
        {"subsample": 2},
        "flatten",
        {"fc": 7, "bias": False},
        {"rbf": 4},
        "softmax",
    ],
}
SYMBOLIC: dict[str, Any] = {
    "input": "HxWxC",
    "params": {"K": None},
    "layers": [
        {"conv": "K", "kernel": 7, "stride": 2, "pad": 3, "name": "first"},
        "relu",
        {"maxpool": 3, "stride": 2, "round": "ceil", "name": "pool"},
        {"add": {"long": [{"conv": "2*K", "kernel": 3, "pad": 1}, {"conv": "K", "kernel": 3, "pad": 1}], "short": "identity"}},
        {"conv": "4*K", "kernel": 3, "pad": "same", "stride": 2, "groups": "K"},
        "gap",
        {"fc": 10},
    ],
}
SMALL = ("alexnet", "alexnet_two_gpu", "lenet5", "resnet18")
NETWORKS: dict[str, Any] = {name: {"network": name} for name in SMALL} | {
    "odd": {"network": ODD},
    "odd, everything": {"network": ODD, "batch": 3, "dtype": "float16", "sides": True, "bias": False},
    "symbolic": {"network": SYMBOLIC},
    "symbolic batch": {"network": SYMBOLIC, "batch": "N", "set": {"K": 8}},
}


@pytest.fixture(scope="module", params=NETWORKS)
def report(request: pytest.FixtureRequest) -> Report:
    return cnncalc.analyze(**NETWORKS[request.param])


def arithmetic(text: str, names: dict[str, Any] | None = None) -> Any:
    """What a text comes to in the spec's own arithmetic; letters that have no value are symbols."""
    expression = parse(text)
    return expression.evaluate(Scope({**{name: symbol(name) for name in expression.names}, **(names or {})}))


def same(one: Any, other: Any) -> bool:
    """Equal, as formulas or at many points: floors can be written in several ways."""
    points = [{"H": 16 + 3 * i, "W": 17 + 5 * i, "C": 8 * i, "K": i, "N": 1 + i, "n": i} for i in range(1, 30)]
    return bool(one == other) or all(at(one, point) == at(other, point) for point in points)


def result(derivation: Derivation) -> Any:
    """What the lines lead to."""
    values = {line.symbol: line.value for line in derivation.lines if line.symbol}
    if derivation.quantity == "output":
        return tuple(values.values())
    if derivation.quantity in SEEN:
        letter = "r" if derivation.quantity == "receptive_field" else "j"
        return (values[letter],) * 2 if letter in values else (values[f"{letter}_h"], values[f"{letter}_w"])
    return derivation.lines[-1].value


def check_lines(derivation: Derivation) -> None:
    """Every right-hand side comes to the line's value, and so does the rule with the numbers that the legend gives."""
    names = {symbol.symbol.replace("'", "_out"): symbol.value for symbol in derivation.symbols if symbol.value is not None}
    for line in derivation.lines:
        if isinstance(line.sum, Traced):
            assert same(arithmetic(line.sum.worked("ascii")), line.value), line
            if derivation.row is not None and derivation.quantity not in SEEN:
                assert same(arithmetic(line.sum.rule("ascii"), names), line.value), line


def test_every_printed_side_comes_to_the_reports_number(report: Report) -> None:
    for row in report.rows:
        for name in (*COSTS, "output"):
            derivation = derive(report, row, name)
            check_lines(derivation)
            assert derivation.value == getattr(row, name) == result(derivation)


def test_axes_are_those_of_the_output(report: Report) -> None:
    for row in report.rows:
        for i, name in enumerate(AXES):
            derivation = derive(report, row, name)
            assert [derivation.value] == [row.output[i]] == [line.value for line in derivation.lines]


def test_the_way_leads_to_what_is_seen(report: Report) -> None:
    for row in report.rows:
        for name in SEEN:
            derivation = derive(report, row, name)
            check_lines(derivation)
            if None not in derivation.value:
                assert derivation.value == getattr(row, name) == result(derivation)


def test_totals_are_the_sums_of_what_is_shown(report: Report) -> None:
    for name in NETWORK:
        derivation = derive(report, None, name)
        check_lines(derivation)
        assert derivation.value == getattr(report.total, name) == result(derivation)
        if name not in ("weight_layers", "param_bytes"):
            assert sum(line.value for line in derivation.lines[:-1]) == derivation.value


def test_folders_add_up() -> None:
    report = cnncalc.analyze("resnet18")
    for name in COSTS:
        whole = derive(report, None, name)
        for line in whole.lines[:-1]:
            if line.label not in {row.path for row in report}:
                inside = derive(report, report.place(line.label), name)
                assert inside.value == line.value
                assert inside.lines[-1].value == line.value
                assert result(inside) == sum(each.value for each in inside.lines[:-1])


@pytest.mark.parametrize("counting", CONVENTIONS)
def test_every_convention_is_explained(counting: str) -> None:
    for network in ("lenet5", ODD):
        report = cnncalc.analyze(network, counting=counting)
        for row in [*report.rows, None]:
            derivation = derive(report, row, "flops")
            check_lines(derivation)
            assert derivation.value == result(derivation) == (row or report.total).flops
            assert result(derive(report, row, "params")) == (row or report.total).params


# What is asked for in words


def asked(report: Report, *words: str) -> str:
    """The message for what cannot be explained."""
    with pytest.raises(SpecError) as caught:
        explain(report, *words)
    return str(caught.value)


def test_layers_and_quantities_by_their_names() -> None:
    report = cnncalc.analyze("resnet18")
    assert [each.quantity for each in explain(report)] == [*NETWORK]
    assert [each.quantity for each in explain(report, "conv1")] == [*LAYER]
    assert explain(report, "conv2_x/basic1/add1/residual/conv1")[0].row is report["conv2_x/basic1/add1/residual/conv1"]
    assert explain(report, "conv2_x/basic1/add1")[0].row is report["conv2_x/basic1/add1"]
    assert [each.quantity for each in explain(report, "conv2_x")] == [*COSTS]
    assert explain(report, "params")[0].value == report.total.params
    assert explain(report, "conv1", "Memory")[0].value == report["conv1"].bytes
    assert explain(report, "conv1", "receptive-field")[0].value == report["conv1"].receptive_field
    assert explain(report, "conv2_x", "activations")[0].quantity == "values"
    assert explain(report, "output")[0].value == report.outputs[-1]
    assert explain(report, "fc", "output")[0].label == "fc"
    assert all(derive(report, None, name) for name in QUANTITIES)


def test_of_a_network_that_is_one_layer_the_layer_is_explained() -> None:
    report = cnncalc.analyze("conv 96 11x11 /4", input="227x227x3")
    assert {each.label for each in explain(report)} == {"conv1"}
    assert [each.quantity for each in explain(report)] == [*LAYER]
    assert explain(report, "params")[0].label == "conv1"
    assert explain(report, "width")[0].label == "conv1"
    assert explain(report, "param_bytes")[0].label == ""


def test_a_layer_comes_before_a_quantity_of_its_name() -> None:
    report = cnncalc.analyze("lenet5")
    assert explain(report, "OUTPUT")[0].label == "OUTPUT"
    assert explain(report, "output")[0].quantity == "output"


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["conv9_x"], "resnet18 has no layer 'conv9_x'", "did you mean 'conv"),
        (["CONV1"], "resnet18 has no layer 'CONV1'", "did you mean 'conv1'?"),
        (["parms"], "resnet18 has no layer 'parms'", "did you mean 'params'?"),
        (["zzz"], "resnet18 has no layer 'zzz'", "cnncalc show lists the layers"),
        (["zzz", "params"], "resnet18 has no layer 'zzz'", "cnncalc show lists the layers"),
        (["residual/conv1"], "'residual/conv1' is ambiguous: 8 matches (conv2_x/basic1/add1/residual/conv1, conv2_x", "more of the path"),
        (
            ["basic1"],
            "'basic1' is ambiguous: 4 matches (conv2_x/basic1, conv3_x/basic1, conv4_x/basic1, conv5_x/basic1)",
            "more of the path",
        ),
        (["conv1", "parms"], "no metric 'parms'", "did you mean 'params'?"),
        (["conv1", "zzz"], "no metric 'zzz'", "known: output, height"),
        (["conv1", "weight_layers"], "a layer has no weight_layers", "of a layer: output, weights"),
        (["conv2_x", "output"], "conv2_x is a folder of layers: its output cannot be explained", "one of weights, biases"),
        (["conv2_x", "weight_layers"], "conv2_x is a folder of layers: its weight_layers cannot be explained", "one of weights"),
    ],
)
def test_what_cannot_be_explained(words: list[str], message: str, hint: str) -> None:
    found = asked(cnncalc.analyze("resnet18"), *words)
    assert message in found
    assert hint in found


def test_side_exits_are_explained_apart() -> None:
    report = cnncalc.analyze("googlenet")
    apart = [row for row in report if row.side and row.params != 0]
    assert derive(report, None, "params").value == report.total.params
    counted = cnncalc.analyze("googlenet", sides=True)
    assert derive(counted, None, "params").value == report.total.params + sum(row.params for row in apart)
    folder = apart[0].path.partition("/")[0]
    assert derive(report, report.place(folder), "params").value == sum(row.params for row in apart if row.path.startswith(f"{folder}/"))


def lines_of(derivation: Derivation) -> list[DerivationLine]:
    return derivation.lines


def test_nothing_is_asked_of_what_was_given() -> None:
    report = cnncalc.analyze("alexnet")
    before = report.as_dict()
    rows: list[Row | None] = [*report.rows, None]
    for row in rows:
        for name in LAYER if row is not None else NETWORK:
            assert lines_of(derive(report, row, name))
    assert report.as_dict() == before


def test_of_very_many_layers_only_the_figures_are_shown() -> None:
    found = cnncalc.analyze({"input": "8x8x3", "layers": [{"conv": 3, "repeat": DERIVED + 1}]})
    summed = total(found, "params")
    assert [line.sum for line in summed.lines[:-1]] == [12] * (DERIVED + 1)
    check_lines(summed)
    few = cnncalc.analyze({"input": "8x8x3", "layers": [{"conv": 3, "repeat": DERIVED}]})
    assert isinstance(total(few, "params").lines[0].sum, Traced)


def test_of_a_very_long_way_only_the_end_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.study.derive.derivation.STEPS", 10)
    found = cnncalc.analyze({"input": "64x32x3", "layers": [{"conv": 3, "kernel": [3, 2], "repeat": 6}]})
    lines = derive(found, found.rows[-1], "receptive_field").lines
    assert [(line.symbol, line.sum) for line in lines] == [("r_h", 13), ("r_w", 7)]


def test_why_there_is_no_number() -> None:
    layers = [{"repeat": 120, "do": [{"upsample": 1000}, {"maxpool": 1000, "stride": 999}]}]
    found = explain(cnncalc.analyze({"input": "8x8x3", "layers": layers}), "maxpool120", "jump")
    assert "From there on, it is unknown: numbers have more than 1,024 bits, or too many units differ." in text(found[0])
    branches = {"add": [{"conv": 1, "stride": 2}, {"crop": [0, 4, 0, 4]}]}
    found = explain(cnncalc.analyze({"input": "9x9x1", "layers": [branches, "relu"]}), "add1", "jump")
    assert "From there on, it differs between the branches of a merge." in text(found[0])
