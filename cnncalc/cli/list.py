"""cnncalc list: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options
from cnncalc.cli.progress import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.cli.options import Output
    from cnncalc.propagate.report import Report
    from cnncalc.spec.catalogue import Entry


MANY = 10  # networks that take long enough to say how far it is


def _years(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """The first and the last year of 2015 or 2015-2017."""
    if value is None:
        return None
    first, dash, last = value.partition("-")
    if not all(year.isascii() and year.isdecimal() and len(year) == 4 for year in (first, last if dash else first)):
        raise click.BadParameter(f"expected a year, 2015, or years, 2015-2017, not {value!r}", ctx, param)
    return int(first), int(last if dash else first)


@click.command(help="List the networks of the catalogue whose name, title or paper holds TEXT.")
@click.argument("text", nargs=-1)
@click.option("--figures", is_flag=True, help="Parameters, MACs and the published top-1 error as well.")
@click.option("--year", callback=_years, metavar="YEAR", help="Only those of a year, 2015, or of years, 2015-2017.")
@options.output
def command(text: tuple[str, ...], out: Output, *, figures: bool, year: tuple[int, int] | None) -> int:
    from cnncalc.output.sheets import gallery
    from cnncalc.spec import catalogue

    found = gallery.chosen(catalogue.entries(), text, year)
    if not found:
        options.say("nothing in the catalogue fits; cnncalc list shows all of it")
        return options.NO
    reports = _reports(found) if figures else None
    out.deliver(lambda: gallery.gallery(found, reports), lambda: {"networks": gallery.facts(found, reports)})
    return 0


def _reports(entries: Sequence[Entry]) -> dict[str, Report]:
    """The reports of networks, with a word on a terminal about how far it is: hundreds take a while."""
    from cnncalc import analysis

    reports = {}
    line = ProgressLine()
    try:
        for i, entry in enumerate(entries, 1):
            if len(entries) > MANY:
                line.say(f"{i} of {len(entries)} {entry.name}")
            reports[entry.name] = analysis.report(analysis.locate(entry.name))
    finally:
        line.clear()
    return reports
