"""A network as a diagram: blocks folded, one of each opened beside it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.output.diagrams import box_text
from cnncalc.output.diagrams.boxes import Box, Drawing, Frame, drawing
from cnncalc.output.forms import numbers
from cnncalc.output.words import summary
from cnncalc.study.folding import GROUP, Line, folded, inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.output.diagrams.box_text import Words
    from cnncalc.output.forms.sheet import Column
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

FEW = 40  # layers of a block that is drawn with all of them; in a larger one, the blocks inside are folded


class DiagramOptions(NamedTuple):
    """What a diagram is to show."""

    fold: int | None = None  # as for tables
    shown: Sequence[Column] = ()  # figures in the boxes
    units: str = "si"
    title: str | None = None  # "" for none
    details: bool = True  # folded blocks are opened beside the network


class Diagram:
    """Drawings: the network first, then the insides of its folded blocks; and all that stands in them."""

    def __init__(self, report: Report, options: DiagramOptions) -> None:
        self.report = report
        self.options = options
        self.title = summary.title(report)[0] if options.title is None else options.title
        self.subtitle = _subtitle(report, options.units) if self.title else ""
        self.drawings = _drawings(report, options)
        merges = {row.path: row.kind for row in report.rows if row.layer.merges}
        for each in self.drawings:
            box_text.name(each, merges)
        for number, box in enumerate(self.boxes):
            box.number = number
        for number, frame in enumerate([frame for each in self.drawings for frame in each.frames]):
            frame.number = number

    @property
    def boxes(self) -> list[Box]:
        """The boxes of all drawings."""
        return [box for each in self.drawings for box in each.boxes]

    @cached_property
    def said(self) -> Mapping[Box, Words]:
        """What the boxes say."""
        return {box: box_text.words(box, self.options.shown, self.report.total, self.options.units) for box in self.boxes}

    @cached_property
    def titles(self) -> Mapping[Frame, str]:
        """What stands above the frames; a block beside the network says whose it is."""
        found = {frame: box_text.heading(frame) for each in self.drawings for frame in each.frames}
        found.update((each.frames[0], box_text.example(each.frames[0])) for each in self.drawings[1:])
        return found


def _drawings(report: Report, options: DiagramOptions) -> list[Drawing]:
    """The drawing of the network, and those of one of each folded block."""
    blocks = report.graph.repeats
    leaving = frozenset(report.rows[place].path for place in report.graph.outputs)
    lines = _lines(report, options.fold)
    drawings = [drawing(lines, blocks, leaving | _exits(report.rows))]
    if options.details:
        found = [drawing(inside(unit.rows, blocks, unit.path, FEW), blocks, frozenset(), unit.path) for unit in _samples(report, lines)]
        drawings += [each for each in found if _several(each)]
    return drawings


def _several(found: Drawing) -> bool:
    """There is more than one box inside the block."""
    return len(found.boxes) > len(found.root.children)


def _subtitle(report: Report, units: str) -> str:
    """How the network is set, and what it comes to, where that is a number."""
    look = numbers.Look(units)
    counts = ((report.total.params, "parameters"), (report.total.macs, "MACs"))
    come = ", ".join([f"{numbers.count(value, look).strip()} {word}" for value, word in counts if isinstance(value, int)])
    return "; ".join([*summary.settings(report, variant=False), *([come] if come else [])])


def _exits(rows: Sequence[Row]) -> frozenset[str]:
    """The layers in which side exits end."""
    read = {source for row in rows for source in row.sources}
    return frozenset(row.path for row in rows if row.side and row.path not in read)


def _lines(report: Report, fold: int | None) -> list[Line]:
    """The lines that a table would have, in the order of the network; of equal ones, those are told apart that stand side by side."""
    order = {row.path: place for place, row in enumerate(report.rows)}
    make = folded(report, fold)
    parts = [[row for row in report.rows if row.side == aside] for aside in (False, True)]
    found = [line for rows in parts if rows for line in make(rows)]
    found = [each for line in found for each in (line.units if line.units and not _chained(line) else (line,))]
    lines = [each for line in found for each in _opened(line, report.graph.repeats)]
    return sorted(lines, key=lambda line: order[line.rows[0].path])


def _opened(line: Line, blocks: Mapping[str, str]) -> Sequence[Line]:
    """A block that is one box is no block to look at: convolution, norm and activation."""
    if line.times > 1 or line.path not in blocks:
        return (line,)
    layers = inside(line.rows, blocks, line.path, FEW)
    found = drawing(layers, blocks, frozenset(), line.path)
    return (line,) if _several(found) else layers


def _chained(line: Line) -> bool:
    """Each of the equal ones takes from the one before."""
    inside = [{row.path for row in unit.rows} for unit in line.units]
    return all(
        any(source in before for row in unit.rows for source in row.sources) for before, unit in zip(inside, line.units[1:], strict=False)
    )


def _samples(report: Report, lines: Sequence[Line]) -> Iterator[Line]:
    """One of every block that is folded: the first of those that are built as most of them are."""
    found: dict[str, list[tuple[Any, Line]]] = {}
    for line in lines:
        for unit in _instances(line, report.graph.repeats):
            found.setdefault(unit.block, []).append((_built(unit.rows), unit))
    for units in found.values():
        ((most, _),) = Counter([built for built, _ in units]).most_common(1)
        yield next(unit for built, unit in units if built == most)


def _instances(line: Line, blocks: Mapping[str, str]) -> Iterator[Line]:
    """The blocks that a line stands for, or the outermost ones in a group."""
    for unit in line.units or (line,):
        if unit.block == GROUP:
            yield from (each for each in inside(unit.rows, blocks, unit.path) if each.block)
        elif unit.path in blocks:
            yield unit


def _built(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Kinds and wires, without sizes."""
    order = {row.path: place for place, row in enumerate(rows)}
    return tuple([(row.kind, *[order.get(source, -1) for source in row.sources]) for row in rows])
