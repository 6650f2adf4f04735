"""cnncalc practice: answer questions in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import messages, options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import NETWORK

if TYPE_CHECKING:
    from cnncalc.answers.practice import Practice, PracticeQuestion

HELP = """Practise in the terminal: answer questions one at a time.

Answers are read as in answer sheets: 55x55x96, (11*11*3)*96 + 96, 34.9K. A wrong answer is explained by the mistake that gives it, and you
can try again. An empty line shows the answer and how it is derived. Ctrl-D ends with the score.
"""
EXAMPLES = """
cnncalc practice
cnncalc practice vgg16 --level 2
cnncalc practice --level 3 --questions 10 --multiple-choice
"""


@with_help(HELP, EXAMPLES)
@click.argument("networks", nargs=-1, metavar="[NETWORK]...", type=NETWORK)
@options.level
@option("--questions", "count", type=click.IntRange(min=1), metavar="N", show_default="until Ctrl-D", help="Number of questions.")
@option("--multiple-choice", is_flag=True, help="Offer options; the wrong ones are common mistakes.")
@option("--seed", type=click.IntRange(min=0), metavar="N", show_default="random", help="The same seed asks the same questions.")
def command(networks: tuple[str, ...], *, level: int, count: int | None, multiple_choice: bool, seed: int | None) -> None:
    import os

    from cnncalc.answers.practice import Practice
    from cnncalc.answers.quiz import QuizMaker, inside

    names = [inside(name, os.getcwd()) if "/" in name or os.sep in name or ".y" in name else name for name in networks]
    maker = QuizMaker(level, names, os.getcwd(), multiple_choice=multiple_choice)
    practice = Practice(maker, options.random_seed() if seed is None else seed)
    try:
        for number, question in enumerate(practice.questions(), 1):
            ask(practice, question, number)
            if number == count:
                break
    except (EOFError, KeyboardInterrupt):  # Ctrl-D or Ctrl-C
        click.echo()
    messages.print_message(practice.summary, err=False)


def ask(practice: Practice, question: PracticeQuestion, number: int) -> None:
    """Ask until the answer is right or is shown."""
    from string import ascii_lowercase

    from cnncalc.answers.grade import RIGHT, UNCLEAR
    from cnncalc.output.worksheets.printed_worksheet import option_text

    messages.print_message(f"{number}. {question.drawn.ask}", err=False)
    for letter, choice in zip(ascii_lowercase, question.choices, strict=False):
        messages.print_message(f"   ({letter}) {option_text(choice)}", err=False)
    while text := read_answer(practice, question):
        verdict, slips = practice.judge(question, text)
        if verdict.verdict == RIGHT:
            messages.print_message(f"Right{f': {verdict.remark}' if verdict.remark else ''}.", err=False)
            click.echo()
            return
        if verdict.verdict == UNCLEAR:
            messages.print_message(f"{verdict.reason[:1].upper()}{verdict.reason[1:]}.", err=False)
        else:
            because = "; or ".join(slip.words for slip in slips) or "no common mistake gives this"
            messages.print_message(f"Wrong: {because}. Try again, or press Enter for the answer.", err=False)
    practice.give_up()
    show_answer(question)


def read_answer(practice: Practice, question: PracticeQuestion) -> str:
    """Read a line; at Ctrl-D a question that was tried is one that is not answered."""
    try:
        return input("Answer: ").strip()
    except (EOFError, KeyboardInterrupt):
        if question.tries:
            practice.give_up()
        raise


def show_answer(question: PracticeQuestion) -> None:
    """Print the answer and how it is derived."""
    import sys

    from cnncalc.answers.writing import answer
    from cnncalc.output.forms.terminal import page
    from cnncalc.output.sheets.verdicts import said
    from cnncalc.output.sheets.workings import worked_out

    messages.print_message(f"It is {answer(question.key.computed)}.", err=False)
    for line in worked_out(question.key, said)(page(sys.stdout).width, "text"):
        messages.print_message(f"    {line}", err=False)
    click.echo()
