"""cnncalc show: the table of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output
    from cnncalc.output.forms.sheet import Sheet


HELP = """Show the layers of a network: kind, output size, parameters, memory and MACs, and the totals.

NETWORK is a name of the catalogue (vgg16), a file (mine.yaml, mine.yaml:variant), layers in shorthand ("conv 64 3x3, relu"), or - for
standard input.
"""
EXAMPLES = """
cnncalc show resnet50 --input 299x299x3 --batch 8
cnncalc show vgg16 --work
cnncalc show vgg16 --sort macs --top 5
cnncalc show alexnet --but CONV1.kernel=7 --columns +receptive_field
cnncalc show vgg16 --input HxWx3 -o vgg16.tex
"""


@with_help(HELP, EXAMPLES)
@options.network
@options.asked
@options.strict
@options.arrangement
@option("--work", is_flag=True, help="Show how each number is derived: (3*3*3)*64 = 1,728.")
@option("--notes", is_flag=True, help="Show the notes of the network's file.")
@output_options.output
def command(network: str, asked: ReportOptions, out: Output, *, strict: bool, work: bool, notes: bool, **arrangement: Any) -> int:
    report = asked.report(network)

    def sheet() -> Sheet:
        from cnncalc.output.sheets import overview

        tree = out.form in ("table", "plain")
        wanted = overview.Arrangement(**arrangement, units=out.units or "", work=work, notes=notes, tree=tree)
        return overview.listing(report, wanted) if out.form == "csv" else overview.overview(report, wanted)

    def document() -> dict[str, Any]:
        if arrangement["columns"]:
            raise click.UsageError("--columns is for tables; json has everything")
        if not (work or any(arrangement.values())):
            return report.as_dict()  # fast: loads no table code
        from cnncalc.output.sheets import overview

        return overview.document(report, overview.Arrangement(**arrangement, work=work))

    out.deliver(sheet, document)
    return options.strict_exit_code(report) if strict else 0
