"""The deployed form: merged convolutions compute the same numbers, and parameters and MACs are those of the merged networks."""

from __future__ import annotations

import json
import random
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from tests.cli.run import run
from tests.spec_text import layers

if TYPE_CHECKING:
    from cnncalc.graph.network_graph import Graph, Node

Picture = dict[tuple[int, ...], int]  # by row, column and channel; 0 elsewhere


class TrainedNetwork:
    """A network with random whole weights, computed by its definition."""

    def __init__(self, graph: Graph, seed: int = 1) -> None:
        self.graph = graph
        self.random = random.Random(seed)
        self.numbers: dict[Any, int] = {}

    def number(self, *key: Any) -> int:
        """Return a weight."""
        return self.numbers.setdefault(key, self.random.randint(-9, 9))

    def __call__(self, x: Picture) -> Picture:
        """Compute the output."""
        found: list[Picture] = []
        for node in self.graph.nodes:
            found.append(self.compute(node, [found[at] for at in node.inputs]) if node.inputs else x)
        return found[self.graph.outputs[0]]

    def compute(self, node: Node, xs: list[Picture]) -> Picture:
        """Compute a layer."""
        layer, name, y = node.placed.layer, node.path, node.placed.output
        places = list(product(*map(range, y)))
        if layer.kind in ("conv", "depthwise"):
            return convolved(layer, node.placed.inputs[0].c, places, xs[0], lambda *key: self.number(name, *key))
        if layer.kind == "fc":
            return {
                (0, 0, k): self.number(name, k) + sum(self.number(name, k, at) * value for at, value in xs[0].items()) for _, _, k in places
            }
        if layer.kind == "bn":
            return {at: xs[0][at] * self.number(name, "scale", at[2]) + self.number(name, "shift", at[2]) for at in places}
        if layer.kind == "layerscale":
            return {at: xs[0][at] * self.number(name, "scale", at[2]) for at in places}
        if layer.kind in ("dropout", "droppath", "identity"):
            return xs[0]
        if layer.kind == "subtract":
            return {at: xs[0][at] - sum(x[at] for x in xs[1:]) for at in places}
        assert layer.kind in ("add", "mean")  # a mean of whole numbers is compared as its sum
        return {at: sum(x[at] for x in xs) for at in places}


