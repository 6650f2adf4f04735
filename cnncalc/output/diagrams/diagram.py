"""A network as a diagram: blocks folded, one of each opened beside it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.output.diagrams import box_text
from cnncalc.output.diagrams.boxes import Box, Drawing, Frame, make_drawing
from cnncalc.output.forms import numbers
from cnncalc.output.words import summary
from cnncalc.study.folding import GROUP, Line, folded, inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.output.diagrams.box_text import BoxText
    from cnncalc.output.forms.sheet import Column
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

FEW = 40  # layers of a block that is drawn with all of them; in a larger one, the blocks inside are folded


class DiagramOptions(NamedTuple):
    """What a diagram shows."""

    fold: int | None = None  # as for tables
    shown: Sequence[Column] = ()  # metrics in the boxes
    units: str = "si"
    title: str | None = None  # "" for none
    details: bool = True  # draw folded blocks beside the network


class Diagram:
    """The drawing of the network, those of its folded blocks, and their texts."""

    def __init__(self, report: Report, options: DiagramOptions) -> None:
        self.report = report
        self.options = options
        self.title = summary.title(report)[0] if options.title is None else options.title
        self.subtitle = _subtitle(report, options.units) if self.title else ""
        self.drawings = _drawings(report, options)
        merges = {row.path: row.kind for row in report.rows if row.layer.merges}
        for each in self.drawings:
            box_text.name_boxes(each, merges)
        for number, box in enumerate(self.boxes):
            box.number = number
        for number, frame in enumerate([frame for each in self.drawings for frame in each.frames]):
            frame.number = number

    @property
    def boxes(self) -> list[Box]:
        """The boxes of all drawings."""
        return [box for each in self.drawings for box in each.boxes]

    @cached_property
    def texts(self) -> Mapping[Box, BoxText]:
        """The texts in the boxes."""
        return {box: box_text.box_text(box, self.options.shown, self.report.total, self.options.units) for box in self.boxes}

    @cached_property
    def titles(self) -> Mapping[Frame, str]:
        """The titles of the frames; that of a block beside the network names the example that is drawn."""
        found = {frame: box_text.heading(frame) for each in self.drawings for frame in each.frames}
        found.update((each.frames[0], box_text.example(each.frames[0])) for each in self.drawings[1:])
        return found


def _drawings(report: Report, options: DiagramOptions) -> list[Drawing]:
    """Return the drawing of the network, and those of one of each folded block."""
    blocks = report.graph.repeats
    leaving = frozenset(report.rows[place].path for place in report.graph.outputs)
    lines = _lines(report, options.fold)
    drawings = [make_drawing(lines, blocks, leaving | _ends_of_side_exits(report.rows))]
    if options.details:
        found = [
            make_drawing(inside(unit.rows, blocks, unit.path, FEW), blocks, frozenset(), unit.path) for unit in _samples(report, lines)
        ]
        drawings += [each for each in found if _has_several(each)]
    return drawings


def _has_several(found: Drawing) -> bool:
    """Return whether the block has more than one box."""
    return len(found.boxes) > len(found.root.children)


def _subtitle(report: Report, units: str) -> str:
    """Settings of the network, and its parameters and MACs where they are numbers."""
    fmt = numbers.NumberFormat(units)
    counts = ((report.total.params, "parameters"), (report.total.macs, "MACs"))
    come = ", ".join([f"{numbers.count(value, fmt).strip()} {word}" for value, word in counts if isinstance(value, int)])
    return "; ".join([*summary.settings(report, variant=False), *([come] if come else [])])


def _ends_of_side_exits(rows: Sequence[Row]) -> frozenset[str]:
    """Return the last layers of auxiliary heads."""
    read = {source for row in rows for source in row.sources}
    return frozenset(row.path for row in rows if row.side and row.path not in read)


def _lines(report: Report, fold: int | None) -> list[Line]:
    """Return the lines of a table, in the order of the network; parallel equal lines are not combined."""
    order = {row.path: place for place, row in enumerate(report.rows)}
    make = folded(report, fold)
    parts = [[row for row in report.rows if row.side == aside] for aside in (False, True)]
    found = [line for rows in parts if rows for line in make(rows)]
    found = [each for line in found for each in (line.units if line.units and not _chained(line) else (line,))]
    lines = [each for line in found for each in _unfolded(line, report.graph.repeats)]
    places: dict[str, int] = {}
    for line in lines:  # a folded auxiliary head may begin ahead of a folded block that it reads
        place = max([order[line.rows[0].path], *[places.get(source, 0) for row in line.rows for source in row.sources]])
        places.update((row.path, place) for row in line.rows)
    return sorted(lines, key=lambda line: places[line.rows[0].path])


def _unfolded(line: Line, blocks: Mapping[str, str]) -> Sequence[Line]:
    """Return the layers of a block that fits into one box (such as convolution, norm and activation); other lines unchanged."""
    if line.times > 1 or line.path not in blocks:
        return (line,)
    layers = inside(line.rows, blocks, line.path, FEW)
    found = make_drawing(layers, blocks, frozenset(), line.path)
    return (line,) if _has_several(found) else layers


def _chained(line: Line) -> bool:
    """Return whether each of several equal blocks reads the one before."""
    inside = [{row.path for row in unit.rows} for unit in line.units]
    return all(
        any(source in before for row in unit.rows for source in row.sources) for before, unit in zip(inside, line.units[1:], strict=False)
    )


def _samples(report: Report, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield one of every folded block: the first with the most common structure."""
    found: dict[str, list[tuple[Any, Line]]] = {}
    for line in lines:
        for unit in _instances(line, report.graph.repeats):
            found.setdefault(unit.block, []).append((_structure(unit.rows), unit))
    for units in found.values():
        ((most, _),) = Counter([structure for structure, _ in units]).most_common(1)
        yield next(unit for structure, unit in units if structure == most)


def _instances(line: Line, blocks: Mapping[str, str]) -> Iterator[Line]:
    """Yield the blocks of a line, or the outermost ones in a group."""
    for unit in line.units or (line,):
        if unit.block == GROUP:
            yield from (each for each in inside(unit.rows, blocks, unit.path) if each.block)
        elif unit.path in blocks:
            yield unit


def _structure(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Kinds and connections, without sizes."""
    order = {row.path: place for place, row in enumerate(rows)}
    return tuple([(row.kind, *[order.get(source, -1) for source in row.sources]) for row in rows])
