"""Practice in the terminal: verdicts, slips, derivations, the score, and Ctrl-D."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from cnncalc.answers.practice import Practice
from cnncalc.answers.quiz import QuizMaker
from cnncalc.answers.writing import answer
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


def keys(level: int, seed: int, count: int, *networks: str) -> list[str]:
    """The right answers."""
    maker = QuizMaker(level, networks, ".")
    asked = [question for _, question in zip(range(count), maker.questions(seed), strict=False)]
    return [answer(verdict.computed) for verdict in maker.graded(asked)]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_right_answers_are_right_and_counted(level: int) -> None:
    right = keys(level, 4, 6)
    done = run("practice", "--level", str(level), "--seed", "4", "--questions", "6", input="\n".join(right) + "\n")
    assert done.code == 0
    assert done.err == ""
    assert len(re.findall("Right[.:]", done.out)) == 6
    assert done.out.endswith("6 of 6 right at the first try.\n")


def test_a_wrong_answer_is_named_and_may_be_tried_again() -> None:
    spec = "conv 10 5x5"
    assert run("practice", spec, input="").code == 2  # a sheet cannot name layers in shorthand
    (right, *_) = keys(1, 0, 1, "alexnet")
    done = run("practice", "alexnet", "--seed", "0", "--questions", "1", input=f"abc\n4\n{right}\n")
    assert done.code == 0
    assert "could not be parsed" in done.out
    assert "Right." in done.out
    assert "Try again, or press Enter for the answer." in done.out
    assert "0 of 1 right at the first try, 1 later." in done.out


def test_a_slip_is_named_in_the_answer_and_in_the_summary() -> None:
    maker = QuizMaker(1, (), ".")
    for number, question in enumerate(maker.questions(8)):
        if question.template == "conv-params":
            (verdict,) = maker.graded([question])
            biases = int(re.findall(r"with (\d+) filter", question.ask)[0])
            lines = "\n" * number + f"{verdict.computed - biases}\n"
            break
    done = run("practice", "--seed", "8", "--questions", str(number + 1), input=lines)
    assert "is the count without the biases" in done.out
    assert "Most frequent mistakes: bias-left-out (1)." in done.out


def test_an_empty_line_shows_the_answer_and_how_it_is_derived() -> None:
    (right, *_) = keys(2, 1, 1, "alexnet")
    done = run("practice", "alexnet", "--level", "2", "--seed", "1", "--questions", "1", input="\n")
    assert f"It is {right}." in done.out
    assert "0 of 1 right at the first try." in done.out


def test_ctrl_d_ends_with_the_score_at_once() -> None:
    done = run("practice", "--seed", "1", input="")
    assert done.code == 0
    assert done.out.endswith("No questions answered.\n")


def test_options_are_answered_by_letter() -> None:
    session = Practice(QuizMaker(2, (), ".", multiple_choice=True), 2)
    asked = [question for _, question in zip(range(4), session.questions(), strict=False)]
    right = [next((letter for letter, each in zip("abcd", question.choices, strict=False) if not each.slips), "") for question in asked]
    lines = [letter or answer(question.key.computed) for letter, question in zip(right, asked, strict=True)]
    done = run("practice", "--level", "2", "--seed", "2", "--multiple-choice", "--questions", "4", input="\n".join(lines) + "\n")
    assert done.code == 0
    assert done.out.count("   (a) ") == sum(map(bool, right)) > 0
    assert done.out.endswith("4 of 4 right at the first try.\n")


def test_there_is_an_end_to_the_questions_of_a_small_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "n.yaml").write_text("input: 4x4x1\nlayers: [{fc: 2, name: f}]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run("practice", "n.yaml", "--seed", "1", input="\n" * 50)
    assert done.code == 0
    assert "0 of 3 right at the first try." in done.out
    assert "1. f of n" in done.out


def test_on_a_terminal() -> None:
    """Typed on a pty: an answer, and Ctrl-D."""
    import pty

    child, screen = pty.fork()
    if not child:
        os.execv(sys.executable, [sys.executable, "-m", "cnncalc", "practice", "alexnet", "--seed", "0", "--questions", "3"])
    shown = b""
    typed = [b"4\n", b"\x04"]
    while True:
        try:
            piece = os.read(screen, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if typed and shown.rstrip(b" ").endswith(b"Answer:"):
            os.write(screen, typed.pop(0))
    os.close(screen)
    assert os.waitpid(child, 0)[1] == 0, shown
    text = shown.decode()
    assert "Try again, or press Enter" in text
    assert "0 of 1 right at the first try." in text
