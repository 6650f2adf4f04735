"""The parts of a split that are not equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError
from cnncalc.layers import FieldError
from cnncalc.layers.fields import POSITIVE
from cnncalc.spec.operations import OperationError, equal, operation_error

if TYPE_CHECKING:
    from cnncalc.dims import Dim
    from cnncalc.errors import Span

REST = "rest"


def part_channels(sizes: list[Any], channels: Dim, span: Span) -> list[tuple[Dim, Dim]]:
    """Return the first channel and the end of each part; one size may be the rest."""
    rests = sum(size == REST for size in sizes if isinstance(size, str))
    if rests > 1 or len(sizes) < 2:
        raise SpecError(Problem("parts: expected two sizes or more, one of them may be 'rest'", span, "as in {split: [64, rest]}"))
    try:
        known = [POSITIVE.read(size) for size in sizes if not (isinstance(size, str) and size == REST)]
        left = channels - sum(known)
        if (isinstance(left, int) and left < rests) or (not rests and not equal(left, 0)):
            listed = " + ".join(map(str, known))
            raise SpecError(Problem(f"parts: {listed} is not the input's {channels} channels", span, "one part can be the 'rest'"))
    except (FieldError, OperationError, ArithmeticError) as error:
        found = operation_error(error) if isinstance(error, ArithmeticError) else error
        raise SpecError(Problem(f"parts: {found}", span, getattr(found, "hint", ""))) from None
    parts: list[tuple[Dim, Dim]] = []
    first: Dim = 0
    for size in sizes:
        end = first + (left if isinstance(size, str) else size)
        parts.append((first, end))
        first = end
    return parts
