"""Options for networks and tables that several commands share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.command import option, without
from cnncalc.cli.network_types import CHANGE, FAMILY, LAYER, NETWORK, PARAM, VARIED
from cnncalc.cli.output_options import F, OptionGroup, bundled, combined
from cnncalc.cli.param_types import COLUMN, COLUMNS, CONVENTION, DTYPE, ListOf, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.propagate.report import Report
    from cnncalc.spec.settings import Setting

EVERY_ROW = 0
SEEDS = 1_000_000
NO, MISTAKE = 1, 2  # exit codes: the answer is no; a wrong option, or an unreadable or invalid file
INTERRUPTED = 130  # 128 + SIGINT


class ReportOptions(OptionGroup):
    """Options that change a network or how it is counted, as typed."""

    input: str | None
    set: tuple[str, ...]
    but: tuple[str, ...]
    batch: str
    dtype: str
    counting: str
    sides: bool
    bias: bool
    layout: str | None
    freeze: tuple[str, ...]
    freeze_until: str | None
    until: str | None
    deployed: bool

    def report(self, network: str) -> Report:
        """Compute the report of a network under these options."""
        from cnncalc import analysis

        return self.applied(analysis.locate(network))

    def applied(self, setting: Setting) -> Report:
        """Compute the report of a network that is already read, since a pipe can be read only once."""
        from cnncalc import analysis

        return analysis.report(setting, **self.options)

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of analysis.report."""
        names = {"set": "params", "but": "changes"}
        return {names.get(name, name): value for name, value in vars(self).items()}


def is_folder(name: str) -> bool:
    """Return whether -o names a folder: one that is there, or a name without a suffix."""
    return os.path.isdir(name) or name.endswith((os.sep, "/")) or not os.path.splitext(name)[1]


def random_seed() -> int:
    """Return a random seed for a command without --seed."""
    from random import SystemRandom

    return int(SystemRandom().random() * SEEDS)


def _depth(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Parse --fold: a number of folders, or EVERY_ROW for none."""
    if value is None or value == "none":
        return None if value is None else EVERY_ROW
    if not (value.isascii() and value.isdecimal() and 0 < len(value) < 10 and int(value)):
        raise click.BadParameter(f"expected a number from 1 up, or none, not {value!r}", ctx, param)
    return int(value)


def columns_option(known: ListOf, default: str, what: str = "columns") -> Callable[[F], F]:
    """Create --columns; `default` names the columns without it."""
    help = f"Show these {what}; +A and -B add to and remove from the default."
    return option("--columns", type=known, metavar="A,B", show_default=default, help=help)


network = click.argument("network", type=NETWORK)
level = option(
    "--level",
    type=click.IntRange(1, 3),
    default=1,
    metavar="N",
    help="1: single layers; 2: costs, memory, whole networks; 3: formulas and modules.",
)
networks = click.argument("networks", nargs=-1, metavar="NETWORK...", type=NETWORK)
family = option("--family", type=FAMILY, multiple=True, metavar="NAME", help="All networks of a family: vgg.")
varied = option(
    "--vary",
    "--variants",
    type=VARIED,
    multiple=True,
    metavar="PARAM=VALUES",
    help="Compute each network under several settings: width=0.5,1 or resolution=128:224:32.",
)
changed = combined(
    option("--input", metavar="HxWxC", show_default="as the file says", help="Input size, such as 299x299x3. Letters are symbols: HxWx3."),
    option(
        "--set",
        type=PARAM,
        multiple=True,
        metavar="PARAM=VALUE",
        help="Set a param of the network: width=1.4. A letter makes it a symbol, also with its domain: width=w:whole.",
    ),
    option("--but", type=CHANGE, multiple=True, metavar="STEP.FIELD=VALUE", help="Change a field of a step: CONV1.kernel=7."),
    option("--deployed", is_flag=True, help="Merge batch norms and parallel branches into convolutions, as for inference."),
)
asked = combined(
    bundled("asked", ReportOptions),
    changed,
    option("--batch", default="1", metavar="N", help="Batch size."),
    option(
        "--dtype", type=DTYPE, default="float32", metavar="TYPE", help="Element type: float32, float16 (fp16), bfloat16, float64 or int8."
    ),
    option(
        "--counting", type=CONVENTION, default="full", metavar="NAME", help="FLOP counting convention; cnncalc help conventions lists them."
    ),
    option("--sides", is_flag=True, help="Include auxiliary heads."),
    without("--no-bias", "bias", "Leave biases out of the parameters."),
    option(
        "--layout",
        type=OneOf("layout", "channels_last", "channels_first"),
        metavar="LAYOUT",
        show_default="as the file says",
        help="Order of sizes in --input and in the output: channels_last, or channels_first (3x224x224).",
    ),
    option("--freeze", type=LAYER, multiple=True, metavar="LAYER", help="Freeze the weights of a layer or folder."),
    option("--freeze-until", type=LAYER, metavar="LAYER", help="Freeze the weights of a layer and of all that it depends on."),
    option("--until", type=LAYER, metavar="LAYER", help="Cut the network after a layer or folder."),
)
strict = option("--strict", is_flag=True, help="Exit with code 1 if a kernel does not divide its input evenly, or a layer is not modelled.")
fold = option(
    "--fold",
    callback=_depth,
    metavar="N",
    show_default="only above 60 rows",
    help="Collapse blocks below depth N into one row, and equal repeats (x N); none: a row for every layer.",
)
arrangement = combined(
    columns_option(COLUMNS, "those that fit"),
    fold,
    option("--sort", type=COLUMN, metavar="COLUMN", show_default="none", help="Sort by a column, largest first."),
    option("--top", type=click.IntRange(min=1), metavar="N", show_default="all", help="Show at most N rows."),
)


def strict_exit_code(report: Report) -> int:
    """Return the exit code under --strict, and print layers that are not modelled or whose kernels do not divide their input."""
    from cnncalc.cli.messages import print_message
    from cnncalc.output.words.remainders import unused_input

    for row in report.inexact:
        print_message(f"{row.path}: the kernel does not divide its input evenly: {'; '.join(unused_input(row))}")
    unknown = [row for row in report.rows if not row.layer.modelled]
    for row in unknown:
        print_message(f"{row.path}: not modelled")
    return NO if report.inexact or unknown else 0
