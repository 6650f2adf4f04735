"""cnncalc memory: peak memory at inference and in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli import options, output_options
from cnncalc.cli.command import option, with_help, without
from cnncalc.cli.param_types import OPTIMIZER

if TYPE_CHECKING:
    from cnncalc.cli.options import ReportOptions
    from cnncalc.cli.output_options import Output
    from cnncalc.output.forms.sheet import Sheet


HELP = """Find the peak memory of a network in inference and in training, tensor by tensor, and the largest batch that fits."""
EXAMPLES = """
cnncalc memory resnet50 --batch 32 --optimizer adam
cnncalc memory alexnet_two_gpu --batch 128 --within 3GB
cnncalc memory vgg16 --no-training --steps
"""


@with_help(HELP, EXAMPLES)
@options.network
@option(
    "--optimizer",
    type=OPTIMIZER,
    default="momentum",
    metavar="NAME",
    help="Optimizer for training: sgd, momentum, adam or adamw.",
)
@option("--mixed", is_flag=True, help="Mixed precision: train in 16 bits, with a master copy of the parameters in 32.")
@option("--within", metavar="SIZE", help="Find the largest batch within 3GB, or 8GiB; exit code 1 if this one does not fit.")
@without("--no-training", "train", "Compute inference only.")
@option("--steps", is_flag=True, help="Show the memory at each layer during inference.")
@option("--best-order", is_flag=True, help="Run the layers in the order with the lowest peak memory instead of the file's.")
@without("--no-in-place", "in_place", "Activations do not overwrite their input.")
@without("--no-views", "views", "flatten, identity, split and slice copy their input.")
@without("--no-reuse", "reuse", "In training, do not reuse memory.")
@options.asked
@output_options.output
def command(
    network: str,
    asked: ReportOptions,
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
    from cnncalc.output.sheets import memory_tables as rendering
    from cnncalc.study.memory.liveness import Rules
    from cnncalc.study.memory.peak import MemoryOptions, memory

    budget = room(within) if within is not None else None
    out = out.units_from([within or ""])
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
