"""Command lines that nobody would write: whatever the words are, there is a result or a message, and one of three exit codes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.cli.main import COMMANDS, cli
from tests.cli.every import EXAMPLES, written
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERANDS = (
    "lenet5", "lenet_caffe", "names.yaml", "bad.yaml", "sheet.yaml", "names.yaml:x", "vgg99", "nothing.yaml", ".", "-", "", "\u202e",
    "a\0b", "\x1b[31m", "\x1b]0;title\x07.yaml",
    "conv 6 5x5, relu", "conv 9999999999999999999", "conv", "layers", "params", "C3", "relu", "bash", "macs",
)  # fmt: skip
VALUES = (
    "0", "1", "-1", "3", "10**12", "9**9**9", "1/0", "x", "w=3", "w=w", "w", "=", "a.b=c", "CONV1.kernel=7", "C1.kernel=3", "8x8x3",
    "HxWx3", "1x1x1", "0x0x0", "8x8", "batch=1:3", "batch=3:1", "H=32", "H=32,W=32", "macs=1M", "params=-1", "1GiB", "macs,params",
    "+values", "-layer", "none", "csv", "json", "html", "svg", "latex", "markdown", "plain", "thop", "full", "float16", "si", "é",
    "\x1b[31m", "[" * 200, "1e400",
)  # fmt: skip
SLOW = {"--all", "--figures", "--family", "--all-orders"}  # of the whole catalogue


def options_of(name: str) -> list[str]:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return ["--help", *(option for param in command.params for option in param.opts if option.startswith("-") and option not in SLOW)]


@pytest.fixture(scope="module", autouse=True)
def _in_a_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that command lines write are written here."""
    before = os.getcwd()
    os.chdir(written(tmp_path_factory.mktemp("words")))
    yield
    os.chdir(before)


@settings(max_examples=250)
@given(st.data())
def test_any_words(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(COMMANDS)))
    words = data.draw(st.sampled_from([example.split()[1:] for example in EXAMPLES[name]]))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(words)))
        new = data.draw(
            st.one_of(
                st.sampled_from(OPERANDS).map(lambda word: [word]),
                st.tuples(st.sampled_from(options_of(name)), st.sampled_from(VALUES)).map(list),
                st.sampled_from(options_of(name)).map(lambda word: [word]),
                st.text(max_size=8).map(lambda word: [word]),
            )
        )
        words = [*words[:at], *new, *words[at + data.draw(st.integers(0, 1)) :]]
    done = run(name, *words, input="")
    assert done.code in (0, 1, 2)
    assert (done.code == 2) <= bool(done.err)
    assert "Traceback" not in done.err + done.out
    assert (done.err + done.out).replace("\n", "").isprintable()
