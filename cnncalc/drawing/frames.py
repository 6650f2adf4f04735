"""Lays out frames from the inside out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.drawing.levels import Level
from cnncalc.drawing.ranks import Item, Net, ranks, spans
from cnncalc.output.diagrams.boxes import Box

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.drawing.levels import Point
    from cnncalc.output.diagrams.boxes import Child, Drawing, Frame

SIDE, TITLE, FOOT = 14, 22, 12  # room inside a frame: left and right, above, below
CLEAR = 8  # between a title and the line that comes in beside it
MOST = 30_000  # ranks that all lines together go down


class LargeError(Exception):
    """The message that says why something is too large to be drawn."""


class Wire:
    """What carries the output of one box through a frame: from one of its children, or from outside (None), to others, or out (None)."""

    __slots__ = ("source", "targets")

    def __init__(self, source: Child | None) -> None:
        self.source = source
        self.targets: dict[Child | None, None] = {}


class Inside:
    """A frame laid out; the outermost one has no title and no edge. Frames that are built alike share it."""

    __slots__ = ("corner", "entries", "exits", "height", "level", "places", "title", "width")

    def __init__(self, level: Level, entries: range, places: range, exits: range, title: float) -> None:
        self.level = level
        self.places = places  # of the children among the items
        self.corner: Point = (0.0, 0.0)  # of what is inside
        self.width = level.width
        self.height = level.height
        self.title = 0.0  # where it begins
        if title:
            self._frame([level.ranked.nodes[each].x for each in entries], title)
        self.entries = [self.corner[0] + level.ranked.nodes[each].x for each in entries]
        self.exits = [self.corner[0] + level.ranked.nodes[each].x for each in exits]

    def _frame(self, ins: Sequence[float], title: float) -> None:
        """Room around what is inside, and for the title, which stands on the left or on the right of the lines that come in."""
        needs = title + SIDE / 2 + CLEAR
        left = SIDE + min(ins, default=self.width)
        right = SIDE + self.width - max(ins, default=0.0)
        on_left = left >= needs or left >= right
        lacks = max(0.0, needs - (left if on_left else right))
        self.corner = (SIDE + lacks if on_left else SIDE, TITLE)
        self.width += 2 * SIDE + lacks
        self.height += TITLE + FOOT
        self.title = SIDE / 2 if on_left else self.width - SIDE / 2 - title


class Arranged:
    """Every frame of a drawing laid out."""

    __slots__ = ("_known", "drawing", "insides", "sizes", "spans", "titles", "wires")

    def __init__(
        self, drawing: Drawing, sizes: Mapping[Box, tuple[float, float]], titles: Mapping[Frame, float], *, spans: int = 0
    ) -> None:
        self.drawing = drawing
        self.sizes = sizes  # of boxes, with what stands below them
        self.titles = titles  # their widths
        self.wires = wires(drawing)
        self.insides: dict[Frame, Inside] = {}
        self._known: dict[Any, Inside] = {}
        self.spans = spans  # ranks that lines go down, those of other drawings beside it as well
        for frame in (*reversed(drawing.frames), drawing.root):
            self._arrange(frame)

    def _arrange(self, frame: Frame) -> None:
        """Items are what comes in, the children, and what goes out."""
        wires, children = self.wires[frame], frame.children
        ins = {box: i for i, box in enumerate([box for box, wire in wires.items() if wire.source is None])}
        index: dict[Child, int] = {child: len(ins) + i for i, child in enumerate(children)}
        below = len(ins) + len(children)
        outs = {box: below + i for i, box in enumerate([box for box, wire in wires.items() if None in wire.targets])}
        nets = [
            Net(
                ins[box] if wire.source is None else index[wire.source],
                [outs[box] if target is None else index[target] for target in wire.targets],
            )
            for box, wire in wires.items()
        ]
        numbers = {box: number for number, box in enumerate(wires)}
        title = self.titles.get(frame, 0.0)
        known = [self._known_of(child, numbers) for child in children]
        key = (title, len(ins), tuple(known), tuple([(net.source, *net.targets) for net in nets]))
        if key not in self._known:
            items = [Item() for _ in ins] + [self._item(child, numbers) for child in children] + [Item(last=True) for _ in outs]
            rank_of = ranks(items, nets)
            self.spans += spans(nets, rank_of)
            if self.spans > MOST:
                raise LargeError(f"a diagram whose lines pass more than {MOST:,} layers in total is not drawn as SVG")
            level = Level(items, nets, rank_of)
            self._known[key] = Inside(level, range(len(ins)), range(len(ins), below), range(below, len(items)), title)
        self.insides[frame] = self._known[key]

    def _known_of(self, child: Child, numbers: Mapping[Box, int]) -> Any:
        """All that the layout knows of a child."""
        if isinstance(child, Box):
            return (self.sizes[child], child.side, *[numbers[source] for source in child.sources])
        wires = [(numbers[box], wire.source is None, None in wire.targets) for box, wire in self.wires[child].items() if box in numbers]
        return (id(self.insides[child]), child.side, *wires)

    def _item(self, child: Child, numbers: Mapping[Box, int]) -> Item:
        if isinstance(child, Box):
            return Item(*self.sizes[child], takes=[numbers[source] for source in child.sources], side=child.side)
        inside = self.insides[child]
        nets = self.wires[child]
        item = Item(inside.width, inside.height, [numbers[box] for box, wire in nets.items() if wire.source is None], side=child.side)
        item.entries.update(zip(item.takes, inside.entries, strict=True))
        item.exits.update(zip([numbers[box] for box, wire in nets.items() if None in wire.targets], inside.exits, strict=True))
        return item


def wires(drawing: Drawing) -> dict[Frame, dict[Box, Wire]]:
    """What runs through every frame."""
    found: dict[Frame, dict[Box, Wire]] = {frame: {} for frame in (drawing.root, *drawing.frames)}
    for source, target in drawing.edges:
        here: Child = source
        down: list[Child] = [target]
        around = set(_around(source))
        while down[-1].parent not in around:
            assert down[-1].parent is not None
            down.append(down[-1].parent)
        common = down[-1].parent
        while here.parent is not common:
            assert here.parent is not None
            found[here.parent].setdefault(source, Wire(here)).targets[None] = None
            here = here.parent
        assert common is not None
        found[common].setdefault(source, Wire(here)).targets[down[-1]] = None
        for outer, inner in zip(down[:0:-1], down[-2::-1], strict=True):
            found[outer].setdefault(source, Wire(None)).targets[inner] = None  # type: ignore[index]  # what holds something is a frame
    return found


def _around(box: Box) -> list[Frame]:
    """The frames around a box, from the inside."""
    found = []
    frame: Frame | None = box.parent
    while frame is not None:
        found.append(frame)
        frame = frame.parent
    return found
