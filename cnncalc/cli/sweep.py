"""cnncalc sweep: a network under every combination of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import messages, options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import VARIED
from cnncalc.cli.param_types import METRICS

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output


HELP = """Compute a network under every combination of settings.

Several --vary span a grid. A name that is not a param of the network can be used as a variable in --set and --input.

A grid has up to 1,000,000 settings: formulas are computed once, with symbols for the varied values. Numbers of repeats and words
cannot be symbols, and --columns peak may have no formula: for these, the network is built at every setting, at most 10,000 times.
"""
EXAMPLES = """
cnncalc sweep mobilenet_v2 --vary width=0.5:2:0.5 --vary resolution=128,224
cnncalc sweep resnet50 --vary batch=1,8,32 --columns peak --format csv
cnncalc sweep efficientnet_b0 --vary phi=0:3 --set depth=1.2^phi
"""
vary = option(
    "--vary",
    type=VARIED,
    multiple=True,
    required=True,
    metavar="PARAM=VALUES",
    help="Values of a param: width=0.25:2:0.25 or depth=18,34,50; also of input, batch and dtype.",
)


@with_help(HELP, EXAMPLES)
@options.network
@vary
@options.columns_option(METRICS, "params,macs,memory", "metrics")
@options.asked
@output_options.output
def command(network: str, vary: tuple[str, ...], columns: str | None, asked: ReportOptions, out: Output) -> int:
    from cnncalc import analysis
    from cnncalc.cli.progress import collect
    from cnncalc.explore.sweep import USUAL, raise_if_all_invalid, sweep
    from cnncalc.explore.vary import axes, size
    from cnncalc.output.sheets import grid
    from cnncalc.study.metrics import metrics

    along, wanted = axes(vary), metrics(columns, USUAL)
    setting = analysis.locate(network)
    total = size(along)
    found, interrupted = collect(sweep(setting, along, asked.options, wanted), total)
    raise_if_all_invalid(found)
    out.deliver(lambda: grid.table(setting, along, wanted, found, total), lambda: grid.document(setting, along, found, total))
    if interrupted:
        messages.print_message(f"Stopped: {len(found)} of {total} settings were computed.")
        return options.INTERRUPTED
    return 0
