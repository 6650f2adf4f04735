"""Pictures of tables: sound SVG with every cell in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import cnncalc
from cnncalc.output.forms import formats
from cnncalc.output.forms.sheet import COUNT, TEXT, Column, Section, Sheet
from cnncalc.output.sheets import overview

if TYPE_CHECKING:
    import pytest


def test_a_picture_is_sound_and_shows_every_layer_and_the_total() -> None:
    report = cnncalc.analyze("alexnet")
    picture = formats.svg(overview.overview(report, overview.Arrangement(None, None, None, None)))
    words = "".join(ElementTree.fromstring(picture).itertext()).replace("\xa0", " ")
    for row in report:
        assert row.path in words or not row.stored
    assert "62,378,344" in words
    assert "\x1b" not in picture


def test_the_same_table_makes_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [overview.overview(cnncalc.analyze("lenet5"), overview.Arrangement(None, None, None, None)) for _ in range(2)]
    picture = formats.svg(sheets[0])
    said = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "20", "LINES": "2", "TTY_COMPATIBLE": "0", "JUPYTER_COLUMNS": "20"}
    for name, value in said.items():
        monkeypatch.setenv(name, value)
        assert formats.svg(sheets[1]) == picture


def test_every_cell_stands_at_its_place_whatever_letters_are_before_it() -> None:
    rows = [["日本語", "a", 1], ["e\u0301", "b", 2], ["plain", "c  d", 3]]
    columns = [Column("name", "name", TEXT, 3), Column("what", "what", TEXT, 2), Column("count", "count", COUNT, 1)]
    root = ElementTree.fromstring(formats.svg(Sheet((), columns, [Section(rows)])))
    cells = {"".join(each.itertext()): each.attrib for each in root.iter() if each.tag.endswith("text")}
    assert {cells[name]["x"] for name in ("name", "日本語", "e\u0301", "plain")} == {"0"}
    assert {cells[name]["x"] for name in ("what", "a", "b", "c")} == {f"{8 * 12.2:.6g}"}
    assert cells["d"]["x"] == f"{11 * 12.2:.6g}"
    assert cells["日本語"]["textLength"] == f"{6 * 12.2:.6g}"


def test_a_picture_fetches_nothing_and_takes_any_title() -> None:
    rows = [["</style>@font-face { }"]]
    picture = formats.svg(Sheet(("a\x1b[31m\x00<b>& @font-face {x}",), [Column("a", "a", TEXT, 1)], [Section(rows)]))
    assert picture.isascii()
    assert picture.count("http") == picture.count('xmlns="http') == 1
    words = "".join(ElementTree.fromstring(picture).itertext())
    assert "<b>& @font-face {x}" in words.replace("\xa0", " ")
    assert "</style>@font-face { }" in words.replace("\xa0", " ")
