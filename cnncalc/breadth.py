"""How many places a text takes in a terminal, where letters may take none, one or two; and texts made to measure."""

from __future__ import annotations

COMBINING = "\u0300"  # from here on there are letters that take no place, or two
VOWELS = (("\u1160", "\u11ff"), ("\ud7b0", "\ud7ff"))  # Hangul letters that stand inside the syllable before them
EMOJI = "\ufe0f"  # makes a picture, two places wide, of the sign before it
TONES = ("\U0001f3fb", "\U0001f3ff")  # of skin: they change the picture before them


def breadth(text: str) -> int:
    """The places that a text takes; of several lines, the longest."""
    if "\n" in text:
        return max(map(breadth, text.split("\n")))
    if even(text):
        return len(text)
    from unicodedata import category, east_asian_width

    taken = before = 0
    for i, each in enumerate(text):
        if each == EMOJI:
            place = 1 if before == 1 and (category(text[i - 1]) == "So" or text[i - 1] in "0123456789#*") else 0
        elif category(each) in ("Mn", "Me", "Cf") or any(first <= each <= last for first, last in VOWELS):
            continue
        else:
            place = 2 if east_asian_width(each) in "WF" else 1
            if before == 2 and TONES[0] <= each <= TONES[1]:
                place = 0
        taken += place
        before = place
    return taken


def even(text: str) -> bool:
    """Whether every letter takes one place; without a look at each of them."""
    return text.isascii() or not text or max(text) < COMBINING


def wide(text: str) -> bool:
    """Whether it has letters of two places, as Chinese has, which is written without blanks."""
    return not even(text) and any(breadth(each) == 2 for each in text)


def filled(text: str, width: int, *, right: bool = False) -> str:
    """The text with blanks, so that it takes so many places."""
    blanks = " " * (width - breadth(text))
    return blanks + text if right else text + blanks


def shortened(text: str, most: int, sign: str) -> str:
    """A name without its middle."""
    if breadth(text) <= most:
        return text
    keep = max(most - len(sign), 2)
    return start(text, keep // 2) + sign + end(text, keep - keep // 2)


def start(text: str, most: int) -> str:
    """As much of the beginning as fits."""
    at = min(most, len(text)) if even(text[: most + 1]) else 0
    while at < len(text) and breadth(text[: at + 1]) <= most:
        at += 1
    return text[:at]


def end(text: str, most: int) -> str:
    """As much of the end as fits, no accent without its letter."""
    at = len(text)
    while at and breadth(text[at - 1 :]) <= most:
        at -= 1
    while at < len(text) and not breadth(text[at]):
        at += 1
    return text[at:]


def lines_of(text: str, width: int, indent: str = "  ") -> list[str]:
    """A paragraph in lines, all but the first indented; a word that is too long keeps a line for itself."""
    if not width or breadth(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in words(text):
        longer = f"{line} {word}" if line else (indent if lines else "") + word
        anywhere = breadth(longer) > width and breadth(word) > width - len(indent) and wide(word)  # such words may be parted
        if line and breadth(longer) > width and not anywhere:
            lines.append(line)
            longer = indent + word
        line = longer
        while anywhere and breadth(line) > width:
            piece = start(line, max(width, len(indent) + 2))
            lines.append(piece.rstrip())
            rest = line[len(piece) :].lstrip()
            line = indent + rest if rest else ""
    return [*lines, line] if line else lines


def words(text: str) -> list[str]:
    """What blanks part; a floor of a formula holds together."""
    found: list[str] = []
    depth = 0
    for word in text.split(" "):
        if depth:
            found[-1] += f" {word}"
        else:
            found.append(word)
        depth += word.count("⌊") - word.count("⌋")
    return found
