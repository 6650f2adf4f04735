"""A sheet as aligned text: columns as wide as their widest cell, as many as the terminal holds."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.output.figures import Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from cnncalc.output.sheet import Column, Sheet

GAP = "  "
READABLE = 100  # characters of a line of words, where a table is not wider
NARROWEST = 24  # characters that a column of words keeps where it has to wrap
SHORTEST = 12  # characters that a name keeps where it has to be shortened
BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
ASCII = str.maketrans({
    "×": "x", "·": "*", "–": "-", "—": "-", "−": "-", "…": "...", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "≥": ">=", "≤": "<=",
    "─": "-", "⁰": "^0", "¹": "^1", "²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9", "’": "'",
    "\N{REPLACEMENT CHARACTER}": "?", "\xa0": " ",
})  # fmt: skip


class Page:
    """What a table is written on: its width (0: as wide as it likes), its colours, its signs, and whether lines are ruled."""

    __slots__ = ("colour", "encoding", "ruled", "width")

    def __init__(self, width: int = 0, *, colour: bool = False, encoding: str = "utf-8", ruled: bool = True) -> None:
        self.width = width
        self.colour = colour
        self.encoding = encoding
        self.ruled = ruled

    @property
    def ascii(self) -> bool:
        """Has not even the signs of sizes and formulas."""
        try:
            "×·–…─⌊⌋≥²".encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return True
        return False


def render(sheet: Sheet, page: Page, units: str = "") -> str:
    """The whole text, with a line's end at its end."""
    return "\n".join(Writer(sheet, page, units).lines()) + "\n"


