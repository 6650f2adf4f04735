"""JSON Schema of network files, generated from the kinds and the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import KINDS
from cnncalc.output.sheets.manual import default, example
from cnncalc.spec.calls import GROUPS
from cnncalc.spec.catalogue_index import library_names
from cnncalc.spec.parser import ABOUT, BLOCK, COUNTED_AS, KEYS, LIBRARY, PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.layers import Arg, Layer

    Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VALUE: Schema = {"$ref": "#/$defs/value"}
STEPS: Schema = {"$ref": "#/$defs/steps"}  # every word is a kind
FREE_STEPS: Schema = {"$ref": "#/$defs/free_steps"}  # a word can be a block or a variable with the name of a kind
WORD: Schema = {"type": ["string", "number"]}  # a name; 3 is a number in YAML, but a name for our reader
WORDS: Schema = {"anyOf": [WORD, {"type": "array", "items": WORD}]}
LIBRARY_NAME: Schema = {"anyOf": [{"enum": library_names()}, {"type": "string"}]}  # or a path
TEXTS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
SIDE = r"\s*[0-9]*\s*[0-9A-Za-wyz_]+\s*"
INPUT = rf"^{SIDE}([x×]{SIDE}){{1,3}}$"
LONG_SYMBOL = r"(^|[x×])\s*[0-9]*\s*[A-Za-wyz_][0-9A-Za-wyz_]"  # a dimension of an input that is a name of several letters
NO_NAME = r"^[A-Za-z]$|[^A-Za-z_]"  # an expression that is not just the name of a param
OPEN: Schema = {"type": "string", "pattern": r"\([^)]*$"}  # YAML splits max(a, b) at the comma inside {} or []; our reader does not
LIST_OPEN: Schema = {"type": "array", "contains": OPEN}
UNDIVIDED: Schema = {"type": "object", "additionalProperties": {"not": {"anyOf": [OPEN, LIST_OPEN]}}}

MODIFIERS: dict[str, Schema] = {
    "name": {**WORD, "description": "The name of the step in reports and for `from`; may contain {expressions}."},
    "names": {**WORDS, "description": "Names of the outputs, as for the parts of a split."},
    "from": {**WORDS, "description": "Takes its input from earlier steps, by name."},
    "when": {**VALUE, "description": "Skips the step unless this condition is true."},
    "else": {"description": "The step or steps to use if `when` is false."},
    "weights": {**WORD, "description": "Uses the weights of an earlier layer or block, which are counted once."},
    "trainable": {**VALUE, "description": "false: its weights are frozen, and training keeps no gradients for them."},
    "repeat": {**VALUE, "description": "Repeats the step this many times; inside, i is 1, 2, 3 ..."},
    "first": {"description": "Other fields in the first round of `repeat`: {stride: 2}."},
    "each": {**WORDS, "description": "The loop variables, set from each row of `in`."},
    "in": {
        "anyOf": [VALUE, {"type": "object", "additionalProperties": VALUE}],
        "description": "The rows of `each`: a list of lists, or of values if `each` is one name; or lists by the names of their variables.",
    },
    "do": {"description": "A group of steps."},
}
SIDE_STEPS = "An auxiliary head: its costs are shown separately from the totals."
PARAM_DESCRIPTION = (
    "A variable of this file: a number, an expression over the params above it, a list, or the name of a kind or block."
    " --set gives it another value; without a value it is a symbol."
)
PARAM = {
    "anyOf": [
        {**VALUE, "description": PARAM_DESCRIPTION},  # editors show the description of the form that matches
        {
            "type": "object",
            "description": PARAM_DESCRIPTION,
            "properties": {
                "value": VALUE,
                "domain": {"enum": ["whole", "fraction"], "description": "What a letter for the param stands for."},
            },
            "required": ["value"],
            "additionalProperties": False,
        },
    ],
}
FILE: dict[str, Schema] = {
    "name": {"type": "string", "description": "The name of the network, or of the family."},
    "year": {"type": ["integer", "string"], "description": "The year of the paper, in four digits."},
    "paper": {"type": "string", "description": "Authors, title, conference or journal."},
    "input": {"$ref": "#/$defs/volume"},
    "params": {
        "type": ["object", "null"],
        "additionalProperties": PARAM,
        "description": "The variables of this file, used by name in steps and expressions.",
    },
    "variants": {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/variant"},
        "description": "Named sets of params; each is a separate network.",
    },
    "use": {
        "anyOf": [LIBRARY_NAME, {"type": "array", "items": LIBRARY_NAME}],
        "description": "Libraries whose blocks are brought in: of the catalogue by name, others by the path of their file, or path:block.",
    },
    "defaults": {
        "type": "object",
        "properties": {kind: {"type": "object"} for kind in KINDS},
        "additionalProperties": False,
        "description": "Other defaults of fields, by kind: {conv: {bias: false}}.",
    },
    "blocks": {
        "type": ["object", "null"],
        "additionalProperties": {"$ref": "#/$defs/block"},
        "description": "A named group of steps with arguments, used like a kind.",
    },
    "layers": {"type": ["array", "string"], "description": "The steps, a list from the input to the output."},
    "like": {"type": "string", "description": "Another network, by its name in the catalogue or its path; `but` changes its fields."},
    "but": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": VALUE},
        "description": "Fields to change, by step name: {CONV1: {kernel: 7}}.",
    },
    "published": {"$ref": "#/$defs/published"},
    "notes": {**TEXTS, "description": "Remarks shown with the table."},
    "layout": {"enum": ["channels_last", "channels_first"], "description": "The order in which volumes are written and printed."},
}


def network_schema() -> Schema:
    """Return the schema of network files."""
    return {"$schema": DIALECT, "title": "A network file of cnncalc", **file_schema(), "$defs": definitions()}


def file_schema() -> Schema:
    """Return the schema of a network, in a file or answer sheet; unknown words are errors if nothing else can have their name."""
    names = [{"required": [key]} for key in ("blocks", "params", "variants", "use")]
    long_symbols = [{"type": "array", "contains": {"type": "string"}}, {"type": "string", "pattern": LONG_SYMBOL}]
    return {
        "type": "object",
        "properties": {key: FILE[key] for key in KEYS},
        "additionalProperties": False,
        "anyOf": [{"required": ["input", "layers"]}, {"required": ["like"]}, _library()],
        "if": {"anyOf": [{"required": ["like"]}, {"not": _plain_arguments()}]},
        "else": {
            "properties": {"blocks": {"additionalProperties": {"properties": {"layers": FREE_STEPS}}}},
            "if": {"anyOf": [*names, {"required": ["input"], "properties": {"input": {"anyOf": long_symbols}}}]},
            "then": {"properties": {"layers": FREE_STEPS}},
            "else": {"properties": {"layers": STEPS}},
        },
    }


def _library() -> Schema:
    """Return the condition that a file has blocks only, for other files."""
    return {"required": ["blocks"], "properties": dict.fromkeys((key for key in KEYS if key not in LIBRARY), False)}


def _plain_arguments() -> Schema:
    """Return the condition that no block argument has the name of a kind; otherwise steps are ambiguous and not checked."""
    arguments = {"properties": dict.fromkeys((*KINDS, *GROUPS), False)}
    return {"properties": {"blocks": {"additionalProperties": {"properties": {"args": arguments}}}}}


def definitions() -> dict[str, Schema]:
    """Return the definitions."""
    return {**_common(), **_steps(), **{f"{kind}_step": _kind(cls) for kind, cls in KINDS.items()}}


def _common() -> dict[str, Schema]:
    variant: dict[str, Schema] = {"title": {"type": "string", "description": "The name of this network."}, **FILE}
    arguments = {
        "type": ["object", "null"],
        "additionalProperties": VALUE,
        "description": "Arguments and their defaults; the first is the main one, those without a default are required.",
    }
    block: dict[str, Schema] = {
        "args": arguments,
        "inputs": {**WORDS, "description": "Names of the input volumes."},
        "defaults": FILE["defaults"],
        "layers": {"type": ["array", "object", "string"], "description": "The steps of the block."},
        "outputs": {**WORDS, "description": "The inputs or steps that are the outputs of the block."},
    }
    return {
        "value": {
            "type": ["number", "boolean", "string", "array", "null"],
            "items": VALUE,
            "description": "A number, an expression or a list.",
        },
        "volume": {
            "type": ["string", "array"],
            "pattern": INPUT,
            "patternErrorMessage": "expected height x width x channels, as in 224x224x3",
            "items": VALUE,
            "minItems": 2,
            "if": LIST_OPEN,
            "else": {"maxItems": 4},
            "description": "Height x width x channels, as in 224x224x3 or [resolution, resolution, 3]; a sequence: 16000x1.",
        },
        "variant": {"type": "object", "properties": {key: variant[key] for key in ABOUT}, "additionalProperties": PARAM},
        "block": {
            "type": "object",
            "properties": {key: block[key] for key in BLOCK},
            "additionalProperties": False,
            "required": ["layers"],
        },
        "published": {
            "type": "object",
            "properties": {
                **dict.fromkeys(PUBLISHED, WORD),
                "counted_as": {"enum": list(COUNTED_AS), "description": "The counting convention under which they were counted."},
            },
            "additionalProperties": False,
            "description": "The numbers printed in the paper, shown next to the computed ones.",
        },
    }


def _steps() -> dict[str, Schema]:
    """Return the schemas of steps: where every word is a kind, and where a word may be something else."""
    alone = [{"const": kind, "description": described(cls)} for kind, cls in KINDS.items() if not required(cls)]
    words = {kind: {"description": described(cls)} for kind, cls in KINDS.items()}
    known = {"properties": {**words, "side": {"description": SIDE_STEPS}, **dict.fromkeys(MODIFIERS, True)}, "additionalProperties": False}
    return {
        "steps": {
            "if": {"type": "object", "required": ["each"]},
            "then": {"$ref": "#/$defs/free_step"},
            "else": {"if": {"type": "array"}, "then": {"items": STEPS}, "else": {"$ref": "#/$defs/step"}},
        },
        "free_steps": {"if": {"type": "array"}, "then": {"items": FREE_STEPS}, "else": {"$ref": "#/$defs/free_step"}},
        "step": _step(STEPS, known, alone, without_names()),
        "free_step": _step(FREE_STEPS, {"properties": words}, [*alone, {"type": "string"}], {}),
        "kinds": {"if": UNDIVIDED, "then": {"allOf": [{"if": _is_kind(kind), "then": {"$ref": f"#/$defs/{kind}_step"}} for kind in KINDS]}},
    }


def _step(steps: Schema, without_kind: Schema, words: list[Schema], patterns: dict[str, Schema]) -> Schema:
    """Return the schema of a step: a word, or a mapping whose keys depend on its kind; nested steps have the same schema.

    A step that is still empty in the editor is neither, so `not` takes it for one without a kind: all kinds are offered.
    """
    branches: Schema = {"anyOf": [{"type": "null"}, {"type": "array", "items": steps}, {"type": "object", "additionalProperties": steps}]}
    merges = {f"^{kind}$": {**branches, "description": described(cls)} for kind, cls in KINDS.items() if cls.merges}
    nested = {word: {**steps, **MODIFIERS[word]} for word in ("else", "do")}
    return {
        "type": ["string", "object"],
        "properties": {**MODIFIERS, **nested},
        "patternProperties": {**merges, "^side$": {**steps, "description": SIDE_STEPS}, **patterns},
        "allOf": [
            {"$ref": "#/$defs/kinds"},
            {"if": {"not": {"type": "object", "anyOf": _required([*KINDS, *GROUPS])}}, "then": without_kind},
            {"if": {"type": "object"}, "else": {"anyOf": words}},
        ],
    }


def _required(words: Iterable[str]) -> list[Schema]:
    return [{"required": [word]} for word in words]


def _is_kind(kind: str) -> Schema:
    """Return the condition that a step is of a kind; one with `scale` may also be a bn, or a block with such an argument."""
    owners = _required(cls.kind for cls in KINDS.values() if kind in cls.fields)
    return {"type": "object", "required": [kind], **({"not": {"anyOf": owners}} if owners else {})}


def without_names() -> dict[str, Schema]:
    """Return stricter fields for files without names: a word in place of a number is a mistake."""
    words: dict[str, set[str]] = {}
    for cls in KINDS.values():
        for i, (name, field) in enumerate(cls.fields.items()):
            for key in (name, cls.kind) if i == 0 else (name,):
                words.setdefault(key, set()).update(field.type.words)
    keys: dict[tuple[str, ...], list[str]] = {}
    for key, accepted in words.items():
        keys.setdefault(tuple(sorted(accepted)), []).append(key)
    return {f"^({'|'.join(alike)})$": _no_name(accepted) for accepted, alike in keys.items()}


def _no_name(accepted: tuple[str, ...]) -> Schema:
    message = " or ".join(["expected a number or arithmetic", *accepted])
    return {"pattern": "|".join([*(f"^{word}$" for word in accepted), NO_NAME]), "patternErrorMessage": message}


def required(cls: type[Layer]) -> list[str]:
    """Return the required fields."""
    return [name for name, field in cls.fields.items() if field.required]


def described(cls: type[Layer]) -> str:
    """Return the description of a kind, with an example."""
    return f"{cls.summary} Example: {example(cls)}"


def _kind(cls: type[Layer]) -> Schema:
    """Return the schema of a step of one kind."""
    main = cls.main
    fields = {name: _field(field) for name, field in cls.fields.items()}
    value: Schema = {"type": ["null", "string"], "description": described(cls)}
    if cls.merges:
        value = {}
    elif main:
        shapes = [
            *fields[main]["anyOf"],
            {"type": "null"},
            {"type": "object", "properties": fields, "additionalProperties": cls.names_sizes},
        ]
        value = {"anyOf": shapes, "description": f"{described(cls)} Its value is `{main}`: {fields[main]['description']}"}
    return {
        "type": "object",
        "properties": {**fields, cls.kind: value, **dict.fromkeys(MODIFIERS, True)},
        "required": [cls.kind],
        "if": {"properties": {cls.kind: {"type": "object"}}},
        "else": {"required": [name for name in required(cls) if name != main]},
        "additionalProperties": VALUE if cls.names_sizes else False,
    }


def _field(field: Arg) -> Schema:
    """Return the schema of a field, which always accepts expressions."""
    usual = "must be given" if field.required else f"default: {default(field)}"
    return {"anyOf": [field.type.schema, {"type": "string"}], "description": f"{field.doc} ({field.type.expects}; {usual})"}
