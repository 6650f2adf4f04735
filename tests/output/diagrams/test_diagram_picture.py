"""Diagrams as SVG: sound XML that names everything, in light and dark, whatever things are called."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

import cnncalc
from cnncalc.drawing import svg
from cnncalc.layers import KINDS
from cnncalc.output.diagrams import shapes
from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
from cnncalc.output.diagrams.diagram_picture import picture
from cnncalc.output.sheets.columns import chosen
from tests.output.diagrams.networks import CELLS, HOSTILE
from tests.output.diagrams.reading import SVG, drawn, edges_of_svg, expected


def words(element: ElementTree.Element) -> list[str]:
    return ["".join(each.itertext()) for each in element.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", cnncalc.names())
def test_every_network_of_the_catalogue_is_drawn(name: str) -> None:
    report = cnncalc.analyze(name)
    found = Diagram(report, DiagramOptions())
    text = picture(found)
    root = ElementTree.fromstring(text)
    drawn_edges = edges_of_svg(text)
    assert drawn_edges == {(source.number, target.number) for drawing in found.drawings for source, target in drawing.edges}
    assert drawn_edges >= expected(report, found)
    nodes = [each for each in root.iter(f"{SVG}g") if "data-node" in each.attrib]
    assert sorted(int(each.attrib["data-node"]) for each in nodes) == list(range(len(found.texts)))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert 0.4 < height / width < (4 if name == "unet" else 2)


def test_a_box_holds_its_words_its_tooltip_and_its_colour() -> None:
    _, found = drawn("alexnet")
    root = ElementTree.fromstring(picture(found))
    boxes = {each.attrib["data-node"]: each for each in root.iter(f"{SVG}g") if "data-node" in each.attrib}
    conv = boxes["1"]
    assert words(conv) == ["CONV1", "conv 96 11×11 /4", "relu", "55×55×96"]
    assert (conv.findtext(f"{SVG}title") or "").startswith("CONV1: conv 96 11×11 /4\nrelu1: relu\n227×227×3 → 55×55×96\n")
    rect = conv.find(f"{SVG}rect")
    assert rect is not None
    assert (rect.attrib["class"], rect.attrib["fill"]) == ("convolution", shapes.COLOURS["convolution"][0])
    assert [each.attrib.get("class") for each in conv.iter(f"{SVG}path")] == ["activation"]


def test_figures_stand_in_the_boxes() -> None:
    found = Diagram(cnncalc.analyze("lenet5"), DiagramOptions(None, chosen("params", ())))
    root = ElementTree.fromstring(picture(found))
    (conv,) = [each for each in root.iter(f"{SVG}g") if each.attrib.get("data-node") == "1"]
    assert words(conv) == ["C1", "conv 6 5×5", "params 156", "tanh", "28×28×6"]
    _, height = shapes.size(found.texts[found.drawings[0].boxes[1]])
    assert height == 2 * shapes.TOP + 3 * shapes.LINE + shapes.STRIP


def test_every_family_has_its_colours() -> None:
    families = {cls.__module__.rpartition(".")[2] for cls in KINDS.values()}
    assert families | {"input", "block"} == set(shapes.COLOURS)
    fills = [fill for fill, *_ in shapes.COLOURS.values()]
    assert len(set(fills)) == len(fills)
    for fill, edge, dark, bright in shapes.COLOURS.values():
        assert contrast(svg.INK, fill) > 7
        assert contrast("#f0f3f6", dark) > 7
        assert contrast(edge, fill) > 2.5
        assert contrast(bright, dark) > 2.5
    assert "prefers-color-scheme: dark" in shapes.STYLE
    greys = sorted(contrast(fill, "#000000") for fill in fills)
    assert all(other / one > 1.04 for one, other in pairwise(greys))  # so that a print in grey tells them apart


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines reckon it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_names_that_could_do_harm_are_words() -> None:
    report, found = drawn(HOSTILE, 0)
    text = picture(found)
    assert text.isascii()
    root = ElementTree.fromstring(text)
    said = words(root)
    assert said[0] == '<script>alert("&")</script> ```'
    for name in ('"]; n9 --> n0 %% `x`', "<b>&amp;|<br>: b", "\\N\\G _under_ *star*", "层 ünï"):
        assert name in said
    assert edges_of_svg(text) == expected(report, found)
    assert {each.tag for each in root.iter()} <= {f"{SVG}{tag}" for tag in ("svg", "title", "desc", "style", "rect", "g", "text", "path")}


def test_who_cannot_see_it_is_told() -> None:
    root = ElementTree.fromstring(picture(drawn("lenet5")[1]))
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "LeNet-5, 1998"
    assert (root.findtext(f"{SVG}desc") or "").startswith(
        "Diagram of 8 boxes, from top to bottom: input (32×32×1), C1 conv 6 5×5 (28×28×6), "
    )
    long = picture(drawn({"input": "8x8x4", "layers": [{"conv": 4, "repeat": 60}]}, 0)[1])
    assert ", and 21 more." in (ElementTree.fromstring(long).findtext(f"{SVG}desc") or "")


def test_side_exits_are_dashed_and_repeats_are_cards() -> None:
    report = cnncalc.analyze(CELLS)
    found = Diagram(report, DiagramOptions(1, details=False))
    root = ElementTree.fromstring(picture(found))
    sides = {str(box.number) for box in found.texts if box.side}
    assert len(sides) == 2
    for each in root.iter(f"{SVG}g"):
        if "data-node" in each.attrib:
            rects = [rect for rect in each.iter(f"{SVG}rect") if "hollow" not in rect.attrib["class"]]
            assert ("stroke-dasharray" in rects[0].attrib) == (each.attrib["data-node"] in sides)
            repeated = any(" × " in text and "into" not in text for text in words(each)[1:2])
            assert len(rects) == (3 if repeated else 1)
    dashed = {
        target for each in root.iter(f"{SVG}path") if "data-to" in each.attrib and "stroke-dasharray" in each.attrib
        for target in each.attrib["data-to"].split()
    }  # fmt: skip
    assert dashed == sides


def test_words_fit_into_their_boxes() -> None:
    _, found = drawn("googlenet", 0)
    for said in found.texts.values():
        width, _ = shapes.size(said)
        assert all(svg.text_width(text, shapes.FONT) < width for text in (said.name, said.what))


def test_without_a_title_there_are_no_words_above() -> None:
    report = cnncalc.analyze("lenet5")
    assert words(ElementTree.fromstring(picture(Diagram(report, DiagramOptions(title="")))))[0] == "input"
    long = words(ElementTree.fromstring(picture(Diagram(report, DiagramOptions(title="word " * 40)))))
    assert long[0].startswith("word word")
    assert long[1].startswith("word word")


def test_the_same_network_makes_the_same_picture() -> None:
    assert picture(drawn("googlenet")[1]) == picture(drawn("googlenet")[1])
