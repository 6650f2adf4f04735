"""Replaces characters that an output encoding lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from re import Match

ASCII = str.maketrans({
    "×": "x", "·": "*", "÷": "/", "±": "+-", "−": "-", "–": "-", "—": "-", "…": "...", "─": "-", "│": "|", "├": "|", "└": "`",
    "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~",
    "⌊": "(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "→": "->", "←": "<-", "µ": "u", "Φ": "Phi", "ⁿ": "^n", "’": "'", "‘": "'", "“": '"',
    "”": '"', "\xa0": " ", "\u202f": " ", "\N{REPLACEMENT CHARACTER}": "?", **{digit: f"^{i}" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
})  # fmt: skip
# By format; for others, escapes as in JSON, YAML and Python.
ESCAPES: Mapping[str, str] = {"latex": '\\symbol{{"{:X}}}', "markdown": "&#{};", "dot": "&#{};", "mermaid": "#{};"}


def carries(encoding: str, text: str) -> bool:
    """Return whether an encoding has all characters of a text."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def carried(text: str, encoding: str, form: str = "") -> str:
    """Return the text unchanged if it can be encoded, otherwise with replacements."""
    return text if carries(encoding, text) else plain(text, encoding, form)


def plain(text: str, encoding: str = "ascii", form: str = "") -> str:
    """Replace signs by ASCII, and other characters that the encoding lacks by escapes."""
    if text.isascii():
        return text
    text = divisions(text).translate(ASCII)
    if carries(encoding, text):
        return text
    return "".join([each if each.isascii() or carries(encoding, each) else escape(each, form) for each in text])


def divisions(text: str) -> str:
    """Replace floors by integer divisions: ⌊H/2⌋ becomes (H//2)."""
    if "⌊" not in text:
        return text
    from re import sub

    def divided(floor: Match[str]) -> str:
        return f"({sub('(?<!/)/(?!/)', '//', floor[1])})"

    while (replaced := sub("⌊([^⌊⌋]*)⌋", divided, text)) != text:  # innermost first
        text = replaced
    return text


def escape(letter: str, form: str = "") -> str:
    """Return the escape of a character."""
    if form in ESCAPES:
        return ESCAPES[form].format(ord(letter))
    return letter.encode("ascii", "backslashreplace").decode()
