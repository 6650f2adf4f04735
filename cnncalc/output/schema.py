"""JSON Schema of network files, generated from the kinds and the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import KINDS
from cnncalc.output.sheets.manual import default, example
from cnncalc.spec.parser import ABOUT, BLOCK, KEYS, PUBLISHED
from cnncalc.spec.steps import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.layers import Arg, Layer

    Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VALUE: Schema = {"$ref": "#/$defs/value"}
STEPS: Schema = {"$ref": "#/$defs/steps"}  # every word is a kind
FREE_STEPS: Schema = {"$ref": "#/$defs/free_steps"}  # a word may be a block or a variable that holds the name of a kind
WORD: Schema = {"type": ["string", "number"]}  # a name; YAML takes 3 for a number, the reader does not
WORDS: Schema = {"anyOf": [WORD, {"type": "array", "items": WORD}]}
TEXTS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
SIDE = r"\s*[0-9]*\s*[0-9A-Za-wyz_]+\s*"
INPUT = rf"^{SIDE}([x×]{SIDE}){{1,3}}$"
LONG_SYMBOL = r"(^|[x×])\s*[0-9]*\s*[A-Za-wyz_][0-9A-Za-wyz_]"  # a side of an input that is a name of several letters
NO_NAME = r"^[A-Za-z]$|[^A-Za-z_]"  # arithmetic that is not just the name of a param
OPEN: Schema = {"type": "string", "pattern": r"\([^)]*$"}  # YAML divides max(a, b) inside {} or [] at the comma; the reader does not
LIST_OPEN: Schema = {"type": "array", "contains": OPEN}
UNDIVIDED: Schema = {"type": "object", "additionalProperties": {"not": {"anyOf": [OPEN, LIST_OPEN]}}}

MODIFIERS: dict[str, Schema] = {
    "name": {**WORD, "description": "The name of the step in reports and for `from`; may hold {arithmetic}."},
    "from": {**WORDS, "description": "Starts from the named earlier step or steps instead of from the flow."},
    "when": {**VALUE, "description": "Leaves the step out unless this condition holds."},
    "else": {"description": "The step or steps to take where `when` does not hold."},
    "repeat": {**VALUE, "description": "Takes the step this many times in a row; inside, i is 1, 2, 3 ..."},
    "each": {**WORDS, "description": "The names that every row of `in` gives values to; the step is taken once for each row."},
    "in": {**VALUE, "description": "The rows of `each`: a list of lists, or a list of values where `each` is one name."},
    "do": {"description": "Several steps as one."},
}
SIDE_STEPS = "Steps beside the flow, such as an auxiliary classifier: their costs are shown apart from the totals."
PARAM = {
    **VALUE,
    "description": "A variable of this file: a number, arithmetic over the params above it, a list, or the name of a kind or block."
    " --set gives it another value; without a value it is a symbol.",
}
FILE: dict[str, Schema] = {
    "name": {"type": "string", "description": "The name of the network, or of the family."},
    "year": {"type": ["integer", "string"], "description": "The year of the paper, in four digits."},
    "paper": {"type": "string", "description": "Authors, title, conference or journal."},
    "input": {"$ref": "#/$defs/volume"},
    "params": {
        "type": ["object", "null"],
        "additionalProperties": PARAM,
        "description": "The variables of this file, which steps and arithmetic use by name.",
    },
    "variants": {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/variant"},
        "description": "Named sets of params; each is a network of its own.",
    },
    "blocks": {
        "type": ["object", "null"],
        "additionalProperties": {"$ref": "#/$defs/block"},
        "description": "Steps with a name and arguments, used like a kind.",
    },
    "layers": {"type": ["array", "string"], "description": "The steps, a list from the input to the output."},
    "like": {"type": "string", "description": "Another network, by its name in the catalogue or its path; `but` says what is different."},
    "but": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": VALUE},
        "description": "Fields to change, by the names of the steps: {CONV1: {kernel: 7}}.",
    },
    "published": {"$ref": "#/$defs/published"},
    "notes": {**TEXTS, "description": "Sentences for the reader of the table."},
    "layout": {"enum": ["channels_last", "channels_first"], "description": "The order in which volumes are written and printed."},
}


def network_schema() -> Schema:
    """What a network file may hold."""
    return {"$schema": DIALECT, "title": "A network file of cnncalc", **file_schema(), "$defs": definitions()}


def file_schema() -> Schema:
    """A network, as a file or in an answer sheet; words that are no kinds are errors where nothing else can have such a name."""
    names = [{"required": [key]} for key in ("blocks", "params", "variants")]
    long_symbols = [{"type": "array", "contains": {"type": "string"}}, {"type": "string", "pattern": LONG_SYMBOL}]
    return {
        "type": "object",
        "properties": {key: FILE[key] for key in KEYS},
        "additionalProperties": False,
        "anyOf": [{"required": ["input", "layers"]}, {"required": ["like"]}],
        "if": {"anyOf": [{"required": ["like"]}, {"not": _plain_arguments()}]},
        "else": {
            "properties": {"blocks": {"additionalProperties": {"properties": {"layers": FREE_STEPS}}}},
            "if": {"anyOf": [*names, {"required": ["input"], "properties": {"input": {"anyOf": long_symbols}}}]},
            "then": {"properties": {"layers": FREE_STEPS}},
            "else": {"properties": {"layers": STEPS}},
        },
    }


def _plain_arguments() -> Schema:
    """No argument of a block has the name of a kind; where one has, a step does not tell its kind, and steps are not checked."""
    arguments = {"properties": dict.fromkeys((*KINDS, *GROUPS), False)}
    return {"properties": {"blocks": {"additionalProperties": {"properties": {"args": arguments}}}}}


def definitions() -> dict[str, Schema]:
    """What a network refers to."""
    return {**_common(), **_steps(), **{f"{kind}_step": _kind(cls) for kind, cls in KINDS.items()}}


def _common() -> dict[str, Schema]:
    variant: dict[str, Schema] = {"title": {"type": "string", "description": "The name of this network."}, **FILE}
    arguments = {
        "type": ["object", "null"],
        "additionalProperties": VALUE,
        "description": "Arguments and their defaults; the first is the main one, one without a default must be given.",
    }
    block: dict[str, Schema] = {
        "args": arguments,
        "inputs": {**WORDS, "description": "Names for the volumes that the block is applied to."},
        "layers": {"type": ["array", "object", "string"], "description": "The steps of the block."},
        "outputs": {**WORDS, "description": "The inputs or steps whose volumes the block leaves."},
    }
    return {
        "value": {
            "type": ["number", "boolean", "string", "array", "null"],
            "items": VALUE,
            "description": "A number, arithmetic, or a list.",
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
            "properties": dict.fromkeys(PUBLISHED, WORD),
            "additionalProperties": False,
            "description": "The numbers that the paper prints; shown beside the computed ones.",
        },
    }


def _steps() -> dict[str, Schema]:
    """Steps where every word is a kind, and steps where a word may be something else."""
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
    """A word, or a mapping: what stands in it depends on its kind, and the steps inside are like the steps around it.

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
    """Whether a step is of a kind: one with `scale` may also be a bn with a field of this name, or a block with such an argument."""
    owners = _required(cls.kind for cls in KINDS.values() if kind in cls.fields)
    return {"type": "object", "required": [kind], **({"not": {"anyOf": owners}} if owners else {})}


