"""Command lines: any words end in a result or a message, and in one of three exit codes; every command works on every kind of layer."""

from __future__ import annotations

import csv
import io
import json
import shlex
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import click
from hypothesis import strategies as st

from cnncalc.cli.main import COMMANDS, cli
from tests.cli.every import EXAMPLES
from tests.cli.run import run
from tests.fuzz.specs import Spec, specs
from tests.spec_text import report
from tests.test_safety import WITH_NETWORK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPERANDS = (
    "lenet5", "lenet_caffe", "names.yaml", "bad.yaml", "sheet.yaml", "names.yaml:x", "vgg99", "nothing.yaml", ".", "-", "", "\u202e",
    "a\0b", "conv 6 5x5, relu", "conv 9999999999999999999", "conv", "layers", "params", "C3", "relu", "bash", "macs",
)  # fmt: skip
VALUES = (
    "0", "1", "-1", "3", "10**12", "9**9**9", "1/0", "x", "w=3", "w=w", "w", "=", "a.b=c", "CONV1.kernel=7", "C1.kernel=3", "8x8x3",
    "HxWx3", "1x1x1", "0x0x0", "8x8", "batch=1:3", "batch=3:1", "H=32", "H=32,W=32", "macs=1M", "params=-1", "1GiB", "macs,params",
    "+values", "-layer", "none", "csv", "json", "html", "svg", "latex", "markdown", "plain", "thop", "full", "float16", "si", "é",
    "\x1b[31m", "[" * 200, "1e400",
)  # fmt: skip
LETTERS = {"--input": ("HxWx3", "HxWxC", "9x9x4"), "--batch": ("N", "2"), "--set": ("width=w", "depth=2"), "--fold": ("none", "1")}
ON_A_NETWORK = (
    *WITH_NETWORK, "check asks.yaml", "explain {}", "explain {} a", "explain {} a macs", "explain {} a receptive_field", "formula {}",
    "compare {} lenet5 --layers", "memory {} --steps", "chart {} --by kind", "diagram {} --format svg", "diagram {}",
)  # fmt: skip
MAY_FAIL = ("solve", "fit", "quiz", "practice", "reconcile")  # where nothing fits, or there is nothing to ask about
WELL_FORMED: Mapping[str, Callable[[str], object]] = {
    "json": json.loads,
    "svg": ElementTree.fromstring,
    "csv": lambda text: list(csv.reader(io.StringIO(text), strict=True)),
}
SLOW = {"--all", "--figures", "--family", "--all-orders"}  # of the whole catalogue


def options_of(name: str) -> list[str]:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return ["--help", *(option for param in command.params for option in param.opts if option.startswith("-") and option not in SLOW)]


@st.composite
def any_words(draw: st.DrawFn) -> list[str]:
    """The words of an example, some of them in the place of others."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    words = draw(st.sampled_from([example.split()[1:] for example in EXAMPLES[name]]))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(words)))
        new = draw(
            st.one_of(
                st.sampled_from(OPERANDS).map(lambda word: [word]),
                st.tuples(st.sampled_from(options_of(name)), st.sampled_from(VALUES)).map(list),
                st.sampled_from(options_of(name)).map(lambda word: [word]),
                st.text(max_size=8).map(lambda word: [word]),
            )
        )
        words = [*words[:at], *new, *words[at + draw(st.integers(0, 1)) :]]
    return [name, *words]


def end_in_a_result_or_a_message(words: list[str]) -> None:
    """Whatever the words are."""
    done = run(*words, input="")
    assert done.code in (0, 1, 2)
    assert (done.code == 2) <= bool(done.err)
    assert "Traceback" not in done.err + done.out
    assert "\x1b[31m" not in done.err + done.out


class Command(NamedTuple):
    """A command on a network that is valid, with options that it has."""

    network: Spec
    line: str
    place: int  # the layer that it is about
    options: list[str]

    def __str__(self) -> str:
        return f"# {shlex.join(self.words(self.layer()))}\n{self.network.text}"

    def layer(self) -> dict[str, Any]:
        """The layer that it is about, as a sheet asks for it."""
        rows = report(self.network.text).rows
        row = rows[self.place % len(rows)]
        return {"layer": row.path, "params": row.params, "macs": row.macs, "output": "x".join(map(str, row.output))}

    def words(self, layer: Mapping[str, Any]) -> list[str]:
        """The words after `cnncalc`."""
        words = {"{}": "any.yaml", "./{}": "./any.yaml", "a": layer["layer"], "8x8x3": layer["output"]}
        return [*(words.get(word, word) for word in self.line.split()), *self.options]


def choices_of(name: str) -> list[list[str]]:
    """The options of a command that are switches or have a few values; and letters for numbers, where it takes them."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    found: list[list[str]] = [[]]
    for param in command.params:
        option = param.opts[0]
        if isinstance(param, click.Option) and param.name != "help" and option not in SLOW:
            if isinstance(param.type, click.Choice):
                found += [[option, str(choice)] for choice in param.type.choices]
            elif param.is_flag:
                found.append([option])
            else:
                found += [[option, value] for value in LETTERS.get(option, ())]
    return found


@st.composite
def commands(draw: st.DrawFn) -> Command:
    """A command on a network of a few layers of any kind."""
    line = draw(st.sampled_from(ON_A_NETWORK))
    options = draw(st.lists(st.sampled_from(choices_of(line.split()[0])), max_size=2))
    return Command(draw(specs(draw(st.integers(0, 1)))), line, draw(st.integers(0, 99)), [word for words in options for word in words])


def work_on_every_kind(command: Command) -> None:
    """A valid network is no reason for a message, where nothing else is asked for; what programs read is well formed."""
    Path("any.yaml").write_text(command.network.text, encoding="utf-8")
    layer = command.layer()
    words = command.words(layer)
    Path("asks.yaml").write_text(json.dumps({"questions": [{"network": "any.yaml", **layer}]}), encoding="utf-8")
    done = run(*words)
    assert done.code in (0, 1, 2)
    assert (done.code == 2) <= bool(done.err)
    undecided = words[0] == "formula" and done.err.endswith(" a number\n")  # it asks for letters in place of the input's size
    assert done.code == 0 or command.options or words[0] in MAY_FAIL or undecided, done.err
    forms = [form for option, form in pairwise(words) if option == "--format"]
    if done.code == 0 and forms and forms[-1] in WELL_FORMED:
        WELL_FORMED[forms[-1]](done.out)
