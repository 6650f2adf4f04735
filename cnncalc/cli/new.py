"""cnncalc new: a commented file to start from."""

from __future__ import annotations

import click

from cnncalc.cli.command import option, with_help
from cnncalc.cli.messages import print_message
from cnncalc.cli.network_types import FILE
from cnncalc.cli.output_options import Output

HELP = """Write NAME.yaml, a small commented network, to the current folder."""
EXAMPLES = """
cnncalc new mynet
cnncalc new mynet -o -
"""


@with_help(HELP, EXAMPLES)
@click.argument("name")
@option("--output", "file", type=FILE, metavar="FILE", show_default="NAME.yaml", help="Write to this file; - prints.")
def command(name: str, file: str | None) -> None:
    import os

    from cnncalc.output.starter import starter

    bare = name.removesuffix(".yaml").removesuffix(".yml")
    if not bare.replace("-", "_").isidentifier():
        raise click.BadParameter(f"a name has letters, digits, _ and -, not {name!r}", param_hint="NAME")
    path = file or (name if name != bare else f"{name}.yaml")
    stream = os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
    if path != "-" and os.path.lexists(path) and not stream:
        raise click.UsageError(f"{path} already exists; it is not overwritten")
    Output(format=None, file=path).write(starter(bare))
    if path != "-" and not stream:
        print_message(f"{path} is written. Edit it, then: cnncalc show {path}")
