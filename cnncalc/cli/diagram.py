"""cnncalc diagram: the graph of a network as a picture, or as text that other programs make into one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options
from cnncalc.cli.options import Output

if TYPE_CHECKING:
    from cnncalc.cli.options import Asked

SUFFIXES = {"svg": "svg", "mmd": "mermaid", "mermaid": "mermaid", "md": "markdown", "dot": "dot", "gv": "dot"}
FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))
EXAMPLES = """\b
For example:
  cnncalc diagram resnet50 -o resnet50.svg
  cnncalc diagram googlenet --fold none -o googlenet.svg
  cnncalc diagram alexnet --show params,macs -o alexnet.svg
  cnncalc diagram mobilenet_v2 --format dot | dot -Tpdf > mobilenet.pdf
  cnncalc diagram mine.yaml --format markdown >> README.md
"""


@click.command(
    help="""Draw the graph of a NETWORK, its blocks folded: as a picture (SVG), or as text that GitHub (Mermaid) or Graphviz (DOT) draws.

    Equal blocks are one box, and beside the network one of each is opened. What works in place (an activation, a norm, dropout) is a strip
    of the box whose output it changes; an identity is the line itself; side exits are dashed.
    """,
    epilog=EXAMPLES,
)
@options.network
@options.packed("out", Output)
@options.recorded
@click.option(
    "--format", type=click.Choice(FORMATS), help="Default: what the suffix of -o says, else mermaid; markdown is mermaid in a fence."
)
@click.option("-o", "file", metavar="FILE", help="Write to a file: .svg, .mmd, .md, .dot or .gv.")
@options.units
@options.fold
@click.option(
    "--show",
    "shown",
    metavar="A,B",
    shell_complete=options.complete_word(options.columns),
    help="Figures in the boxes: params, macs, memory, receptive_field.",
)
@click.option("--title", metavar="TEXT", help='Another title; "" for none.')
@click.option(
    "--no-details", "details", is_flag=True, flag_value=False, default=True, help="Do not open the folded blocks beside the network."
)
@options.asked
def command(network: str, asked: Asked, out: Output, *, fold: int | None, shown: str | None, title: str | None, details: bool) -> None:
    out = out._replace(format=_form(out))
    report = asked.report(network)
    from cnncalc.output.diagrams.diagram import Wanted, diagram
    from cnncalc.output.sheets.columns import chosen

    found = diagram(report, Wanted(fold, chosen(shown, ()) if shown else (), out.units or "si", title, details))
    if out.form == "svg":
        from cnncalc.output.diagrams.diagram_picture import picture

        out.write(picture(found))
        return
    from cnncalc.output.diagrams import dot, mermaid

    text = {"dot": dot.text, "mermaid": mermaid.text, "markdown": mermaid.fenced}[out.form](found)
    out.write(text)
    if out.form != "dot" and (excess := mermaid.excess(text, found)):
        options.say(f"{excess}. --fold 1 folds blocks, --no-details leaves them out.")


def _form(out: Output) -> str:
    """The format that was asked for, else that of the file's suffix."""
    if out.format or out.to_stdout:
        return out.format or "mermaid"
    suffix = (out.file or "").rpartition(".")[2].lower()
    if suffix not in SUFFIXES:
        hint = "; rsvg-convert, Inkscape or a browser make a PNG or PDF of an SVG" if suffix in ("png", "pdf", "jpg", "jpeg") else ""
        raise click.UsageError(
            f"-o {out.file}: a diagram ends in {', '.join(f'.{each}' for each in SUFFIXES)}, or --format says what it is{hint}"
        )
    return SUFFIXES[suffix]
