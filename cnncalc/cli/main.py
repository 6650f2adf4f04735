"""The command line: a table of commands, each loaded when it is called, and the one way out with its exit code."""

from __future__ import annotations

import sys
from errno import EBADF
from typing import TYPE_CHECKING, Any

import click

from cnncalc import __version__
from cnncalc.cli.surroundings import Ended, complete_streams, silence, watch
from cnncalc.errors import Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from click.shell_completion import CompletionItem

# A command is a module of this folder with the same name that holds `command`. It returns its exit code, or nothing where it worked.
COMMANDS: Mapping[str, str] = {
    "show": "A network as a table: layers, volumes, parameters, memory, MACs.",
    "list": "The catalogue of networks.",
    "explain": "How a figure comes about: rule, numbers put in, result.",
    "formula": "Totals or a layer as formulas in the network's symbols.",
    "compare": "Networks side by side.",
    "check": "Grade an answer sheet.",
    "solve": "Which kernel, stride and pad give this output?",
    "fit": "The largest setting within budgets.",
    "sweep": "A network under every combination of settings.",
    "quiz": "Questions to practise on.",
    "counts": "One network under every counting convention.",
    "memory": "Peak memory, in use and in training.",
    "chart": "Pictures of where the cost sits.",
    "diagram": "The graph as a picture.",
    "validate": "Check files, and nothing else.",
    "layers": "The manual of the kinds of layers.",
    "schema": "JSON Schema of network files, for editors.",
    "new": "A commented file to start from.",
    "completion": "A script that completes commands and networks in your shell.",
}
MISTAKE, INTERRUPTED, CLOSED_PIPE = 2, 130, 141  # the last two as shells number the signals; 1 is an answer: no


class Commands(click.Group):
    """Commands by the table, so that help and completion load none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands whose modules are there."""
        from importlib.util import find_spec

        return [name for name in COMMANDS if find_spec(f"cnncalc.cli.{name}") is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        from importlib import import_module

        if cmd_name not in COMMANDS:
            return None
        try:
            module = import_module(f"cnncalc.cli.{cmd_name}")
        except ModuleNotFoundError as error:
            if error.name == f"cnncalc.cli.{cmd_name}":
                return None
            raise
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, or options where a dash is typed."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [CompletionItem(name, help=COMMANDS[name]) for name in self.list_commands(ctx) if name.startswith(incomplete)]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a word, or say which one could be meant."""
        word = args[0]
        command = self.get_command(ctx, word)
        if command is not None:
            return word, command, args[1:]
        raise click.UsageError(f"no command {word!r}{self._meant(ctx, word)}", ctx)

    def _meant(self, ctx: click.Context, word: str) -> str:
        from cnncalc.errors import suggestion
        from cnncalc.spec import catalogue

        hint = suggestion(word, self.list_commands(ctx))
        if word.endswith(catalogue.SUFFIXES) or "/" in word or (not hint and word in catalogue.names()):
            hint = f"did you mean 'cnncalc show {word}'?"
        return f"; {hint}" if hint else ""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and leave with the exit code."""
        if standalone_mode:
            sys.exit(self._ended(lambda: super(Commands, self).main(args, prog_name, complete_var, standalone_mode=False, **extra)))
        return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)

    def _ended(self, run: Callable[[], Any]) -> int:
        try:
            return self._left(run)
        except OSError:  # what went wrong cannot even be told
            silence(sys.stderr)
            return MISTAKE

    def _left(self, run: Callable[[], Any]) -> int:
        try:
            code = run()
            sys.stdout.flush()
        except SpecError as error:
            return _told(error)
        except click.ClickException as error:
            return _misused(error)
        except (KeyboardInterrupt, click.Abort):
            return INTERRUPTED
        except Ended as ended:
            return ended.code
        except (BrokenPipeError, SystemExit):  # click leaves by SystemExit where the reader of its help has gone
            silence(sys.stdout)
            return CLOSED_PIPE
        except OSError as error:
            silence(sys.stdout)
            name = f"{error.filename}: " if isinstance(error.filename, str) else ""
            reason = "standard output is closed" if error.errno == EBADF else error.strerror or error
            return _told(SpecError(Problem(f"{name}{reason}")))
        return code if isinstance(code, int) else 0


def _told(error: SpecError) -> int:
    """Every problem on the error output."""
    from cnncalc.cli.options import tell

    for problem in error.problems:
        tell(problem, "Error: ")
    if len(error.problems) > 1:
        click.echo(f"{len(error.problems)} problems", err=True)
    return MISTAKE


def _misused(error: click.ClickException) -> int:
    """What click finds wrong with the command line, by our own messages: click would print arguments with whatever bytes they have."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n", err=True)
    _told(SpecError(Problem(" ".join(error.format_message().split()))))
    if context is not None and isinstance(error, click.MissingParameter) and error.param and error.param.name == "network":
        click.echo(f"\nFor example: {context.command_path} vgg16", err=True)
    return MISTAKE


@click.group(
    help="What comes out of this layer, and what does it cost?",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Try: cnncalc show vgg16",
)
@click.version_option(__version__, message="cnncalc %(version)s")
def cli() -> None:
    pass


def main() -> None:
    """The console script."""
    import gc

    gc.set_threshold(100_000)  # what a command makes lives until its end, so there is little to collect
    complete_streams()
    watch()
    try:
        cli(prog_name="cnncalc")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
