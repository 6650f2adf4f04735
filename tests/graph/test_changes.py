"""`like`, `but` and `--but`: a network that is another one with some fields changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.errors import SpecError
from tests.spec_text import layers, problems, report, said

if TYPE_CHECKING:
    from pathlib import Path

    from cnncalc.propagate.report import Report

BASE = """
name: Base
year: 1999
input: 16x16x4
params: {width: 8, act: relu}
variants: {wide: {width: 16, title: Wide}, small: {input: 8x8x4}}
blocks:
  unit: {args: {w: , k: 3}, layers: [{conv: w, kernel: k, pad: same, name: main}, act]}
layers:
  - {conv: width, kernel: 3, pad: 1, name: CONV1}
  - {unit: width, name: first}
  - {unit: width, name: second}
  - {name: stage, do: [{conv: 4, name: deep}, {conv: 4}]}
  - {conv: 4, repeat: 2, name: loop}
  - {maxpool: 2, name: POOL}
  - {conv: 2}
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def but(text: str, **options: Any) -> Report:
    return report(f"like: base.yaml\n{text}", **options)


@pytest.mark.usefixtures("base")
def test_like_alone_is_the_other_network() -> None:
    found, other = but(""), cnncalc.analyze("base.yaml")
    assert found.total.as_dict() == other.total.as_dict()
    assert [row.path for row in found] == [row.path for row in other]
    assert found.setting.id == "test"
    assert found.setting.about.title is None  # it is another network, not Base


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("changes", "path", "shown"),
    [
        ("CONV1: {kernel: 7, pad: 3}", "CONV1", "8 7×7 pad 3"),
        ("CONV1: {filters: width * 2}", "CONV1", "16 3×3 pad 1"),
        ("CONV1: {filters: in.c}", "CONV1", "4 3×3 pad 1"),
        ("POOL: {size: 3}", "POOL", "3×3"),
        ("POOL: {stride: 1}", "POOL", "2×2 /1"),
        ("first: {k: 5}", "first/main", "8 5×5 pad same"),
        ("first: {w: 6}", "first/main", "6 3×3 pad same"),
        ("first/main: {filters: 5}", "first/main", "5 3×3 pad same"),
        ("stage/deep: {filters: 5}", "stage/deep", "5 1×1"),
        ("deep: {filters: 5}", "stage/deep", "5 1×1"),
        ("loop1: {filters: 5}", "loop1", "5 1×1"),
        ("conv4: {filters: 5}", "conv4", "5 1×1"),
    ],
)
def test_a_field_is_changed(changes: str, path: str, shown: str) -> None:
    found = but(f"but: {{{changes}}}")
    assert found[path].layer.describe() == shown
    other = cnncalc.analyze("base.yaml")
    assert [row.path for row in found if row.layer.describe() != other[row.path].layer.describe()] == [path]


@pytest.mark.usefixtures("base")
def test_a_name_that_several_steps_bear_changes_all_of_them() -> None:
    found = but("but: {main: {filters: 5}, loop: {filters: 3}}")
    assert [found[path].output.c for path in ("first/main", "second/main", "loop1", "loop2")] == [5, 5, 3, 3]


@pytest.mark.usefixtures("base")
def test_both_a_name_and_a_path_may_change_a_step() -> None:
    found = but("but: {main: {filters: 5}, second/main: {kernel: 1}}")
    assert found["first/main"].layer.describe() == "5 3×3 pad same"
    assert found["second/main"].layer.describe() == "5 1×1 pad same"


@pytest.mark.usefixtures("base")
def test_params_input_variants_and_layers_of_its_own() -> None:
    found = but("params: {width: 2, more: 3}\ninput: 8x8x1\nlayers: [{unit: more}, {conv: width}]")
    assert [row.output for row in found] == [(8, 8, 1), (8, 8, 3), (8, 8, 3), (8, 8, 2)]
    text = "like: base.yaml\nvariants: {tiny: {width: 1}}"
    assert report(text, "tiny")["CONV1"].output.c == 1


@pytest.mark.usefixtures("base")
def test_a_variant_may_be_meant() -> None:
    assert report("like: base.yaml:wide")["CONV1"].output == (16, 16, 16)
    assert report("like: base.yaml:small")["CONV1"].output == (8, 8, 8)
    assert report("like: vgg11\nbut: {fc8: {features: 10}}").outputs == ((1, 1, 10),)


