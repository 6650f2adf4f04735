"""Just as much of JSON Schema 2020-12 as the schemas of this project use."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,),
    "null": (type(None),),
}  # fmt: skip
KNOWN = {
    "$schema", "$ref", "$defs", "title", "description", "examples", "type", "properties", "additionalProperties", "required",
    "items", "minItems", "maxItems", "contains", "minimum", "maximum", "pattern", "patternErrorMessage", "patternProperties",
    "const", "enum", "anyOf", "allOf",
    "not", "if", "then", "else",
}  # fmt: skip


def errors(value: Any, schema: Any, root: Any = None, at: str = "$") -> list[str]:
    """Why a value does not fit a schema; nothing where it does."""
    root = schema if root is None else root
    if isinstance(schema, bool):
        return [] if schema else [f"{at}: nothing may stand here"]
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    found: list[str] = []
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found += errors(value, target, root, at)
    if "type" in schema and not _is(value, schema["type"]):
        return [*found, f"{at}: {value!r} is not of type {schema['type']}"]
    if isinstance(value, dict):
        found += _object(value, schema, root, at)
    return [*found, *_plain(value, schema, root, at), *_combined(value, schema, root, at)]


def shortest(ways: list[list[str]]) -> list[str]:
    """The least that keeps a value from fitting any of several schemas."""
    return min(ways, key=lambda way: len(way)) if all(ways) else []  # noqa: PLW0108  # mypy 2.4 takes `len` for another type here


def _is(value: Any, names: Any) -> bool:
    names = [names] if isinstance(names, str) else names
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _object(value: dict[str, Any], schema: dict[str, Any], root: Any, at: str) -> list[str]:
    found = [f"{at}: {name!r} is missing" for name in schema.get("required", []) if name not in value]
    properties = schema.get("properties", {})
    for name, item in value.items():
        matching = [each for pattern, each in schema.get("patternProperties", {}).items() if re.search(pattern, str(name))]
        matching += [properties[name]] if name in properties else []
        for each in matching or [schema.get("additionalProperties", True)]:
            found += errors(item, each, root, f"{at}.{name}")
    return found


def _plain(value: Any, schema: dict[str, Any], root: Any, at: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, str) and re.search(schema.get("pattern", ""), value) is None:
        found.append(f"{at}: {value!r} is not {schema['pattern']}")
    if value not in schema.get("enum", [schema.get("const", value)]):
        found.append(f"{at}: {value!r} is not {schema.get('const', schema.get('enum'))!r}")
    if isinstance(value, list):
        found += [f"{at}: too short"] if len(value) < schema.get("minItems", 0) else []
        found += [f"{at}: too long"] if len(value) > schema.get("maxItems", len(value)) else []
        if "contains" in schema and all(errors(item, schema["contains"], root, at) for item in value):
            found.append(f"{at}: no such item")
        for i, item in enumerate(value):
            found += errors(item, schema.get("items", True), root, f"{at}[{i}]")
    if isinstance(value, (int, float)) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{at}: {value} is too small or too large")
    return found


def _combined(value: Any, schema: dict[str, Any], root: Any, at: str) -> list[str]:
    found: list[str] = []
    if "anyOf" in schema:
        found += shortest([errors(value, each, root, at) for each in schema["anyOf"]])
    for each in schema.get("allOf", []):
        found += errors(value, each, root, at)
    if "not" in schema and not errors(value, schema["not"], root, at):
        found.append(f"{at}: fits what it must not")
    if "if" in schema:
        found += errors(value, schema.get("else" if errors(value, schema["if"], root, at) else "then", True), root, at)
    return found
