"""cnncalc explain: how a number is derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import with_help
from cnncalc.cli.network_types import EXPLAINED
from cnncalc.cli.param_types import DERIVED

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output

HELP = """Derive a number of a layer, or of the whole network: rule, values substituted, result and rounding.

LAYER is a path or the end of one (CONV1, stage2/unit1/conv1), or a folder of layers (stage2). By default, the totals of the network are
derived.

QUANTITY is output, height, width, depth, weights, biases, params, trainable, frozen, param_memory, buffers, macs, products,
flops, values, memory, receptive_field or jump; for a network also weight_layers. By default, all are derived.
"""
EXAMPLES = """
cnncalc explain alexnet CONV1
cnncalc explain alexnet CONV1 params
cnncalc explain vgg16 values
cnncalc explain "conv 96 11x11 /4" --input 227x227x3
"""


@with_help(HELP, EXAMPLES)
@options.network
@click.argument("layer", required=False, type=EXPLAINED)
@click.argument("quantity", required=False, type=DERIVED)
@options.asked
@output_options.output
def command(network: str, layer: str | None, quantity: str | None, asked: ReportOptions, out: Output) -> None:
    from cnncalc.output.forms import formats
    from cnncalc.output.sheets import derivation_forms, explanation
    from cnncalc.study.derive.derivation import explain

    report = asked.report(network)
    found = explain(report, layer, quantity)
    units = out.units or ""
    if out.form in ("table", "plain"):
        text = explanation.page(found, out.page(), units)
    elif out.form == "json":
        text = formats.json(derivation_forms.document(found))
    elif out.form == "latex":
        text = derivation_forms.latex(found, units)
    else:
        sheet = derivation_forms.sheet(found, "ascii" if out.form == "csv" else "text")
        text = formats.RENDERERS[out.form](sheet, units)
    out.write(text)
