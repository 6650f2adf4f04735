"""Random answer sheets: right answers are right, others wrong, and invalid sheets have located errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cnncalc.answers.answer_sheet import read_sheet
from cnncalc.answers.grade import Grader
from tests.cli.every import FILES
from tests.cli.run import run

SHEETS = (
    FILES["sheet.yaml"].replace("names.yaml", "lenet5").replace("卷积层一", "C1"),
    "questions:\n- {id: a, network: lenet5, layer: C3, params: 1516, kernel: 5, receptive_field: 14, fits: true, tolerance: 1%}\n",
    "title: T\ncounting: {bias: false}\nquestions:\n- {network: {input: 8x8xC, layers: [{conv: C, kernel: 3}]}, weights: 9*C^2}\n",
    "questions:\n- {claim: weights(lenet5/C1) / count(lenet5, conv), is: ~50, points: 2}\n- {network: lenet5, claim: output.c, is: 10}\n",
)


@st.composite
def question(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str]]:
    """A convolution, and for each quantity asked the verdict that its answer must get, reckoned by a loop."""
    side, channels, filters, kernel, stride, pad = (draw(st.integers(1, most)) for most in (9, 4, 5, 4, 3, 2))
    side += kernel  # so that a window fits
    bias = draw(st.booleans())
    out = len(range(0, side + 2 * pad - kernel + 1, stride))
    right = {
        "params": kernel * kernel * channels * filters + bias * filters,
        "macs": out * out * kernel * kernel * channels * filters,
        "activations": side * side * channels + out * out * filters,
    }
    layer = {"conv": filters, "kernel": kernel, "stride": stride, "pad": pad, "bias": bias}
    asked: dict[str, Any] = {"network": {"input": f"{side}x{side}x{channels}", "layers": [layer]}}
    verdicts = {}
    for name, value in right.items():
        off = draw(st.sampled_from((0, 0, 1, -1, value)))
        asked[name] = value + off
        verdicts[name] = "wrong" if off else "right"
    off = draw(st.sampled_from((0, 1)))
    asked["output"] = f"{out}x{out + off}x{filters}"
    verdicts["output"] = "wrong" if off else "right"
    return asked, verdicts


def are_graded_by_what_a_loop_counts(asked: list[tuple[dict[str, Any], dict[str, str]]]) -> None:
    """Right answers are right, and others wrong."""
    Path("asked.yaml").write_text(json.dumps({"questions": [each for each, _ in asked]}), encoding="utf-8")
    found = Grader().grade(read_sheet("asked.yaml"))
    expected = [(name, verdict) for _, verdicts in asked for name, verdict in verdicts.items()]
    assert sorted((each.quantity, each.verdict) for each in found) == sorted(expected)


def are_graded_or_told(text: str) -> None:
    """What is no sheet is told with its place."""
    Path("mistaken.yaml").write_text(text, encoding="utf-8")
    done = run("check", "mistaken.yaml", "--format", "csv")
    assert done.code in (0, 1, 2)
    if done.code == 2:
        assert not done.out
        assert "mistaken.yaml" in done.err
    assert "Traceback" not in done.err
