"""cnncalc explain: how a figure of a network or a layer comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.cli.options import Asked, Output


SHELL = frozenset("\"'`$&|;<>()[]{}*?!#~\\ \t\n")  # what means something to a shell


def complete_layer(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The layers of the network that is typed already, and what there is to ask of it as a whole."""
    from cnncalc import analysis
    from cnncalc.errors import SpecError
    from cnncalc.study.derive.derivation import NETWORK

    if (network := ctx.params.get("network") or "-") == "-":  # standard input is the terminal
        return []
    try:
        paths = [row.path for row in analysis.analyze(network)]
    except SpecError:
        return []
    # A shell puts the word into the command line as it is: a name from a stranger's file must not be a command there.
    return [word for word in (*paths, *NETWORK) if word.startswith(incomplete) and not set(word) & SHELL]


def _quantities() -> Iterable[str]:
    from cnncalc.study.derive.derivation import QUANTITIES

    return QUANTITIES


@click.command(
    help="""Explain a QUANTITY of a LAYER: the rule in symbols, the numbers put in, the result, and what is left over.

    NETWORK is a name of the catalogue, a file, or a few layers in shorthand: "conv 96 11x11 /4, relu, maxpool 3 /2".
    LAYER is a path or the end of one (CONV1, stage2/unit1/conv1), or a folder of layers (stage2).
    Without it, the network's totals are explained.
    QUANTITY is one of output, height, width, depth, weights, biases, params, buffers, macs, flops, values, memory,
    receptive_field, jump; of a network also param_memory and weight_layers. Without it, all are.
    """
)
@options.network
@click.argument("layer", required=False, shell_complete=complete_layer)
@click.argument("quantity", required=False, shell_complete=options.complete_word(_quantities))
@options.asked
@options.output
def command(network: str, layer: str | None, quantity: str | None, asked: Asked, out: Output) -> None:
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
