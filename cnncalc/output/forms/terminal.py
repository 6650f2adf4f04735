"""Width, colour and encoding of an output stream."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from cnncalc.output.forms.tables import Page

if TYPE_CHECKING:
    from collections.abc import Mapping


def page(stream: TextIO | None, asked: int | None = None, environment: Mapping[str, str] | None = None) -> Page:
    """Return the page for a stream. Files (None) and pipes have no width limit by default."""
    known = os.environ if environment is None else environment
    if stream is None:
        return Page(asked or 0)
    terminal = stream.isatty()
    columns = asked if asked is not None else width(stream, known) if terminal else 0
    return Page(columns, colour=_colour(stream, known), encoding=stream.encoding or "ascii")


def _colour(stream: TextIO, known: Mapping[str, str]) -> bool:
    """Return whether to use colour: as the environment asks (no-color.org, force-color.org), else where rich detects that it is there."""
    if known.get("NO_COLOR"):
        return False
    if known.get("FORCE_COLOR"):
        return True
    if not stream.isatty():
        return False
    from rich.console import Console

    return Console(file=stream, _environ=known).color_system is not None


def width(stream: TextIO, known: Mapping[str, str]) -> int:
    """Return COLUMNS if set, otherwise the terminal's width."""
    asked = known.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
