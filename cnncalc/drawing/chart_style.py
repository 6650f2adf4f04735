"""Margins, colours, titles and captions that all charts share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.drawing import svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARGIN = 32
TITLE, SUBTITLE, HEADING, CAPTION = 20, 12.5, 14, 12  # font sizes
LINE = CAPTION * 1.35  # from one line of text to the next
BOLD = 1.08  # bold letters are wider
# Colours that are told apart with red-green colour blindness: Okabe and Ito's without black and yellow, and three more.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a78dc", "#999933", "#b5446e")
OTHER = "#8b949e"


class Caption(NamedTuple):
    """Lines of text as SVG, and their height with the space around them."""

    drawn: str
    height: float


def colour(at: int) -> str:
    """Return the colour with this number."""
    return COLOURS[at % len(COLOURS)]


def header(lines: Sequence[str], width: float) -> Caption:
    """Return the title and the lines below it."""
    y = MARGIN + TITLE * 0.6
    drawn = []
    for i, line in enumerate(lines):
        size = SUBTITLE if i else TITLE
        for each in svg.wrapped(line, size * (1 if i else BOLD), width - 2 * MARGIN):
            drawn.append(svg.text(MARGIN, y, each, size=size, faint=i > 0, font_weight=None if i else "bold"))
            y += size * 1.35 if i else size * 1.2
    return Caption(svg.group(*drawn, class_="title"), y + 6)


def caption(lines: Iterable[str], width: float, top: float) -> Caption:
    """Return the lines below a chart."""
    y = top
    drawn = []
    for line in lines:
        for each in svg.wrapped(line, CAPTION, width - 2 * MARGIN):
            drawn.append(svg.text(MARGIN, y, each, size=CAPTION, faint=True))
            y += LINE
    return Caption(svg.group(*drawn, class_="caption") if drawn else "", y - top + MARGIN - CAPTION if drawn else 4)
