"""cnncalc list: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import messages, options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.cli.output_options import Output
    from cnncalc.propagate.report import Report
    from cnncalc.spec.catalogue_index import CatalogueEntry


HELP = """List the networks of the catalogue, or those whose name, title or paper contains every TEXT."""
EXAMPLES = """
cnncalc list
cnncalc list vgg
cnncalc list --year 2015- --figures
"""


def _years(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Parse 2015, 2012-2014, 2015- or -2014 into the first and last year."""
    if value is None:
        return None
    first, dash, last = value.partition("-")
    years = [year for year in (first, last) if year]
    if not years or not all(year.isascii() and year.isdecimal() and len(year) == 4 for year in years):
        raise click.BadParameter(f"expected 2015, 2012-2014, 2015- or -2014, not {value!r}", ctx, param)
    return int(first or 0), int(last or 9999) if dash else int(first)


@with_help(HELP, EXAMPLES)
@click.argument("text", nargs=-1)
@option("--figures", is_flag=True, help="Also show parameters, MACs and the published top-1 error.")
@option("--year", callback=_years, metavar="YEARS", show_default="all", help="Only of these years: 2015, 2012-2014, 2015- or -2014.")
@output_options.output
def command(text: tuple[str, ...], out: Output, *, figures: bool, year: tuple[int, int] | None) -> int:
    from cnncalc.output.sheets import gallery
    from cnncalc.spec import catalogue_index

    known = list(catalogue_index.entries())
    found = gallery.chosen(known, text, year)
    if not found:
        messages.print_message(f"no network matches; {_nearest(text, known) or 'cnncalc list shows the whole catalogue'}")
        return options.NO
    reports = _reports(found) if figures else None
    out.deliver(lambda: gallery.gallery(found, reports), lambda: {"networks": gallery.facts(found, reports)})
    return 0


def _nearest(text: Sequence[str], known: Sequence[CatalogueEntry]) -> str:
    """Return a suggestion for the first word that matches no network."""
    from cnncalc.errors import suggestion
    from cnncalc.output.sheets import gallery

    names = [name for entry in known for name in (entry.file.rpartition(".")[0], entry.name)]
    return next((hint for word in text if not gallery.chosen(known, [word], None) and (hint := suggestion(word, names))), "")


def _reports(entries: Sequence[CatalogueEntry]) -> dict[str, Report]:
    """Compute the reports of networks, with a progress bar."""
    from cnncalc import analysis

    reports = {}
    with Progress(len(entries)) as progress:
        for entry in entries:
            progress(entry.name)
            reports[entry.name] = analysis.report(analysis.locate(entry.name))
    return reports
