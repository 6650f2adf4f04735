"""Run the command line inside the test, as a shell would see it."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from click.testing import CliRunner

from cnncalc.cli.main import COMPLETE, cli
from cnncalc.cli.shells import SHELLS

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


def complete(line: str) -> dict[str, str]:
    """The words that complete a line, with their descriptions; where files are completed, "file" and what is typed."""
    with mock.patch.dict("os.environ", {"_CNNCALC_LINE": f"cnncalc {line}"}):
        answer = [item.split("\t") for item in SHELLS["bash"](cli, {}, "cnncalc", COMPLETE).complete().splitlines()]
    return {word if kind == "plain" else f"{kind} {word}": description for kind, word, description in answer}
