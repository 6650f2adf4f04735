"""What trains: frozen weights, and networks that are cut after a layer."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.output.sheets.explanation import FormulaWriter, lines_and_remarks
from cnncalc.study.derive.derivation import derive, explain
from cnncalc.study.memory.peak import MemoryOptions, memory
from tests.spec_text import layers, report

RESNET18, HEAD = 11_689_512, 512 * 1000 + 1000  # torchvision's, and its last layer


def split(found: Any) -> tuple[Any, Any]:
    return found.total.trainable, found.total.frozen


def test_a_new_head_for_a_resnet() -> None:
    found = cnncalc.analyze("resnet18", freeze_until="pool5")
    assert split(found) == (HEAD, RESNET18 - HEAD)
    assert split(cnncalc.analyze("resnet18", freeze_until="pool5", set={"classes": 10})) == (5130, RESNET18 - HEAD)
    assert found.total.macs == cnncalc.analyze("resnet18").total.macs
    assert split(cnncalc.analyze("resnet18")) == (RESNET18, 0)
    assert found["conv5_x"].trainable == 0 < found["conv5_x"].frozen == found["conv5_x"].params
    account, course = memory(found, MemoryOptions(optimizer="adam")).training, memory(found).course
    assert account is not None
    assert course is not None
    assert course.stored == {"activations": 4 * (512 + 1000)}  # the input of the head and its output
    assert account.fixed == 4 * (RESNET18 + 3 * HEAD + 9600)  # gradients and two moments of the head; the running statistics


def test_features_up_to_fc7() -> None:
    found = cnncalc.analyze("alexnet", until="FC7")
    assert [row.path for row in found][-1] == "FC7"
    assert found.outputs[-1].c == 4096
    assert found.total.params == 62_378_344 - (4096 * 1000 + 1000)
    assert found.total.weight_layers == 7
    assert found.as_dict()["until"] == "FC7"


def test_a_network_is_cut_after_a_folder_with_what_it_depends_on() -> None:
    whole, found = cnncalc.analyze("googlenet"), cnncalc.analyze("googlenet", until="4a")
    last = max(i for i, row in enumerate(whole) if row.path.startswith("4a/"))
    assert [row.path for row in found] == [row.path for row in whole.rows[: last + 1] if not row.side]
    assert found.exits is None
    for row in found:
        assert (row.output, row.sources, row.params) == (whole[row.path].output, whole[row.path].sources, whole[row.path].params)
    found = layers("[{conv: 4, name: a}, {add: [{conv: 4, name: b}, [{conv: 4, name: c}, {conv: 4, name: d}]]}]", until="d")
    assert [row.path for row in found] == ["input", "a", "add1/c", "add1/d"]


def test_an_auxiliary_head_may_be_the_network() -> None:
    found = layers("[{conv: 4}, {side: [{conv: 3, name: head}]}, {conv: 2}]", until="head")
    assert [(row.path, row.side) for row in found] == [("input", False), ("conv1", False), ("head", False)]
    assert found.total.params == 20 + 15


def test_conditions_of_later_layers_do_not_apply() -> None:
    steps = "[{conv: 4, kernel: 3}, {conv: 4, kernel: 9, name: wide}]"
    for until, least in (("conv1", 3), ("wide", 11)):
        bounds = [condition.bound for condition in layers(steps, "HxHx4", until=until).conditions if condition.bound]
        assert max(bounds) == ("H", least)


@pytest.mark.parametrize(("kernel", "least"), [(1, 1), (3, 3), (9, 9)])
def test_conditions_of_branches_beside_the_cut_apply_only_if_what_is_left_requires_them(kernel: int, least: int) -> None:
    steps = f"[{{conv: 4, kernel: 9, name: beside}}, {{from: input}}, {{conv: 2, kernel: {kernel}, name: left}}]"
    found = layers(steps, "HxHx4", until="left").conditions
    assert [condition.bound for condition in found] == [("H", least)]
    assert set(found.values()) == {"" if kernel == 1 else "left"}
    steps = f"[{{side: [{{conv: 4, kernel: 9}}]}}, {{conv: 2, kernel: {kernel}, name: left}}]"
    assert layers(steps, "HxHx4", deployed=True).conditions == found


@pytest.mark.parametrize(
    ("steps", "options"),
    [
        ("[{conv: 4}, relu]", {"freeze": ["relu1"]}),
        ("[{conv: 4}, relu]", {"freeze_until": "input"}),
        ("[{conv: 4}, {name: f, do: [relu, dropout]}]", {"freeze": ["conv1", "f"]}),
    ],
)
def test_nothing_to_freeze(steps: str, options: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match=r"(relu1|input|f) has no weights to freeze"):
        layers(steps, **options)


def test_json_says_what_was_asked_for() -> None:
    found = cnncalc.analyze("alexnet", freeze=["CONV1", "CONV2"], freeze_until="CONV3", until="FC7").as_dict()
    assert (found["freeze"], found["freeze_until"], found["until"]) == (["CONV1", "CONV2"], "CONV3", "FC7")
    assert "published" not in found["network"]  # those of the whole network
    whole = cnncalc.analyze("alexnet").as_dict()
    assert "published" in whole["network"]
    assert not {"freeze", "freeze_until", "until"} & whole.keys()


@pytest.mark.parametrize(
    ("steps", "options", "frozen"),
    [
        ("[{conv: 4, trainable: false}, {conv: 4}]", {}, 20),
        ("[{do: [{conv: 4}, bn, relu], trainable: false}, {conv: 4}]", {}, 28),
        ("[{conv: 4, repeat: 3, trainable: i > 2}]", {}, 40),
        ("[{add: [identity, [{conv: 4}, {conv: 4}]], trainable: no}, {conv: 4}]", {}, 40),
        ("[{conv: 4, name: a}, {conv: 4, name: b}]", {"freeze": ["a"]}, 20),
        ("[{conv: 4, name: a}, {conv: 4, name: b}]", {"freeze": ["a", "b"]}, 40),
        ("[{name: f, do: [{conv: 4}, {conv: 4}]}, {conv: 4, name: b}]", {"freeze": ["f/"]}, 40),
        ("[{conv: 4, name: a}, {conv: 4, name: b}, {conv: 4}]", {"freeze_until": "b"}, 40),
        ("[{conv: 4, name: a}, {add: [{conv: 4, name: b}, [{conv: 4, name: c}, {conv: 4, name: d}]]}]", {"freeze_until": "d"}, 60),
        ("[{conv: 4, name: a}, {add: [{conv: 4, name: b}, {conv: 4}], name: m}]", {"freeze": ["m"]}, 40),
        ("[{conv: 4, name: a}, {conv: 4, weights: a}, {conv: 4}]", {"freeze": ["a"]}, 20),
        ("[{conv: 4, name: a}, {conv: 4, weights: a, name: b}, {conv: 4}]", {"freeze": ["b"]}, 20),  # the same weights
        ("[{conv: 4, name: a}, {conv: 4, name: b}]", {"freeze": ["a"], "until": "b"}, 20),
        ("[{conv: 4, name: a}, {from: input}, {conv: 4, weights: a, name: b}, {conv: 4}]", {"freeze": ["a"], "until": "b"}, 20),
    ],
)
def test_frozen(steps: str, options: dict[str, Any], frozen: int) -> None:
    found = layers(steps, **options)
    assert found.total.frozen == frozen == sum(row.frozen for row in found)
    assert found.total.trainable == found.total.params - frozen == sum(row.trainable for row in found)


def test_a_cut_away_owner_leaves_its_weights_to_the_next() -> None:
    steps = "[{conv: 4, name: a}, {conv: 4, from: input, weights: a, name: b}, {conv: 4, weights: a, name: c}]"
    found = layers(steps, until="c")
    assert [(row.path, row.params, row.node.owner) for row in found][1:] == [("b", 20, ""), ("c", 0, "b")]


def test_a_block_and_an_argument_of_a_block() -> None:
    text = "input: 8x8x4\nparams: {tune: false}\nblocks: {b: {args: {f: }, layers: [{conv: f}, relu]}}\n"
    assert split(report(text + "layers: [{b: 4, trainable: tune}, {b: 3}]")) == (15, 20)
    assert split(report(text + "layers: [{b: 4, trainable: tune}, {b: 3}]", params=["tune=true"])) == (35, 0)
    text = "input: 8x8x4\nblocks: {b: {args: {trainable: }, layers: [{conv: trainable}]}}\nlayers: [{b: , trainable: 3}]"
    assert split(report(text)) == (15, 0)


def test_symbols_and_other_counts() -> None:
    found = layers("[{conv: 4, name: a, trainable: false}, bn, {conv: 4}]", "HxWxC")
    assert (str(found.total.frozen), found.total.trainable) == ("4*C + 4", 28)
    assert split(layers("[{conv: 4, name: a}, bn]", counting="keras", freeze=["a"])) == (8, 20 + 8)  # "Non-trainable params"
    assert split(layers("[{conv: 4, name: a}, {conv: 4}]", bias=False, freeze=["a"])) == (16, 16)


def test_explanations() -> None:
    found = layers("[{conv: 4, name: a}, {conv: 3}]", freeze=["a"])
    assert [derive(found, None, name).value for name in ("trainable", "frozen")] == [15, 20]
    assert [derive(found, found["a"], name).value for name in ("trainable", "frozen")] == [0, 20]
    shown = [lines_and_remarks(explain(each), FormulaWriter()) for each in (found, layers("[{conv: 4}, {conv: 3}]"))]
    assert [{"trainable", "frozen"} & {line.symbol for line in lines} for lines, _ in shown] == [{"trainable", "frozen"}, set()]
    assert not any("frozen" in remark for remark in shown[1][1])


@pytest.mark.parametrize("option", ["freeze", "freeze_until", "until"])
def test_layers_that_do_not_exist(option: str) -> None:
    with pytest.raises(SpecError, match="lenet5 has no layer 'C9'") as found:
        cnncalc.analyze("lenet5", **{option: "C9"})  # type: ignore[arg-type]  # one of the options with a path
    assert str(found.value).startswith(f"--{option.replace('_', '-')}: ")
    with pytest.raises(SpecError, match="'residual/conv1' is ambiguous"):
        cnncalc.analyze("resnet18", **{option: "residual/conv1"})  # type: ignore[arg-type]  # likewise


# Memory of training, counted by hand


def stored(found: Any) -> dict[str, int]:
    course = memory(found).course
    assert course is not None
    return course.stored


X, SIDE = 8 * 8 * 4, 8 * 8  # elements of a volume with 4 channels, and places


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        ("[{conv: 4}, relu, {conv: 4}, relu, {conv: 2}]", 3 * X + 2 * SIDE),  # inputs of the convolutions, and the result
        ("[{conv: 4, trainable: no}, relu, {conv: 4}, relu, {conv: 2}]", 2 * X + 2 * SIDE),
        ("[{conv: 4}, relu, {conv: 4, trainable: no}, relu, {conv: 2}]", 3 * X + 2 * SIDE),  # behind a trained layer, all is kept
        ("[{conv: 4, trainable: no}, relu, {conv: 4, trainable: no}, relu, {conv: 2}]", X + 2 * SIDE),
        ("[{conv: 4, trainable: no}, relu, {conv: 4, trainable: no}, relu, {conv: 2, trainable: no}]", 2 * SIDE),
        ("[{conv: 4, trainable: no}, bn, relu, {conv: 2}]", 2 * X + 2 * SIDE),  # of bn: its input, of the last: relu's output
        # The branch ahead of the sum is frozen, the other is not: its input is kept, the frozen one's is not.
        ("[{conv: 4, trainable: no}, {concat: [{conv: 4, trainable: no}, [relu, {conv: 4}]]}, {conv: 2}]", X + 2 * X + 2 * SIDE),
        ("[{conv: 4, name: a, trainable: no}, relu, {conv: 4, weights: a}, {conv: 2}]", X + 2 * SIDE),
    ],
)
def test_activations_are_kept_from_the_first_trained_layer_on(steps: str, kept: int) -> None:
    assert stored(layers(steps)) == {"activations": 4 * kept}


def test_masks_indices_and_maps_ahead_of_it_are_not_kept() -> None:
    steps = "[{conv: 12, name: a}, {split: 3}, {attention: 2}, dropout, {maxpool: 2}, {conv: 2, name: b}]"
    assert set(stored(layers(steps))) == {"activations", "map", "mask", "places"}
    assert stored(layers(steps, freeze=["a"])) == {"activations": 4 * (16 * 4 + 16 * 2)}


@pytest.mark.parametrize(
    ("frozen", "activations", "others"),
    [
        ([], 3 * X + X // 4, {"mask", "places"}),
        (["a"], 2 * X + X // 4, {"mask", "places"}),
        (["b"], 3 * X + X // 4, {"mask", "places"}),
        (["a", "b"], X // 4, set()),
        (["a", "b", "c"], 0, set()),
    ],
)
def test_what_autograd_saves(frozen: list[str], activations: int, others: set[str]) -> None:
    """Torch 2 saves these tensors of the same modules with requires_grad (torch.autograd.graph.saved_tensors_hooks)."""
    found = stored(layers("[{conv: 4, name: a}, relu, {conv: 4, name: b}, relu, {maxpool: 2}, dropout, {conv: 2, name: c}]", freeze=frozen))
    assert found.pop("activations") == 4 * (activations + 2 * SIDE // 4)  # and the result
    assert set(found) == others


def test_nothing_trained_is_inference() -> None:
    found = memory(cnncalc.analyze("alexnet", freeze_until="FC8"))
    assert found.training is not None
    assert found.training.bytes == found.in_use.bytes


def test_gradients_end_at_the_first_trained_layer() -> None:
    found = memory(layers("[{conv: 4, trainable: no}, {conv: 4, trainable: no}, {conv: 2}]"), MemoryOptions(reuse=False))
    assert found.training is not None
    each = {entry.name: entry.each for entry in found.training.entries if entry.each}
    assert each == {"activations": 4 * (3 * X + 2 * SIDE), "activation gradients": 4 * 2 * SIDE}


def test_mixed_precision_has_a_master_copy_of_what_trains() -> None:
    found = memory(cnncalc.analyze("resnet18", freeze_until="pool5"), MemoryOptions(optimizer="sgd", mixed=True)).training
    assert found is not None
    assert found.fixed == 2 * RESNET18 + 4 * HEAD + 2 * HEAD + 4 * 9600
