"""Finds the square inputs for which a network or layer has a given output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.answers.solve import NEAREST, SIZES
from cnncalc.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cnncalc.answers.solve import Target
    from cnncalc.layers import Volume
    from cnncalc.propagate.report import Report

    WithInput = Callable[[str], Report]  # the report of the network on an input

TRIED = SIZES // 8  # the largest side if every size is computed separately
SIDE = "input_side"  # not a symbol of any file


class InputRange(NamedTuple):
    """Consecutive input sides with the requested output."""

    first: int
    last: int


class Inputs(NamedTuple):
    """The input sides found or, if none, the nearest ones with their outputs; and the largest side tried."""

    found: list[InputRange]
    nearest: list[tuple[int, Volume]]
    most: int


def inputs(on: WithInput, depth: Any, path: str, target: Target) -> Inputs:
    """Return the square inputs for which a layer, or the network, has the target output."""
    found: list[int] = []
    near: list[tuple[int, int, Volume]] = []
    outputs = Outputs(on, depth, path)
    for size, y in outputs:
        off = target.misses(y, None, None)
        if off == 0:
            found.append(size)
        else:
            near.append((off, size, y))
    near.sort(key=lambda each: each[:2])
    return Inputs(list(intervals(found)), [] if found else [(size, y) for _, size, y in near[:NEAREST]], outputs.most)


class Outputs:
    """The output of a layer for every square input: from its formula if there is one, else by trying sizes."""

    def __init__(self, on: WithInput, depth: Any, path: str) -> None:
        self.on = on
        self.depth = depth
        self.path = path
        self.most = SIZES

    def __iter__(self) -> Iterator[tuple[int, Volume]]:
        """Yield each input side with the output."""
        try:
            report = self._square(SIDE)
        except SpecError as error:
            yield from self._try_all(error)
            return
        yield from self._from_formula(report)

    def _try_all(self, error: SpecError) -> Iterator[tuple[int, Volume]]:
        """Try all sizes; if none works, raise the original error."""
        self.most = TRIED
        works = False
        for size in range(1, TRIED + 1):
            for found in self._try_size(size):
                works = True
                yield found
        if not works:
            raise error

    def _from_formula(self, report: Report) -> Iterator[tuple[int, Volume]]:
        from cnncalc.study.symbols.substitution import fails, substitute

        volume = last(report, self.path)
        needed = [condition for condition in report.conditions if not condition.assumed]
        assumed = [condition for condition in report.conditions if condition.assumed]
        for size in range(1, SIZES + 1):
            point = {SIDE: size}
            if any(fails(condition, point) for condition in assumed):
                yield from self._try_size(size)  # the formula does not hold here
            elif not any(fails(condition, point) for condition in needed):
                yield size, substitute(volume, point)

    def _try_size(self, size: int) -> Iterator[tuple[int, Volume]]:
        try:
            yield size, last(self._square(str(size)), self.path)
        except SpecError:  # too small, or branches of different sizes
            return

    def _square(self, size: str) -> Report:
        return self.on(f"{size}x{size}x{self.depth}")


def last(report: Report, path: str) -> Volume:
    """Return the output of a layer or folder; without a path, the last output larger than 1×1, before the classifier."""
    if path:
        output: Volume = report.place(path).output
        return output
    wide = [row.output for row in report if not row.side and row.output.places != 1]
    return wide[-1] if wide else report.outputs[0]


def intervals(sizes: Sequence[int]) -> Iterator[InputRange]:
    """Yield the ranges of consecutive numbers."""
    start = 0
    for i, size in enumerate(sizes):
        if i + 1 == len(sizes) or sizes[i + 1] != size + 1:
            yield InputRange(sizes[start], size)
            start = i + 1
