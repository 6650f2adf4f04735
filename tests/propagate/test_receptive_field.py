"""Receptive fields against brute force: for every unit of random networks, the pixels that reach it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError
from cnncalc.output.words.receptive import notes
from cnncalc.propagate.receptive_field import MOST_COMPARED
from cnncalc.propagate.unit_fields import MOST_UNITS
from cnncalc.study.coverage import first_to_see_all, last_map
from cnncalc.study.symbols.substitution import substitute
from tests.propagate.brute_force import followed, hull, widths

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report
    from tests.propagate.brute_force import Field, Layer

MANY = 360  # units, after which random networks of this size repeat


def sides(low: int, high: int, *, flat: bool) -> st.SearchStrategy[list[int]]:
    """A number for each axis; 1 across, where a network is a column of pixels."""
    return st.tuples(st.integers(low, high), st.just(1) if flat else st.integers(low, high)).map(list)


def edges(high: int, *, flat: bool) -> st.SearchStrategy[list[int]]:
    amount = st.integers(0, high)
    return st.tuples(amount, amount, *[st.just(0) if flat else amount] * 2).map(list)


def steps(*, flat: bool) -> st.SearchStrategy[Any]:
    """One layer, of those that move what is seen."""
    dilation = st.one_of(st.just([1, 1]), sides(1, 3, flat=flat))
    window = {"stride": sides(1, 3, flat=flat), "dilation": dilation}
    wide = {"stride": sides(1, 4, flat=flat), "dilation": st.one_of(st.just([1, 1]), sides(1, 4, flat=flat))}
    kernel, pad, few = sides(1, 4, flat=flat), edges(2, flat=flat), edges(1, flat=flat)
    extra = sides(0, 1, flat=flat) if not flat else st.sampled_from([[0, 0], [1, 0]])
    return st.one_of(
        st.fixed_dictionaries({"conv": st.just(1), "kernel": kernel, **window, "pad": st.one_of(pad, st.just("same"))}),
        st.fixed_dictionaries({"maxpool": sides(2, 3, flat=flat), **window, "pad": few, "round": st.sampled_from(["floor", "ceil"])}),
        st.fixed_dictionaries({"upconv": st.just(1), "kernel": kernel, **wide, "pad": few, "output_pad": extra}),
        st.fixed_dictionaries({"upsample": sides(1, 3, flat=flat)}),
        st.fixed_dictionaries({"adaptivepool": sides(1, 5, flat=flat)}),
        st.fixed_dictionaries({"crop": few}),
        st.fixed_dictionaries({"zeropad": pad}),
        st.just("gap"),
    )


def same_size(*, flat: bool) -> st.SearchStrategy[Any]:
    """A convolution that leaves as many units as it takes."""
    numbers = st.tuples(*[st.sampled_from([0, 1, 2]), st.just(0) if flat else st.sampled_from([0, 1]), st.integers(1, 2)])
    return numbers.map(lambda n: {"conv": 1, "kernel": [2 * n[0] + 1, 2 * n[1] + 1], "dilation": n[2], "pad": [n[0] * n[2], n[1] * n[2]]})


def branches(*, flat: bool) -> st.SearchStrategy[Any]:
    """Branches that fit together: of one size, down and up again, cut at different ends; or any, which then seldom do."""
    down_and_up = st.sampled_from([[{"maxpool": [n, 1]}, {"upsample": [n, 1]}] for n in (2, 3)])
    inner = st.one_of(
        st.lists(st.lists(same_size(flat=flat), max_size=2).map(lambda layers: layers or "identity"), min_size=2, max_size=3),
        st.tuples(down_and_up, st.just("identity")).map(list),
        st.integers(0, 2).map(lambda n: [{"crop": [n, 0, 0, 0]}, {"crop": [0, n, 0, 0]}]),
        st.lists(steps(flat=flat).map(lambda layer: [layer]), min_size=2, max_size=2),
    )
    return st.tuples(st.sampled_from(["add", "concat"]), inner).map(lambda found: {found[0]: found[1]})


def networks(*, flat: bool, most: int, gates: bool = False) -> st.SearchStrategy[list[Any]]:
    gate = [st.just({"multiply": ["identity", ["gap", {"conv": "in.c"}]]})] if gates else []
    return st.lists(st.one_of(steps(flat=flat), steps(flat=flat), branches(flat=flat), *gate), min_size=1, max_size=most)


def reported(size: tuple[int | str, int], layers: list[Any]) -> Report:
    try:
        return cnncalc.analyze({"input": f"{size[0]}x{size[1]}x1", "layers": layers})
    except SpecError:
        assume(False)
        raise


def checked_coverage(report: Report, rows: list[Layer]) -> None:
    """The first layer with a unit that all pixels reach is named, or none."""
    whole = (1 << rows[0].size[0] * rows[0].size[1]) - 1
    paths = [row.path for row, layer in zip(report.rows, rows, strict=True) if whole in layer.pixels.values()]
    found, known = first_to_see_all(report)
    assert known
    assert (found.path if found else None) == (paths[0] if paths else None)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 24), networks(flat=True, most=5))
def test_every_unit_of_a_column(length: int, layers: list[Any]) -> None:
    report = reported((length, 1), layers)
    assume(all(row.output.h <= 150 for row in report.rows))
    rows = followed(layers, (length, 1))
    for row, layer in zip(report.rows, rows, strict=True):
        view, field, units = row.view[0], layer.fields[0], layer.size[0]
        seen = widths(field, units)
        assert (view.largest, view.smallest) == (max(seen), min(seen))
        assert view.least == min((width for path in layer.paths[0] for width in widths(path, units) if width), default=None)
        first, later = field(0), field(MANY)
        if all(fields.advance != 0 for fields in view.fields):
            assert view.start == (first and first[0])
        if view.jump is not None and first and later and all(MANY % (len(fields.cycle) or 1) == 0 for fields in view.fields):
            assert view.jump * MANY == later[0] - first[0] or 0 in [fields.advance for fields in view.fields]
        for (y, _), pixels in layer.pixels.items():  # what is really there lies inside
            around = field(y)
            assert not pixels or (around and around[0] <= (pixels & -pixels).bit_length() - 1 and pixels.bit_length() <= around[1])
    checked_coverage(report, rows)


@settings(max_examples=150, deadline=None)
@given(st.tuples(st.integers(1, 6), st.integers(1, 6)), networks(flat=False, most=3, gates=True))
def test_every_unit_of_a_plane(size: tuple[int, int], layers: list[Any]) -> None:
    report = reported(size, layers)
    assume(all(row.output.h * row.output.w <= 150 for row in report.rows))
    rows = followed(layers, size)
    checked_coverage(report, rows)
    for row, layer in zip(report.rows, rows, strict=True):
        for axis in (0, 1):
            assert (row.view[axis].largest, row.view[axis].smallest) == with_gates(
                layer.fields[axis], layer.paths[axis], layer.size[axis], size[axis]
            )


def with_gates(field: Field, paths: list[Field], units: int, size: int) -> tuple[int, int]:
    """The most and the fewest pixels; a gate that shows all of the input takes in what is beyond its edges."""
    still = [path for path in paths if all(path(unit) == path(unit + MANY) for unit in range(60))]
    gate, *others = {hull([path(unit) for path in still]) for unit in range(60)}
    moving = [path for path in paths if path not in still]
    if gate is None or others or not moving or gate[0] > 0 or gate[1] < size:
        seen = widths(field, units)
    else:
        own = widths(lambda unit: hull([path(unit) for path in moving]), units)
        seen = [max(gate[1] - gate[0], width) for width in own]
    return max(seen), min(seen)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 24), networks(flat=True, most=4, gates=True))
def test_formulas_are_right_for_every_size(length: int, layers: list[Any]) -> None:
    """Or they are not known."""
    formulas, numbers = reported(("H", 1), layers), reported((length, 1), layers)
    assume(all(condition.at({"H": length}) for condition in formulas.conditions))
    for one, other in zip(formulas.rows, numbers.rows, strict=True):
        for name in ("largest", "smallest", "least", "start", "jump"):
            formula = getattr(one.view[0], name)
            assert formula is None or substitute(formula, {"H": length}) == getattr(other.view[0], name), (one.path, name)


@pytest.mark.parametrize(
    ("layers", "smallest", "largest"),
    [
        ([{"upsample": [2, 1]}, {"conv": 1, "kernel": [2, 1]}], 1, 2),  # two neighbours are copies of one pixel, or of two
        ([{"upconv": 1, "kernel": [3, 1], "stride": [2, 1]}], 1, 2),  # where kernels overlap, and where they do not
        ([{"upconv": 1, "kernel": [1, 1], "stride": [2, 1]}], 0, 1),  # every second unit sees nothing
        ([{"adaptivepool": [3, 1]}, {"adaptivepool": [2, 1]}], 6, 6),  # of 9: 0-2, 3-5, 6-8; then 0-5, 3-8
        ([{"adaptivepool": [4, 1]}], 3, 3),  # 0-2, 2-4, 4-6, 6-8
        ([{"adaptivepool": [5, 1]}], 2, 3),  # 0-1, 1-3, 3-5, 5-7, 7-8
        ([{"add": [{"conv": 1, "stride": [2, 1]}, {"crop": [0, 4, 0, 0]}]}], 1, 5),  # unit p: from pixel p to pixel 2p
    ],
)
def test_units_that_differ(layers: list[Any], smallest: int, largest: int) -> None:
    row = cnncalc.analyze({"input": "9x1x1", "layers": layers}).rows[-1]
    assert (row.receptive_field_smallest[0], row.receptive_field[0]) == (smallest, largest)
    assert row.receptive_field_exact


@pytest.mark.parametrize(
    "behind",
    [["gap", {"split": 2}, "add"], [{"add": ["gap", "gmp"]}], [{"add": ["gap", ["gap", "relu"]]}, {"multiply": ["identity", "gmp"]}]],
)
def test_what_follows_padding_that_no_formula_says(behind: list[Any]) -> None:
    """A window smaller than its stride, `same` padding and letters: how many zeros are ahead is not known, what a gate sees is."""
    layers = [{"conv": 6, "kernel": 3, "stride": 4, "pad": "same"}, *behind]
    row = cnncalc.analyze({"input": "HxWx3", "layers": layers}).rows[-1]
    assert row.offset == (None, None)
    for length in range(1, 20):
        numbers = cnncalc.analyze({"input": f"{length}x{length + 1}x3", "layers": layers}).rows[-1]
        assert row.receptive_field[0].at({"H": length}) == numbers.receptive_field[0]
        assert row.receptive_field[1].at({"W": length + 1}) == numbers.receptive_field[1]


@pytest.mark.parametrize(
    ("layers", "exact"),
    [
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"split": 2}], False),  # one part sees less
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"slice": [2, 6]}], False),
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"conv": 2, "connections": [[0], [7]]}], False),
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"pixelshuffle": 2}], False),
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"conv": 8, "groups": 2}, {"split": 2}], False),
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"shuffle": 4}, {"split": 2}], False),
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"shuffle": 2}, {"split": 8}], False),  # one channel each
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"shuffle": 2}, {"split": 2}], True),  # both have of both
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"conv": 8}, {"split": 2}], True),
        ([{"concat": [{"conv": 4}, {"conv": 4, "kernel": 3, "pad": 1}]}, {"conv": 8, "groups": 2}], True),
        ([{"conv": 8}, {"slice": [2, 6]}, {"conv": 2, "connections": [[0], [3]]}], True),
        (["flatten", {"slice": [0, 9]}], False),
        (["gap", "flatten", {"slice": [0, 2]}], True),
        ([{"zeropad": 0, "channels": 5}, {"slice": [3, 8]}], False),
    ],
)
def test_channels_that_are_left_out(layers: list[Any], *, exact: bool) -> None:
    report = cnncalc.analyze({"input": "9x9x3", "layers": layers})
    assert report.rows[-1].receptive_field_exact is exact
    assert any("upper bounds" in note for note in notes(report)) is not exact


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
    own = max(row.view[0].fields[0].extent for row in report.rows if row.output.h != 1)
    assert report.rows[-1].receptive_field[0] <= own + report.input.h


@pytest.mark.parametrize("name", ["se_resnet50", "mobilenet_v3_large", "efficientnet_b0", "xception", "googlenet"])
def test_what_symbols_leave_open_is_said_to_be_open(name: str) -> None:
    report = cnncalc.analyze(name, input="HxWx3")
    for row in report.as_dict()["layers"]:
        assert len(row["receptive_field"]) == len(row["jump"]) == 2
    assert report.rows[1].receptive_field == cnncalc.analyze(name).rows[1].receptive_field


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
    assert "No receptive field covers the whole input, 9×9." in list(notes(report))


def test_gates_and_upsampled_branches_cover() -> None:
    up = ["gap", {"upsample": 8}]
    report = cnncalc.analyze(
        {"input": "8x8x3", "layers": [{"conv": 4}, {"concat": ["identity", up]}, {"upconv": 3, "kernel": 2, "stride": 2}]}
    )
    found, _ = first_to_see_all(report)
    assert found is not None
    assert found.path == "concat1/gap1"


def test_numbers_that_grow_and_grow_are_not_followed_for_ever() -> None:
    strides = {"conv": 1, "stride": 10**15, "pad": "same", "repeat": 500}
    report = cnncalc.analyze({"input": "100x100x3", "layers": [strides]})
    assert (report.rows[20].jump, report.rows[21].jump, report.rows[22].jump) == ((10**300,) * 2, (None, None), (None, None))
    assert len(json.dumps(report.as_dict())) < 2_000_000


@pytest.mark.parametrize("layers", [[{"upsample": 1000}], [{"upsample": 16}, {"upconv": 1, "kernel": 17, "stride": 17}]])
def test_more_units_that_differ_than_are_looked_at(layers: list[Any]) -> None:
    report = cnncalc.analyze({"input": "8x8x3", "layers": [*layers, {"conv": 3}, "gap"]})
    assert report.rows[-2].receptive_field == report.rows[-2].jump == report.rows[-2].offset == (None, None)
    assert report.rows[-1].jump == (0, 0)
    gate = cnncalc.analyze({"input": "8x8x3", "layers": ["gap", *layers]}).rows[-1]  # its units do not differ
    assert gate.receptive_field == gate.receptive_field_smallest == (8, 8)


def test_the_manual_says_how_many_units_are_looked_at() -> None:
    manual = (Path(cnncalc.__file__).parent.parent / "architectures" / "README.md").read_text(encoding="utf-8")
    assert f"more than {MOST_UNITS} units of a layer differ, or {MOST_COMPARED:,} in all layers" in manual


def test_units_that_differ_in_very_many_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.propagate.receptive_field.MOST_COMPARED", 40)
    report = cnncalc.analyze({"input": "8x8x3", "layers": [{"upsample": 2}, {"conv": 3, "kernel": 3, "pad": 1, "repeat": 20}]})
    assert [row.receptive_field[0] for row in report.rows[1:]] == [1, *range(2, 11), *[None] * 11]  # 2 units, 2 axes, 10 layers


@pytest.mark.parametrize(
    ("layers", "first"),
    [
        ([{"maxpool": 3, "stride": 1, "dilation": 4}, {"avgpool": 1}], None),  # from the first pixel to the last, without those between
        ([{"add": [{"conv": 1, "kernel": [9, 1], "pad": [4, 0]}, {"conv": 1, "kernel": [1, 9], "pad": [0, 4]}]}], None),  # a cross
        ([{"add": [{"crop": [0, 4, 0, 0]}, {"crop": [4, 0, 0, 0]}]}, {"conv": 1, "kernel": [5, 9]}], "conv1"),
        (
            [{"add": [[{"crop": [0, 0, 0, 4]}, {"conv": 1, "kernel": [9, 5]}], [{"crop": [0, 0, 4, 0]}, {"conv": 1, "kernel": [9, 5]}]]}],
            "add1",
        ),
        ([{"upconv": 1, "kernel": [2, 9], "stride": [2, 1], "dilation": [4, 1], "pad": [1, 4]}, {"conv": 1, "kernel": [3, 1]}], None),
        ([{"add": [{"conv": 1, "kernel": 5}, {"crop": 2}]}, {"upconv": 1, "kernel": 1, "stride": 3}, "gap"], "gap1"),
    ],
)
def test_what_is_seen_pixel_by_pixel(layers: list[Any], first: str | None) -> None:
    found, known = first_to_see_all(cnncalc.analyze({"input": "9x9x1", "layers": layers}))
    assert known
    assert (found.path if found else None) == first


def test_where_many_branches_see_different_grids_nothing_wrong_is_said() -> None:
    """Only some of the grids are kept; the whole input may then be seen or not."""
    bars = [{"conv": 1, "kernel": [13 - 2 * n, 1 + 2 * n], "pad": [6 - n, n]} for n in range(7)]
    report = cnncalc.analyze({"input": "13x13x1", "layers": [{"add": bars}]})
    assert first_to_see_all(report) == (None, False)
    assert not any("sees all" in note for note in notes(report))
    all_of_it = cnncalc.analyze({"input": "13x13x1", "layers": [{"add": bars}, {"conv": 1, "kernel": 13, "pad": 6}]})
    assert first_to_see_all(all_of_it) == (None, False)
    small = cnncalc.analyze({"input": "40x40x1", "layers": [{"add": bars}, "gap"]})
    found, known = first_to_see_all(small)
    assert known
    assert found is small["gap1"]


def test_pixels_are_followed_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    report = cnncalc.analyze({"input": "9x9x1", "layers": [{"conv": 1, "kernel": 3}, {"conv": 1, "kernel": 3}, "gap"]})
    assert first_to_see_all(report)[0] is report["gap1"]
    monkeypatch.setattr("cnncalc.study.coverage.MOST_BITS", 100)
    assert first_to_see_all(report) == (None, False)
