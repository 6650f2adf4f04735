"""The help of every command and topic: structure and correctness."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING

import click
import pytest

from cnncalc.cli import options, output_options, topics
from cnncalc.cli.command import FEW, GROUPS, SHORT, Command, option_help
from cnncalc.cli.main import CLOSED_PIPE, COMMANDS, INTERRUPTED, MISTAKE, cli
from cnncalc.cli.main import GROUPS as COMMAND_GROUPS
from cnncalc.explore.sweep import USUAL as SWEEP_COLUMNS
from cnncalc.output.charts.bars import USUAL as BAR_METRICS
from cnncalc.output.sheets.formulas import DEFAULT as FORMULA_COLUMNS
from cnncalc.output.sheets.solutions import SHOWN
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.study.folding import LONG
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

NAMES = cli.list_commands(click.Context(cli))
NOTHING_BY_DEFAULT = {
    "--against", "--as", "--at", "--between", "--but", "--family", "--freeze", "--freeze-until", "--from", "--in", "--layer", "--macs",
    "--max", "--output", "--params", "--set", "--until", "--variants", "--vary", "--within",
}  # fmt: skip


def loaded(name: str) -> Command:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, Command)
    return command


def sections(text: str) -> list[str]:
    return re.findall(r"^(\w.*):$", text, re.MULTILINE)


def test_commands_stand_in_groups_then_topics_and_examples() -> None:
    done = run("--help")
    assert (done.code, done.err) == (0, "")
    assert sections(done.out) == [*COMMAND_GROUPS, "Help topics (cnncalc help TOPIC)", "Options", "Examples"]
    for name in {*NAMES, *topics.TOPICS} - {"help"}:
        assert f"\n  {name} " in done.out
    assert [*COMMANDS] == [*(name for group in COMMAND_GROUPS.values() for name in group), "help"] == NAMES


@pytest.mark.parametrize("words", [[], ["-h"], ["help"], ["--color", "never"]])
def test_the_help_is_shown_in_several_ways(words: list[str]) -> None:
    assert run(*words) == run("--help")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(name: str) -> None:
    done = run(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Usage: cnncalc {name} " in done.out
    assert run(name, "-h") == run("help", name) == done
    found = sections(done.out)
    assert found[-1] == "Examples"
    assert found[:-1] == [group for group in GROUPS if group in found]
    assert (len(found) == 2) == (len(re.findall(r"^  (?:-\w, |    )--\w", done.out, re.MULTILINE)) <= FEW) or name == "quiz"


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_command_lines_that_the_command_reads(name: str) -> None:
    for example in loaded(name).examples.strip().replace("\\\n", "").splitlines():
        words = shlex.split(example.partition(" | ")[0].partition(" >")[0])
        if words[0] == "echo":
            words = shlex.split(words[1].partition("(")[2].partition(")")[0])
        assert words[0] == "cnncalc"
        command = loaded(words[1])
        assert command.make_context(words[1], words[2:]).params is not None


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_shown(name: str) -> None:
    shown = " ".join(run(name, "--help").out.split())
    for param in loaded(name).params:
        default = param.default
        if isinstance(param, click.Option) and not param.is_flag and isinstance(default, (str, int)) and default != "":
            assert f"[default: {default}]" in shown, param.name
        elif isinstance(param, click.Option) and not param.is_flag and param.opts[-1] not in NOTHING_BY_DEFAULT:
            assert "[default: " in option_help(param)[1], param.opts


def test_defaults_in_words_are_those_of_the_program() -> None:
    def default(name: str, option: str) -> str:
        return next(option_help(param)[1] for param in loaded(name).params if option in param.opts and isinstance(param, click.Option))

    assert f"[default: only above {LONG} rows]" in default("show", "--fold")
    assert f"[default: {SHOWN}]" in default("solve", "--top")
    assert f"[default: {','.join(FORMULA_COLUMNS)}]" in default("formula", "--columns")
    assert f"[default: {','.join(SWEEP_COLUMNS)}]" in default("sweep", "--columns")
    assert f"[default: {','.join(BAR_METRICS)}]" in default("chart", "--of")


@pytest.mark.parametrize("name", topics.TOPICS)
def test_lines_of_topics_are_filled(name: str) -> None:
    for paragraph in run("help", name).out.split("\n\n"):
        lines = paragraph.splitlines()
        for line, following in pairwise(lines):
            assert line.startswith(" ") or len(line) + 1 + len(following.split()[0]) > 80


def test_short_forms_mean_the_same_everywhere() -> None:
    assert len(set(SHORT.values())) == len(SHORT)
    for name in NAMES:
        for param in loaded(name).params if name != "solve" else ():  # where --output is the output size, and -o stands alone
            if isinstance(param, click.Argument):
                continue
            short = [word for word in param.opts if re.fullmatch(r"-\w", word)]
            (long,) = (word for word in param.opts if word.startswith("--") and (word != "--variants" or param.name == "variants"))
            assert short == ([SHORT[long]] if long in SHORT else []), (name, param.opts)


def test_short_and_long_forms_do_the_same() -> None:
    short = run("show", "vgg16", "-i", "64x64x3", "-s", "classes=10", "-b", "2", "-d", "fp16", "-c", "+flops", "-n", "3", "-f", "csv")
    long = run(
        *("show", "vgg16", "--input", "64x64x3", "--set", "classes=10", "--batch", "2", "--dtype", "float16", "--columns", "+flops"),
        *("--top", "3", "--format", "csv"),
    )
    assert short == long
    assert short.code == 0


# topics


@pytest.mark.parametrize("name", topics.TOPICS)
def test_a_topic_fits_a_terminal(name: str) -> None:
    done = run("help", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(topics.summaries()[name] + "\n\n")
    assert max(map(len, done.out.splitlines())) <= 80
    assert name not in COMMANDS
    assert done.out.isascii()


def test_an_unknown_topic_is_answered_with_the_nearest() -> None:
    done = run("help", "convention")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: no command or help topic 'convention'\n  did you mean 'conventions'?\n"


def test_the_topic_of_conventions_names_all() -> None:
    assert all(re.search(rf"\b{name}\b", topics.TOPICS["conventions"]) for name in CONVENTIONS)


def test_the_topic_of_options_lists_all_that_are_shared() -> None:
    text = topics.TOPICS["options"]
    listed = dict(reversed(pair) for pair in re.findall(r"^  (?:(-\w), |    )(--[\w-]+)", text, re.MULTILINE))
    assert listed == {name: SHORT.get(name, "-h" if name == "--help" else "") for group in GROUPS.values() for name in group}
    assert ", ".join(output_options.FORMATS) in " ".join(text.split())


def test_the_topic_of_exit_codes() -> None:
    codes = re.findall(r"^  (\d+) ", topics.TOPICS["exit-codes"], re.MULTILINE)
    assert codes == ["0", *map(str, (options.NO, MISTAKE, INTERRUPTED, CLOSED_PIPE)), "143"]


def test_the_topic_of_sheets_shows_a_sheet_that_is_graded(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("\n".join(line[2:] for line in topics.TOPICS["sheets"].split("\n\n")[2].splitlines()))
    done = run("check", str(sheet), "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert '"right": 4' in done.out
