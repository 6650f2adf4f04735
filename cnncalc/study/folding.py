"""Folds the rows of a report: blocks, repeated neighbours, and layers that work in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import Volume
from cnncalc.propagate.figures import OF_LAYERS
from cnncalc.propagate.rows import WORK, LayerFolder, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

LONG = 60  # rows above which a table is folded by default
DEEP = 10**9  # deeper than any path
SHORT = 10  # rows that a folded table should keep, if nested blocks allow it


class BlockOutput(Volume):
    """Output volume, with the number of other output shapes of the block."""

    others: int


class WithInPlace(tuple[Any, Any]):
    """A metric of a layer, plus that of the in-place layers on its output: `9,408 + 128`."""

    __slots__ = ()


class Line(LayerFolder):
    """One layer, or the layers of `times` equal blocks with their metrics summed."""

    __slots__ = ("block", "in_place", "others", "units")

    def __init__(self, path: str, rows: Sequence[Row], block: str = "", units: Sequence[Line] = (), in_place: int = 0) -> None:
        super().__init__(path, rows)
        self.in_place = in_place  # number of trailing rows that work in place on the output of the others
        self.block = block  # name of the block; "" for a single layer
        self.units = units  # the repeated blocks, if there are several
        self.others = 0  # number of other output shapes of the block

    @property
    def times(self) -> int:
        """Number of repeated blocks."""
        return len(self.units) or 1

    @property
    def kind(self) -> str:
        """The kind of layer, or the name of the block."""
        return self.block or self.rows[0].kind

    @property
    def own(self) -> Sequence[Row]:
        """The rows without the in-place layers at the end."""
        return self.rows[: len(self.rows) - self.in_place]

    @property
    def described(self) -> str:
        """The kind with its fields, or the number of blocks and layers."""
        if self.times > 1:
            return f"{self.times} × {self.units[0].described}"
        if not self.block:
            owner = self.rows[0].node.owner
            return " ".join(filter(None, (self.rows[0].kind, self.rows[0].layer.describe(), f"(weights of {owner})" if owner else "")))
        layers = len(self.own)
        counted = f"{layers} layers" if layers > 1 else Line("", self.rows[:1]).described
        return counted if self.block == GROUP else f"{self.block} ({counted})"

    @property
    def what(self) -> str:
        """The description, followed by the kinds of the in-place layers."""
        unit = self.units[0] if self.units else self
        return ", ".join([self.described, *[row.kind for row in unit.rows[len(unit.own) :]]])

    @property
    def input_volume(self) -> Volume | None:
        """The input volume, if there is only one."""
        inputs = self.rows[0].inputs
        return inputs[0] if len(inputs) == 1 and self.rows[0].sources else None

    @property
    def output(self) -> Volume:
        """The output volume."""
        return self.rows[-1].output

    @property
    def output_volume(self) -> Volume:
        """The output volume, with the number of other output shapes."""
        if not self.others:
            return self.output
        volume = BlockOutput(*self.output)
        volume.others = self.others
        return volume

    @property
    def loses(self) -> bool:
        """Whether the kernel does not divide the input evenly."""
        return any(any(row.lost) for row in self.rows if row.exact is False)

    def apart(self, figure: Figure) -> Any:
        """Return a metric, with that of in-place layers kept separate; "in place" or "view" in place of activations that are not stored."""
        if self.writes_nothing and figure.stored:
            return self.rows[0].layer.storage
        if figure.key in WORK and not any(row.layer.modelled for row in self.rows):
            return None
        if not self.in_place or self.block or self.times > 1 or figure.stored or not figure.sums:
            return figure.of(self.rows)
        own, more = figure.of(self.own), figure.of(self.rows[len(self.own) :])
        return WithInPlace((own, more)) if more != 0 else own

    @property
    def writes_nothing(self) -> bool:
        """Whether this is a single layer that works in place or is a view."""
        return len(self.own) == 1 and not self.rows[0].stored

    def as_dict(self) -> dict[str, Any]:
        """Return the line for JSON: a layer's row, or the sums of a block."""
        if len(self.rows) == 1:
            return self.rows[0].as_dict()
        return {
            "path": self.path,
            "kind": self.kind,
            "times": self.times,
            "layers": len(self.rows),
            "output": plain(self.output),
            **{figure.key: plain(figure.of(self.rows)) for figure in OF_LAYERS},
            "stored": any(row.stored for row in self.rows),
        }


GROUP = "group"


class Key:
    """The path under which a row is folded: its enclosing block at a given level, cut to at most `depth` folders."""

    __slots__ = ("blocks", "depth", "level")

    def __init__(self, blocks: Mapping[str, str], level: int, depth: int) -> None:
        self.blocks = blocks
        self.level = level  # 0: blocks are not folded
        self.depth = depth

    def __call__(self, path: str) -> str:
        """Return the path, or its first parts."""
        level, depth = self.level, self.depth
        at = path.find("/")
        while at >= 0:
            depth -= 1
            level -= path[:at] in self.blocks
            if not depth or (not level and self.level):
                return path[:at]
            at = path.find("/", at + 1)
        return path


