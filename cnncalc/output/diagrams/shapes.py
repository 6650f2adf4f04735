"""Boxes, frames and lines of a diagram as SVG elements."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.drawing import svg
from cnncalc.drawing.svg import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.page import Placement
    from cnncalc.output.diagrams.box_text import BoxText
    from cnncalc.output.diagrams.boxes import Box

FONT, SMALL = 12, 11
LINE, STRIP = 15, 17  # heights of a line of text and of the strip of an in-place layer
PAD, TOP = 10, 6  # padding beside text, and above and below
LEAST = 104  # minimal width of a box, except merges
CARD = 3  # offset of the cards behind repeated blocks
BELOW, STUB = 15, 26  # room below a box for its volume, and for the arrow of an output of the network
ROUND, BOW = 5, 7  # radii of the corners of boxes and of lines
HEAD = 7  # length of an arrow's head
STEP = 4  # widths are multiples of it
DASH = "4 3"
PILLS = ("merging", "input")  # families with rounded boxes of the size of their text
# By family: the fill and the edge on paper, and in the dark. The fills differ in lightness, so that grey print tells them apart.
COLOURS = {
    "input": ("#ffffff", "#6e7781", "#15191e", "#8b949e"),
    "convolution": ("#aecdf3", "#2f6fb3", "#16365c", "#6ea8e6"),
    "pooling": ("#bde2cb", "#2b7d52", "#143d28", "#5fbf8b"),
    "dense": ("#f2b987", "#b3621b", "#54300f", "#e0965a"),
    "normalization": ("#f3edc9", "#8a7a1f", "#3d370f", "#c2b04a"),
    "activation": ("#f8d8de", "#b04357", "#4d1c26", "#e0808f"),
    "attention": ("#86c7ce", "#1d6f78", "#10383d", "#4fb3bd"),
    "merging": ("#ced3da", "#4b535d", "#2f353c", "#a9b2bb"),
    "reshaping": ("#f3f4f6", "#7b848e", "#23282e", "#8b949e"),
    "learned": ("#d0e9ed", "#23808f", "#103c44", "#5bb8c7"),
    "custom": ("#d2a0c8", "#963f86", "#47203f", "#d27fc2"),
    "block": ("#beafea", "#6a4fb3", "#33265c", "#a48be0"),
}
STYLE = "\n".join([
    "",
    "@media screen and (prefers-color-scheme: dark) {",
    *[f".cnncalc .{name} {{ fill: {fill}; stroke: {edge} }}" for name, (_, _, fill, edge) in COLOURS.items()],
    ".cnncalc .hollow { fill: none } .cnncalc .head { fill: #a9b2bb }",
    "}",
])  # fmt: skip


def size(words: BoxText) -> tuple[float, float]:
    """Return the size of a box by itself."""
    wide = [svg.text_width(words.name, FONT), svg.text_width(words.what, FONT), *[svg.text_width(each, SMALL) for each in words.figures]]
    wide += [svg.text_width(text, SMALL) for text, _ in words.strips]
    lines = bool(words.name) + bool(words.what) + len(words.figures)
    width = max(max(wide) + 2 * PAD, 0 if words.family in PILLS else LEAST)
    return -(-width // STEP) * STEP, 2 * TOP + LINE * lines + STRIP * len(words.strips)


def room(box: Box, words: BoxText) -> tuple[float, float]:
    """Return the size of a box with its cards and with the volume below it, on the right of the line."""
    volume = svg.text_width(words.volume, SMALL)
    if box.arriving is not None:
        return volume, BELOW
    width, height = size(words)
    aside = -(-2 * (volume + ROUND + 1) // STEP) * STEP
    return max(width + 2 * cards(box), aside), height + cards(box) + BELOW + (STUB if _stub(box) else 0)


def _stub(box: Box) -> bool:
    """Return whether a box is an output that no layer reads."""
    return box.leaves and not box.side and not box.readers


def cards(box: Box) -> int:
    """Return the offset of the cards behind a box."""
    return 2 * CARD if box.lines and box.lines[0].times > 1 else 0


def start(place: Placement, words: BoxText, box: Box) -> float:
    """Return the y at which lines begin."""
    if not box.lines:
        return place.y + BELOW
    height = cards(box) + size(words)[1]
    return place.y + place.height - height if place.up else place.y + height


def drawn(box: Box, place: Placement, words: BoxText) -> str:
    """Return a box with its text."""
    inside = _arrival(place, words) if box.arriving is not None else _box(box, place, words)
    return svg.group(*inside, tooltip=words.tooltip, data_node=str(box.number))


def _arrival(place: Placement, words: BoxText) -> Iterator[str]:
    yield svg.text(place.x + place.width / 2, place.y + SMALL, words.volume, size=SMALL, faint=True, text_anchor="middle")


def _box(box: Box, place: Placement, words: BoxText) -> Iterator[str]:
    """Return the strips of in-place layers, at the bottom of the box or at the top if it is drawn upward."""
    width, height = size(words)
    middle, out = place.x + place.width / 2, start(place, words, box)
    top = out if place.up else out - height
    around = (middle - width / 2, top, width, height)
    corner = height / 2 if words.family in PILLS and not words.strips else ROUND
    for off in range(cards(box), -1, -CARD):
        yield _rect(around, corner, words.family, off=(off, off if place.up else -off), dashed=box.side)
    y = top + TOP + FONT - 1 + (STRIP * len(words.strips) if place.up else 0)
    for text, weight in ((words.name, "bold"), (words.what, None)):
        if text:
            yield svg.text(middle, y, text, size=FONT, text_anchor="middle", font_weight=weight)
            y += LINE
    for text in words.figures:
        yield svg.text(middle, y, text, size=SMALL, text_anchor="middle")
        y += LINE
    if words.strips:
        yield from _strips(words, around, up=place.up)
        yield _rect(around, corner, words.family, filled=False, dashed=box.side)
    yield svg.text(middle + ROUND + 1, out - 5 if place.up else out + SMALL + 1, words.volume, size=SMALL, faint=True)
    if _stub(box):
        far = BELOW + STUB - HEAD
        end = (middle, out - far if place.up else out + far)
        yield line([path([(middle, out), end], short=True)], dashed=False)
        yield head(end, up=place.up)


def _rect(
    around: tuple[float, float, float, float], corner: float, family: str, *, off: Point = (0, 0), filled: bool = True, dashed: bool = False
) -> str:
    left, top, width, height = around
    fill, edge, *_ = COLOURS[family]
    return svg.element(
        "rect", class_=family if filled else f"{family} hollow", x=left + off[0], y=top + off[1], width=width, height=height, rx=corner,
        fill=fill if filled else "none", stroke=edge, stroke_width=1.2, stroke_dasharray=DASH if dashed else None,
    )  # fmt: skip


def _strips(words: BoxText, around: tuple[float, float, float, float], *, up: bool) -> Iterator[str]:
    """Yield the layers in place, one strip after the other; the last one has the corners of the box."""
    left, top, width, height = around
    sign = -1 if up else 1
    y = top + STRIP * len(words.strips) if up else top + height - STRIP * len(words.strips)
    for i, (text, family) in enumerate(words.strips):
        fill, edge, *_ = COLOURS[family]
        side, end = f"v{sign * STRIP}", f"h-{number(width)}"
        if i == len(words.strips) - 1:
            arc = f"a{ROUND} {ROUND} 0 0 {int(not up)} -{ROUND}"
            side, end = f"v{sign * (STRIP - ROUND)}", f"{arc} {sign * ROUND}h-{number(width - 2 * ROUND)}{arc} {-sign * ROUND}"
        outline = f"M{number(left)} {number(y)}h{number(width)}{side}{end}z"
        yield svg.element("path", class_=family, d=outline, fill=fill, stroke=edge, stroke_width=0.8)
        yield svg.text(left + width / 2, (y - STRIP if up else y) + SMALL + 1.5, text, size=SMALL, text_anchor="middle")
        y += sign * STRIP


def frame(place: Placement, title: str, left: float) -> Iterator[str]:
    """Yield the frame of a block, with its title where lines come in."""
    yield svg.element(
        "rect", class_="frame", x=place.x, y=place.y, width=place.width, height=place.height, rx=8, fill="#6e7781", fill_opacity=0.07,
        stroke="#8c959f", stroke_width=1,
    )  # fmt: skip
    yield svg.text(left, place.y + place.height - SMALL + 4 if place.up else place.y + LINE, title, size=SMALL, faint=True)


def line(paths: Sequence[str], *, dashed: bool, **attributes: str | float | None) -> str:
    """Return the paths of lines that belong together."""
    return svg.element(
        "path", class_="line", d="".join(paths), fill="none", stroke=svg.FAINT, stroke_width=1.3, stroke_dasharray=DASH if dashed else None,
        **attributes,
    )  # fmt: skip


def head(point: Point, *, up: bool = False) -> str:
    """Return the head of an arrow, pointing down, or up."""
    x, y = point
    return svg.element("path", class_="head", d=f"M{number(x)} {number(y)}l-3.6 {HEAD if up else -HEAD}h7.2z", fill=svg.FAINT)


def path(points: Sequence[Point], *, short: bool = False) -> str:
    """Return a path with rounded corners; if `short`, it ends half an arrow's head earlier."""
    last = toward(points[-1], points[-2], HEAD / 2) if short else points[-1]
    corners = [*points[:-1], last]
    found = [f"M{number(corners[0][0])} {number(corners[0][1])}"]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(BOW, _distance(before, here) / 2, _distance(here, after) / 2)
        (ax, ay), (bx, by) = toward(here, before, radius), toward(here, after, radius)
        found.append(f"L{number(ax)} {number(ay)}Q{number(here[0])} {number(here[1])} {number(bx)} {number(by)}")
    return "".join([*found, f"L{number(last[0])} {number(last[1])}"])


def length(points: Sequence[Point]) -> float:
    """Return the length of a path."""
    return sum(_distance(one, other) for one, other in pairwise(points))


def _distance(one: Point, other: Point) -> float:
    """Return the distance of two points on a horizontal or vertical line."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def toward(one: Point, other: Point, by: float) -> Point:
    """Return the point at a distance from one point towards another."""
    share = by / (_distance(one, other) or 1)
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
