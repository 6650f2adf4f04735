"""Bar charts as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.drawing import axes, svg
from cnncalc.drawing.chart_style import BOLD, CAPTION, HEADING, LINE, MARGIN, caption, colour, header
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS
from cnncalc.output.charts.bars import capital, prefixes
from cnncalc.output.forms import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.drawing.axes import ChartAxis, Prefixes
    from cnncalc.output.charts.bars import Bar, Bars, Panel

WIDTH, HEIGHT = 960, 540  # of a slide; grows with the number of rows and panels
ROW = (15, 30)  # minimal and maximal height of a row
NARROWEST = 190  # width of a panel
GAP = 28  # between panels
TICK = 10.5  # font size of tick labels


class BarLayout(NamedTuple):
    """Sizes and positions."""

    width: float
    label: float  # width of the names
    aside: float  # width of the volumes after them
    panel: float  # width of a panel
    room: float  # part of it for the values at the ends of bars
    head: float  # baseline of the panel headings
    top: float  # of the first row
    row: float  # height of a row
    font: float


def picture(bars: Bars, units: str = "") -> str:
    """Return the whole file."""
    if len(bars.rows) > LIMITS.picture_rows:
        hint = "--by kind has a bar for each kind of layer; without --format svg or html, all of them are shown in the terminal"
        raise SpecError(
            Problem(f"the chart is too large for an SVG: {len(bars.rows):,} rows; at most {LIMITS.picture_rows:,} are drawn", hint=hint)
        )
    layout = _layout(bars, units)
    end = layout.top + layout.row * len(bars.rows)
    below = caption([*bars.notes, *bars.asides] if bars.what == "network" else bars.asides, layout.width, end + 44)
    height = max(end + 44 + below.height, HEIGHT if len(bars.rows) > 8 else 0)
    title = _title(bars)
    parts = [header([title, *bars.title[1:]], layout.width).drawn, *_names(bars, layout)]
    for at, panel in enumerate(bars.panels):
        left = MARGIN + layout.label + layout.aside + at * (layout.panel + GAP)
        parts.append(svg.group(*_panel(bars, panel, at, left, layout, units), class_="panel"))
    return svg.document(layout.width, height, title, " ".join(_description(bars, units)), [*parts, below.drawn])


def _title(bars: Bars) -> str:
    first = bars.title[0] if bars.title else ""
    return first if bars.what == "network" else f"{first}: where the cost is"


def _layout(bars: Bars, units: str) -> BarLayout:
    above = header([_title(bars), *bars.title[1:]], WIDTH)
    row = min(max((HEIGHT - above.height - 100) / max(len(bars.rows), 1), ROW[0]), ROW[1])
    font = min(12.5, row * 0.74)
    label = min(max((svg.text_width(bar.name, font) for bar in bars.rows), default=0) + 8, 230)
    aside = max((svg.text_width(_aside(bar, bars), font - 1.5) for bar in bars.rows), default=0) + 14
    if label + aside > 330:
        aside = 8
    room = max(svg.text_width(_end(panel, value, units), font) for panel in bars.panels for value in (*panel.values, 0)) + 6
    count = len(bars.panels)
    heads = [svg.text_width(each.metric.words, HEADING) * BOLD for each in bars.panels]
    panel = max((WIDTH - 2 * MARGIN - label - aside - (count - 1) * GAP) / count, NARROWEST, *heads)
    width = 2 * MARGIN + label + aside + count * panel + (count - 1) * GAP
    said = max(len(svg.wrapped(each.note, CAPTION, panel)) for each in bars.panels) + any(each.whole is not None for each in bars.panels)
    top = above.height + HEADING + said * LINE + 14
    return BarLayout(width, label, aside, panel, room, above.height + HEADING * 0.7, top, row, font)


def _aside(bar: Bar, bars: Bars) -> str:
    """Return the text after a name: the output volume, or a description."""
    if bars.what == "network":
        return ""
    return numbers.volume(bar.volume, numbers.NumberFormat()) if bar.volume is not None else bar.detail


def _names(bars: Bars, layout: BarLayout) -> Iterator[str]:
    for at, bar in enumerate(bars.rows):
        y = layout.top + (at + 0.5) * layout.row + layout.font * 0.36
        yield svg.group(
            svg.text(MARGIN, y, svg.shortened(bar.name, layout.font, layout.label), size=layout.font),
            tooltip=f"{bar.name}: {bar.detail}" if bar.detail else bar.name,
            class_="name",
        )
        if layout.aside > 8 and (text := _aside(bar, bars)):
            right = MARGIN + layout.label + layout.aside - 12
            yield svg.text(right, y, text, size=layout.font - 1.5, faint=True, text_anchor="end")


def _panel(bars: Bars, panel: Panel, at: int, left: float, layout: BarLayout, units: str) -> Iterator[str]:
    """Yield the heading, grid lines and bars of a panel."""
    long = layout.panel - layout.room
    names = prefixes(units, memory=panel.metric.in_bytes)
    axis = axes.linear(0, max(panel.values, default=0), base=names.base, whole=True)
    yield svg.text(left, layout.head, capital(panel.metric.words), size=HEADING, font_weight="bold", fill=colour(at), class_=None)
    below = layout.head + LINE + 1
    if panel.whole is not None:
        yield svg.text(left, below, f"{panel.amount(panel.whole, units)} in total", size=CAPTION, font_weight="bold")
        below += LINE
    for i, line in enumerate(svg.wrapped(panel.note, CAPTION, layout.panel)):
        yield svg.text(left, below + i * LINE, line, size=CAPTION)
    yield from _grid(axis, names, left, long, layout, len(bars.rows))
    for i, (bar, value) in enumerate(zip(bars.rows, panel.values, strict=True)):
        top = layout.top + i * layout.row + layout.row * 0.14
        length = long * axis.at(value)
        place: dict[str, str | float | None] = {"x": left, "y": top, "width": length, "height": layout.row * 0.72}
        shapes = [svg.element("rect", class_="bar", fill=colour(at), **place)]
        if not panel.strong[i]:  # paler, without the grid lines behind it
            shapes = [
                svg.element("rect", class_="paper", fill=svg.PAPER, **place),
                svg.element("rect", class_="bar", fill=colour(at), fill_opacity=0.4, **place),
            ]
        y = top + layout.row * 0.36 + layout.font * 0.36
        end = svg.text(left + length + 4, y, _end(panel, value, units), size=layout.font - 1, faint=not value, halo=True)
        yield svg.group(*shapes, end, tooltip=_tooltip(bar, panel, value))


def _grid(axis: ChartAxis, names: Prefixes, left: float, long: float, layout: BarLayout, rows: int) -> Iterator[str]:
    """Yield a line per tick, and as many labels as fit."""
    bottom = layout.top + layout.row * rows
    texts = axes.tick_labels(axis, names)
    widest = max(svg.text_width(text, TICK) for text in texts) + 6
    every = next(each for each in range(1, len(texts) + 1) if each * long / (len(texts) - 1) >= widest or each == len(texts))
    for i, (tick, text) in enumerate(zip(axis.ticks, texts, strict=True)):
        x = left + long * axis.at(tick)
        kind = "line" if i == 0 else "rule"
        yield svg.element(
            "line", class_=kind, x1=x, y1=layout.top, x2=x, y2=bottom + 4, stroke=svg.FAINT if i == 0 else svg.RULE, stroke_width=1
        )
        if i % every == 0:
            yield svg.text(x, bottom + 17, text, size=TICK, faint=True, text_anchor="middle")


def _end(panel: Panel, value: int, units: str) -> str:
    """Return the text at the end of a bar: its share, or else its value."""
    if panel.whole is None:
        return panel.amount(value, units)
    return numbers.percent(value, panel.whole, 1) if value else "0"


def _tooltip(bar: Bar, panel: Panel, value: int) -> str:
    exact = panel.amount(value, "exact")
    share = f" ({numbers.percent(value, panel.whole, 1)})" if panel.whole else ""
    volume = f" → {numbers.volume(bar.volume, numbers.NumberFormat())}" if bar.volume is not None else ""
    return f"{bar.name}: {bar.detail}{volume}\n{panel.metric.words}: {exact}{share}"


def _description(bars: Bars, units: str) -> Iterator[str]:
    """Return the description for screen readers."""
    yield f"Bars for {len(bars.rows)} {'rows' if len(bars.rows) != 1 else 'row'}, by {bars.what}."
    for panel in bars.panels:
        if panel.whole is not None:
            yield f"{capital(panel.metric.words)}: {panel.amount(panel.whole, units)} in total."
        if panel.whole is None and panel.values:
            most = max(panel.values)
            yield f"{capital(panel.metric.words)}: most in {bars.rows[list(panel.values).index(most)].name}, {panel.amount(most, units)}."
    yield from bars.notes
