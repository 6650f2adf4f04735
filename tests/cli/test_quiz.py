"""Worksheets from the command line: made, filled in, graded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("level", ["1", "2", "3"])
def test_a_key_is_graded_all_right_and_an_empty_sheet_all_unclear(level: str, tmp_path: Path) -> None:
    empty, key = str(tmp_path / "empty.yaml"), str(tmp_path / "key.yaml")
    options = ["quiz", "--level", level, "--seed", "9", "--questions", "6"]
    assert run(*options, "-o", empty) == (0, "", "")
    assert run(*options, "--key", "-o", key) == (0, "", "")
    graded = run("check", key)
    assert graded.code == 0
    assert "6 right, 0 wrong, 0 unclear." in graded.out
    graded = run("check", empty)
    assert graded.code == 1
    assert "0 right, 0 wrong, 6 unclear." in graded.out
    assert run("validate", empty, key).code == 0


def test_a_seed_makes_the_same_sheet_and_none_makes_a_new_one_and_tells_its_seed() -> None:
    assert run("quiz", "--seed", "4").out == run("quiz", "--seed", "4").out
    done = run("quiz")
    assert done.code == 0
    found = re.fullmatch(r"This is the worksheet of --seed (\d+)\.\n", done.err)
    assert found is not None
    assert run("quiz", "--seed", found[1]).out == done.out
    assert found[1] not in done.out.splitlines()[2]  # who has only the sheet cannot make its key


def test_ten_questions_of_the_first_level_unless_told_otherwise() -> None:
    out = run("quiz", "--seed", "1").out
    assert out.count("- id: ") == 10
    assert 'title: "Worksheet, level 1"' in out
    assert 'title: "Week 3"' in run("quiz", "--seed", "1", "--title", "Week 3").out


def test_an_empty_sheet_holds_no_answers() -> None:
    empty, key = (run("quiz", "--seed", "5", "--level", "2", *more).out for more in ([], ["--key"]))
    pairs = list(zip(empty.splitlines(), key.splitlines(), strict=True))
    answers = [(one, other) for one, other in pairs if one != other]
    assert len(answers) == 10
    assert all(re.fullmatch(r"    \w+:", one) and other.startswith(one + " ") for one, other in answers)


def test_markdown_has_lines_to_write_on_and_its_key_the_workings(tmp_path: Path) -> None:
    options = ["quiz", "--seed", "2", "--questions", "3"]
    printed = run(*options, "--format", "markdown").out
    assert printed.count("Answer: ____") == 3
    assert printed.startswith("# Worksheet, level 1\n\nName: ____")
    path = tmp_path / "key.md"
    assert run(*options, "--key", "-o", str(path)).code == 0
    key = path.read_text(encoding="utf-8")
    assert key.count("    **") == 3
    assert "    ```text" in key
    assert "Answer:" not in key


def test_networks_of_ones_own_stand_beside_the_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nets").mkdir()
    spec = tmp_path / "nets" / "mine.yaml"
    spec.write_text("name: Mine\ninput: 12x12x3\nlayers: [{conv: 4, kernel: 3, name: c}, {fc: 5}]\n", encoding="utf-8")
    out = tmp_path / "sheet.yaml"
    assert run("quiz", str(spec), "--seed", "1", "--questions", "3", "--key", "-o", str(out)).code == 0
    assert 'network: "nets/mine.yaml"' in out.read_text(encoding="utf-8")
    assert run("check", str(out)).code == 0
    monkeypatch.chdir(tmp_path)
    assert 'network: "nets/mine.yaml"' in run("quiz", "nets/mine.yaml", "--seed", "1").out
    done = run("quiz", "nets/mine.yaml", "--seed", "1", "-o", "nets/mine.yaml")
    assert done.code == 2
    assert "it is not overwritten" in done.err
    (tmp_path / "other").mkdir()
    done = run("quiz", "nets/mine.yaml", "--seed", "1", "-o", "other/sheet.yaml")
    assert done.code == 2
    assert "outside the folder of the worksheet" in done.err


def test_fewer_questions_than_asked_for_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [{fc: 2, name: f}]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run("quiz", "n.yaml", "--seed", "1")
    assert done.code == 0
    assert done.err == "There are only 3 different questions.\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--level", "4"], "--level"),
        (["--questions", "0"], "--questions"),
        (["--seed", "x"], "--seed"),
        (["vgg61"], "no network 'vgg61'"),
        (["nowhere.yaml"], "no such file"),
        (["-o", "sheet.html"], "a worksheet is YAML or Markdown, not html"),
    ],
)
def test_what_is_refused(args: list[str], message: str) -> None:
    done = run("quiz", *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
