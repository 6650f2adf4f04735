"""Words from lists on the command line: short names, errors that point at the word, and lists of words."""

from __future__ import annotations

import pytest

from cnncalc.cli.param_types import COLUMNS, COST, METRICS
from tests.cli.run import run


@pytest.mark.parametrize(("short", "full"), [("fp32", "float32"), ("fp16", "float16"), ("BF16", "bfloat16"), ("fp64", "float64")])
def test_short_names_of_element_types(short: str, full: str) -> None:
    assert run("show", "lenet5", "--dtype", short) == run("show", "lenet5", "--dtype", full)
    varied = [run("sweep", "lenet5", "--vary", f"dtype={name}", "--columns", "memory", "--format", "csv") for name in (short, full)]
    assert varied[0].out.replace(short, full) == varied[1].out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("show lenet5 --dtype fp61", "--dtype: no element type 'fp61'\n  fp61\n  ^^^^\n  did you mean 'fp16'?\n"),
        ("show lenet5 --counting torchinf", "--counting: no counting convention 'torchinf'\n  torchinf\n"),
        ("show lenet5 --columns +parms,macs", "--columns: no column 'parms'\n  +parms,macs\n   ^^^^^\n  did you mean 'params'?\n"),
        ("show lenet5 --columns layer,,mcas", "--columns: no column 'mcas'\n  layer,,mcas\n         ^^^^\n  did you mean 'macs'?\n"),
        ("show lenet5 --sort mcas", "--sort: no column 'mcas'\n  mcas\n  ^^^^\n  did you mean 'macs'?\n"),
        ("show lenet5 --format jsn", "--format: no format 'jsn'\n  jsn\n  ^^^\n  did you mean 'json'?\n"),
        ("show lenet5 --units SI-units", "--units: no units 'SI-units'\n"),
        ("show lenet5 --color always!", "--color: no colour setting 'always!'\n"),
        ("chart lenet5 --by layr", "--by: no grouping 'layr'\n"),
        ("chart lenet5 --of parms", "--of: no metric 'parms'\n"),
        ("memory lenet5 --optimizer admw", "--optimizer: no optimizer 'admw'\n"),
        ("counts lenet5 thp", "no counting convention 'thp'\n  did you mean 'thop'?\n"),
        ("counts lenet5 --between thop thp", "--between: no counting convention 'thp'\n"),
        ("explain lenet5 C1 parms", "no quantity 'parms'\n  did you mean 'params'?\n"),
        ("compare lenet5 alexnet --columns yaer", "--columns: no column 'yaer'\n"),
        ("sweep lenet5 --vary batch=1 --columns -peek,macs", "--columns: no metric 'peek'\n  -peek,macs\n   ^^^^\n"),
        ("completion bsh", "no shell 'bsh'\n  did you mean 'bash'?\n"),
        ("layers cnov", "no kind of layer 'cnov'\n  did you mean 'conv'?\n"),
        ("solve --out 7 --round ciel", "--round: no rounding 'ciel'\n"),
        ("quiz --format ymal", "--format: no format 'ymal'\n"),
    ],
)
def test_an_unknown_word_is_shown_with_the_nearest(words: str, message: str) -> None:
    done = run(*words.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Error: {message}")


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("show lenet5 --format md", "show lenet5 --format markdown"),
        ("show lenet5 --format TeX", "show lenet5 --format latex"),
        ("show lenet5 --columns Layer,Receptive-Field,bytes", "show lenet5 --columns layer,receptive_field,memory"),
        ("show lenet5 --counting PTFLOPS_aten", "show lenet5 --counting ptflops-aten"),
        ("memory lenet5 --optimizer AdamW", "memory lenet5 --optimizer adamw"),
        ("diagram lenet5 --format gv", "diagram lenet5 --format dot"),
        ("layers Conv", "layers conv"),
    ],
)
def test_words_are_understood_in_other_spellings(words: str, same: str) -> None:
    assert run(*words.split()) == run(*same.split())
    assert run(*words.split()).code == 0


def test_a_comparison_is_sorted_by_what_varies() -> None:
    done = run("compare", "mobilenet_v2", "--vary", "width=0.5,1", "--sort", "width", "--format", "csv")
    assert done.code == 0
    assert [line.split(",")[1] for line in done.out.splitlines()[1:]] == ["1", "0.5"]


def test_completion_describes_every_column_and_metric() -> None:
    for known in (COLUMNS, METRICS, COST):
        assert all(known.known()[0].values())
