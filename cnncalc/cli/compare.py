"""cnncalc compare: networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import NETWORK
from cnncalc.cli.param_types import COMPARED_COLUMNS, OneOf
from cnncalc.cli.progress import Progress

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output
    from cnncalc.explore.compare import Comparison

HELP = """Compare networks side by side: costs, ratios and conclusions.

NETWORK may be a pattern in quotes: 'resnet*'.
"""
EXAMPLES = """
cnncalc compare alexnet vgg16 googlenet resnet50
cnncalc compare 'resnet*' --family densenet --sort params
cnncalc compare mobilenet_v2 --vary width=0.35,0.5,0.75,1.0,1.4
cnncalc compare resnet50 resnet50_v1_5 --layers
cnncalc compare alexnet --as local
"""


@with_help(HELP, EXAMPLES)
@options.networks
@options.family
@options.varied
@option("--to", type=NETWORK, metavar="NETWORK", show_default="the first", help="Compare to this network.")
@option("--layers", is_flag=True, help="Align two networks stage by stage, by the size of their outputs.")
@option(
    "--as",
    "form",
    type=OneOf("form", "local", "fc"),
    metavar="FORM",
    help="Show each convolution of a network beside its form without weight sharing (local), or fully connected (fc).",
)
@options.asked
@options.columns_option(COMPARED_COLUMNS, "those that fit")
@option(
    "--sort", metavar="COLUMN", shell_complete=COMPARED_COLUMNS.shell_complete, show_default="none", help="Sort by a column, largest first."
)
@options.fold
@output_options.output
def command(
    networks: tuple[str, ...],
    family: tuple[str, ...],
    vary: tuple[str, ...],
    to: str | None,
    asked: ReportOptions,
    out: Output,
    *,
    layers: bool,
    form: str | None,
    columns: str | None,
    sort: str | None,
    fold: int | None,
) -> None:
    from cnncalc.explore import compare
    from cnncalc.explore import vary as settings

    if not networks and not family:
        raise click.UsageError("name networks, or a family; cnncalc list shows them")
    if form:
        return _other_form(networks, family, asked, out, form, layers or columns or sort or to or vary)
    if layers and (columns or sort):
        raise click.UsageError("--columns and --sort are not for --layers")
    if columns and out.form == "json":
        raise click.UsageError("--columns is for tables; json has everything")
    along = settings.axes(vary)
    wanted = compare.wanted(networks, family)
    with Progress(len(wanted)) as progress:
        found = compare.compare(wanted, asked.options, along, to, progress)
    if layers:
        return _aligned(found, out, fold)
    from cnncalc.output.sheets import comparison

    machine = out.form == "csv"
    return out.deliver(lambda: comparison.table(found, columns, sort, machine=machine), lambda: comparison.document(found, sort))


def _other_form(networks: tuple[str, ...], family: tuple[str, ...], asked: ReportOptions, out: Output, form: str, others: object) -> None:
    """Compare the convolutions of one network with another form of them."""
    from cnncalc.output.sheets import unshared

    if len(networks) != 1 or family:
        raise click.UsageError("--as is for one network")
    if others:
        raise click.UsageError("--as compares the layers of one network; leave out --layers, --columns, --sort, --to and --vary")
    report = asked.report(networks[0])
    out.deliver(lambda: unshared.table(report, form), lambda: unshared.document(report, form))


def _aligned(found: Comparison, out: Output, fold: int | None) -> None:
    """Align two networks stage by stage."""
    from cnncalc.output.sheets import alignment

    if len(found.entries) != 2:
        raise click.UsageError(f"--layers aligns two networks, not {len(found.entries)}")
    one, other = found.entries
    if found.to is other:
        one, other = other, one
    machine = out.form == "csv"
    fold = options.EVERY_ROW if machine and fold is None else fold
    out.deliver(lambda: alignment.table(one, other, fold, machine=machine), lambda: alignment.document(one, other, fold))
