"""Zeros at the edges and whole channels of zeros, against the same done to a small tensor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.dims import symbol
from cnncalc.layers import KINDS, NO_WORK, Layer, Volume
from cnncalc.layers.fields import FieldError, Padding

SMALL = st.integers(1, 4)
AMOUNT = st.integers(0, 3)


def zeropad(**fields: object) -> Layer:
    cls = KINDS["zeropad"]
    return cls(**{name: cls.fields[name].type.read(value) for name, value in fields.items()})


@given(SMALL, SMALL, SMALL, AMOUNT, AMOUNT, AMOUNT)
def test_it_adds_as_many_as_it_says(h: int, w: int, c: int, down: int, across: int, channels: int) -> None:
    tensor = [[[1] * w for _ in range(h)] for _ in range(c)]  # channels of rows
    padded = [[[0] * across + row + [0] * across for row in rows] for rows in tensor]
    wide = [0] * (w + 2 * across)
    padded = [[wide] * down + rows + [wide] * down for rows in padded]
    padded += [[wide] * (h + 2 * down)] * channels
    output = zeropad(amounts=[down, across], channels=channels).output(Volume(h, w, c))
    assert output == (len(padded[0]), len(padded[0][0]), len(padded))
    assert sum(sum(row) for rows in padded for row in rows) == h * w * c  # only zeros came


def test_nothing_is_added_where_nothing_is_said() -> None:
    layer = zeropad()
    assert layer.output(Volume(5, 6, 7)) == (5, 6, 7)
    assert layer.describe() == ""


def test_channels_of_zeros_learn_and_cost_nothing() -> None:
    layer, x, y = zeropad(channels=64), Volume(28, 28, 64), Volume(28, 28, 128)
    assert layer.output(x) == y
    assert layer.weights(x) == layer.biases(x) == layer.buffers(x) == 0
    assert layer.work(x, y) == NO_WORK
    assert layer.describe() == "+64 channels"


def test_it_takes_formulas() -> None:
    h, c = symbol("H"), symbol("C")
    layer = zeropad(amounts=1, channels=c)
    assert layer.output(Volume(h, h, c)) == (h + 2, h + 2, 2 * c)
    assert not [condition for condition in layer.field_conditions() if condition.holds is not True]


def test_edges_alone_are_written_as_ever() -> None:
    layer = zeropad(amounts=[1, 2, 3, 4])
    assert layer.non_default_fields() == {"amounts": Padding(1, 2, 3, 4)}
    assert layer.output(Volume(10, 10, 3)) == (13, 17, 3)


@pytest.mark.parametrize("value", [-1, [1, 2], "same", True])
def test_channels_are_one_whole_number(value: object) -> None:
    with pytest.raises(FieldError, match="a whole number from 0 up"):
        zeropad(channels=value)


def test_a_shortcut_without_parameters() -> None:
    """ResNet's option A: every other row and column, and zeros for the new channels."""
    shortcut = [{"avgpool": 1, "stride": 2}, {"zeropad": "", "channels": "128 - in.c"}]
    residual = {"conv": 128, "kernel": 3, "stride": 2, "pad": 1, "bias": False}
    report = cnncalc.analyze({"input": "56x56x64", "layers": [{"add": {"residual": residual, "shortcut": shortcut}}]})
    assert report.outputs == ((28, 28, 128),)
    assert report.total.params == 3 * 3 * 64 * 128
    assert report["add1/shortcut/zeropad1"].as_dict()["fields"] == {"channels": 64}
