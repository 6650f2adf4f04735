"""cnncalc layers: the manual of the kinds of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import output_options
from cnncalc.cli.command import with_help
from cnncalc.cli.param_types import KIND

if TYPE_CHECKING:
    from cnncalc.cli.output_options import Output

HELP = """List the kinds of layers, or document one: its fields, its output size, what it costs."""
EXAMPLES = """
cnncalc layers
cnncalc layers conv
"""


@with_help(HELP, EXAMPLES)
@click.argument("kind", required=False, type=KIND)
@output_options.output
def command(kind: str | None, out: Output) -> None:
    from cnncalc.layers import KINDS
    from cnncalc.output.sheets import manual

    out.deliver(lambda: manual.kinds() if kind is None else manual.manual(KINDS[kind]), lambda: manual.document(kind))
