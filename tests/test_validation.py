from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cnncalc.validation import check, counted

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "input: 8x8x3\nlayers:\n  - {conv: 3, kernel: 3}\n"


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "net.yaml"
    path.write_text(text)
    return str(path)


def test_a_network(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert check(path) == (path, "a network", (), True)


def test_every_variant_is_written_out(tmp_path: Path) -> None:
    text = "input: 8x8x3\nparams: {k: 3}\nvariants: {small: {k: 1}, large: {k: 9}, larger: {k: 10}}\nlayers:\n  - {conv: 3, kernel: k}\n"
    found = check(written(tmp_path, text))
    assert found.readable
    assert [(problem.message, problem.hint) for problem in found.problems] == [
        ("conv1: the kernel is higher than the padded input", "input: input 8×8×3; in large"),
    ] or len(found.problems) == 2
    assert all(problem.span is not None for problem in found.problems)
    sound = check(written(tmp_path, text.replace("k: 9", "k: 2").replace("k: 10", "k: 4")))
    assert sound.what == "3 networks"


def test_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text("questions:\n  - {id: q1, network: {input: 8x8x3, layers: [{conv: 3}]}, params: 12}\n")
    assert check(str(path)).what == "an answer sheet, 1 question"
    path.write_text("questions:\n  - {id: q1, network: vgg16, parms: 12}\n")
    assert check(str(path)).problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("input: 8x8x3\nlayers:\n  - {conv: 3, kernl: 3}\n  - {maxpol: 2}\n", "conv has no field 'kernl'"),
        ("[]", "a network is a mapping with keys"),
    ],
)
def test_all_problems_of_a_file(tmp_path: Path, text: str, message: str) -> None:
    found = check(written(tmp_path, text))
    assert found.readable
    assert message in found.problems[0].message


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert not check(str(tmp_path / "no.yaml")).readable
    assert not check(str(tmp_path)).readable
    assert check(written(tmp_path, "")).readable


def test_counting() -> None:
    assert (counted(1, "problem"), counted(2, "problem")) == ("1 problem", "2 problems")
