"""Accuracy against cost as an SVG bubble chart."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.drawing import axes, svg
from cnncalc.drawing.chart_style import CAPTION, COLOURS, MARGIN, OTHER, caption, colour, header
from cnncalc.drawing.labels import Disc, Rectangle, place_labels, places_around
from cnncalc.explore.accuracy import ERRORS
from cnncalc.output.charts import bubbles
from cnncalc.output.charts.bars import amount, capital, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.axes import ChartAxis, Prefixes
    from cnncalc.drawing.labels import LabelPlace
    from cnncalc.explore.accuracy import Accuracies, ChartedNetwork

SMALL = (960, 600)  # size of the picture without captions
MANY = 24  # networks for which that is large enough; for more, text and bubbles are smaller
LARGE, ROOM = (1280, 900), 160  # size for more networks: the width grows with the square root of their number
AXIS, LEGEND = 34, 168  # width of the axis labels and of the legend
INSET = 32  # between the frame and the outermost points
GREATEST, LEAST = (42, 30), 3.5  # largest radius in the small and the large picture, and smallest radius
TICK = 11
NAME = 220  # maximal width of a name


class BubbleLayout(NamedTuple):
    """Axes, sizes and positions."""

    width: float
    area: Rectangle
    x: ChartAxis
    y: ChartAxis
    font: float
    prefixes: Prefixes
    greatest: float

    def point(self, mark: ChartedNetwork) -> tuple[float, float]:
        """Return the centre of a bubble."""
        return self.across(float(mark.cost)), self.up(float(mark.accuracy))

    def across(self, value: float) -> float:
        """Return the x of a cost."""
        return self.area.left + INSET + self.x.at(value) * (self.area.right - self.area.left - 2 * INSET)

    def up(self, value: float) -> float:
        """Return the y of an accuracy."""
        return self.area.bottom - INSET - self.y.at(value) * (self.area.bottom - self.area.top - 2 * INSET)


def picture(found: Accuracies, kind: str = "auto", units: str = "") -> str:
    """Return the whole file."""
    above = header([bubbles.title(found), bubbles.subtitle(found)], SMALL[0])
    layout = _layout(found, kind, units, above.height)
    discs = _discs(found, layout)
    whole = bubbles.names(found)
    names = [svg.shortened(name, layout.font, NAME) for name in whole]
    places = _places(names, discs, layout)
    unnamed = [name for name, place in zip(whole, places, strict=True) if place is None]
    notes = [*bubbles.notes(found), *([f"Not labelled: {', '.join(unnamed)}."] if unnamed else [])]
    below = caption(notes, layout.width, layout.area.bottom + 62)
    coloured = list(bubbles.families(found.marks))[: len(COLOURS)]
    parts = [
        above.drawn,
        *_axes(found, layout),
        *_bubbles(found, discs, coloured),
        *_labels(names, places, layout.font),
        *_legend(found, coloured, layout),
        below.drawn,
    ]
    said = " ".join([bubbles.subtitle(found) + ".", *_description(found, units), *notes])
    return svg.document(layout.width, layout.area.bottom + 62 + below.height, bubbles.title(found), said, parts)


def _layout(found: Accuracies, kind: str, units: str, top: float) -> BubbleLayout:
    large = len(found.marks) > MANY
    width, height = extent(len(found.marks))
    x, names = bubbles.cost_axis(found, kind, units)
    accuracies = [float(mark.accuracy) for mark in found.marks]
    y = axes.percentages(accuracies)
    area = Rectangle(MARGIN + AXIS, top + 26, width - MARGIN - LEGEND, height - 62)
    return BubbleLayout(width, area, x, y, 10 if large else 12.5, names, GREATEST[large])


def extent(count: int) -> tuple[int, int]:
    """Return the size of the picture for a number of networks."""
    if count <= MANY:
        return SMALL
    width = max(LARGE[0], round(ROOM * sqrt(count)))
    return width, width * LARGE[1] // LARGE[0]


def _discs(found: Accuracies, layout: BubbleLayout) -> list[Disc]:
    """Return the bubbles, whose area is proportional to the size metric."""
    most = max(mark.size for mark in found.marks) or 1
    return [Disc(*layout.point(mark), layout.greatest * sqrt(mark.size / most)) for mark in found.marks]


def _places(names: Sequence[str], discs: Sequence[Disc], layout: BubbleLayout) -> list[LabelPlace | None]:
    """Return the places of names."""
    shown = [disc._replace(radius=max(disc.radius, LEAST)) for disc in discs]
    wanted = [places_around(disc, svg.text_width(name, layout.font), layout.font * 1.1) for disc, name in zip(shown, names, strict=True)]
    return place_labels(wanted, layout.area, shown)


def _axes(found: Accuracies, layout: BubbleLayout) -> Iterator[str]:
    """Yield the frame, grid lines and labels."""
    area = layout.area
    for tick in layout.y.ticks:
        y = layout.up(tick)
        yield svg.element("line", class_="rule", x1=area.left, y1=y, x2=area.right, y2=y, stroke=svg.RULE, stroke_width=1)
        yield svg.text(area.left - 8, y + TICK * 0.36, f"{tick:g}", size=TICK, faint=True, text_anchor="end")
    for tick, text in zip(layout.x.ticks, axes.tick_labels(layout.x, layout.prefixes), strict=True):
        x = layout.across(tick)
        yield svg.element("line", class_="rule", x1=x, y1=area.top, x2=x, y2=area.bottom + 5, stroke=svg.RULE, stroke_width=1)
        yield svg.text(x, area.bottom + 19, text, size=TICK, faint=True, text_anchor="middle")
    yield svg.element("line", class_="line", x1=area.left, y1=area.bottom, x2=area.right, y2=area.bottom, stroke=svg.FAINT, stroke_width=1)
    yield svg.text(area.left - AXIS, area.top - 10, f"{capital(ERRORS[found.error])} accuracy, %", size=12.5, font_weight="bold")
    words = f"{capital(found.cost.words)}{', log scale' if layout.x.log else ''}"
    yield svg.text(area.right, area.bottom + 38, words, size=12.5, font_weight="bold", text_anchor="end")


def _bubbles(found: Accuracies, discs: Sequence[Disc], coloured: Sequence[str]) -> Iterator[str]:
    """Yield the bubbles, large ones first so that none is hidden."""
    for i in sorted(range(len(discs)), key=lambda i: -discs[i].radius):
        mark, disc = found.marks[i], discs[i]
        fill = _fill(bubbles.family(mark), coloured)
        shape = svg.element(
            "circle", class_="bubble", cx=disc.x, cy=disc.y, r=disc.radius, fill=fill, fill_opacity=0.45, stroke=fill, stroke_width=1.3
        )
        yield svg.group(shape, tooltip=_tooltip(found, mark))


def _fill(family: str, coloured: Sequence[str]) -> str:
    return colour(coloured.index(family)) if family in coloured else OTHER


def _labels(names: Sequence[str], places: Sequence[LabelPlace | None], font: float) -> Iterator[str]:
    for name, place in zip(names, places, strict=True):
        if place is None:
            continue
        if place.leader is not None:
            x1, y1, x2, y2 = place.leader
            yield svg.element("line", class_="line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=svg.FAINT, stroke_width=0.8)
            yield svg.element("circle", class_="point", cx=x1, cy=y1, r=1.6, fill=svg.FAINT)
        box = place.box
        x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[place.anchor]
        yield svg.text(x, box.bottom - font * 0.3, name, size=font, halo=True, text_anchor=place.anchor, class_="ink halo label")


def _legend(found: Accuracies, coloured: Sequence[str], layout: BubbleLayout) -> Iterator[str]:
    """Yield the legend of areas and colours."""
    left, top = layout.area.right + 24, layout.area.top
    most = max(mark.size for mark in found.marks)
    if most > 0:
        yield svg.text(left, top + 4, f"Area: {found.size.words}", size=CAPTION, font_weight="bold")
        bottom = top + 22 + 2 * layout.greatest
        for value in _sizes(most):
            radius = layout.greatest * sqrt(value / most)
            yield svg.element(
                "circle",
                class_="line",
                cx=left + layout.greatest,
                cy=bottom - radius,
                r=radius,
                fill="none",
                stroke=svg.FAINT,
                stroke_width=1,
            )
            text = axes.tick_label(value, prefixes("", memory=found.size.in_bytes))
            yield svg.text(left + 2 * layout.greatest + 10, bottom - 2 * radius + 4, text, size=TICK, faint=True)
        top = bottom + 40
    count = bubbles.families(found.marks)
    named = [name for name in coloured if count[name] > 1]  # single networks are identified by their names
    if len(count) > len(coloured):
        named.append("others")
    for i, name in enumerate(named):
        y = top + i * 19
        fill = _fill(name, coloured)
        yield svg.element("circle", cx=left + 6, cy=y - 4, r=6, fill=fill, fill_opacity=0.45, stroke=fill, stroke_width=1.3)
        yield svg.text(left + 20, y, svg.shortened(name, CAPTION, LEGEND - 44), size=CAPTION, faint=True)


def _sizes(most: float) -> list[float]:
    """Return round sizes for the legend: the largest in the picture, and two smaller ones."""
    found = []
    for share in (1, 5, 25):
        ticks = [digit * 10.0**power for power in range(-1, 16) for digit in axes.STEPS if 1 <= digit * 10.0**power <= most / share]
        if ticks:
            found.append(ticks[-1])
    return list(dict.fromkeys(found))


def _tooltip(found: Accuracies, mark: ChartedNetwork) -> str:
    about = mark.entry.report.setting.about
    name = f"{mark.entry.label}: {about.title}{f', {about.year}' if about.year else ''}"
    costs = [f"{each.words}: {amount(each, value, 'exact')}" for each, value in ((found.cost, mark.cost), (found.size, mark.size))]
    source = f" ({(about.published or {}).get('source')})" if (about.published or {}).get("source") else ""
    return "\n".join([name, f"{ERRORS[found.error]} accuracy: {float(mark.accuracy):g}%{source}", *costs])


def _description(found: Accuracies, units: str) -> Iterator[str]:
    """Return the description for screen readers."""
    for mark in found.marks:
        yield f"{mark.entry.label}: {float(mark.accuracy):g}%, {amount(found.cost, mark.cost, units)}."
