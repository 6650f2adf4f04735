"""--vary: all forms of axes, exact numbers, and names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError, analysis
from cnncalc.explore import vary
from cnncalc.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

STEPS = st.fractions(min_value=Fraction(1, 64), max_value=8, max_denominator=64)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("w=0.25:1:0.25", "0.25 0.5 0.75 1"),
        ("w=0:0.3:0.1", "0 0.1 0.2 0.3"),
        ("w=128:600:200", "128 328 528"),
        ("w=1:3,8,1/3", "1 2 3 8 1/3"),
        ("w=3:1", "3 2 1"),
        ("w=3:1:-2", "3 1"),
        ("w=4:4", "4"),
        ("w=1,1.0,2", "1 2"),
        ("d = [2,2], [3, 4]", "[2,2]|[3, 4]"),
        ("unit=plain,bottleneck", "plain bottleneck"),
        ("w=max(1,2),3", "max(1,2) 3"),
        ("w=1/0,3-2,--1", "1/0 3-2 --1"),  # no numbers: what they are, the network says
    ],
)
def test_an_axis_takes_ranges_and_lists(text: str, values: str) -> None:
    assert list(vary.axis(text).values) == values.split("|" if "|" in values else " ")


@pytest.mark.parametrize("text", ["w", "w=", "=1", "w=1,,2", "w=1:2:0", "w=1:5:-1", "w=1:two", "w=1:2:3:4", "w=0:1:1/1000000"])
def test_what_is_no_axis_is_an_error(text: str) -> None:
    with pytest.raises(SpecError):
        vary.axis(text)


@given(STEPS, STEPS, st.integers(0, 40))
def test_a_range_is_exact(first: Fraction, step: Fraction, count: int) -> None:
    found = vary.axis(f"w={first}:{first + count * step}:{step}").values
    assert [Fraction(each) for each in found] == [first + i * step for i in range(count + 1)]


@given(st.fractions(max_denominator=1000))
def test_a_number_is_spelt_so_that_it_reads_back(value: Fraction) -> None:
    text = vary.spelt(value)
    assert Fraction(text) == value
    assert ("/" in text) == (10**12 % value.denominator != 0)


def test_the_last_axis_moves_first_and_grids_have_a_limit() -> None:
    along = vary.axes(["a=1,2", "b=x,y"])
    assert list(vary.grid(along)) == [{"a": a, "b": b} for a in "12" for b in "xy"]
    with pytest.raises(SpecError, match="--vary: 1,001,000 settings; the limit is 1,000,000"):
        vary.axes(["a=1:1000", "b=1:1001"])
    with pytest.raises(SpecError, match="twice"):
        vary.axes(["a=1,2", "a=3"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w=1:10", ""),
        ("w=1:9,0", ""),
        ("w=1:11", "11 values; the limit is 10"),
        ("w=1:9,-1,0", "more than 10 values"),
        ("w=1:1e9", "three"),
    ],
)
def test_an_axis_has_a_limit(text: str, message: str) -> None:
    if not message:
        assert len(vary.axis(text, Limits(settings=10)).values) == 10
    else:
        with pytest.raises(SpecError, match=message):
            vary.axis(text, Limits(settings=10))


def test_a_grid_of_a_thousand_million_settings_is_refused_before_it_starts() -> None:
    with pytest.raises(SpecError, match="--vary: 1,000,000,000 settings; the limit is 1,000,000"):
        vary.axes(["w=1:1000", "h=1:1000", "batch=1:1000"])
    with pytest.raises(SpecError, match="1,000,000,000 values"):
        vary.axes(["w=1:1000000000"])


def test_values_are_ranked_as_numbers_or_as_they_are_listed() -> None:
    width = vary.axis("w=1.4,1,0.5")
    assert max(width.values, key=width.ranks().__getitem__) == "1.4"
    unit = vary.axis("unit=basic,bottleneck")
    assert max(unit.values, key=unit.ranks().__getitem__) == "bottleneck"


@pytest.mark.parametrize(
    ("texts", "asked", "same"),
    [
        (["width=0.5"], {}, {"set": {"width": "0.5"}}),
        (["resolution=96"], {}, {"input": "96x96x3"}),
        (["input=96"], {}, {"input": "96x96x3"}),
        (["input=96x128x3"], {}, {"input": "96x128x3"}),
        (["batch=7", "dtype=float16"], {}, {"batch": 7, "dtype": "float16"}),
        (["H=64"], {"input": "HxWxC"}, {"input": "64xWxC"}),
        (["phi=2"], {"params": ["width=1.5^phi"]}, {"set": {"width": "2.25"}}),
        (["conv1.kernel=5"], {}, {"but": {"conv1.kernel": 5}}),
        (["width=0.5"], {"params": ["width=2"]}, {"set": {"width": "0.5"}}),
    ],
)
def test_a_point_is_the_report_under_its_options(texts: list[str], asked: dict[str, object], same: dict[str, object]) -> None:
    (point,) = vary.points(analysis.locate("mobilenet_v2"), vary.axes(texts), asked)
    assert point.error is None
    assert point.report is not None
    expected = cnncalc.analyze("mobilenet_v2", **same)  # type: ignore[arg-type]  # options by name
    assert point.report.total.as_dict() == expected.total.as_dict()
    assert point.report.input == expected.input


def test_a_setting_that_cannot_be_had_is_a_point_with_its_error() -> None:
    small, large = vary.points(analysis.locate("vgg16"), [vary.axis("resolution=16,32")], {})
    assert small.report is None
    assert "pool5" in str(small.error)
    assert large.report is not None


def test_an_input_whose_channels_are_no_number_has_to_be_written_out(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("input: [32, 32, [3]]\nlayers: [{conv: 1}]\n", encoding="utf-8")
    setting = analysis.locate(str(tmp_path / "n.yaml"))
    with pytest.raises(SpecError, match="the number of input channels is unknown"):
        list(vary.points(setting, [vary.axis("resolution=16,32")], {}))
    (found,) = vary.points(setting, [vary.axis("input=16x8x3")], {})
    assert found.report is not None
    assert found.report.input == (16, 8, 3)


def test_a_name_that_means_nothing_is_an_error() -> None:
    with pytest.raises(SpecError, match="did you mean 'width'"):
        list(vary.points(analysis.locate("mobilenet_v2"), [vary.axis("widht=1,2")], {}))


@pytest.mark.parametrize(
    ("network", "asked", "input"),
    [
        ("r3d_18", {}, (16, 96, 96, 3)),  # a video keeps its frames
        ("tcn_mnist", {}, (96, 1)),
        ("lenet5", {"layout": "channels_first"}, (96, 96, 1)),
    ],
)
def test_a_resolution_for_any_number_of_sides(network: str, asked: dict[str, object], input: tuple[int, ...]) -> None:
    (point,) = vary.points(analysis.locate(network), [vary.axis("resolution=96")], asked)
    assert point.report is not None
    assert point.report.input == input
