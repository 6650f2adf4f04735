"""Commands as processes of their own, in any environment: flags of Python, locales, streams that are closed or full."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from tests.cli.every import CLEAN, lines

# None of these changes what is printed.
FLAGS = ("-O", "-OO", "-X dev", "-X utf8", "-X no_debug_ranges", "-B", "-b", "-s", "-W error", "-X int_max_str_digits=640", "-u")
SETTINGS = (
    "PYTHONOPTIMIZE=2", "PYTHONDEVMODE=1", "PYTHONHASHSEED=1", "PYTHONINTMAXSTRDIGITS=640", "PYTHONMALLOC=debug", "PYTHONUNBUFFERED=1",
    "PYTHONWARNINGS=error", "PYTHONNODEBUGRANGES=1", "COLUMNS=20", "COLUMNS=0", "LINES=x", "TERM=dumb", "TERM=", "TERM=xterm-256color",
    "NO_COLOR=1", "HOME=", "HOME=/nonexistent", "TZ=Nowhere/Else", "PATH=", "LANGUAGE=de", "TMPDIR=/nonexistent",
)  # fmt: skip
# These change which letters there are, or where the output goes.
LOCALES = ("LANG=C", "LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=xx_XX.UTF-8", "LANG=", "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0")
ENCODINGS = tuple(f"PYTHONIOENCODING={name}" for name in ("utf-8", "ascii", "latin-1", "cp1252", "cp437", "utf-16", "ascii:replace"))
STREAMS = ("<&-", ">&-", "2>&-", "</dev/null", ">/dev/null", "2>/dev/null", "| head -c 9", "| true")
FULL = (">/dev/full", "2>/dev/full") if os.path.exists("/dev/full") else ()
ENDS = {0, 1, 2, 141}


class Process(NamedTuple):
    """A command line, and what it is started with."""

    words: list[str]
    flags: list[str]
    settings: list[str]
    locale: str
    streams: list[str]

    def __str__(self) -> str:
        streams = " ".join(sorted(self.streams, key=lambda stream: stream[0] == "|"))
        settings = " ".join([*self.settings, self.locale]).strip()
        return f"{settings} {sys.executable} {' '.join(self.flags)} -m cnncalc {shlex.join(self.words)} {streams}".strip()


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=3, unique_by=lambda value: value.partition("=")[0])


processes = st.builds(
    Process,
    st.sampled_from(lines()),
    some(FLAGS),
    some(SETTINGS),
    st.sampled_from(("", "", *LOCALES, *ENCODINGS)),
    st.lists(st.sampled_from((*STREAMS, *FULL)), max_size=2, unique_by=lambda stream: stream.lstrip("012")[0]),
)


class TerminatedBySignal(NamedTuple):
    code: int
    out: bytes
    err: bytes


def shell(line: str) -> TerminatedBySignal:
    """How a command ends; of several in a pipe the first."""
    script = f"{line}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], env=CLEAN, input=b"", capture_output=True, check=False, timeout=120)
    return TerminatedBySignal(done.returncode, done.stdout, done.stderr)


@cache
def plainly(words: tuple[str, ...]) -> TerminatedBySignal:
    """The same without anything around it."""
    return shell(f"PYTHONIOENCODING=utf-8 {sys.executable} -m cnncalc {shlex.join(words)}")


def end_as_they_should(process: Process) -> None:
    """No traceback and no warning; and the same words as ever where there is a stream for them that has all letters."""
    code, out, err = shell(str(process))
    assert code in ENDS, (code, err)
    said = err.decode("utf-16" if "utf-16" in process.locale else "utf-8", "replace")
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    plain = plainly(tuple(process.words))
    if any(stream[0] in ">|" for stream in process.streams):
        return
    assert code == plain.code, (code, err)
    if process.locale in ("", "PYTHONIOENCODING=utf-8"):
        assert out == plain.out
        assert process.streams or err == plain.err
