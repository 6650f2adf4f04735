"""Styles of text in a terminal. They repeat what a sign or a word says: a page without colour loses nothing."""

from __future__ import annotations

BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
STYLES = {
    "good": "\x1b[32m",
    "bad": "\x1b[31m",
    "unclear": "\x1b[33m",
    "best": "\x1b[1;32m",
    "error": "\x1b[1;31m",
    "bar": "\x1b[36m",
    # The families of kinds, as in diagrams: of the 256 colours that every terminal has alike, those near the edges of the boxes that can
    # be read on black and on white. The other families stay as they are.
    "convolution": "\x1b[38;5;31m",
    "pooling": "\x1b[38;5;29m",
    "dense": "\x1b[38;5;130m",
    "normalization": "\x1b[38;5;100m",
    "activation": "\x1b[38;5;131m",
    "learned": "\x1b[38;5;30m",
    "custom": "\x1b[38;5;133m",
    "block": "\x1b[38;5;97m",
}


def styled(text: str, style: str) -> str:
    """Return the text in a style."""
    return f"{STYLES[style]}{text}{RESET}"