def convolved(layer: Any, channels: Any, places: list[Any], x: Picture, number: Any) -> Picture:
    """Compute a convolution by its definition; zeros around the input."""
    y: Picture = {}
    groups = channels if layer.kind == "depthwise" else layer.groups
    filters = channels * layer.multiplier if layer.kind == "depthwise" else layer.filters
    (rows, columns), (down, right), dilation = layer.kernel, layer.stride, layer.dilation
    top, left = (window.before for window in layer.windows)
    for h, w, k in places:
        first = k // (filters // groups) * (channels // groups)
        y[h, w, k] = number("bias", k) if layer.bias else 0
        for i, j, c in product(range(rows), range(columns), range(first, first + channels // groups)):
            at = (h * down - top + i * dilation[0], w * right - left + j * dilation[1], c)
            if at in x:
                y[h, w, k] += number(i, j, c, k) * x[at]
    return y


def merged_weights(trained: TrainedNetwork, layer: Any, size: int, channels: int) -> dict[Any, int]:
    """Read the bias and kernels of a merged convolution off the trained network's answers to zeros and to single ones."""
    zeros: Picture = dict.fromkeys(product(range(size), range(size), range(channels)), 0)
    nothing = trained(zeros)
    h, w, filters = (1 + max(at[i] for at in nothing) for i in range(3))
    middle, weights = (h // 2, w // 2), dict[Any, int]()
    for k in range(filters):
        weights["bias", k] = nothing[(middle[0], middle[1], k)]
    top, left = (window.before for window in layer.windows)
    for i, j, c in product(range(layer.kernel[0]), range(layer.kernel[1]), range(channels)):
        at = (
            middle[0] * layer.stride[0] - top + i * layer.dilation[0],
            middle[1] * layer.stride[1] - left + j * layer.dilation[1],
            c,
        )
        assert at in zeros
        answer = trained({**zeros, at: 1})
        for k in range(filters):
            weights[i, j, c, k] = answer[(middle[0], middle[1], k)] - nothing[(middle[0], middle[1], k)]
    return weights


BN_BRANCHES = "[{conv: 2, kernel: 3, pad: 1, bias: false}, bn], [{conv: 2, bias: false}, bn]"
MERGED = {  # steps, and the parameters and MACs of the one layer that they become, on 7×7×2
    "[{conv: 3, kernel: 3, pad: 1, bias: false}, bn]": (3 * 18 + 3, 49 * 54),
    "[{conv: 3, kernel: 3, pad: 1, dilation: 2, stride: 2}, bn]": (3 * 18 + 3, 9 * 54),
    "[{depthwise: 3, pad: 1, multiplier: 2, bias: false}, bn]": (4 * 9 + 4, 49 * 36),
    "[bn, {conv: 3, bias: false}]": (3 * 2 + 3, 49 * 6),
    "[bn, {conv: 3, kernel: 3, bias: false}]": (3 * 18 + 3, 25 * 54),
    "[{conv: 3, bias: false}, {layerscale}]": (3 * 2, 49 * 6),
    "[{conv: 3, bias: false}, dropout, bn, dropout]": (3 * 2 + 3, 49 * 6),
    f"[{{add: [{BN_BRANCHES}, bn]}}]": (2 * 18 + 2, 49 * 36),  # RepVGG
    f"[{{add: [identity, {BN_BRANCHES}]}}]": (2 * 18 + 2, 49 * 36),
    f"[{{add: [{BN_BRANCHES}]}}, bn]": (2 * 18 + 2, 49 * 36),
    "[{add: [{conv: 2, kernel: 3, pad: 1, stride: 2, bias: false}, {conv: 2, stride: 2, bias: false}]}]": (2 * 18, 16 * 36),
    "[{add: [{conv: 2, bias: false}, {conv: 2, bias: false}, {conv: 2, bias: false}]}]": (2 * 2, 49 * 4),  # MobileOne's pointwise
    "[{add: [[{depthwise: 3, pad: 1, bias: false}, bn], bn]}]": (2 * 9 + 2, 49 * 18),  # RepGhost
    "[{add: [{depthwise: 5, pad: 2}, {conv: 2, kernel: 3, pad: 1, groups: 2}, identity]}]": (2 * 25 + 2, 49 * 50),
    "[{add: [{conv: 2, kernel: [1, 3], pad: [0, 1]}, {conv: 2, kernel: [3, 1], pad: [1, 0]}, {conv: 2, kernel: 3, pad: 1}]}]": (
        38,
        49 * 36,
    ),
    "[{add: [{conv: 2, kernel: 3, pad: 2, dilation: 2}, {conv: 2}, identity]}]": (38, 49 * 36),
    "[{subtract: [[{depthwise: 3, pad: 1}, bn], bn]}, {layerscale}]": (20, 49 * 18),
    "[{mean: [{conv: 2, kernel: 3, pad: 1}, {conv: 2}]}]": (38, 49 * 36),
    "[{add: [identity, [{subtract: [[{depthwise: 3, pad: 1}, bn], bn]}, {layerscale}]]}]": (20, 49 * 18),  # FastViT's token mixer
}


@pytest.mark.parametrize("steps", MERGED)
def test_one_convolution_computes_the_same_numbers(steps: str) -> None:
    found = layers(steps, "7x7x2", deployed=True)
    assert len(found.rows) == 2
    row = found.rows[1]
    assert (found.total.params, found.total.macs) == MERGED[steps]
    assert (found.total.buffers, found.graph.deployed.kept) == (0, {})  # type: ignore[union-attr]  # it is deployed
    trained = TrainedNetwork(layers(steps, "7x7x2").graph)
    weights = merged_weights(trained, row.layer, 7, 2)
    numbers = random.Random(2)
    x: Picture = {at: numbers.randint(-9, 9) for at in product(range(7), range(7), range(2))}
    places = list(product(*map(range, row.output)))
    assert row.layer.bias or not any(weights["bias", k] for k in range(row.output[-1]))  # type: ignore[attr-defined]  # a convolution
    assert convolved(row.layer, 2, places, x, lambda *key: weights[key]) == trained(x)


@pytest.mark.parametrize(
    ("steps", "where", "reason"),
    [
        ("[relu, bn]", "bn1", "comes after relu"),
        ("[{concat: [{conv: 2}, {conv: 2}]}, bn]", "bn1", "comes after concat"),
        ("[{conv: 2, name: c}, bn, {add: [identity, {identity, from: c}]}]", "bn1", "is not the only layer after c"),
        ("[relu, bn, {conv: 2, kernel: 3, pad: 1}]", "bn1", "comes after relu, and its shift is lost at the edges of conv1"),
        ("[{conv: 2, name: a}, {conv: 2, weights: a}, bn]", "bn1", "shares weights"),
        (
            "[{add: [{conv: 2, stride: 2}, {conv: 2, kernel: 2, stride: 2, groups: 2}]}]",
            "add1",
            "has branches with several numbers of groups",
        ),
        (
            "[{add: [{conv: 2, kernel: [1, 3], pad: [0, 1]}, {conv: 2, kernel: [3, 1], pad: [1, 0]}]}]",
            "add1",
            "known to cover the others",
        ),
        (
            "[{add: [{conv: 2, kernel: 5, pad: 2}, {conv: 2}, {conv: 2, kernel: 3, pad: 1, mode: replicate}]}]",
            "add1",
            "padding",
        ),
        ("[{add: [{conv: 2, kernel: 3, pad: 2, dilation: 2}, {conv: 2, kernel: 3, pad: 1}]}]", "add1", "known to cover the others"),
        ("[{add: [{conv: 2, kernel: 3, pad: 1}, [{conv: 2}, relu], {conv: 2}]}]", "add1", "another input or with activations"),
    ],
)
def test_what_stays_is_listed(steps: str, where: str, reason: str) -> None:
    found = layers(steps, "8x8x2", deployed=True)
    kept = found.graph.deployed.kept  # type: ignore[union-attr]  # it is deployed
    assert [path for path in kept if path.endswith(where)] == [where]
    assert reason in kept[where]
    trained = layers(steps, "8x8x2")
    assert [row.path for row in found if row.kind != "identity"] == [row.path for row in trained if row.kind != "identity"]
    assert (found.total.params, found.total.macs) == (trained.total.params, trained.total.macs)


@pytest.mark.parametrize(
    ("input", "pad", "params"), [("160x4", "1", 3), ("160x4", "causal", 3), ("HxWx4", "same", 9), ("8x8x8x4", "1", 27)]
)
def test_inputs_of_every_rank(input: str, pad: str, params: int) -> None:
    small = "{conv: 4}" if pad != "same" else "{conv: 4, pad: same}"
    found = layers(f"[{{add: [[{{conv: 4, kernel: 3, pad: {pad}}}, bn], [{small}, bn], bn]}}]", input, deployed=True)
    assert ([row.kind for row in found], found.total.params) == (["input", "conv"], 16 * params + 4)


def test_nothing_may_be_left() -> None:
    assert [row.kind for row in layers("[{identity: }, dropout]", deployed=True)] == ["input"]


def test_a_shift_before_a_padded_convolution_differs_at_the_edges() -> None:
    """The reason why such a batch norm stays."""
    trained = TrainedNetwork(layers("[bn, {conv: 1, kernel: 3, pad: 1, bias: false}]", "5x5x1").graph)
    zeros: Picture = dict.fromkeys(product(range(5), range(5), range(1)), 0)
    answer = trained(zeros)
    assert len(set(answer.values())) > 1


def test_a_residual_unit_keeps_its_sum_and_a_head_for_training_goes() -> None:
    unit = "{conv: 4, kernel: 3, pad: 1, bias: false}, bn, relu, {conv: 4, kernel: 3, pad: 1, bias: false}, bn"
    found = layers(f"[{{add: [identity, [{unit}]]}}, {{side: [gap, {{fc: 9}}]}}, gap, dropout, {{fc: 5}}]", deployed=True, sides=True)
    assert [row.kind for row in found] == ["input", "conv", "relu", "conv", "add", "gap", "fc"]
    assert (found.total.params, found.exits) == (2 * (144 + 4) * 1 + 2 * 0 + 25, None)
    assert not found.graph.deployed.kept  # type: ignore[union-attr]  # it is deployed


def test_norms_around_fully_connected_and_transposed_convolutions() -> None:
    assert layers("[gap, bn, {fc: 5, bias: false}, bn]", deployed=True).total.params == 4 * 5 + 5
    found = layers("[gap, {mean: [[bn, {fc: 5}], [bn, {fc: 5}]]}]", deployed=True)
    assert [row.kind for row in found] == ["input", "gap", "fc"]
    found = layers("[{upconv: 3, kernel: 2, stride: 2, bias: false}, bn]", deployed=True)
    assert (found.total.params, found.total.macs) == (4 * 4 * 3 + 3, 64 * 48)
    found = layers("[{conv: 3, kernel: 3, standardize: true, gain: true}, bn]", deployed=True)
    assert found.total.params == 36 * 3 + 3  # what standardizes the weights is applied to them


def test_frozen_cut_and_symbolic() -> None:
    steps = "[{conv: 4, kernel: 3, pad: 1, name: a}, {bn, name: b}, relu, {conv: 4, name: c}, {bn, name: d}]"
    assert layers(steps, deployed=True, freeze=["a", "b"]).total.frozen == 148
    assert layers(steps, deployed=True, freeze=["a"]).total.frozen == 0  # its scale trains
    found = layers(steps, deployed=True, until="b")
    assert [row.path for row in found] == ["input", "a"]
    assert str(layers(steps, "HxWxC", deployed=True).total.params) == "36*C + 24"
    assert str(layers(steps, "HxWx4", deployed=True).total.macs) == "160*H*W"


# Parameters and MACs (of Conv2d and Linear) after timm's reparameterize_model, timm 1.0.31, and how many of these parameters are those of
# batch norms and of scales that it does not fold: a folded batch norm leaves one bias for its two parameters, a folded scale nothing.
TIMM = {
    "repvgg_a0": (8_309_384, 1_361_451_008, 0, 0),
    "repvgg_a1": (12_789_864, 2_363_967_488, 0, 0),
    "repvgg_a2": (25_499_944, 5_116_951_552, 0, 0),
    "repvgg_b0": (14_339_048, 3_057_600_512, 0, 0),
    "repvgg_b1": (51_829_480, 11_815_485_440, 0, 0),
    "repvgg_b1g4": (36_125_416, 7_306_870_784, 0, 0),
    "repvgg_b2": (80_315_112, 18_376_609_792, 0, 0),
    "repvgg_b2g4": (55_777_512, 11_331_899_392, 0, 0),
    "repvgg_b3": (110_960_872, 26_208_882_688, 0, 0),
    "repvgg_b3g4": (75_626_728, 16_064_499_712, 0, 0),
    "mobileone_s0": (2_078_504, 275_110_400, 0, 0),
    "mobileone_s1": (4_764_840, 825_057_024, 0, 0),
    "mobileone_s2": (7_808_168, 1_298_426_496, 0, 0),
    "mobileone_s3": (10_078_312, 1_895_790_592, 0, 0),
    "mobileone_s4": (14_838_352, 2_979_269_760, 0, 0),
    "repghostnet_050": (2_306_528, 43_314_720, 7_144, 0),
    "repghostnet_100": (4_058_772, 142_394_128, 14_248, 0),
    "repghostnet_200": (9_766_460, 515_869_856, 28_496, 0),
    "fastvit_t8": (3_996_040, 685_160_448, 3_648, 1_824),
    "fastvit_t12": (7_508_840, 1_390_944_256, 5_888, 2_944),
    "fastvit_s12": (9_428_712, 1_793_597_440, 5_888, 2_944),
    "repvit_m1": (5_067_056, 815_617_344, 0, 0),
}


@pytest.mark.parametrize("name", TIMM)
def test_networks_of_timm(name: str) -> None:
    params, macs, norms, scales = TIMM[name]
    found = cnncalc.analyze(name, deployed=True)
    assert (found.total.params, found.total.macs) == (params - norms // 2 - scales, macs)
    assert found.graph.deployed.kept == {}  # type: ignore[union-attr]  # it is deployed


@pytest.mark.parametrize("name", [*cnncalc.names()[::12], "googlenet", "nasnet_a_large", "retinanet_resnet50_fpn"])
def test_no_layer_is_lost_and_nothing_costs_more(name: str) -> None:
    trained, found = cnncalc.analyze(name), cnncalc.analyze(name, deployed=True)
    assert found.outputs == trained.outputs
    assert found.total.params <= trained.total.params
    assert found.total.macs <= trained.total.macs
    replaced = [path for row in found for path in row.node.parts or (row.path,)]
    gone = {row.path for row in trained if row.side or row.kind in ("dropout", "droppath", "identity")}
    assert sorted(replaced) == sorted(row.path for row in trained if row.path not in gone)
    assert {row.path for row in found if row.kind == "bn"} <= found.graph.deployed.kept.keys()  # type: ignore[union-attr]  # it is deployed


def test_batch_norms_of_a_resnet_become_biases() -> None:
    trained, found = cnncalc.analyze("resnet50"), cnncalc.analyze("resnet50", deployed=True)
    assert found.total.params == trained.total.params - trained.total.buffers // 2  # a scale and a shift per channel become one bias
    assert (found.total.macs, found.total.buffers) == (trained.total.macs, 0)


def test_reports_say_so() -> None:
    found = json.loads(run("show", "repvgg_a0", "--deployed", "-f", "json").out)
    assert found["deployed"] is True
    merged = next(layer for layer in found["layers"] if layer["path"] == "stage1/unit2/add1")
    branch = "stage1/unit2/add1/conv_bn"
    branches = [f"{branch}1/conv1", f"{branch}1/bn1", f"{branch}2/conv1", f"{branch}2/bn1"]
    assert merged["merged_from"] == [*branches, "stage1/unit2/add1/bn1", "stage1/unit2/add1"]
    assert "deployed" not in json.loads(run("show", "repvgg_a0", "-f", "json").out)
    text = " ".join(run("show", "repvgg_a0", "--deployed").out.split())
    assert "units = [2, 4, 14, 1], deployed" in text
    assert "the trained network, which has 9,108,968 parameters and 1,512,581,120 MACs" in text
    assert "Merged from stage1/unit2/add1/conv_bn1/conv1," in run("explain", "repvgg_a0", "stage1/unit2/add1", "--deployed").out
    assert "Not merged: " in run("show", "densenet121", "--deployed").out
    rows = run("compare", "repvgg_a0", "--vary", "deployed=no,yes", "-f", "csv", "--columns", "params").out.split()
    assert [row.split(",")[-1] for row in rows[1:]] == ["9108968", "8309384"]
    assert run("solve", "repvgg_a0", "--deployed", "--layer", "stage1/unit2/add1", "--vary", "kernel", "--out", "56").code == 0
    wrong = run("compare", "repvgg_a0", "--vary", "deployed=maybe")
    assert (wrong.code, "yes or no, not 'maybe'" in wrong.err) == (2, True)
