"""cnncalc validate: all problems of files at once, and nothing else."""

from __future__ import annotations

import click

from cnncalc.cli import options


@click.command(
    help="""Check network files and answer sheets: each is read, and every network in it is written out.

    Exit code 1 where there are problems, 2 where a file cannot be read.
    """
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=options.complete_file)
def command(files: tuple[str, ...]) -> int:
    from cnncalc.validation import check, counted

    code = problems = 0
    for path in files:
        checked = check(path)
        for problem in checked.problems:
            options.tell(problem)
        problems += len(checked.problems)
        if checked.problems:
            code = max(code, options.NO if checked.readable else options.MISTAKE)
        else:
            options.say(f"{path}: ok ({checked.what})", err=False)
    if problems > 1:
        options.say(counted(problems, "problem"))
    return code
