from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click import Context

import cnncalc
from cnncalc.cli.compare import command
from cnncalc.output.sheets.comparison import decimal
from cnncalc.output.words.statements import listed
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

LECTURES = ("alexnet_two_gpu", "vgg16", "googlenet", "resnet50")


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_networks_of_the_lectures(golden: Callable[[str, str], None]) -> None:
    done = run("compare", *LECTURES)
    assert (done.code, done.err) == (0, "")
    golden("compare_lectures.txt", done.out)
    said = words(done.out)
    assert "googlenet: 11% of the parameters, 2.2× the MACs" in said
    assert "the activation memory of alexnet_two_gpu." in said
    assert "vgg16 has the most parameters and MACs" in said
    assert "googlenet has the fewest parameters" in said
    assert "resnet50 lies in between" in said
    assert "alexnet_two_gpu computes little but is heavy on memory" in said
    assert "googlenet is the most efficient" in said


def test_what_is_best_is_marked() -> None:
    table = run("compare", *LECTURES).out.partition("\n\n")[0]
    rows = {line.split()[0]: line for line in table.splitlines()}
    assert "6,998,552*" in rows["googlenet"]
    assert "724,406,816*" in rows["alexnet_two_gpu"]
    assert "*" not in rows["vgg16"]
    assert "*" not in run("compare", "vgg16").out


def test_settings_side_by_side(golden: Callable[[str, str], None]) -> None:
    done = run("compare", "mobilenet_v2", "--vary", "width=0.35,0.5,0.75,1.0,1.4")
    golden("compare_widths.txt", done.out)
    assert done.out == run("compare", "mobilenet_v2", "--variants", "width=0.35,0.5,0.75,1.0,1.4").out
    assert "width=1.4: 3.6× the parameters" in words(done.out)


