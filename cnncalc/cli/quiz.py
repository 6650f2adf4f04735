"""cnncalc quiz: make worksheets and their keys."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from cnncalc.cli import messages, options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import NETWORK

if TYPE_CHECKING:
    from cnncalc.answers.quiz import QuizMaker, Worksheet
    from cnncalc.cli.output_options import Output

HELP = """Write a worksheet: an answer sheet without answers, which `cnncalc check` grades once it is filled in.

Questions are about the NETWORKs, which may be your own files; by default, about classic networks and single layers. With --variants, -o
names a folder: a worksheet for every student, and a key for each (variant-01-key.yaml), which `cnncalc check --against FOLDER` grades by.
"""
EXAMPLES = """
cnncalc quiz --level 2 --questions 12 --seed 7 -o worksheet.yaml
cnncalc quiz --level 2 --questions 12 --seed 7 --key -o key.yaml
cnncalc quiz vgg16 resnet18 --level 2 --closed-book -o worksheet.html
cnncalc quiz --variants 30 --multiple-choice --format markdown -o exam/
cnncalc quiz --level 2 --questions 40 --format moodle -o questions.xml
cnncalc check worksheet.yaml
"""
FORMATS = {"yaml": "yaml", "markdown": "md", "html": "html", "moodle": "xml", "gift": "gift", "csv": "csv"}  # suffixes of their files
SUFFIXES = {"yml": "yaml", "markdown": "markdown", "htm": "html", **{suffix: name for name, suffix in FORMATS.items()}}
PLATFORMS = ("moodle", "gift", "csv")
VARIANTS = 500


@with_help(HELP, EXAMPLES)
@click.argument("networks", nargs=-1, metavar="[NETWORK]...", type=NETWORK)
@options.level
@option("--questions", "count", type=click.IntRange(1, 200), default=10, metavar="N", help="Number of questions, at most 200.")
@option("--seed", type=click.IntRange(min=0), metavar="N", show_default="random", help="The same seed gives the same worksheet.")
@option("--variants", type=click.IntRange(1, VARIANTS), metavar="N", help="Write N worksheets that ask the same of other numbers.")
@option("--multiple-choice", is_flag=True, help="Offer options; the wrong ones are common mistakes.")
@option("--closed-book", is_flag=True, help="Ask only of networks that fit on paper, and print all their layers.")
@option("--key", is_flag=True, help="Include the answers.")
@option("--title", default="", metavar="TEXT", show_default="Worksheet, level N", help="Title of the worksheet.")
@output_options.format_in(SUFFIXES, tuple(FORMATS), "yaml, or by the suffix of the file")
@output_options.file
def command(
    networks: tuple[str, ...],
    out: Output,
    *,
    level: int,
    count: int,
    seed: int | None,
    variants: int | None,
    multiple_choice: bool,
    closed_book: bool,
    key: bool,
    title: str,
) -> None:
    from cnncalc.answers.quiz import QuizMaker, inside

    form = _form(out)
    if form not in FORMATS:
        raise click.UsageError(f"a worksheet is {', '.join(FORMATS)}, not {form}")
    if key and form in PLATFORMS:
        raise click.UsageError(f"--key is for sheets of paper; {form} holds the answers")
    if variants is not None and (out.to_stdout or not options.is_folder(out.file or "")):
        raise click.UsageError("--variants writes several files: -o FOLDER/")
    chosen = seed if seed is not None else options.random_seed()
    target = os.path.abspath(out.file) if out.file and not out.to_stdout else ""
    folder = target if variants is not None else os.path.dirname(target) if target else os.getcwd()
    names = [inside(name, folder) if "/" in name or os.sep in name or ".y" in name else name for name in networks]
    maker = QuizMaker(level, names, folder, closed_book=closed_book, multiple_choice=multiple_choice)
    if variants is None:
        made = maker.worksheet(chosen, count, title)
        out.write(written(maker, made, form, key=key, closed_book=closed_book))
    else:
        from cnncalc.output.forms.files import make_folder

        make_folder(target)
        for variant in range(1, variants + 1):
            made = maker.worksheet(chosen, count, title, variant)
            name = os.path.join(out.file or "", f"variant-{variant:0{max(2, len(str(variants)))}}")
            texts = {f"{name}.{FORMATS[form]}": written(maker, made, form, key=False, closed_book=closed_book)}
            texts[f"{name}-key.yaml"] = made.yaml(key=True)
            if key and form != "yaml":
                texts[f"{name}-key.{FORMATS[form]}"] = written(maker, made, form, key=True, closed_book=closed_book)
            for path, text in texts.items():
                out.replaced(file=path).write(text)
    if len(made.asked) < count:
        messages.print_message(f"There are only {len(made.asked)} different questions.")
    if seed is None:
        messages.print_message(f"To get the same worksheet again, use --seed {chosen}.")


def _form(out: Output) -> str:
    """The format that was asked for, else that of the file's suffix."""
    if out.format or out.to_stdout:
        return out.format or "yaml"
    suffix = (out.file or "").rpartition(".")[2].lower()
    return SUFFIXES.get(suffix, {"table": "yaml"}.get(out.form, out.form))


def written(maker: QuizMaker, made: Worksheet, form: str, *, key: bool, closed_book: bool) -> str:
    """The worksheet in a format."""
    if form in PLATFORMS:
        from cnncalc.answers.platform_questions import platform_questions
        from cnncalc.output.worksheets import gift, moodle, question_table

        write = {"moodle": moodle.moodle, "gift": gift.gift, "csv": question_table.question_table}[form]
        return write(made.title, platform_questions(made, maker.grader))
    from cnncalc.output.worksheets import printed_worksheet

    if form == "yaml":
        return made.yaml(key=key) + ("" if key else printed_worksheet.comments(made.networks, written_out=closed_book))
    return {"markdown": printed_worksheet.markdown, "html": printed_worksheet.html}[form](made, key=key, written_out=closed_book)
