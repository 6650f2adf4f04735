"""Removes what people write around a number or a volume: units in words, brackets, the batch, the order of the dimensions."""

from __future__ import annotations

import re
from typing import NamedTuple

WORDS = re.compile(
    r"(?<=[\d)\].KMGTBkmgtb%²³ ])(?:[ ,]*(?:learnable|trainable|total|in total|in all|per image|per layer|params?|parameters?|weights?"
    r"|bias(?:es)?|multiply-?(?:adds?|accumulates?)|mult-adds?|mul-adds?|MACs?|FLOPs?|ops?|operations?|multiplications?|additions?|activations?|elements?"
    r"|values?|numbers?|neurons?|units?|filters?|channels?|layers?|pixels?|px))+[.!]?$",
    re.IGNORECASE,
)
ABOUT = re.compile(r"^(?:about|approx(?:imately|\.)?|around|roughly|circa|ca\.?|≈|~=)\s*", re.IGNORECASE)
BETWEEN = re.compile(r"\s+by\s+|\s*(?:×|(?<!ma)x)\s*", re.IGNORECASE)  # the signs between the sides of a volume; not the x of max()
PRODUCT = re.compile(r"\d+(?:\s*\*\s*\d+)+")  # 55*55*96, as volumes are written too
SHAPE = re.compile(r"^(torch\.Size|Size|tf\.TensorShape|TensorShape|shape|output shape)\s*[=:]?\s*(?=[(\[])", re.IGNORECASE)
BATCH = ("none", "n", "b", "?", "-1", "batch", "batch_size", "bs")
PAIRS = {"(": ")", "[": "]"}
LONGEST = 300  # characters of an answer that is looked at for words
FIRST, LAST, ANY = "channels_first", "channels_last", "any"  # where the channels are
LAYOUTS = (LAST, FIRST, ANY)


class WrittenVolume(NamedTuple):
    """The sides of a volume as they are written, and the order that the notation says, if it says one."""

    sides: list[str]
    layout: str = ""


def without_words(text: str) -> str:
    """Remove the words after a number, and replace `about` by ~: 8020 parameters, about 15.5 GFLOPs."""
    if len(text) > LONGEST:
        return text
    return ABOUT.sub("~", WORDS.sub("", text).rstrip()) if text[:1] != "=" else text


def unbracketed(text: str) -> str:
    """Remove brackets around the whole text: ([1, 2]) becomes 1, 2."""
    while text[:1] in PAIRS and text[-1:] == PAIRS[text[0]] and not 0 < _depth_ends(text) < len(text) - 1:
        text = text[1:-1].strip()
    return text


def _depth_ends(text: str) -> int:
    """Return the index where the first bracket is closed; 0 where it is not."""
    depth = 0
    for i, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth == 0:
            return i
    return 0


def volume_sides(text: str, rank: int, *, flat: bool, batch: str = "1") -> WrittenVolume:
    """Return the sides of 55x55x96, 55 by 55 by 96, (55, 55, 96), 96@55x55, torch.Size([1, 96, 55, 55]), (None, 55, 55, 96).

    A volume is `flat` that has only channels. The size of the batch is left out.
    """
    shape = SHAPE.match(text)
    layout = "" if shape is None else FIRST if "size" in shape[1].lower() else LAST if "tensor" in shape[1].lower() else ""
    bare = unbracketed(text[shape.end() :] if shape is not None else text)
    maps, at, size = bare.partition("@")
    if at:
        sides = split_sides(unbracketed(size.strip()), flat=False)
        return WrittenVolume([maps.strip(), *(sides * rank if len(sides) == 1 else sides)], FIRST)
    sides = split_sides(bare, flat=flat and bare == text)
    first = sides[0].lower()
    if len(sides) == (2 if flat else rank + 2) and (first in BATCH or first in ("1", batch)):
        sides = sides[1:]
        layout = layout or (LAST if first == "none" else "")
    return WrittenVolume(["1"] * rank + sides if len(sides) == 1 else sides, "" if flat else layout)


def split_sides(text: str, *, flat: bool) -> list[str]:
    """Return the sides between signs, commas or blanks; 4,096 in one piece where there are only channels."""
    found = BETWEEN.split(text)
    if len(found) > 1:
        return found
    pieces = commas(text)
    if len(pieces) > 1 and not (flat and re.fullmatch(r"\d{1,3}(,\d{3})+", text)):
        return pieces
    blanks = text.split()
    if len(blanks) > 2 and all(each.isdecimal() for each in blanks) and not flat:
        return blanks
    return text.split("*") if PRODUCT.fullmatch(text) and not flat else [text]


def commas(text: str) -> list[str]:
    """Split at commas outside brackets."""
    pieces, depth, start = [], 0, 0
    for i, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            pieces.append(text[start:i].strip())
            start = i + 1
    return [*pieces, text[start:].strip()]


def both_sides(text: str) -> tuple[str, str]:
    """Return the working and the result of an answer with an equals sign: 20x5x5x16+20 = 8020."""
    working, _, result = text.rpartition("=")
    return working.rpartition("=")[2].strip(), result.strip()
