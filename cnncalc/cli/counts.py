"""cnncalc counts: one network under every counting convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.cli.options import Asked, Output


def _conventions() -> Iterable[str]:
    from cnncalc.propagate.counting import CONVENTIONS

    return CONVENTIONS


complete = options.complete_word(_conventions)


@click.command(
    help="""Count a NETWORK under every convention, or under those that are named: what papers and tools would print.

    \b
    cnncalc counts resnet50
    cnncalc counts resnet50_v1_5 --between thop torchinfo
    """
)
@options.network
@click.argument("conventions", nargs=-1, metavar="[CONVENTION]...", shell_complete=complete)
@click.option("--between", nargs=2, metavar="A B", shell_complete=complete, help="Why the figures of two conventions differ.")
@click.option("--rules", is_flag=True, help="The whole manual of each convention.")
@options.asked
@options.output
def command(network: str, conventions: tuple[str, ...], between: tuple[str, str] | None, asked: Asked, out: Output, *, rules: bool) -> None:
    from cnncalc.explore import counts
    from cnncalc.output.sheets import conventions as rendering

    chosen = (*conventions, *((asked.counting,) if asked.counting != "full" else ()))
    names = [counts.known(name) for name in (*chosen, *(between or ()))]
    report = asked.report(network)
    if between is not None:
        one, other = counts.counts(report, between)
        found = counts.difference(one, other)
        out.deliver(
            lambda: rendering.between(report, found, rules=rules),
            lambda: rendering.document(report, [one, other], found),
        )
        return
    counted = counts.counts(report, names or _conventions())
    out.deliver(lambda: rendering.table(report, counted, rules=rules), lambda: rendering.document(report, counted))
