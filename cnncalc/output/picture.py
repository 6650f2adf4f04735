"""A sheet as a picture: the table as a terminal shows it, in SVG, for slides and READMEs. The one place that needs rich."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cnncalc.output import tables

if TYPE_CHECKING:
    from cnncalc.output.sheet import Sheet

WIDTH = 120  # characters, before words are wrapped; a table that is wider makes a wider picture


def svg(sheet: Sheet, units: str) -> str:
    """The whole picture."""
    from rich.console import Console
    from rich.text import Text

    text = tables.render(sheet, tables.Page(WIDTH, colour=True), units)
    shown = Text.from_ansi(text.rstrip("\n"), no_wrap=True)
    width = max((line.cell_len for line in shown.split()), default=1)
    console = Console(
        file=io.StringIO(), record=True, width=max(width, 20), color_system="truecolor", force_terminal=True, legacy_windows=False
    )
    console.print(shown, crop=False)
    return console.export_svg(title=sheet.title[0] if sheet.title else "cnncalc") + "\n"
