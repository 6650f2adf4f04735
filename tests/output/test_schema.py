from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import cnncalc
from cnncalc.output.report_schema import LAYER, report_schema
from cnncalc.output.schema import MODIFIERS, network_schema
from cnncalc.output.sheet_schema import sheet_schema
from cnncalc.output.starter import starter
from cnncalc.spec import calls
from cnncalc.spec.catalogue_index import files
from cnncalc.study.folding import folded
from tests.output.networks import PLAIN, RESIDUAL, analyze
from tests.output.validator import errors

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

NETWORK = network_schema()
REPORT = report_schema()
SHEET = sheet_schema()
TESTS = Path(__file__).parents[1]
OTHERS = ("dora.yaml", "verdicts.yaml")  # a sheet with a mistake, and no file of the program
APART = {"errors", "against"}  # broken files, and answers without questions
YAML = [path for path in sorted(TESTS.rglob("*.yaml")) if not APART & {*path.relative_to(TESTS).parts} and path.name not in OTHERS]
SOUND: dict[str, Any] = {"input": "8x8x3", "layers": [{"conv": 3, "kernel": 3}]}


@pytest.mark.parametrize("path", files(), ids=lambda path: Path(path).stem)
def test_every_file_of_the_catalogue_fits(path: str) -> None:
    assert errors(yaml.safe_load(Path(path).read_text(encoding="utf-8")), NETWORK) == []


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.stem)
def test_files_of_the_tests_fit(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert errors(document, SHEET if "questions" in document else NETWORK) == []


@pytest.mark.parametrize(
    "part",
    [
        "layers: relu",
        "layers: [[relu, relu], relu]",
        "layers: [{conv: ab, kernel: 1, each: ab, in: [1, 2]}]",
        "layers: [{conv: 3, kernel: 3, when: true, else: relu}]",
        "layers: [{conv: 3, kernel: 3, bias: 'yes'}]",
        "blocks: {b: {args: {relu: , add: 2}, layers: relu}}\nlayers: [{b: 1, add: 3}]",
        "blocks: {b: {args: {conv: }, layers: {conv: 3, kernel: 1}}}\nlayers: [{b: , conv: 3}]",
        "layers: [{conv: max(1, 2, 3), kernel: [3, min(1, 2)]}]",
        "params: {a: 3, b: 1, c: 2}\nlayers: [{conv: max(a, b, c), kernel: 3}]",
        "params: {conv: 4}\nlayers: [{conv: conv, kernel: 1}]",
    ],
)
def test_what_the_program_accepts_fits(tmp_path: Path, part: str) -> None:
    path = tmp_path / "network.yaml"
    path.write_text(f"input: [max(8, 2), 8, 8]\n{part}", encoding="utf-8")
    cnncalc.analyze(str(path))
    assert errors(yaml.safe_load(path.read_text(encoding="utf-8")), NETWORK) == []


MISTAKES: list[dict[str, Any]] = [
    {"layers": [{"cnov": 3, "kernel": 3}]},
    {"input": "32x32x"},
    {"layers": [{"conv": 3, "kernel": 3, "pad": "valid"}]},
    {"layers": [{"conv": 3, "kernel": 3, "stride": -1}]},
    {"layers": [{"upconv": 3}]},
    {"layers": {"conv": 3, "relu": None}},
    {"layers": [{"conv": 3, "fliters": 3, "kernel": 3}]},
    {"layers": [{"conv": 3, "kernel": "three"}]},
    {"layers": ["maxpool"]},
    {"layres": []},
    {"layers": [{"conv": 3, "kernel": 3, "relu": None}]},
    {"layers": ["rleu"]},
    {"layers": "rleu"},
    {"params": {"a": 3}, "layers": [{"conv": 3, "fliters": 3, "kernel": 3}]},
]


@pytest.mark.parametrize("change", MISTAKES, ids=json.dumps)
def test_mistakes_in_steps_do_not_fit(change: dict[str, Any]) -> None:
    assert errors({**SOUND, **change}, NETWORK) != []
    with pytest.raises(cnncalc.SpecError):
        cnncalc.analyze({**SOUND, **change})


def test_layers_are_a_list_in_an_editor_though_the_program_takes_a_single_step() -> None:
    change = {"layers": {"conv": 3, "kernel": 3}}
    assert errors({**SOUND, **change}, NETWORK) != []
    cnncalc.analyze({**SOUND, **change})


def test_answer_sheets() -> None:
    question = {"network": "vgg16", "params": 138357544, "batch": "2"}
    sheet = {"counting": {"bias": "true"}, "questions": [question]}
    assert errors(sheet, SHEET) == []
    assert errors({**sheet, "questions": [{**question, "pramas": 3}]}, SHEET) != []
    assert errors({**sheet, "questions": [{**question, "network": {**SOUND, "layers": ["rleu"]}}]}, SHEET) != []


def test_libraries_fit_and_the_names_of_the_catalogue_are_offered() -> None:
    for path in Path(files()[0]).parent.glob("blocks/*.yaml"):
        assert errors(yaml.safe_load(path.read_text(encoding="utf-8")), NETWORK) == []
        assert path.stem in NETWORK["properties"]["use"]["anyOf"][0]["anyOf"][0]["enum"]
    for use in ("mlp", ["mlp", "nets/mine.yaml:stem"]):
        assert errors({**SOUND, "use": use}, NETWORK) == []
    for broken in ({**SOUND, "use": {"a": 1}}, {"blocks": {}, "input": "8x8x3"}, {"blocks": {}, "layers": ["relu"]}):
        assert errors(broken, NETWORK)


def test_the_starter_fits() -> None:
    assert errors(yaml.safe_load(starter("mine")), NETWORK) == []


def test_every_form_of_a_param_says_what_a_param_is_for() -> None:
    """Editors show the description of the form that matches, not that of all forms."""
    forms = NETWORK["properties"]["params"]["additionalProperties"]["anyOf"]
    assert all("variable of this file" in form["description"] for form in forms)


def test_the_schema_knows_every_modifier() -> None:
    assert set(MODIFIERS) == set(calls.MODIFIERS)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"layers": [{"conv": 3, "kernl": 3}]}, "kernl"),
        ({"layers": [{"conv": 3, "bias": {}}]}, "bias"),
        ({"layers": [{"conv": {"filter": 3}}]}, "conv"),
        ({"layers": [{"maxpool": 2, "pad": [1, 2, 3, 4, 5]}]}, "pad"),
        ({"layers": [3]}, "layers"),
        ({"inputs": "8x8x3"}, "inputs"),
        ({"input": [8]}, "too short"),
        ({"input": "8"}, "input"),
        ({"input": "1x2x3x4x5"}, "input"),
        ({"published": {"parameters": 3}}, "parameters"),
        ({"published": {"macs": 3, "counted_as": "thopp"}}, "counted_as"),
        ({"blocks": {"b": {"args": {}}}}, "'layers' is missing"),
        ({"layers": [{"add": [{"conv": 3, "kernl": 3}]}]}, "add"),
    ],
)
def test_mistakes_do_not_fit(change: dict[str, Any], error: str) -> None:
    assert errors(SOUND, NETWORK) == []
    found = errors({**SOUND, **change}, NETWORK)
    assert any(error in each for each in found), found


