"""Networks of one and three sides, against networks along one side each and against sets of pixels."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc import analysis
from cnncalc.errors import SpecError
from cnncalc.output.forms.numbers import NumberFormat, volume
from cnncalc.output.words.summary import input_sentence
from cnncalc.study.coverage import first_to_see_all, jointly
from tests.spec_text import problems

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

SEEN = ("receptive_field", "receptive_field_smallest", "jump", "offset", "narrowest")


@st.composite
def chains(draw: st.DrawFn) -> tuple[int, list[int], list[dict[str, Any]]]:
    """A number of sides, their sizes, and layers with a number for each side."""
    rank = draw(st.sampled_from([1, 3]))

    def each(least: int, most: int) -> list[int]:
        return draw(st.lists(st.integers(least, most), min_size=rank, max_size=rank))

    layers: list[dict[str, Any]] = []
    for kind in draw(st.lists(st.sampled_from(["conv", "maxpool", "upconv", "upsample", "zeropad"]), min_size=1, max_size=4)):
        size = "maxpool" if kind == "maxpool" else "kernel"
        if kind in ("upsample", "zeropad"):
            layers.append({kind: each(1, 2)})
        else:
            layers.append({kind: 2, size: each(1, 3), "stride": each(1, 2), "dilation": each(1, 2)})
    return rank, each(9, 20), layers


def side_alone(chain: tuple[int, list[int], list[dict[str, Any]]], side: int) -> Report:
    """The network of a sequence, with the numbers of one side."""
    _, sizes, layers = chain
    alone = [{name: value[side] if isinstance(value, list) else value for name, value in layer.items()} for layer in layers]
    return cnncalc.analyze({"input": [sizes[side], 3], "layers": alone})


@settings(max_examples=60, deadline=None)
@given(chains())
def test_along_every_side_it_is_a_network_of_that_side(chain: tuple[int, list[int], list[dict[str, Any]]]) -> None:
    rank, sizes, layers = chain
    try:
        report = cnncalc.analyze({"input": [*sizes, 3], "layers": layers})
    except SpecError:  # a kernel does not fit, and so it is along that side
        with pytest.raises(SpecError):
            [side_alone(chain, i) for i in range(rank)]
        return
    parts = [side_alone(chain, i) for i in range(rank)]
    for row, *rows in zip(report, *parts, strict=True):
        assert row.output.sides == tuple([one.output[0] for one in rows])
        for name in SEEN:
            assert getattr(row, name) == tuple([getattr(one, name)[0] for one in rows])
    found = [first_to_see_all(part)[0] for part in parts]
    first, known = first_to_see_all(report)
    assert known
    assert (first and first.at) == (None if None in found else max(row.at for row in found if row is not None))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 3), st.integers(1, 4))
def test_units_that_cover_the_input_together(data: st.DataObject, rank: int, count: int) -> None:
    wholes = data.draw(st.lists(st.integers(1, 3), min_size=rank, max_size=rank))
    units = data.draw(st.lists(st.integers(1, 2), min_size=rank, max_size=rank))
    masks = [st.lists(st.integers(0, (1 << size) - 1), min_size=n, max_size=n) for size, n in zip(wholes, units, strict=True)]
    grids = [tuple(data.draw(mask) for mask in masks) for _ in range(count)]

    def pixels(grid: Any, unit: tuple[int, ...]) -> set[tuple[int, ...]]:
        seen = [[p for p in range(size) if axis[at] >> p & 1] for axis, at, size in zip(grid, unit, wholes, strict=True)]
        return set(product(*seen))

    covered = any(len(set().union(*(pixels(grid, unit) for grid in grids))) == prod(wholes) for unit in product(*map(range, units)))
    assert jointly(grids, [(1 << size) - 1 for size in wholes]) is covered


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "input: 8x8x3\nlayers: [{conv: 4, kernel: [3, 3, 3]}]",
            "2:11: conv1: kernel: expected one number, or 2 (height, width), found [3, 3, 3]",
        ),
        ("input: 8x3\nlayers: [{maxpool: [2, 2]}]", "2:11: maxpool1: size: expected one number for the length, found [2, 2]"),
        ("input: 8x8x3\nlayers: [{conv: 4, kernel: 3, pad: causal}]", "2:11: conv1: causal padding is for sequences, such as 16000x1"),
        ("input: 8x3\nlayers: [{conv: in.h}]", "2:17: the volume 8×3 has no 'h', only l and c"),
        ("input: 4x8x8x3\nlayers: [{conv: 2 * in.l}]", "2:21: the volume 4×8×8×3 has no 'l', only d, h, w and c"),
    ],
)  # fmt: skip
def test_what_another_number_of_sides_cannot_have(text: str, message: str) -> None:
    (found,) = problems(text)
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("input", "start"),
    [
        ("28x28", "The input 28×28 is read as length 28 with 28 channels; a grayscale image is 28×28×1."),
        ("100x17", "The input 100×17 is read"),
        ("100x10", ""),
        ("16000x256", ""),
        (
            "3x224x224",
            "The input 3×224×224 has 224 channels, which come last; with 3 channels it is 224×224×3 (or layout: channels_first).",
        ),
        ("1x64x64", ""),
        ("1x1x4096", ""),
        ("224x224x3", ""),
        ("HxW", ""),
    ],
)
def test_an_input_that_looks_like_an_image(input: str, start: str) -> None:
    sentence = input_sentence(cnncalc.analyze({"input": input, "layers": ["relu"]}).input)
    assert sentence.startswith(start)
    assert bool(sentence) == bool(start)


def test_a_number_and_a_list_of_it_are_two_layers() -> None:
    """The cache of equal layers keeps them apart: 3 fits every number of sides, [3, 3] two only."""
    report = cnncalc.analyze(
        {"input": "9x9x2", "layers": [{"conv": 2, "kernel": [3, 3], "pad": [1, 1]}, {"conv": 2, "kernel": 3, "pad": 1}]}
    )
    one, other = (row.layer for row in report.rows[1:])
    assert one.non_default_fields() == other.non_default_fields()
    assert one.for_rank(2) is one
    assert other.for_rank(3).kernel == (3, 3, 3)  # type: ignore[attr-defined]  # it is a conv


def test_channels_first() -> None:
    layers: Any = [{"conv": 8, "kernel": 3}, {"split": 2}, {"concat": None}, {"maxpool": 2}, {"fc": 10}]
    last = cnncalc.analyze({"input": "32x40x3", "layers": layers})
    first = cnncalc.analyze({"input": "3x32x40", "layout": "channels_first", "layers": layers})
    assert [row.output for row in first] == [row.output for row in last]
    assert [str(row.output) for row in first][:2] == ["3×32×40", "8×30×38"]
    assert [{**row.as_dict(), "path": ""} for row in first] == [{**row.as_dict(), "path": ""} for row in last]
    assert str(first.graph.nodes[-1].placed.inputs[0]) == "8×15×19"
    given = cnncalc.analyze({"input": "CxHxW", "layout": "channels_first", "layers": [{"conv": "C", "kernel": 3}]}, input="5x9x7")
    assert given.outputs[0] == (7, 5, 5)


@pytest.mark.parametrize(
    ("layout", "input", "printed"),
    [
        ("channels_first", None, "1×32×32"),
        ("channels_first", "1x28x30", "1×28×30"),
        ("channels_last", "28x30x1", "28×30×1"),
        (None, "28x30x1", "28×30×1"),
    ],
)
def test_the_option_says_how_the_input_is_written(layout: str | None, input: str | None, printed: str) -> None:
    report = analysis.report(analysis.locate("lenet5_modern"), input=input, layout=layout)
    assert str(report.input) == printed
    assert volume(report.input, NumberFormat()) == printed


def test_an_unknown_layout() -> None:
    assert problems("input: 8x8x3\nlayout: chw\nlayers: [relu]") == ["2:9: unknown layout 'chw'"]
