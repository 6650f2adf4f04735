"""Receptive fields against brute force: for every output place of a thin network, the input places that reach it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError
from cnncalc.output.words.receptive import notes
from cnncalc.study.coverage import first_to_see_all, last_map

if TYPE_CHECKING:
    from cnncalc.propagate.receptive_field import Sight

Places = list[tuple[frozenset[int], bool]]  # the input places that each value depends on, and whether all windows lay inside


def union(found: list[tuple[frozenset[int], bool]], *, whole: bool = True) -> tuple[frozenset[int], bool]:
    return frozenset().union(*[places for places, _ in found]), whole and all(clean for _, clean in found)


def windowed(x: Places, kernel: int, stride: int, pad: int, dilation: int) -> Places:
    result = []
    first = -pad
    while first + dilation * (kernel - 1) < len(x) + pad:
        taps = [first + dilation * tap for tap in range(kernel)]
        inside = [x[tap] for tap in taps if 0 <= tap < len(x)]
        result.append(union(inside, whole=len(inside) == kernel))
        first += stride
    return result


def transposed(x: Places, kernel: int, stride: int, pad: int) -> Places:
    """Every input value is laid, with its kernel, over the output, so many places further on."""
    length = (len(x) - 1) * stride + kernel
    reaching: list[list[tuple[frozenset[int], bool]]] = [[] for _ in range(length)]
    for at, value in enumerate(x):
        for tap in range(kernel):
            reaching[at * stride + tap].append(value)
    return [union(values, whole=False) for values in reaching[pad : length - pad]]


WINDOWS = st.builds(
    lambda kind, kernel, stride, pad, dilation: (kind, kernel, stride, min(pad, kernel - 1), dilation),
    st.sampled_from(["conv", "maxpool", "avgpool"]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 3),
)


def written(window: tuple[str, int, int, int, int]) -> dict[str, Any]:
    kind, kernel, stride, pad, dilation = window
    main = {"conv": 1, "kernel": [kernel, 1]} if kind == "conv" else {kind: [kernel, 1]}
    return {**main, "stride": [stride, 1], "pad": [pad, 0], "dilation": [dilation, 1]}


def sight(length: int, layers: list[Any]) -> tuple[Sight, int]:
    try:
        report = cnncalc.analyze({"input": f"{length}x1x1", "layers": layers})
    except SpecError:
        assume(False)
        raise
    row = report.rows[-1]
    return row.view[0], int(row.output.h)  # type: ignore[arg-type]  # numbers only


def check(found: Sight, places: Places, *, shift: Any = 0) -> None:
    """Whatever lies inside is seen to the pixel; at the edges nothing beyond is."""
    for at, (seen, clean) in enumerate(places):
        first = found.start + at * found.jump
        end = first + found.extent
        if clean:
            assert (min(seen), max(seen) + 1) == (first, end)
        elif seen:
            assert first - shift <= min(seen)
            assert max(seen) < end + shift


@settings(max_examples=200)
@given(st.integers(8, 60), st.lists(WINDOWS, min_size=1, max_size=4))
def test_windows_in_a_row(length: int, windows: list[tuple[str, int, int, int, int]]) -> None:
    found, places = sight(length, [written(window) for window in windows])
    x: Places = [(frozenset([i]), True) for i in range(length)]
    for _, *numbers in windows:
        x = windowed(x, *numbers)
    assert places == len(x)
    check(found, x)


@settings(max_examples=100)
@given(st.integers(12, 40), WINDOWS, st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=2, max_size=3), WINDOWS)
def test_branches_see_from_the_first_place_to_the_last(
    length: int, before: tuple[str, int, int, int, int], branches: list[tuple[int, int]], behind: tuple[str, int, int, int, int]
) -> None:
    kernels = [("conv", 2 * reach + 1, 1, reach * dilation, dilation) for reach, dilation in branches]
    found, _ = sight(length, [written(before), {"concat": [written(branch) for branch in kernels]}, written(behind)])
    x = windowed([(frozenset([i]), True) for i in range(length)], *before[1:])
    x = [union(list(values)) for values in zip(*[windowed(x, *numbers) for _, *numbers in kernels], strict=True)]
    check(found, windowed(x, *behind[1:]))


@settings(max_examples=100)
@given(st.integers(3, 12), st.integers(1, 6), st.integers(1, 3), st.integers(0, 2), WINDOWS)
def test_transposed_windows_are_right_to_the_place(length: int, kernel: int, stride: int, pad: int, behind: tuple[Any, ...]) -> None:
    assume(kernel >= stride and (length - 1) * stride + kernel > 2 * pad)
    up = {"upconv": 1, "kernel": [kernel, 1], "stride": [stride, 1], "pad": [pad, 0]}
    found, places = sight(length, [up])
    x = transposed([(frozenset([i]), True) for i in range(length)], kernel, stride, pad)
    assert places == len(x)
    assert max(len(seen) for seen, _ in x) <= found.extent
    check(found, x, shift=1)  # a value stands between two places of the input
    found, _ = sight(length, [up, written(behind)])
    check(found, windowed(x, *behind[1:]), shift=1)


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_neighbours_behind_an_upsampling_share_what_they_see(factor: int) -> None:
    found, places = sight(10, [{"conv": 1, "kernel": [3, 1]}, {"upsample": [factor, 1]}])
    assert places == 8 * factor
    assert (found.extent, found.jump * factor, found.start) == (3, 1, 0)


def test_margins_move_what_is_seen() -> None:
    found, _ = sight(10, [{"zeropad": [2, 0, 0, 0]}, {"conv": 1, "kernel": [3, 1], "stride": [2, 1]}, {"crop": [1, 0, 0, 0]}])
    assert found[:3] == (3, 2, 0)


GATED = {"multiply": ["identity", ["gap", {"conv": "x.c"}, "sigmoid"]]}
BLOCKS = {"gated": {"inputs": ["x"], "layers": [GATED]}}


def test_a_gate_shows_everything_and_moves_nothing() -> None:
    conv = {"conv": 8, "kernel": 3, "pad": 1, "stride": 2}
    report = cnncalc.analyze({"input": "33x33x3", "blocks": BLOCKS, "layers": [conv, {"gated": None}, conv, {"gated": None}, conv, "gap"]})
    rows = {row.path: row for row in report.rows}
    assert rows["conv1"].receptive_field == (3, 3)
    assert rows["gated1/multiply1/gap1"].receptive_field == (35, 35)  # a margin of zeros on both sides
    assert rows["gated1/multiply1/gap1"].jump == (0, 0)
    assert rows["conv2"].receptive_field == (35, 35)
    assert rows["conv2"].jump == (4, 4)
    assert rows["gated2/multiply1/gap1"].receptive_field == (39, 39)
    assert rows["gap1"].receptive_field == (47, 47)  # from 7 pixels before the input to 7 behind it, as without any gate


@pytest.mark.parametrize("name", ["se_resnet50", "mobilenet_v3_large", "efficientnet_b0"])
def test_gates_do_not_make_fields_explode(name: str) -> None:
    report = cnncalc.analyze(name)
    own = max(row.view[0].extent for row in report.rows if row.output.h != 1)
    assert report.rows[-1].receptive_field[0] <= own + report.input.h


@pytest.mark.parametrize("name", ["se_resnet50", "mobilenet_v3_large", "efficientnet_b0", "xception", "googlenet"])
def test_what_symbols_leave_open_is_said_to_be_open(name: str) -> None:
    report = cnncalc.analyze(name, input="HxWx3")
    for row in report.as_dict()["layers"]:
        assert len(row["receptive_field"]) == len(row["jump"]) == 2
    assert report.rows[1].receptive_field == cnncalc.analyze(name).rows[1].receptive_field


@settings(max_examples=200)
@given(st.integers(2, 24), st.lists(WINDOWS, min_size=1, max_size=4))
def test_where_all_of_the_input_is_seen_first(length: int, windows: list[tuple[str, int, int, int, int]]) -> None:
    dense = [(kind, kernel, min(stride, kernel), pad, 1) for kind, kernel, stride, pad, _ in windows]
    try:
        report = cnncalc.analyze({"input": f"{length}x1x1", "layers": [*map(written, dense), "gap"]})
    except SpecError:
        assume(False)
        raise
    x: Places = [(frozenset([i]), True) for i in range(length)]
    expected = None
    for i, (_, *numbers) in enumerate(dense, 1):
        x = windowed(x, *numbers)
        if expected is None and any(len(seen) == length for seen, _ in x):
            expected = report.rows[i].path
    everything = union(x)[0]
    if expected is None and len(everything) == length:
        expected = "gap1"
    found, known = first_to_see_all(report)
    assert (found.path if found else None) == expected
    assert known


@pytest.mark.parametrize(
    ("name", "first", "last", "narrowest"),
    [
        ("alexnet", "FC6", "POOL3", 195),
        ("vgg16", "fc6", "pool5", 212),
        ("googlenet", "4b/concat1/5x5/conv", "5b/concat1", 27 + 2 * 8 + 2 * 16),
        ("resnet50", "conv4_x/bottleneck4/add1/residual/conv2", "conv5_x/bottleneck3/relu1", 11),
        ("se_resnet50", "conv2_x/bottleneck1/add1/residual/squeeze_excite1/multiply1/gap1", "conv5_x/bottleneck3/relu1", 11),
    ],
)
def test_networks_that_see_it_all(name: str, first: str, last: str, narrowest: int) -> None:
    report = cnncalc.analyze(name)
    (found, _), map = first_to_see_all(report), last_map(report)
    assert found is not None
    assert map is not None
    assert (found.path, map.path) == (first, last)
    assert map.narrowest == (narrowest, narrowest)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vgg16", {"input": "HxWx3"}),
        ("vgg11", {"input": "9999x32x3"}),
        ("vgg11", {"set": {"depths": [1, 1, 1, 1, 1]}, "input": "32xWx3"}),
        ({"input": "9x9x3", "layers": [{"upsample": 600}, "gap"]}, {}),  # too many places to follow
        ({"input": "9x9x3", "params": {"K": ""}, "layers": [{"conv": 1, "kernel": "K", "pad": "same"}, "gap"]}, {}),
        ({"input": "9x9x3", "params": {"K": ""}, "layers": [{"conv": 1, "kernel": 9, "stride": "K", "pad": "same"}]}, {}),
        ({"input": "9x9x3", "params": {"K": ""}, "layers": [{"add": [{"upsample": ["K", 1]}, {"zeropad": [0, "9*K - 9", 0, 0]}]}]}, {}),
    ],
)
def test_what_nobody_knows_covers_nothing(name: Any, options: dict[str, Any]) -> None:
    report = cnncalc.analyze(name, **options)
    assert first_to_see_all(report) == (None, False)
    assert not any("all of the input" in note for note in notes(report))


@pytest.mark.parametrize("layers", [[{"conv": 1, "kernel": 8}], [{"conv": 1, "kernel": [9, 1]}], [{"crop": [0, 1, 0, 0]}, "gap"]])
def test_what_sees_not_all_is_said(layers: list[Any]) -> None:
    report = cnncalc.analyze({"input": "9x9x3", "layers": layers})
    assert first_to_see_all(report) == (None, True)
    assert "No value sees all of the input, 9×9." in list(notes(report))


def test_gates_and_upsampled_branches_cover() -> None:
    up = ["gap", {"upsample": 8}]
    report = cnncalc.analyze(
        {"input": "8x8x3", "layers": [{"conv": 4}, {"concat": ["identity", up]}, {"upconv": 3, "kernel": 2, "stride": 2}]}
    )
    found, _ = first_to_see_all(report)
    assert found is not None
    assert found.path == "concat1/gap1"


@settings(max_examples=60)
@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2)), max_size=3), min_size=2, max_size=3), st.integers(1, 2))
def test_branches_have_a_range(branches: list[list[tuple[int, int]]], stride: int) -> None:
    """The narrowest way is the narrowest branch, the widest is what is seen."""
    lists: list[Any] = [
        [written(("conv", 2 * reach + 1, 1, reach * dilation, dilation)) for reach, dilation in branch] for branch in branches
    ]
    layers = [written(("conv", 3, stride, 1, 1)), {"concat": [branch or "identity" for branch in lists]}]
    report = cnncalc.analyze({"input": "33x1x1", "layers": layers})
    fields = [3 + sum(2 * reach * dilation for reach, dilation in branch) * stride for branch in branches]
    row = report.rows[-1]
    assert (row.narrowest[0], row.receptive_field[0]) == (min(fields), max(fields))


def test_numbers_that_grow_and_grow_are_not_followed_for_ever() -> None:
    report = cnncalc.analyze({"input": "100x100x3", "layers": [{"repeat": 500, "do": [{"adaptivepool": 2}, {"adaptivepool": 100}]}]})
    assert (report.rows[201].jump, report.rows[401].jump) == ((50**101, 50**101), (None, None))
    shrinking = [{"upsample": 1000}, {"maxpool": 1000, "stride": 999}]
    report = cnncalc.analyze({"input": "8x8x3", "layers": [{"repeat": 500, "do": shrinking}]})
    assert report.rows[21].jump == (Fraction(999**10, 1000**11),) * 2
    assert report.rows[-1].jump == report.rows[-1].receptive_field == report.rows[-1].offset == (None, None)
    assert len(json.dumps(report.as_dict())) < 2_000_000
