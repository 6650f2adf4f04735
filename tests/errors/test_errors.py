"""Invalid files: the first comment lines of each are the expected messages, `line:column: message` and, indented, the hint."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.errors import Problem, SpecError
from tests.spec_text import said

FILES = sorted(Path(__file__).parent.glob("*.yaml"))


def expected(text: str) -> list[str]:
    lines = text.splitlines()
    return [line[2:] for line in lines[: next(i for i, line in enumerate(lines) if not line.startswith("# "))]]


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(SpecError) as found:
        cnncalc.analyze(str(path))
    return found.value.problems


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_file_that_is_wrong(path: Path) -> None:
    lines: list[str] = []
    for problem in problems_of(path):
        lines += [said(problem).replace(f"{path.parent}/", ""), *([f"  {problem.hint}"] if problem.hint else [])]
    assert lines == expected(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_caret_stands_under_something(path: Path) -> None:
    for problem in problems_of(path):
        name, line, column = problem.place
        assert Path(name).name == path.name
        shown = str(problem).splitlines()
        assert shown[0] == f"{name}:{line}:{column}: {problem.message}"
        text, carets = shown[1], shown[2]
        under = text[len(carets) - carets.count("^") : len(carets)]
        assert carets.strip("^ ") == ""
        if under.strip():
            assert under == under.strip()
        else:  # what is missing has no text
            assert any(word in problem.message for word in ("missing", "expected", "tab"))
        assert shown[3:] == ([f"  {problem.hint}"] if problem.hint else [])


def test_the_files_are_many() -> None:
    assert len(FILES) >= 80


def test_a_message_as_a_student_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("input: 32x32x3\nlayers:\n  - {conv: 64, kernal: 3}\n  - {con: 64}\n", encoding="utf-8")
    with pytest.raises(SpecError) as found:
        cnncalc.analyze("mine.yaml")
    assert str(found.value).splitlines() == [
        "mine.yaml:3:16: conv has no field 'kernal'",
        "    - {conv: 64, kernal: 3}",
        "                 ^^^^^^",
        "  did you mean 'kernel'?",
        "mine.yaml:4:6: unknown kind or block 'con'",
        "    - {con: 64}",
        "       ^^^",
        "  did you mean 'conv'?",
    ]
