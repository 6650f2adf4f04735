"""Parses a picture, for comparison with independently computed numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from cnncalc.drawing import svg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
UNITS = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


class Words(NamedTuple):
    """A text and the rectangle that it takes."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def read(picture: str) -> Element:
    assert picture.isascii()
    return ElementTree.fromstring(picture)


def of_class(root: Element, name: str) -> list[Element]:
    return [each for each in root.iter() if name in (each.get("class") or "").split()]


def at(element: Element, name: str) -> float:
    return float(element.get(name) or "nan")


def words(root: Element) -> Iterator[Words]:
    """Every text with its place."""
    for each in root.iter(f"{SVG}text"):
        size = at(each, "font-size")
        width = svg.text_width(each.text or "", size) * (1.08 if each.get("font-weight") else 1)
        left = at(each, "x") - {"start": 0, "middle": 0.5, "end": 1}[each.get("text-anchor") or "start"] * width
        yield Words(each.text or "", left, at(each, "y") - 0.75 * size, left + width, at(each, "y") + 0.2 * size)


def value(text: str) -> float:
    """The number of a tick: 1.5 G, 200 MiB, 0."""
    found = re.fullmatch(r"([\d.]+)(?: (|[kMG]i?)B?)?", text)
    assert found, text
    return float(found[1]) * UNITS[found[2] or ""]


def size(root: Element) -> tuple[float, float]:
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    return at(root, "width"), at(root, "height")


def inside(root: Element) -> bool:
    """Nothing that is written or drawn leaves the picture."""
    width, height = size(root)
    fine = all(each.left >= 0 and each.right <= width and each.top >= 0 and each.bottom <= height for each in words(root))
    for each in root.iter(f"{SVG}rect"):
        fine = fine and at(each, "width") >= 0 and float(each.get("x") or 0) + at(each, "width") <= width + 0.01
    for each in root.iter(f"{SVG}circle"):
        radius = at(each, "r")
        fine = fine and radius <= at(each, "cx") <= width - radius and radius <= at(each, "cy") <= height - radius
    return fine


def tells(element: Element) -> str:
    """What is told where a pointer rests on it."""
    title = element.find(f"{SVG}title")
    assert title is not None
    return title.text or ""
