"""Files that are like another one: its blocks are there to be used, in new layers and in new blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cnncalc

if TYPE_CHECKING:
    from pathlib import Path

PARENT = """
name: Parent
input: 8x8x3
params: {width: 4}
blocks:
  unit: {args: {filters: , wide: false}, layers: [{conv: "2 * filters if wide else filters"}, relu]}
layers: [{unit: width}]
"""
CHILD = """
name: Child
like: parent.yaml
blocks:
  pair: {args: {wide: true}, layers: [{unit: 3, wide: wide}, {unit: width}]}
layers: [unit_or_pair, {unit: 5, name: last}]
"""


def child(folder: Path, text: str) -> str:
    (folder / "parent.yaml").write_text(PARENT, encoding="utf-8")
    (folder / "child.yaml").write_text(text, encoding="utf-8")
    return str(folder / "child.yaml")


def test_blocks_of_the_other_file_can_be_used_in_layers_and_in_blocks(tmp_path: Path) -> None:
    report = cnncalc.analyze(child(tmp_path, CHILD.replace("unit_or_pair", "pair")))
    # 3 channels in, 2 * 3 wide, then the parent's width of 4, then 5.
    assert [(row.path, row.output.c) for row in report if row.kind == "conv"] == [
        ("pair1/unit1/conv1", 6),
        ("pair1/unit2/conv1", 4),
        ("last/conv1", 5),
    ]


def test_a_block_that_neither_file_has_is_still_an_error(tmp_path: Path) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(child(tmp_path, CHILD.replace("unit_or_pair", "{unnit: 3}")))
    (problem,) = caught.value.problems
    assert problem.message == "unknown kind or block 'unnit'"
    assert "unit" in problem.hint


def test_a_network_of_the_catalogue_that_has_no_variants() -> None:
    assert cnncalc.analyze({"like": "inception_v3"}).total.as_dict() == cnncalc.analyze("inception_v3").total.as_dict()
