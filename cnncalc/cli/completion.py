"""cnncalc completion: the script by which a shell completes commands, options and networks."""

from __future__ import annotations

import click

WHERE = """\b
bash:  echo 'eval "$(cnncalc completion bash)"' >> ~/.bashrc
zsh:   echo 'eval "$(cnncalc completion zsh)"' >> ~/.zshrc
fish:  cnncalc completion fish > ~/.config/fish/completions/cnncalc.fish
"""


@click.command(help="Print the script that completes commands, options and names of networks.", epilog=WHERE)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    from click.shell_completion import ShellComplete, get_completion_class

    from cnncalc.cli.main import cli

    complete = get_completion_class(shell)
    assert complete is not None  # click knows these three
    # The base class writes the script; that of bash would start a bash before, to ask for its version.
    click.echo(ShellComplete.source(complete(cli, {}, "cnncalc", "_CNNCALC_COMPLETE")))
