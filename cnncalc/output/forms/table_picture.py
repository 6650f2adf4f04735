"""Sheets as SVG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError, printable
from cnncalc.limits import LIMITS
from cnncalc.output.forms import tables
from cnncalc.text import breadth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

    from cnncalc.output.forms.sheet import Sheet

WIDTH = 120  # width in characters at which words wrap; a wider table gives a wider picture
PLACE = 12.2  # width of a character in rich's SVG
RUN = r'<text class="([^"]*)" x="([^"]*)" y="([^"]*)" textLength="[^"]*" clip-path="([^"]*)">(.*?)</text>'
BLANK = "\xa0"
PIECE = f"(?:(?!{BLANK}{BLANK}).)+"
# The SVG template. That of rich would load fonts.
TEMPLATE = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Fira Code, monospace; font-size: {char_height}px; font-variant-east-asian: full-width }}
.{unique_id}-title {{ font-family: arial; font-size: 18px; font-weight: bold }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def svg(sheet: Sheet, units: str) -> str:
    """Return the picture of a sheet."""
    from re import DOTALL, sub
    from zlib import crc32

    from rich.console import Console
    from rich.text import Text

    rows = sum(len(section.rows) for section in sheet.sections)
    if rows > LIMITS.picture_rows:
        hint = "--format html has all of them; cnncalc show has fewer with --top 100 or --fold 1"
        raise SpecError(Problem(f"the table is too large for an SVG: {rows:,} rows; at most {LIMITS.picture_rows:,} are drawn", hint=hint))
    text = tables.render(sheet, tables.Page(WIDTH, colour=True), units)
    shown = Text.from_ansi(text.rstrip("\n"), no_wrap=True)
    lines = shown.plain.split("\n")
    console = Console(  # fixed options: the picture must not depend on the environment
        file=io.StringIO(),
        record=True,
        width=max(*map(breadth, lines), 20),
        height=len(lines),
        color_system="truecolor",
        no_color=False,
        force_terminal=True,
        force_interactive=False,
        force_jupyter=False,
        legacy_windows=False,
    )
    console.print(shown, crop=False)
    title = printable(sheet.title[0]) if sheet.title else "cnncalc"
    picture = console.export_svg(title=title, code_format=TEMPLATE, unique_id=f"table-{crc32(text.encode())}")
    picture = sub(RUN, lambda run: "".join(pieces(run)), picture, flags=DOTALL)
    return picture.encode("ascii", "xmlcharrefreplace").decode()


def pieces(run: Match[str]) -> Iterator[str]:
    """Split a line into cells with their own positions, since fonts differ in width."""
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
