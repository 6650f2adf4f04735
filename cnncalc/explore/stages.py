"""Two networks aligned: their layers (or blocks) go in, out come stages of one output size, and in each the pairs that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from cnncalc.layers import Volume

    Size = tuple[Any, ...]


class Piece(Protocol):
    """A layer, or several that are shown as one."""

    @property
    def output(self) -> Volume:
        """The volume that it leaves."""

    @property
    def kind(self) -> str:
        """The kind, or the block."""

    @property
    def what(self) -> str:
        """The kind with its fields."""


P = TypeVar("P", bound=Piece)


class Pair(Generic[P]):
    """What stands beside what; None where the other network has nothing."""

    __slots__ = ("one", "other")

    def __init__(self, one: P | None, other: P | None) -> None:
        self.one = one
        self.other = other


class Stage(Generic[P]):
    """Everything that leaves volumes of one height and width."""

    __slots__ = ("pairs", "size")

    def __init__(self, size: Size, pairs: Sequence[Pair[P]]) -> None:
        self.size = size
        self.pairs = pairs

    @property
    def meets(self) -> bool:
        """Both networks have something here."""
        return any(pair.one is not None for pair in self.pairs) and any(pair.other is not None for pair in self.pairs)


def align(one: Sequence[P], other: Sequence[P]) -> Iterator[Stage[P]]:
    """The stages of both networks, in the order of their sizes."""
    mine, its = stages(one), stages(other)
    for first, second in _matched(list(mine), list(its)):
        size = first if first is not None else second
        assert size is not None  # one of both is there
        yield Stage(size, list(_pairs(mine[size] if first is not None else [], its[size] if second is not None else [])))


def stages(pieces: Sequence[P]) -> dict[Size, list[P]]:
    """Pieces by the size that they leave. What squeezes a volume to one place on the way (a gate) is part of the stage around it."""
    found: dict[Size, list[P]] = {}
    sizes = [piece.output.sides for piece in pieces]
    last = max((i for i, size in enumerate(sizes) if set(size) != {1}), default=-1)
    ahead = None
    for i in range(last, -1, -1):
        if set(sizes[i]) == {1}:
            sizes[i] = ahead or sizes[i]
        else:
            ahead = sizes[i]
    for piece, size in zip(pieces, sizes, strict=True):
        found.setdefault(size, []).append(piece)
    return found


def _pairs(one: Sequence[P], other: Sequence[P]) -> Iterator[Pair[P]]:
    """Equal layers beside each other, then layers of one kind, and between them what is left."""
    for equals in _runs([_exact(piece) for piece in one], [_exact(piece) for piece in other]):
        if equals.same:
            for i, j in zip(equals.ones, equals.others, strict=True):
                yield Pair(one[i], other[j])
            continue
        mine, its = [one[i] for i in equals.ones], [other[j] for j in equals.others]
        for first, second in _matched([piece.kind for piece in mine], [piece.kind for piece in its], by_place=True):
            yield Pair(mine[first] if first is not None else None, its[second] if second is not None else None)


def _exact(piece: Piece) -> Hashable:
    return piece.what, piece.output


class _Run(NamedTuple):
    same: bool
    ones: range
    others: range


def _runs(one: Sequence[Hashable], other: Sequence[Hashable]) -> Iterator[_Run]:
    """What two lists have in common, in order, and what they have between that."""
    from difflib import SequenceMatcher

    for tag, first, end, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield _Run(tag == "equal", range(first, end), range(start, stop))


def _matched(one: Sequence[Any], other: Sequence[Any], *, by_place: bool = False) -> Iterator[tuple[Any, Any]]:
    """What is in both beside each other, the rest alone; as places in the lists, or as what stands there."""
    for same, ones, others in _runs(one, other):
        first, second = (list(ones), list(others)) if by_place else ([one[i] for i in ones], [other[j] for j in others])
        if same:
            yield from zip(first, second, strict=True)
        else:
            yield from ((each, None) for each in first)
            yield from ((None, each) for each in second)
