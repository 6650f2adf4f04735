"""A progress bar on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WIDTH = 30  # signs of the bar, where there is room for them
QUIET = 0.5  # seconds before the bar appears
OFTEN = 0.1  # seconds between two lines


class ProgressLine:
    """One line of a terminal, no wider than it: a line that goes on below cannot be taken back."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.talking = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        self.shown = 0  # the places that are written on

    @property
    def width(self) -> int:
        """The places that may be written on."""
        from cnncalc.output.forms.terminal import width

        return width(self.stream, os.environ) - 1

    def say(self, text: str) -> None:
        """Write this instead of what stands there."""
        if not self.talking:
            return
        from cnncalc.errors import printable
        from cnncalc.text import breadth, filled, start

        text = start(printable(text), self.width)
        self.stream.write(f"\r{filled(text, self.shown)}\r{text}" if breadth(text) < self.shown else f"\r{text}")
        self.stream.flush()
        self.shown = breadth(text)

    def clear(self) -> None:
        """Leave nothing."""
        if self.shown:
            self.stream.write(f"\r{' ' * self.shown}\r")
            self.stream.flush()
            self.shown = 0


def kept(work: Iterable[Any], total: int, stream: TextIO | None = None, clock: Callable[[], float] | None = None) -> tuple[list[Any], bool]:
    """All results of some work, with a bar on a terminal; where it is interrupted, those that were there, and that it was."""
    from time import monotonic

    line, clock = ProgressLine(stream), clock or monotonic
    results: list[Any] = []
    start = last = clock()
    try:
        for result in work:
            results.append(result)
            now = clock()
            if line.talking and now - start > QUIET and now - last > OFTEN:
                last = now
                line.say(bar(len(results), total, line.width))
    except KeyboardInterrupt:
        return results, True
    finally:
        line.clear()
    return results, False


def bar(done: int, total: int, width: int = 80) -> str:
    """As in: ######---------- 12 of 40."""
    said = f"{done} of {total}"
    signs = max(min(WIDTH, width - len(said) - 1), 0)
    full = done * signs // max(total, 1)
    return f"{'#' * full}{'-' * (signs - full)} {said}".strip()
