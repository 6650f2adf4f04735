"""The common form of commands and their help: short and grouped options, defaults, examples."""

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
OTHER_OPTIONS = "Options"  # options in no other group
GROUPS: Mapping[str, Sequence[str]] = {
    OTHER_OPTIONS: (),
    "Network options": (
        "--input",
        "--set",
        "--but",
        "--batch",
        "--dtype",
        "--counting",
        "--layout",
        "--sides",
        "--no-bias",
        "--strict",
        "--freeze",
        "--freeze-until",
        "--until",
        "--deployed",
    ),
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
NAMES = 30  # longest option, in characters, with its description on the same line
FEW = 8  # up to so many options are not grouped
INDENT = " " * 4  # before options without a short form


def option(name: str, *more: str, **settings: Any) -> Callable[[F], F]:
    """Create an option, with its short form if it has one."""
    return click.option(*([SHORT[name]] if name in SHORT else []), name, *more, **settings)


def without(name: str, param: str, help: str) -> Callable[[F], F]:
    """Create a flag that turns something off: its param is true unless the flag is given."""
    return click.option(name, param, is_flag=True, callback=lambda ctx, param, value: not value, help=help)


def _colour(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Set the environment variables for --color, for this process and its children."""
    if value is not None and not ctx.resilient_parsing:
        from cnncalc.cli.surroundings import colour

        colour(value)


def color(function: F) -> F:
    """Add --color, which is accepted before and after the command."""
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
    """Return a flag that prints a text and exits; those of click load gettext's translations, even if they are not used."""

    def run(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            click.echo(text(ctx))
            ctx.exit()

    return option(name, is_flag=True, is_eager=True, expose_value=False, callback=run, help=help)


help_option = leaving("--help", click.Context.get_help, "Show this message and exit.")


def with_help(help: str, examples: str) -> Callable[[Callable[..., Any]], Command]:
    """Create a command with --color, help and examples."""
    make = click.command(cls=Command, help=help, examples=examples, add_help_option=False)

    def decorate(function: Callable[..., Any]) -> Command:
        return help_option(color(make(function)))

    return decorate


class Command(click.Command):
    """A command whose help groups its options and ends with examples."""

    def __init__(self, *args: Any, examples: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups."""
        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        write_examples(self.examples, formatter)


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the options of a command in groups."""
    found: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for param in command.get_params(ctx):
        if isinstance(param, click.Option) and not param.hidden:
            name = next((name for name in param.opts if name.startswith("--")), "--output")  # solve has only -o
            group = next((group for group, names in GROUPS.items() if name in names), OTHER_OPTIONS)
            found[group].append(option_help(param))
    rows = [row for group in found.values() for row in group]
    width = max(len(names) for names, _ in rows if len(names) <= NAMES)
    for group, own in found.items() if len(rows) > FEW else [(OTHER_OPTIONS, rows)]:
        if own:
            with formatter.section(group):
                formatter.write_dl([(names.ljust(width), help) for names, help in own], col_max=width)


def option_help(option: click.Option) -> tuple[str, str]:
    """Return the two columns of an option's help: names with metavar, and description with default."""
    names = sorted(option.opts, key=lambda name: name.startswith("--"))
    indent = INDENT if names[0].startswith("--") else ""
    value = f" {option.metavar}" if option.metavar and not option.is_flag else ""
    default = option.show_default or option.default
    shown = isinstance(default, (str, int)) and not isinstance(default, bool) and default != ""
    return f"{indent}{', '.join(names)}{value}", f"{option.help}{f'  [default: {default}]' if shown else ''}"


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Write the examples, one per line."""
    with formatter.section("Examples"):
        for line in examples.strip().splitlines():
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")
