"""cnncalc compare: networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options
from cnncalc.cli.progress import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.cli.options import Asked, Output
    from cnncalc.explore.compare import Comparison

MANY = 10  # networks that take long enough to say how far it is


def _columns() -> Iterable[str]:
    from cnncalc.output.sheets.comparison import COLUMNS

    return COLUMNS


def families() -> Iterable[str]:
    """The files of the catalogue."""
    from cnncalc.spec import catalogue

    return dict.fromkeys(entry.file.rpartition(".")[0] for entry in catalogue.entries())


@click.command(
    help="""Compare NETWORKs: what each costs, how many times more or less, and what follows.

    \b
    cnncalc compare alexnet vgg16 googlenet resnet50
    cnncalc compare 'resnet*' --family densenet --sort params
    cnncalc compare mobilenet_v2 --vary width=0.35,0.5,0.75,1.0,1.4
    cnncalc compare resnet50 resnet50_v1_5 --layers
    """
)
@click.argument("networks", nargs=-1, metavar="NETWORK...", shell_complete=options.complete_network)
@click.option("--family", multiple=True, metavar="NAME", shell_complete=options.complete_word(families), help="All of a file: vgg.")
@click.option("--vary", "--variants", multiple=True, metavar="PARAM=VALUES", help="Under several settings: width=0.5,1 or width=1:2:0.5.")
@click.option("--to", metavar="NETWORK", shell_complete=options.complete_network, help="Compare to this one, instead of to the first.")
@click.option("--layers", is_flag=True, help="Two networks stage by stage: where the same size comes out they meet.")
@options.asked
@click.option("--columns", metavar="A,B", shell_complete=options.complete_word(_columns), help="These columns; +A and -B add and remove.")
@click.option("--sort", metavar="COLUMN", shell_complete=options.complete_word(_columns), help="Largest first.")
@options.fold
@options.output
def command(
    networks: tuple[str, ...],
    family: tuple[str, ...],
    vary: tuple[str, ...],
    to: str | None,
    asked: Asked,
    out: Output,
    *,
    layers: bool,
    columns: str | None,
    sort: str | None,
    fold: int | None,
) -> None:
    from cnncalc.explore import compare
    from cnncalc.explore import vary as settings

    if not networks and not family:
        raise click.UsageError("name networks, or a family; cnncalc list shows them")
    if layers and (columns or sort):
        raise click.UsageError("--columns and --sort are not for --layers")
    if columns and out.form == "json":
        raise click.UsageError("--columns is for tables; json has everything")
    along = settings.axes(vary)
    progress = Progress()
    try:
        found = compare.compare(compare.wanted(networks, family), asked.options, along, to, progress)
    finally:
        progress("")
    if layers:
        return _aligned(found, out, fold)
    from cnncalc.output.sheets import comparison

    machine = out.form == "csv"
    return out.deliver(lambda: comparison.table(found, columns, sort, machine=machine), lambda: comparison.document(found, sort))


def _aligned(found: Comparison, out: Output, fold: int | None) -> None:
    """Two networks stage by stage."""
    from cnncalc.output.sheets import alignment

    if len(found.entries) != 2:
        raise click.UsageError(f"--layers aligns two networks, not {len(found.entries)}")
    one, other = found.entries
    if found.to is other:
        one, other = other, one
    machine = out.form == "csv"
    fold = options.EVERY_ROW if machine and fold is None else fold
    out.deliver(lambda: alignment.table(one, other, fold, machine=machine), lambda: alignment.document(one, other, fold))


class Progress:
    """Says on a terminal how far it is, where that takes a while."""

    def __init__(self) -> None:
        self.count = 0
        self.line = ProgressLine()

    def __call__(self, label: str) -> None:
        """One more is looked at; an empty label ends it."""
        self.count += 1
        if not label:
            self.line.clear()
        elif self.count > MANY:
            self.line.say(f"{self.count} {label}")
