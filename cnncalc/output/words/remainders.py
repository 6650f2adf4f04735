"""Says which input and padding kernels leave unused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.layers import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.propagate.rows import Row

NAMED = 3  # layers with unused input that are named


def remainder_sentence(inexact: Sequence[Row]) -> str:
    """Return a sentence on layers with unused input, grouped by equal remainders, with the nearest sizes that divide evenly."""
    losing = [row for row in inexact if any(row.lost)]
    if not losing:
        return ""
    paths: dict[str, str] = {}
    for row in losing:
        paths.setdefault("; ".join(unused_input(row)), row.path)
    named = [f"{path}: {text}" for text, path in paths.items()][:NAMED]
    others = len(losing) - len(named)
    if others:
        named.append(f"{others} more layer{'s' if others > 1 else ''} leave{'' if others > 1 else 's'} input unused")
    return f"* Kernels do not divide the input evenly. {'. '.join(named)}."


def unused_input(row: Row) -> list[str]:
    """Return the unused rows and columns of the input or padding (one text if equal), and the nearest sizes that divide evenly."""
    counts_by_text: dict[tuple[str, str], list[str]] = {}
    windows = row.layer.windows  # type: ignore[attr-defined]  # only kernels leave a remainder
    (x,) = row.inputs
    for line, side, left, lost, window in zip(LINES[x.rank], x.sides, row.cost.remainders, row.lost, windows, strict=True):
        if isinstance(left, int) and left:
            fitting = " or ".join(window.would_fit(side))
            count = lost or left
            what = f"of the {'input' if lost else 'padding'}"
            if window.ceil:
                what, count = "of the last kernel position lie past the edge", (window.places(side) - 1) * window.stride - window.room(side)
            counts_by_text.setdefault((what, fitting), []).append(f"{count} {line}{'s' if count != 1 else ''}")
    return [
        f"{' and '.join(counts)} {what}{'' if 'edge' in what else ' is unused' if [n[:2] for n in counts] == ['1 '] else ' are unused'}"
        f"{f'; {fitting} would divide evenly' if fitting else ''}"
        for (what, fitting), counts in counts_by_text.items()
    ]
