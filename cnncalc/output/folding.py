"""Rows of a report as lines of a table: one a layer, or one for a whole block, and one for several equal blocks in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import IN_PLACE, VIEW, Volume
from cnncalc.propagate.report import SEEN, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cnncalc.propagate.report import Report, Row

LONG = 60  # rows that a table has before it folds by itself
DEEP = 10**9  # folders that no path has
SHORT = 10  # rows that it should then still have, if nested blocks allow it


class Several(Volume):
    """The volume of a block's last layer, where volumes of other shapes leave the block as well."""

    others: int


class Line:
    """One layer, or the layers of `times` equal blocks; figures are those of all of them together."""

    __slots__ = ("block", "others", "path", "rows", "units")
    path: str
    rows: Sequence[Row]

    def __init__(self, path: str, rows: Sequence[Row], block: str = "", units: Sequence[Line] = ()) -> None:
        self.path = path
        self.rows = rows
        self.block = block  # what the rows are together; "" for a single layer
        self.units = units  # the equal ones, if it stands for several
        self.others = 0  # further shapes that leave a block, beside that of its last layer

    @property
    def times(self) -> int:
        """How many equal ones it stands for."""
        return len(self.units) or 1

    @property
    def kind(self) -> str:
        """The kind of the layer, or the name of the block."""
        return self.block or self.rows[0].kind

    @property
    def what(self) -> str:
        """The kind with its fields, or how many of which block with how many layers."""
        if not self.block:
            described = f"{self.rows[0].kind} {self.rows[0].layer.describe()}".rstrip()
            return described if self.times == 1 else f"{self.times} × {described}"
        layers = len(self.rows) // self.times
        counted = f"{layers} layers" if layers > 1 else Line("", self.rows[:1]).what
        described = counted if self.block == GROUP else f"{self.block} ({counted})"
        return described if self.times == 1 else f"{self.times} × {described}"

    @property
    def arriving(self) -> Volume | None:
        """What arrives at the start, if that is one volume."""
        inputs = self.rows[0].inputs
        return inputs[0] if len(inputs) == 1 and self.rows[0].sources else None

    @property
    def output(self) -> Volume:
        """What comes out at the end."""
        return self.rows[-1].output

    @property
    def leaving(self) -> Volume:
        """The same, which knows whether it is the only shape that comes out."""
        if not self.others:
            return self.output
        found = Several(*self.output)
        found.others = self.others
        return found

    @property
    def exact(self) -> bool | None:
        """Every window tiles; None where that depends on symbols."""
        if len(self.rows) == 1:
            return self.rows[0].exact
        found = {row.exact for row in self.rows}
        return False if False in found else None if None in found else True

    def figure(self, name: str) -> Any:
        """A figure of all layers together."""
        if len(self.rows) == 1:
            return getattr(self.rows[0], name)
        return total(getattr(row, name) for row in self.rows)

    def last(self, name: str) -> Any:
        """What is true of the values that come out."""
        return getattr(self.rows[-1], name)

    def written(self, name: str) -> Any:
        """`values` or `bytes` of the volumes that are written; for a single layer that writes none, where its output lives."""
        if len(self.rows) == 1:
            row = self.rows[0]
            return getattr(row, name) if row.stored else VIEW if row.layer.storage == VIEW else IN_PLACE
        return total(getattr(row, name) for row in self.rows if row.stored)

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON has it: a layer's own form, or the sums of a block."""
        from cnncalc.propagate.report import plain

        if len(self.rows) == 1:
            return self.rows[0].as_dict()
        figures = ("weights", "biases", "params", "buffers", "macs", "flops")
        return {
            "path": self.path,
            "kind": self.kind,
            "times": self.times,
            "layers": len(self.rows),
            "output": plain(self.output),
            **{name: plain(self.figure(name)) for name in figures},
            "values": plain(self.written("values")),
            "bytes": plain(self.written("bytes")),
            "stored": any(row.stored for row in self.rows),
            "side": self.rows[0].side,
            "exact": self.exact,
            **{name: plain(self.last(name)) for name in SEEN},
        }


