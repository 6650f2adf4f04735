"""Shared fixtures: golden files, and networks from mappings."""

from __future__ import annotations

import re
import signal
import sys
from contextlib import suppress
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
    parser.addoption("--python-yaml", action="store_true", help="read YAML with the parser of places where PyYAML has no C extension")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--python-yaml"):
        sys.modules["yaml.cyaml"] = None  # type: ignore[assignment]  # which makes its import an ImportError
        import yaml

        assert not yaml.__with_libyaml__


@pytest.fixture(scope="session", autouse=True)
def signals_reach_processes() -> None:
    """A process inherits the signals that are ignored, under nohup for instance, but no handlers: it can be ended by a test."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            with suppress(ValueError):  # not in the main thread
                signal.signal(number, lambda number, frame: None)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of this name; --accept makes it the new one."""

    def compare(name: str, found: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--accept"):
            path.write_text(found, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path} is missing; --accept writes it"
        expected = path.read_text(encoding="utf-8")
        if name.endswith("help.txt"):
            assert our_words(found) == our_words(expected), f"{path.name} differs; look at it, then --accept"
        else:
            assert found == expected, f"{path.name} differs; look at it, then --accept"

    return compare


def our_words(help: str) -> list[str]:
    """The words of a help that we have written; versions of click may differ in headings, ranges, choices and line breaks."""
    return re.sub(r"(?m)^(Usage: .*|Options:|  -h, --help .*)$|\[[^\]]*\]", "", help).split()
