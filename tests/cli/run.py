"""Run the command line inside the test, as a shell would see it."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple

from click.testing import CliRunner

from cnncalc.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

# click below 8.2 mixes the two streams unless it is told not to; later ones never do, and have no such argument.
APART: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}


class Done(NamedTuple):
    code: int
    out: str
    err: str


def run(*args: str, input: str | bytes | None = None, env: Mapping[str, str | None] | None = None) -> Done:
    clean = {"NO_COLOR": None, "FORCE_COLOR": None, **(env or {})}
    found = CliRunner(**APART).invoke(cli, args, input=input, prog_name="cnncalc", env=clean)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return Done(found.exit_code, found.stdout, found.stderr)
