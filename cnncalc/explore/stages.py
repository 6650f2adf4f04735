"""Aligns two networks by the size of their outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from cnncalc.layers import Volume

    Size = tuple[Any, ...]


class StagePart(Protocol):
    """A layer, or several shown as one."""

    @property
    def output(self) -> Volume:
        """The output volume."""

    @property
    def kind(self) -> str:
        """The kind of layer, or the name of the block."""

    @property
    def what(self) -> str:
        """The kind with its fields."""


P = TypeVar("P", bound=StagePart)


class Pair(Generic[P]):
    """Parts shown side by side; None if the other network has no counterpart."""

    __slots__ = ("one", "other")

    def __init__(self, one: P | None, other: P | None) -> None:
        self.one = one
        self.other = other


class Stage(Generic[P]):
    """All parts whose output has a given height and width."""

    __slots__ = ("pairs", "size")

    def __init__(self, size: Size, pairs: Sequence[Pair[P]]) -> None:
        self.size = size
        self.pairs = pairs

    @property
    def meets(self) -> bool:
        """Whether both networks have parts in this stage."""
        return any(pair.one is not None for pair in self.pairs) and any(pair.other is not None for pair in self.pairs)


def align(one: Sequence[P], other: Sequence[P]) -> Iterator[Stage[P]]:
    """Yield the stages of both networks, in the order of their sizes."""
    mine, its = stages(one), stages(other)
    for first, second in _matched(list(mine), list(its)):
        size = first if first is not None else second
        assert size is not None  # at least one is given
        yield Stage(size, list(_pairs(mine[size] if first is not None else [], its[size] if second is not None else [])))


def stages(pieces: Sequence[P]) -> dict[Size, list[P]]:
    """Group parts by output size. A part with a 1×1 output in between (in a gate) belongs to the stage around it."""
    by_size: dict[Size, list[P]] = {}
    sizes = [piece.output.sides for piece in pieces]
    last = max((i for i, size in enumerate(sizes) if set(size) != {1}), default=-1)
    ahead = None
    for i in range(last, -1, -1):
        if set(sizes[i]) == {1}:
            sizes[i] = ahead or sizes[i]
        else:
            ahead = sizes[i]
    for piece, size in zip(pieces, sizes, strict=True):
        by_size.setdefault(size, []).append(piece)
    return by_size


def _pairs(one: Sequence[P], other: Sequence[P]) -> Iterator[Pair[P]]:
    """Pair equal layers first, then layers of the same kind between them; the rest stays unpaired."""
    for equals in _runs([_exact(piece) for piece in one], [_exact(piece) for piece in other]):
        if equals.same:
            for i, j in zip(equals.ones, equals.others, strict=True):
                yield Pair(one[i], other[j])
            continue
        mine, its = [one[i] for i in equals.ones], [other[j] for j in equals.others]
        for first, second in _matched([piece.kind for piece in mine], [piece.kind for piece in its], by_place=True):
            yield Pair(mine[first] if first is not None else None, its[second] if second is not None else None)


def _exact(piece: StagePart) -> Hashable:
    return piece.what, piece.output


class _Run(NamedTuple):
    same: bool
    ones: range
    others: range


def _runs(one: Sequence[Hashable], other: Sequence[Hashable]) -> Iterator[_Run]:
    """Yield the common and the differing runs of two lists, in order."""
    from difflib import SequenceMatcher

    for tag, first, end, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield _Run(tag == "equal", range(first, end), range(start, stop))


def _matched(one: Sequence[Any], other: Sequence[Any], *, by_place: bool = False) -> Iterator[tuple[Any, Any]]:
    """Yield pairs of common items, and the rest with None; as indices (`by_place`) or as items."""
    for same, ones, others in _runs(one, other):
        first, second = (list(ones), list(others)) if by_place else ([one[i] for i in ones], [other[j] for j in others])
        if same:
            yield from zip(first, second, strict=True)
        else:
            yield from ((each, None) for each in first)
            yield from ((None, each) for each in second)
