"""cnncalc formula: costs as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import messages, options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import LAYER, SYMBOL
from cnncalc.cli.param_types import COLUMNS

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output
    from cnncalc.propagate.report import Report

HELP = """Write the costs of a network as formulas in its symbols, and the sizes for which they hold.

Letters in --input, --set and --batch are symbols: whole numbers from 1 up, or positive fractions for multipliers such as a width.
Without any, height and width become H and W.
With --format python or javascript, each formula is a function that runs without cnncalc.
"""
LANGUAGES = {"py": "python", "js": "javascript"}
EXAMPLES = """
cnncalc formula vgg16 --input HxWx3 --columns params,macs
cnncalc formula resnet50 --input HxWx3 --set width=w --at H=224,W=224,w=2
cnncalc formula resnet50 --input 32hx32wx3 --layers --columns output
cnncalc formula mobilenet_v2 --set width=w --at w=0.75
cnncalc formula vgg16 --input HxWx3 --format python -o vgg16.py
cnncalc formula "conv C 3x3, relu, conv C 3x3" --input 32x32xC
"""


@with_help(HELP, EXAMPLES)
@options.network
@options.asked
@option("--layer", type=LAYER, metavar="PATH", show_default="the network", help="Only one layer, or the layers in a folder (stage2).")
@option("--layers", is_flag=True, help="Also show a formula for every layer.")
@option("--at", "values", type=SYMBOL, multiple=True, metavar="H=224,W=224", help="Evaluate at numbers for some or all symbols.")
@options.columns_option(COLUMNS, "output,params,weights,macs,flops,values,memory", "quantities")
@options.strict
@output_options.output_in("python", "javascript")
def command(
    network: str,
    asked: ReportOptions,
    out: Output,
    *,
    layer: str | None,
    layers: bool,
    values: tuple[str, ...],
    columns: str | None,
    strict: bool,
) -> int:
    from cnncalc.output.sheets import formulas
    from cnncalc.study.symbols.substitution import read_point, remainders_at

    report = in_symbols(network, asked)
    point = read_point(values, report)
    wanted = formulas.FormulaOptions(columns, layer, layers, point)
    suffix = (out.file or "").rpartition(".")[2].lower()
    form = out.form if out.format is not None else LANGUAGES.get(suffix, out.form)
    if form == "latex":
        from cnncalc.output.sheets import formula_forms

        out.write(formula_forms.latex(report, formulas.entries(report, wanted)))
    elif form in LANGUAGES.values():
        from cnncalc.output.sheets.formula_code import code

        out.write(code(report, formulas.entries(report, wanted), point, form))
    elif form in ("table", "plain"):
        out.deliver(lambda: formulas.page_sheet(report, wanted, out.page(), out.units or ""), dict)
    else:
        out.deliver(lambda: formulas.sheet(report, wanted), lambda: formulas.document(report, wanted))
    inexact = remainders_at(report, point) if strict else []
    for path, rest in inexact:
        messages.print_message(f"{path}: the kernel does not divide its input evenly: {rest} left over")
    return options.NO if inexact else 0


def in_symbols(network: str, asked: ReportOptions) -> Report:
    """Return the report that was asked for; where nothing in it is a symbol, the sides become some."""
    from cnncalc import analysis
    from cnncalc.layers.fields import suffixes

    setting = analysis.locate(network)
    report = asked.applied(setting)
    if asked.input is None and not report.symbols:
        sizes = type(report.input)._make([*map(str.upper, suffixes(report.input.rank)), report.input.c])
        return asked.replaced(input=str(sizes).replace("×", "x")).applied(setting)
    return report