@pytest.mark.usefixtures("base")
def test_blocks_of_both_files() -> None:
    found = but("blocks: {mine: {args: {w: }, layers: [{unit: w, k: 1}]}}\nlayers: [{mine: 3}, {unit: 2}]")
    assert [row.path for row in found] == ["input", "mine1/unit1/main", "mine1/unit1/relu1", "unit1/main", "unit1/relu1"]
    changed = but("blocks: {unit: {args: {w: }, layers: [{depthwise: 1}]}}")
    assert changed["first/depthwise1"].output == (16, 16, 8)


def test_a_chain_of_files(base: Path) -> None:
    (base / "middle.yaml").write_text("like: base.yaml\nparams: {width: 6}\nbut: {CONV1: {kernel: 5, pad: 2}}", encoding="utf-8")
    found = report("like: middle.yaml\nbut: {CONV1: {stride: 2}}")
    assert found["CONV1"].layer.describe() == "6 5×5 /2 pad 2"


def test_options_change_fields_too() -> None:
    steps = "[{conv: 8, kernel: 3, name: CONV1}, {conv: 4}, {do: [{conv: 2, name: deep}], name: stage}]"
    found = layers(steps, changes=["CONV1.kernel=5", "CONV1.pad = 2", "conv2.filters=in.c // 2", "stage/deep.filters=3", "CONV1.kernel=7"])
    assert [row.layer.describe() for row in found][1:] == ["8 7×7 pad 2", "4 1×1", "3 1×1"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("CONV1.kernal=5", "1:7: conv has no field 'kernal'"),
        ("CONV1.kernel=0", "1:14: kernel: expected a whole number from 1 up, or one per side: [height, width], found 0"),
        ("CONV1.kernel=x", "1:14: unknown name 'x'"),
        ("CONV2.kernel=5", "1:1: no step is named 'CONV2'"),
        ("unit.kernel=5", "1:1: no step is named 'unit'"),
        ("stage.kernel=5", "1:7: stage: a group has no fields to change"),
        ("CONV1.kernel=", "--but takes a step's field and its value, CONV1.kernel=7, not 'CONV1.kernel='"),
        ("CONV1=5", "--but takes a step's field and its value, CONV1.kernel=7, not 'CONV1=5'"),
        ("kernel", "--but takes a step's field and its value, CONV1.kernel=7, not 'kernel'"),
    ],
)
def test_options_that_change_nothing(change: str, message: str) -> None:
    text = "input: 8x8x4\nlayers: [{conv: 8, name: CONV1}, {do: [relu], name: stage}]"
    assert problems(text, changes=[change]) == [message]


def test_files_that_are_like_one_another_without_an_end(base: Path) -> None:
    (base / "a.yaml").write_text("like: b.yaml\n", encoding="utf-8")
    (base / "b.yaml").write_text("like: a.yaml\n", encoding="utf-8")
    with pytest.raises(SpecError) as found:
        cnncalc.analyze("a.yaml")
    assert [said(problem) for problem in found.value.problems] == ["1:7: more than 8 files in a chain of 'like'"]


def test_problems_of_the_other_file_are_shown_there(base: Path) -> None:
    (base / "wrong.yaml").write_text("input: 8x8x4\nlayers: [rellu]\n", encoding="utf-8")
    with pytest.raises(SpecError) as found:
        report("like: wrong.yaml")
    assert str(found.value).startswith("wrong.yaml:2:10: unknown kind or block 'rellu'")


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights there")
def test_paths_start_from_the_folder_of_the_file_and_stay_in_it(base: Path) -> None:
    (base / "inner").mkdir()
    (base / "inner" / "near.yaml").write_text("like: far.yaml\n", encoding="utf-8")
    (base / "inner" / "far.yaml").write_text("input: 8x8x4\nlayers: [relu]\n", encoding="utf-8")
    assert cnncalc.analyze("inner/near.yaml").input == (8, 8, 4)
    assert report("like: inner/near.yaml").input == (8, 8, 4)
    (base / "inner" / "out.yaml").write_text("like: ../base.yaml\n", encoding="utf-8")
    with pytest.raises(SpecError, match="outside the folder"):
        cnncalc.analyze("inner/out.yaml")
    (base / "inner" / "link.yaml").symlink_to(base / "base.yaml")
    (base / "inner" / "linked.yaml").write_text("like: link.yaml\n", encoding="utf-8")
    with pytest.raises(SpecError, match="outside the folder"):
        cnncalc.analyze("inner/linked.yaml")
