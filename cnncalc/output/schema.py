"""JSON Schema of network files, generated from the kinds and the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import KINDS
from cnncalc.output.sheets.manual import default, example
from cnncalc.spec.parser import ABOUT, BLOCK, KEYS, PUBLISHED

if TYPE_CHECKING:
    from cnncalc.layers import Arg, Layer

    Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VALUE: Schema = {"$ref": "#/$defs/value"}
STEPS: Schema = {"$ref": "#/$defs/steps"}
WORD: Schema = {"type": ["string", "number"]}  # a name; YAML takes 3 for a number, the reader does not
WORDS: Schema = {"anyOf": [WORD, {"type": "array", "items": WORD}]}
TEXTS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

MODIFIERS: dict[str, Schema] = {
    "name": {**WORD, "description": "its name; may hold {arithmetic}"},
    "from": {**WORDS, "description": "start from named earlier steps instead of from the flow"},
    "when": {**VALUE, "description": "leave the step out unless this holds"},
    "else": {**STEPS, "description": "what to take where `when` does not hold"},
    "repeat": {**VALUE, "description": "repeats the step; inside, i counts 1, 2, 3"},
    "each": {**WORDS, "description": "names that every row of `in` gives values to"},
    "in": {**VALUE, "description": "the rows of `each`"},
    "do": {**STEPS, "description": "a group of steps"},
}
FILE: dict[str, Schema] = {
    "name": {"type": "string", "description": "the network, or the family"},
    "year": {"type": ["integer", "string"]},
    "paper": {"type": "string"},
    "input": {"$ref": "#/$defs/volume"},
    "params": {"type": ["object", "null"], "additionalProperties": VALUE, "description": "the file's variables; without a value, symbols"},
    "variants": {"type": "object", "additionalProperties": {"$ref": "#/$defs/variant"}, "description": "named sets of params"},
    "blocks": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/block"}},
    "layers": STEPS,
    "like": {"type": "string", "description": "another network, of the catalogue or by its path"},
    "but": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": VALUE},
        "description": "fields of named steps that are different",
    },
    "published": {"$ref": "#/$defs/published"},
    "notes": TEXTS,
}  # fmt: skip


def network_schema() -> Schema:
    """What a network file may hold."""
    return {
        "$schema": DIALECT,
        "title": "A network file of cnncalc",
        "type": "object",
        "properties": {key: FILE[key] for key in KEYS},
        "additionalProperties": False,
        "anyOf": [{"required": ["input", "layers"]}, {"required": ["like"]}],
        "$defs": {**_common(), **MODIFIERS, "step": _step(), **{f"{kind}_step": _kind(cls) for kind, cls in KINDS.items()}},
    }


def _common() -> dict[str, Schema]:
    variant: dict[str, Schema] = {"title": {"type": "string"}, **FILE}
    arguments = {"type": ["object", "null"], "additionalProperties": VALUE, "description": "names and defaults; the first is the main one"}
    block: dict[str, Schema] = {"args": arguments, "inputs": WORDS, "layers": STEPS, "outputs": WORDS}
    return {
        "value": {
            "type": ["number", "boolean", "string", "array", "null"],
            "items": VALUE,
            "description": "a number, arithmetic, or a list",
        },
        "steps": {"anyOf": [{"$ref": "#/$defs/step"}, {"type": "array", "items": STEPS}]},
        "volume": {"type": ["string", "array"], "items": VALUE, "minItems": 3, "maxItems": 3, "description": "height x width x channels"},
        "variant": {"type": "object", "properties": {key: variant[key] for key in ABOUT}, "additionalProperties": VALUE},
        "block": {
            "type": "object",
            "properties": {key: block[key] for key in BLOCK},
            "additionalProperties": False,
            "required": ["layers"],
        },
        "published": {"type": "object", "properties": dict.fromkeys(PUBLISHED, WORD), "additionalProperties": False},
    }


def _step() -> Schema:
    """A word, or a mapping: what stands in it depends on its kind; the names of blocks and variables are the file's."""
    strict = [kind for kind in KINDS if kind not in _fields()]
    return {
        "type": ["string", "object"],
        "examples": [example(cls) for cls in KINDS.values() if not cls.merges],
        "properties": {**_modifiers(), "side": STEPS},
        "allOf": [{"if": {"type": "object", "required": [kind]}, "then": {"$ref": f"#/$defs/{kind}_step"}} for kind in strict],
    }


def _modifiers() -> dict[str, Schema]:
    return {word: {"$ref": f"#/$defs/{word}"} for word in MODIFIERS}


def _fields() -> set[str]:
    """The names of all fields: a step with `scale` is not always of that kind, bn has a field of this name."""
    return {name for cls in KINDS.values() for name in cls.fields}


def _kind(cls: type[Layer]) -> Schema:
    """A step of one kind."""
    main = next(iter(cls.fields), "")
    branches: Schema = {"anyOf": [{"type": "null"}, STEPS, {"type": "object", "additionalProperties": STEPS}]}
    value = branches if cls.merges else _field(cls.fields[main], main=True) if main else {"type": ["null", "string"]}
    fields = {name: _field(cls.fields[name]) for name in cls.fields}
    return {
        "type": "object",
        "description": cls.summary,
        "properties": {**fields, **_modifiers(), cls.kind: value},
        "required": [cls.kind],
        "additionalProperties": False,
    }


def _field(field: Arg, *, main: bool = False) -> Schema:
    """A field; arithmetic may stand in each, and nothing at all behind a kind."""
    usual = default(field)
    shapes: list[Schema] = [field.type.schema, {"type": ["string", "null"] if main else ["string"]}]
    return {"anyOf": shapes, "description": f"{field.doc} ({usual})"}
