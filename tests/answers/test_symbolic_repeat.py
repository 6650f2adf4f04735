"""Networks with a symbolic number of layers: formulas against the networks of many lengths, and refusals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from cnncalc.answers.answer_sheet import read_sheet
from cnncalc.answers.grade import Grader
from cnncalc.answers.quantities import computed
from cnncalc.dims import Poly
from cnncalc.errors import SpecError
from tests.spec_text import report

if TYPE_CHECKING:
    from pathlib import Path

METRICS = ("receptive_field", "params", "macs", "values", "weight_layers", "output", "additions")
START = "{params: {n: }, input: 64x64"
TWICE = "[{conv: 8, kernel: 3, pad: 1}, relu, {conv: 8}]"
NETWORKS = [  # with what is added to n
    (START + "x3, layers: [{conv: 8, kernel: 3, pad: 1, repeat: n}]}", 0),
    (START + "x8, layers: [{conv: 8, kernel: 5, pad: 2, repeat: n - 1}, gap, {fc: 10}]}", -1),
    (START + "x3, layers: [{conv: 8, kernel: 7, stride: 2, pad: 3}, {conv: 8, kernel: 3, pad: 1, repeat: n}, {maxpool: 2}]}", 0),
    (START + "x8, layers: [{repeat: n, do: [{add: [" + TWICE + ", identity]}, relu]}, bn]}", 0),
    (START + "x8, layers: [{conv: 8, kernel: 3, dilation: 2, pad: 2, repeat: n + 2}, {avgpool: 2}, {conv: 4, kernel: 3}]}", 2),
]
STACK = NETWORKS[0][0]


def verdict_of(question: str, folder: Path) -> Any:
    path = folder / "sheet.yaml"
    path.write_text(f"questions: [{{{question}}}]", encoding="utf-8")
    (verdict,) = Grader().grade(read_sheet(str(path)))
    return verdict


def at(value: Any, n: int) -> Any:
    if isinstance(value, tuple):
        return tuple(at(each, n) for each in value)
    return value.at({"n": n}) if isinstance(value, Poly) else value


@pytest.mark.parametrize(("network", "added"), NETWORKS)
@pytest.mark.parametrize("metric", METRICS)
def test_the_formula_holds_for_many_lengths(network: str, added: int, metric: str, tmp_path: Path) -> None:
    formula = verdict_of(f"network: {network}, {metric}: 0x0x0", tmp_path).computed
    for n in (1, 2, 3, 4, 7, 19):
        built = report(re.sub(r"repeat: n( [+-] \d)?", f"repeat: {n + added}", network))
        assert at(formula, n) == computed(built, None, metric), n


def test_growth_is_a_difference_of_two_lengths(tmp_path: Path) -> None:
    a, b = STACK, STACK.replace("repeat: n", "repeat: n + 1")
    assert verdict_of(f"networks: {{a: {a}, b: {b}}}, claim: receptive_field(b) - receptive_field(a), is: 2", tmp_path).verdict == "right"
    assert verdict_of(f"network: {STACK}, claim: 'count(, conv)', is: n", tmp_path).verdict == "right"
    assert verdict_of(f"network: {STACK}, receptive_field: 2n+1", tmp_path).verdict == "right"
    assert verdict_of(f"network: {STACK}, receptive_field: 3n", tmp_path).verdict == "wrong"


@pytest.mark.parametrize(
    ("layers", "asked", "message"),
    [
        ("{conv: 8, kernel: 3, stride: 2, pad: 1, repeat: n}", "receptive_field: 5", "could not be proved to be linear in n"),
        ("{conv: 8, kernel: 3, repeat: n}", "macs: 5", "could not be proved to be linear in n"),  # the volumes shrink
        ("{conv: n, kernel: 3, repeat: n}", "receptive_field: 5", "expected a whole number"),
        ("{conv: 8, kernel: 2 * i + 1, repeat: n}", "receptive_field: 5", "expected a whole number"),
        ("{conv: 8, kernel: 3, pad: 1, repeat: n, first: {kernel: 5, pad: 2}}", "receptive_field: 5", "expected a whole number"),
        ("{conv: 8, kernel: 3, pad: 1, repeat: n}, {conv: n}", "receptive_field: 5", "expected a whole number"),
        (
            "{conv: 8, name: a}, {conv: 8, kernel: 3, pad: 1, repeat: n}, {add: {x: identity, y: {from: a}}}",
            "receptive_field: 5",
            "could not be proved to be linear in n",
        ),
        ("{conv: 8, kernel: 3, pad: 1, repeat: n}", "layer: conv1, params: 5", "which layers there are depends on n"),
        ("{conv: 8, kernel: 3, pad: 1, repeat: n}", "peak_memory: 5", "cannot be asked"),
    ],
)
def test_what_is_not_proved_is_refused(layers: str, asked: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=message):
        verdict_of(f"network: {{params: {{n: }}, input: 64x64x8, layers: [{layers}]}}, {asked}", tmp_path)
