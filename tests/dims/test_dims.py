"""The package: its names, and lazy loading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cnncalc.dims

ROOT = Path(cnncalc.dims.__file__).parents[2]


def test_what_is_offered_is_there() -> None:
    for name in cnncalc.dims.__all__:
        assert getattr(cnncalc.dims, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cnncalc.dims.nothing  # noqa: B018  # asking is the point


def test_loading_it_loads_little() -> None:
    script = "import sys, typing; before = set(sys.modules); import cnncalc.dims; print(*sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name for name in run.stdout.split() if not name.startswith("_")}
    assert {name for name in loaded if not name.startswith("cnncalc")} <= {
        "math",
        "unicodedata",
    }  # the latter only where errors.py is compiled
    assert not loaded & {"cnncalc.dims.traced", "cnncalc.dims.notation", "cnncalc.dims.bounds", "cnncalc.dims.division"}