def test_of_networks_that_cost_the_same_none_has_most(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.yaml", "b.yaml", "c.yaml")]
    for path in paths:
        Path(path).write_text("input: 8x8x3\nlayers: [{conv: 3}]\n", encoding="utf-8")
    said = words(run("compare", *paths).out)
    assert "b: as many parameters, as many MACs and as much activation memory as a." in said
    assert "most" not in said.partition("c: ")[2]


def test_layers_of_two_networks(golden: Callable[[str, str], None]) -> None:
    done = run("compare", "resnet50", "resnet50_v1_5", "--layers")
    golden("compare_layers.txt", done.out)
    assert "+231,211,008" in done.out.splitlines()[-3]
    every = run("compare", "resnet50", "resnet50_v1_5", "--layers", "--fold", "none").out
    assert sum("+77,070,336" not in line and "+" in line for line in every.splitlines()) > 3  # which of the convolutions it is
    backwards = run("compare", "resnet50", "resnet50_v1_5", "--layers", "--to", "resnet50_v1_5").out
    assert "−231,211,008" in backwards


@pytest.mark.parametrize("pair", [("resnet18", "resnet34"), ("vgg16", "googlenet"), ("alexnet", "zfnet"), ("resnet50", "se_resnet50")])
def test_stages_add_up(pair: tuple[str, str]) -> None:
    totals = [cnncalc.analyze(name).total for name in pair]
    for more in ([], ["--fold", "none"]):
        found = json.loads(run("compare", *pair, "--layers", "--format", "json", *more).out)
        for figure in ("params", "macs"):
            for key, total in zip(("first", "second"), totals, strict=True):
                assert sum(stage[key][figure] for stage in found["stages"]) == getattr(total, figure) == found["total"][key][figure]
                pairs = [each[key][figure] for stage in found["stages"] for each in stage["pairs"] if each[key]]
                assert sum(pairs) == getattr(total, figure)
            assert found["total"]["difference"][figure] == getattr(totals[1], figure) - getattr(totals[0], figure)
    rows = list(csv.DictReader(StringIO(run("compare", *pair, "--layers", "--format", "csv").out)))
    assert sum(int(row["macs_difference"]) for row in rows) == totals[1].macs - totals[0].macs
    assert sum(bool(row["first"]) for row in rows) == len([row for row in cnncalc.analyze(pair[0]) if not row.side])


def test_other_inputs_get_a_hint() -> None:
    assert "--input 227x227x3 for both" in words(run("compare", "alexnet", "vgg16", "--layers").out)
    assert "--input" not in run("compare", "alexnet", "vgg16", "--layers", "--input", "227x227x3").out


def test_columns_and_order() -> None:
    out = run("compare", "vgg11", "vgg19", "vgg16", "--columns", "network,macs,macs_ratio", "--sort", "macs", "--format", "csv").out
    assert out.splitlines() == [
        "network,macs,macs_ratio",
        "vgg19,19632062464,2.58008",
        "vgg16,15470264320,2.03313",
        "vgg11,7609090048,1",
    ]
    by_name = run("compare", "vgg16", "alexnet", "--sort", "network", "--columns", "network").out.split()
    assert by_name[by_name.index("alexnet") :][:2] == ["alexnet", "vgg16"]
    years = run("compare", "vgg16", "alexnet", "resnet50", "--sort", "year", "--format", "csv", "--columns", "network").out.split()
    assert years == ["network", "resnet50", "vgg16", "alexnet"]
    widths = run("compare", "mobilenet_v2", "--vary", "width=0.5,1.4,1", "--sort", "width", "--format", "csv", "--columns", "params").out
    assert [line.split(",")[1] for line in widths.splitlines()] == ["width", "1.4", "1", "0.5"]


def test_nothing_sorts_last() -> None:
    out = run("compare", "lenet5", "vgg16", "resnet50", "--sort", "top1_error", "--columns", "network", "--format", "csv").out
    assert out.split()[1:] == ["vgg16", "resnet50", "lenet5"]


def test_patterns_and_families() -> None:
    out = run("compare", "resnet1*", "--family", "vgg", "--columns", "network", "--format", "csv").out.split()
    assert {"resnet18", "resnet101", "vgg16", "vgg11_lrn"} <= set(out)
    many = words(run("compare", "--family", "vgg").out)
    assert "Ratios to vgg11: --columns +params_ratio,+macs_ratio." in many
    assert "more parameters" not in many


def test_json() -> None:
    found = json.loads(run("compare", *LECTURES, "--to", "vgg16", "--format", "json").out)
    assert found["to"] == "vgg16"
    by_name = {each["id"]: each for each in found["networks"]}
    assert by_name["googlenet"]["params"] == cnncalc.analyze("googlenet").total.params
    assert by_name["googlenet"]["best"] == ["params", "param_bytes"]
    assert by_name["vgg16"]["ratios"]["macs"] == 1
    assert by_name["resnet50"]["top1_error"] == 24.7
    assert len(found["conclusions"]) == 3
    varied = json.loads(run("compare", "mobilenet_v2", "--vary", "width=0.5,1", "--format", "json").out)
    assert [each["settings"] for each in varied["networks"]] == [{"width": "0.5"}, {"width": "1"}]


def test_counting_set_and_batch_apply_to_all() -> None:
    done = run("compare", "vgg16", "resnet50", "--counting", "thop", "--set", "classes=10", "--batch", "2", "--format", "csv")
    rows = list(csv.DictReader(StringIO(done.out)))
    for row in rows:
        total = cnncalc.analyze(row["network"], counting="thop", set={"classes": 10}, batch=2).total
        assert (int(row["flops"]), int(row["params"])) == (total.flops, total.params)
    assert "FLOPs: counting convention thop." in words(run("compare", "vgg16", "--counting", "thop").out)


def test_symbols_stand_below_the_table() -> None:
    done = run("compare", "vgg16", "resnet50", "--input", "HxWx3")
    assert done.code == 0
    assert "params of resnet50 = 25,557,032" in done.out
    assert "params of vgg16 = 2097152·⌊H/32⌋·⌊W/32⌋ + 35597096" in done.out
    assert "vgg16: For every whole H, W ≥ 32." in done.out
    assert json.loads(run("compare", "vgg16", "--input", "HxWx3", "--format", "json").out)["networks"][0]["ratios"]["macs"] is None
    assert run("compare", "vgg16", "resnet50", "--input", "HxWx3", "--layers").code == 0


@pytest.mark.parametrize("form", ["table", "plain", "json", "csv", "markdown", "latex", "html"])
@pytest.mark.parametrize("more", [[], ["--layers"], ["--vary", "classes=10,100"], ["--input", "HxWx3"], ["--width", "40"]])
def test_every_format(form: str, more: list[str]) -> None:
    done = run("compare", "vgg11", "resnet18", "--format", form, *more)
    assert (done.code, done.err) == (0, "")
    assert done.out


def test_a_narrow_page_says_what_it_leaves_out() -> None:
    done = run("compare", *LECTURES, "--width", "60")
    assert "Hidden at this width:" in done.out
    assert max(map(len, done.out.splitlines())) <= 60


def test_settings_that_fail_are_told() -> None:
    done = run("compare", "alexnet", "--vary", "input=227,32")
    assert done.code == 0
    assert "Left out: alexnet input=32: POOL2: the kernel is " in words(done.out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name networks, or a family"),
        (["vgg16", "vgg19", "vgg11", "--layers"], "--layers aligns two networks, not 3"),
        (["vgg16", "--columns", "parms"], "did you mean 'params'?"),
        (["vgg16", "--sort", "parms"], "did you mean 'params'?"),
        (["vgg16", "--family", "vgq"], "did you mean 'vgg'?"),
        (["vgg16", "vgg19", "--layers", "--sort", "macs"], "--columns and --sort are not for --layers"),
        (["vgg16", "--columns", "macs", "--format", "json"], "json has everything"),
        (["zzz*"], "no network in the catalogue matches 'zzz*'"),
        (["vgg16", "--vary", "width=1,2"], "has no param 'width'"),
        (["vgg16", "--vary", "width"], "--vary takes a param and its values"),
        (["vgg16", "vgg19", "--vary", "batch=1,2", "--to", "x"], "compared: "),
        (["vgg16", "vgg161"], "did you mean 'vgg16'?"),
    ],
)
def test_mistakes_of_the_user(arguments: list[str], message: str) -> None:
    done = run("compare", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_file_that_was_read_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("input: 9x9x3\nlayers:\n  - {conv: 4, kernel: 3}\n")
    done = run("compare", "vgg16", str(path), "-o", str(path), "--format", "csv")
    assert done.code == 2
    assert "not overwritten" in done.err


def test_networks_that_are_alike_and_networks_without_weights() -> None:
    batches = words(run("compare", "vgg16", "--vary", "batch=1,2,3").out)
    assert "batch=3 has the most MACs and activation memory; batch=1 has the fewest MACs, and the least activation memory" not in batches
    assert "batch=3 has the most MACs and activation memory; batch=1 has the fewest MACs and the least activation memory" in batches
    alike = words(run("compare", "vgg16", "--vary", "dtype=float32,bfloat16,float16", "--columns", "macs").out)
    assert "in between" not in alike
    assert "dtype=float32 has the most activation memory; dtype=bfloat16 and dtype=float16 have the least activation memory." in alike
    pools = words(run("compare", "relu", "--input", "8x8x3", "--vary", "batch=1,2,3").out)
    assert "batch=2: 2.0× the activation memory of batch=1." in pools
    same = words(run("compare", "relu", "--input", "8x8x3", "--vary", "dtype=float16,bfloat16").out)
    assert "dtype=bfloat16: as much activation memory as dtype=float16." in same


def test_small_differences_are_percents() -> None:
    assert "lenet5_modern: 2.8% more parameters, 1.3× the MACs" in run("compare", "lenet5", "lenet5_modern").out


def test_columns_and_families_complete() -> None:
    params = {param.name: param for param in command.params}
    context = Context(command)
    assert [each.value for each in params["columns"].shell_complete(context, "top")] == ["top1_error", "top5_error"]
    assert [each.value for each in params["family"].shell_complete(context, "vg")] == ["vgg"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", "1.00"), ("2/3", "0.667"), ("1/1000", "0.00100"), ("12345", "12,345"), ("999/1000", "0.999"), ("217/10", "21.7"), ("0", "0")],
)
def test_ratios_have_three_digits(value: str, expected: str) -> None:
    from fractions import Fraction

    ratio: Fraction = Fraction(value)
    assert decimal(ratio) == expected


def test_lists_of_words() -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
