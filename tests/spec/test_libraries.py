"""Blocks that files share: a network that uses libraries equals the network with their blocks written in its own file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import cnncalc
from cnncalc import analysis
from cnncalc.errors import SpecError
from cnncalc.limits import LIMITS
from cnncalc.spec import catalogue, catalogue_index
from cnncalc.spec import opened as opened_files
from cnncalc.spec.settings import Setting
from cnncalc.validation import check
from tests.spec_text import lines, paths, problems, said

FOLDER = Path(catalogue_index.folder())
USING = [path for path in catalogue_index.files() if re.search(r"^use:", Path(path).read_text(encoding="utf-8"), re.MULTILINE)]
UNIT = "  unit: {args: {filters: , act: relu}, layers: [{conv: filters}, act]}\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def wrong(path: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(str(path))
    return [f"{Path(problem.place[0]).name}:{said(problem).replace(f'{path.parent}/', '')}" for problem in caught.value.problems]


def written_out(path: str) -> dict[str, Any]:
    """The content of a file with the blocks of its libraries among its own, and in each of these the defaults that hold for it."""
    whole = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    names = listed(whole.pop("use"))
    # the opposite of what the file says, which does not hold in its libraries
    usual = {kind: {field: not value for field, value in fields.items()} for kind, fields in whole.get("defaults", {}).items()}
    for name in names:
        library = yaml.safe_load((FOLDER / "blocks" / f"{name}.yaml").read_text(encoding="utf-8"))
        names += [other for other in listed(library.get("use", [])) if other not in names]
        own = library.get("defaults", {})
        defaults = {kind: {**usual.get(kind, {}), **own.get(kind, {})} for kind in {*usual, *own}}
        whole["blocks"] = {**whole.get("blocks", {}), **{key: {**block, "defaults": defaults} for key, block in library["blocks"].items()}}
    return dict(whole)


def listed(use: Any) -> list[str]:
    return [use] if isinstance(use, str) else list(use)


@pytest.mark.parametrize("path", USING, ids=lambda path: Path(path).stem)
def test_a_file_that_uses_libraries_equals_the_same_written_out(path: str) -> None:
    network = catalogue.from_mapping(written_out(path)).network
    for entry in catalogue_index.entries():
        if entry.file == Path(path).name:
            expected = analysis.report(Setting(network, network.variants.get(entry.name)))
            found = cnncalc.analyze(entry.name)
            assert paths(found) == paths(expected)
            assert lines(found) == lines(expected)


@pytest.mark.parametrize("name", catalogue_index.library_names())
def test_libraries_of_the_catalogue_are_sound(name: str) -> None:
    path = FOLDER / "blocks" / f"{name}.yaml"
    checked = check(str(path))
    assert (checked.problems, checked.what[:10]) == ((), "a library,")


def test_libraries_are_no_networks() -> None:
    assert not {*catalogue_index.library_names()} & {*cnncalc.names()}
    with pytest.raises(SpecError, match="no network 'squeeze_excite'") as caught:
        cnncalc.analyze("squeeze_excite")
    assert "use: squeeze_excite" in caught.value.problems[0].hint


def test_only_what_is_used_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def record(path: str, most: int, **_: bool) -> bytes:
        opened.append(Path(path).name)
        return Path(path).read_bytes()[:most]

    monkeypatch.setattr(opened_files, "read_content", record)
    cnncalc.analyze("vgg16")
    assert opened == ["vgg.yaml"]
    cnncalc.analyze("senet154")
    assert opened[1:] == ["senet.yaml", "squeeze_excite.yaml"]


def test_a_library_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    write(tmp_path, mine="use: nets/units.yaml\ninput: 8x8x3\nlayers: [{unit: 4}, {pair: 2}]\n")
    write(tmp_path / "nets", units="use: one.yaml\nblocks:\n  pair: {args: {n: }, layers: [{unit: n, act: gelu}, {unit: n}]}\n")
    write(tmp_path / "nets", one=f"blocks:\n{UNIT}")
    found = cnncalc.analyze(str(tmp_path / "mine.yaml"))
    assert paths(found) == [
        "unit1/conv1",
        "unit1/relu1",
        *(f"pair1/unit{n}/{x}1" for n, act in ((1, "gelu"), (2, "relu")) for x in ("conv", act)),
    ]
    assert found.total.params == (3 * 4 + 4) + (4 * 2 + 2) + (2 * 2 + 2)


def test_one_block_of_a_library_and_those_that_it_uses(tmp_path: Path) -> None:
    write(tmp_path, units=f"blocks:\n{UNIT}  twice: {{args: {{n: }}, layers: {{unit: n, repeat: 2}}}}\n  relu6_: {{layers: relu6}}\n")
    write(tmp_path, mine="use: units.yaml:twice\ninput: 8x8x3\nblocks: {relu6_: {layers: gelu}}\nlayers: [{twice: 4}, relu6_, {unit: 5}]\n")
    assert [row.kind for row in cnncalc.analyze(str(tmp_path / "mine.yaml"))] == [
        "input",
        "conv",
        "relu",
        "conv",
        "relu",
        "gelu",
        "conv",
        "relu",
    ]
    write(tmp_path, mine="use: units.yaml:unit\ninput: 8x8x3\nlayers: [{twice: 4}]\n")
    assert wrong(tmp_path / "mine.yaml") == ["mine.yaml:3:11: unknown kind or block 'twice'"]


def test_a_library_sees_nothing_of_the_file_that_uses_it(tmp_path: Path) -> None:
    write(tmp_path, units=f"blocks:\n{UNIT}")
    text = """
