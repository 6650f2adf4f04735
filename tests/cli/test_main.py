from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest

import cnncalc
from cnncalc.cli import main
from cnncalc.cli.main import COMMANDS, cli
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path


def test_the_version() -> None:
    assert run("--version") == (0, f"cnncalc {cnncalc.__version__}\n", "")


def test_help_lists_the_commands_that_are_there() -> None:
    done = run("--help")
    assert done.code == 0
    there = cli.list_commands(click.Context(cli))
    assert {"show", "list", "validate", "layers", "schema", "new", "completion"} <= set(there) <= set(COMMANDS)
    for name in there:
        assert f"\n  {name} " in done.out
    assert run("-h") == done


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_has_help(name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    assert f"Usage: cnncalc {name} " in done.out
    assert "\\b" not in done.out


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
        ("shw", "did you mean 'show'?"),
        ("vgg16", "did you mean 'cnncalc show vgg16'?"),
        ("mine.yaml", "did you mean 'cnncalc show mine.yaml'?"),
        ("folder/mine", "did you mean 'cnncalc show folder/mine'?"),
        ("xyzzy", "no command 'xyzzy'\n"),
    ],
)
def test_a_mistyped_command(word: str, hint: str) -> None:
    done = run(word)
    assert done.code == 2
    assert done.out == ""
    assert hint in done.err


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


def test_a_module_that_is_broken_is_not_a_missing_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise ModuleNotFoundError("no module named nothing", name="nothing")

    monkeypatch.setattr("importlib.import_module", broken)
    with pytest.raises(ModuleNotFoundError):
        cli.get_command(click.Context(cli), "show")


def test_a_command_that_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "COMMANDS", {**COMMANDS, "later": "Some day."})
    assert cli.get_command(click.Context(cli), "later") is None


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
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "watch", lambda: None)  # not in the process of the tests
    monkeypatch.setattr(main, "cli", interrupted)
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 130


def test_a_mistake_of_our_own_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "get_command", lambda ctx, name: command)
    with pytest.raises(ZeroDivisionError):
        run("show")


def test_another_program_may_call_without_the_exit() -> None:
    assert cli.main(["show", "vgg16", "-o", "/dev/null"], prog_name="cnncalc", standalone_mode=False) == 0
