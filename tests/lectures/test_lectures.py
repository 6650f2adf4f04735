"""Five published lectures on architectures: every figure that they print, and which of them are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cnncalc.answers.answer_sheet import read_sheet
from cnncalc.answers.grade import Grader, Verdict
from cnncalc.answers.slips import slips

HERE = Path(__file__).parent
SHEETS = sorted(path for path in HERE.glob("?-*.yaml"))
WRONG: dict[str, dict[str, object]] = yaml.safe_load((HERE / "verdicts.yaml").read_text(encoding="utf-8"))["wrong"]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    grader = Grader()
    return {verdict.question.id: verdict for path in SHEETS for verdict in grader.grade(read_sheet(str(path)))}


def test_every_question_has_the_verdict_that_it_deserves(verdicts: dict[str, Verdict]) -> None:
    found = {id: verdict.verdict for id, verdict in verdicts.items() if verdict.verdict != "right"}
    assert found == dict.fromkeys(WRONG, "wrong")


def test_a_convolution_left_out_is_named(verdicts: dict[str, Verdict]) -> None:
    """b30: VGG-16 has three convolutions at 56×56, two of which take as much work as two others."""
    (slip,) = slips(verdicts["b30"], Grader())
    names = ", ".join(f"macs(vgg16/conv{name})" for name in ("1-2", "2-2", "3-2"))
    assert (slip.tag, slip.words) == ("term-left-out", f"the sum leaves out {names} or macs(vgg16/conv3-3)")


@pytest.mark.parametrize("id", WRONG)
def test_a_refuted_figure_has_its_true_value(id: str, verdicts: dict[str, Verdict]) -> None:
    computed, true = verdicts[id].computed, WRONG[id]["computed"]
    if isinstance(true, float):
        assert round(float(computed), 4) == true
    else:
        assert str(computed).replace("×", "x") == str(true)
