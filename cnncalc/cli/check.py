"""cnncalc check: grade answer sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import FILE
from cnncalc.cli.progress import Progress

if TYPE_CHECKING:
    from cnncalc.cli.options import Output
    from cnncalc.errors import Problem

HELP = """Grade answer sheets: derive the correct answer, and name the mistake that gives a wrong one.

Several sheets make a gradebook. Exit code 1 if an answer is wrong or unclear, 2 if a sheet cannot be understood. `cnncalc help sheets`
says how a sheet is written.
"""
EXAMPLES = """
cnncalc check worksheet.yaml
cnncalc check answers/*.yaml --score --format csv
"""


@with_help(HELP, EXAMPLES)
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...", type=FILE)
@option("--hide", is_flag=True, help="Hide the correct answers; verdicts and mistakes are shown.")
@option("--score", is_flag=True, help="Count points: one for each question, or what the sheet says.")
@options.output
def command(sheets: tuple[str, ...], out: Output, *, hide: bool, score: bool) -> int:
    from cnncalc.answers.answer_sheet import read_sheet
    from cnncalc.answers.grade import UNCLEAR, WRONG, Grader
    from cnncalc.answers.slips import slips
    from cnncalc.errors import SpecError
    from cnncalc.output.sheets import verdicts

    grader = Grader()
    graded: list[verdicts.Graded] = []
    broken: dict[str, tuple[Problem, ...]] = {}
    with Progress(len(sheets)) as progress:
        for path in sheets:
            progress(path)
            try:
                sheet = read_sheet(path, grader.known)
                found = grader.grade(sheet)
            except SpecError as error:  # one broken sheet does not keep the class from its list
                broken[path] = error.problems
                continue
            why = {i: slips(each, grader, hide=hide) for i, each in enumerate(found) if each.verdict == WRONG}
            graded.append(verdicts.Graded(sheet, found, why, hide=hide))
    if len(sheets) > 1:
        out.deliver(
            lambda: verdicts.class_list(graded, list(broken), score=score),
            lambda: {"sheets": [verdicts.document(each, score=score) for each in graded]},
        )
    elif graded:
        out.deliver(lambda: verdicts.table(graded[0], score=score), lambda: verdicts.document(graded[0], score=score))
    if broken:
        raise SpecError([problem for problems in broken.values() for problem in problems])
    return options.NO if any(each.count(WRONG) or each.count(UNCLEAR) for each in graded) else 0
