"""Lays out nested frames, innermost first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.drawing.ranks import Item, Net

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cnncalc.drawing.levels import GraphLayout, Point
    from cnncalc.drawing.page_columns import PageColumns

SIDE, TITLE, FOOT = 14, 22, 12  # padding of a frame: left and right, above, below
CLEAR = 8  # between a title and the line next to it


class NestedBox(Protocol):
    """A box for a layout; frames are boxes that contain others."""

    @property
    def parent(self) -> NestedBox | None:
        """The frame around it; the outermost one has none."""

    @property
    def children(self) -> Sequence[NestedBox]:
        """The boxes and frames inside."""

    @property
    def side(self) -> bool:
        """Whether it is placed beside its source instead of below."""


class BoxTree(Protocol):
    """Nested boxes, and lines from each to later ones."""

    @property
    def root(self) -> NestedBox:
        """The outermost frame, which is not drawn."""

    @property
    def frames(self) -> Sequence[NestedBox]:
        """All other frames, each before those inside."""

    @property
    def edges(self) -> Iterable[tuple[NestedBox, NestedBox]]:
        """Pairs of connected boxes; the sources of a box are in the order of the file."""


class LinesFromBox:
    """The lines inside a frame from one child (None: from outside) to others (None: to the outside)."""

    __slots__ = ("source", "targets")

    def __init__(self, source: NestedBox | None) -> None:
        self.source = source
        self.targets: dict[NestedBox | None, None] = {}


class FrameLayout:
    """The layout of a frame; the outermost one has no title and no border. Equal frames share a layout."""

    __slots__ = ("children", "corner", "entries", "exits", "height", "layout", "plan", "title", "width")

    def __init__(self, layout: GraphLayout, frame: FrameGraph, plan: PageColumns) -> None:
        self.layout = layout
        self.plan = plan
        self.children = frame.children  # indices of items in the graph
        self.corner: Point = (0.0, 0.0)  # of its content
        self.width = plan.width
        self.height = plan.height if plan.breaks else layout.height  # with columns, lines continue below them
        self.title = 0.0  # left edge of its title
        if frame.title:
            self._add_edges([plan.corner(each)[0] for each in frame.entries], frame.title)
        self.entries = [self.corner[0] + plan.corner(each)[0] for each in frame.entries]
        self.exits = [self.corner[0] + plan.corner(each)[0] for each in frame.exits]

    def _add_edges(self, ins: Sequence[float], title: float) -> None:
        """Add padding, and room for the title, to the left or right of the incoming lines."""
        needs = title + SIDE / 2 + CLEAR
        left = SIDE + min(ins, default=self.width)
        right = SIDE + self.width - max(ins, default=0.0)
        on_left = left >= needs or left >= right
        lacks = max(0.0, needs - (left if on_left else right))
        self.corner = (SIDE + lacks if on_left else SIDE, TITLE)
        self.width += 2 * SIDE + lacks
        self.height += TITLE + FOOT
        self.title = SIDE / 2 if on_left else self.width - SIDE / 2 - title


class DrawingLayout:
    """The layout of all frames of a drawing; `sizes` are those of the boxes, `titles` the widths of the frames' titles."""

    __slots__ = ("frames", "sizes", "sources", "titles", "tree", "wires")

    def __init__(self, tree: BoxTree, sizes: Mapping[NestedBox, Point], titles: Mapping[NestedBox, float]) -> None:
        self.tree = tree
        self.sizes = sizes
        self.titles = titles
        self.wires = find_wires(tree)
        self.sources: dict[NestedBox, list[NestedBox]] = {}
        for source, target in tree.edges:
            self.sources.setdefault(target, []).append(source)
        self.frames: dict[NestedBox, FrameLayout] = {}


class FrameGraph:
    """The content of a frame as items: inputs, children and outputs. Equal keys have the same layout."""

    __slots__ = ("children", "drawing", "entries", "exits", "frame", "key", "nets", "numbers", "title")

    def __init__(self, drawing: DrawingLayout, frame: NestedBox) -> None:
        self.drawing = drawing
        self.frame = frame
        self.title = drawing.titles.get(frame, 0.0)
        wires = drawing.wires[frame]
        ins = {box: i for i, box in enumerate([box for box, wire in wires.items() if wire.source is None])}
        index: dict[NestedBox, int] = {child: len(ins) + i for i, child in enumerate(frame.children)}
        below = len(ins) + len(index)
        outs = {box: below + i for i, box in enumerate([box for box, wire in wires.items() if None in wire.targets])}
        self.entries, self.children, self.exits = range(len(ins)), range(len(ins), below), range(below, below + len(outs))
        self.numbers = {box: number for number, box in enumerate(wires)}  # of the nets
        self.nets = [
            Net(
                ins[box] if wire.source is None else index[wire.source],
                [outs[box] if target is None else index[target] for target in wire.targets],
            )
            for box, wire in wires.items()
        ]
        known = tuple([self._known(child) for child in frame.children])
        self.key = (self.title, len(ins), known, tuple([(net.source, *net.targets) for net in self.nets]))

    def _known(self, child: NestedBox) -> Any:
        """Return everything about a child that affects the layout."""
        drawing, numbers = self.drawing, self.numbers
        if child in drawing.sizes:
            return (drawing.sizes[child], child.side, *[numbers[source] for source in drawing.sources.get(child, ())])
        wires = [(numbers[box], wire.source is None, None in wire.targets) for box, wire in drawing.wires[child].items() if box in numbers]
        return (id(drawing.frames[child]), child.side, *wires)

    def items(self) -> list[Item]:
        """Return the items of the graph."""
        return [Item() for _ in self.entries] + [self._item(child) for child in self.frame.children] + [Item(last=True) for _ in self.exits]

    def _item(self, child: NestedBox) -> Item:
        drawing, numbers = self.drawing, self.numbers
        if child in drawing.sizes:
            takes = [numbers[source] for source in drawing.sources.get(child, ())]
            return Item(*drawing.sizes[child], takes, side=child.side)
        inside = drawing.frames[child]
        wires = drawing.wires[child]
        item = Item(inside.width, inside.height, [numbers[box] for box, wire in wires.items() if wire.source is None], side=child.side)
        item.entries.update(zip(item.takes, inside.entries, strict=True))
        item.exits.update(zip([numbers[box] for box, wire in wires.items() if None in wire.targets], inside.exits, strict=True))
        return item


def find_wires(tree: BoxTree) -> dict[NestedBox, dict[NestedBox, LinesFromBox]]:
    """Return the lines of every frame, by their source box."""
    found: dict[NestedBox, dict[NestedBox, LinesFromBox]] = {frame: {} for frame in (tree.root, *tree.frames)}
    for source, target in tree.edges:
        here = source
        down = [target]
        around = set(_frames_around(source))
        while down[-1].parent not in around:
            assert down[-1].parent is not None
            down.append(down[-1].parent)
        common = down[-1].parent
        while here.parent is not common:
            assert here.parent is not None
            found[here.parent].setdefault(source, LinesFromBox(here)).targets[None] = None
            here = here.parent
        assert common is not None
        found[common].setdefault(source, LinesFromBox(here)).targets[down[-1]] = None
        for outer, inner in zip(down[:0:-1], down[-2::-1], strict=True):
            found[outer].setdefault(source, LinesFromBox(None)).targets[inner] = None
    return found


def _frames_around(box: NestedBox) -> list[NestedBox]:
    """Return the frames around a box, innermost first."""
    found = []
    frame = box.parent
    while frame is not None:
        found.append(frame)
        frame = frame.parent
    return found
