from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

import cnncalc
from cnncalc import __main__
from cnncalc.cli import main
from cnncalc.cli.main import cli
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


def test_the_version() -> None:
    assert run("-V") == run("--version")
    assert run("--version") == (0, f"cnncalc {cnncalc.__version__}\n", "")


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_says_what_it_is_for(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    for param in command.params:
        assert isinstance(param, click.Argument) or getattr(param, "help", None), param.name


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("shw", "no command or network 'shw'; did you mean 'show'?\n"),
        ("vgg61", "no command or network 'vgg61'; did you mean 'vgg16'?\n"),
        ("xyzzy", "no command or network 'xyzzy'\n"),
    ],
)
def test_a_mistyped_command(word: str, hint: str) -> None:
    done = run(word)
    assert done.code == 2
    assert done.out == ""
    assert done.err.endswith(hint)


SPEC = "input: 8x8x3\nlayers: [{conv: 3}]\n"


@pytest.mark.parametrize("word", ["vgg16", "densenet_bc100_k12_cifar", "mine.yaml", "./mine.yaml", "conv 6 5x5, relu", "relu", "-"])
def test_a_network_alone_is_shown(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(SPEC)
    done = run(word, "--format", "json", input=SPEC)
    assert done == run("show", word, "--format", "json", input=SPEC)
    assert done.code == 0


def test_a_network_alone_that_is_not_there() -> None:
    assert run("none.yaml") == run("show", "none.yaml")
    assert run("none.yaml").code == 2
    # It stands in the text of the catalogue, but as a param.
    assert "no network 'width' in the catalogue" in run("width").err


def test_a_mistyped_option() -> None:
    done = run("show", "vgg16", "--colums", "layer")
    assert done.code == 2
    assert "--columns" in done.err


@pytest.mark.parametrize(
    "words",
    ["{}", "{} --help", "show {}", "show lenet5 {}", "show --{}", "show lenet5 --format {}", "show lenet5 --top {}", "show lenet5 -o /{}/x",
     "show lenet5 --sides={}", "counts lenet5 --between {}", "completion {}", "new {}", "show lenet5 -o {}.png"],
)  # fmt: skip
def test_what_arguments_hold_never_steers_a_terminal(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words.replace("{}", "\x1b]0;a\x07\x9b31m\u202e\udcff").split())
    assert done.code == 2
    assert done.err.replace("\n", "").isprintable()
    assert done.out == ""


def test_no_network_is_answered_with_an_example() -> None:
    done = run("show")
    assert done.code == 2
    assert "For example: cnncalc show vgg16" in done.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "\n"),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (OSError(28, "No space left on device"), 2, "Error: No space left on device\n"),
        (PermissionError(13, "Permission denied", "x.yaml"), 2, "Error: x.yaml: Permission denied\n"),
        (OSError("odd"), 2, "Error: odd\n"),
    ],
)
def test_the_ways_out(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str) -> None:
    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setattr(cli, "get_command", lambda ctx, name: command)
    assert run("show") == (code, "", said)


def test_ctrl_c_before_anything_began(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "main", interrupted)
    with pytest.raises(SystemExit) as left:
        __main__.main()
    assert left.value.code == 130


def test_a_mistake_of_our_own_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "get_command", lambda ctx, name: command)
    with pytest.raises(ZeroDivisionError):
        run("show")


def test_another_program_may_call_without_the_exit(tmp_path: Path) -> None:
    assert cli.main(["show", "vgg16", "-o", str(tmp_path / "out.txt")], prog_name="cnncalc", standalone_mode=False) == 0
