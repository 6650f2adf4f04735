from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from cnncalc.cli.progress import Progress, collect
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Two seconds between every two looks at it, or another time."""

    def __init__(self, step: float = 2.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def test_long_work_has_a_bar_with_the_time_left_that_goes_when_it_is_done() -> None:
    terminal = Terminal()
    assert collect(range(8), 8, terminal, Clock()) == (list(range(8)), False)
    written = terminal.getvalue()
    assert "7/8" in written
    assert " left" in written
    assert written.endswith("\x1b[1A\x1b[2K")  # the line is wiped out


@pytest.mark.parametrize("columns", ["20", "60"])
def test_one_line_however_long_the_name_and_whatever_is_in_it(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    terminal = Terminal()
    with Progress(3, terminal, Clock()) as progress:
        for name in ("x" * 200, "[red]\x1b[31m网络", "last"):
            progress(name)
            assert progress.display is not None
            progress.display.refresh()
    written = terminal.getvalue()
    assert written.count("\n") == 1  # that of its end
    assert "\x1b[31m" not in written
    assert columns == "20" or "[red]\ufffd[31m网络" in written


@pytest.mark.parametrize(
    ("stream", "term", "step"),
    [(io.StringIO, "xterm", 2.0), (Terminal, "dumb", 2.0), (Terminal, "xterm", 0.01)],
    ids=["pipe", "dumb", "short"],
)
def test_nothing_in_a_pipe_on_a_dumb_terminal_or_of_short_work(
    stream: type[io.StringIO], term: str, step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delitem(sys.modules, "rich.progress", raising=False)
    written = stream()
    collect(range(8), 8, written, Clock(step))
    assert written.getvalue() == ""
    assert "rich.progress" not in sys.modules


@pytest.mark.parametrize("words", ["check a.yaml b.yaml", "chart lenet5 alexnet", "compare lenet5 alexnet", "list lenet --figures"])
def test_commands_with_several_pieces_of_work_say_which_they_are_at(words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    labels: list[str] = []
    monkeypatch.setattr(Progress, "__call__", lambda self, label="": labels.append(label))
    monkeypatch.chdir(tmp_path)
    run(*words.split())
    assert len(labels) > 1
    assert set(labels) & {"a.yaml", "lenet5"}
