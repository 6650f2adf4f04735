"""cnncalc chart: where the cost is, and accuracy against cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.param_types import COST, METRIC, METRICS, OneOf
from cnncalc.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output
    from cnncalc.explore.compare import Comparison
    from cnncalc.output.charts.bars import Bars
    from cnncalc.output.forms.sheet import Sheet

    Renderings = tuple[Callable[[], str], Callable[[], str]]  # as terminal text, as SVG


HELP = """Plot where the cost of a network is, or the accuracy of several networks against their cost.

Without --output the chart is drawn in the terminal. --format csv and json have the numbers.
"""
EXAMPLES = """
cnncalc chart vgg16
cnncalc chart vgg16 -o vgg16.svg
cnncalc chart resnet50 --of params,macs --by stage
cnncalc chart alexnet_owt vgg16 googlenet resnet50 efficientnet_b0
cnncalc chart --all --x params -o accuracy.svg
cnncalc chart alexnet zfnet vgg16 googlenet resnet152 --x year --y ilsvrc
cnncalc chart 'resnet*' vgg16 --bars --sort params
"""


@with_help(HELP, EXAMPLES)
@options.networks
@option("--all", "every", is_flag=True, help="Plot every network of the catalogue.")
@options.family
@option(
    "--of",
    type=METRICS,
    metavar="A,B",
    show_default="params,memory,macs",
    help="Metrics of the bars; also values, weights, flops and, for networks, peak and training.",
)
@option(
    "--by",
    type=OneOf("grouping", "layer", "stage", "kind"),
    metavar="GROUP",
    show_default="layer",
    help="One bar for each layer or block (layer), for each output size (stage), or for each kind.",
)
@options.fold
@option("--sort", type=METRIC, metavar="METRIC", show_default="none", help="Sort bars by a metric, largest first.")
@option("--bars", is_flag=True, help="Plot several networks as bars.")
@options.varied
@option("--x", type=COST, metavar="METRIC", show_default="macs", help="Plot accuracy against this metric, or the year.")
@option(
    "--y",
    type=OneOf("accuracy", "top1", "top5", "ilsvrc"),
    metavar="ACCURACY",
    show_default="top1",
    help="Plot top1 or top5 accuracy, or that of entries to the ILSVRC.",
)
@option(
    "--scale",
    type=OneOf("scale", "auto", "linear", "log"),
    metavar="SCALE",
    show_default="auto",
    help="Scale of the x axis: linear, log, or auto, which is log if the numbers are far apart.",
)
@options.asked
@output_options.output
def command(
    networks: tuple[str, ...],
    family: tuple[str, ...],
    vary: tuple[str, ...],
    asked: ReportOptions,
    out: Output,
    *,
    every: bool,
    **drawn: Any,
) -> None:
    from cnncalc.explore import compare
    from cnncalc.explore import vary as settings

    if not (networks or family or every):
        raise click.UsageError("name a network, a family, or --all; cnncalc list shows them")
    along = settings.axes(vary)
    wanted = compare.wanted([*networks, *(["*"] if every else [])], family)
    with Progress(len(wanted)) as progress:
        found = compare.compare(wanted, asked.options, along, None, progress)
    CHARTS[_chart_type(found, drawn, varied=bool(vary))](found, out, drawn)


def _chart_type(found: Comparison, drawn: Mapping[str, Any], *, varied: bool) -> str:
    """Return the type of chart: as options imply, else as fits the networks."""
    asked = [name for name, value in drawn.items() if value is not None and value is not False]
    if any(name in CHART_OPTIONS["accuracy"] for name in asked):
        chart = "accuracy"
    elif varied or drawn["bars"]:
        chart = "bars"
    elif len(found.entries) == 1:
        chart = "layers"
    else:
        measured = sum(entry.error("top1_error") is not None for entry in found.entries)
        chart = "bars" if drawn["of"] or drawn["sort"] or measured < 2 else "accuracy"
    for name in asked:
        if name not in CHART_OPTIONS[chart]:
            raise click.UsageError(
                f"--{name} is {next(use for other, use in USED_FOR.items() if name in CHART_OPTIONS[other])}; this is {CHART_NAMES[chart]}"
            )
    if drawn["fold"] is not None and drawn["by"] in ("stage", "kind"):
        raise click.UsageError(f"--fold is for blocks, not for --by {drawn['by']}")
    return chart


CHART_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "layers": ("of", "by", "fold", "sort"),
    "bars": ("bars", "of", "sort"),
    "accuracy": ("x", "y", "scale"),
}
USED_FOR = {"layers": "for one network, layer by layer", "bars": "for bars", "accuracy": "for accuracy against cost"}
CHART_NAMES = {"layers": "one network", "bars": "networks side by side", "accuracy": "accuracy against cost"}


def _layers(found: Comparison, out: Output, drawn: Mapping[str, Any]) -> None:
    """Chart the costs of one network."""
    from cnncalc.output.charts import bars, chart_sheets

    report = found.to.report
    chart = bars.of_layers(report, drawn["of"], by=drawn["by"] or "layer", fold=drawn["fold"], sort=drawn["sort"])
    _deliver(_renderings(chart, out), out, lambda: chart_sheets.bars_table(chart), lambda: chart_sheets.layers_document(chart, report))


def _networks(found: Comparison, out: Output, drawn: Mapping[str, Any]) -> None:
    """Chart the costs of several networks."""
    from cnncalc.output.charts import bars, chart_sheets

    chart = bars.of_networks(found, drawn["of"], sort=drawn["sort"])
    if not (drawn["bars"] or drawn["of"] or drawn["sort"] or found.to.settings):
        chart = chart._replace(
            notes=[*chart.notes, "Fewer than two of them have a published top-1 error, so their accuracy is not plotted."]
        )
    _deliver(_renderings(chart, out), out, lambda: chart_sheets.bars_table(chart), lambda: chart_sheets.networks_document(chart, found))


def _renderings(chart: Bars, out: Output) -> Renderings:
    def text() -> str:
        from cnncalc.output.charts.terminal_charts import bars_text

        return bars_text(chart, out.page(), out.units or "")

    def picture() -> str:
        from cnncalc.output.charts.bar_picture import picture

        return picture(chart, out.units or "")

    return text, picture


def _accuracy(found: Comparison, out: Output, drawn: Mapping[str, Any]) -> None:
    """Chart accuracy against cost."""
    from cnncalc.explore.accuracy import accuracies, cost_metric
    from cnncalc.output.charts import chart_sheets

    chart = accuracies(found, cost_metric(drawn["x"] or "macs"), drawn["y"] or "top1")
    kind = drawn["scale"] or "auto"

    def text() -> str:
        from cnncalc.output.charts.terminal_charts import bubbles_text

        return bubbles_text(chart, out.page(), kind, out.units or "")

    def picture() -> str:
        from cnncalc.output.charts.bubble_picture import picture

        return picture(chart, kind, out.units or "")

    _deliver((text, picture), out, lambda: chart_sheets.bubble_table(chart), lambda: chart_sheets.bubble_document(chart, found))


def _deliver(drawn: Renderings, out: Output, sheet: Callable[[], Sheet], document: Callable[[], Mapping[str, Any]]) -> None:
    """Write the chart as terminal text, a picture or numbers."""
    text, picture = drawn
    if out.form in ("table", "plain"):
        return out.write(text())
    if out.form == "svg":
        return out.write(picture())
    if out.form == "html":
        from cnncalc.output.charts import chart_sheets

        return out.write(chart_sheets.page(sheet(), picture(), out.units or ""))
    return out.deliver(sheet, document)


CHARTS = {"layers": _layers, "bars": _networks, "accuracy": _accuracy}
