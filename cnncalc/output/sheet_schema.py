"""JSON Schema of answer sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.answer_sheet import CHOICES, FLOORS, KEYS, QUESTION
from cnncalc.answers.notation import LAYOUTS
from cnncalc.answers.quantities import ALIASES, ASKED
from cnncalc.output.schema import DIALECT, UNDIVIDED, WORD, definitions, file_schema
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.propagate.rows import BYTES

if TYPE_CHECKING:
    Schema = dict[str, Any]

ANSWER: Schema = {"type": ["number", "boolean", "string", "null", "array"], "items": WORD}
COUNTING: Schema = {
    "type": "object",
    "properties": {
        "flops": {"enum": list(CONVENTIONS), "description": "What counts as a FLOP."},
        "bias": {"enum": [True, False, "true", "false"], "description": "Whether parameters include biases."},
    },
    "additionalProperties": False,
    "description": "How is counted; for all questions, or for one.",
}
LAYOUT: Schema = {"enum": list(LAYOUTS), "description": "The order in which answers give the sides of a volume; any takes both."}
ROUNDED: Schema = {"enum": list(FLOORS), "description": "Whether a formula has to say where it rounds down."}
SHEET: dict[str, Schema] = {
    "title": {**WORD, "description": "The heading of the sheet."},
    "student": {**WORD, "description": "Who answers."},
    "variant": {"type": ["integer", "string"], "description": "Which variant of a worksheet this is."},
    "counting": COUNTING,
    "layout": LAYOUT,
    "floors": ROUNDED,
    "questions": {
        "type": "array",
        "minItems": 1,
        "items": {"$ref": "#/$defs/question"},
        "description": "The questions with their answers.",
    },
}
ABOUT: dict[str, Schema] = {
    "id": {**WORD, "description": "What the question is called in results; without one, its number."},
    "ask": {**WORD, "description": "The question as a person reads it."},
    "network": {
        "if": {"type": "object"},
        "then": {"$ref": "#/$defs/network"},
        "else": WORD,
        "description": "A name of the catalogue, the path of a file, or input and layers.",
    },
    "networks": {
        "type": "object",
        "additionalProperties": {"if": {"type": "object"}, "then": {"$ref": "#/$defs/network"}, "else": WORD},
        "description": "Networks that the claim calls by these names.",
    },
    "dtype": {"enum": list(BYTES), "description": "The element type, for memory."},
    "layer": {**WORD, "description": "The layer that is asked about, by its path or any unique end of it."},
    "counting": COUNTING,
    "layout": LAYOUT,
    "floors": ROUNDED,
    "text": {**ANSWER, "description": "A free text, which the teacher grades."},
    "choose": {
        "type": "array",
        "items": ANSWER,
        "minItems": 2,
        "maxItems": CHOICES,
        "description": "The options of a multiple choice; a letter answers it, and exactly one option is right.",
    },
    "batch": {"type": ["integer", "string"], "minimum": 1, "description": "The number of images, for memory."},
    "tolerance": {"type": ["number", "string"], "minimum": 0, "description": "How far an answer may be off: 1% or 0.01."},
    "points": {"type": ["number", "string"], "minimum": 0, "description": "What the question is worth."},
    "claim": {"type": "string", "description": "Arithmetic over metrics, as in params(vgg16) / params(alexnet); `is` holds the answer."},
    "is": {**ANSWER, "description": "The answer to the claim."},
}


def sheet_schema() -> Schema:
    """What an answer sheet may hold."""
    asked = {name: {**ANSWER, "description": f"Answer: {ASKED[ALIASES.get(name, name)].help}."} for name in (*ASKED, *ALIASES)}
    entries = {**ABOUT, **asked}
    question = {
        "type": "object",
        "properties": {key: entries[key] for key in QUESTION},
        "allOf": [{"if": UNDIVIDED, "then": {"properties": dict.fromkeys(QUESTION, True), "additionalProperties": False}}],
        "if": {"required": ["claim"]},
        "then": {"required": ["is"]},
        "else": {"anyOf": [{"required": ["network"]}, {"required": ["text"]}]},
    }
    return {
        "$schema": DIALECT,
        "title": "An answer sheet of cnncalc",
        "type": "object",
        "properties": {key: SHEET[key] for key in KEYS},
        "additionalProperties": False,
        "required": ["questions"],
        "$defs": {**definitions(), "network": file_schema(), "question": question},
    }
