"""Work counted, not timed: how many lines of code run, function by function."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

MOST = 2.3  # times the work for twice the size; more than 2 leaves room for sorting
MOST_OF_ONE = 3.5  # times the work of one function: one that looks at all pairs has 4
SHARE = 0.02  # of all work, below which a function is not looked at


def lines(task: Callable[[], object]) -> Counter[CodeType]:
    """The lines that a task runs, each as often as it does, by function."""
    found: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        found[frame.f_code] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        task()
    finally:
        sys.settrace(before)
    return found


def check_growth(small: Callable[[], object], twice: Callable[[], object]) -> None:
    """Twice the size takes no more than about twice the work, all in all and in every function."""
    less, more = lines(small), lines(twice)
    assert more.total() <= MOST * less.total()
    for code, count in more.most_common():
        if count > SHARE * more.total():
            assert count <= MOST_OF_ONE * less[code], f"{code.co_name} in {code.co_filename}: {less[code]:,} lines, then {count:,}"
