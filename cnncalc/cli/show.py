"""cnncalc show: the table of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from cnncalc.cli.options import Asked, Output


@click.command()
@options.network
@options.asked
@options.strict
@options.arrangement
@options.output
def command(network: str, asked: Asked, out: Output, *, strict: bool, **arrangement: Any) -> int:
    """Show the layers of a NETWORK: what each is, what comes out, what it costs.

    NETWORK is a name of the catalogue (vgg16), a file (mine.yaml, mine.yaml:variant), or - for standard input.
    """
    from cnncalc.output import overview

    report = asked.report(network)
    wanted = options.arranged(**arrangement, units=out.units or "")
    sheet = overview.listing if out.form == "csv" else overview.overview
    out.deliver(lambda: sheet(report, wanted), lambda: overview.document(report, wanted), options.spec_files(report))
    return options.tiled(report) if strict else 0
