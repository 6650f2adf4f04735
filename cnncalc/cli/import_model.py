"""cnncalc import: a model of another program as a network file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import FILE

if TYPE_CHECKING:
    from cnncalc.cli.output_options import Output

HELP = """Write an ONNX or Keras model as a network file, with its repeated parts as blocks.

All commands also take such a model in place of a network: cnncalc show model.onnx. Weights are never read, only their shapes.
"""
EXAMPLES = """
cnncalc import model.onnx -o net.yaml
cnncalc import model.keras --flat
"""


@with_help(HELP, EXAMPLES)
@click.argument("model", type=FILE)
@option("--flat", is_flag=True, help="Write every layer as a step of its own, without blocks.")
@output_options.file
def command(model: str, out: Output, *, flat: bool) -> None:
    from cnncalc.importers.network_text import network_text
    from cnncalc.importers.repeats import with_blocks
    from cnncalc.spec import catalogue
    from cnncalc.spec.catalogue_index import MODELS

    if not model.endswith(MODELS):
        raise click.BadParameter(f"expected a file that ends in {' or '.join(MODELS)}, not {model!r}", param_hint="MODEL")
    network = catalogue.imported(model, model)
    out.write(network_text(network if flat else with_blocks(network)))
