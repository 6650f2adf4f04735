"""cnncalc solve: find the kernel, stride, padding or input for an output size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help
from cnncalc.cli.network_types import LAYER, NETWORK, UNKNOWN_FIELD
from cnncalc.cli.param_types import OneOf

if TYPE_CHECKING:
    from cnncalc.answers.solve import Target
    from cnncalc.cli.output_options import Output

HELP = """Find the kernel, stride, padding or input size for an output size, of a single layer or of a layer in a NETWORK.

The simplest settings come first. Without --out, every setting is listed with its output size. Exit code 1 if nothing gives the output
size; the nearest settings are shown then.
"""
EXAMPLES = """
cnncalc solve --in 32 --out 16 --kernel 5 --stride 2
cnncalc solve --in 32 --kernel 5 --stride 2
cnncalc solve --in 227x227x3 --out 55x55x96 --kernel any --stride 4
cnncalc solve --out 7 --kernel 3 --stride 2 --pad 1
cnncalc solve alexnet --layer CONV1 --out 55x55x96 --vary pad
cnncalc solve alexnet --layer CONV1 --params 34944 --vary filters
cnncalc solve resnet50 --out 7x7 --vary input
"""


@with_help(HELP, EXAMPLES)
@click.argument("network", required=False, type=NETWORK)
@option("--in", "size", metavar="SIZE", help="Input size: 32, 32x32, 227x227x3, a range 28:40, or any.")
@option("--out", "--output", "out_size", metavar="SIZE", help="Output size: 16, 16x16, 55x55x96; any for a dimension that does not matter.")
@option("--kernel", metavar="N", show_default="any", help="Kernel size: 3, a list 3,5,7, a range 1:11, or any.")
@option("--stride", metavar="N", show_default="any", help="Stride, likewise; any tries 1 to 4.")
@option("--pad", metavar="N", show_default="any", help="Padding, likewise, or same; any tries 0 to 5.")
@option("--dilation", metavar="N", show_default="1", help="Dilation, likewise; any tries 1 to 3.")
@option("--pool", is_flag=True, help="A pooling layer instead of a convolution.")
@option("--transposed", is_flag=True, help="A transposed convolution.")
@option(
    "--round",
    "rounding",
    type=OneOf("rounding", "floor", "ceil"),
    metavar="HOW",
    show_default="floor",
    help="How a pooling layer rounds: floor or ceil.",
)
@option("--layer", type=LAYER, metavar="PATH", help="With a NETWORK: the layer to solve for.")
@option(
    "--vary",
    type=UNKNOWN_FIELD,
    multiple=True,
    metavar="FIELD[=VALUES]",
    help="With a NETWORK: the unknown field, such as pad or kernel=1:11, or input.",
)
@option("--params", type=click.IntRange(min=0), metavar="N", help="Number of parameters the layer must have.")
@option("--macs", type=click.IntRange(min=0), metavar="N", help="Number of MACs the layer must have.")
@options.changed
@option("--top", type=click.IntRange(min=1), metavar="N", show_default="20", help="Show at most N settings.")
@output_options.output_in(file=output_options.file_option("-o"))
def command(
    network: str | None, out: Output, *, out_size: str | None, params: int | None, macs: int | None, top: int | None, **asked: Any
) -> int:
    from cnncalc.output.sheets.solutions import SHOWN

    target = _target(out_size, params, macs)
    if top is None and out.form not in output_options.EXACT:
        top = SHOWN
    window = {name: asked.pop(name) for name in ("size", "kernel", "stride", "pad", "dilation", "pool", "transposed", "rounding")}
    given = [name for name, value in (window if network is not None else asked).items() if value]
    if network is None:
        if given:
            raise click.UsageError(f"--{given[0]} needs a NETWORK")
        return _windows(target, out, top, **window)
    if given:
        name = {"size": "in", "rounding": "round"}.get(given[0], given[0])
        raise click.UsageError(f"--{name} is for a single layer; with a network, give the unknown with --vary")
    return _network(network, target, out, top, **asked)


def _network(
    network: str,
    target: Target,
    out: Output,
    top: int | None,
    *,
    layer: str | None,
    vary: tuple[str, ...],
    input: str | None,
    set: tuple[str, ...],
    but: tuple[str, ...],
    deployed: bool,
) -> int:
    """Solve for a field of a layer in a network, or for the network's input."""
    from cnncalc import analysis
    from cnncalc.answers import inputs, solve
    from cnncalc.output.sheets import solutions

    setting = analysis.locate(network)
    if "input" in vary:
        if len(vary) > 1 or input is not None:
            raise click.UsageError("--vary input cannot be combined with another --vary or --input")
        if target[:3] == (None, None, None) or target.params is not None or target.macs is not None:
            raise click.UsageError("--vary input needs an output size: --out, without --params or --macs")
        depth = setting.resolve()[1].c
        sizes = inputs.inputs(
            lambda size: analysis.report(setting, input=size, params=set, changes=but, deployed=deployed), depth, layer or "", target
        )
        question = f"Which inputs give {_target_text(target)} at {layer or 'the end'} of {network}?"
        out.deliver(lambda: solutions.sizes_table(sizes, question, top=top), lambda: solutions.sizes_document(sizes, top))
        return 0 if sizes.found else options.NO
    if not layer or not vary:
        raise click.UsageError("with a network, give --layer and --vary (the unknown field of a layer), or --vary input")
    row = analysis.report(setting, input=input, params=set, changes=but, deployed=deployed).layer(layer)
    fields = dict(solve.values_of(row, each, target) for each in vary)
    answers = solve.of_layer(row, fields, target)
    named = _question([*fields], f" of {layer} of {network}") if target.anything else ""
    question = named or f"Which {' and '.join(map(_plural, fields))} of {layer} of {network} give {_target_text(target)}?"
    out.deliver(lambda: solutions.table(answers, question, top=top), lambda: solutions.document(answers, top))
    return 0 if answers.found else options.NO


