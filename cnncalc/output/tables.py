"""A sheet as aligned text: columns as wide as their widest cell, as many as the terminal holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.output.figures import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from cnncalc.output.sheet import Column, Sheet

GAP = "  "
READABLE = 100  # characters of a line of words, where a table is not wider
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
        columns, cells, left_out = self.fitting()
        widths = [max(map(breadth, column)) for column in cells]
        ruler = self.signs("─") * (sum(widths) + len(GAP) * (len(widths) - 1)) if self.page.ruled else ""
        padded = [self.pad(column, texts, width) for column, texts, width in zip(columns, cells, widths, strict=True)]
        rows = [GAP.join(row).rstrip() for row in zip(*padded, strict=True)]
        for i, line in enumerate(self.sheet.title):
            yield from self.paragraph(line, BOLD if i == 0 else "")
        if self.sheet.title:
            yield ""
        if rows:
            yield self.styled(rows[0], BOLD)
        at = 1
        for section in self.sheet.sections:
            if section.title:
                yield from ("", self.styled(self.signs(section.title), BOLD))
            if ruler:
                yield self.styled(ruler, DIM)
            yield from rows[at : at + len(section.rows)]
            at += len(section.rows)
            if section.total is not None:
                if ruler:
                    yield self.styled(ruler, DIM)
                yield self.styled(rows[at], BOLD)
                at += 1
        yield from self.below(left_out, sum(widths) + len(GAP) * (len(widths) - 1))

    def below(self, left_out: Sequence[Column], width: int) -> Iterator[str]:
        """What is said under the table, in lines that are not too long to be read."""
        width = max(READABLE, width)
        aside = list(self.sheet.asides)
        if left_out:
            names = ", ".join(column.heading for column in left_out)
            aside.insert(0, f"Left out for a width of {self.page.width}: {names}; --columns chooses, --width 0 shows all.")
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
        if over > 0 and not columns[0].form.right:
            most = max(widths[0] - over, SHORTEST)
            cells[0] = [shortened(text, most, self.signs("…")) for text in cells[0]]
        return columns, cells, left_out

    def kept(self, columns: Sequence[Column], widths: Sequence[int]) -> list[int]:
        """The places of the columns that fit: the most important one, and then each that there is room for."""
        kept: list[int] = []
        room = self.page.width + len(GAP)
        for i in sorted(range(len(columns)), key=lambda i: (-columns[i].keep, i)):
            width = widths[i] if i or columns[i].form.right else min(widths[i], max(SHORTEST, self.page.width // 2))
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
    """The places that a text takes in a terminal."""
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


def wrapped(text: str, width: int) -> Iterable[str]:
    """A paragraph in lines; a word that is too long keeps a line for itself."""
    text = printable(text)
    if not width or breadth(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and breadth(line) + 1 + breadth(word) > width:
            lines.append(line)
            line = "  " + word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
