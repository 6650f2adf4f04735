"""cnncalc quiz: worksheets that `check` grades, and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from cnncalc.cli.options import Output

EXAMPLES = """\b
For example:
  cnncalc quiz --level 2 --questions 12 --seed 7 -o worksheet.yaml
  cnncalc quiz --level 2 --questions 12 --seed 7 --key -o key.yaml
  cnncalc quiz vgg16 resnet18 --format markdown
  cnncalc check worksheet.yaml         once it is filled in
"""
SEEDS = 1_000_000


@click.command(
    help="""Make a worksheet: questions on NETWORKs of the catalogue, or on your own; without any, on classic ones and on
    layers by themselves.

    It is an answer sheet without answers. Filled in, `cnncalc check` grades it.
    """,
    epilog=EXAMPLES,
)
@click.argument("networks", nargs=-1, metavar="[NETWORK]...", shell_complete=options.complete_network)
@click.option(
    "--level",
    type=click.IntRange(1, 3),
    default=1,
    metavar="1|2|3",
    help="1: one layer. 2: work, memory, whole networks. 3: formulas, modules.",
)
@click.option("--questions", "count", type=click.IntRange(1, 200), default=10, metavar="N", help="How many; 10 unless given.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="The same number makes the same worksheet. Without it, a new one.")
@click.option("--key", is_flag=True, help="With the answers.")
@click.option("--title", default="", metavar="TEXT", help="What stands above it.")
@click.option("--format", type=click.Choice(("yaml", "markdown")), help="A sheet to fill in (the default), or one to print.")
@options.file
def command(networks: tuple[str, ...], out: Output, *, level: int, count: int, seed: int | None, key: bool, title: str) -> None:
    import os

    from cnncalc.answers import quiz

    form = {"table": "yaml"}.get(out.form, out.form)
    if form not in ("yaml", "markdown"):
        raise click.UsageError(f"a worksheet is YAML or Markdown, not {form}")
    chosen = seed if seed is not None else drawn()
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
        options.say(f"There are only {len(made.asked)} different questions here.")
    if seed is None:
        options.say(f"This is the worksheet of --seed {chosen}.")


def drawn() -> int:
    """A seed that nobody has chosen."""
    from random import SystemRandom

    return int(SystemRandom().random() * SEEDS)
