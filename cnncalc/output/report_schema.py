"""JSON Schema of what `show --format json` prints: the promise, in a form that programs can check."""

from __future__ import annotations

from typing import Any

from cnncalc.output.schema import DIALECT

Schema = dict[str, Any]

COUNT: Schema = {"type": ["integer", "string"], "description": "a number, or with symbols a formula that the spec's arithmetic reads"}
SIZE: Schema = {"type": ["integer", "number", "string", "null"]}
VOLUME: Schema = {"type": "array", "items": COUNT, "minItems": 3, "maxItems": 3, "description": "height, width, channels"}
PAIR: Schema = {"type": "array", "items": SIZE, "minItems": 2, "maxItems": 2, "description": "height and width"}
TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
FIGURES = {
    "weights": "learned numbers that multiply",
    "biases": "learned numbers that are added",
    "params": "learned numbers, both kinds",
    "buffers": "numbers that are kept but not learned",
    "macs": "multiply-accumulates of layers with weights, for the whole batch",
    "flops": "operations, as the counting convention says, for the whole batch",
    "values": "numbers that it writes, for the whole batch",
    "bytes": "what they take",
}
LAYER: dict[str, Schema] = {
    "path": {"type": "string", "description": "where it stands: stage2/bottleneck3/add1/residual/conv2"},
    "kind": {"type": "string"},
    "from": {**TEXTS, "description": "the paths of the layers that it takes from"},
    "input": {"anyOf": [VOLUME, {"type": "array", "items": VOLUME}]},
    "output": VOLUME,
    **{name: {**COUNT, "description": text} for name, text in FIGURES.items()},
    "stored": {"type": "boolean", "description": "writes a volume of its own; the totals of values and bytes take only these"},
    "side": {"type": "boolean", "description": "stands on a side exit"},
    "exact": {"type": ["boolean", "null"], "description": "every window tiles its input; null where that depends on symbols"},
    "receptive_field": {**PAIR, "description": "input pixels that a unit sees, of units that differ one that sees most; null: not known"},
    "receptive_field_smallest": {**PAIR, "description": "the same of a unit that sees least; where all see equally much, the same number"},
    "receptive_field_exact": {"type": "boolean", "description": "false: an upper bound, since parts of a split are not told apart"},
    "jump": {**PAIR, "description": "input pixels from one unit to the next, on average; 0 where there is no next one, null: not known"},
    "offset": {**PAIR, "description": "the input pixel with which the first unit's field begins; below 0 there are zeros; null: not known"},
    "narrowest": {**PAIR, "description": "input pixels that a unit sees by the narrowest of the ways to it"},
    "fields": {"type": "object", "description": "the fields that differ from their defaults"},
    "times": {"type": "integer", "description": "with --fold: so many equal blocks"},
    "layers": {"type": "integer", "description": "with --fold: so many layers in this row, whose figures are added up"},
}
TOTAL: dict[str, Schema] = {
    **{name: {**COUNT, "description": text} for name, text in FIGURES.items()},
    "param_bytes": {**COUNT, "description": "what the parameters take"},
    "weight_layers": {"type": "integer", "description": "layers with weights on the longest way through"},
}
NETWORK: dict[str, Schema] = {
    "id": {"type": "string"},
    "name": {"type": "string"},
    "year": {"type": ["integer", "null"]},
    "paper": {"type": ["string", "null"]},
    "source": {"type": "string", "description": "the file"},
    "params": {"type": "object"},
    "input": VOLUME,
    "published": {"type": "object", "additionalProperties": {"type": "string"}},
}


def report_schema() -> Schema:
    """What a report holds; later versions may add to it."""
    optional = ("from", "input", "fields", "times", "layers")
    properties: dict[str, Schema] = {
        "cnncalc": {"type": "string", "description": "the version"},
        "network": _object(NETWORK, [name for name in NETWORK if name != "published"]),
        "batch": COUNT,
        "bytes_per_value": {"type": ["integer", "number"]},
        "counting": {"type": "string"},
        "bias": {"type": "boolean", "description": "false where biases are left out of the parameters"},
        "layers": {"type": "array", "items": _object(LAYER, [name for name in LAYER if name not in optional])},
        "total": _object(TOTAL, list(TOTAL)),
        "sides": {**_object(TOTAL, list(TOTAL)), "description": "the sums of the side exits"},
        "conditions": {**TEXTS, "description": "what must hold for the symbols"},
        "notes": TEXTS,
    }
    required = ["cnncalc", "network", "batch", "bytes_per_value", "counting", "layers", "total", "notes"]
    return {"$schema": DIALECT, "title": "A report of cnncalc", **_object(properties, required)}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}
