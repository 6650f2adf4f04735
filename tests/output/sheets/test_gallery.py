from __future__ import annotations

import cnncalc
from cnncalc.output.forms.tables import Page, render
from cnncalc.output.sheets import gallery
from cnncalc.spec.catalogue_index import CatalogueEntry

ENTRIES = [
    CatalogueEntry("late", "Late network", 2017, "Somebody, Journal", "a.yaml", {"top1_error": "20.5"}),
    CatalogueEntry("early", "Early network", 1998, "Nobody", "b.yaml", {}),
    CatalogueEntry("later", "Early network, again", 2018, "Nobody", "b.yaml", {}),
    CatalogueEntry("undated", "Undated", None, None, "c.yaml", {}),
]


def names(words: list[str], years: tuple[int, int] | None = None) -> list[str]:
    return [entry.name for entry in gallery.chosen(ENTRIES, words, years)]


def test_families_stand_in_the_order_of_their_first_year() -> None:
    assert names([]) == ["early", "later", "late", "undated"]


def test_all_words_must_be_there() -> None:
    assert names(["NETWORK", "nobody"]) == ["early", "later"]
    assert names(["nothing"]) == []


def test_years() -> None:
    assert names([], (1998, 2017)) == ["early", "late"]


def test_the_table() -> None:
    text = render(gallery.gallery(gallery.chosen(ENTRIES, [], (1998, 1998)), None), Page())
    assert text == "name   title          year  paper\n─────────────────────────────────\nearly  Early network  1998  Nobody\n".replace(
        "─" * 33, "─" * 34
    )
    assert "4 networks" in render(gallery.gallery(ENTRIES, None), Page())


def test_figures_are_computed() -> None:
    report = cnncalc.analyze({"input": "2x2x1", "layers": [{"conv": 3}]})
    (row,) = gallery.facts(ENTRIES[:1], {"late": report})
    assert row == {
        "name": "late", "title": "Late network", "year": 2017, "paper": "Somebody, Journal", "params": 6, "macs": 12, "top1_error": "20.5"
    }  # fmt: skip
    assert "6    12        20.5%" in render(gallery.gallery(ENTRIES[:1], {"late": report}), Page())
