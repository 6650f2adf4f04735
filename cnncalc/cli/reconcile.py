"""cnncalc reconcile: what was counted where a number was printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import FILE, NETWORK
from cnncalc.cli.param_types import RECONCILED

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output

HELP = """Find what was counted where a number was printed that differs from ours; exit code 1 if no cause gives it.

NUMBER is written as printed: 4.13G, 25,636,712, 97.5MiB. QUANTITY is params, macs, flops, memory or values (activations); without it, the
unit or the number decides.

A cause must give the number to the digits printed, and is not named where so many come near it that one fits by chance: print all
digits that are known. Single causes are tried first, then pairs.
"""
EXAMPLES = """
cnncalc reconcile resnet50_v1_5 4.13G macs
cnncalc reconcile resnet50_v1_5 25,636,712
cnncalc reconcile --from paper.csv --format csv
"""


@with_help(HELP, EXAMPLES)
@click.argument("network", type=NETWORK, required=False)
@click.argument("number", required=False)
@click.argument("quantity", required=False, type=RECONCILED)
@option(
    "--from",
    "source",
    type=FILE,
    metavar="FILE",
    help="A CSV table of numbers: network, quantity (or nothing), number; a first line with these names may have them in any order.",
)
@options.asked
@output_options.output
def command(network: str | None, number: str | None, quantity: str | None, source: str | None, asked: ReportOptions, out: Output) -> int:
    from cnncalc.output.sheets import reconciliation

    if source is not None:
        if network is not None:
            raise click.UsageError("--from has the networks and numbers; leave out NETWORK and NUMBER")
        from cnncalc.explore.printed_table import reconcile_table

        table = reconcile_table(source, asked.options)
        out.deliver(lambda: reconciliation.listing(table), lambda: {"figures": [reconciliation.document(each) for each in table]})
        return 0 if all(each.causes for each in table) else options.NO
    if network is None or number is None:
        raise click.UsageError("name a network and a number, or a table with --from")
    from cnncalc.explore.reconcile import reconcile

    found = reconcile(asked.report(network), number, quantity)
    out.deliver(lambda: reconciliation.table(found), lambda: reconciliation.document(found))
    return 0 if found.causes else options.NO
