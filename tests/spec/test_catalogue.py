"""Names to networks: the catalogue's names, paths, variants, and what is said where nothing is found."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import cnncalc
from cnncalc.analysis import locate
from cnncalc.errors import SpecError
from cnncalc.spec import catalogue, catalogue_index
from cnncalc.spec.reader import read

ROOT = Path(__file__).parents[2]


def message(name: str) -> str:
    with pytest.raises(SpecError) as found:
        locate(name)
    (problem,) = found.value.problems
    return f"{problem.message}; {problem.hint}" if problem.hint else problem.message


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    text = "name: Mine\ninput: 8x8x3\nparams: {w: 4}\nvariants: {wide: {w: 8}, 3d: {w: 2}}\nlayers: [{conv: w}]\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "other.yml").write_text("input: 4x4x1\nlayers: [relu]\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    return tmp_path


def test_every_name_leads_to_its_network() -> None:
    names = cnncalc.names()
    assert len(set(names)) == len(names) >= 100
    entries = {entry.name: entry for entry in catalogue_index.entries()}
    assert list(entries) == names
    for name in names:
        setting = locate(name)
        assert setting.id == name
        assert setting.network.source.name == entries[name].file
        assert setting.about.title == entries[name].title
        assert (setting.about.year, setting.about.paper) == (entries[name].year, entries[name].paper)
        assert (setting.about.published or {}) == entries[name].published


def test_heads_end_ahead_of_the_layers() -> None:
    for path in catalogue_index.files():
        text = Path(path).read_text(encoding="utf-8")
        whole = catalogue.network_from_tree(*read(text, "whole"), Path(path).stem, str(ROOT / "architectures"))
        listed = [entry for entry in catalogue_index.entries() if entry.file == Path(path).name]
        assert [entry.name for entry in listed] == (list(whole.variants) or [whole.id])


@pytest.mark.usefixtures("files")
def test_files_by_their_paths() -> None:
    assert locate("mine.yaml").id == "mine"
    assert locate("./mine.yaml").network.about.title == "Mine"
    assert locate("mine.yaml:wide").id == "wide"
    assert locate("mine.yaml:3d").id == "3d"
    assert locate(str(Path("mine.yaml").resolve())).id == "mine"
    assert locate("other.yml").id == "other"
    assert cnncalc.analyze("mine.yaml:wide").outputs[0].c == 8


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("alexnett", "no network 'alexnett' in the catalogue; did you mean 'alexnet'?"),
        ("zzzzzz", "no network 'zzzzzz' in the catalogue; cnncalc list shows the catalogue; give a file by its path"),
        ("", "no network '' in the catalogue; cnncalc list shows the catalogue; give a file by its path"),
        ("mine", "no network 'mine' in the catalogue; give a file by its path: mine.yaml"),
        ("other", "no network 'other' in the catalogue; give a file by its path: other.yml"),
        ("mine.yaml:wid", "mine.yaml has no variant 'wid'; did you mean 'wide'?"),
        ("mine.yaml:zzz", "mine.yaml has no variant 'zzz'; variants: wide, 3d"),
        ("other.yml:wide", "other.yml has no variant 'wide'; it has no variants"),
        ("mien.yaml", "mien.yaml: no such file; did you mean 'mine.yaml'?"),
        ("nowhere/mine.yaml", "nowhere/mine.yaml: no such file; the folder 'nowhere' does not exist"),
        ("folder/", "folder/: a folder, not a file"),
        (".", ".: a folder, not a file"),
        ("a\0b.yaml", "a\0b.yaml: cannot be read: a file name cannot contain a NUL character"),
        ("a\0b", "no network 'a\\x00b' in the catalogue; cnncalc list shows the catalogue; give a file by its path"),
    ],
)
def test_names_that_lead_nowhere(name: str, said: str) -> None:
    assert message(name) == said


def test_a_family_is_no_network() -> None:
    assert message("vgg").startswith("no network 'vgg' in the catalogue; ")


@pytest.mark.usefixtures("files")
def test_paths_may_be_kept_in_a_folder() -> None:
    assert catalogue.find("mine.yaml:wide", base=".").id == "wide"
    for path in ("../mine.yaml", "folder/../../mine.yaml", str(ROOT / "architectures" / "vgg.yaml")):
        with pytest.raises(SpecError, match="outside the folder of the file that names it"):
            catalogue.find(path, base=".")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"input: 8x8x3\nlayers: [relu]\n")))
    setting = locate("-")
    assert setting.id == "stdin"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"input: 8x8x3\nlayers: [rellu]\n")))
    with pytest.raises(SpecError, match=r"^<stdin>:2:10: unknown kind or block 'rellu'"):
        locate("-")


def test_the_catalogue_of_a_wheel_is_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(catalogue_index.folder()) == ROOT / "architectures"
    package = tmp_path / "cnncalc"
    (package / "architectures").mkdir(parents=True)
    monkeypatch.setattr(catalogue_index, "__file__", str(package / "spec" / "catalogue_index.py"))
    assert Path(catalogue_index.folder()) == package / "architectures"


def test_a_catalogue_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a wheel that was not unpacked: the modules load, the catalogue's files cannot be opened; others can."""
    (tmp_path / "cnncalc.whl").write_bytes(b"PK")
    (tmp_path / "mine.yaml").write_text("input: 8x8x3\nlayers: [relu]\n", encoding="utf-8")
    monkeypatch.setattr(catalogue_index, "__file__", str(tmp_path / "cnncalc.whl" / "cnncalc" / "spec" / "catalogue_index.py"))
    for use in (lambda: locate("vgg16"), catalogue_index.names, lambda: locate("conv")):
        with pytest.raises(SpecError, match=r"cnncalc\.whl.architectures: the catalogue cannot be read"):
            use()
    assert locate(str(tmp_path / "mine.yaml")).id == "mine"