def test_a_file_needs_an_input_and_layers_or_another_file() -> None:
    assert errors({"layers": ["relu"]}, NETWORK) == ["$: 'input' is missing"]
    assert errors({"like": "alexnet", "but": {"CONV1": {"kernel": 7}}}, NETWORK) == []


@pytest.mark.parametrize(
    "report",
    [
        analyze(PLAIN),
        analyze(RESIDUAL, bias=False),
        analyze(PLAIN, input="HxWx1", batch="n"),
        cnncalc.analyze("vgg16"),
        cnncalc.analyze("lenet5"),
        cnncalc.analyze("tcn_mnist"),
        cnncalc.analyze("c3d"),
        cnncalc.analyze("repvgg_a0", deployed=True),
        cnncalc.analyze({"input": "8x8x4", "layers": [{"upconv": 3, "kernel": 4, "stride": 2}, {"add": ["identity", {"dropout": 0.3}]}]}),
    ],
    ids=["plain", "residual", "symbolic", "vgg16", "lenet5", "sequence", "video", "deployed", "odd"],
)
def test_reports_fit_and_hold_nothing_that_is_not_described(report: Report) -> None:
    document = json.loads(json.dumps(report.as_dict()))
    assert errors(document, REPORT) == []
    assert document.keys() <= REPORT["properties"].keys()
    assert document["network"].keys() <= REPORT["properties"]["network"]["properties"].keys()
    for layer in document["layers"]:
        assert layer.keys() <= LAYER.keys()
    for line in folded(report, 1)(report.rows):
        assert errors(line.as_dict(), REPORT["properties"]["layers"]["items"], REPORT) == []
        assert line.as_dict().keys() <= LAYER.keys()
