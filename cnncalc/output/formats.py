"""A report in the forms that programs and documents read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS = ("table", "plain", "json", "csv", "markdown", "latex", "html")


def json(document: Mapping[str, Any]) -> str:
    """A JSON document: a key a line, and in lists of objects an object a line."""
    from json import dumps

    def written(value: Any) -> str:
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            return "[\n  " + ",\n  ".join([dumps(each) for each in value]) + "]"
        return dumps(value)

    return "{" + ",\n ".join([f"{dumps(key)}: {written(value)}" for key, value in document.items()]) + "}\n"


RENDERERS: Mapping[str, Any] = {}
