from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.output.forms.numbers import NumberFormat
from cnncalc.output.forms.sheet import VOLUME
from cnncalc.output.sheets.columns import COLUMNS
from cnncalc.study.folding import LONG, folded
from tests.output.networks import PLAIN, RESIDUAL, analyze

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

FIGURES = ("weights", "biases", "params", "buffers", "macs", "flops")


def shown(report: Report, fold: int | None) -> list[tuple[str, str]]:
    return [(line.path, line.what) for line in folded(report, fold)(report.rows)]


def test_no_fold_keeps_every_layer() -> None:
    report = analyze(PLAIN)
    assert [line.path for line in folded(report, 0)(report.rows)] == [row.path for row in report.rows]


def test_a_short_network_is_not_folded() -> None:
    report = analyze(PLAIN)
    assert all(len(line.rows) == 1 for line in folded(report, None)(report.rows))


def test_a_long_network_folds_its_blocks_and_counts_equal_ones() -> None:
    report = analyze(RESIDUAL)
    assert len(report.rows) > LONG
    assert shown(report, None) == [
        ("input", "input"),
        ("stem", "conv 16 3×3 pad 1"),
        ("unit1–6", "6 × unit (6 layers)"),
        ("maxpool1", "maxpool 2×2"),
        ("unit7", "unit (6 layers)"),
        ("unit8–12", "5 × unit (6 layers)"),
        ("exit_pool", "avgpool 4×4"),
        ("exit", "fc 10"),
        ("gap1", "gap"),
        ("fc", "fc 10"),
    ]


def test_the_depth_of_paths_decides_where_it_is_given() -> None:
    report = analyze(RESIDUAL)
    deep = shown(report, 2)
    assert ("unit1/add1", "add (5 layers)") in deep
    assert ("unit1/relu1", "relu") in deep
    assert ("unit7/add1/residual", "3 layers") in shown(report, 3)
    assert shown(report, 9) == shown(report, 0)


def test_equal_layers_in_a_row_are_one_line() -> None:
    network = {
        "input": "8x8x4",
        "layers": [{"conv": 4, "kernel": 3, "pad": 1, "repeat": 3, "name": "c1-{i}"}, {"conv": 4}, {"conv": 4}, "relu", "gap"],
    }
    report = cnncalc.analyze(network)
    assert shown(report, 1) == [
        ("input", "input"),
        ("c1-1 … c1-3", "3 × conv 4 3×3 pad 1"),
        ("conv4–5", "2 × conv 4 1×1"),
        ("relu1", "relu"),
        ("gap1", "gap"),
    ]


@pytest.mark.parametrize("fold", [0, 1, 2, 3, None])
def test_lines_hold_every_layer_once_and_add_up(fold: int | None) -> None:
    report = analyze(RESIDUAL, sides=True)
    lines = folded(report, fold)(report.rows)
    assert [row.path for line in lines for row in line.rows] == [row.path for row in report.rows]
    for name in FIGURES:
        assert sum(getattr(line, name) for line in lines) == getattr(report.total, name)
    for name in ("values", "bytes"):
        assert sum(getattr(line, name) for line in lines if not line.writes_nothing) == getattr(report.total, name)


def test_a_single_line_says_where_its_output_lives() -> None:
    by_path = {line.path: line for line in folded(analyze(PLAIN), 0)(analyze(PLAIN).rows)}
    memory = COLUMNS["memory"]
    found = {path: memory.read(by_path[path], None) for path in ("R1", "flat", "C1")}
    assert found == {"R1": "in place", "flat": "view", "C1": 24 * 24 * 8 * 4}


def test_a_line_as_json_is_the_row_or_the_sum() -> None:
    report = analyze(RESIDUAL)
    lines = folded(report, None)(report.rows)
    assert lines[1].as_dict() == report["stem"].as_dict()
    units = lines[5].as_dict()
    assert (units["path"], units["kind"], units["times"], units["layers"]) == ("unit8–12", "unit", 5, 30)
    assert units["params"] == 5 * 2 * (9 * 32 * 32 + 32)
    assert units["output"] == [16, 16, 32]
    assert units["exact"] is True


def test_whether_windows_tile_is_known_of_a_line_if_it_is_of_all() -> None:
    block = {"b": {"layers": [{"conv": 4, "kernel": 3, "stride": 2}, {"conv": 4}]}}
    for side, exact in ((9, True), (10, False), ("H", None)):
        report = cnncalc.analyze({"input": f"{side}x{side}x3", "blocks": block, "layers": ["b"]})
        (_, line) = folded(report, 1)(report.rows)
        assert line.exact is exact


def test_a_network_of_blocks_in_blocks_is_opened_until_there_is_something_to_see() -> None:
    steps = [{"inner": "", "name": f"part{i}"} if i % 2 else {"conv": 4, "kernel": 3, "pad": 1, "name": f"mid{i}"} for i in range(20)]
    network = {
        "input": "8x8x4",
        "blocks": {"inner": {"layers": [{"conv": 4}, "relu"]}, "outer": {"layers": steps}},
        "layers": [{"outer": "", "name": "body"}, {"outer": "", "name": "tail"}],
    }
    report = cnncalc.analyze(network)
    assert len(report.rows) > LONG
    found = shown(report, None)
    assert ("body/part1", "inner (2 layers)") in found
    assert ("body/mid2", "conv 4 3×3 pad 1") in found


def test_a_network_of_many_named_groups_folds_by_depth() -> None:
    layers = [{"name": f"stage{i}", "do": [{"conv": 4}, "relu", {"conv": i + 1}]} for i in range(30)]
    report = cnncalc.analyze({"input": "8x8x4", "layers": layers})
    assert shown(report, None)[1:3] == [("stage0", "3 layers"), ("stage1", "3 layers")]


def test_a_block_says_how_many_other_shapes_leave_it() -> None:
    halves = {
        "inputs": ["x"],
        "outputs": ["wide", "narrow"],
        "layers": [{"conv": 4, "name": "wide"}, {"conv": 2, "name": "spare"}, {"maxpool": 2, "from": "wide", "name": "narrow"}],
    }
    join = {"inputs": ["a", "b"], "layers": [{"upsample": 2, "from": "b", "name": "up"}, {"concat": "", "from": ["a", "up"]}]}
    network = {"input": "8x8x3", "blocks": {"halves": halves, "join": join}, "layers": ["halves", "join", "gap"]}
    report = cnncalc.analyze(network)
    lines = folded(report, 1)(report.rows)
    assert [(line.path, line.output, line.others) for line in lines] == [
        ("input", (8, 8, 3), 0),
        ("halves1", (4, 4, 4), 1),  # nobody takes what `spare` leaves
        ("join1", (8, 8, 8), 0),
        ("gap1", (1, 1, 8), 0),
    ]
    told = [(VOLUME.people(line.output_volume, NumberFormat()), VOLUME.machine(line.output_volume)) for line in lines[1:3]]
    assert told == [("4×4×4 and 1 more", "4x4x4"), ("8×8×8", "8x8x8")]
    assert VOLUME.people(lines[1].output_volume, NumberFormat(style="latex")) == r"$4 \times 4 \times 4$ and 1 more"


def test_a_block_of_one_layer_says_which() -> None:
    network = {"input": "8x8x4", "blocks": {"b": {"layers": [{"conv": 4, "kernel": 3}]}}, "layers": ["b", {"name": "g", "do": ["relu"]}]}
    assert shown(cnncalc.analyze(network), 1)[1:] == [("b1", "b (conv 4 3×3)"), ("g", "relu")]
