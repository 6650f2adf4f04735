"""Every command with an example or two, run together in one process: on a pipe, on a terminal, in any environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnncalc.cli.main import cli
from tests.importers.onnx_files import model, node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).parent.parent.parent
TAKEN = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "PYTHONIOENCODING", "PYTHONUTF8")
CLEAN = {name: value for name, value in os.environ.items() if name not in TAKEN}

# In a folder that holds the files below. What is printed is short, and the same wherever the folder is.
EXAMPLES: Mapping[str, Sequence[str]] = {
    "show": ("show lenet5", "show names.yaml", "show names.yaml --input 8x8xC --columns +kind", "show squeezenet1_0 --strict --top 3"),
    "list": ("list zfnet --figures", "list xyzzy"),
    "explain": ("explain lenet5 C3", "explain lenet5 F6 receptive_field", "explain names.yaml params"),
    "formula": ("formula lenet5 --columns params,macs", "formula names.yaml --layers --columns macs"),
    "compare": ("compare lenet5 alexnet", "compare lenet5 lenet5_modern --layers", "compare names.yaml lenet5"),
    "check": ("check sheet.yaml", "check sheet.yaml other.yaml"),
    "solve": ("solve --in 32 --out 16 --kernel 5 --stride 2", "solve lenet5 --layer C1 --vary pad --out 5x5"),
    "quiz": ("quiz --seed 1 --questions 2", "quiz names.yaml --level 2 --seed 1 --questions 2 --format markdown --key"),
    "practice": ("practice lenet6",),  # it would wait for answers
    "fit": ("fit lenet5 --vary batch=1:3 --max macs=700K",),
    "sweep": ("sweep names.yaml --vary batch=1:3",),
    "counts": ("counts lenet5 macs thop", "counts lenet5 --between thop torchinfo"),
    "reconcile": ("reconcile lenet5 341k macs", "reconcile --from paper.csv", "reconcile lenet5 7.77M"),
    "memory": ("memory lenet5", "memory names.yaml --steps"),
    "chart": ("chart lenet5", "chart names.yaml --by kind --of params,macs", "chart alexnet_owt vgg16"),
    "diagram": ("diagram lenet5", "diagram names.yaml --format dot", "diagram names.yaml --format svg"),
    "import": ("import model.onnx --flat",),
    "validate": ("validate names.yaml sheet.yaml", "validate bad.yaml"),
    "layers": ("layers gelu", "layers conv"),
    "schema": ("schema --report",),
    "new": ("new mine -o -",),
    "completion": ("completion bash",),
    "help": ("help exit-codes",),
}
FILES = {
    "names.yaml": """\
name: 卷积网络 (ein Netz, réseau)
input: 8x8x3
layers:
  - {conv: 4, kernel: 3, pad: 1, name: 卷积层一}
  - {relu: , name: "e\u0301te\u0301"}
  - {maxpool: 2, name: "👍🏽"}
  - {conv: 8, kernel: 3, name: "한글"}
  - {fc: 2, name: "שלום"}
notes: 这是一个很长的注释，没有空格，所以必须在任何地方断开，否则它会超出终端的宽度，看起来很难看，而且读起来很困难。
""",
    "bad.yaml": """\
name: 卷积
input: 8x8x3
layers:
  - {conv: 4, name: 卷积层一, kernal: 3, stride: 1, pad: 1, dilation: 1, groups: 1, bias: true, filters: 4, colour: 3}
  - {maxpol: 2}
""",
    "sheet.yaml": """\
title: 作业 — Übung
questions:
  - {id: 一, ask: "卷积层的参数？", network: names.yaml, layer: 卷积层一, params: 108}
  - {id: q2, network: lenet5, output: 1x1x10}
  - {id: q3, network: {input: HxWx3, layers: [{conv: 4, kernel: 3, stride: 2}]}, output: H/2 x W/2 x 4}
  - {id: q4, claim: params(alexnet) / params(lenet5), is: "≈ 1000"}
""",
    "paper.csv": "network,quantity,number\nnames.yaml,params,432\nlenet5,macs,341k\n",
    "other.yaml": "questions: [{network: lenet5, params: 60000}]\n",
}
DRIVER = """
import json, sys
from cnncalc.cli import main
from tests.importers.onnx_files import model, node
for words in json.loads(sys.argv[1]):
    sys.stdout.flush()
    sys.stderr.flush()
    print("$", *words, flush=True)
    try:
        main.cli(words, prog_name="cnncalc")
    except SystemExit as left:
        sys.stdout.flush()
        sys.stderr.flush()
        print("->", left.code, flush=True)
"""


def commands() -> list[str]:
    """The commands that are there."""
    return cli.list_commands(click.Context(cli))


def written(folder: Path) -> Path:
    """The folder, with the files of the examples in it."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "model.onnx").write_bytes(model([node("Relu", ["x"], ["卷积层一"])], {"x": (1, 3, 8, 8)}, ["卷积层一"]))
    return folder


def lines(*names: str) -> list[list[str]]:
    """The command lines of some commands, or of all, as words."""
    return [example.split() for name in names or EXAMPLES for example in EXAMPLES[name]]


def piped(folder: Path, words: Sequence[Sequence[str]], **environment: str) -> bytes:
    """What command lines print into a pipe, with their errors, each behind a line that shows it and ahead of its exit code."""
    command = [sys.executable, "-c", DRIVER, json.dumps(words)]
    pipe = subprocess.PIPE
    done = subprocess.run(command, cwd=folder, env={**CLEAN, **environment}, stdout=pipe, stderr=subprocess.STDOUT, check=False, timeout=60)
    return done.stdout


def on_a_terminal(folder: Path, words: Sequence[Sequence[str]], columns: int, **environment: str) -> str:
    """The same on a terminal of so many columns."""
    return terminal([sys.executable, "-c", DRIVER, json.dumps(words)], columns, folder, **environment)


def terminal(command: Sequence[str], columns: int, folder: Path = ROOT, **environment: str) -> str:
    """What a command prints on a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    child, screen = pty.fork()
    if not child:
        os.chdir(folder)
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.execve(command[0], [*command], {**CLEAN, **environment})
    shown = b""
    while True:
        try:
            piece = os.read(screen, 65536)
        except OSError:  # the other end has closed
            break
        if not piece:
            break
        shown += piece
    os.close(screen)
    assert os.waitpid(child, 0)[1] == 0, shown
    return shown.decode().replace("\r\n", "\n")


def parts(text: str) -> Iterator[tuple[str, list[str], str]]:
    """Each command line, what was printed, and its exit code."""
    shown: list[str] = []
    words = ""
    for line in text.split("\n"):
        if line.startswith("$ "):
            words, shown = line[2:], []
        elif line.startswith("-> "):
            yield words, shown, line[3:]
        else:
            shown.append(line)
