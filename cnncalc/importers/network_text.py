"""Writes a network as the text of a file that a person wants to read: one step per line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BARE = re.compile(r"[A-Za-z_][\w.-]*(?:\[\d+\])?")  # what needs no quotes
WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


def network_text(document: Mapping[str, Any]) -> str:
    """Return the text of a network file."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    for key, value in document.items():
        if key == "layers":
            yield "layers:"
            yield from (f"  - {written(step)}" for step in value)
        elif key == "blocks":
            yield "blocks:"
            for name, block in value.items():
                yield f"  {name}:"
                if "args" in block:
                    yield f"    args: {{{', '.join(f'{name}: ' for name in block['args'])}}}"
                if "inputs" in block:
                    yield f"    inputs: {written(block['inputs'])}"
                yield "    layers:"
                yield from (f"      - {written(step)}" for step in block["layers"])
        elif key == "notes":
            yield "notes:"
            yield from (f"  - {json.dumps(note, ensure_ascii=False)}" for note in value)
        else:
            yield f"{key}: {written(value)}"


def written(value: Any) -> str:
    """Return a value in one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value.values())) is None and BARE.fullmatch(next(iter(value))):
            return str(next(iter(value)))
        return "{" + ", ".join([_entry(key, each) for key, each in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        safe = BARE.fullmatch(value) and value.lower() not in WORDS and "[" not in value
        return value if safe else json.dumps(value, ensure_ascii=False)
    return str(value)


def _entry(key: str, value: Any) -> str:
    """Return one entry; a key without a value stands alone, as in {relu, name: a}."""
    name = written(key)
    return f"{name}: {written(value)}" if value is not None else name
