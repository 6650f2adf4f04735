"""Sheets as aligned text."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.output.forms.numbers import NumberFormat
from cnncalc.output.forms.sheet import READABLE
from cnncalc.output.forms.signs import carries, plain
from cnncalc.output.forms.styles import BOLD, DIM, RESET, styled
from cnncalc.text import breadth, even, filled, lines_of, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from cnncalc.output.forms.sheet import Column, Detail, Sheet

GAP = "  "
INDENT = "    "
NARROWEST = 24  # characters that a column of words keeps where it has to wrap
SHORTEST = 12  # characters that a name keeps where it has to be shortened


class Page:
    """Properties of the output medium: width (0: unlimited), colours, encoding, and whether rules are drawn."""

    __slots__ = ("colour", "encoding", "ruled", "width")

    def __init__(self, width: int = 0, *, colour: bool = False, encoding: str = "utf-8", ruled: bool = True) -> None:
        self.width = width
        self.colour = colour
        self.encoding = encoding
        self.ruled = ruled

    @property
    def ascii(self) -> bool:
        """Whether the encoding lacks the signs of sizes and formulas."""
        return not carries(self.encoding, "×·–…─⌊⌋≥²")


def render(sheet: Sheet, page: Page, units: str = "") -> str:
    """Return the whole text, ending in a newline."""
    return "\n".join(TableWriter(sheet, page, units).lines()) + "\n"


class RenderedColumn:
    """A column with the texts of its cells, heading first, and its width."""

    __slots__ = ("column", "even", "styles", "texts", "width")

    def __init__(self, column: Column, texts: list[str], styles: Sequence[tuple[str, str] | None] = ()) -> None:
        self.column = column
        self.styles = styles  # of the cells below the heading, where the page has colours
        self.hold(texts)

    def hold(self, texts: list[str]) -> None:
        """Set the texts and compute the width."""
        self.texts = texts
        joined = "".join(texts)
        self.even = even(joined) and "\n" not in joined
        self.width = max(map(len if self.even else breadth, texts))

    def padded(self, *, colour: bool) -> list[str]:
        """Return the texts padded to the width; in colour, cells in their styles and zeros dimmed."""
        width, right = self.width, self.column.form.right
        if self.even:
            cells = [text.rjust(width) for text in self.texts] if right else [text.ljust(width) for text in self.texts]
        else:
            cells = [filled(text, width, right=right) for text in self.texts]
        if not colour:
            return cells
        if right:
            pairs = zip(self.texts, cells, strict=True)
            dim = [cell.replace(text, f"{DIM}{text}{RESET}") if text == "0" or text[:1].isalpha() else cell for text, cell in pairs]
            cells = [cells[0], *dim[1:]]
        for at, style in enumerate(self.styles, 1):
            part = (style[1] or self.texts[at]) if style else ""
            if style and part:
                cells[at] = cells[at].replace(part, styled(part, style[0]), 1)
        return cells


class TableWriter:
    """Lays out one sheet on one page."""

    def __init__(self, sheet: Sheet, page: Page, units: str) -> None:
        self.sheet = sheet
        self.page = page
        self.ascii = page.ascii
        self.fmt = NumberFormat(units, "ascii" if self.ascii else "text")

    def lines(self) -> Iterator[str]:
        """Yield title, table and notes."""
        for i, line in enumerate(self.sheet.title):
            yield from self.paragraph(line, BOLD if i == 0 else "")
        if not self.sheet.columns:
            yield from self.below([], 0)
            return
        if self.sheet.title:
            yield ""
        strips = self.strips()
        left_out: list[Column] = []
        if self.page.width:
            kept = self.fitting(strips)
            left_out = [strip.column for strip in strips if strip not in kept and strip.column.name not in self.sheet.optional]
            strips = kept
        width = breadth_of(strips)
        yield from self.body(self.rows(strips), width)
        yield from self.below(left_out, width)

    def strips(self) -> list[RenderedColumn]:
        """Return all columns with their texts."""
        raw = [row for section in self.sheet.sections for row in (*section.rows, *([section.total] if section.total is not None else ()))]
        values = zip(*raw, strict=True) if raw else [()] * len(self.sheet.columns)
        return [
            RenderedColumn(column, self.texts(column, found), self.styles(column, found))
            for column, found in zip(self.sheet.columns, values, strict=True)
        ]

    def styles(self, column: Column, values: Sequence[Any]) -> Sequence[tuple[str, str] | None]:
        """Return the styles of the values, where the page has colours."""
        style = column.form.style
        return [None if value is None else style(value) for value in values] if style and self.page.colour else ()

    def texts(self, column: Column, values: Sequence[Any]) -> list[str]:
        """Return the heading and the formatted values."""
        people, fmt = column.form.people, self.fmt
        cells = [column.heading, *["" if value is None else people(value, fmt) for value in values]]
        return [self.signs(cell) for cell in cells] if self.ascii else cells

    def fitting(self, strips: Sequence[RenderedColumn]) -> list[RenderedColumn]:
        """Return the columns that fit the page, added in order of importance. Words wrap, and names are shortened."""
        first = strips[0]
        chosen: list[RenderedColumn] = []
        room = self.page.width + len(GAP)
        for strip in sorted(strips, key=lambda strip: -strip.column.keep):
            width = strip.width
            if strip.column.wraps:
                width = min(width, NARROWEST)
            elif strip is first and not strip.column.form.right:
                width = min(width, max(SHORTEST, self.page.width // 2))
            if not chosen or width + len(GAP) <= room:
                chosen.append(strip)
                room -= width + len(GAP)
        kept = [strip for strip in strips if strip in chosen]
        for strip in kept:
            over = breadth_of(kept) - self.page.width
            if over > 0 and strip.column.wraps:
                strip.hold(["\n".join(wrapped(text, max(strip.width - over, NARROWEST), "")) for text in strip.texts])
        over = breadth_of(kept) - self.page.width
        if over > 0 and not kept[0].column.form.right:
            most = max(kept[0].width - over, SHORTEST)
            kept[0].hold([shortened(text, most, self.signs("…")) for text in kept[0].texts])
        return kept

    def rows(self, strips: Sequence[RenderedColumn]) -> Iterator[str]:
        """Return the rows as text; a cell with wrapped words continues on the next line."""
        cells = zip(*[strip.padded(colour=self.page.colour) for strip in strips], strict=True)
        if any(strip.column.wraps for strip in strips):
            return ("\n".join(hanging(row, strips)) for row in cells)
        return (GAP.join(row).rstrip() for row in cells)

    def body(self, rows: Iterator[str], width: int) -> Iterator[str]:
        """Yield the heading, and the rows of all sections with rules between them."""
        ruler = [self.styled(self.signs("─") * width, DIM)] if self.page.ruled else []
        yield self.styled(next(rows), BOLD)
        for section in self.sheet.sections:
            if section.title:
                yield ""
                yield from self.paragraph(section.title, BOLD)
            yield from ruler
            yield from islice(rows, len(section.rows))
            if section.total is not None:
                yield from ruler
                yield self.styled(next(rows), BOLD)

    def below(self, left_out: Sequence[Column], width: int) -> Iterator[str]:
        """Yield passages, notes and asides, wrapped to a readable width."""
        width = max(READABLE, width)
        aside = list(self.sheet.asides)
        if left_out:
            names = [column.name if self.sheet.hint else column.heading or column.name for column in left_out]  # the hint is --columns
            aside.insert(0, f"Hidden at this width: {', '.join(names)} ({self.sheet.hint}--width 0 for all).")
        for passage in self.sheet.passages:
            yield ""
            yield from self.passage(passage, min(width, self.page.width or width))
        if self.sheet.notes or aside:
            yield ""
        for note in self.sheet.notes:
            yield from self.paragraph(note, width=width)
        for note in aside:
            yield from self.paragraph(note, DIM, width)

    def passage(self, passage: Detail, width: int) -> Iterator[str]:
        """Yield a passage: its head, then indented lines and remarks."""
        room = max(width - len(INDENT), SHORTEST)
        yield from self.paragraph(passage.head, BOLD, width)
        for line in passage.lines(room, self.fmt.style):
            yield INDENT + self.signs(printable(line))
        for remark in passage.remarks:
            for line in wrapped(self.signs(remark), room):
                yield INDENT + line

    def paragraph(self, text: str, style: str = "", width: int = 0) -> Iterator[str]:
        """Yield a paragraph wrapped to a readable width."""
        width = min(width or self.page.width, self.page.width or width)
        for line in wrapped(self.signs(text), width):
            yield self.styled(line, style)

    def styled(self, text: str, style: str) -> str:
        """Return the text in a style, if the page has colour."""
        if not (style and self.page.colour):
            return text
        return f"{style}{text.replace(RESET, RESET + style)}".removesuffix(style) + ("" if text.endswith(RESET) else RESET)

    def signs(self, text: str) -> str:
        """Return the text with signs that the page can encode."""
        return plain(text, self.page.encoding) if self.ascii else text


def breadth_of(strips: Sequence[RenderedColumn]) -> int:
    """Return the total width of columns side by side."""
    return sum(strip.width for strip in strips) + len(GAP) * (len(strips) - 1)


def hanging(row: Sequence[str], strips: Sequence[RenderedColumn]) -> Iterator[str]:
    """Yield the lines of a row with multi-line cells."""
    lines = [cell.split("\n") for cell in row]
    for i in range(max(map(len, lines))):
        texts = [cell[i] if i < len(cell) else "" for cell in lines]
        yield GAP.join([filled(text, strip.width) for text, strip in zip(texts, strips, strict=True)]).rstrip()


def wrapped(text: str, width: int, indent: str = "  ") -> list[str]:
    """Wrap a paragraph, with control characters replaced and all but the first line indented."""
    return lines_of(printable(text), width, indent)
