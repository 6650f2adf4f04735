"""The code is linted, formatted and typed: a mistake there fails the tests, so one command checks everything."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECKS = {"lint": ["ruff", "check", "."], "format": ["ruff", "format", "--check", "."], "types": ["mypy"]}


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_is_tidy(check: str) -> None:
    tool, *_ = CHECKS[check]
    if find_spec(tool) is None:
        pytest.fail(f"{tool} is missing here; install it with: pip install -e '.[test]'", pytrace=False)
    done = subprocess.run([sys.executable, "-m", *CHECKS[check]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
