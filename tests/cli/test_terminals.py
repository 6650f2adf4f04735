"""Every command on terminals and in pipes: width, colour and encoding, with golden files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cnncalc.cli.main import cli
from cnncalc.text import breadth
from tests.cli.every import CLEAN, EXAMPLES, commands, lines, on_a_terminal, parts, piped, written
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="no such terminals there"),
    pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning"),  # xdist has threads; the child only execs
]
RAW = ("import", "quiz", "diagram", "schema", "new", "completion", "help")  # for programs, or with lines that stay as they are
FORMS = [["show", "names.yaml", "--format", form] for form in ("csv", "json", "html", "svg", "markdown", "latex")]
SEEN = [name for name in EXAMPLES if name not in RAW]
STYLE = re.compile("\x1b\\[([0-9;]*)m")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("terminals"))


@pytest.fixture(scope="module")
def pipe(folder: Path) -> str:
    """What every command prints into a pipe of our days."""
    return piped(folder, lines() + FORMS, PYTHONIOENCODING="utf-8", COLUMNS="20", TERM="xterm").decode()


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == set(commands())


def may_be_long(line: str, columns: int) -> bool:
    """A line that has no blank where it could be parted, or that is a formula: those are parted at their terms."""
    indent = len(line) - len(line.lstrip())
    return " " not in line[indent : max(columns, indent + 1)].strip() or "⌊" in line or " = " in line


@pytest.mark.parametrize("columns", [20, 80])
def test_a_terminal_is_not_overfilled(columns: int, folder: Path, eighty: str, golden: Callable[[str, str], None]) -> None:
    text = eighty if columns == 80 else on_a_terminal(folder, lines(*SEEN), columns, TERM="dumb")
    if columns == 80:
        golden("terminal-80.txt", snapshot(text))
    assert "\x1b" not in text
    shown = [line for words, printed, _ in parts(text) for line in printed]
    assert all(line == line.rstrip() for line in shown)
    assert [line for line in shown if breadth(line) > columns and not may_be_long(line, columns)] == []


def test_a_wide_terminal_has_all_that_a_pipe_has(folder: Path, pipe: str) -> None:
    text = on_a_terminal(folder, lines() + FORMS, 500, TERM="dumb")
    assert read(text) == read(pipe)
    assert "Hidden at this width" not in text


def snapshot(text: str) -> str:
    """What is for people's eyes, for a golden file."""
    return "".join("\n".join([f"$ {words}", *printed, f"-> {code}", ""]) for words, printed, code in parts(text) if seen(words))


def seen(words: str) -> bool:
    return words.partition(" ")[0] in SEEN and "--format" not in words


def test_columns_are_those_that_are_asked_for(folder: Path) -> None:
    asked = on_a_terminal(folder, lines("check"), 500, TERM="dumb", COLUMNS="40")
    assert asked == on_a_terminal(folder, lines("check"), 40, TERM="dumb")
    assert "Hidden at this width" in asked


