from __future__ import annotations

import json
from typing import Any

import pytest

import cnncalc
from cnncalc import SpecError
from cnncalc.output.sheets import columns
from cnncalc.output.sheets.overview import MARK, SIDES, Arrangement, document, listing, overview
from cnncalc.propagate.rows import Total
from tests.output.networks import PLAIN, RESIDUAL, analyze

SYMBOLIC: dict[str, Any] = {
    "input": "HxWx3",
    "layers": [{"conv": "K", "kernel": 3, "name": "c1"}, "relu", "gap", {"fc": 10}],
    "params": {"K": None},
}


def names(asked: str | None) -> list[str]:
    return [column.name for column in columns.chosen(asked)]


def test_columns_are_chosen_added_and_removed() -> None:
    assert names(None) == list(columns.DEFAULT)
    assert names("layer, MACs") == ["layer", "macs"]
    assert names("path params") == ["layer", "params"]
    assert names("+weights,-memory") == ["layer", "what", "output", "params", "macs", "flops", "weights"]
    assert names("+weights,jump") == [*columns.DEFAULT, "weights", "jump"]
    assert names("+params") == list(columns.DEFAULT)
    assert names("receptive-field,rf,macs,macs") == ["receptive_field", "macs"]


@pytest.mark.parametrize(("asked", "message"), [("parms", "did you mean 'params'?"), ("+xyz", "known: layer"), ("layer,+flop", "'flop'")])
def test_an_unknown_column_is_named(asked: str, message: str) -> None:
    with pytest.raises(SpecError, match=message.replace("?", r"\?").replace("+", r"\+")):
        columns.chosen(asked)


def test_no_column_at_all_is_a_mistake() -> None:
    with pytest.raises(SpecError, match="no column is left"):
        columns.chosen(",".join(f"-{name}" for name in columns.DEFAULT))


def test_every_figure_of_the_totals_has_a_column() -> None:
    there = {column.name for column in columns.COLUMNS.values() if column.total}
    assert set(Total.__slots__) - {"param_bytes", "weight_layers", "bytes", "complete", "stated"} | {"memory"} == there


def test_rows_and_totals() -> None:
    report = analyze(PLAIN)
    sheet = overview(report, Arrangement("layer,params,memory,macs,params_share,receptive_field,input,kind,jump,side,exact"))
    (section,) = sheet.sections
    assert section.rows[1][:4] == ["C1", 208, 18432, 115200]
    assert [row[0] for row in section.rows] == ["input", "C1", "P1", "C2" + MARK, "F3"]  # what works in place has no row of its own
    assert section.rows[0][6] is None
    assert section.rows[1][5:] == [(5, 5), (28, 28, 1), "conv", (1, 1), False, True]
    assert section.total is not None
    assert section.total[:4] == ["total", report.total.params, report.total.bytes, report.total.macs]
    assert section.rows[1][4] == (208, report.total.params)


def test_without_figures_there_is_no_total() -> None:
    assert overview(analyze(PLAIN), Arrangement("layer,output")).sections[0].total is None


def test_a_total_without_a_name_column_keeps_its_first_figure() -> None:
    total = overview(analyze(PLAIN), Arrangement("params,layer")).sections[0].total
    assert total == [analyze(PLAIN).total.params, None]


def test_side_exits_stand_apart_unless_they_are_asked_in() -> None:
    apart = overview(analyze(RESIDUAL), Arrangement()).sections
    assert [section.title for section in apart] == ["", SIDES]
    assert [row[0] for row in apart[1].rows] == ["exit_pool", "exit"]
    assert apart[1].total is not None
    assert apart[1].total[3] == 4 * 4 * 32 * 10 + 10
    assert len(overview(analyze(RESIDUAL, sides=True), Arrangement()).sections) == 1


def test_sorting_and_the_first_few() -> None:
    (section,) = overview(analyze(PLAIN), Arrangement(sort="params", top=2)).sections
    assert [row[0] for row in section.rows] == ["C2" + MARK, "F3", "3 more"]
    params = [sum(row[3]) if isinstance(row[3], tuple) else row[3] for row in section.rows]
    assert sum(params) == section.total[3]  # type: ignore[index]  # there is one
    assert section.rows[-1][1] == "4 layers"
    by_name = overview(analyze(PLAIN), Arrangement(sort="layer")).sections[0]
    assert [row[0] for row in by_name.rows] == ["C1", "C2" + MARK, "F3", "P1", "input"]
    by_memory = overview(analyze(PLAIN), Arrangement(sort="memory")).sections[0]
    assert [row[4] for row in by_memory.rows][:2] == [18432, 4608]


def test_formulas_have_no_order() -> None:
    with pytest.raises(SpecError, match=r"--sort macs: .* cannot be decided"):
        overview(cnncalc.analyze(SYMBOLIC), Arrangement(sort="macs"))


def test_totals_that_are_formulas_stand_below() -> None:
    sheet = overview(cnncalc.analyze(SYMBOLIC), Arrangement())
    assert sheet.sections[0].total is None
    assert "total params = 38·K + 10" in sheet.notes
    assert "total memory in bytes = 4·H·K·W + 12·H·W − 8·H·K − 8·K·W + 20·K + 40" in sheet.notes


def test_csv_has_every_layer_and_column_and_no_totals() -> None:
    sheet = listing(analyze(RESIDUAL), Arrangement())
    assert [column.name for column in sheet.columns] == list(columns.COLUMNS)
    (section,) = sheet.sections
    assert len(section.rows) == len(analyze(RESIDUAL).rows)
    assert section.total is None
    assert len(listing(analyze(RESIDUAL), Arrangement(fold=1, top=3)).sections[0].rows) == 3


def test_layers_that_share_their_place_are_written_as_if_they_did_not() -> None:
    for report in (analyze(PLAIN), analyze(RESIDUAL), cnncalc.analyze("googlenet")):
        assert json.dumps(report.as_dict()["layers"]) == json.dumps([row.as_dict() for row in report])


def test_json_is_the_report_unless_less_is_asked_for() -> None:
    report = analyze(RESIDUAL)
    assert document(report, Arrangement()) == report.as_dict()
    folded = document(report, Arrangement(fold=1))
    assert [layer["path"] for layer in folded["layers"]][:3] == ["input", "stem", "unit1–6"]
    assert sum(layer["params"] for layer in folded["layers"] if not layer["side"]) == report.total.params
    top = document(report, Arrangement(sort="macs", top=1))
    assert len(top["layers"]) == 1
    assert top["total"] == report.as_dict()["total"]
