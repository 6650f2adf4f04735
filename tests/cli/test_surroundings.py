"""What a process finds around it: streams that are missing, and signals."""

from __future__ import annotations

import io
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from cnncalc.cli.surroundings import Ended, complete_streams, end, silence, watch

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
        with pytest.raises(Ended) as ended:
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
