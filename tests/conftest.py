"""What tests share: golden files, and networks that are written out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

# A busy machine is no failure. The gate tries the same examples each time; pytest --hypothesis-profile=wander tries others.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("wander", deadline=None)
settings.load_profile("steady")
GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what is found now into the golden files")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of this name; --accept makes it the new one."""

    def compare(name: str, found: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--accept"):
            path.write_text(found, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path} is missing; --accept writes it"
        assert found == path.read_text(encoding="utf-8"), f"{path.name} differs; look at it, then --accept"

    return compare
