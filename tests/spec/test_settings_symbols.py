"""Symbols in options: what is known of them goes with them, and what must be a whole number is one for all of their values."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc import analysis
from cnncalc.dims import Poly
from cnncalc.dims.domains import ANYWHERE
from cnncalc.spec.settings import Setting, option_batch, option_input, option_params

NETWORK = {"input": "HxWxC", "params": {"width": 1, "K": ""}, "layers": [{"conv": "K * width"}]}


def test_what_is_known_of_symbols_goes_with_them() -> None:
    located = analysis.locate(NETWORK)
    setting = Setting(located.network, input=option_input("HxWx3"), params=option_params(["width=w"]))
    scope, x, params = setting.resolve(ANYWHERE.narrowed({"H": 9, "w": 5, "K": 3}))
    assert isinstance(x.h, Poly)
    assert isinstance(x.w, Poly)
    assert x.h >= 9
    assert params["width"] >= 5
    assert params["K"] >= 3
    assert scope.values["C"] == 3
    with pytest.raises(ArithmeticError):
        x.w >= 2  # noqa: B015  # it must raise


@pytest.mark.parametrize("text", ["N", "2*N + 1", "8", "N^2"])
def test_batches(text: str) -> None:
    assert str(option_batch(text)).replace("**", "^") == text


@pytest.mark.parametrize("text", ["N/2", "N - 1", "-N", "0", "3/2"])
def test_what_is_no_number_of_images(text: str) -> None:
    with pytest.raises(cnncalc.SpecError, match="whole number"):
        option_batch(text)
