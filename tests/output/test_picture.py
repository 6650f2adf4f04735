"""Pictures of tables: sound SVG with every cell in it."""

from __future__ import annotations

from xml.etree import ElementTree

import cnncalc
from cnncalc.output import formats, overview


def test_a_picture_is_sound_and_shows_every_layer_and_the_total() -> None:
    report = cnncalc.analyze("alexnet")
    picture = formats.svg(overview.overview(report, overview.Arrangement(None, None, None, None)))
    words = "".join(ElementTree.fromstring(picture).itertext()).replace("\xa0", " ")
    for row in report:
        assert row.path in words
    assert "62,378,344" in words
    assert "\x1b" not in picture


def test_the_same_table_makes_the_same_picture() -> None:
    sheets = [overview.overview(cnncalc.analyze("lenet5"), overview.Arrangement(None, None, None, None)) for _ in range(2)]
    assert formats.svg(sheets[0]) == formats.svg(sheets[1])