GROUP = "group"


class Key:
    """Under which path a row is listed: that of the block around it, so many blocks deep, with no more than `depth` folders."""

    __slots__ = ("blocks", "depth", "level")

    def __init__(self, blocks: Mapping[str, str], level: int, depth: int) -> None:
        self.blocks = blocks
        self.level = level  # 0: blocks are left open
        self.depth = depth

    def __call__(self, path: str) -> str:
        """The path, or its first parts."""
        level, depth = self.level, self.depth
        at = path.find("/")
        while at >= 0:
            depth -= 1
            level -= path[:at] in self.blocks
            if not depth or (not level and self.level):
                return path[:at]
            at = path.find("/", at + 1)
        return path


def folded(report: Report, fold: int | None) -> Callable[[Sequence[Row]], list[Line]]:
    """How rows of a report become lines: `fold` is the depth of paths that stays, 0 keeps every row, None what reads well."""
    blocks = report.graph.repeats
    if fold == 0 or (fold is None and len(report.rows) <= LONG):
        return lambda rows: [Line(row.path, (row,)) for row in rows]
    key = _readable(report.rows, blocks) if fold is None else Key(blocks, 0, fold)
    return lambda rows: _leaving(list(_equal(_units(rows, blocks, key))))


def _leaving(lines: list[Line]) -> list[Line]:
    """The lines, each with how many shapes others take from it."""
    found = {row.path: (k, row.output) for k, line in enumerate(lines) for row in line.rows}
    shapes: list[set[Volume]] = [set() for _ in lines]
    for k, line in enumerate(lines):
        for row in line.rows:
            for source in row.sources:
                at, volume = found.get(source, (k, row.output))
                if at != k:
                    shapes[at].add(volume)
    for line, leaving in zip(lines, shapes, strict=True):
        line.others = len(leaving - {line.output})
    return lines


def inside(rows: Sequence[Row], blocks: Mapping[str, str], path: str, few: int = 0) -> list[Line]:
    """The layers of a block, or of a group, as lines: one a layer where they are few, else with the blocks in it folded."""
    if len(rows) <= few:
        return [Line(row.path, (row,)) for row in rows]
    around = sum(path[:at] in blocks for at in range(1, len(path) + 1) if path[at : at + 1] in ("/", ""))
    return list(_units(rows, blocks, Key(blocks, around + 1, DEEP)))


def _readable(rows: Sequence[Row], blocks: Mapping[str, str]) -> Key:
    """The way of folding that leaves a table of one screen or two: outermost blocks, or inner ones where few are left."""

    def count(key: Key) -> int:
        return sum(1 for _ in _equal(_units(rows, blocks, key)))

    deepest = max(row.path.count("/") for row in rows) + 1
    best = Key(blocks, 1, deepest)
    found = count(best)
    for level in range(2, deepest):
        finer = Key(blocks, level, deepest)
        if found >= SHORT or (more := count(finer)) > LONG:
            break
        best, found = finer, more
    for depth in range(deepest - 1, 0, -1):
        if found <= LONG:
            break
        best = Key(blocks, best.level, depth)
        found = count(best)
    return best


def _units(rows: Sequence[Row], blocks: Mapping[str, str], key: Key) -> Iterator[Line]:
    """One line for all rows with one key."""
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


def _equal(units: Iterator[Line]) -> Iterator[Line]:
    """Neighbours that are equal in every layer, as one line."""
    held: list[Line] = []
    for unit in units:
        if held and not _alike(held[0], unit):
            yield _together(held)
            held = []
        held.append(unit)
    yield _together(held)


def _alike(one: Line, other: Line) -> bool:
    """The same layers on the same volumes in the same folder: the graph places equal ones once."""
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
    """From bottleneck2 to bottleneck6: bottleneck2–6."""
    stem = last.rstrip("0123456789")
    if len(stem) < len(last) and stem[-1:] != "-" and first.startswith(stem) and first[len(stem) :].isdecimal():
        return f"{first}–{last[len(stem) :]}"
    return f"{first} … {last.rpartition('/')[2]}"