@pytest.mark.parametrize("columns", [1, 3, 7])
def test_no_page_is_too_narrow(columns: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for words in lines("show", "explain", "formula", "compare", "check", "memory", "layers"):
        done = run(*words, "--width", str(columns))
        assert done.code in (0, 1)
        assert [line for line in done.out.split("\n") if line != line.rstrip()] == []


@pytest.fixture(scope="module")
def eighty(folder: Path) -> str:
    """A terminal as most have it, without colour."""
    return on_a_terminal(folder, lines(*SEEN), 80, TERM="xterm", NO_COLOR="1")


def test_colour_changes_nothing_but_the_colour(folder: Path, eighty: str) -> None:
    text = on_a_terminal(folder, lines(*SEEN), 80, TERM="xterm-256color")
    assert STYLE.sub("", text) == eighty
    tidy(text)


def test_colour_is_for_a_pipe_where_it_is_asked_for(folder: Path, pipe: str) -> None:
    text = piped(folder, lines() + FORMS, PYTHONIOENCODING="utf-8", FORCE_COLOR="1", TERM="dumb").decode()
    assert STYLE.sub("", text) == pipe
    tidy(snapshot(text))
    for words, printed, _ in parts(text):
        assert seen(words) == ("\x1b" in "".join(printed)) or words.startswith(("validate", "list xyzzy")), words
    assert "\x1b" not in pipe


def tidy(text: str) -> None:
    """No line is left in colour, ends in blanks, or switches on what it does not use."""
    assert "\x1b" not in STYLE.sub("", text)
    for line in text.split("\n"):
        styles = STYLE.findall(line)
        assert not styles or styles[-1] == "0", line
        assert STYLE.sub("", line) == STYLE.sub("", line).rstrip()
        assert not re.search("\x1b\\[[12]m\x1b\\[0m", line), line


SIGNS = {
    "×": "x", "·": "*", "−": "-", "–": "-", "—": "-", "…": "...", "─": "-", "≥": ">=", "≤": "<=", "≈": "~", "→": "->", "←": "<-", "±": "+-",
    "│": "|", "┤": "+", "└": "+", "┴": "+", "●": "o",
    "²": "^2", "³": "^3", "Φ": "Phi", "’": "'", "✓": "right", "✗": "wrong", "，": ",", "。": ".", "（": "(", "）": ")",
}  # fmt: skip


def read(text: str) -> str:
    """The letters of a text in signs of ASCII, whatever it was written in: letters beyond as their numbers."""
    text = re.sub(r"(?<![\w/])-{5,}", "-----", re.sub("─+", "-----", text))
    for number in ("u[0-9a-f]{4}", "U[0-9a-f]{8}", "x[0-9a-f]{2}"):
        text = re.sub(rf"\\{number}", lambda found: chr(int(found.group()[2:], 16)), text)
    text = re.sub(r"\\symbol\{\"([0-9A-F]+)\}", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    text = "".join([SIGNS.get(each, each) for each in text]).replace("_out", "'").replace(" mod ", " % ")
    return re.sub(r"[⌊⌋⌈⌉()\s*█▉▊▋▌▍▎▏#]|ceil|//?", "", text)


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "ascii"),
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
    ],
    ids=["ascii", "cp1252", "C"],
)
def test_an_encoding_without_the_letters_loses_none(
    environment: dict[str, str], encoding: str, folder: Path, pipe: str, golden: Callable[[str, str], None]
) -> None:
    text = piped(folder, lines() + FORMS, **environment).decode(encoding)
    if environment.get("PYTHONIOENCODING") == "ascii":
        golden("terminal-ascii.txt", snapshot(text))
    for (words, printed, code), (same, other, other_code) in zip(parts(text), parts(pipe), strict=True):
        assert (words, code) == (same, other_code)
        # How much of a long line of a file is shown depends on how long its letters are.
        one, two = ("\n".join([line for line in each if words != "validate bad.yaml" or line[:1] != " "]) for each in (printed, other))
        assert read(one) == read(two), words


STREAMS = """
import json, os, sys
from cnncalc.cli import main

def broken():
    reading, writing = os.pipe()
    os.close(reading)
    return open(writing, "w", encoding="utf-8")

def full():
    return open("/dev/full", "w", encoding="utf-8")

real, codes = (sys.stdout, sys.stderr), []
results = ("closed", None, real[1]), ("broken", broken, real[1]), ("full", full, real[1])
messages = ("deaf", real[0], None), ("mute", real[0], full)
lines = json.loads(sys.argv[1])
for name, out, err in results + messages:
    for words in lines:
        sys.stdout, sys.stderr = (each() if callable(each) else each for each in (out, err))
        sys.argv = ["cnncalc", *words]
        try:
            main.main()
        except SystemExit as left:
            codes.append((name, words, left.code))
        if sys.stdout is real[0]:
            sys.stdout.flush()
sys.stdout, sys.stderr = real
real[0].flush()
real[1].flush()
print("CODES", json.dumps(codes))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a device of Linux")
def test_streams_that_nobody_reads(folder: Path) -> None:
    words = (
        [EXAMPLES[name][0].split() for name in EXAMPLES] + [[name, "--help"] for name in ("show", "quiz")] + [["--help"], ["show", "xyzzy"]]
    )
    command = [sys.executable, "-c", STREAMS, json.dumps(words)]
    done = subprocess.run(command, cwd=folder, env={**CLEAN, "PYTHONIOENCODING": "utf-8"}, capture_output=True, check=False, timeout=60)
    shown, _, found = done.stdout.decode().partition("CODES ")
    assert done.returncode == 0, done.stderr
    failing = [["show", "xyzzy"], ["practice", "lenet6"]]
    wrong = {"check sheet.yaml": 1}
    meant = {"closed": 2, "broken": 141, "full": 2}
    for name, each, code in json.loads(found):
        expected = 2 if each in failing else meant.get(name, wrong.get(" ".join(each), 0))
        assert code == expected, (name, each)
    said = Counter(done.stderr.decode().splitlines())
    outputs = len(words) - len(failing)
    assert said.pop("Error: standard output is closed") == said.pop("Error: No space left on device") == outputs
    assert set(said) == {
        "Error: no network 'xyzzy' in the catalogue", "  cnncalc list shows the catalogue; give a file by its path",
        "Error: no network 'lenet6' in the catalogue", "  did you mean 'lenet5'?",
    }  # fmt: skip
    assert shown.count("Usage: cnncalc") == 6


@pytest.mark.parametrize("name", ["", *commands()])
def test_help_is_for_every_terminal(name: str) -> None:
    text = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="cnncalc").output
    assert text.isascii()
    assert [line for line in text.splitlines() if len(line) > 80 or line != line.rstrip()] == []
