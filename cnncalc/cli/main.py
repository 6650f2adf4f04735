"""The command line: the table of commands, and the exit code."""

from __future__ import annotations

import os
import sys
from errno import EBADF
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import color, help_option, leaving, write_examples, write_options
from cnncalc.cli.network_types import NETWORK
from cnncalc.cli.param_types import items
from cnncalc.cli.surroundings import TerminatedBySignal, complete_streams, help_width, same_colour_after, silence, watch
from cnncalc.errors import Problem, SpecError
from cnncalc.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from click.shell_completion import CompletionItem

# Each command is the object `command` in the module of its name, import in import_model. It returns its exit code, or None for success.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "See a network": {
        "show": "Show its layers: output sizes, parameters, memory and MACs.",
        "list": "List the networks of the catalogue.",
        "chart": "Plot where the cost is, or accuracy against cost.",
        "diagram": "Draw the graph.",
    },
    "Understand its numbers": {
        "explain": "Derive a number: rule, values substituted, result.",
        "formula": "Write totals, or a layer, as formulas.",
        "counts": "Count under every FLOP counting convention.",
        "reconcile": "Find what was counted where a number was printed.",
        "memory": "Find the peak memory in inference and in training.",
    },
    "Compare networks": {
        "compare": "Compare networks side by side.",
        "fit": "Find the largest setting within a budget.",
        "sweep": "Compute a network under every combination of settings.",
    },
    "Classroom": {
        "check": "Grade answer sheets.",
        "quiz": "Write a worksheet.",
        "practice": "Answer questions in the terminal.",
        "solve": "Find the kernel, stride and padding for an output size.",
    },
    "Files": {
        "new": "Write a commented network file to start from.",
        "import": "Write an ONNX or Keras model as a network file.",
        "validate": "Check network files and answer sheets.",
        "layers": "List the kinds of layers, or document one.",
        "schema": "Print the JSON Schema of network files, for editors.",
        "completion": "Print the completion script for a shell.",
    },
}
COMMANDS: Mapping[str, str] = {
    **{name: summary for group in GROUPS.values() for name, summary in group.items()},
    "help": "Show the help of a command, or a help topic.",
}
EXAMPLES = """
cnncalc vgg16
cnncalc show vgg16 --input 299x299x3
cnncalc help show
"""
COMPLETE = "_CNNCALC_COMPLETE"  # set by shells to request completions
MISTAKE, INTERRUPTED, CLOSED_PIPE = 2, 130, 141  # the last two are 128 + signal; 1 means that the answer is no


class Commands(click.Group):
    """A group whose commands are loaded only when used; a network without a command is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of the commands."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        from importlib import import_module

        if cmd_name not in COMMANDS:
            return None
        module = "import_model" if cmd_name == "import" else cmd_name
        command: click.Command = import_module(f"cnncalc.cli.{module}").command
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write commands in groups, topics, options and examples."""
        from cnncalc.cli.topics import summaries

        groups = {**GROUPS, "Help topics (cnncalc help TOPIC)": summaries()}
        width = max(len(name) for group in groups.values() for name in group)
        for heading, group in groups.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), summary) for name, summary in group.items()])
        write_options(self, ctx, formatter)
        write_examples(EXAMPLES, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete options after a dash, else commands or, if none matches, networks."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return items(COMMANDS, incomplete) or NETWORK.shell_complete(ctx, self.params[0], incomplete)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of this name, or show the network of this name, or suggest one."""
        word = args[0]
        command = self.get_command(ctx, word)
        if command is not None:
            return word, command, args[1:]
        if _is_network(word):
            return "show", self.get_command(ctx, "show"), args
        from cnncalc.errors import suggestion
        from cnncalc.spec import catalogue_index

        hint = suggestion(word, COMMANDS) or suggestion(word, catalogue_index.names())
        raise click.UsageError(f"no command or network {word!r}{f'; {hint}' if hint else ''}", ctx)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and exit with its code."""
        extra.setdefault("terminal_width", help_width())

        def run() -> Any:
            return super(Commands, self).main(args, prog_name, complete_var, standalone_mode=False, **extra)

        with same_colour_after():
            return sys.exit(self._run_and_report(run)) if standalone_mode else run()

    def _run_and_report(self, run: Callable[[], Any]) -> int:
        try:
            return self._exit_code(run)
        except OSError:  # not even the error can be printed
            silence(sys.stderr)
            return MISTAKE

    def _exit_code(self, run: Callable[[], Any]) -> int:
        try:
            code = run()
            sys.stdout.flush()
        except SpecError as error:
            return _report_problems(error)
        except click.ClickException as error:
            return _report_usage_error(error)
        except (KeyboardInterrupt, click.Abort):
            return INTERRUPTED
        except TerminatedBySignal as ended:
            return ended.code
        except (BrokenPipeError, SystemExit):  # click raises SystemExit if the reader of its help has ended
            silence(sys.stdout)
            return CLOSED_PIPE
        except OSError as error:
            silence(sys.stdout)
            name = f"{error.filename}: " if isinstance(error.filename, str) else ""
            reason = "standard output is closed" if error.errno == EBADF else error.strerror or error
            return _report_problems(SpecError(Problem(f"{name}{reason}")))
        return code if isinstance(code, int) else 0


def _report_problems(error: SpecError) -> int:
    """Print all problems to standard error."""
    from cnncalc.cli.messages import print_problem

    for problem in error.problems:
        print_problem(problem)
    if len(error.problems) > 1:
        click.echo(f"{len(error.problems)} problems", err=True)
    return MISTAKE


def _report_usage_error(error: click.ClickException) -> int:
    """Print a usage error in our own format; click would print control characters in arguments unescaped."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n", err=True)
    _report_problems(SpecError(Problem(" ".join(error.format_message().split()))))
    if context is not None and isinstance(error, click.MissingParameter) and error.param and error.param.name == "network":
        click.echo(f"\nFor example: {context.command_path} vgg16", err=True)
    return MISTAKE


def _is_network(word: str) -> bool:
    """Return whether `show` accepts a word as a network."""
    from cnncalc import analysis
    from cnncalc.spec import catalogue, references

    return word == "-" or references.is_path(word) or catalogue.may_contain(word) or analysis.writes_layers(word)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    add_help_option=False,
    help="""Output sizes, parameters, memory and FLOPs of convolutional networks, with derivations and formulas.

    `cnncalc NETWORK` is short for `cnncalc show NETWORK`. A network is a name of the catalogue (vgg16), a file (mine.yaml,
    mine.yaml:variant), layers in shorthand ("conv 64 3x3, relu"), or - for standard input.
    """,
)
@leaving("--version", lambda ctx: f"cnncalc {__version__}", "Show the version and exit.")
@color
@help_option
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Show the help if no command is given; the exit code of click itself depends on its version."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line; `cnncalc.__main__` calls this."""
    if COMPLETE in os.environ:
        import cnncalc.cli.shells  # noqa: F401  # registers the shells
    complete_streams()
    watch()
    cli(prog_name="cnncalc")
