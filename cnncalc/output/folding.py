"""Rows of a report as lines of a table: one a layer, or one for a whole block, and one for several equal blocks in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import IN_PLACE, VIEW
from cnncalc.propagate.report import total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.layers import Volume
    from cnncalc.propagate.report import Row

LONG = 60  # rows that a table has before it folds by itself


class Line:
    """One layer, or the layers of `times` equal blocks; figures are those of all of them together."""

    __slots__ = ("block", "path", "rows", "times")

    def __init__(self, path: str, rows: Sequence[Row], block: str = "", times: int = 1) -> None:
        self.path = path
        self.rows = rows
        self.block = block  # what the rows are together; "" for a single layer
        self.times = times

    @property
    def single(self) -> bool:
        """Stands for one layer and nothing else."""
        return len(self.rows) == 1

    @property
    def kind(self) -> str:
        """The kind of the layer, or the name of the block."""
        return self.block or self.rows[0].kind

    @property
    def what(self) -> str:
        """The kind with its fields, or how many of which block."""
        described = self.block or f"{self.rows[0].kind} {self.rows[0].layer.describe()}".rstrip()
        return described if self.times == 1 else f"{self.times} × {described}"

    @property
    def output(self) -> Volume:
        """What comes out at the end."""
        return self.rows[-1].output

    @property
    def arriving(self) -> Volume | None:
        """What arrives at the start, if that is one volume."""
        inputs = self.rows[0].inputs
        return inputs[0] if len(inputs) == 1 and self.rows[0].sources else None

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


def lines(rows: Sequence[Row], repeats: Mapping[str, str], fold: int) -> list[Line]:
    """The lines for rows that follow one another; `fold` is the depth of paths that stays, 0 keeps every row."""
    if not fold:
        return [Line(row.path, (row,)) for row in rows]
    return list(_equal(_units(rows, repeats, fold)))


def depth_for(rows: Sequence[Row], most: int = LONG) -> int:
    """The deepest fold with which a table is not too long; 0 where it is short enough as it is."""
    if len(rows) <= most:
        return 0
    deepest = max(row.path.count("/") for row in rows) + 1
    fitting = [fold for fold in range(1, deepest) if sum(1 for _ in _equal(_units(rows, {}, fold))) <= most]
    return fitting[-1] if fitting else 1


def _units(rows: Sequence[Row], repeats: Mapping[str, str], fold: int) -> Iterator[Line]:
    """One line for all rows that share the first parts of their path."""
    start = 0
    key = _key(rows[0].path, fold) if rows else ""
    for i in range(1, len(rows) + 1):
        following = _key(rows[i].path, fold) if i < len(rows) else ""
        if following != key:
            unit = rows[start:i]
            yield Line(key, unit, "" if len(unit) == 1 and unit[0].path == key else _block(key, unit, repeats))
            start, key = i, following


def _key(path: str, fold: int) -> str:
    """The first parts of a path."""
    at = -1
    for _ in range(fold):
        at = path.find("/", at + 1)
        if at < 0:
            return path
    return path[:at]


def _block(key: str, rows: Sequence[Row], repeats: Mapping[str, str]) -> str:
    """What rows are together: a block by its name, a merge with its branches, or so many layers."""
    name = repeats.get(key)
    if name is None and rows[-1].path == key:
        name = rows[-1].kind
    layers = f"{len(rows)} layer{'s' if len(rows) > 1 else ''}"
    return f"{name} ({layers})" if name else layers


def _equal(units: Iterator[Line]) -> Iterator[Line]:
    """Neighbours that are equal in every layer, as one line."""
    held: list[Line] = []
    for unit in units:
        if held and not _alike(held[0], unit):
            yield _together(held)
            held = []
        held.append(unit)
    if held:
        yield _together(held)


def _alike(one: Line, other: Line) -> bool:
    """The same layers on the same volumes in the same folder: the graph places equal ones once."""
    return (
        one.block == other.block
        and len(one.rows) == len(other.rows)
        and one.path.rpartition("/")[0] == other.path.rpartition("/")[0]
        and all(a.node.placed is b.node.placed for a, b in zip(one.rows, other.rows, strict=True))
    )


def _together(units: Sequence[Line]) -> Line:
    if len(units) == 1:
        return units[0]
    rows = [row for unit in units for row in unit.rows]
    return Line(_range(units[0].path, units[-1].path), rows, units[0].block or units[0].what, len(units))


def _range(first: str, last: str) -> str:
    """From bottleneck2 to bottleneck6: bottleneck2–6."""
    stem = last.rstrip("0123456789")
    if len(stem) < len(last) and first.startswith(stem) and first[len(stem) :].isdecimal():
        return f"{first}–{last[len(stem) :]}"
    return f"{first} … {last.rpartition('/')[2]}"
