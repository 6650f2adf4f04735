"""A progress bar for terminals."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

from cnncalc.errors import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from rich.progress import Progress as Display

DELAY = 1.0  # seconds before a progress bar is shown; until then, rich is not loaded


class Progress:
    """A progress bar with the remaining time, removed at the end. Shown on terminals only."""

    def __init__(self, total: int, stream: TextIO | None = None, clock: Callable[[], float] | None = None) -> None:
        from time import monotonic

        self.total = total
        self.done = 0
        self.stream = stream or sys.stderr
        self.clock = clock or monotonic
        self.start = self.clock()
        self.enabled = self.stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
        self.display: Display | None = None

    def __call__(self, label: str = "") -> None:
        """Start the next step; all earlier ones are done."""
        if self.enabled and self.display is None and self.clock() - self.start > DELAY:
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
    """Create rich's progress line: bar, count, remaining time and name, limited to one line."""
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


def collect(
    work: Iterable[Any], total: int, stream: TextIO | None = None, clock: Callable[[], float] | None = None
) -> tuple[list[Any], bool]:
    """Collect results with a progress bar; on Ctrl-C, return those so far, and True."""
    results: list[Any] = []
    try:
        with Progress(total, stream, clock) as progress:
            for result in work:
                results.append(result)
                progress()
    except KeyboardInterrupt:
        return results, True
    return results, False