use: units.yaml
input: 8x8x3
params: {relu: 7, filters: 9}
defaults: {conv: {bias: false, kernel: 3}}
layers: [{unit: filters}, {conv: 2}]
"""
    write(tmp_path, mine=text)
    found = cnncalc.analyze(str(tmp_path / "mine.yaml"))
    assert [(row.kind, row.params) for row in found][1:] == [("conv", 9 * 3 + 9), ("relu", 0), ("conv", 9 * 9 * 2)]
    write(tmp_path, units="blocks:\n  unit: {args: {n: }, layers: {conv: width}}\n", mine=text.replace("relu: 7", "width: 7"))
    assert wrong(tmp_path / "mine.yaml") == ["units.yaml:2:38: unknown name 'width'"]


def test_a_block_of_the_file_as_an_argument_of_a_block_of_a_library(tmp_path: Path) -> None:
    write(tmp_path, units=f"blocks:\n{UNIT}")
    write(
        tmp_path,
        mine="use: units.yaml\nparams: {w: 5}\ninput: 8x8x3\nblocks: {last: {layers: {fc: w}}}\nlayers: [{unit: 4, act: last}]\n",
    )
    assert paths(cnncalc.analyze(str(tmp_path / "mine.yaml"))) == ["unit1/conv1", "unit1/last1/fc1"]


def test_a_network_inherits_the_libraries_of_another(tmp_path: Path) -> None:
    write(tmp_path, units=f"blocks:\n{UNIT}", base="use: units.yaml\ninput: 8x8x3\nlayers: [{unit: 4, name: first}]\n")
    write(tmp_path, mine="like: base.yaml\nbut: {first: {filters: 6}}\n", other="like: base.yaml\nlayers: [{unit: 8}]\n")
    assert cnncalc.analyze(str(tmp_path / "mine.yaml")).total.params == 3 * 6 + 6
    assert cnncalc.analyze(str(tmp_path / "other.yaml")).total.params == 3 * 8 + 8


def test_mistakes_inside_a_library_have_their_place_there(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    write(tmp_path, mine="use: nets/units.yaml\ninput: 8x8x3\nlayers: [{unit: 4}, {conv: 3, kernl: 3}]\n")
    write(tmp_path / "nets", units="blocks:\n  unit: {args: {n: }, layers: [{conv: n, kernel: 9}, {conv: n, kernl: 3}]}\n")
    assert wrong(tmp_path / "mine.yaml") == [
        "mine.yaml:3:31: conv has no field 'kernl'",
        "units.yaml:2:64: conv has no field 'kernl'",
    ]
    write(tmp_path, mine="use: nets/units.yaml\ninput: 8x8x3\nlayers: [{unit: 4}]\n")
    write(tmp_path / "nets", units="blocks:\n  unit: {args: {n: }, layers: [{conv: n, kernel: 9}]}\n")
    (line,) = wrong(tmp_path / "mine.yaml")
    assert line.startswith("units.yaml:2:33: unit1/conv1: ")


def test_libraries_that_use_themselves(tmp_path: Path) -> None:
    write(tmp_path, mine="use: a.yaml\ninput: 8x8x3\nlayers: relu\n")
    for name, other in ("ab", "bc", "cb"):
        write(tmp_path, **{name: f"use: {other}.yaml\nblocks: {{{name}: {{layers: relu}}}}\n"})
    assert wrong(tmp_path / "mine.yaml") == ["c.yaml:1:6: b.yaml uses itself: b.yaml → c.yaml → b.yaml"]
    write(tmp_path, a="use: a.yaml\nblocks: {a: {layers: relu}}\n")
    assert wrong(tmp_path / "mine.yaml") == ["a.yaml:1:6: a.yaml uses itself: a.yaml → a.yaml"]
    assert [said(problem) for problem in check(str(tmp_path / "a.yaml")).problems]


def test_one_library_by_two_ways_is_read_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        one=f"blocks:\n{UNIT}",
        a="use: one.yaml\nblocks: {a: {layers: {unit: 3}}}\n",
        b="use: one.yaml\nblocks: {b: {layers: {unit: 4}}}\n",
    )
    write(tmp_path, mine="use: [a.yaml, b.yaml, one.yaml]\ninput: 8x8x3\nlayers: [a, b, {unit: 5}]\n")
    assert [row.output.c for row in cnncalc.analyze(str(tmp_path / "mine.yaml")) if row.kind == "conv"] == [3, 4, 5]


def test_the_number_of_libraries_is_limited(tmp_path: Path) -> None:
    for i in range(LIMITS.libraries + 1):
        write(tmp_path, **{f"l{i}": f"blocks: {{b{i}: {{layers: relu}}}}\n"})
    write(tmp_path, mine=f"use: [{', '.join(f'l{i}.yaml' for i in range(LIMITS.libraries))}]\ninput: 8x8x3\nlayers: [b0, b31]\n")
    assert len(paths(cnncalc.analyze(str(tmp_path / "mine.yaml")))) == 2
    write(tmp_path, mine=f"use: [{', '.join(f'l{i}.yaml' for i in range(LIMITS.libraries + 1))}]\ninput: 8x8x3\nlayers: b0\n")
    assert [line.partition(" ")[2] for line in wrong(tmp_path / "mine.yaml")] == [f"more than {LIMITS.libraries} libraries"]
    for i in range(LIMITS.libraries + 1):
        write(tmp_path, **{f"l{i}": f"use: l{i + 1}.yaml\nblocks: {{b{i}: {{layers: relu}}}}\n"})
    write(tmp_path, mine="use: l0.yaml\ninput: 8x8x3\nlayers: b0\n")
    assert wrong(tmp_path / "mine.yaml") == [f"l{LIMITS.libraries - 1}.yaml:1:6: more than {LIMITS.libraries} libraries"]


def test_mistakes_of_a_library_that_two_others_use_are_reported_once(tmp_path: Path) -> None:
    write(tmp_path, mine="use: [a.yaml, b.yaml]\ninput: 8x8x3\nlayers: relu\n", broken="blocks: {c: {layers: rely}}\n")
    for name in "ab":
        write(tmp_path, **{name: f"use: broken.yaml\nblocks: {{{name}: {{layers: relu}}}}\n"})
    assert wrong(tmp_path / "mine.yaml") == ["broken.yaml:1:22: unknown kind or block 'rely'"]


def test_a_hostile_list_of_libraries_ends_soon() -> None:
    assert len(problems(f"use: [{'nothing, ' * 100_000}]\ninput: 8x8x3\nlayers: relu\n")) == LIMITS.libraries + 1


def test_links_lead_out_of_no_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write(tmp_path, secret="blocks: {a: {layers: relu}}\n")
    (inner / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    write(inner, mine="use: link.yaml\ninput: 8x8x3\nlayers: a\n")
    assert wrong(inner / "mine.yaml") == ["mine.yaml:1:6: link.yaml: outside the folder of the file that names it"]


def test_a_network_without_a_file_uses_the_catalogue_only() -> None:
    text = {"use": ["mlp", "units.yaml"], "input": "8x3", "layers": ["mlp"]}
    with pytest.raises(SpecError, match=r"units\.yaml: a network without a file can only use libraries of the catalogue"):
        cnncalc.analyze(text)
    assert cnncalc.analyze({**text, "use": "mlp"}).total.params == 3 * 12 + 12 + 12 * 3 + 3


@pytest.mark.parametrize(
    ("library", "message"),
    [
        ("blocks: {a: {layers: relu}}\nparams: {w: 3}\n", "units.yaml:2:1: a library has no key 'params'"),
        ("name: nothing\n", "units.yaml:1:1: 'blocks' is missing"),
        ("- relu\n", "units.yaml:1:1: expected a library: blocks by name, under the key 'blocks'"),
        ("blocks: {conv: {layers: relu}}\n", "units.yaml:1:10: 'conv' is a kind or a reserved word; choose another name for the block"),
    ],
)
def test_what_is_no_library(tmp_path: Path, library: str, message: str) -> None:
    write(tmp_path, mine="use: units.yaml\ninput: 8x8x3\nlayers: relu\n", units=library)
    assert wrong(tmp_path / "mine.yaml") == [message]


def test_use_of_nothing() -> None:
    assert problems("use:\ninput: 8x8x3\nlayers: relu\n") == ["1:5: use: expected the name or path of a library, or a list of them"]
    assert problems("use: []\ninput: 8x8x3\nlayers: relu\n") == []
