"""The iterations of a loop: the values of its variables, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError
from cnncalc.layers import shown
from cnncalc.limits import LIMITS
from cnncalc.spec.operations import to_number
from cnncalc.spec.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.errors import Span
    from cnncalc.spec.model import Loop, Value


def rounds(loop: Loop, scope: Scope, operate: Callable[[int, Span], None]) -> Iterator[dict[str, Any]]:
    """Yield the values of the loop variables, one iteration after the other. `operate` counts the work."""
    for row in zipped(loop, scope) if loop.columns else [{}] if loop.rows is None else listed(loop, loop.rows, scope):
        if loop.repeat is None:
            yield row
            continue
        count = loop.repeat.evaluate(Scope(row, scope))
        if type(count) is not int or not 0 <= count <= LIMITS.rounds:
            letters = ", ".join(getattr(count, "symbols", ()))
            message = f"this depends on {letters}" if letters else f"found {shown(count)}"
            message = f"repeat: expected a whole number from 0 to {LIMITS.rounds:,}, {message}"
            raise SpecError(Problem(message, loop.repeat.span, to_number(count)))
        for i in range(1, count + 1):
            operate(len(row) // 8, loop.repeat.span)
            yield {**row, "i": i}


def zipped(loop: Loop, scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield the rows of lists of equal length, one for each variable."""
    columns: list[Any] = [column.evaluate(scope) for column in loop.columns]
    for name, column, given in zip(loop.names, columns, loop.columns, strict=True):
        if not isinstance(column, list) or len(column) != len(columns[0]):
            wanted = f"a list of {len(columns[0])} values, as {loop.names[0]} has" if isinstance(columns[0], list) else "a list"
            raise SpecError(Problem(f"in: {name}: expected {wanted}, found {shown(column)}", given.span))
    for row in zip(*columns, strict=True):
        yield dict(zip(loop.names, row, strict=True))


def listed(loop: Loop, rows: Value, scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield the rows of one list, each with a value for every variable."""
    found = rows.evaluate(scope)
    if not isinstance(found, list):
        raise SpecError(Problem(f"in: expected a list of rows, found {shown(found)}", rows.span))
    for i, row in enumerate(found):
        values = [row] if len(loop.names) == 1 else row
        if not isinstance(values, list) or len(values) != len(loop.names):
            span = rows.items[i].span if rows.items else rows.span
            raise SpecError(Problem(f"a row for {', '.join(loop.names)} has {len(loop.names)} values, found {shown(row)}", span))
        yield dict(zip(loop.names, values, strict=True))
