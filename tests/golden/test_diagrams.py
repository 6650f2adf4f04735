"""Golden files of diagrams, as text and SVG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
SMALL = "tests/golden/small.yaml"
CASES = {
    "diagram-lenet5.mmd": ["lenet5"],
    "diagram-small.md": [SMALL, "--format", "markdown", "--fold", "1"],
    "diagram-small.dot": [SMALL, "--format", "dot", "--show", "params,macs"],
    "diagram-small.svg": [SMALL, "--format", "svg"],
    "diagram-help.txt": ["--help"],
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_drawn(name: str, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = run("diagram", *CASES[name])
    assert (done.code, done.err) == (0, "")
    golden(name, done.out)
