"""The command line as a shell runs it: pipes that close, terminals that know little, disks that are full."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cnncalc.layers import KINDS
from tests.cli.every import CLEAN, commands, lines, piped, terminal, written

if TYPE_CHECKING:
    from collections.abc import Iterator

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells and signals are others there")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a device of Linux")
ROOT = Path(__file__).parent.parent.parent
CNNCALC = [sys.executable, "-m", "cnncalc"]


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = command.replace("cnncalc", f"{sys.executable} -m cnncalc")
    return subprocess.run(["bash", "-c", line], cwd=ROOT, env={**CLEAN, **environment}, capture_output=True, check=False, timeout=60)


def test_what_users_read_is_not_in_docstrings(tmp_path: Path) -> None:
    """python -OO leaves none of them."""
    words = [["--help"], *([name, "--help"] for name in commands()), *(["layers", kind] for kind in KINDS)]
    words += [["layers", "--format", "json"], ["counts", "lenet5", "--rules"], ["schema"], *lines()]
    written(tmp_path)
    assert piped(tmp_path, words, PYTHONOPTIMIZE="2") == piped(tmp_path, words)


def test_a_closed_pipe_ends_quietly() -> None:
    done = shell("cnncalc show resnet152 --fold none | head -1; echo ${PIPESTATUS[0]}")
    assert done.stdout.splitlines()[0] == b"ResNet-152, 2015"
    assert done.stdout.splitlines()[1] in (b"0", b"141")
    assert done.stderr == b""


def test_help_into_a_closed_pipe_ends_quietly() -> None:
    done = shell("(cnncalc --help; echo $? >&2) | true")
    assert done.stderr in (b"0\n", b"141\n")


@LINUX
def test_a_full_disk_is_a_message() -> None:
    done = shell("cnncalc show vgg16 > /dev/full")
    assert done.returncode == 2
    assert done.stderr == b"Error: No space left on device\n"


def test_a_pipe_has_the_full_width_and_no_colour() -> None:
    done = shell("cnncalc show resnet50 | cat", COLUMNS="20", TERM="xterm-256color")
    assert b"conv 64 7" in done.stdout
    assert b"\x1b" not in done.stdout


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")  # xdist has threads; the child only execs
@pytest.mark.parametrize("columns", [20, 80, 500])
def test_a_terminal_is_filled_and_not_overfilled(columns: int) -> None:
    text = terminal([*CNNCALC, "show", "lenet5"], columns, TERM="dumb")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= max(columns, 26)  # the longest word of a note
    assert ("Hidden at" in text) == (columns == 20)


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")  # xdist has threads; the child only execs
def test_a_terminal_with_colour() -> None:
    assert "\x1b[1m" in terminal([*CNNCALC, "show", "lenet5"], 80, TERM="xterm")
    assert "\x1b" not in terminal([*CNNCALC, "show", "lenet5"], 80, TERM="xterm", NO_COLOR="1")


@contextmanager
def started(command: list[str], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has ended behind the block, also where a test fails in it."""
    with subprocess.Popen(command, env=CLEAN, **more) as running:
        try:
            yield running
        finally:
            running.kill()


def waiting_for(pipe: int, seconds: int) -> None:
    """Until the other end has read all that was written, and waits for the rest."""
    import fcntl
    import termios

    waiting, deadline = 1, time.monotonic() + seconds
    while waiting and time.monotonic() < deadline:
        waiting = int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
        getattr(os, "sched_yield", int)()  # macOS has none


def test_ctrl_c_ends_quietly() -> None:
    pipe = subprocess.PIPE
    with started([*CNNCALC, "show", "-"], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as running:
        assert running.stdin is not None
        running.stdin.write(b"input: 9x9x3\n")
        running.stdin.flush()
        waiting_for(running.stdin.fileno(), 30)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert out == b""
    assert err.strip() == b""


@pytest.mark.parametrize("module", ["click", "yaml"])  # one is loaded with the command line, the other when a command is called
def test_ctrl_c_while_modules_load_ends_quietly(module: str, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n", encoding="utf-8")
    environment = {**CLEAN, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run([*CNNCALC, "show", "lenet5"], env=environment, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, b"", b"")


def test_the_entry_point_loads_nothing_before_it_answers_ctrl_c() -> None:
    (script,) = re.findall(r'^cnncalc = "(.+):main"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    code = f"import sys; before = {{*sys.modules}}; import {script}; print(*{{*sys.modules}} - before)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=CLEAN, capture_output=True, check=True, text=True)
    assert {*done.stdout.split()} <= {"__future__", "cnncalc", "cnncalc.__main__"}


def test_the_module_is_the_command() -> None:
    assert shell("cnncalc --version").stdout.startswith(b"cnncalc ")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("show vgg16 >&-", 2, b"Error: standard output is closed\n"),
        ("--help >&-", 2, b"Error: standard output is closed\n"),
        ("list --figures zfnet >/dev/null 2>&-", 0, b""),
        ("show nonet >&- 2>&-", 2, b""),
        pytest.param("show nonet 2>/dev/full", 2, b"", marks=LINUX),
        ("show - <&-", 2, b"Error: <stdin>:1:1: the file is empty\n  \n  ^\n"),
    ],
)
def test_streams_that_were_closed_or_full(line: str, code: int, said: bytes) -> None:
    done = shell(f"cnncalc {line}")
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", said)


def test_a_closed_standard_input_leaves_no_warning() -> None:
    assert shell("PYTHONDEVMODE=1 cnncalc show lenet5 <&-").stderr == b""


def test_no_file_of_ours_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert shell(f"cnncalc show lenet5 -o {target} >&- 2>&-").returncode == 0
    assert target.read_text(encoding="utf-8").startswith("layer,kind")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize(("ending", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_process_that_is_told_to_end_ends_quietly(ending: str, code: int, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    show = [*CNNCALC, "show", "-", "-o", "out"]
    with os.fdopen(writing, "wb") as stream, started(show, cwd=tmp_path, stdin=reading, stderr=subprocess.PIPE) as running:
        stream.write(b"input: 9x9x3\n")
        stream.flush()
        waiting_for(writing, 30)
        running.send_signal(getattr(signal, ending))
        _, err = running.communicate(timeout=30)
    os.close(reading)
    assert (running.returncode, err, [*tmp_path.iterdir()]) == (code, b"", [])


def test_networks_out_of_pipes() -> None:
    spec = "input: 8x8x3\\nlayers: [{conv: 3}, relu]\\n"
    for place in ("-", "/dev/stdin", "<(cat)"):
        for command in ("show", "formula", "compare", "validate"):
            if (command, place) == ("validate", "-"):
                continue
            done = shell(f"printf '{spec}' | cnncalc {command} {place}")
            assert (done.returncode, done.stderr) == (0, b""), (command, place)
            assert done.stdout
    sheet = "questions: [{network: lenet5, layer: C1, params: 156}]\\n"
    for command in ("check", "validate"):
        assert shell(f"printf '{sheet}' | cnncalc {command} /dev/stdin").returncode == 0


def test_a_pipe_that_nobody_writes_into_and_devices(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.yaml")
    done = shell(f"cnncalc show {tmp_path}/fifo.yaml; cnncalc check {tmp_path}/fifo.yaml; cnncalc show /dev/zero; cnncalc show /dev/null")
    said = done.stderr.decode()
    assert said.count("the file is empty") == 2
    assert said.count("cannot be read: a device, not a file") == 2
