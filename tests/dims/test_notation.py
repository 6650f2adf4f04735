"""Formulas in mathematical notation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from cnncalc.dims import Dim, Traced
from cnncalc.dims.notation import show

from .expressions import SYMBOLS, Tree, linear_trees, read, worked_out

C, H, W, k, w = (SYMBOLS[name] for name in ("C", "H", "W", "k", "w"))


@pytest.mark.parametrize(
    ("dim", "text", "latex"),
    [
        (27 * C**2, "27·C²", r"27 \cdot C^{2}"),
        (38592 * H * W + 221184 * (H // 2) * (W // 2), "38592·H·W + 221184·⌊H/2⌋·⌊W/2⌋", None),
        ((H + 31) // 32, "⌊(H + 31)/32⌋", r"\left\lfloor \frac{H + 31}{32} \right\rfloor"),
        ((H // 2) ** 12, "⌊H/2⌋¹²", r"\left\lfloor \frac{H}{2} \right\rfloor^{12}"),
        (H // w, "⌊H/w⌋", r"\left\lfloor \frac{H}{w} \right\rfloor"),
        (k**2 / 2 - 3, "1/2·k² − 3", r"\frac{1}{2} \cdot k^{2} - 3"),
        (-C / 2, "−1/2·C", r"-\frac{1}{2} \cdot C"),
        (-H + Fraction(1, 2), "−H + 1/2", r"-H + \frac{1}{2}"),
        (5, "5", "5"),
        (-5, "−5", "-5"),
        (SYMBOLS["N"] * 2, "2·N", r"2 \cdot N"),
    ],
)
def test_how_formulas_look(dim: Dim, text: str, latex: str | None) -> None:
    assert not isinstance(dim, Traced)
    assert show(dim) == text
    assert latex is None or show(dim, "latex") == latex


@given(linear_trees)
def test_the_plain_style_is_read_back(tree: Tree) -> None:
    value = worked_out(tree, SYMBOLS)
    assert read(show(value, "ascii")) == value
