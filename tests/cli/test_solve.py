"""cnncalc solve: questions, errors and formats."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from tests.cli.run import run


def rows(*args: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run("solve", *args, "--format", "csv").out)))


def test_the_pad_of_the_issue() -> None:
    (row,) = rows("--in", "32", "--out", "16", "--kernel", "5", "--stride", "2")
    assert row == {"kernel": "5", "stride": "2", "pad": "2", "input": "32x32", "output": "16x16", "exact": "false"}


@pytest.mark.parametrize("any_word", ["?", "any"])
def test_all_that_is_unknown_is_tried(any_word: str) -> None:
    done = run("solve", "--in", "227x227x3", "--out", "55x55x96", "--kernel", any_word, "--stride", any_word, "--pad", any_word)
    assert done.code == 0
    assert re.search(r"^11 +4 +0 +227×227×3 +55×55×96 +yes$", done.out, re.MULTILINE)
    assert "6 settings give it; 1 divides the input evenly." in done.out
    assert "Tried: kernel 1 to 11, stride 1 to 4, pad 0 to 5, dilation 1." in done.out


def test_without_an_output_every_setting_is_listed_with_what_it_gives() -> None:
    """F = 5, S = 2, and whatever P: the output is (32 - 5 + 2 P) / 2 + 1, rounded down; it never divides evenly."""
    found = rows("--in", "32", "--kernel", "5", "--stride", "2")
    assert [(row["pad"], row["output"], row["exact"]) for row in found] == [
        (str(pad), f"{(27 + 2 * pad) // 2 + 1}x{(27 + 2 * pad) // 2 + 1}", "false") for pad in range(5)
    ]
    said = run("solve", "--in", "32", "--kernel", "5", "--stride", "2").out
    assert "Which output size does each pad of a convolution give from 32×32?" in said
    assert "5 settings; none divides the input evenly." in said
    said = run("solve", "alexnet", "--layer", "CONV1", "--vary", "pad", "--vary", "stride=4,5").out
    assert "Which output size does each pad and stride of CONV1 of alexnet give?" in said
    assert "settings; 4 divide the input evenly." in said  # (216 + 2 P) / 4 for P = 0, 2, 4, and / 5 for P = 2: 220
    said = run("solve", "--in", "9", "--kernel", "3", "--stride", "1", "--pad", "0").out
    assert "Which output size does the setting of a convolution give from 9×9?" in said
    assert "settings" not in said


def test_any_side_of_the_output() -> None:
    assert rows("--in", "9", "--out", "7xany", "--kernel", "3", "--stride", "1", "--pad", "0") == rows(
        "--in", "any", "--out", "7x?", "--kernel", "3", "--stride", "1", "--pad", "0"
    )


def test_people_see_the_simplest_and_programs_see_all() -> None:
    assert "The first 20 are shown, simplest first; --top 510 shows all." in run("solve", "--out", "7").out
    assert len(rows("--out", "7")) == 510
    assert len(rows("--out", "7", "--top", "3")) == 3
    assert len(json.loads(run("solve", "--out", "7", "--format", "json", "--top", "3").out)["found"]) == 3


def test_json_has_what_is_left_over_and_what_was_tried() -> None:
    found = json.loads(
        run("solve", "--in", "8x9x2", "--out", "3x4x5", "--kernel", "3", "--stride", "2", "--pad", "0", "--format", "json").out
    )
    expected = {"kernel": 3, "stride": 2, "pad": 0, "dilation": 1, "input": [8, 9, 2], "output": [3, 4, 5], "exact": False, "rest": [1, 0]}
    assert found == {"found": [expected], "nearest": [], "tried": {"kernel": [3], "stride": [2], "pad": [0], "dilation": [1]}}


def test_nothing_found_is_exit_code_1_with_what_comes_nearest() -> None:
    done = run("solve", "--in", "7", "--out", "3", "--kernel", "2", "--stride", "5", "--pad", "0")
    assert done.code == 1
    assert "Nothing gives it; these come nearest." in done.out
    assert "2×2" in done.out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["alexnet", "--layer", "CONV1", "--output", "55x55x96", "--vary", "pad"], "Which pads of CONV1 of alexnet give 55×55×96?"),
        (
            ["alexnet", "--layer", "CONV1", "--params", "34944", "--vary", "filters"],
            "Which filters of CONV1 of alexnet give 34,944 parameters?",
        ),
        (["alexnet", "--layer", "FC8", "--params", "40970", "--vary", "features"], "This gives it."),
        (["alexnet", "--layer", "CONV1", "--macs", "105415200", "--vary", "filters"], "give 105,415,200 MACs?"),
        (["alexnet", "--layer", "POOL1", "--out", "27", "--vary", "kernel=3"], "Which sizes of POOL1 of alexnet give 27×27?"),
        (["--in", "112", "--out", "56", "--pool", "--kernel", "3", "--round", "ceil"], "Which pool gives 56×56 from 112×112?"),
        (["--in", "28", "--out", "56", "--transposed", "--kernel", "2"], "Which transposed convolution gives 56×56 from 28×28?"),
        (["--in", "32x32x3", "--out", "16x16x4", "--stride", "2", "--params", "112"], "gives 16×16×4 and 112 parameters from 32×32×3?"),
        (["--in", "32", "--out", "16", "--pad", "same", "--kernel", "3"], "pad same"),
        (["--in", "28:40", "--out", "16", "--kernel", "3", "--stride", "2", "--pad", "1"], "31×31"),
        (["--in", "?", "--out", "7x?", "--kernel", "3", "--stride", "1", "--pad", "0"], "9×9"),
        (["alexnet", "--layer", "CONV1", "--input", "224x224x3", "--out", "55", "--vary", "pad=0:3"], "224×224×3"),
        (["alexnet", "--layer", "CONV1", "--but", "CONV1.kernel=12", "--out", "54", "--vary", "pad=0"], "Tried: pad 0."),
        (["conv 96 11x11 /4", "--input", "227x227x3", "--layer", "conv1", "--out", "55", "--vary", "pad"], "yes"),
        (["resnet50", "--out", "7x7", "--vary", "input"], "193   224  32"),
        (["resnet50", "--layer", "conv5_x", "--out", "7x7", "--vary", "input"], "Which inputs give 7×7 at conv5_x of resnet50?"),
    ],
)
def test_what_can_be_asked(args: list[str], says: str) -> None:
    done = run("solve", *args)
    assert (done.code, done.err) == (0, "")
    assert says in done.out


def test_inputs_as_json_and_csv() -> None:
    found = json.loads(run("solve", "resnet50", "--out", "7", "--vary", "input", "--format", "json").out)
    assert found == {"found": [[193, 224]], "nearest": [], "most": 4096}
    assert rows("resnet50", "--out", "7", "--vary", "input") == [{"from": "193", "to": "224", "count": "32"}]


def test_no_input_gives_it() -> None:
    done = run("solve", "vgg16", "--layer", "pool5", "--out", "500", "--vary", "input", "--format", "json")
    assert done.code == 1
    assert json.loads(done.out)["nearest"][0] == {"input": 4096, "output": [128, 128, 512]}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "neither the input nor the output is known"),
        (["alexnet", "--vary", "input"], "--vary input needs an output size"),
        (["--in", "32", "--out", "16", "--kernel", "x"], "--kernel: expected a number"),
        (["--in", "32", "--out", "16:17"], "--out: expected one output size"),
        (["--in", "1x2x3x4", "--out", "16"], "--in: expected 32, 32x32 or 32x32x3"),
        (["--in", "32", "--out", "16", "--params", "9"], "need the depth of input and output"),
        (["--in", "32", "--out", "16", "--pool", "--transposed"], "--pool and --transposed cannot be combined"),
        (["--in", "32", "--out", "16", "--round", "ceil"], "--round is for pooling layers"),
        (["--in", "32", "--out", "16", "--layer", "CONV1"], "--layer needs a NETWORK"),
        (["--in", "32", "--out", "16", "--vary", "pad"], "--vary needs a NETWORK"),
        (["--in", "32", "--out", "16", "--set", "a=1"], "--set needs a NETWORK"),
        (["--out", "?", "--kernel", "3"], "neither the input nor the output is known"),
        (["--out", "4000"], "too many to try"),
        (["alexnet", "--out", "7", "--in", "7"], "--in is for a single layer"),
        (["alexnet", "--out", "7", "--round", "ceil"], "--round is for a single layer"),
        (["alexnet", "--out", "7", "--vary", "pad"], "with a network, give --layer and --vary"),
        (["alexnet", "--out", "7", "--layer", "CONV1"], "with a network, give --layer and --vary"),
        (["alexnet", "--out", "7", "--layer", "CONV1", "--vary", "padd"], "has no field 'padd'"),
        (["alexnet", "--out", "7", "--layer", "CONV9", "--vary", "pad"], "has no layer 'CONV9'"),
        (["alexnet", "--params", "7", "--vary", "input"], "--vary input needs an output"),
        (["alexnet", "--out", "7", "--vary", "input", "--vary", "pad"], "--vary input cannot be combined"),
        (["alexnet", "--out", "7", "--vary", "input", "--input", "224x224x3"], "--vary input cannot be combined"),
        (
            ["alexnet", "--layer", "CONV1", "--out", "7", "--vary", "pad", "--input", "HxWx3"],
            "give the symbols numbers with --input and --set",
        ),
        (["alexnetto", "--layer", "CONV1", "--out", "7", "--vary", "pad"], "no network 'alexnetto'"),
        (["alexnet", "--layer", "CONV1", "--out", "7", "--vary", "pad=5:3"], "the range '5:3' is empty"),
    ],
)
def test_what_is_refused(args: list[str], message: str) -> None:
    done = run("solve", *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
