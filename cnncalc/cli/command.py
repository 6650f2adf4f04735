"""How commands and their help look: short forms and groups of options, defaults and examples, the same in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from cnncalc.cli.param_types import OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

F = TypeVar("F", bound="Callable[..., Any] | click.Command")
SHORT: Mapping[str, str] = {
    "--input": "-i", "--set": "-s", "--batch": "-b", "--dtype": "-d", "--columns": "-c", "--top": "-n", "--format": "-f", "--output": "-o",
    "--help": "-h", "--version": "-V",
}  # fmt: skip
OWN = "Options"  # the group of what no other group has
GROUPS: Mapping[str, Sequence[str]] = {
    OWN: (),
    "Network options": ("--input", "--set", "--but", "--batch", "--dtype", "--counting", "--sides", "--no-bias", "--strict"),
    "Output options": (
        "--columns",
        "--work",
        "--notes",
        "--fold",
        "--sort",
        "--top",
        "--format",
        "--output",
        "--units",
        "--width",
        "--color",
        "--help",
    ),
}
NAMES = 30  # characters of an option with its names, where its description stands beside it
FEW = 8  # options that need no groups
INDENT = " " * 4  # of a long option without a short form


def option(name: str, *more: str, **settings: Any) -> Callable[[F], F]:
    """An option, with its short form where it has one."""
    return click.option(*([SHORT[name]] if name in SHORT else []), name, *more, **settings)


def without(name: str, param: str, help: str) -> Callable[[F], F]:
    """A flag that takes something away: its param is true unless the flag is given."""
    return click.option(name, param, is_flag=True, callback=lambda ctx, param, value: not value, help=help)


def _colour(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Make the environment say what --color asks for, for this process and what it starts."""
    if value is not None and not ctx.resilient_parsing:
        from cnncalc.cli.surroundings import colour

        colour(value)


def color(function: F) -> F:
    """The option --color, which may stand before or after the command."""
    choice = OneOf("colour setting", "auto", "always", "never")
    add = click.option(
        "--color",
        type=choice,
        metavar="WHEN",
        is_eager=True,
        expose_value=False,
        callback=_colour,
        show_default="auto",
        help="Use colour: auto, always or never.",
    )
    return add(function)


def leaving(name: str, text: Callable[[click.Context], str], help: str) -> Callable[[F], F]:
    """A flag that prints a text and exits; those of click load gettext's translations, even if they are not used."""

    def run(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            click.echo(text(ctx))
            ctx.exit()

    return option(name, is_flag=True, is_eager=True, expose_value=False, callback=run, help=help)


help_option = leaving("--help", click.Context.get_help, "Show this message and exit.")


def with_help(help: str, examples: str) -> Callable[[Callable[..., Any]], Command]:
    """A command with its help; every one has --color and examples."""
    make = click.command(cls=Command, help=help, examples=examples, add_help_option=False)

    def decorate(function: Callable[..., Any]) -> Command:
        return help_option(color(make(function)))

    return decorate


class Command(click.Command):
    """A command whose help has its options in groups, and examples at the end."""

    def __init__(self, *args: Any, examples: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, group by group."""
        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples."""
        write_examples(self.examples, formatter)


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The options of a command, group by group."""
    found: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for param in command.get_params(ctx):
        if isinstance(param, click.Option) and not param.hidden:
            name = next((name for name in param.opts if name.startswith("--")), "--output")  # in solve that is -o alone
            group = next((group for group, names in GROUPS.items() if name in names), OWN)
            found[group].append(described(param))
    rows = [row for group in found.values() for row in group]
    width = max(len(names) for names, _ in rows if len(names) <= NAMES)
    for group, own in found.items() if len(rows) > FEW else [(OWN, rows)]:
        if own:
            with formatter.section(group):
                formatter.write_dl([(names.ljust(width), help) for names, help in own], col_max=width)


def described(option: click.Option) -> tuple[str, str]:
    """An option as its help writes it: its names and the word for its value, and what it does, with the default."""
    names = sorted(option.opts, key=lambda name: name.startswith("--"))
    indent = INDENT if names[0].startswith("--") else ""
    value = f" {option.metavar}" if option.metavar and not option.is_flag else ""
    default = option.show_default or option.default
    shown = isinstance(default, (str, int)) and not isinstance(default, bool) and default != ""
    return f"{indent}{', '.join(names)}{value}", f"{option.help}{f'  [default: {default}]' if shown else ''}"


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Examples, a line each."""
    with formatter.section("Examples"):
        for line in examples.strip().splitlines():
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")
