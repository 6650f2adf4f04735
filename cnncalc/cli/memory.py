"""cnncalc memory: what a network takes, in use and in training, and the batch that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.cli.options import Asked, Output
    from cnncalc.output.forms.sheet import Sheet


def _optimizers() -> Iterable[str]:
    from cnncalc.study.memory.peak import OPTIMIZERS

    return OPTIMIZERS


@click.command(
    help="""Show what a NETWORK holds in memory at its worst moment, in use and in training, tensor by tensor.

    \b
    cnncalc memory resnet50 --batch 32 --optimizer adam
    cnncalc memory alexnet_two_gpu --batch 128 --within 3GB
    """
)
@options.network
@click.option(
    "--optimizer",
    default="momentum",
    metavar="NAME",
    shell_complete=options.complete_word(_optimizers),
    help="What training keeps for every parameter: sgd, momentum (the default), adam, adamw.",
)
@click.option("--mixed", is_flag=True, help="Training computes in 16 bits and keeps a master copy of the parameters in 32.")
@click.option("--within", metavar="SIZE", help="The largest batch within 3GB, or 8GiB; exit code 1 if this one does not fit.")
@click.option("--no-training", "train", is_flag=True, flag_value=False, default=True, help="Only what use takes.")
@click.option("--steps", is_flag=True, help="What is held while each layer runs, in use.")
@click.option("--best-order", is_flag=True, help="Take the layers in the order that needs least, not in the file's.")
@click.option("--no-in-place", "in_place", is_flag=True, flag_value=False, default=True, help="Activations do not overwrite their input.")
@click.option("--no-views", "views", is_flag=True, flag_value=False, default=True, help="flatten, identity, split and slice copy.")
@click.option("--no-reuse", "reuse", is_flag=True, flag_value=False, default=True, help="In training, no memory is used twice.")
@options.asked
@options.output
def command(
    network: str,
    asked: Asked,
    out: Output,
    *,
    optimizer: str,
    mixed: bool,
    within: str | None,
    train: bool,
    steps: bool,
    best_order: bool,
    in_place: bool,
    views: bool,
    reuse: bool,
) -> int:
    from cnncalc.explore.budget import room
    from cnncalc.output.sheets import memory as rendering
    from cnncalc.study.memory.liveness import Rules
    from cnncalc.study.memory.peak import MemoryOptions, memory

    budget = room(within) if within is not None else None
    out = out.like([within or ""])
    report = asked.report(network)
    wanted = MemoryOptions(Rules(in_place, views), best_order, optimizer, mixed, reuse)
    found = memory(report, wanted, train=train)
    limit = None
    if within is not None and budget is not None:
        alone = wanted._replace(rules=Rules(in_place=False, views=views), best=False, reuse=False)
        own = memory(report, alone, train=train).training if alone != wanted else None
        limit = rendering.Within(within, budget, own)

    def sheet() -> Sheet:
        if steps:
            return rendering.steps(found, out.units or "")
        return rendering.listing(found) if out.form == "csv" else rendering.table(found, limit, out.units or "")

    out.deliver(sheet, lambda: rendering.document(found, limit))
    shown = found.training or found.in_use
    return options.NO if budget is not None and shown.exceeds(budget) else 0
