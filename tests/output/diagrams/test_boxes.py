"""Diagrams: boxes, lines, frames and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.output.diagrams.boxes import Frame
from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
from cnncalc.output.sheets.columns import chosen
from tests.output.diagrams.networks import BESIDE, CELLS, tangled
from tests.output.diagrams.reading import drawn, expected

if TYPE_CHECKING:
    from cnncalc.output.diagrams.boxes import Drawing


def layers(steps: list[Any], **more: Any) -> dict[str, Any]:
    return {"input": "8x8x4", "layers": steps, **more}


def said(found: Diagram) -> list[tuple[str, ...]]:
    """Name, what and strips of every box."""
    return [(each.name, each.what, *[text for text, _ in each.strips]) for each in found.texts.values()]


def edges(drawing: Drawing) -> set[tuple[int, int]]:
    return {(source.number, target.number) for source, target in drawing.edges}


def frames(frame: Frame) -> list[Any]:
    """Names, nested as frames are."""
    return [(child.name, frames(child)) if isinstance(child, Frame) else child.name for child in frame.children]


@pytest.mark.parametrize("fold", [None, 0, 1, 2])
@pytest.mark.parametrize("network", ["alexnet", "googlenet", "nasnet_a_cifar", "enas_macro_cifar", "shufflenet_v2_050", CELLS, BESIDE])
def test_every_line_of_the_graph_is_drawn_and_no_other(network: Any, fold: int | None) -> None:
    report, found = drawn(network, fold)
    assert edges(found.drawings[0]) == expected(report, found)
    rows = [row.path for box in found.texts for line in box.lines for row in line.rows]
    assert len(rows) == len(set(rows))
    assert set(rows) >= {row.path for row in report.rows if row.kind != "identity"}


@pytest.mark.parametrize("seed", range(30))
def test_tangled_networks_have_every_line_as_well(seed: int) -> None:
    for fold in (None, 0, 1):
        report, found = drawn(tangled(seed), fold)
        assert edges(found.drawings[0]) == expected(report, found)


def test_what_works_in_place_is_a_strip_of_its_box() -> None:
    _, found = drawn(
        layers([{"conv": 8, "kernel": 3, "name": "C"}, "bn", "relu", {"maxpool": 2}, {"fc": 3, "name": "F"}, {"dropout": 0.5}])
    )
    assert said(found) == [
        ("", "input"),
        ("C", "conv 8 3×3", "bn", "relu"),
        ("", "maxpool 2×2 /2"),
        ("F", "fc 3", "dropout"),
    ]
    volumes = [each.volume for each in found.texts.values()]
    assert volumes == ["8×8×4", "6×6×8", "3×3×8", "1×1×3"]


def test_what_others_read_or_what_leaves_is_no_place_for_a_strip() -> None:
    _, found = drawn(layers([{"conv": 4, "name": "C"}, {"add": ["relu", "identity"], "name": "sum"}]))
    assert [each[1] for each in said(found)] == ["input", "conv 4 1×1", "relu", "add"]
    assert edges(found.drawings[0]) == {(0, 1), (1, 2), (2, 3), (1, 3)}
    two = layers([{"conv": 4, "name": "C"}, {"relu": None, "name": "R"}, {"do": [], "from": ["C", "R"]}])
    _, found = drawn(two)
    assert [each[1] for each in said(found)] == ["input", "conv 4 1×1", "relu"]
    assert [box.leaves for box in found.texts] == [False, True, True]
    _, found = drawn(layers(["relu", {"conv": 4, "name": "C"}, {"side": ["relu"]}]))
    assert [each[1] for each in said(found)] == ["input", "relu", "conv 4 1×1", "relu"]
    assert [box.side for box in found.texts] == [False, False, False, True]


def test_an_identity_is_the_line_itself_unless_the_network_ends_in_it() -> None:
    _, found = drawn(layers([{"conv": 4, "name": "C"}, "identity", {"conv": 2, "name": "D"}, {"identity": None, "name": "E"}]))
    assert said(found) == [("", "input"), ("C", "conv 4 1×1"), ("D", "conv 2 1×1"), ("E", "identity")]
    assert edges(found.drawings[0]) == {(0, 1), (1, 2), (2, 3)}


def test_a_block_with_one_box_is_that_box_and_other_blocks_are_frames() -> None:
    _, found = drawn(CELLS, 0)
    root = found.drawings[0].root
    assert frames(root)[2] == ("cell1", ["h0", "out"])
    assert frames(root)[-5:-2] == [(f"unit{i}", [("pair1", ["conv_bn1", "conv1"]), "add1"]) for i in (1, 2, 3)]
    assert frames(root)[-2:] == [("pair1", ["conv_bn1", "conv1"]), "fc"]
    assert [found.titles[frame] for frame in found.titles if frame.parent is root] == [
        *[f"cell{i}" for i in (1, 2, 3, 4)],
        *[f"unit{i}" for i in (1, 2, 3)],
        "pair1",
    ]
    _, found = drawn(layers([{"b": "", "name": "stage"}], blocks={"b": {"layers": [{"conv": 4}, {"conv": 3}]}}))
    assert list(found.titles.values()) == ["stage: b"]


def test_a_split_says_how_many_volumes_it_leaves() -> None:
    _, found = drawn(CELLS, 0)
    assert [each.volume for each in found.texts.values() if each.name == "halves"] == ["2 × 8×8×2"]


def test_equal_blocks_in_a_row_are_one_box_and_equal_ones_side_by_side_are_not() -> None:
    block = {"b": {"layers": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}}
    _, found = drawn(layers([{"b": "", "repeat": 3}, {"maxpool": 2}], blocks=block), 1)
    assert said(found) == [("", "input"), ("b1–3", "3 × b 3×3"), ("", "maxpool 2×2 /2")]
    _, found = drawn(layers([{"concat": [{"b": ""}, {"b": ""}, {"b": ""}]}], blocks=block), 2)
    assert said(found) == [("", "input"), ("b1", "b 3×3"), ("b2", "b 3×3"), ("b3", "b 3×3"), ("", "concat")]
    assert edges(found.drawings[0]) == {(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)}


def test_details_open_one_of_every_folded_block_as_most_of_them_are() -> None:
    report = cnncalc.analyze("resnet50")
    found = Diagram(report, DiagramOptions())
    main, bottleneck = found.drawings
    assert len(main.boxes) == 13
    assert [each[1:] for box, each in zip(found.texts, said(found), strict=True) if box in bottleneck.boxes] == [
        ("",),
        ("conv 64 1×1", "bn", "relu"),
        ("conv 64 3×3", "bn", "relu"),
        ("conv 256 1×1", "bn"),
        ("add", "relu"),
    ]
    assert found.titles[bottleneck.frames[0]] == "bottleneck, as in conv2_x/bottleneck2"
    assert found.texts[bottleneck.boxes[0]].volume == "56×56×256"
    numbers = [box.number for drawing in found.drawings for box in drawing.boxes]
    assert numbers == list(range(len(numbers)))
    assert len(Diagram(report, DiagramOptions(details=False)).drawings) == 1
    assert len(Diagram(report, DiagramOptions(0)).drawings) == 1


def test_details_of_groups_are_those_of_the_blocks_in_them() -> None:
    found = Diagram(cnncalc.analyze("densenet121"), DiagramOptions())
    assert [found.titles[each.frames[0]] for each in found.drawings[1:]] == ["layer, as in dense1/layer1", "transition, as in transition1"]


def test_blocks_in_a_large_block_stay_folded_and_are_told_by_their_windows() -> None:
    found = Diagram(cnncalc.analyze("nasnet_a_cifar"), DiagramOptions())
    normal = next(each for each in found.drawings[1:] if each.frames[0].block == "normal_a")
    assert {found.texts[box].what for box in normal.boxes if box.folded} >= {"sep 3×3", "sep 5×5", "avg 3×3"}


def test_a_block_that_comes_to_one_box_is_drawn_as_that_box() -> None:
    _, found = drawn("inception_v3")
    assert ("Conv2d_1a_3x3", "conv 32 3×3 /2", "bn", "relu") in said(found)


def test_names_are_as_short_as_they_can_be_told_apart() -> None:
    _, found = drawn("googlenet", 0)
    inception = next(frame for frame in found.titles if frame.path == "3a")
    assert [child.name for child in inception.children] == [
        "1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool", "pool_proj", "concat1",
    ]  # fmt: skip
    _, found = drawn("wrn16_4", 0)
    unit = next(frame for frame in found.titles if frame.path == "conv2/unit1")
    assert [child.name for child in unit.children] == ["bn1", "residual/conv1", "residual/conv2", "shortcut/conv1", "add1"]
    same = {"name": "s", "do": [{"conv": 4, "name": "x"}]}
    _, found = drawn(layers([{"add": {"a": same, "b": same}, "name": "one"}, {"add": {"a": same, "b": same}, "name": "two"}]))
    assert [each[0] for each in said(found)] == ["", "one/a/s/x", "one/b/s/x", "one", "two/a/s/x", "two/b/s/x", "two"]


def test_long_names_are_shortened() -> None:
    _, found = drawn(layers([{"conv": 4, "name": "a" * 50 + "z"}]))
    assert said(found)[1][0] == "a" * 23 + "…" + "a" * 7 + "z"


def test_figures_are_shown_where_they_are_not_nothing() -> None:
    report = cnncalc.analyze(layers([{"conv": 8, "kernel": 3, "name": "C"}, "bn", {"maxpool": 2}]), batch=2)
    found = Diagram(report, DiagramOptions(None, chosen("params,macs,receptive_field", ()), "exact"))
    assert [list(each.figures) for each in found.texts.values()] == [
        ["receptive field 1"],
        ["params 312", "MACs 20,736", "receptive field 3"],
        ["receptive field 4"],
    ]


def test_title_and_subtitle() -> None:
    report = cnncalc.analyze("mobilenet_v1_050", input="HxWx3", set={"classes": 10})
    found = Diagram(report, DiagramOptions())
    assert found.title == "MobileNet 0.5, 2017" or found.title.startswith("MobileNet")
    assert found.subtitle.startswith("input H×W×3; classes = 10; ")
    assert found.subtitle.endswith(" parameters")
    named = Diagram(report, DiagramOptions(title="Mine"))
    assert (named.title, named.subtitle) == ("Mine", found.subtitle)
    bare = Diagram(report, DiagramOptions(title=""))
    assert (bare.title, bare.subtitle) == ("", "")


def test_symbols_are_shown() -> None:
    _, found = drawn("lenet5_modern", input="HxWx1")
    assert next(iter(found.texts.values())).volume == "H×W×1"


def test_a_box_tells_all_that_is_known() -> None:
    _, found = drawn("alexnet")
    told = next(each.tooltip for each in found.texts.values() if each.name == "CONV2")
    assert told.splitlines() == [
        "CONV2: conv 256 5×5 pad 2",
        "relu2: relu",
        "27×27×96 → 27×27×256",
        "614,656 parameters, 447,897,600 MACs",
    ]
