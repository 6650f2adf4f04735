"""The table of metrics: every row is readable, every word means one metric, and everything that names metrics reads the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.answers import quantities
from cnncalc.output.report_schema import LAYER, TOTAL
from cnncalc.output.sheets import columns, comparison, formulas
from cnncalc.propagate.figures import FIGURES, OF_LAYERS, SUMS, TOTALS, aliases
from cnncalc.study import metrics
from cnncalc.study.derive import derivation
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping

NETWORKS = ("googlenet", "mobilenet_v2", "lenet5")
TABLES: Mapping[str, tuple[Mapping[str, str], frozenset[str]]] = {  # which other words each place takes, and for which names
    "columns": (columns.ALIASES, frozenset(columns.COLUMNS)),
    "comparison": (comparison.ALIASES, frozenset(comparison.COLUMNS)),
    "formulas": (formulas.ALIASES, frozenset(formulas.FORMULAS)),
    "derivations": (derivation.ALIASES, frozenset(derivation.QUANTITIES)),
    "sheets": (quantities.ALIASES, frozenset(quantities.ASKED)),
    "networks": (metrics.NETWORK_ALIASES, frozenset(metrics.NUMBERS)),
}


def test_a_word_means_one_metric() -> None:
    words = [word for figure in metrics.METRICS.values() for word in {figure.name, figure.key, *figure.aliases}]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("place", TABLES)
def test_words_mean_the_same_wherever_they_may_stand(place: str) -> None:
    taken, names = TABLES[place]
    assert set(taken.values()) <= names
    everywhere = aliases(metrics.METRICS.values())
    for word, name in everywhere.items():
        assert taken.get(word, name) == name
        assert (word in taken) == (name in names), word
    for word in ("activations", "values"):
        assert taken.get(word, word) == "values"
    for word in ("bytes", "memory"):
        assert taken.get(word, word) == "memory"


@pytest.mark.parametrize("network", NETWORKS)
def test_every_metric_is_read_from_reports_and_rows(network: str) -> None:
    report = cnncalc.analyze(network, sides=True)
    document = report.as_dict()
    for figure in SUMS:
        assert figure.read(report) == getattr(report.total, figure.key) == figure.of(report.rows), figure.name
        for row in report:
            assert figure.of([row]) == getattr(row, figure.key)
    assert set(document["total"]) == {figure.key for figure in TOTALS} == set(TOTAL) - {"complete", "stated"}
    for row in document["layers"]:
        assert {figure.key for figure in OF_LAYERS} <= set(row) <= set(LAYER)
    last = report.rows[report.graph.outputs[-1]]
    for name in ("output", "receptive_field", "jump", "offset", "narrowest"):
        assert FIGURES[name].read(report) == FIGURES[name].of([*report.rows[:-1], last]) == getattr(last, name)
    assert (FIGURES["height"].of([last]), FIGURES["width"].of([last]), FIGURES["depth"].of([last])) == tuple(last.output)


def test_exact_is_false_where_one_kernel_leaves_a_remainder_whatever_the_symbols_are() -> None:
    report = cnncalc.analyze({"input": "Hx8x1", "layers": [{"maxpool": 2}, {"maxpool": [1, 3]}]})
    assert [row.exact for row in report] == [True, None, False]
    assert FIGURES["exact"].read(report) is False
    assert FIGURES["exact"].of(report.rows[:2]) is None


def test_all_lists_of_metrics_are_the_table() -> None:
    tables = run("sweep", "lenet5", "--vary", "batch=1", "--columns", ",".join(metrics.NUMBERS), "--format", "csv").out.splitlines()[0]
    assert tables == ",".join(["batch", *metrics.NUMBERS])
    known = f"known: {', '.join(metrics.NUMBERS)}\n"
    for words in (["sweep", "lenet5", "--vary", "batch=1", "--columns", "qqq"], ["fit", "lenet5", "--vary", "batch=1", "--max", "qqq=1"]):
        assert known in run(*words).err
    assert set(metrics.NUMBERS) <= set(comparison.COLUMNS)
    assert {figure.name for figure in OF_LAYERS} <= set(columns.COLUMNS)


@pytest.mark.parametrize("command", ["show", "sweep", "compare"])
def test_columns_are_added_and_removed_in_one_way(command: str) -> None:
    asked = ["--vary", "batch=1,2"] if command == "sweep" else []
    heads = run(command, "resnet50", *asked, "--columns", "+weights,buffers,-params,activations", "--format", "csv").out.splitlines()[0]
    assert {"weights", "buffers", "values", "macs"} <= {*heads.split(",")} - {"params"} == {*heads.split(",")}


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "resnet50", "bottleneck1"],
        ["formula", "resnet50", "--layer", "bottleneck1"],
        ["solve", "resnet50", "--vary", "input", "--layer", "bottleneck1", "--out", "7"],
        ["solve", "resnet50", "--vary", "pad", "--layer", "bottleneck1", "--out", "7"],
    ],
)
def test_every_command_finds_layers_in_one_way(words: list[str]) -> None:
    places = ", ".join(f"conv{i}_x/bottleneck1" for i in range(2, 6))
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert f"'bottleneck1' is ambiguous: 4 matches ({places})\n" in done.err
    done = run(*(word.replace("bottleneck1", "botleneck") for word in words))
    assert (done.code, done.out) == (2, "")
    assert "resnet50 has no layer 'botleneck'\n  did you mean 'bottleneck" in done.err