def folded(report: Report, fold: int | None, *, join: bool = False) -> Callable[[Sequence[Row]], list[Line]]:
    """Return a function that folds rows of a report into lines. `fold` is the depth of paths to keep: 0 keeps every row, None picks one.

    With `join`, an in-place layer (batch norm, activation) is joined to the line before it.
    """
    blocks = report.graph.repeats
    joined = _joined if join else list
    if fold == 0:
        return _lines
    if fold is None and sum(row.stored for row in report.rows) <= LONG and len(joined(_lines(report.rows))) <= LONG:
        return lambda rows: joined(_lines(rows))

    def lines(rows: Sequence[Row], key: Key) -> list[Line]:
        return list(_equal(joined(_units(rows, blocks, key))))

    if fold is not None:
        return lambda rows: _count_other_outputs(lines(rows, Key(blocks, 0, fold)))
    key, found = _readable(report.rows, blocks, lines)
    return lambda rows: _count_other_outputs(found if rows is report.rows else lines(rows, key))


def _lines(rows: Sequence[Row]) -> list[Line]:
    """Return one line per row."""
    return [Line(row.path, (row,)) for row in rows]


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Join lines of in-place layers to the line that is their only input."""
    groups: list[list[Line]] = []
    for line in lines:
        ahead = groups[-1][-1] if groups and groups[-1][0].rows[0].sources else None  # the input keeps its own line
        if ahead is not None and line.rows[0].sources == (ahead.rows[-1].path,) and not any(row.stored for row in line.rows):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [first if not more else _with_those(first, more) for first, *more in groups]


def _with_those(line: Line, more: Sequence[Line]) -> Line:
    """Return a line extended by the rows of in-place layers."""
    rows = [row for each in more for row in each.rows]
    return Line(line.path, (*line.rows, *rows), line.block, line.units, len(rows))


def _count_other_outputs(lines: list[Line]) -> list[Line]:
    """Set on each line the number of its other output shapes that are read by other lines."""
    writers = {row.path: (k, row.output) for k, line in enumerate(lines) for row in line.rows}
    shapes: list[set[Volume]] = [set() for _ in lines]
    for k, line in enumerate(lines):
        for row in line.rows:
            for source in row.sources:
                at, volume = writers.get(source, (k, row.output))
                if at != k:
                    shapes[at].add(volume)
    for line, leaving in zip(lines, shapes, strict=True):
        line.others = len(leaving - {line.output})
    return lines


def inside(rows: Sequence[Row], blocks: Mapping[str, str], path: str, few: int = 0) -> list[Line]:
    """Return the layers inside a block or group: one line each if there are few, otherwise with nested blocks folded."""
    if len(rows) <= few:
        return _lines(rows)
    around = sum(path[:at] in blocks for at in range(1, len(path) + 1) if path[at : at + 1] in ("/", ""))
    return list(_units(rows, blocks, Key(blocks, around + 1, DEEP)))


def _readable(rows: Sequence[Row], blocks: Mapping[str, str], lines: Callable[[Sequence[Row], Key], list[Line]]) -> tuple[Key, list[Line]]:
    """Choose the folding that gives a table of one or two screens: outermost blocks, or inner ones if few lines remain."""
    deepest = max(row.path.count("/") for row in rows) + 1
    best = Key(blocks, 1, deepest)
    found = lines(rows, best)
    for level in range(2, deepest):
        finer = Key(blocks, level, deepest)
        if len(found) >= SHORT or len(more := lines(rows, finer)) > LONG:
            break
        best, found = finer, more
    for depth in range(deepest - 1, 0, -1):
        if len(found) <= LONG:
            break
        best = Key(blocks, best.level, depth)
        found = lines(rows, best)
    return best, found


def _units(rows: Sequence[Row], blocks: Mapping[str, str], key: Key) -> Iterator[Line]:
    """Yield one line per run of rows with the same key."""
    start = 0
    keys = [key(row.path) for row in rows]
    for i in range(1, len(rows) + 1):
        if i == len(rows) or keys[i] != keys[start]:
            unit, path = rows[start:i], keys[start]
            if len(unit) == 1 and unit[0].path == path:
                yield Line(path, unit)
            else:
                merge = unit[-1].kind if unit[-1].path == path else GROUP
                yield Line(path, unit, blocks.get(path, merge))
            start = i


def _equal(units: Iterable[Line]) -> Iterator[Line]:
    """Combine equal neighbours into one line."""
    held: list[Line] = []
    for unit in units:
        if held and not _alike(held[0], unit):
            yield _together(held)
            held = []
        held.append(unit)
    yield _together(held)


def _alike(one: Line, other: Line) -> bool:
    """Return whether two units have the same layers and volumes in the same folder; equal graph nodes share one object."""
    return (
        len(one.rows) == len(other.rows)
        and one.rows[-1].node.placed is other.rows[-1].node.placed
        and one.block == other.block
        and one.path.rpartition("/")[0] == other.path.rpartition("/")[0]
        and all(a.node.placed is b.node.placed for a, b in zip(one.rows, other.rows, strict=True))
    )


def _together(units: Sequence[Line]) -> Line:
    if len(units) == 1:
        return units[0]
    rows = [row for unit in units for row in unit.rows]
    return Line(_range(units[0].path, units[-1].path), rows, units[0].block, units)


def _range(first: str, last: str) -> str:
    """Format a range of names: bottleneck2 and bottleneck6 give bottleneck2–6."""
    stem = last.rstrip("0123456789")
    if len(stem) < len(last) and stem[-1:] != "-" and first.startswith(stem) and first[len(stem) :].isdecimal():
        return f"{first}–{last[len(stem) :]}"
    return f"{first} … {last.rpartition('/')[2]}"
