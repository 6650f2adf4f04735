"""A sheet as a picture: the table as a terminal shows it, in SVG, for slides and READMEs. The one place that needs rich."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cnncalc.breadth import breadth
from cnncalc.errors import Problem, SpecError, printable
from cnncalc.output import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

    from cnncalc.output.sheet import Sheet

ROWS = 5_000
WIDTH = 120  # characters, before words are wrapped; a table that is wider makes a wider picture
PLACE = 12.2  # units of the picture that rich gives to a character
FETCHED = r"@font-face \{.*?\}\s*"  # a picture fetches nothing
RUN = r'<text class="([^"]*)" x="([^"]*)" y="([^"]*)" textLength="[^"]*" clip-path="([^"]*)">(.*?)</text>'
BLANK = "\xa0"
PIECE = f"(?:(?!{BLANK}{BLANK}).)+"


def svg(sheet: Sheet, units: str) -> str:
    """The whole picture."""
    from re import DOTALL, sub

    from rich.console import Console
    from rich.text import Text

    rows = sum(len(section.rows) for section in sheet.sections)
    if rows > ROWS:
        hint = "--format html has all of them; cnncalc show has fewer with --top 100 or --fold 1"
        raise SpecError(Problem(f"the table is too large for an SVG: {rows:,} rows; at most {ROWS:,} are drawn", hint=hint))
    text = tables.render(sheet, tables.Page(WIDTH, colour=True), units)
    shown = Text.from_ansi(text.rstrip("\n"), no_wrap=True)
    width = max((line.cell_len for line in shown.split()), default=1)
    console = Console(
        file=io.StringIO(),
        record=True,
        width=max(width, 20),
        color_system="truecolor",
        force_terminal=True,
        legacy_windows=False,
        _environ={},  # a picture is the same in every terminal, also in one that calls itself dumb
    )
    console.print(shown, crop=False)
    picture = console.export_svg(title=printable(sheet.title[0]) if sheet.title else "cnncalc")
    style, end, drawing = picture.partition("</style>")
    drawing = sub(RUN, lambda run: "".join(pieces(run)), drawing, flags=DOTALL)
    return (sub(FETCHED, "", style, flags=DOTALL) + end + drawing).encode("ascii", "xmlcharrefreplace").decode() + "\n"


def pieces(run: Match[str]) -> Iterator[str]:
    """A line of the table cell by cell, each at its own place: fonts differ in how wide they make a line."""
    from html import escape, unescape
    from re import finditer

    style, left, top, clip, written = run.groups()
    line = unescape(written)
    for piece in finditer(PIECE, line):
        words = piece[0].removeprefix(BLANK)
        if words.strip():
            start = float(left) + PLACE * breadth(line[: piece.end() - len(words)])
            length = PLACE * breadth(words)
            yield f'<text class="{style}" x="{start:.6g}" y="{top}" textLength="{length:.6g}" clip-path="{clip}">{escape(words)}</text>'
