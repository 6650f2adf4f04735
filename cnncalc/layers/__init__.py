"""The kinds of layers, one class each."""

from cnncalc.layers import convolution, pooling, dense, normalization, activation, merging, reshaping  # noqa: I001  # the order in which kinds are listed
from cnncalc.layers.contract import (
    IN_PLACE,
    INPUT,
    KINDS,
    LINES,
    MASK,
    NO_WORK,
    OUTPUT,
    OWN,
    INDICES,
    VIEW,
    Arg,
    Input,
    Layer,
    Volume,
    Work,
)
from cnncalc.layers.fields import FieldError, FieldType, shown

__all__ = [
    "INDICES",
    "INPUT",
    "IN_PLACE",
    "KINDS",
    "LINES",
    "MASK",
    "NO_WORK",
    "OUTPUT",
    "OWN",
    "VIEW",
    "Arg",
    "FieldError",
    "FieldType",
    "Input",
    "Layer",
    "Volume",
    "Work",
    "activation",
    "convolution",
    "dense",
    "merging",
    "normalization",
    "pooling",
    "reshaping",
    "shown",
]  # fmt: skip
