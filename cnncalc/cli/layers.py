"""cnncalc layers: the manual of the kinds of layers, from their classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.cli.options import Output


def _kinds() -> Iterable[str]:
    from cnncalc.layers import KINDS

    return KINDS


@click.command(help="List the kinds of layers, or show the manual of one KIND.")
@click.argument("kind", required=False, shell_complete=options.complete_word(_kinds))
@options.output
def command(kind: str | None, out: Output) -> None:
    from cnncalc.errors import Problem, SpecError, suggestion
    from cnncalc.layers import KINDS
    from cnncalc.output.sheets import manual

    if kind is not None and kind not in KINDS:
        raise SpecError(Problem(f"no kind of layer is called {kind!r}", hint=suggestion(kind, KINDS) or "cnncalc layers lists them"))
    out.deliver(lambda: manual.kinds() if kind is None else manual.manual(KINDS[kind]), lambda: manual.document(kind))
