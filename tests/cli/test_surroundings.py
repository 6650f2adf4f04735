"""Standard streams and signals."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from cnncalc.cli import surroundings
from cnncalc.cli.surroundings import TerminatedBySignal, colour, complete_streams, end, same_colour_after, silence, watch
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are others there")
def test_streams_that_are_missing_are_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    complete_streams()
    made = [sys.stdin, sys.stdout, sys.stderr]
    complete_streams()
    assert [sys.stdin, sys.stdout, sys.stderr] == made
    assert sys.stdin.read() == ""
    sys.stderr.write("nobody reads this")
    sys.stdout.write("nor this")
    with pytest.raises(OSError, match="Bad file descriptor"):
        sys.stdout.flush()
    silence(sys.stdout)
    for stream in made:
        stream.close()


def test_what_is_no_file_is_not_silenced(tmp_path: Path) -> None:
    stream = io.StringIO()
    silence(stream)
    stream.write("x")
    assert stream.getvalue() == "x"
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        silence(file)
        file.write("x")
    assert (tmp_path / "out").read_text(encoding="utf-8") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_signals_are_answered_where_nobody_answers_them() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        watch()
        assert signal.getsignal(signal.SIGTERM) is end
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        with pytest.raises(TerminatedBySignal) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert ended.value.code == 143
        other = threading.Thread(target=watch)  # where Python takes no handlers
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        other.start()
        other.join()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


ESC = "\x1b"


@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        ("show lenet5", {}, False),
        ("show lenet5 --color always", {}, True),
        ("--color always show lenet5", {}, True),
        ("--color=always lenet5", {}, True),
        ("show lenet5 --color Always", {"NO_COLOR": "1"}, True),
        ("show lenet5 --color never", {"FORCE_COLOR": "1"}, False),
        ("--color never show lenet5", {"FORCE_COLOR": "1"}, False),
        ("--color never show lenet5 --color always", {}, True),
        ("show lenet5 --color auto", {"FORCE_COLOR": "1"}, True),
        ("show lenet5 --color auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("show lenet5", {"NO_COLOR": ""}, False),
    ],
)
def test_colour_is_as_it_is_asked_for(words: str, environment: dict[str, str], coloured: bool) -> None:
    done = run(*words.split(), env=environment)
    assert done.code == 0
    assert (ESC in done.out) == coloured


def test_the_environment_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "yes")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with same_colour_after():
        colour("always")
        assert (os.environ.get("NO_COLOR"), os.environ.get("FORCE_COLOR")) == (None, "1")
        colour("auto")
        assert os.environ.get("FORCE_COLOR") == "1"
    assert (os.environ.get("NO_COLOR"), os.environ.get("FORCE_COLOR")) == ("yes", None)


@pytest.mark.parametrize(("columns", "width"), [("30", 50), ("70", 68), ("200", 78), ("wide", 78), ("0", 78)])
def test_help_is_as_wide_as_click_would_make_it(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert surroundings.help_width() == width