def without_names() -> dict[str, Schema]:
    """Patterns of fields where nothing has a name that could stand for a number: a word there is a mistake."""
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
    """The fields that must be given."""
    return [name for name, field in cls.fields.items() if field.required]


def described(cls: type[Layer]) -> str:
    """What a kind does, with an example."""
    return f"{cls.summary} Example: {example(cls)}"


def _kind(cls: type[Layer]) -> Schema:
    """A step of one kind. What steps inside it may be is said by the step."""
    main = next(iter(cls.fields), "")
    fields = {name: _field(field) for name, field in cls.fields.items()}
    value: Schema = {"type": ["null", "string"], "description": described(cls)}
    if cls.merges:
        value = {}
    elif main:
        shapes = [*fields[main]["anyOf"], {"type": "null"}]
        value = {"anyOf": shapes, "description": f"{described(cls)} Its value is `{main}`: {fields[main]['description']}"}
    return {
        "type": "object",
        "properties": {**fields, cls.kind: value, **dict.fromkeys(MODIFIERS, True)},
        "required": [cls.kind, *(name for name in required(cls) if name != main)],
        "additionalProperties": False,
    }


def _field(field: Arg) -> Schema:
    """A field; arithmetic may stand in each."""
    usual = "must be given" if field.required else f"default: {default(field)}"
    return {"anyOf": [field.type.schema, {"type": "string"}], "description": f"{field.doc} ({field.type.expects}; {usual})"}
