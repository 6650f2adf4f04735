"""How far long work is: a line on the terminal that rewrites itself, and nothing anywhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WIDTH = 30  # signs of the bar
QUIET = 0.5  # seconds of work that nobody needs to be told of
OFTEN = 0.1  # seconds between two lines


def kept(work: Iterable[Any], total: int, stream: TextIO | None = None, clock: Callable[[], float] | None = None) -> tuple[list[Any], bool]:
    """All results of some work, with a bar on a terminal; where it is interrupted, those that were there, and that it was."""
    from time import monotonic

    stream, clock = stream or sys.stderr, clock or monotonic
    talking, said = stream.isatty(), False
    results: list[Any] = []
    start = last = clock()
    try:
        for result in work:
            results.append(result)
            now = clock()
            if talking and now - start > QUIET and now - last > OFTEN:
                last, said = now, True
                stream.write(f"\r{bar(len(results), total)}")
                stream.flush()
    except KeyboardInterrupt:
        return results, True
    finally:
        if said:
            stream.write(f"\r{' ' * len(bar(total, total))}\r")
            stream.flush()
    return results, False


def bar(done: int, total: int) -> str:
    """As in: ######---------- 12 of 40."""
    full = done * WIDTH // max(total, 1)
    return f"{'#' * full}{'-' * (WIDTH - full)} {done} of {total}"
