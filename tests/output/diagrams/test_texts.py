"""Diagrams as Mermaid and DOT, read back: the boxes, their words and every line."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

import cnncalc
from cnncalc.output.diagrams import dot, mermaid
from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
from tests.output.diagrams.networks import CELLS, HOSTILE, tangled
from tests.output.diagrams.reading import drawn, edges_of_dot, edges_of_mermaid, expected

NODE = re.compile(r'^ +n(\d+)(?:\(\[|\[\[|\[)"([^"]*)"(?:\]\)|\]\]|\]):::(\w+)$', re.MULTILINE)
DOT_NODE = re.compile(r"^ +n(\d+) \[label=<(.*)>, fillcolor=.*\];$", re.MULTILINE)
TAG = re.compile(r"</?(?:b|i|B|FONT)[^>]*>")


def of_mermaid(text: str) -> dict[int, list[str]]:
    """The words of every box, with Mermaid's numbers for letters read."""
    return {
        int(number): [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), TAG.sub("", part)) for part in label.split("<br>")]
        for number, label, _ in NODE.findall(text)
    }


def of_dot(text: str) -> dict[int, list[str]]:
    return {
        int(number): [unescape(TAG.sub("", part)).replace("\\\\", "\\") for part in label.split("<BR/>")]
        for number, label in DOT_NODE.findall(text)
    }


def words(found: Diagram) -> dict[int, list[str]]:
    return {
        box.number: [each for each in (said.name, said.what, *said.figures, *[text for text, _ in said.strips], said.volume) if each]
        for box, said in found.texts.items()
    }


@pytest.mark.parametrize("fold", [None, 0])
@pytest.mark.parametrize("network", ["lenet5", "googlenet", "nasnet_a_cifar", CELLS, HOSTILE, tangled(1), tangled(2)])
def test_all_boxes_and_lines_are_in_the_text(network: Any, fold: int | None) -> None:
    report, found = drawn(network, fold)
    wanted = expected(report, found)
    text = mermaid.text(found)
    assert edges_of_mermaid(text) == wanted
    assert of_mermaid(text) == words(found)
    text = dot.text(found)
    assert edges_of_dot(text) == wanted
    assert of_dot(text) == words(found)


def test_details_stand_behind_the_network() -> None:
    found = Diagram(cnncalc.analyze("googlenet"), DiagramOptions())
    wanted = {(source.number, target.number) for drawing in found.drawings for source, target in drawing.edges}
    assert edges_of_mermaid(mermaid.text(found)) == edges_of_dot(dot.text(found)) == wanted
    assert '  subgraph s0["inception, as in 3a"]\n' in mermaid.text(found)
    assert "  subgraph cluster_0 {\n    label=<inception, as in 3a>;" in dot.text(found)
    assert of_mermaid(mermaid.text(found)) == of_dot(dot.text(found)) == words(found)


def test_frames_nest_and_close() -> None:
    _, found = drawn(CELLS, 0)
    text = mermaid.text(found)
    assert (
        len(re.findall(r"^ *subgraph s\d+\[", text, re.MULTILINE)) == len(re.findall(r"^ *end$", text, re.MULTILINE)) == len(found.titles)
    )
    assert text.index('subgraph s4["unit1"]') < text.index('    subgraph s5["pair1"]') < text.index('subgraph s6["unit2"]')
    braces = dot.text(found)
    assert braces.count("{\n") == len(re.findall(r"^ *}$", braces, re.MULTILINE)) == len(found.titles) + 1


def test_side_exits_are_dashed_in_both() -> None:
    _, found = drawn("googlenet")
    aside = [box.number for box in found.texts if box.side]
    text = mermaid.text(found)
    assert {int(target) for target in re.findall(r"-\.-> n(\d+)", text)} == set(aside)
    assert f"  class {','.join(f'n{number}' for number in aside)} aside\n" in text
    text = dot.text(found)
    assert {int(target) for target in re.findall(r"-> n(\d+) \[style=dashed\]", text)} == set(aside)
    assert text.count('style="rounded,filled,dashed"') == len(aside)


def test_every_class_that_is_used_is_defined() -> None:
    _, found = drawn("googlenet", 0)
    text = mermaid.text(found)
    used = {family for _, _, family in NODE.findall(text)}
    assert used == set(re.findall(r"^  classDef (?!aside)(\w+) fill:#\w{6},stroke:#\w{6},color:#\w{6}$", text, re.MULTILINE))


def test_the_title_is_a_string_of_yaml_and_may_be_left_out() -> None:
    _, found = drawn(HOSTILE)
    head, title, end, kind, *_ = mermaid.text(found).splitlines()
    assert (head, end, kind) == ("---", "---", "flowchart TD")
    assert json.loads(title.removeprefix("title: ")) == HOSTILE["name"]
    assert "label=<<B>&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt; ```</B>>;" in dot.text(found)
    bare = Diagram(cnncalc.analyze("lenet5"), DiagramOptions(title=""))
    assert mermaid.text(bare).startswith("flowchart TD\n")
    assert "labelloc" not in dot.text(bare)


def test_markdown_is_mermaid_in_a_fence() -> None:
    _, found = drawn(HOSTILE)
    text = mermaid.fenced(found)
    assert text == f"```mermaid\n{mermaid.text(found)}```\n"
    assert not [line for line in text.splitlines()[1:-1] if line.lstrip().startswith("```")]


def test_letters_that_mermaid_takes_for_itself_are_numbers() -> None:
    assert mermaid.escaped('a"b#c;d<e>&`*_x_y_') == "a#34;b#35;c;d#60;e#62;#38;#96;#42;#95;x_y#95;"
    assert mermaid.escaped("1. a") == "1#46; a"
    assert mermaid.escaped("- a-b 1.5") == "#45; a-b 1.5"
    assert mermaid.escaped("conv 64 3×3 /2, 层") == "conv 64 3×3 /2, 层"


def test_what_mermaid_refuses_is_said() -> None:
    _, small = drawn("googlenet")
    assert mermaid.excess(mermaid.text(small), small) == ""
    _, large = drawn("resnet1202_cifar", 0)
    assert mermaid.excess("", large) == "Mermaid draws at most 500 lines unless maxEdges is raised; this diagram has 2,407"
    text = mermaid.text(small) + " " * 50_000
    assert mermaid.excess(text, small).startswith(
        "Mermaid reads at most 50,000 characters unless maxTextSize is raised; this diagram has 5"
    )
