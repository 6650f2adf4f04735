"""Valid specs: the report of each is equal to that of the spec written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.spec_text import lines, report

if TYPE_CHECKING:
    from tests.fuzz.specs import Spec


def short_is_long(spec: Spec) -> None:
    """Layer by layer, and with the shapes that the tests have counted."""
    short, long = report(spec.text), report(spec.long)
    assert lines(short) == lines(long)
    assert [tuple(row.output) for row in short][1:-1] == [tuple(shape) for shape in spec.shapes]
