"""A few inputs for every target, the same each time: python -m tests.fuzz tries as many as one has time for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from cnncalc.layers import KINDS
from tests.fuzz.specs import EVERYTHING
from tests.fuzz.targets import TARGETS, Target


def test_the_strategy_knows_every_kind() -> None:
    assert set(KINDS) == EVERYTHING


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("target", [target for target in TARGETS if target.examples], ids=lambda target: target.name)
def test_a_few_inputs(target: Target) -> None:
    settings(max_examples=target.examples, suppress_health_check=[HealthCheck.too_slow])(given(target.inputs)(target.check))()
