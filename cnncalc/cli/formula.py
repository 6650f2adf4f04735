"""cnncalc formula: what a network costs, as formulas in its symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from cnncalc.cli.options import Asked, Output
    from cnncalc.propagate.report import Report

EXAMPLES = """\b
For example:
  cnncalc formula vgg16 --input HxWx3 --columns params,macs
  cnncalc formula resnet50 --input HxWx3 --set width=w --at H=224,W=224,w=2
  cnncalc formula resnet50 --input 32hx32wx3 --layers --columns output
  cnncalc formula "conv C 3x3, relu, conv C 3x3" --input 32x32xC
"""


@click.command(
    help="""Write what a NETWORK costs as formulas in its symbols, and say for which sizes it works.

    Letters in --input, --set and --batch are symbols: they stand for whole numbers from 1 up.
    Where there are none, height and width become H and W.
    """,
    epilog=EXAMPLES,
)
@options.network
@options.asked
@click.option("--layer", metavar="PATH", help="Of one layer, or of the layers in a folder (stage2).")
@click.option("--layers", is_flag=True, help="Of every layer as well.")
@click.option("--at", "values", multiple=True, metavar="H=224,W=224", help="Put numbers in for some or all symbols.")
@click.option("--columns", metavar="A,B", help="These formulas: params, weights, biases, buffers, macs, flops, values, memory, output ...")
@options.strict
@options.output_in("python")
def command(
    network: str,
    asked: Asked,
    out: Output,
    *,
    layer: str | None,
    layers: bool,
    values: tuple[str, ...],
    columns: str | None,
    strict: bool,
) -> int:
    from cnncalc.output.sheets import formulas
    from cnncalc.study.symbols.substitution import read_point, rests

    report = in_symbols(network, asked)
    point = read_point(values, report)
    wanted = formulas.FormulaOptions(columns, layer, layers, point)
    form = "python" if out.format is None and (out.file or "").endswith(".py") else out.form
    if form in ("python", "latex"):
        from cnncalc.output.sheets import formula_forms

        found = formulas.entries(report, wanted)
        text = formula_forms.python(report, found, point) if form == "python" else formula_forms.latex(report, found)
        out.write(text)
    elif form in ("table", "plain"):
        out.deliver(lambda: formulas.page_sheet(report, wanted, out.page(), out.units or ""), dict)
    else:
        out.deliver(lambda: formulas.sheet(report, wanted), lambda: formulas.document(report, wanted))
    inexact = rests(report, point) if strict else []
    for path, rest in inexact:
        options.say(f"{path}: the window does not tile its input: {rest} is left over")
    return options.NO if inexact else 0


def in_symbols(network: str, asked: Asked) -> Report:
    """The report that was asked for; where nothing in it is a symbol, height and width become some."""
    from cnncalc import analysis
    from cnncalc.study.symbols.substitution import symbols

    setting = analysis.locate(network)
    report = asked.applied(setting)
    if asked.input is None and not symbols(report):
        return asked._replace(input=f"HxWx{report.input.c}").applied(setting)
    return report
