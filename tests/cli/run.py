"""Run the command line inside the test, as a shell would see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from click.testing import CliRunner

from cnncalc.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Mapping


class Done(NamedTuple):
    code: int
    out: str
    err: str


def run(*args: str, input: str | bytes | None = None, env: Mapping[str, str | None] | None = None) -> Done:
    found = CliRunner().invoke(cli, args, input=input, prog_name="cnncalc", env={"NO_COLOR": None, "FORCE_COLOR": None, **(env or {})})
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return Done(found.exit_code, found.stdout, found.stderr)
