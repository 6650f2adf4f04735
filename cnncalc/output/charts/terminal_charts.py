"""Charts in a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.drawing import axes
from cnncalc.drawing.labels import Disc, LabelPlace, Rectangle, place_labels
from cnncalc.errors import printable
from cnncalc.explore.accuracy import ERRORS
from cnncalc.output.charts import bubbles
from cnncalc.output.charts.chart_sheets import bubble_table
from cnncalc.output.forms import numbers, tables
from cnncalc.output.forms.bar import EIGHTHS, bar
from cnncalc.output.forms.sheet import VOLUME, Column, Form, Section, Sheet
from cnncalc.output.forms.signs import carries, plain
from cnncalc.output.forms.styles import styled
from cnncalc.text import breadth, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.explore.accuracy import Accuracies
    from cnncalc.output.charts.bars import Bars, Panel
    from cnncalc.output.forms.tables import Page

SHORTEST = 8  # minimal length of the longest bar for panels side by side; otherwise they are stacked
LONGEST = 96  # maximal width of all panels and names
NAME = 40  # maximal length of a name in a plot
GAP = len(tables.GAP)
WIDE, HIGH, LEAST = 100, 22, 44  # size of a plot in characters; below LEAST columns there is none
CELL = (8, 16)  # size of a character for placing names


def bars_text(bars: Bars, page: Page, units: str = "") -> str:
    """Return a table with bars or, if too wide, one per metric."""
    signs = Signs(page)
    volumes = [numbers.volume(bar.volume, numbers.NumberFormat()) for bar in bars.rows if bar.volume is not None and bars.what == "layer"]
    name = max(len(bars.what), len("total"), *(breadth(signs.words(bar.name)) for bar in bars.rows))
    aside = max(map(len, volumes), default=0)
    rooms = [_room(bars.panels, page.width - taken if page.width else 0, units) for taken in (name + GAP + aside, name)]
    last = _below(bars)
    if rooms[-1]:
        columns = [_name(bars, signs, name), *([Column("output", "output", VOLUME, 10)] if volumes and rooms[0] else [])]
        room = rooms[0] if volumes and rooms[0] else rooms[-1]
        columns += [_column(panel, panel.metric.words, room, signs, units) for panel in bars.panels]
        return signs.coloured(tables.render(Sheet(bars.title, columns, [_rows(bars, bars.panels, columns)], *last), page, units))
    sheets = [Sheet(bars.title, (), ())]
    for panel in bars.panels:
        before = max(_widest(panel, units), len(panel.metric.name))
        left = page.width - GAP - before
        short = min(name, max(left - 1 - SHORTEST if left > 3 * SHORTEST else left, len(bars.what)))
        room = page.width - short - GAP
        heading = panel.metric.words if len(panel.metric.words) <= room else panel.metric.name
        columns = [_name(bars, signs, short), _column(panel, heading, room, signs, units)]
        sheets.append(Sheet((), columns, [_rows(bars, [panel], columns)]))
    sheets += [Sheet((), (), (), *last)] if any(last) else []
    return signs.coloured("\n".join(tables.render(sheet, page, units).lstrip("\n") for sheet in sheets))


def _below(bars: Bars) -> tuple[Sequence[str], Sequence[str]]:
    """Return notes, and secondary notes."""
    asides = " ".join([*bars.asides, *bars.hints])
    return bars.notes, [asides] if asides else []


def _name(bars: Bars, signs: Signs, width: int) -> Column:
    """Return the column of names, up to a width."""
    return Column(bars.what, bars.what, Form(lambda value, fmt: shortened(signs.words(value), width, "...")), 100)


def _rows(bars: Bars, panels: Sequence[Panel], columns: Sequence[Column]) -> Section:
    """Return the rows with the values of the panels, and the totals."""
    aside = any(column.name == "output" for column in columns)
    rows = [[bar.name, *([bar.volume] if aside else []), *(panel.values[i] for panel in panels)] for i, bar in enumerate(bars.rows)]
    whole = [panel.whole for panel in panels]
    total = None if None in whole else ["total", *([None] if aside else []), *(WholeChart(each or 0) for each in whole)]
    return Section(rows, total)


class WholeChart(int):
    """A total, shown without a bar."""

    __slots__ = ()


class Signs:
    """The characters for bars and points."""

    def __init__(self, page: Page) -> None:
        self.ascii = page.ascii or not carries(page.encoding, f"{EIGHTHS}●│└┴┤")
        self.colour = page.colour
        self.encoding = page.encoding
        self.point, self.side, self.corner, self.floor, self.tick, self.mark = "o|+-++" if self.ascii else "●│└─┴┤"

    def words(self, text: str) -> str:
        """Escape a name for the page."""
        return plain(printable(text), self.encoding) if self.ascii else printable(text)

    def coloured(self, text: str) -> str:
        """Colour bars and points, if the page has colour."""
        return re.sub(f"[{EIGHTHS[1:]}●]+", lambda found: styled(found[0], "bar"), text) if self.colour else text


def _room(panels: Sequence[Panel], width: int, units: str) -> int:
    """Return the width of panels side by side for the remaining width (0: unlimited); 0 if they do not fit."""
    most = LONGEST // len(panels)
    least = max(max(len(panel.metric.words), _widest(panel, units) + 1 + SHORTEST) for panel in panels)
    room = max(min(width // len(panels) - GAP, most) if width else most, least if not width else 0)
    return room if room >= least else 0


def _widest(panel: Panel, units: str) -> int:
    return max(len(_end(panel, value, units)) for value in (*panel.values, WholeChart(panel.whole or 0)))


def _end(panel: Panel, value: int, units: str) -> str:
    """Format a share, or the value of totals and of panels without shares."""
    if panel.whole is None or isinstance(value, WholeChart):
        return panel.amount(int(value), units)
    return numbers.percent(value, panel.whole, 1) if value else "0"


def _column(panel: Panel, heading: str, room: int, signs: Signs, units: str) -> Column:
    """Return the column with a share or value followed by a bar."""
    before = _widest(panel, units)
    most = max(panel.values, default=0)

    def people(value: int, fmt: numbers.NumberFormat) -> str:
        text = _end(panel, value, units).rjust(before)
        return (
            text if isinstance(value, WholeChart) else f"{text} {bar(value, most, max(room - before - 1, 0), ascii=signs.ascii)}".rstrip()
        )

    return Column(panel.metric.name, heading, Form(people), 50)


def bubbles_text(found: Accuracies, page: Page, kind: str = "auto", units: str = "") -> str:
    """Return the plot with names, and a table of all points."""
    signs = Signs(page)
    head = Sheet([bubbles.title(found), bubbles.subtitle(found)], (), ())
    width = min(page.width or WIDE, WIDE)
    plot = [*_plot(found, width, signs, kind, units), ""] if width >= LEAST and found.marks else []
    text = "\n".join([*plot, ""])
    return tables.render(head, page) + "\n" + signs.coloured(text) + signs.coloured(tables.render(bubble_table(found), page, units or "si"))


def _plot(found: Accuracies, width: int, signs: Signs, kind: str, units: str) -> Iterator[str]:
    """Yield the lines of the plot: accuracy axis, points and names, and the cost axis below."""
    across, names = bubbles.cost_axis(found, kind, units)
    up = axes.percentages([float(mark.accuracy) for mark in found.marks])
    ticks = {round((1 - up.at(tick)) * (HIGH - 1)): f"{tick:g}" for tick in up.ticks}
    side = max(map(len, ticks.values())) + 1
    columns = width - side - 2
    points = [(round(across.at(mark.cost) * (columns - 1)), round((1 - up.at(float(mark.accuracy))) * (HIGH - 1))) for mark in found.marks]
    yield f"{ERRORS[found.error]} accuracy, %"
    for y, line in enumerate(_canvas([mark.entry.label for mark in found.marks], points, columns, signs)):
        yield f"{ticks.get(y, ''):>{side}}{signs.mark if y in ticks else signs.side}{line}".rstrip()
    floor, below = [signs.floor] * columns, [" "] * (columns + side + 1)
    end = 0
    for tick, text in zip(across.ticks, axes.tick_labels(across, names), strict=True):
        x = round(across.at(tick) * (columns - 1))
        floor[x] = signs.tick
        start = min(max(x + side + 1 - len(text) // 2, 0), len(below) - len(text))
        if start >= end:
            below[start : start + len(text)] = text
            end = start + len(text) + 1
    yield " " * side + signs.corner + "".join(floor)
    yield "".join(below).rstrip()
    yield f"{found.cost.words}{', log scale' if across.log else ''}".rjust(width)


def _canvas(names: Sequence[str], points: Sequence[tuple[int, int]], columns: int, signs: Signs) -> list[str]:
    """Return the points (with a count if several coincide) and the names that fit."""
    wide, high = CELL
    lines = [[" "] * columns for _ in range(HIGH)]
    discs = [Disc((x + 0.5) * wide, (y + 0.5) * high, wide / 2) for x, y in points]
    area = Rectangle(0, 0, columns * wide, HIGH * high)
    shown = [shortened(signs.words(name), NAME, "...") for name in names]
    sizes = [breadth(name) for name in shown]
    found = place_labels([_places(x, y, size) for size, (x, y) in zip(sizes, points, strict=True)], area, discs)
    for name, size, place in zip(shown, sizes, found, strict=True):
        if place is not None:
            x, y = round(place.box.left) // wide, round(place.box.top) // high
            lines[y][x : x + size] = [name, *[""] * (size - 1)]
    for x, y in points:
        count = points.count((x, y))
        lines[y][x] = signs.point if count == 1 else str(min(count, 9))
    return ["".join(line) for line in lines]


def _places(x: int, y: int, length: int) -> Iterator[LabelPlace]:
    """Yield places beside, above and below a point."""
    wide, high = CELL
    for at, (left, top) in enumerate(((x + 2, y), (x - 1 - length, y), (x - length // 2, y - 1), (x - length // 2, y + 1))):
        box = Rectangle(left * wide, top * high, (left + length) * wide, (top + 1) * high)
        yield LabelPlace(box, distance=at)
