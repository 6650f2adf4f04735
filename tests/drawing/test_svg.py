"""SVG: well-formed for any names, and within its size."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.drawing import svg

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>",
    "a & b",
    'say "hi"',
    "it's",
    "]]>",
    "<!--",
    "&amp;",
    "\x1b[31mred\x00",
    "\ud800",
    "x\u202ey",
    "网络",
    "\ufffe",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_words_wherever_they_stand(name: str) -> None:
    parts = [svg.text(1, 2, name, size=12), svg.group(svg.element("rect", id=name), tooltip=name)]
    text = svg.document(10, 20, name, name, parts)
    assert text.isascii()
    root = ElementTree.fromstring(text)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "title", "desc", "style", "rect", "text", "g"}
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
    assert [each.text for each in root.iter(f"{SVG}text")] == [shown]
    assert [each.text for each in root.iter(f"{SVG}title")] == [shown, shown]
    assert [each.get("id") for each in root.iter(f"{SVG}rect")][1:] == [shown]


@given(st.text())
def test_any_text_is_well_formed(text: str) -> None:
    element = ElementTree.fromstring(svg.element("text", svg.escaped(text), x=1, class_=text))
    assert element.get("class") == (element.text or "")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.001, "0"), (1, "1"), (2.5, "2.5"), (1 / 3, "0.33"), (100, "100"), (-7.25, "-7.25"), (1e6, "1000000")]
)
def test_numbers_have_no_more_digits_than_can_be_seen(value: float, text: str) -> None:
    assert svg.number(value) == text


def test_attributes() -> None:
    assert svg.element("rect", class_="a", stroke_width=1.5, fill=None) == '<rect class="a" stroke-width="1.5"/>'
    assert svg.element("g", "<a/>", "<b/>") == "<g><a/><b/></g>"


def test_a_picture_says_what_it_is_and_works_in_the_dark() -> None:
    root = ElementTree.fromstring(svg.document(300, 200, "A title", "What it shows.", ["<g/>"]))
    assert (root.get("viewBox"), root.get("role")) == ("0 0 300 200", "img")
    assert [each.tag.removeprefix(SVG) for each in root] == ["title", "desc", "style", "rect", "g"]
    assert [root[0].text, root[1].text] == ["A title", "What it shows."]
    assert "prefers-color-scheme: dark" in (root[2].text or "")
    assert (root[3].get("class"), root[3].get("width"), root[3].get("height")) == ("paper", "300", "200")


def test_a_halo_is_paper_behind_the_letters() -> None:
    text = ElementTree.fromstring(svg.text(0, 0, "x", size=9, halo=True))
    assert (text.get("class"), text.get("stroke"), text.get("paint-order")) == ("ink halo", svg.PAPER, "stroke")
    assert ElementTree.fromstring(svg.text(0, 0, "x", size=9, faint=True)).get("class") == "faint"


# Widths in thousandths of an em, by the tables inside the font files: Liberation Sans (as wide as Helvetica and Arial) and DejaVu Sans.
WIDTHS = {
    "resnet50": (3892, 4461), "MACs, 15.5 G": (6280, 6721), "conv1-1": (3558, 4021), "WWW": (2832, 2966), "illicit": (1889, 2331),
    "stage4/bottleneck12": (8951, 10323), "21.1 %": (3113, 3495), "224×224×64": (5617, 6766), "efficientnet_b0": (6505, 7478),
}  # fmt: skip


@pytest.mark.parametrize("word", WIDTHS)
def test_a_text_is_not_wider_than_reckoned_in_the_fonts_that_it_may_meet(word: str) -> None:
    assert max(WIDTHS[word]) / 1000 <= svg.text_width(word, 1) <= 1.25 * max(WIDTHS[word]) / 1000


def test_lines_and_short_names_fit() -> None:
    text = "a paragraph of several words with one-that-is-much-too-long-for-it in it"
    lines = svg.wrapped(text, 10, 120)
    assert " ".join(lines) == text
    assert [line for line in lines if svg.text_width(line, 10) > 120] == ["one-that-is-much-too-long-for-it"]
    assert svg.wrapped("", 10, 120) == []
    short = svg.shortened("stage4/bottleneck12/residual/conv2", 10, 120)
    assert svg.text_width(short, 10) <= 120
    assert short.startswith("stage4/")
    assert short.endswith("/conv2")
    assert svg.shortened("short", 10, 120) == "short"
    assert svg.shortened("anything", 10, 1) == "any…"
    assert svg.text_width("网络", 10) >= 20


@given(st.text("aijmMW/…层", max_size=30), st.floats(0, 200))
def test_of_a_text_that_is_too_wide_as_many_letters_stay_as_can(text: str, width: float) -> None:
    kept = [text[: keep // 2] + "…" + text[len(text) - (keep - keep // 2) :] for keep in range(len(text) - 1, svg.SHORTEST, -1)]
    fits = [each for each in (text, *kept) if svg.text_width(each, 10) <= width]
    assert svg.shortened(text, 10, width) == (fits[0] if fits else text[: svg.SHORTEST] + "…")


def test_what_is_told_may_have_lines() -> None:
    group = ElementTree.fromstring(svg.group("<a/>", tooltip="one & two\nthree"))
    assert group.findtext("title") == "one & two\nthree"
    assert [each.tag for each in ElementTree.fromstring(svg.group("<a/>"))] == ["a"]
