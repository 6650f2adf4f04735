"""cnncalc check: grade answer sheets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import FILE
from cnncalc.cli.progress import Progress

if TYPE_CHECKING:
    from cnncalc.answers.gradebook import Gradebook
    from cnncalc.answers.graded import Graded
    from cnncalc.cli.output_options import Output
    from cnncalc.errors import SpecError

HELP = """Grade answer sheets: derive the correct answer, and name the mistake that gives a wrong one.

With --against, questions, networks, points and tolerances come from the worksheet, and the files hold answers only: filled sheets, mappings
(q1: 55x55x96), CSV (id,answer, or a class with a column student), filled Markdown worksheets, or folders of them. Without it each sheet is
graded by its own rules. Several sheets make a gradebook. Exit code 1 if an answer is wrong or unclear, 2 if a file cannot be read.
`cnncalc help sheets` explains how to write a sheet.
"""
EXAMPLES = """
cnncalc check worksheet.yaml
cnncalc check --against worksheet.yaml answers/ --format csv
cnncalc check --against worksheet.yaml answers/ --hide -o feedback/
cnncalc check answers/*.yaml --score --format csv
"""


@with_help(HELP, EXAMPLES)
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...", type=FILE)
@option("--against", type=FILE, metavar="WORKSHEET", help="Take everything but the answers from this sheet, or a folder of its variants.")
@option("--hide", is_flag=True, help="Hide the correct answers; show verdicts and mistakes.")
@option("--score", is_flag=True, help="Add up points: one per question, or as the sheet says.")
@output_options.output_in("gradescope")
def command(sheets: tuple[str, ...], out: Output, *, against: str | None, hide: bool, score: bool) -> int:
    if against is not None:
        return graded_class(sheets, out, against, hide=hide)
    if out.form == "gradescope":
        raise click.UsageError("--format gradescope grades by the teacher's rules: --against WORKSHEET")
    from cnncalc.answers.answer_sheet import read_sheet
    from cnncalc.answers.grade import UNCLEAR, WRONG, Grader
    from cnncalc.answers.graded import Graded
    from cnncalc.answers.slips import slips
    from cnncalc.errors import SpecError
    from cnncalc.output.sheets import gradebooks, verdicts

    grader = Grader()
    graded: list[Graded] = []
    broken: dict[str, SpecError] = {}
    with Progress(len(sheets)) as progress:
        for path in sheets:
            progress(path)
            try:
                sheet = read_sheet(path, grader.known)
                found = grader.grade(sheet)
            except SpecError as error:  # a broken sheet does not stop the others
                broken[path] = error
                continue
            why = {i: slips(each, grader, hide=hide) for i, each in enumerate(found) if each.verdict == WRONG}
            graded.append(Graded(sheet, found, why, hide=hide))
    if len(sheets) > 1:
        out.deliver(
            lambda: gradebooks.class_list(graded, list(broken), scored=score),
            lambda: gradebooks.class_document([verdicts.document(each, scored=score) for each in graded]),
        )
    elif graded:
        out.deliver(lambda: verdicts.table(graded[0], scored=score), lambda: verdicts.document(graded[0], scored=score))
    raise_all(broken)
    return options.NO if any(each.count(WRONG) or each.count(UNCLEAR) for each in graded) else 0


def graded_class(paths: tuple[str, ...], out: Output, against: str, *, hide: bool) -> int:
    """Grade answers by the rules of a worksheet; return the exit code."""
    from cnncalc.answers.gradebook import ClassGrader, Gradebook, VariantsGrader
    from cnncalc.answers.submissions import files, submissions
    from cnncalc.errors import SpecError
    from cnncalc.output.sheets import gradebooks

    grader = VariantsGrader(against, hide=hide) if os.path.isdir(against) else ClassGrader(against, hide=hide)
    students: list[Graded] = []
    broken: dict[str, SpecError] = {}
    found = files(paths)
    with Progress(len(found)) as progress:
        for path in found:
            progress(path)
            try:
                students += [grader.grade(each) for each in submissions(path)]
            except SpecError as error:
                broken[path] = error
    book = Gradebook(grader.worksheet, students, broken)
    if not students:
        raise_all(broken)
    if out.form == "gradescope":
        return gradescope_results(book, out)
    if out.file is not None and options.is_folder(out.file):
        write_feedback(book, out)
        out = out.replaced(file=None)
    out.deliver(lambda: gradebooks.gradebook(book), lambda: gradebooks.gradebook_document(book))
    raise_all(broken)
    return options.NO if book.unclear() else 0


def gradescope_results(book: Gradebook, out: Output) -> int:
    """Write the results.json of one student; the exit code is 0 whatever the points, as an autograder expects it."""
    from cnncalc.output.forms import formats
    from cnncalc.output.sheets.gradescope import results

    if len(book.students) + len(book.broken) > 1:
        raise click.UsageError(f"--format gradescope writes the results of one student, not of {len(book.students) + len(book.broken)}")
    out.write(formats.json(results(book.students[0])))
    return 0


def write_feedback(book: Gradebook, out: Output) -> None:
    """Write a file for each student (HTML or Markdown) and the gradebook as CSV."""
    from cnncalc.output.forms import files, formats
    from cnncalc.output.sheets import gradebooks

    folder = out.file or ""
    form, suffix = ("html", "html") if out.form == "html" else ("markdown", "md")
    files.make_folder(folder)
    for student, name in zip(book.students, gradebooks.file_names(book), strict=True):
        text = formats.RENDERERS[form](gradebooks.feedback(student), out.units or "")
        out.replaced(file=os.path.join(folder, f"{name}.{suffix}")).write(text)
    out.replaced(file=os.path.join(folder, "gradebook.csv")).write(formats.csv(gradebooks.gradebook(book)))


def raise_all(broken: dict[str, SpecError]) -> None:
    """Raise one error with the problems of all broken files."""
    from cnncalc.errors import SpecError

    if broken:
        raise SpecError([problem for error in broken.values() for problem in error.problems])
