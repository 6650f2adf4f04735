"""cnncalc quiz: make worksheets and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import NETWORK

if TYPE_CHECKING:
    from cnncalc.cli.options import Output

HELP = """Write a worksheet: an answer sheet without answers, which `cnncalc check` grades once it is filled in.

Questions are about the NETWORKs, which may be your own files; by default, about classic networks and single layers.
"""
EXAMPLES = """
cnncalc quiz --level 2 --questions 12 --seed 7 -o worksheet.yaml
cnncalc quiz --level 2 --questions 12 --seed 7 --key -o key.yaml
cnncalc quiz vgg16 resnet18 --format markdown
cnncalc check worksheet.yaml
"""
SEEDS = 1_000_000


@with_help(HELP, EXAMPLES)
@click.argument("networks", nargs=-1, metavar="[NETWORK]...", type=NETWORK)
@option(
    "--level",
    type=click.IntRange(1, 3),
    default=1,
    metavar="N",
    help="1: single layers; 2: costs, memory, whole networks; 3: formulas and modules.",
)
@option("--questions", "count", type=click.IntRange(1, 200), default=10, metavar="N", help="Number of questions, at most 200.")
@option("--seed", type=click.IntRange(min=0), metavar="N", help="The same seed gives the same worksheet; by default, a new one.")
@option("--key", is_flag=True, help="Include the answers.")
@option("--title", default="", metavar="TEXT", help="Title of the worksheet.")
@options.format_in({"yml": "yaml", "md": "markdown"}, ("yaml", "markdown"), "yaml, or by the suffix of the file")
@options.file
def command(networks: tuple[str, ...], out: Output, *, level: int, count: int, seed: int | None, key: bool, title: str) -> None:
    import os

    from cnncalc.answers import quiz

    form = {"table": "yaml"}.get(out.form, out.form)
    if form not in ("yaml", "markdown"):
        raise click.UsageError(f"a worksheet is YAML or Markdown, not {form}")
    chosen = seed if seed is not None else random_seed()
    folder = os.path.dirname(os.path.abspath(out.file)) if out.file and not out.to_stdout else os.getcwd()
    names = [quiz.inside(name, folder) if "/" in name or os.sep in name or ".y" in name else name for name in networks]
    made = quiz.worksheet(chosen, count, level, names, folder, title)
    if form == "markdown":
        from cnncalc.output.sheets import worksheets

        text = worksheets.markdown(made, key=key)
    else:
        text = made.yaml(key=key)
    out.write(text)
    if len(made.asked) < count:
        options.print_message(f"There are only {len(made.asked)} different questions.")
    if seed is None:
        options.print_message(f"To get the same worksheet again, use --seed {chosen}.")


def random_seed() -> int:
    """A random seed."""
    from random import SystemRandom

    return int(SystemRandom().random() * SEEDS)
