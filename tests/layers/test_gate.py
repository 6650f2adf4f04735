"""A gate of 1×1×C on a volume whose sides are formulas: the sides that are not 1 come out, whatever the symbols are."""

from __future__ import annotations

import pytest

from cnncalc.dims import symbol
from cnncalc.layers import KINDS, Volume

H, W, C = symbol("H"), symbol("W"), symbol("C")
GATE = Volume(1, 1, C)


@pytest.mark.parametrize("side", [H, (H + 3) // 4, (H + 1) // 4])  # the last is 0 for H = 1: there the layer before has asked for more
def test_a_gate_stretches_over_formulas(side: object) -> None:
    x = Volume(side, W, C)  # type: ignore[arg-type]  # a formula
    multiply = KINDS["multiply"]()
    assert multiply.output(x, GATE) == x
    assert multiply.output(GATE, x) == x
    assert all(condition.holds for condition in multiply.requires(x, GATE))