def _plural(name: str) -> str:
    return {"bias": "biases", "round": "roundings"}.get(name, name if name.endswith("s") else f"{name}s")


def _windows(
    target: Target,
    out: Output,
    top: int | None,
    *,
    size: str | None,
    pool: bool,
    transposed: bool,
    rounding: str | None,
    **texts: Any,
) -> int:
    """Solve for a single layer."""
    from cnncalc.answers import solve
    from cnncalc.layers import Volume
    from cnncalc.output.sheets import solutions

    if pool and transposed:
        raise click.UsageError("--pool and --transposed cannot be combined")
    if rounding and not pool:
        raise click.UsageError("--round is for pooling layers; convolutions round down")
    texts["dilation"] = texts["dilation"] or "1"
    known: dict[str, list[Any] | None] = {}
    for name in ("kernel", "stride", "pad", "dilation"):
        text = texts[name] or "any"
        known[name] = ["same"] if (name, text) == ("pad", "same") and not transposed else solve.numbers(text, f"--{name}")
    high, wide, depth = _sides(size, "--in") if size is not None else (None, None, None)
    if (target.params is not None or target.macs is not None) and (depth is None or (target.depth is None and not pool)):
        raise click.UsageError("--params and --macs need the depth of input and output: --in 32x32x3 --out 16x16x10")
    inputs = None
    if high is not None:
        solve.check_combinations([high, wide or [0]])
        pairs = [(one, one) for one in high] if wide is None else [(one, other) for one in high for other in wide]
        inputs = [Volume(one, other, (depth or [1])[0]) for one, other in pairs]
    kind = "maxpool" if pool else "upconv" if transposed else "conv"
    fixed: dict[str, Any] = {"round": rounding or "floor"} if pool else {"filters": target.depth or 1}
    answers = solve.windows(kind, known, inputs, target, fixed)
    arriving = f" from {size}×{size}" if size and size.isdecimal() else f" from {size.replace('x', '×')}" if inputs and size else ""
    what = "pool" if pool else "transposed convolution" if transposed else "convolution"
    unknown = [name for name, values in known.items() if values is None]
    question = _question(unknown, f" of a {what}", arriving) if target.anything else f"Which {what} gives {_target_text(target)}{arriving}?"
    deep = depth is not None, target.depth is not None or (pool and depth is not None)
    out.deliver(lambda: solutions.table(answers, question, top=top, deep=deep), lambda: solutions.document(answers, top))
    return 0 if answers.found else options.NO


def _sides(text: str, option: str) -> tuple[list[int] | None, list[int] | None, list[int] | None]:
    """Parse height, width and depth of a volume in an option; None if missing or `any`."""
    from cnncalc.answers.solve import numbers

    pieces = text.replace("×", "x").split("x")
    if len(pieces) > 3:
        raise click.UsageError(f"{option}: expected 32, 32x32 or 32x32x3, not {text!r}")
    sides = [numbers(piece, option) for piece in pieces]
    return sides[0], (sides[1] if len(sides) > 1 else None), (sides[2] if len(sides) > 2 else None)


def _target(text: str | None, params: int | None, macs: int | None) -> Target:
    from cnncalc.answers.solve import Target

    if text is None:
        return Target(params=params, macs=macs)
    high, wide, deep = _sides(text, "--out")
    if len(text.replace("×", "x").split("x")) == 1:
        wide = high
    if any(side is not None and len(side) > 1 for side in (high, wide, deep)):
        raise click.UsageError(f"--out: expected one output size (any for a dimension that does not matter), not {text!r}")
    height, width, depth = (side[0] if side else None for side in (high, wide, deep))
    return Target(height, width, depth, params, macs)


def _question(unknown: list[str], of: str, arriving: str = "") -> str:
    """Return the question if no output size is given."""
    each = f"each {output_options.joined_words(unknown, 'and')}" if unknown else "the setting"
    return f"Which output size does {each}{of} give{arriving}?"


def _target_text(target: Target) -> str:
    """Describe the target in words."""
    sides = [target.height, target.width] if target.depth is None else [target.height, target.width, target.depth]
    said = [] if all(side is None for side in sides) else ["×".join("?" if side is None else str(side) for side in sides)]
    said += [f"{target.params:,} parameter{'s' * (target.params != 1)}"] if target.params is not None else []
    said += [f"{target.macs:,} MAC{'s' * (target.macs != 1)}"] if target.macs is not None else []
    return " and ".join(said)
