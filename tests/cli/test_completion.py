"""Completion: candidates for typed prefixes, and real shells under a pseudo-terminal, if installed."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from cnncalc.cli.main import COMPLETE
from cnncalc.cli.shells import SHELLS
from tests.cli.every import CLEAN
from tests.cli.run import complete, run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
SPEC = """\
name: Mine
input: 8x8xC
params: {width: 1}
variants:
  small: {width: 1, title: "The small one, really: yes"}
  "$(touch x)": {width: 2}
layers:
  - {conv: 4 * width, kernel: 3, pad: 1, name: stem}
  - {name: stage, do: [relu, {conv: 4, name: last}]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network, and a cnncalc that completes as ours does, but prints its arguments where it is run."""
    place = tmp_path_factory.mktemp("completion")
    (place / "mine.yaml").write_text(SPEC, encoding="utf-8")
    (place / "broken.yaml").write_text("input: 8x8\n", encoding="utf-8")
    command = place / "bin" / "cnncalc"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nif [ -n "${COMPLETE}" ]; then cd {place} && exec {sys.executable} -m cnncalc "$@"; fi\n'
        'printf "<%s>" "$@"\nprintf -- "-%s\\n" END\n',
        encoding="utf-8",
    )
    command.chmod(0o755)
    return place


# What is offered


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sho", ["show"]),
        ("he", ["help"]),
        ("help exit", ["exit-codes"]),
        ("vgg16_b", ["vgg16_bn"]),
        ("vgg16 --dtype bf", ["bfloat16"]),
        ("xyzzy --dty", []),
        ("xyzzy ", []),
        ("--col", ["--color"]),
        ("show vgg16_b", ["vgg16_bn"]),
        ("show --colu", ["--columns"]),
        ("show vgg16 --columns par", ["params", "params_share"]),
        ("show vgg16 --columns layer,+par", ["layer,+params", "layer,+params_share"]),
        ("show vgg16 --columns=layer,mac", ["--columns=layer,macs", "--columns=layer,macs_share"]),
        ("show vgg16 -c bia", ["biases"]),
        ("show vgg16 --sort bia", ["biases"]),
        ("show vgg16 --counting conn", ["connections"]),
        ("show vgg16 --format js", ["json"]),
        ("show vgg16 --units b", ["binary"]),
        ("show vgg16 --color n", ["never"]),
        ("show vgg16 --layout channels_f", ["channels_first"]),
        ("compare vgg16 --as l", ["local"]),
        ("show vgg16 --set cl", ["classes="]),
        ("--color never show vgg16 --set cl", ["classes="]),
        ("show --set cl", []),
        ("show vgg16 --but pool1.s", ["pool1.size=", "pool1.stride="]),
        ("show vgg16 --but pool1", ["pool1."]),
        ("show vgg16 -o vg", ["file vg"]),
        ("show ./mi", ["file ./mi"]),
        ("compare vgg16 --vary bat", ["batch="]),
        ("compare vgg16 --family vg", ["vgg"]),
        ("compare vgg16 vgg19", ["vgg19", "vgg19_bn"]),
        ("layers maxp", ["maxpool"]),
        ("memory vgg16 --optimizer ad", ["adam", "adamw"]),
        ("sweep vgg16 --columns tra", ["trainable", "training"]),
        ("fit vgg16 --max macs", ["macs="]),
        ("formula vgg16 --at ", ["H=", "W="]),
        ("formula vgg16 --input HxWxC --at ", ["H=", "W=", "C="]),
        ("formula vgg16 --layer conv1-", ["conv1-1", "conv1-2"]),
        ("solve alexnet --layer CONV1 --vary str", ["stride"]),
        ("solve alexnet --vary ", ["input"]),
        ("explain alexnet CONV", [f"CONV{i}" for i in range(1, 6)]),
        ("explain alexnet par", ["params", "param_memory"]),
        ("explain alexnet CONV1 bi", ["biases"]),
        ("explain nothere CONV", []),
        ("explain - CONV", []),
        ("counts vgg16 tho", ["thop"]),
        ("completion f", ["fish"]),
        ("check sh", ["file sh"]),
    ],
)
def test_what_is_offered(line: str, words: list[str]) -> None:
    assert set(complete(line)) == set(words)


def test_layers_are_offered_level_by_level() -> None:
    assert set(complete("explain resnet50 conv2")) == {"conv2_x", "conv2_x/"}
    assert set(complete("explain resnet50 conv2_x/bottleneck1/add1/s")) == {f"conv2_x/bottleneck1/add1/shortcut{end}" for end in ("", "/")}
    report = "conv2_x/bottleneck1/add1/residual/conv1"
    assert report in complete(f"explain resnet50 {report}")
    assert complete(f"show resnet50 --but {report}.kern") == {f"{report}.kernel=": "kernel size"}


def test_variants_params_and_steps_of_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    # A name out of a stranger's file must not be a command in the line.
    assert complete("show mine.yaml:") == {"mine.yaml:small": "The small one, really: yes"}
    assert complete("show mine.yaml:x") == {"file mine.yaml:x": ""}
    assert set(complete("show mine.yaml:small --set ")) == {"width="}
    assert set(complete("show mine.yaml --but ")) == {"stem.", "stage/"}
    assert set(complete("show mine.yaml --but stage/last.k")) == {"stage/last.kernel="}
    assert complete("show broken.yaml --set ") == {}
    assert complete("explain broken.yaml ") == {}


def test_descriptions_are_whole() -> None:
    assert complete("sho")["show"] == "Show its layers: output sizes, parameters, memory and MACs."
    assert complete("show vgg16 --counting tho")["thop"].startswith("Multiply-accumulates, 4 for every value of a batch norm, 1 for")
    assert complete("layers conv")["conv"].endswith(".")
    assert complete("show vgg16 --set cla") == {"classes=": "default 1000"}


# Real shells


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_prints_a_script(shell: str) -> None:
    done = run("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"{COMPLETE}={shell}_complete" in done.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.out.encode(), check=True, timeout=60)


class Start(NamedTuple):
    """How a shell is started, and takes the script."""

    command: list[str]
    script: str


SCRIPT = f"{sys.executable} -m cnncalc completion"
STARTS = {
    "bash": Start(["bash", "--norc", "--noprofile", "-i"], f'eval "$({SCRIPT} bash)"'),
    "zsh": Start(["zsh", "-f", "-i"], f'autoload -Uz compinit && compinit -u -D; eval "$({SCRIPT} zsh)"'),
    "fish": Start(["fish", "--no-config", "-i"], f"{SCRIPT} fish | source"),
}


class Session:
    """A shell on a terminal of its own."""

    def __init__(self, shell: str, folder: Path) -> None:
        import pty

        environment = {
            **CLEAN,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
        }
        self.child, self.screen = pty.fork()
        if not self.child:
            os.chdir(folder)
            os.environ.clear()
            os.execvpe(STARTS[shell].command[0], STARTS[shell].command, {**environment, "HOME": str(folder), "COLUMNS": "200"})
        self.type(f"{STARTS[shell].script}; echo READ''Y\r", "READY")

    def type(self, keys: str, until: str) -> str:
        """Press keys, and read the screen until a text is there."""
        os.write(self.screen, keys.encode())
        shown, deadline = b"", time.monotonic() + 30
        while until.encode() not in shown and time.monotonic() < deadline:
            if select.select([self.screen], [], [], 1)[0]:
                shown += os.read(self.screen, 65536)
        text = shown.decode(errors="replace")
        assert until in text, text
        return text

    def run(self, keys: str) -> str:
        """Press keys and return, and give back the arguments that the command was called with."""
        printed: list[str] = re.findall(r"((?:<[^<>\x1b\r\n]*>)+)-END", self.type(f"{keys}\r", ">-END"))
        return printed[-1][1:-1].replace("><", " ")

    def close(self) -> None:
        """End the shell."""
        os.kill(self.child, signal.SIGKILL)
        os.close(self.screen)
        os.waitpid(self.child, 0)


@pytest.fixture(scope="module", params=STARTS)
def session(request: pytest.FixtureRequest, folder: Path) -> Iterator[Session]:
    if sys.platform == "win32" or shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    opened = Session(request.param, folder)
    yield opened
    opened.close()


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")  # xdist has threads; the child only execs
@pytest.mark.parametrize(
    ("keys", "arguments"),
    [
        ("cnncalc sho\tvgg16_b\t", "show vgg16_bn"),
        ("cnncalc vgg16_b\t--batc\t3", "vgg16_bn --batch 3"),
        ("cnncalc show vgg16 --colu\tparams,biase\t", "show vgg16 --columns params,biases"),
        ("cnncalc show vgg16 --format=js\t", "show vgg16 --format=json"),
        ("cnncalc show mine.yaml:sm\t", "show mine.yaml:small"),
        ("cnncalc show min\t", "show mine.yaml"),
        ("cnncalc show vgg16 --set cla\t10", "show vgg16 --set classes=10"),
        ("cnncalc show vgg16 --but conv1-1.kern\t7", "show vgg16 --but conv1-1.kernel=7"),
        ("cnncalc show mine.yaml -o bro\t", "show mine.yaml -o broken.yaml"),
        ("cnncalc help exi\t", "help exit-codes"),
    ],
)
def test_a_shell_completes(session: Session, keys: str, arguments: str) -> None:
    assert session.run(keys) == arguments


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_shows_descriptions_with_commas(folder: Path) -> None:
    environment = {**CLEAN, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    script = f'{SCRIPT} fish | source; complete -C "cnncalc sho"; complete -C "cnncalc show mine.yaml:s"'
    done = subprocess.run(["fish", "--no-config", "-c", script], env=environment, cwd=folder, capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().splitlines() == [
        "show\tShow its layers: output sizes, parameters, memory and MACs.",
        "mine.yaml:small\tThe small one, really: yes",
    ]
