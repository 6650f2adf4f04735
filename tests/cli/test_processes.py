"""The command line as a shell runs it: pipes that close, terminals that know little, disks that are full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CNNCALC = [sys.executable, "-m", "cnncalc"]
CLEAN = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = command.replace("cnncalc", f"{sys.executable} -m cnncalc")
    return subprocess.run(["bash", "-c", line], cwd=ROOT, env={**CLEAN, **environment}, capture_output=True, check=False, timeout=60)


def test_a_closed_pipe_ends_quietly() -> None:
    done = shell("cnncalc show resnet152 --fold none | head -1; echo ${PIPESTATUS[0]}")
    assert done.stdout.splitlines()[0] == b"ResNet-152, 2015"
    assert done.stdout.splitlines()[1] in (b"0", b"141")
    assert done.stderr == b""


def test_help_into_a_closed_pipe_ends_quietly() -> None:
    done = shell("(cnncalc --help; echo $? >&2) | true")
    assert done.stderr in (b"0\n", b"141\n")


def test_a_full_disk_is_a_message() -> None:
    done = shell("cnncalc show vgg16 > /dev/full")
    assert done.returncode == 2
    assert done.stderr == b"Error: No space left on device\n"


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "ascii"),
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
    ],
)
def test_an_encoding_without_the_signs(environment: dict[str, str], encoding: str) -> None:
    done = shell("cnncalc show lenet5", **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert "28x28x6" in text
    assert "-----" in text
    for form in ("json", "csv", "markdown", "latex", "html"):
        assert shell(f"cnncalc show lenet5 --format {form}", **environment).returncode == 0


def test_a_pipe_has_the_full_width_and_no_colour() -> None:
    done = shell("cnncalc show resnet50 | cat", COLUMNS="20", TERM="xterm-256color")
    assert b"conv 64 7" in done.stdout
    assert b"\x1b" not in done.stdout


def on_a_terminal(command: list[str], columns: int, **environment: str) -> str:
    """What a command prints on a terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    child, terminal = pty.fork()
    if not child:
        os.chdir(ROOT)
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.execve(command[0], command, {**CLEAN, **environment})
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end has closed
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    assert os.waitpid(child, 0)[1] == 0, shown
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")  # xdist has threads; the child only execs
@pytest.mark.parametrize("columns", [20, 80, 500])
def test_a_terminal_is_filled_and_not_overfilled(columns: int) -> None:
    text = on_a_terminal([*CNNCALC, "show", "lenet5"], columns, TERM="dumb")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= max(columns, 26)  # the longest word of a note
    assert ("Left out" in text) == (columns == 20)


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")  # xdist has threads; the child only execs
def test_a_terminal_with_colour() -> None:
    assert "\x1b[1m" in on_a_terminal([*CNNCALC, "show", "lenet5"], 80, TERM="xterm")
    assert "\x1b" not in on_a_terminal([*CNNCALC, "show", "lenet5"], 80, TERM="xterm", NO_COLOR="1")


def test_ctrl_c_ends_quietly() -> None:
    import fcntl
    import termios

    pipe = subprocess.PIPE
    running = subprocess.Popen([*CNNCALC, "show", "-"], cwd=ROOT, env=CLEAN, stdin=pipe, stdout=pipe, stderr=pipe)
    assert running.stdin is not None
    try:
        running.stdin.write(b"input: 9x9x3\n")
        running.stdin.flush()
        waiting, deadline = 1, time.monotonic() + 30
        while waiting and time.monotonic() < deadline:  # until it has begun to read, and waits for the rest
            waiting = int.from_bytes(fcntl.ioctl(running.stdin, termios.FIONREAD, bytes(4)), sys.byteorder)
            os.sched_yield()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    finally:
        running.kill()
    assert running.returncode == 130
    assert out == b""
    assert err.strip() == b""


def test_the_module_is_the_command() -> None:
    assert shell("cnncalc --version").stdout.startswith(b"cnncalc ")
