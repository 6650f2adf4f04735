"""cnncalc check: options, exit codes, files, and what is hidden from students."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.cli.run import run

ROOT = Path(__file__).parent.parent.parent
SHEET = str(ROOT / "tests" / "answers" / "worksheet.yaml")
CLASS = [str(ROOT / "tests" / "answers" / "class" / f"{name}.yaml") for name in ("anna", "ben", "carla", "dora")]
FORMATS = ["table", "plain", "json", "csv", "markdown", "latex", "html"]
RIGHT = {  # every right value that the sheet's wrong answers were not
    "34,944", "34944", "32×32×10", "32x32x10", "27·C²", "27*C^2", "8.913", "51×51", "51x51", "3×3", "3x3", "259,584", "259584",
    "62,378,344", "62378344", "6,998,552", "6998552", "138,357,544", "138357544", "44×44", "44x44", "260 KB", "224·224",
}  # fmt: skip


def sheet(tmp_path: Path, *questions: str, title: str = "") -> str:
    path = tmp_path / "sheet.yaml"
    head = f"title: {title}\n" if title else ""
    path.write_text(f"{head}questions:\n" + "".join(f"  - {{{question}}}\n" for question in questions), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("form", FORMATS)
def test_hidden_values_are_in_no_format(form: str) -> None:
    done = run("check", SHEET, "--hide", "--score", "--format", form)
    assert done.code == 1
    text = done.out.encode().decode("unicode_escape") if form == "json" else done.out
    for asked in ("three 3x3 layers on C channels", "ten 5x5 filters, stride 1, pad 2"):  # the teacher's own words
        text = text.replace(asked, "")
    shown = {value for value in RIGHT if re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d])", text)}
    assert not shown
    told = run("check", SHEET, "--format", form)
    assert any(value in told.out for value in ("34,944", "34944"))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_a_class(form: str) -> None:
    done = run("check", *CLASS[:3], "--score", "--format", form)
    assert done.code == 1
    assert "Anna" in done.out
    assert done.err == ""


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("network: vgg16, params: 138357544", 0),
        ("network: vgg16, params: 138M", 0),
        ("network: vgg16, params: 1", 1),
        ("network: vgg16, params: ", 1),
        ("network: vgg17, params: 1", 2),
    ],
)
def test_exit_codes(question: str, code: int, tmp_path: Path) -> None:
    done = run("check", sheet(tmp_path, question))
    assert done.code == code
    assert bool(done.err) == (code == 2)


def test_a_missing_sheet_is_a_mistake() -> None:
    done = run("check", "nowhere.yaml")
    assert (done.code, done.out) == (2, "")
    assert "nowhere.yaml: no such file" in done.err


def test_no_sheet_at_all_is_a_mistake() -> None:
    assert run("check").code == 2


def test_a_network_is_no_sheet(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: 8x8x1\nlayers: [relu]\n", encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 2
    assert "a sheet needs a list of questions" in done.err


def test_points_are_added_up_and_answers_to_one_question_share_them(tmp_path: Path) -> None:
    net = "network: {input: 32x32x3, layers: [{conv: 10, kernel: 5, pad: 2}]}"
    path = sheet(tmp_path, f"{net}, output: 32x32x10, params: 750, points: 3", f"{net}, params: 760, points: 2.5", f"{net}, macs: 768000")
    done = run("check", path, "--score", "--format", "json")
    found = json.loads(done.out)
    assert (found["points"], found["of"]) == (5, 6.5)
    assert "5 of 6.5 points." in run("check", path, "--score").out
    rows = list(csv.DictReader(io.StringIO(run("check", path, "--score", "--format", "csv").out)))
    assert [row["points"] for row in rows] == ["1.5", "0", "2.5", "1"]


def test_the_json_that_is_promised() -> None:
    found = json.loads(run("check", SHEET, "--format", "json").out)
    assert (found["title"], found["right"], found["wrong"], found["unclear"]) == ("Worksheet 3", 4, 10, 3)
    by_id = {(row["id"], row["quantity"]): row for row in found["questions"]}
    assert by_id["q2", "params"] == {
        "id": "q2",
        "verdict": "wrong",
        "quantity": "params",
        "claimed": "(11*11*3)*96",
        "computed": 34944,
        "slips": ["(11*11*3)*96 is the count without the 96 biases"],
        "tags": ["bias-left-out"],
    }
    assert by_id["q5", "claim"]["computed"] == 8.913036
    assert by_id["q5", "claim"]["parts"] == {"params(alexnet)": 62378344, "params(googlenet)": 6998552}
    assert by_id["q6", "receptive_field"]["reason"] == "no answer"
    assert by_id["q8", "fits"]["computed"] is True
    assert by_id["q4", "weights"]["computed"] == "27*C^2"
    assert by_id["q3", "output"]["computed"] == "32x32x10"


def test_a_class_has_a_row_for_everybody_also_for_a_sheet_that_is_broken() -> None:
    done = run("check", *CLASS, "--format", "csv", "--score")
    assert done.code == 2
    assert "a question has no key 'parms'" in done.err
    rows = {Path(row["sheet"]).stem: row for row in csv.DictReader(io.StringIO(done.out))}
    assert [rows["ben"][name] for name in ("title", "right", "wrong", "unclear", "missed", "points", "of")] == [
        "Ben",
        "1",
        "2",
        "0",
        "q2, q3",
        "2",
        "3.5",
    ]
    assert rows["dora"]["missed"] == "cannot be read"
    assert rows["dora"]["right"] == ""


def test_a_class_as_json_has_every_sheet() -> None:
    found = json.loads(run("check", *CLASS[:3], "--format", "json").out)
    assert [each["title"] for each in found["sheets"]] == ["Anna", "Ben", "Carla"]
    assert found["sheets"][1]["questions"][2]["slips"] == ["that is the inverse ratio"]


def test_the_questions_that_most_have_not_right_are_named() -> None:
    assert "\n\nMost often not right: q2 (2 of 3).\n" in run("check", *CLASS[:3]).out


def test_a_file_takes_its_format_from_its_suffix_and_no_sheet_is_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "feedback.html"
    assert run("check", SHEET, "-o", str(out)).code == 1
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    path = sheet(tmp_path, "network: vgg16, params: 1")
    done = run("check", path, "-o", path)
    assert done.code == 2
    assert "it is not overwritten" in done.err


def test_a_working_fits_the_width() -> None:
    lines = run("check", SHEET, "--width", "60").out.splitlines()
    long = [line for line in lines if len(line) > 60 and line.startswith("    ")]
    assert not long


def test_a_claim_is_shown_with_its_numbers_put_in(tmp_path: Path) -> None:
    path = sheet(tmp_path, "id: a, claim: '(params(vgg16) - params( alexnet )) // 1000', is: 1")
    out = run("check", path).out
    assert "params(alexnet) = 62,378,344" in out
    assert "(138,357,544 - 62,378,344) // 1000 = 75,979" in out


def test_a_claim_that_is_one_quantity_is_shown_once(tmp_path: Path) -> None:
    out = run("check", sheet(tmp_path, "id: a, claim: params(vgg16), is: 1")).out
    assert out.count("params(vgg16) = 138,357,544") == 1
    assert "\n    138,357,544" not in out


@pytest.mark.parametrize("form", FORMATS)
def test_terminals_are_safe_from_what_is_answered(form: str, tmp_path: Path) -> None:
    done = run("check", sheet(tmp_path, "id: a\u202eb, ask: x\u202ey, network: vgg16, params: \u202e5, macs: 7\u202e"), "--format", form)
    assert done.code == 1
    assert form == "csv" or "\u202e" not in done.out


@pytest.mark.parametrize("form", ["markdown", "html", "latex"])
def test_what_is_answered_is_no_markup(form: str, tmp_path: Path) -> None:
    path = sheet(tmp_path, "id: a, ask: '<b>*x*</b> & $1$', network: vgg16, params: '<i>`1`'")
    out = run("check", path, "--format", form).out
    assert "<b>*x*" not in out
    assert "<i>" not in out.replace("\\<i", "") or form == "latex"


def test_what_symbols_leave_open_is_called_so(tmp_path: Path) -> None:
    path = sheet(tmp_path, "network: {params: {k: }, input: 9x9x1, layers: [{upsample: [k, 1]}]}, receptive_field: 3")
    assert run("check", path).out.splitlines()[4].split()[-2:] == ["3", "open×1"]


def test_a_sheet_in_which_all_is_right_has_no_passages(tmp_path: Path) -> None:
    done = run("check", sheet(tmp_path, "network: vgg16, params: 138357544, macs: 15.5G", title="All right"))
    assert done.code == 0
    assert done.out.splitlines()[0] == "All right"
    assert len(re.findall("^✓ ", done.out, re.MULTILINE)) == 2
    assert done.out.endswith("\n\n2 right, 0 wrong, 0 unclear.\n")


def test_volumes_of_formulas_are_written_as_formulas(tmp_path: Path) -> None:
    path = sheet(tmp_path, "network: {input: HxWxC, layers: [{maxpool: 2}]}, output: HxWxC")
    assert "HxWxC is wrong, it is ⌊H/2⌋×⌊W/2⌋×C." in run("check", path).out
    halves = [rf"\left\lfloor \frac{{{side}}}{{2}} \right\rfloor" for side in "HW"]
    assert rf"${halves[0]} \times {halves[1]} \times C$" in run("check", path, "--format", "latex").out


def test_every_metric_of_a_layer_and_of_a_network_may_be_wrong(tmp_path: Path) -> None:
    """The derivation of the right value, or none where there is none to show; JSON has the names as they were written."""
    layer = "values: 5, bytes: 5, parameters: 5, rf: 5, depth: 5, jump: 5, offset: 5, exact: no, side: yes, weight_layers: 5"
    whole = "volume: 5, activations: 5, memory: 5, param_memory: 5, weight_layers: 5, kernel: 5, fits: no"
    small = "network: {input: 8x8x3, layers: [{conv: 2, kernel: 3, name: c}]}"
    path = sheet(tmp_path, f"{small}, layer: c, {layer}", f"{small}, {whole}")
    done = run("check", path)
    assert done.code == 1
    assert "0 right, 17 wrong, 0 unclear." in done.out
    assert "param memory = B·params = 4·56 = 224 (224 B)" in done.out
    asked = [name.partition(":")[0] for name in f"{layer}, {whole}".split(", ")]
    assert [each["quantity"] for each in json.loads(run("check", path, "--format", "json").out)["questions"]] == asked
