"""Work that is counted, not timed: calls of functions, the same number on every machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType


class OverBudgetError(BaseException):
    """Raised inside the code that is counted; no handler for mistakes of users may catch it."""


class Work:
    """Counts the calls of Python and C functions made inside a `with` block, and fails the test when they are more than `most`."""

    def __init__(self, most: int = sys.maxsize) -> None:
        self.calls = 0
        self.most = most

    def __enter__(self) -> Work:
        self._before = sys.getprofile()
        sys.setprofile(self._count)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        sys.setprofile(self._before)
        if isinstance(error, OverBudgetError):
            raise AssertionError(f"more than {self.most:,} calls") from None

    def _count(self, frame: FrameType, event: str, arg: object) -> None:
        if event in ("call", "c_call"):
            self.calls += 1
            if self.calls > self.most:
                raise OverBudgetError
