"""Finds the square inputs with which a network or layer gives a certain output."""

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

TRIED = SIZES // 8  # the largest side where every one is worked out by itself
SIDE = "input_side"  # a symbol that no file calls its own


class InputRange(NamedTuple):
    """Input sides in a row that all give the output asked for."""

    first: int
    last: int


class Inputs(NamedTuple):
    """The sides that give it, where there are none the nearest with what they give, and the largest that was looked at."""

    found: list[InputRange]
    nearest: list[tuple[int, Volume]]
    most: int


def inputs(on: WithInput, depth: Any, path: str, target: Target) -> Inputs:
    """The square inputs with which a layer of a network, or its end, gives an output."""
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
    """What a layer leaves for every square input: from its formula where it has one, else by trying sizes."""

    def __init__(self, on: WithInput, depth: Any, path: str) -> None:
        self.on = on
        self.depth = depth
        self.path = path
        self.most = SIZES

    def __iter__(self) -> Iterator[tuple[int, Volume]]:
        """Side by side."""
        try:
            report = self._square(SIDE)
        except SpecError as error:
            yield from self._each(error)
            return
        yield from self._put_in(report)

    def _each(self, error: SpecError) -> Iterator[tuple[int, Volume]]:
        """One size after the other; where none of them works, the mistake is not in the size."""
        self.most = TRIED
        works = False
        for size in range(1, TRIED + 1):
            for found in self._tried(size):
                works = True
                yield found
        if not works:
            raise error

    def _put_in(self, report: Report) -> Iterator[tuple[int, Volume]]:
        from cnncalc.study.symbols.substitution import fails, put

        volume = last(report, self.path)
        needed = [condition for condition in report.conditions if not condition.assumed]
        assumed = [condition for condition in report.conditions if condition.assumed]
        for size in range(1, SIZES + 1):
            point = {SIDE: size}
            if any(fails(condition, point) for condition in assumed):
                yield from self._tried(size)  # here it is another network
            elif not any(fails(condition, point) for condition in needed):
                yield size, put(volume, point)

    def _tried(self, size: int) -> Iterator[tuple[int, Volume]]:
        try:
            yield size, last(self._square(str(size)), self.path)
        except SpecError:  # too small, or branches that do not meet
            return

    def _square(self, size: str) -> Report:
        return self.on(f"{size}x{size}x{self.depth}")


def last(report: Report, path: str) -> Volume:
    """What a layer leaves, or the last layer in a folder; without one, the last volume that still has places, ahead of the classifier."""
    if path:
        output: Volume = report.place(path).output
        return output
    wide = [row.output for row in report if not row.side and row.output.places != 1]
    return wide[-1] if wide else report.outputs[0]


def intervals(sizes: Sequence[int]) -> Iterator[InputRange]:
    """Whole numbers in a row, by their ends."""
    start = 0
    for i, size in enumerate(sizes):
        if i + 1 == len(sizes) or sizes[i + 1] != size + 1:
            yield InputRange(sizes[start], size)
            start = i + 1
