"""Kernels with different axes and edges: remainders, errors and unknown sizes."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.dims import symbol
from cnncalc.layers import KINDS, Volume
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import Window

H, K = symbol("H"), symbol("K")


def test_what_is_left_over_along_each_axis() -> None:
    conv = KINDS["conv"](filters=1, kernel=(3, 2), stride=(2, 4), pad=Padding(1, 0, 0, 2))
    assert conv.remainders(Volume(9, 11, 1)) == (1, 3)  # 9 + 1 − 3 = 3·2 + 1 and 11 + 2 − 2 = 2·4 + 3
    assert conv.remainders(Volume(11, 9, 1)) == (1, 1)
    assert conv.remainders(Volume(8, 8, 1)) == (0, 0)


@pytest.mark.parametrize(("input", "exact"), [("Hx9x1", None), ("9xWx1", None), ("Hx8x1", False), ("9x9x1", True)])
def test_windows_tile_where_they_do_along_both_axes(input: str, exact: bool | None) -> None:
    assert cnncalc.analyze({"input": input, "layers": [{"conv": 1, "kernel": 3, "stride": 2}]}).rows[-1].exact is exact


@pytest.mark.parametrize(
    ("kind", "fields", "messages"),
    [
        ("conv", {"filters": 1, "kernel": (7, 3)}, ["the kernel is 7 high, the input only 5"]),
        ("conv", {"filters": 1, "kernel": (3, 9)}, ["the kernel is 9 wide, the input only 6"]),
        ("conv", {"filters": 1, "kernel": (7, 9), "pad": Padding(1, 0, 2, 0)}, [
            "the kernel is 7 high, the padded input only 6",
            "the kernel is 9 wide, the padded input only 8",
        ]),
        ("conv", {"filters": 1, "kernel": (7, 3), "pad": Padding(0, 1, 0, 0)}, ["the kernel is 7 high, the padded input only 6"]),
        ("conv", {"filters": 1, "kernel": (7, 9), "pad": Padding(0, 2, 1, 2)}, []),
        ("conv", {"filters": 1, "kernel": (7, 9), "pad": "same"}, []),
        ("maxpool", {"size": (9, 9), "stride": (2, 2), "pad": Padding(0, 1, 0, 0), "round": "ceil"}, [
            "a kernel 9 high does not fit into an input 6 high",
            "a kernel 9 wide does not fit into an input 6 wide",
        ]),
        ("maxpool", {"size": (5, 6), "stride": (2, 2), "round": "ceil"}, []),  # one place is enough
    ],
)  # fmt: skip
def test_windows_that_find_no_place(kind: str, fields: dict[str, Any], messages: list[str]) -> None:
    conditions = KINDS[kind](**fields).requires(Volume(5, 6, 1))
    assert [condition.message for condition in conditions if not condition.holds] == messages


def test_nothing_would_fit_for_certain_where_sizes_are_symbols() -> None:
    assert list(Window(3, K, 0, 0, 1, False).would_fit(8)) == []
    assert list(Window(K, 2, 0, 0, 1, False).would_fit(8)) == []
    assert list(Window(3, 2, K, 0, 1, False).would_fit(8)) == []
    assert list(Window(3, 2, K, K, 1, False).would_fit(8)) == ["9"]  # whatever K is, the rest is 1


def test_where_zeros_begin_may_depend_on_symbols() -> None:
    window = Window(3, 2, 0, 0, 1, False, "same")
    assert [window.zeros_before(size) for size in (7, 8)] == [1, 0]
    assert window.reach(H)[:2] == (3, 2)
    assert Window(1, 3, 0, 0, 1, False, "same").zeros_before(9) == 0  # never below 0: 1·3 + 1 is less than 9


@pytest.mark.parametrize(
    ("kind", "fields", "down", "across"),
    [
        ("conv", {"filters": 1, "kernel": (3, 3), "stride": (2, 2), "pad": "same"}, ["-1 0 1", "1 2 3"], ["0 1 2", "2 3 4"]),  # of 7 and 8
        ("maxpool", {"size": (2, 3), "stride": (1, 2), "dilation": (3, 2)}, ["0 3", "1 4"], ["0 2 4", "2 4 6"]),
        ("fc", {"features": 1}, ["0 1 2 3 4 5 6"], ["0 1 2 3 4 5 6 7"]),
        ("zeropad", {"amounts": Padding(1, 2, 3, 4)}, ["-1", "0"], ["-3", "-2"]),
        ("crop", {"amounts": Padding(1, 2, 3, 4)}, ["1", "2"], ["3", "4"]),
        ("upsample", {"factor": (2, 3)}, ["0", "0", "1"], ["0", "0", "0", "1"]),
        ("adaptivepool", {"size": (2, 3)}, ["0 1 2 3", "3 4 5 6"], ["0 1 2", "2 3 4 5", "5 6 7"]),
        ("adaptivepool", {"size": (7, 4)}, ["0", "1", "2"], ["0 1", "2 3", "4 5", "6 7"]),
    ],
)
def test_what_units_see_along_each_axis(kind: str, fields: dict[str, Any], down: list[str], across: list[str]) -> None:
    found = KINDS[kind](**fields).reach(Volume(7, 8, 12))
    assert found is not None
    for reach, expected in zip(found, (down, across), strict=True):
        assert [" ".join(map(str, reach.seen(unit))) for unit in range(len(expected))] == expected


@pytest.mark.parametrize("size", ["K", [3, "K"], ["K", 3]])
def test_an_adaptive_pool_needs_numbers(size: Any) -> None:
    with pytest.raises(cnncalc.SpecError, match="the output size K is not a number; give one"):
        cnncalc.analyze({"input": "9x9x3", "params": {"K": ""}, "layers": [{"adaptivepool": size}]})


@pytest.mark.parametrize(("kind", "fields"), [("conv", {"kernel": (1, 1)}), ("upconv", {"kernel": (2, 2)})])
def test_groups_divide_both_channels_and_filters(kind: str, fields: dict[str, Any]) -> None:
    for channels, filters, messages in (
        (6, 4, []),
        (5, 4, ["2 groups do not divide the input's 5 channels"]),
        (6, 3, ["2 groups do not divide the 3 filters"]),
    ):
        found = KINDS[kind](filters=filters, groups=2, **fields).requires(Volume(8, 8, channels))
        assert [condition.message for condition in found if not condition.holds] == messages


def test_a_crop_leaves_rows_and_columns() -> None:
    for amounts, messages in (
        (Padding(2, 2, 3, 2), []),
        (Padding(3, 2, 0, 0), ["nothing is left of 5 rows"]),
        (Padding(0, 0, 2, 4), ["nothing is left of 6 columns"]),
    ):
        found = KINDS["crop"](amounts=amounts).requires(Volume(5, 6, 1))
        assert [condition.message for condition in found if not condition.holds] == messages
