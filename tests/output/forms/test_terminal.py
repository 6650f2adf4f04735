from __future__ import annotations

import io
import os

import pytest

from cnncalc.output.forms.terminal import page


class Stream(io.TextIOWrapper):
    def __init__(self, *, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "colour"),
    [
        (True, {}, True),
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_colour(terminal: bool, environment: dict[str, str], colour: bool) -> None:
    assert page(Stream(terminal=terminal), None, environment).colour is colour


@pytest.mark.parametrize(
    ("terminal", "asked", "environment", "width"),
    [
        (True, None, {"COLUMNS": "77"}, 77),
        (True, None, {"COLUMNS": "0"}, 80),
        (True, None, {"COLUMNS": "wide"}, 80),
        (True, None, {}, 80),
        (True, 50, {"COLUMNS": "77"}, 50),
        (True, 0, {"COLUMNS": "77"}, 0),
        (False, None, {"COLUMNS": "77"}, 0),
        (False, 50, {}, 50),
    ],
)
def test_width(terminal: bool, asked: int | None, environment: dict[str, str], width: int) -> None:
    assert page(Stream(terminal=terminal), asked, environment).width == width


def test_a_terminal_says_how_wide_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(terminal=True)
    monkeypatch.setattr(stream, "fileno", lambda: 1)
    monkeypatch.setattr(os, "get_terminal_size", lambda number: os.terminal_size((123, 40)))
    assert page(stream, None, {}).width == 123


def test_a_file_is_as_wide_as_its_table() -> None:
    found = page(None)
    assert (found.width, found.colour, found.encoding) == (0, False, "utf-8")
    assert page(Stream(terminal=True, encoding="cp1252")).ascii
