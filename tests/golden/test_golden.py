"""Golden files of tables; rows always add up to the totals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
SPEC = {path.stem: str(path.relative_to(HERE.parent.parent)) for path in HERE.glob("*.yaml")}
EVERYTHING = "+kind,weights,biases,buffers,values,flops,params_share,macs_share,receptive_field,jump,exact"
CASES = {
    "vgg16": ["show", "vgg16"],
    "vgg16-80": ["show", "vgg16", "--width", "80"],
    "alexnet-columns": ["show", "alexnet", "--columns", "layer,output,receptive_field,jump,flops", "--counting", "flops"],
    "googlenet-folded": ["show", "googlenet"],
    "resnet152-folded-80": ["show", "resnet152", "--width", "80"],
    "resnet50-si": ["show", "resnet50", "--units", "si", "--fold", "1"],
    "lenet5-binary": ["show", "lenet5", "--units", "binary"],
    "lenet5-exact-markdown": ["show", "lenet5", "--units", "exact", "--format", "markdown"],
    "lenet5-latex": ["show", "lenet5", "--format", "latex"],
    "lenet5-html": ["show", "lenet5", "--format", "html"],
    "lenet5-csv": ["show", "lenet5", "--format", "csv"],
    "lenet5-json": ["show", "lenet5", "--format", "json"],
    "small": ["show", SPEC["small"]],
    "small-20": ["show", SPEC["small"], "--width", "20"],
    "small-50": ["show", SPEC["small"], "--width", "50"],
    "small-160-everything": ["show", SPEC["small"], "--width", "160", "--columns", EVERYTHING],
    "small-plain": ["show", SPEC["small"], "--format", "plain"],
    "small-changed": ["show", SPEC["small"], "--input", "40x32x3", "--set", "classes=100 width=2", "--batch", "8", "--dtype", "int8"],
    "small-without-bias": ["show", SPEC["small"], "--no-bias", "--counting", "macs", "--but", "stem.kernel=5"],
    "small-symbols": ["show", SPEC["small"], "--input", "HxWx3", "--set", "classes=k"],
    "small-symbols-plain": ["show", SPEC["small"], "--input", "HxWx3", "--format", "plain", "--columns", "layer,output,params,macs"],
    "small-sorted": ["show", SPEC["small"], "--sort", "params", "--top", "4", "--columns", "+params_share"],
    "small-folded": ["show", SPEC["small"], "--fold", "1"],
    "small-sides": ["show", SPEC["small"], "--sides", "--fold", "2"],
    "layers-80": ["layers", "--width", "80"],
    "layers-conv-80": ["layers", "conv", "--width", "80"],
    "layers-multiply": ["layers", "multiply"],
    "help": ["show", "--help"],
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown(name: str, golden: Callable[[str, str], None]) -> None:
    done = run(*CASES[name])
    assert (done.code, done.err) == (0, "")
    golden(f"{name}.txt", done.out)


def test_colour(golden: Callable[[str, str], None]) -> None:
    golden("small-colour.txt", run("show", SPEC["small"], env={"FORCE_COLOR": "1"}).out.replace("\x1b", "ESC"))


SUMS = ("params", "MACs", "weights", "biases", "buffers", "values", "FLOPs")


@pytest.mark.parametrize("path", [HERE / f"{name}.txt" for name, args in CASES.items() if args[0] == "show"], ids=lambda path: path.stem)
def test_the_rows_of_every_golden_add_up_to_its_totals(path: Path) -> None:
    checked = 0
    table = re.compile(r"^(name .*)\n─+\n(.*?)\n─+\n(total .*)$", re.MULTILINE | re.DOTALL)
    text = path.read_text(encoding="utf-8")
    sections = table.findall(text)
    if sections:
        heads = sections[0][0]
        sections += [
            (heads, rows, total)
            for rows, total in re.findall(r"^Auxiliary heads.*\n─+\n(.*?)\n─+\n(total .*)$", text, re.MULTILINE | re.DOTALL)
        ]
    for heading, rows, total in sections:
        for word in (*SUMS, "memory"):
            column = re.search(rf"(?<=  ) *{word}(?=  |$)", heading)
            if column is not None:
                parts = [figure(row[: column.end()], column.start()) for row in rows.split("\n")]
                whole = figure(total[: column.end()], column.start())
                # three digits a row, so the sum of rounded figures may be off by half of the last one for each
                slack = (
                    0 if whole == int(whole) and word in SUMS and not re.search(r"\d [kMGT]", total) else sum(part / 150 for part in parts)
                )
                assert abs(sum(parts) - whole) <= slack, f"{path.stem}: {word}"
                checked += 1
    assert checked or "─" not in text or "symbols" in path.stem or path.stem == "small-20"


UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def figure(line: str, start: int) -> float:
    """The number that ends where a line ends, to the right of a place: 1,792, 12.8 MB, 9,408 + 128 or nothing."""
    found = re.search(r"(?:^|\s)((?:[\d,.]+(?: [kMGKi]*B?)? \+ )?[\d,.]+(?: [kMGKi]*B?)?)$", line.rstrip())
    parts = (
        [re.fullmatch(r"([\d,.]+)(?: ([kMGKi]*)B?)?", part) for part in found[1].split(" + ")]
        if found and len(line.rstrip()) > start - 2
        else []
    )
    return sum(float(part[1].replace(",", "")) * UNITS[part[2] or ""] for part in parts if part)
