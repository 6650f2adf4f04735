"""cnncalc validate: check files."""

from __future__ import annotations

import click

from cnncalc.cli import messages, options
from cnncalc.cli.command import with_help
from cnncalc.cli.network_types import FILE

HELP = """Check network files and answer sheets, and print all problems.

Exit code 1 if there are problems, 2 if a file cannot be read.
"""
EXAMPLES = """
cnncalc validate mine.yaml
cnncalc validate architectures/*.yaml
"""


@with_help(HELP, EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
def command(files: tuple[str, ...]) -> int:
    from cnncalc.validation import check, counted

    code = problems = 0
    for path in files:
        checked = check(path)
        for problem in checked.problems:
            messages.print_problem(problem)
        problems += len(checked.problems)
        if checked.problems:
            code = max(code, options.NO if checked.readable else options.MISTAKE)
        else:
            messages.print_message(f"{path}: ok ({checked.what})", err=False)
    if problems > 1:
        messages.print_message(counted(problems, "problem"))
    return code
