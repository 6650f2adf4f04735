"""How far some work is, on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

from cnncalc.errors import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from rich.progress import Progress as Display

QUIET = 1.0  # seconds of work that need no progress bar; without one, rich is not loaded


class Progress:
    """A bar with the time left, taken away at the end. Shown on terminals only."""

    def __init__(self, total: int, stream: TextIO | None = None, clock: Callable[[], float] | None = None) -> None:
        from time import monotonic

        self.total = total
        self.done = 0
        self.stream = stream or sys.stderr
        self.clock = clock or monotonic
        self.start = self.clock()
        self.talking = self.stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
        self.display: Display | None = None

    def __call__(self, label: str = "") -> None:
        """The next piece of work begins, and all before it are done."""
        if self.talking and self.display is None and self.clock() - self.start > QUIET:
            self.display = display(self.stream)
            self.display.add_task(printable(label), total=self.total, completed=self.done)
            self.display.start()
        elif self.display is not None:
            self.display.update(self.display.task_ids[0], completed=self.done, description=printable(label))
        self.done += 1

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.display is not None:
            self.display.stop()


def display(stream: TextIO) -> Display:
    """The line of rich: bar, count, time left, name; never more than one line, and no wider than the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    one_line = Column(no_wrap=True, overflow="ellipsis")
    columns = (
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("left {task.description}", style="none", markup=False, table_column=one_line),
    )
    return Progress(*columns, console=Console(file=stream), transient=True, redirect_stdout=False, redirect_stderr=False)


def kept(work: Iterable[Any], total: int, stream: TextIO | None = None, clock: Callable[[], float] | None = None) -> tuple[list[Any], bool]:
    """All results of some work; where it is interrupted, those that were there, and that it was."""
    results: list[Any] = []
    try:
        with Progress(total, stream, clock) as progress:
            for result in work:
                results.append(result)
                progress()
    except KeyboardInterrupt:
        return results, True
    return results, False
