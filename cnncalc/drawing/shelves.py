"""Places further drawings next to the main one, in columns or rows."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from cnncalc.drawing.page_columns import page_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.drawing.levels import Point

FEW = 24  # drawings up to which every arrangement is tried
BESIDE, APART = 56, 36  # between the main drawing and those beside it, and between these


def shelves(sizes: Sequence[Point], main: Point) -> tuple[list[Point], Point]:
    """Return the corners of drawings next to one of size `main`, and the total size, for the largest scale."""
    if not sizes:
        return [], (0.0, 0.0)
    found = []
    for across in (False, True):
        along = [size[not across] for size in sizes]  # their heights in columns, their widths in rows
        least = max(along) if across else max(main[1], *along)
        limits = {least, *[length for length in _lengths(along) if length > least]}
        found += [_stacked(sizes, limit, across=across) for limit in sorted(limits)]
    return max(found, key=lambda each: page_scale(main[0] + each[1][0], max(main[1], each[1][1])))


def _lengths(along: Sequence[float]) -> set[float]:
    """Return lengths of shelves to try: those of all runs of neighbours; for many drawings, a selection."""
    ends = [0.0, *accumulate(each + APART for each in along)]
    if len(along) > FEW:
        return {ends[-1] / 2 ** (halves / 2) for halves in range(12)}
    return {ends[j] - ends[i] - APART for i in range(len(along)) for j in range(i + 1, len(ends))}


def _stacked(sizes: Sequence[Point], limit: float, *, across: bool) -> tuple[list[Point], Point]:
    """Place drawings in columns of a height, or in rows of a width."""
    corners: list[Point] = []
    start, shelf, depth, farthest = 0.0, 0.0, 0.0, 0.0
    for size in sizes:
        length, width = size[not across], size[across]
        if start and start + length > limit + 0.1:
            start, shelf, depth = 0.0, shelf + depth + APART, 0.0
        corners.append((start + BESIDE, shelf) if across else (shelf + BESIDE, start))
        depth, farthest = max(depth, width), max(farthest, start + length)
        start += length + APART
    return corners, (farthest + BESIDE, shelf + depth) if across else (shelf + depth + BESIDE, farthest)
