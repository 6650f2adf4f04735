"""Measures, cuts and wraps text by its width in a terminal.

rich.cells measures as well, but its table changes with the version: 1,429 characters have another width in rich 13.0 than in 15.0.
What cnncalc prints must not depend on that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMBINING = "\u0300"  # letters of width 0 or 2 start here
SINGLE = "[\0-\u02ff\u2010-\u2027\u2190-\u22ff\u2308-\u230b\u2500-\u259f]*"  # of width 1: letters, dashes, arrows, maths, box drawing
VOWELS = (("\u1160", "\u11ff"), ("\ud7b0", "\ud7ff"))  # Hangul vowels and finals, which combine with the syllable before
EMOJI = "\ufe0f"  # variation selector: shows the character before it as an emoji of width 2
TONES = ("\U0001f3fb", "\U0001f3ff")  # skin tone modifiers of the emoji before


def breadth(text: str) -> int:
    """Return the width of a text; of several lines, the widest."""
    if "\n" in text:
        return max(map(breadth, text.split("\n")))
    return len(text) if even(text) else sum(places(text))


def places(text: str) -> Iterator[int]:
    """Yield the width of each character in its context."""
    from unicodedata import category

    alone: dict[str, int] = {}
    before, last = 0, ""
    for each in text:
        place = alone.get(each, -1)
        if place < 0:
            place = alone[each] = place_of(each)
        if each == EMOJI:
            place = 1 if before == 1 and (category(last) == "So" or last in "0123456789#*") else 0
        elif not place:
            yield 0
            continue
        elif before == 2 and TONES[0] <= each <= TONES[1]:
            place = 0
        yield place
        before, last = place, each


def place_of(letter: str) -> int:
    """Return the width of a single character."""
    from unicodedata import category, east_asian_width

    if category(letter) in ("Mn", "Me", "Cf") or any(first <= letter <= end for first, end in VOWELS):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def even(text: str) -> bool:
    """Return whether all characters have width 1, without a loop over them."""
    if text.isascii() or not text or max(text) < COMBINING:
        return True
    from re import fullmatch

    return fullmatch(SINGLE, text) is not None


def wide(text: str) -> bool:
    """Return whether a text contains characters of width 2 (such as Chinese, written without spaces)."""
    return not even(text) and 2 in places(text)


def filled(text: str, width: int, *, right: bool = False) -> str:
    """Pad a text with spaces to a width."""
    blanks = " " * (width - breadth(text))
    return blanks + text if right else text + blanks


def shortened(text: str, most: int, sign: str) -> str:
    """Shorten a name by cutting out its middle."""
    if breadth(text) <= most:
        return text
    keep = max(most - len(sign), 2)
    return start(text, keep // 2) + sign + end(text, keep - keep // 2)


def start(text: str, most: int) -> str:
    """Return the longest prefix that fits."""
    if even(text[: most + 1]):
        return text[:most]
    taken = 0
    for at, place in enumerate(places(text)):
        taken += place
        if taken > most:
            return text[:at]
    return text


def end(text: str, most: int) -> str:
    """Return the longest suffix that fits and does not start with a combining character."""
    if even(text):
        return text[max(0, len(text) - most) :]
    taken, cut = 0, len(text)
    for at, place in zip(range(len(text) - 1, -1, -1), reversed([*places(text)]), strict=True):
        taken += place
        if taken > most:
            break
        cut = at if place else cut
    return text[cut:]


def lines_of(text: str, width: int, indent: str = "  ") -> list[str]:
    """Wrap a paragraph, with all lines but the first indented; a word that is too long gets its own line."""
    if not width or breadth(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in words(text):
        longer = f"{line} {word}" if line else (indent if lines else "") + word
        anywhere = breadth(longer) > width and breadth(word) > width - len(indent) and wide(word)  # may break inside the word
        if line and breadth(longer) > width and not anywhere:
            lines.append(line)
            longer = indent + word
        line = longer
        while anywhere and (piece := start(line, max(width, len(indent) + 2))) != line:
            lines.append(piece.rstrip())
            rest = line[len(piece) :].lstrip()
            line = indent + rest if rest else ""
    return [*lines, line] if line else lines


def words(text: str) -> list[str]:
    """Split at spaces, but not inside ⌊ ⌋."""
    parts: list[str] = []
    depth = 0
    for word in text.split(" "):
        if depth:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
        depth += word.count("⌊") - word.count("⌋")
    return parts
