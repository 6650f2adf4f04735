"""Writes SVG elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
INK, FAINT, RULE, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"  # words, words that matter less, lines, background
# What a page in the dark changes. Everything else is written into the elements: programs that know no style sheets draw it as well.
DARK = """@media screen and (prefers-color-scheme: dark) {
.cnncalc .paper { fill: #15191e } .cnncalc .ink { fill: #f0f3f6 } .cnncalc .faint { fill: #a9b2bb }
.cnncalc .rule { stroke: #3a424b } .cnncalc .line { stroke: #a9b2bb } .cnncalc .halo { stroke: #15191e }
}"""
SHORTEST = 3  # letters that stay of a text for which there is no room
# How wide letters are for a size of 1, as wide as in the widest of the fonts; other capitals and other signs below.
WIDTHS = {
    letter: width
    for letters, width in (("ijlI',.:;/\\| ", 0.34), ("frt!()[]-·", 0.41), ("mwMW@%×→…#&+<=>~^−≤≥", 1.02))
    for letter in letters
}
CAPITAL, OTHER, SQUARE = 0.76, 0.64, 1.02


def escaped(text: str) -> str:
    """The text as XML may hold it, in an element or in an attribute."""
    safe = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return safe.encode("ascii", "xmlcharrefreplace").decode()


def number(value: float) -> str:
    """A length with as many digits as can be seen."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(tag: str, *inside: str, **attributes: str | float | None) -> str:
    """An element around markup. Names of attributes end in _ where Python has them for itself, and hold _ for -; None leaves one out."""
    said = [
        f' {name.rstrip("_").replace("_", "-")}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for name, value in attributes.items()
        if value is not None
    ]
    return f"<{tag}{''.join(said)}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{''.join(said)}/>"


def group(*inside: str, told: str = "", **attributes: str | float | None) -> str:
    """Elements that belong together; what is told of them, in lines, is shown where a pointer rests on them."""
    title = [element("title", "\n".join(map(escaped, told.split("\n"))))] if told else []
    return element("g", "\n".join(["", *title, *inside, ""]), **attributes)


def words(x: float, y: float, text: str, *, size: float, faint: bool = False, halo: bool = False, **attributes: str | float | None) -> str:
    """One line of text, its baseline at y; a halo keeps off the lines that run behind it."""
    look: dict[str, str | float | None] = {"class_": "faint" if faint else "ink", "fill": FAINT if faint else INK}
    if halo:
        look.update(class_=f"{look['class_']} halo", stroke=PAPER, stroke_width=3, stroke_linejoin="round", paint_order="stroke")
    return element("text", escaped(text), **{"x": x, "y": y, "font_size": size, **look, **attributes})


def picture(width: float, height: float, title: str, description: str, inside: Sequence[str], style: str = "") -> str:
    """A whole file: the drawing on its paper, with a title and a description for those who cannot see it; `style` comes behind ours."""
    head = [element("title", escaped(title)), element("desc", escaped(description)), element("style", f"{DARK}{style}")]
    paper = element("rect", class_="paper", width=width, height=height, fill=PAPER)
    return (
        element(
            "svg",
            "\n".join(["", *head, paper, *inside, ""]),
            xmlns="http://www.w3.org/2000/svg",
            class_="cnncalc",
            role="img",
            viewBox=f"0 0 {number(width)} {number(height)}",
            width=width,
            height=height,
            font_family=FONT,
            style="max-width: 100%; height: auto",
        )
        + "\n"
    )


def breadth(text: str, size: float) -> float:
    """How wide a text is at most; which font it will meet is not known."""
    return size * sum(WIDTHS.get(each) or (SQUARE if each >= "\u1100" else CAPITAL if each.isupper() else OTHER) for each in text)


def lines(text: str, size: float, width: float) -> list[str]:
    """A paragraph in lines that are not wider; a word that is too long keeps a line for itself."""
    found: list[str] = []
    for word in printable(text).split():
        if found and breadth(f"{found[-1]} {word}", size) <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def shortened(text: str, size: float, width: float) -> str:
    """A text that is not wider, without its middle where it has to be; a few letters stay in any case."""
    text = printable(text)
    if breadth(text, size) <= width:
        return text
    keep, taken = 0, breadth("…", size)
    while keep < len(text):  # letters are taken from the end and from the start in turn
        taken += breadth(text[keep // 2] if keep % 2 else text[-1 - keep // 2], size)
        if taken > width:
            break
        keep += 1
    return f"{text[: keep // 2]}…{text[len(text) - (keep - keep // 2) :]}" if keep > SHORTEST else f"{text[:SHORTEST]}…"
