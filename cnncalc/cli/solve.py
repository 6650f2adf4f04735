"""cnncalc solve: which kernel, stride, pad or input give this output?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from cnncalc.answers.solve import Target
    from cnncalc.cli.options import Output


EXAMPLES = """\b
For example:
  cnncalc solve --in 32 --out 16 --kernel 5 --stride 2
  cnncalc solve --in 227x227x3 --out 55x55x96 --kernel ? --stride ? --pad ?
  cnncalc solve alexnet --layer CONV1 --output 55x55x96 --vary pad
  cnncalc solve resnet50 --layer conv5_x --output 7x7 --vary input
"""


@click.command(epilog=EXAMPLES)
@click.argument("network", required=False, shell_complete=options.complete_network)
@click.option("--in", "size", metavar="N", help="The input: 32, 32x32, 227x227x3, a range 28:40, or ?.")
@click.option("--out", "--output", "out_size", metavar="N", help="The output: 16, 16x16, 55x55x96; a side may be ?.")
@click.option("--kernel", metavar="N", help="One value, 3,5,7, a range 1:11, or ? (the default).")
@click.option("--stride", metavar="N", help="The same; 1 to 4 are tried.")
@click.option("--pad", metavar="N", help="The same, or same; 0 to 5 are tried.")
@click.option("--dilation", metavar="N", help="The same; 1 unless given.")
@click.option("--pool", is_flag=True, help="A pool's window instead of a convolution's.")
@click.option("--transposed", is_flag=True, help="A transposed convolution's.")
@click.option("--round", "rounding", type=click.Choice(("floor", "ceil")), default="floor", help="How a pool rounds.")
@click.option("--layer", metavar="PATH", help="With a NETWORK: the layer that is asked about.")
@click.option(
    "--vary", multiple=True, metavar="FIELD[=VALUES]", help="With a layer: the field that is unknown (pad, kernel=1:11), or input."
)
@click.option("--params", type=int, metavar="N", help="With a layer: the parameters that it should have.")
@click.option("--macs", type=int, metavar="N", help="With a layer: the multiply-accumulates that it should take.")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only so many rows.")
@options.output
def command(
    network: str | None,
    out: Output,
    *,
    layer: str | None,
    vary: tuple[str, ...],
    params: int | None,
    macs: int | None,
    top: int | None,
    **asked: Any,
) -> int:
    """Find the settings of a window that give an output, simplest first.

    Exit code 1 where nothing gives it; then what comes nearest is shown.
    """
    from cnncalc.answers import solve

    target = _target(asked.pop("out_size"), params, macs)
    if network is None:
        if layer or vary:
            raise click.UsageError("--layer and --vary speak of a network, and none is given")
        return _windows(target, out, top=top, **asked)
    given = [name for name in ("size", "kernel", "stride", "pad", "dilation") if asked[name] is not None]
    if given:
        raise click.UsageError(f"with a network, say what is unknown by --vary, not by --{given[0].replace('size', 'in')}")
    from cnncalc import analysis
    from cnncalc.answers.quantities import layer as find_layer
    from cnncalc.output import solutions

    setting = analysis.locate(network)
    where = f"{layer} of {network}" if layer else network
    if vary == ("input",):
        found, nearest = solve.inputs(setting, layer or "", target)
        question = f"Which inputs give {_said(target)} at {where}?"
        out.deliver(lambda: solutions.sizes_table(found, nearest, question, solve.SIZES), lambda: solutions.sizes_document(found, nearest))
        return int(not found)
    if not layer or not vary:
        raise click.UsageError("a network needs --layer and --vary: which field of which layer is unknown?")
    row = find_layer(analysis.report(setting), layer)
    answers = solve.of_layer(row, _fields(row, vary), target)
    question = f"Which {' and '.join(name.partition('=')[0] for name in vary)} of {where} give {_said(target)}?"
    out.deliver(lambda: solutions.table(answers, question, top=top), lambda: solutions.document(answers))
    return int(not answers.found)


def _windows(
    target: Target, out: Output, *, size: str | None, pool: bool, transposed: bool, rounding: str, top: int | None, **texts: Any
) -> int:
    from cnncalc.answers import solve
    from cnncalc.layers import Volume
    from cnncalc.output import solutions

    kind = "maxpool" if pool else "upconv" if transposed else "conv"
    fixed: dict[str, Any] = {"round": rounding} if pool else {"filters": target.depth or 1}
    texts["dilation"] = texts["dilation"] or "1"
    known: dict[str, list[Any] | None] = {}
    for name in ("kernel", "stride", "pad", "dilation"):
        text = texts[name] or "?"
        known[name] = ["same"] if (name, text) == ("pad", "same") and not transposed else solve.numbers(text, f"--{name}")
    inputs = None
    if size is not None and size != "?":
        high, wide, depth = _sides(size, "--in")
        pairs = [(one, one) for one in high or []] if wide is None else [(one, other) for one in high or [] for other in wide]
        inputs = [Volume(one, other, (depth or [1])[0]) for one, other in pairs]
    answers = solve.windows(kind, known, inputs, target, fixed)
    question = f"Which {'pool' if pool else 'transposed convolution' if transposed else 'convolution'} gives {_said(target)}?"
    out.deliver(lambda: solutions.table(answers, question, top=top), lambda: solutions.document(answers))
    return int(not answers.found)


def _sides(text: str, option: str) -> tuple[list[int] | None, list[int] | None, list[int] | None]:
    """Height, width and depth of a volume in an option; None where nothing is said, or a question mark stands."""
    from cnncalc.answers.solve import numbers

    pieces = text.replace("×", "x").split("x")
    if len(pieces) > 3:
        raise click.UsageError(f"{option}: expected 32, 32x32 or 32x32x3, not {text!r}")
    sides = [numbers(piece, option) for piece in pieces]
    return sides[0], (sides[1] if len(sides) > 1 else None), (sides[2] if len(sides) > 2 else None)


def _target(text: str | None, params: int | None, macs: int | None) -> Target:
    from cnncalc.answers.solve import Target

    if text is None:
        if params is None and macs is None:
            raise click.UsageError("what should come out? give --out, --params or --macs")
        return Target(params=params, macs=macs)
    high, wide, deep = _sides(text, "--out")
    if len(text.replace("×", "x").split("x")) == 1:
        wide = high
    height, width, depth = (side[0] if side else None for side in (high, wide, deep))
    return Target(height, width, depth, params, macs)


def _said(target: Target) -> str:
    """The target in words."""
    sides = [target.height, target.width] if target.depth is None else [target.height, target.width, target.depth]
    said = [] if all(side is None for side in sides) else ["×".join("?" if side is None else str(side) for side in sides)]
    said += [f"{target.params:,} parameters"] if target.params is not None else []
    said += [f"{target.macs:,} MACs"] if target.macs is not None else []
    return " and ".join(said)


def _fields(row: Any, vary: tuple[str, ...]) -> dict[str, Any]:
    """The values to try for each field."""
    from cnncalc.answers.solve import BOUNDS, numbers
    from cnncalc.errors import Problem, SpecError, suggestion

    fields: dict[str, Any] = {}
    for each in vary:
        name, equals, text = each.partition("=")
        if name not in row.layer.fields:
            hint = suggestion(name, row.layer.fields) or f"it has {', '.join(row.layer.fields)}"
            raise SpecError(Problem(f"{row.path} is a {row.kind} without a field {name!r}", hint=hint))
        values = numbers(text, f"--vary {name}") if equals else None
        fields[name] = values or list(BOUNDS.get({"size": "kernel"}.get(name, name), range(1, 1025)))
    return fields
