"""cnncalc counts: one network under every counting convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.param_types import CONVENTION

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output


HELP = """Count a network under every FLOP counting convention, or under those given: the numbers that papers and tools report."""
EXAMPLES = """
cnncalc counts resnet50
cnncalc counts resnet50_v1_5 --between thop torchinfo
"""


@with_help(HELP, EXAMPLES)
@options.network
@click.argument("conventions", nargs=-1, metavar="[CONVENTION]...", type=CONVENTION)
@option("--between", nargs=2, metavar="A B", type=CONVENTION, help="Explain why the numbers of two conventions differ.")
@option("--rules", is_flag=True, help="Print everything that each convention counts.")
@options.asked
@output_options.output
def command(
    network: str, conventions: tuple[str, ...], between: tuple[str, str] | None, asked: ReportOptions, out: Output, *, rules: bool
) -> None:
    from cnncalc.explore import counts
    from cnncalc.output.sheets import conventions as rendering
    from cnncalc.propagate.counting import CONVENTIONS

    names = (*conventions, *((asked.counting,) if asked.counting != "full" else ()))
    report = asked.report(network)
    if between is not None:
        one, other = counts.counts(report, between)
        found = counts.difference(one, other)
        out.deliver(
            lambda: rendering.between(report, found, rules=rules),
            lambda: rendering.document(report, [one, other], found),
        )
        return
    counted = counts.counts(report, names or CONVENTIONS)
    out.deliver(lambda: rendering.table(report, counted, rules=rules), lambda: rendering.document(report, counted))
