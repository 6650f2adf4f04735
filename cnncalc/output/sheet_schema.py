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
    "description": "Counting rules, for all questions or for one.",
}
LAYOUT: Schema = {"enum": list(LAYOUTS), "description": "The order of the dimensions of volumes in answers; any accepts both."}
ROUNDED: Schema = {"enum": list(FLOORS), "description": "Whether a formula must show where it rounds down."}
SHEET: dict[str, Schema] = {
    "title": {**WORD, "description": "The heading of the sheet."},
    "student": {**WORD, "description": "The name of the student."},
    "variant": {"type": ["integer", "string"], "description": "The variant of the worksheet."},
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
    "id": {**WORD, "description": "The name of the question in results; by default its number."},
    "ask": {**WORD, "description": "The text of the question."},
    "network": {
        "if": {"type": "object"},
        "then": {"$ref": "#/$defs/network"},
        "else": WORD,
        "description": "A name from the catalogue, the path of a file, or input and layers.",
    },
    "networks": {
        "type": "object",
        "additionalProperties": {"if": {"type": "object"}, "then": {"$ref": "#/$defs/network"}, "else": WORD},
        "description": "Networks by the names used in the claim.",
    },
    "dtype": {"enum": list(BYTES), "description": "The element type, for memory."},
    "layer": {**WORD, "description": "The layer, by its path or an unambiguous end of it."},
    "counting": COUNTING,
    "layout": LAYOUT,
    "floors": ROUNDED,
    "text": {**ANSWER, "description": "A free text, which the teacher grades."},
    "choose": {
        "type": "array",
        "items": ANSWER,
        "minItems": 2,
        "maxItems": CHOICES,
        "description": "The options of a multiple-choice question, of which exactly one is right; the answer can be a letter.",
    },
    "batch": {"type": ["integer", "string"], "minimum": 1, "description": "The number of images, for memory."},
    "tolerance": {"type": ["number", "string"], "minimum": 0, "description": "The allowed relative error: 1% or 0.01."},
    "points": {"type": ["number", "string"], "minimum": 0, "description": "The points of the question."},
    "claim": {"type": "string", "description": "An expression over metrics, such as params(vgg16) / params(alexnet); `is` has the answer."},
    "is": {**ANSWER, "description": "The answer to the claim."},
}


def sheet_schema() -> Schema:
    """Return the schema of answer sheets."""
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
