"""Worksheets from the command line: made, filled in, graded."""

from __future__ import annotations

import re
from html.parser import HTMLParser
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
    found = re.fullmatch(r"To get the same worksheet again, use --seed (\d+)\.\n", done.err)
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
    empty = empty.partition("\n# Appendix")[0]
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
        (["-o", "sheet.svg"], "a worksheet is yaml, markdown, html, moodle, gift, csv, not svg"),
        (["--variants", "2"], "--variants writes several files: -o FOLDER/"),
        (["--variants", "2", "-o", "sheet.yaml"], "--variants writes several files: -o FOLDER/"),
        (["--format", "moodle", "--key"], "--key is for sheets of paper; moodle holds the answers"),
        (["--variants", "501", "-o", "x"], "--variants"),
    ],
)
def test_what_is_refused(args: list[str], message: str) -> None:
    done = run("quiz", *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_variants_are_graded_by_the_folder_of_their_keys(tmp_path: Path) -> None:
    exam = str(tmp_path / "exam")
    done = run("quiz", "--variants", "3", "--seed", "7", "--questions", "4", "--level", "2", "--format", "markdown", "--key", "-o", exam)
    assert done == (0, "", "")
    names = sorted(path.name for path in (tmp_path / "exam").iterdir())
    assert names == sorted(f"variant-{n:02}{suffix}" for n in (1, 2, 3) for suffix in (".md", "-key.yaml", "-key.md"))
    key = (tmp_path / "exam" / "variant-02-key.yaml").read_text(encoding="utf-8")
    right = re.findall(r"    \w+: ([^\n]*)(?:\n\n|\n$|$)", key)
    assert len(right) == 4
    sheet = (tmp_path / "exam" / "variant-02.md").read_text(encoding="utf-8")
    assert "\nVariant: 2\n" in sheet
    for answer in right:
        sheet = re.sub(r"Answer: _+", f"Answer: {answer}", sheet, count=1)
    filled = tmp_path / "anna.md"
    filled.write_text(sheet.replace("Name: ____", "Name: Anna ____"), encoding="utf-8")
    found = run("check", "--against", exam, str(filled), "--format", "csv")
    assert found.code == 0, found
    assert found.out.startswith("student,variant,q1,q2,q3,q4,points,of\nAnna,2,")
    other = tmp_path / "ben.md"
    other.write_text(sheet.replace("Variant: 2", "Variant: 3"), encoding="utf-8")
    assert run("check", "--against", exam, str(other)).code == 1


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.yaml", "{variant: 1, q1: 5}", ""),
        ("a.yaml", "{variant: 9, q1: 5}", "a: no variant '9'"),
        ("a.yaml", "{q1: 5}", "a: which variant? none is named"),
        ("a.csv", "variant,1\nq1,5\n", ""),
        ("a.csv", "student,variant,q1\nann,2,5\nben,,5\n", "ben: which variant? none is named"),
        ("a.yaml", "{variant: 2, questions: [{id: q1, params: 5}]}", ""),
    ],
)
def test_the_variant_is_named_in_the_answers(name: str, text: str, problem: str, tmp_path: Path) -> None:
    exam = str(tmp_path / "exam")
    assert run("quiz", "--variants", "2", "--seed", "1", "--questions", "2", "-o", exam).code == 0
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = run("check", "--against", exam, str(tmp_path / name))
    assert done.code == 1
    assert problem in done.out
    assert re.search(r"^student +variant +q1 ", done.out, re.MULTILINE)
    assert "which variant" in problem or "which variant" not in done.out


def test_a_folder_without_variants_is_no_worksheet(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [{fc: 2}]\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("q1: 5\n", encoding="utf-8")
    done = run("check", "--against", str(tmp_path), str(tmp_path / "a.yaml"))
    assert done.code == 2
    assert "no worksheets with a variant in this folder" in done.err


@pytest.mark.parametrize("level", ["1", "2", "3"])
@pytest.mark.parametrize("more", [[], ["--multiple-choice", "--closed-book"]])
def test_a_page_to_print_holds_no_answers_and_its_key_all(level: str, more: list[str]) -> None:
    options = ["quiz", "--seed", "5", "--level", level, "--format", "html", *more]
    page, key = run(*options).out, run(*options, "--key").out
    assert page.isascii()
    assert page.count('<p class="answer">') == 10
    assert page.count('<div class="working">') + page.count('<ol class="options">') == 10
    assert ('<ol class="options">' in page) == bool(more)
    assert 'class="right"' not in page
    assert key.count('<p class="right">') == 10
    for text in (page, key):
        parser = Balanced()
        parser.feed(text)
        assert not parser.open


class Balanced(HTMLParser):
    """Notes which elements are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_figure_shows_several_layers_unless_their_volumes_are_asked_for() -> None:
    page = run("quiz", "--seed", "3", "--questions", "30", "--level", "2", "--format", "html").out
    questions = page.partition("<ol>")[2].split("<li>")[1:]
    shown = {text: "<svg" in text for text in questions if "goes through" in text}
    assert {drawn for text, drawn in shown.items() if "output size" in text} == {False}
    assert {drawn for text, drawn in shown.items() if "output size" not in text} == {True}
    assert not any("<svg" in text for text in questions if " is applied to a" in text)


def test_networks_that_questions_do_not_describe_are_printed_behind_them() -> None:
    sheet = run("quiz", "alexnet", "--seed", "1", "--level", "2", "--questions", "8", "--format", "markdown").out
    table = sheet.partition("## Appendix: AlexNet\n")[2]
    assert "| CONV1 | conv 96 11×11 /4, relu " in table
    assert "Answer" not in table
    assert "Appendix" not in run("quiz", "--seed", "1", "--format", "markdown").out  # level 1 describes its layers
    folded, full = (run("quiz", "resnet50", "--seed", "1", "--level", "2", *more).out for more in ([], ["--closed-book"]))
    assert "# Appendix: ResNet-50" in folded
    assert full.count("\n# ") > folded.count("\n# ") + 30


@pytest.mark.parametrize(("name", "begins"), [("q.xml", "<?xml"), ("q.gift", "$CATEGORY"), ("q.csv", "question,kind,points")])
def test_the_suffix_chooses_the_platform(name: str, begins: str, tmp_path: Path) -> None:
    assert run("quiz", "--seed", "3", "-o", str(tmp_path / name)) == (0, "", "")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert text == run("quiz", "--seed", "3", "--format", {"xml": "moodle"}.get(name[2:], name[2:])).out
