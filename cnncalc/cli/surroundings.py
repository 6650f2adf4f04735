"""Handles closed or broken standard streams, and signals that end the process."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TextIO

COLOUR = {"always": "FORCE_COLOR", "never": "NO_COLOR"}  # environment variable for each choice


def complete_streams() -> None:
    """Replace a stream that the caller closed by the null device; writing a result to it is an error."""

    def null(flags: int, mode: Literal["r", "w"]) -> TextIO:
        return open(os.open(os.devnull, flags), mode, encoding="utf-8", closefd=False)

    sys.stdin = sys.stdin or null(os.O_RDONLY, "r")
    sys.stdout = sys.stdout or null(os.O_RDONLY, "w")
    sys.stderr = sys.stderr or null(os.O_WRONLY, "w")


def silence(stream: TextIO) -> None:
    """Discard the buffer of a closed pipe, to prevent an error at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # not a real file: in a test, or under another program
        return


class TerminatedBySignal(SystemExit):
    """Raised by a signal that ends the process, so that code can clean up."""

    code: int


def end(number: int, frame: object) -> None:
    """Handle a signal: exit with 128 + its number, as shells do."""
    raise TerminatedBySignal(128 + number)


def watch() -> None:
    """Exit cleanly on SIGTERM and SIGHUP; ignored signals stay ignored, as under nohup."""
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # in a thread of another program
                signal.signal(number, end)


def help_width() -> int:
    """Return the width of help, at most 78. click would import shutil for it, which takes a twentieth of the time of a help."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        width = int(columns)
    else:
        try:
            width = os.get_terminal_size(sys.stdout.fileno()).columns
        except (OSError, ValueError):
            width = 0
    return max(min(width or 80, 80) - 2, 50)


def colour(choice: str) -> None:
    """Set the environment variable for a colour choice; `auto` leaves the environment unchanged."""
    if choice in COLOUR:
        for name in COLOUR.values():
            os.environ.pop(name, None)
        os.environ[COLOUR[choice]] = "1"


@contextmanager
def same_colour_after() -> Iterator[None]:
    """Restore the environment variables for colour, since the caller may be another program."""
    before = {name: os.environ.get(name) for name in COLOUR.values()}
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
