"""Valid specs: a report whose rows add up, equal to that of the spec written out, in numbers, in symbols and in every format."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from cnncalc.layers import KINDS
from tests.fuzz.specs import EVERYTHING, Spec, specs
from tests.spec_text import lines, report


def test_the_strategy_knows_every_kind() -> None:
    assert set(KINDS) == EVERYTHING


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(specs())
def test_short_is_long(spec: Spec) -> None:
    short, long = report(spec.text), report(spec.long)
    assert lines(short) == lines(long)
    assert [tuple(row.output) for row in short][1:-1] == [tuple(shape) for shape in spec.shapes]
