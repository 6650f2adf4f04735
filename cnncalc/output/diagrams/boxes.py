"""Boxes and frames of a diagram, from the rows of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.layers import IN_PLACE
from cnncalc.study.folding import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.layers import Volume


class Box:
    """A layer or a folded block, together with the layers in place that follow; or, without lines, an input from outside a block."""

    __slots__ = ("arriving", "leaves", "lines", "merged_into", "name", "number", "parent", "path", "readers", "side", "sources")
    parent: Frame
    number: int  # among the boxes of the diagram
    children: Sequence[Child] = ()  # only frames have any

    def __init__(self, path: str, lines: Sequence[Line], *, arriving: Volume | None = None, leaves: bool = False) -> None:
        self.path = path
        self.name = path
        self.lines = list(lines)
        self.arriving = arriving
        self.leaves = leaves  # whether it is an output of the network or of an auxiliary head
        self.side = bool(lines) and lines[0].rows[0].side  # in an auxiliary head; an input from outside, if all its readers are
        self.sources: dict[Box, None] = {}  # in the order of its inputs
        self.readers: dict[Box, None] = {}
        self.merged_into = self  # the box it was merged into

    @property
    def drawn_in(self) -> Box:
        """The box in which its layers are drawn."""
        box = self
        while box.merged_into is not box:
            box = box.merged_into
        return box

    @property
    def whole(self) -> Line:
        """All its layers as one line."""
        if len(self.lines) == 1:
            return self.lines[0]
        return Line(self.path, [row for line in self.lines for row in line.rows], self.lines[0].kind)

    @property
    def folded(self) -> bool:
        """Whether it represents several layers or blocks; in-place layers are not merged into such a box."""
        return bool(self.lines) and (bool(self.lines[0].block) or self.lines[0].times > 1)


class Frame:
    """A block with several boxes. The outermost frame is the whole drawing."""

    __slots__ = ("block", "children", "name", "number", "parent", "path", "side")
    number: int  # among the frames of the diagram

    def __init__(self, path: str, block: str, parent: Frame | None) -> None:
        self.path = path
        self.name = path
        self.block = block
        self.parent = parent
        self.children: list[Child] = []
        self.side = False  # all of it belongs to an auxiliary head


Child: TypeAlias = Box | Frame


class Drawing:
    """Boxes in frames, in topological order."""

    __slots__ = ("boxes", "frames", "root")

    def __init__(self, root: Frame) -> None:
        self.root = root
        self.boxes: list[Box] = []
        self.frames: list[Frame] = []
        self._add(root)
        for box in self.boxes:
            box.sources = dict.fromkeys([source.drawn_in for source in box.sources])
            box.readers = {}
            for source in box.sources:
                source.readers[box] = None
        for box in self.boxes:
            if not box.lines:
                box.side = all(reader.side for reader in box.readers)

    def _add(self, frame: Frame) -> None:
        for child in frame.children:
            child.parent = frame
            if isinstance(child, Box):
                self.boxes.append(child)
            else:
                self.frames.append(child)
                self._add(child)
        frame.side = all(child.side for child in frame.children)

    @property
    def edges(self) -> Iterator[tuple[Box, Box]]:
        """From which box to which."""
        return ((source, box) for box in self.boxes for source in box.sources)


def make_drawing(lines: Sequence[Line], blocks: Mapping[str, str], leaving: frozenset[str], inside: str = "") -> Drawing:
    """Draw lines of a report: all, or those inside a block. `leaving` are the paths of the layers whose outputs leave the network."""
    arrivals, boxes = _connected(lines, leaving)
    root = Frame("", "", None)
    top = root
    if inside:
        top = Frame(inside, blocks[inside], root)
        root.children = [*arrivals, top]
    opened = [top]
    for box in boxes:
        folders = [path for path in _folders(box.path) if path in blocks and len(path) > len(inside)]
        while len(opened) > 1 and opened[-1].path not in folders:
            opened.pop()
        for path in folders[len(opened) - 1 :]:
            inner = Frame(path, blocks[path], opened[-1])
            opened[-1].children.append(inner)
            opened.append(inner)
        opened[-1].children.append(box)
    _merge(top)
    return Drawing(root)


def _connected(lines: Sequence[Line], leaving: frozenset[str]) -> tuple[list[Box], list[Box]]:
    """Return the inputs from outside, and the box of every line, each with its sources and readers."""
    arrivals: dict[str, Box] = {}
    holding: dict[str, Box] = {}
    boxes = []
    for line in lines:
        box = Box(line.path, [line], leaves=any(row.path in leaving for row in line.rows))
        holding.update((row.path, box) for row in line.rows)
        for row in line.rows:
            for source, volume in zip(row.sources, row.inputs, strict=False):  # the input of the network has no sources
                there = holding.get(source) or arrivals.setdefault(source, Box(source, [], arriving=volume))
                if there is not box:
                    box.sources[there] = None
        if not line.block and line.kind == "identity" and not box.leaves:  # its readers are connected to its source
            holding.update((row.path, next(iter(box.sources))) for row in line.rows)
            continue
        for there in box.sources:
            there.readers[box] = None
        boxes.append(box)
    return list(arrivals.values()), boxes


def _folders(path: str) -> Iterator[str]:
    """Yield the folders of a path, from the outermost."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _merge(frame: Frame) -> None:
    """Merge layers in place into the boxes that they follow, and frames with one box into that box."""
    children: dict[Child, None] = {}
    for each in frame.children:
        child = each
        if isinstance(child, Frame):
            _merge(child)
            only = child.children[0]
            if len(child.children) == 1 and isinstance(only, Box):
                only.path = child.path
                child = only
        host = _host(child) if isinstance(child, Box) else None
        if isinstance(child, Box) and host is not None and host in children:
            host.lines += child.lines
            host.leaves = child.leaves
            host.readers = child.readers
            child.merged_into = host
        else:
            children[child] = None
    frame.children = list(children)


def _host(box: Box) -> Box | None:
    """Return the box that an in-place layer follows, if no other layer reads it."""
    if box.folded or len(box.sources) != 1 or any(line.rows[0].layer.storage != IN_PLACE for line in box.lines):
        return None
    host = next(iter(box.sources)).drawn_in
    alone = len(host.readers) == 1 and not host.leaves and host.side == box.side
    return host if alone and not host.folded and host.sources else None
