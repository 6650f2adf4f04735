"""Writes SVG elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
INK, FAINT, RULE, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"  # text, secondary text, lines, background
# Only dark mode needs a style sheet. Everything else is an attribute of its element, for programs that read no style sheets.
DARK = """@media screen and (prefers-color-scheme: dark) {
.cnncalc .paper { fill: #15191e } .cnncalc .ink { fill: #f0f3f6 } .cnncalc .faint { fill: #a9b2bb }
.cnncalc .rule { stroke: #3a424b } .cnncalc .line { stroke: #a9b2bb } .cnncalc .halo { stroke: #15191e }
}"""
SHORTEST = 3  # letters kept of a shortened text
# Widths of letters at size 1, in the widest of the fonts; other capitals, other signs and square ones below.
WIDTHS = {
    letter: width
    for letters, width in (("ijlI',.:;/\\| ", 0.34), ("frt!()[]-·", 0.41), ("mwMW@%×→…#&+<=>~^−≤≥", 1.02))
    for letter in letters
}
CAPITAL, OTHER, SQUARE = 0.76, 0.64, 1.02


def escaped(text: str) -> str:
    """Escape text for an element or attribute."""
    safe = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return safe.encode("ascii", "xmlcharrefreplace").decode()


def number(value: float) -> str:
    """Round a length to visible precision."""
    digits = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def element(tag: str, *content: str, **attributes: str | float | None) -> str:
    """Return an element. In attribute names, _ means - (and is appended to Python keywords); None omits an attribute."""
    written = [
        f' {name.rstrip("_").replace("_", "-")}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for name, value in attributes.items()
        if value is not None
    ]
    return f"<{tag}{''.join(written)}>{''.join(content)}</{tag}>" if content else f"<{tag}{''.join(written)}/>"


def group(*content: str, tooltip: str = "", **attributes: str | float | None) -> str:
    """Return a group of elements, with a tooltip of one or more lines."""
    title = [element("title", "\n".join(map(escaped, tooltip.split("\n"))))] if tooltip else []
    return element("g", "\n".join(["", *title, *content, ""]), **attributes)


def text(x: float, y: float, line: str, *, size: float, faint: bool = False, halo: bool = False, **attributes: str | float | None) -> str:
    """Return one line of text, its baseline at y; a halo separates it from lines behind it."""
    style: dict[str, str | float | None] = {"class_": "faint" if faint else "ink", "fill": FAINT if faint else INK}
    if halo:
        style.update(class_=f"{style['class_']} halo", stroke=PAPER, stroke_width=3, stroke_linejoin="round", paint_order="stroke")
    return element("text", escaped(line), **{"x": x, "y": y, "font_size": size, **style, **attributes})


def document(width: float, height: float, title: str, description: str, content: Sequence[str], style: str = "") -> str:
    """Return a whole file, with a title and a description for screen readers; `style` is added to the style sheet."""
    head = [element("title", escaped(title)), element("desc", escaped(description)), element("style", f"{DARK}{style}")]
    paper = element("rect", class_="paper", width=width, height=height, fill=PAPER)
    return (
        element(
            "svg",
            "\n".join(["", *head, paper, *content, ""]),
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


def text_width(line: str, size: float) -> float:
    """Return an upper bound of a text's width, since the font is unknown."""
    return size * sum(WIDTHS.get(each) or (SQUARE if each >= "\u1100" else CAPITAL if each.isupper() else OTHER) for each in line)


def wrapped(paragraph: str, size: float, width: float) -> list[str]:
    """Wrap a paragraph to this width; a word that is too long gets its own line."""
    found: list[str] = []
    for word in printable(paragraph).split():
        if found and text_width(f"{found[-1]} {word}", size) <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def shortened(line: str, size: float, width: float) -> str:
    """Shorten a text to this width by cutting out its middle; a few letters always remain."""
    line = printable(line)
    if text_width(line, size) <= width:
        return line
    keep, taken = 0, text_width("…", size)
    while keep < len(line):  # remove letters around the middle
        taken += text_width(line[keep // 2] if keep % 2 else line[-1 - keep // 2], size)
        if taken > width:
            break
        keep += 1
    return f"{line[: keep // 2]}…{line[len(line) - (keep - keep // 2) :]}" if keep > SHORTEST else f"{line[:SHORTEST]}…"
