"""cnncalc help: the help of a command, or a topic."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cnncalc.cli.command import with_help
from cnncalc.cli.param_types import OneOf
from cnncalc.cli.topics import TOPICS, summaries

if TYPE_CHECKING:
    from cnncalc.cli.param_types import Known

WIDTH = 80  # columns of text, if the terminal has them
EXAMPLES = """
cnncalc help
cnncalc help show
cnncalc help conventions
"""


def _known() -> Known:
    from cnncalc.cli.main import COMMANDS

    return {**COMMANDS, **summaries()}, {}


@with_help("Show the help of a command, or a help topic; without either, list both.", EXAMPLES)
@click.argument("topic", required=False, metavar="[COMMAND|TOPIC]", type=OneOf("command or help topic", load=_known))
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    from cnncalc.cli.main import cli
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.terminal import page

    group = ctx.find_root()
    if topic is None:
        click.echo(group.get_help())
    elif topic in TOPICS:
        width = min(page(sys.stdout).width or WIDTH, WIDTH)
        parts = TOPICS[topic].rstrip("\n").split("\n\n")
        text = "\n\n".join(part if part.startswith(" ") else click.wrap_text(" ".join(part.split()), width) for part in parts)
        click.echo(carried(text, sys.stdout.encoding or "ascii"))
    elif (found := cli.get_command(group, topic)) is not None:
        click.echo(click.Context(found, info_name=topic, parent=group).get_help())
