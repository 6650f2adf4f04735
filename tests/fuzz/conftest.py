"""Where the files that targets write are written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.every import written

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The current folder holds the files of the examples."""
    before = os.getcwd()
    os.chdir(written(tmp_path_factory.mktemp("fuzz")))
    yield
    os.chdir(before)
