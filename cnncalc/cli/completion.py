"""cnncalc completion: the completion script of a shell."""

from __future__ import annotations

import click

from cnncalc.cli.command import with_help
from cnncalc.cli.param_types import OneOf

HELP = """Print a script that completes commands, options, networks, layers and params in bash (4.4 or later), zsh or fish.

Add one of these to the configuration of your shell, or run it in the current shell:
"""
EXAMPLES = """
echo 'eval "$(cnncalc completion bash)"' >> ~/.bashrc
echo 'eval "$(cnncalc completion zsh)"' >> ~/.zshrc
cnncalc completion fish > ~/.config/fish/completions/cnncalc.fish
"""


@with_help(HELP, EXAMPLES)
@click.argument("shell", metavar="bash|zsh|fish", type=OneOf("shell", "bash", "zsh", "fish"))
def command(shell: str) -> None:
    from cnncalc.cli.main import COMPLETE, cli
    from cnncalc.cli.shells import SHELLS

    click.echo(SHELLS[shell](cli, {}, "cnncalc", COMPLETE).source(), nl=False)
