"""cnncalc diagram: the graph of a network as SVG, Mermaid or DOT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help, without
from cnncalc.cli.output_options import Output
from cnncalc.cli.param_types import COLUMNS

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions

SUFFIXES = {"svg": "svg", "mmd": "mermaid", "mermaid": "mermaid", "md": "markdown", "dot": "dot", "gv": "dot"}
FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))
HELP = """Draw the graph of a network with its blocks folded: as SVG, or as text for GitHub (Mermaid) and Graphviz (DOT).

Equal blocks are one box, and one of each is drawn in full next to the network. An activation, norm or dropout is a strip of the box whose
output it changes, an identity is a plain line, and auxiliary heads are dashed.
"""
EXAMPLES = """
cnncalc diagram resnet50 -o resnet50.svg
cnncalc diagram googlenet --fold none -o googlenet.svg
cnncalc diagram alexnet --show params,macs -o alexnet.svg
cnncalc diagram mobilenet_v2 --format dot | dot -Tpdf > mobilenet.pdf
cnncalc diagram mine.yaml --format markdown >> README.md
"""


@with_help(HELP, EXAMPLES)
@options.network
@output_options.bundled("out", Output)
@output_options.recording_files
@option(
    "--show", "shown", type=COLUMNS, metavar="A,B", show_default="none", help="Metrics in the boxes: params, macs, memory, receptive_field."
)
@option("--title", metavar="TEXT", show_default="the network's", help='Another title; "" for none.')
@without("--no-details", "details", "Do not draw the folded blocks in full.")
@options.asked
@options.fold
@output_options.format_in(SUFFIXES, FORMATS, "mermaid, or by the suffix of the file")
@output_options.result_file
@output_options.units_option("si")
def command(
    network: str, asked: ReportOptions, out: Output, *, fold: int | None, shown: str | None, title: str | None, details: bool
) -> None:
    out = out.replaced(format=_form(out))
    report = asked.report(network)
    from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
    from cnncalc.output.sheets.columns import chosen

    found = Diagram(report, DiagramOptions(fold, chosen(shown, ()) if shown else (), out.units or "si", title, details))
    if out.form == "svg":
        from cnncalc.output.diagrams.diagram_picture import picture

        out.write(picture(found))
        return
    from cnncalc.output.diagrams import dot, mermaid

    text = {"dot": dot.text, "mermaid": mermaid.text, "markdown": mermaid.fenced}[out.form](found)
    out.write(text)
    if out.form != "dot" and (excess := mermaid.excess(text, found)):
        click.echo(f"{excess}. --fold 1 folds blocks, --no-details omits them.", err=True)


def _form(out: Output) -> str:
    """Return the format from --format or the suffix of the file."""
    if out.format or out.to_stdout:
        return out.format or "mermaid"
    suffix = (out.file or "").rpartition(".")[2].lower()
    if suffix not in SUFFIXES:
        hint = "; rsvg-convert, Inkscape or a browser make a PNG or PDF of an SVG" if suffix in ("png", "pdf", "jpg", "jpeg") else ""
        raise click.UsageError(f"-o {out.file}: a diagram ends in {', '.join(f'.{each}' for each in SUFFIXES)}, or set --format{hint}")
    return SUFFIXES[suffix]
