"""cnncalc fit: the largest setting of a network within budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import LIMIT
from cnncalc.cli.sweep import vary

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output
    from cnncalc.output.forms.sheet import Sheet


HELP = """Find the largest setting of a network within a budget; exit code 1 if none fits.

All settings are tried. If none is the largest in every varied param, the one that uses most of the first budget wins.
"""
EXAMPLES = r"""
cnncalc fit mobilenet_v2 --vary resolution=96:320:32 --max macs=300M
cnncalc fit resnet50 --vary batch=1:256 --max training=8GB
cnncalc fit efficientnet_b0 --vary phi=0:7 --max macs=2G \
    --set 'width=1.1^phi depth=1.2^phi resolution=round(224*1.15^phi)'
"""


@with_help(HELP, EXAMPLES)
@options.network
@vary
@option(
    "--max",
    "limits",
    type=LIMIT,
    multiple=True,
    required=True,
    metavar="METRIC=LIMIT",
    help="A budget: macs=1G, params=10M, memory=500MB; also flops, values, peak, training, weight_layers.",
)
@options.asked
@output_options.output
def command(network: str, vary: tuple[str, ...], limits: tuple[str, ...], asked: ReportOptions, out: Output) -> int:
    from cnncalc import analysis
    from cnncalc.cli.progress import collect
    from cnncalc.explore.budget import budgets
    from cnncalc.explore.fit import fit
    from cnncalc.explore.sweep import USUAL, raise_if_all_invalid, sweep
    from cnncalc.explore.vary import axes, size
    from cnncalc.output.sheets import grid
    from cnncalc.study.metrics import METRICS

    along, most = axes(vary), budgets(limits)
    out = out.units_from(limits)
    wanted = list(dict.fromkeys([*(limit.metric for limit in most), *(METRICS[name] for name in USUAL)]))
    setting = analysis.locate(network)
    tried, interrupted = collect(sweep(setting, along, asked.options, wanted), size(along))
    if interrupted:
        raise KeyboardInterrupt
    raise_if_all_invalid(tried)
    found = fit(tried, along, most)

    def sheet() -> Sheet:
        machine = out.form == "csv"
        return grid.listing(along, wanted, found) if machine else grid.verdicts(setting, along, wanted, most, found, out.units or "")

    out.deliver(sheet, lambda: grid.decision(setting, along, most, found))
    return 0 if found.answer is not None else options.NO
