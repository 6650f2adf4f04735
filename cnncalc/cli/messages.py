"""Messages beside or instead of a result."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cnncalc.errors import Problem


def print_problem(problem: Problem) -> None:
    """Print a problem to standard error, wrapped, escaped and coloured for the terminal."""
    from re import MULTILINE, sub

    from cnncalc.errors import printable
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.styles import styled
    from cnncalc.output.forms.terminal import page

    paper = page(sys.stderr)
    text = problem.text(paper.width, "Error: ", lambda text: carried(printable(text), paper.encoding))
    if paper.colour:
        text = sub(r"\AError:|^ +\^+$", lambda found: styled(found[0], "error"), text, flags=MULTILINE)
    click.echo(text, err=True, color=paper.colour)


def print_message(text: str, *, err: bool = True) -> None:
    """Print a message next to or instead of a result, wrapped for the terminal."""
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.tables import wrapped
    from cnncalc.output.forms.terminal import page

    stream = sys.stderr if err else sys.stdout
    lines = wrapped(carried(text, stream.encoding or "ascii"), page(stream).width)
    click.echo("\n".join(lines), err=err)