class Writer:
    """Lays one sheet out on one page."""

    def __init__(self, sheet: Sheet, page: Page, units: str) -> None:
        self.sheet = sheet
        self.page = page
        self.ascii = page.ascii
        self.look = Look(units, "ascii" if self.ascii else "text")

    def lines(self) -> Iterator[str]:
        """Title, columns, rows, totals, notes."""
        for i, line in enumerate(self.sheet.title):
            yield from self.paragraph(line, BOLD if i == 0 else "")
        if not self.sheet.columns:
            yield from self.below([], 0)
            return
        if self.sheet.title:
            yield ""
        columns, cells, left_out = self.fitting()
        widths = [max(map(breadth, column)) for column in cells]
        width = sum(widths) + len(GAP) * (len(widths) - 1)
        padded = [self.pad(column, texts, width) for column, texts, width in zip(columns, cells, widths, strict=True)]
        yield from self.body(self.joined(columns, padded, widths), width)
        yield from self.below(left_out, width)

    def body(self, rows: Iterator[str], width: int) -> Iterator[str]:
        """The rows of the sections under the heading, with rulers between them."""
        ruler = [self.styled(self.signs("─") * width, DIM)] if self.page.ruled else []
        yield self.styled(next(rows), BOLD)
        for section in self.sheet.sections:
            if section.title:
                yield from ("", self.styled(self.signs(section.title), BOLD))
            yield from ruler
            yield from islice(rows, len(section.rows))
            if section.total is not None:
                yield from ruler
                yield self.styled(next(rows), BOLD)

    def joined(self, columns: Sequence[Column], padded: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
        """Cells side by side; words that take several lines go on under themselves."""
        rows = zip(*padded, strict=True)
        if not any(column.wraps for column in columns):
            return (GAP.join(row).rstrip() for row in rows)
        return ("\n".join(self.hanging(row, widths)) for row in rows)

    def hanging(self, row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
        """The lines of a row, some of whose cells have several."""
        lines = [cell.split("\n") for cell in row]
        for i in range(max(map(len, lines))):
            texts = [cell[i] if i < len(cell) else "" for cell in lines]
            yield GAP.join([text + " " * (width - breadth(text)) for text, width in zip(texts, widths, strict=True)]).rstrip()

    def below(self, left_out: Sequence[Column], width: int) -> Iterator[str]:
        """What is said under the table, in lines that are not too long to be read."""
        width = max(READABLE, width)
        aside = list(self.sheet.asides)
        if left_out:
            names = ", ".join(column.heading for column in left_out)
            aside.insert(0, f"Left out for a width of {self.page.width}: {names}; {self.sheet.hint}--width 0 shows all.")
        if self.sheet.notes or aside:
            yield ""
        for note in self.sheet.notes:
            yield from self.paragraph(note, width=width)
        for note in aside:
            yield from self.paragraph(note, DIM, width)

    def fitting(self) -> tuple[list[Column], list[list[str]], list[Column]]:
        """The columns that the page holds with their texts, and those that it does not hold."""
        columns = list(self.sheet.columns)
        raw = [row for section in self.sheet.sections for row in (*section.rows, *([section.total] if section.total is not None else ()))]
        values = list(zip(*raw, strict=True)) if raw else [()] * len(columns)
        cells = [self.texts(column, column_values) for column, column_values in zip(columns, values, strict=True)]
        left_out: list[Column] = []
        if not self.page.width:
            return columns, cells, left_out
        kept = self.kept(columns, [max(map(breadth, column)) for column in cells])
        left_out = [column for i, column in enumerate(columns) if i not in kept]
        columns, cells = [columns[i] for i in kept], [cells[i] for i in kept]
        widths = [max(map(breadth, column)) for column in cells]
        over = sum(widths) + len(GAP) * (len(widths) - 1) - self.page.width
        for i, column in enumerate(columns):
            if over > 0 and column.wraps:
                room = max(widths[i] - over, NARROWEST)
                cells[i] = ["\n".join(wrapped(text, room, "")) for text in cells[i]]
                over -= widths[i] - room
        if over > 0 and not columns[0].form.right:
            room = max(widths[0] - over, SHORTEST)
            cells[0] = [shortened(text, room, self.signs("…")) for text in cells[0]]
        return columns, cells, left_out

    def kept(self, columns: Sequence[Column], widths: Sequence[int]) -> list[int]:
        """The places of the columns that fit: the most important one, and then each that there is room for."""
        kept: list[int] = []
        room = self.page.width + len(GAP)
        for i in sorted(range(len(columns)), key=lambda i: (-columns[i].keep, i)):
            width = widths[i]
            if columns[i].wraps:
                width = min(width, NARROWEST)
            elif not i and not columns[i].form.right:
                width = min(width, max(SHORTEST, self.page.width // 2))
            if not kept or width + len(GAP) <= room:
                kept.append(i)
                room -= width + len(GAP)
        return sorted(kept)

    def texts(self, column: Column, values: Sequence[Any]) -> list[str]:
        """The heading and the values as they read."""
        people, look = column.form.people, self.look
        cells = [column.heading, *["" if value is None else people(value, look) for value in values]]
        return [self.signs(cell) for cell in cells] if self.ascii else cells

    def pad(self, column: Column, texts: list[str], width: int) -> list[str]:
        """Texts filled up with blanks; where colour is on, what is nothing steps back."""
        right = column.form.right
        if all(len(text) == breadth(text) for text in texts):
            padded = [text.rjust(width) for text in texts] if right else [text.ljust(width) for text in texts]
        else:
            blanks = [" " * (width - breadth(text)) for text in texts]
            padded = [blank + text if right else text + blank for text, blank in zip(texts, blanks, strict=True)]
        if self.page.colour and right:
            cells = zip(texts[1:], padded[1:], strict=True)
            return [padded[0], *[f"{DIM}{cell}{RESET}" if text == "0" or text[:1].isalpha() else cell for text, cell in cells]]
        return padded

    def paragraph(self, text: str, style: str = "", width: int = 0) -> Iterator[str]:
        """Words in lines that fit, and that are not too long to be read."""
        width = min(width or self.page.width, self.page.width or width)
        for line in wrapped(self.signs(text), width):
            yield self.styled(line, style)

    def styled(self, text: str, style: str) -> str:
        """The text in colour, where there is colour."""
        return f"{style}{text.replace(RESET, RESET + style)}{RESET}" if style and self.page.colour else text

    def signs(self, text: str) -> str:
        """The text with signs that the page has."""
        if not self.ascii or text.isascii():
            return text
        return text.translate(ASCII).encode(self.page.encoding if self.page.encoding else "ascii", "replace").decode(self.page.encoding)


def breadth(text: str) -> int:
    """The places that a text takes in a terminal; of several lines, the longest."""
    if "\n" in text:
        return max(map(breadth, text.split("\n")))
    if text.isascii() or max(text) < "\u0300":
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(each) in ("Mn", "Me", "Cf") else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def shortened(text: str, most: int, sign: str) -> str:
    """A name without its middle."""
    if breadth(text) <= most:
        return text
    keep = max(most - len(sign), 2)
    return text[: keep // 2] + sign + text[len(text) - (keep - keep // 2) :]


def wrapped(text: str, width: int, indent: str = "  ") -> list[str]:
    """A paragraph in lines, all but the first indented; a word that is too long keeps a line for itself."""
    text = printable(text)
    if not width or breadth(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and breadth(line) + 1 + breadth(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
