"""JSON Schema of `show --format json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.schema import DIALECT
from cnncalc.propagate.figures import OF_LAYERS, TOTALS
from cnncalc.propagate.rows import WORK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.propagate.figures import Figure

Schema = dict[str, Any]

COUNT: Schema = {"type": ["integer", "string"], "description": "a number or, with symbols, a formula in the syntax of network files"}
SIZE: Schema = {"type": ["integer", "number", "string", "null"]}
VOLUME: Schema = {
    "type": "array",
    "items": COUNT,
    "minItems": 2,
    "maxItems": 4,
    "description": "height, width, channels; channels last for any number of sides",
}
PIXELS: Schema = {"type": "array", "items": SIZE, "minItems": 1, "maxItems": 3, "description": "a number for each side: height and width"}
TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
SCHEMAS: dict[str, Schema] = {"count": COUNT, "bytes": COUNT, "pixels": PIXELS, "truth": {"type": ["boolean", "null"]}}


def _described(figures: Iterable[Figure]) -> dict[str, Schema]:
    """Return the schemas of metrics, by key."""
    return {figure.key: {**SCHEMAS[figure.unit], "description": figure.help} for figure in figures}


def _nullable(schema: Schema) -> Schema:
    """Return the schema of a metric that is null for a layer that is not modelled."""
    return {
        "anyOf": [{name: each for name, each in schema.items() if name != "description"}, {"type": "null"}],
        "description": schema["description"],
    }


LAYER: dict[str, Schema] = {
    "path": {"type": "string", "description": "the path in the network: stage2/bottleneck3/add1/residual/conv2"},
    "kind": {"type": "string"},
    "from": {**TEXTS, "description": "the paths of its inputs"},
    "input": {"anyOf": [VOLUME, {"type": "array", "items": VOLUME}]},
    "output": VOLUME,
    **{name: _nullable(each) if name in WORK else each for name, each in _described(OF_LAYERS).items()},
    "stored": {
        "type": "boolean",
        "description": "whether it writes an output of its own, which counts in the totals of values and bytes",
    },
    "stated": {"const": True, "description": "its costs are stated by the author of the file, not computed"},
    "modelled": {"const": False, "description": "its work is not known, and null"},
    "weights_of": {"type": "string", "description": "the layer whose weights it uses, where they are counted"},
    "merged_from": {**TEXTS, "description": "in the deployed form, the layers that it replaces"},
    "fields": {"type": "object", "description": "the fields that differ from their defaults"},
    "times": {"type": "integer", "description": "with --fold: the number of equal blocks"},
    "layers": {"type": "integer", "description": "with --fold: the number of layers in this row, whose costs are added up"},
}
TOTAL = {
    **_described(TOTALS),
    "complete": {"const": False, "description": "the work of some layers is not known: macs, products and flops are lower bounds"},
    "stated": {"const": True, "description": "includes costs that the author of the file states"},
}
REQUIRED_TOTALS = [name for name in TOTAL if name not in ("stated", "complete")]
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
    """Return the schema of a report; later versions may add to it."""
    optional = ("from", "input", "stated", "modelled", "weights_of", "merged_from", "fields", "times", "layers")
    properties: dict[str, Schema] = {
        "cnncalc": {"type": "string", "description": "the version"},
        "network": _object(NETWORK, [name for name in NETWORK if name != "published"]),
        "batch": COUNT,
        "bytes_per_value": {"type": ["integer", "number"]},
        "counting": {"type": "string"},
        "bias": {"type": "boolean", "description": "false if parameters exclude biases"},
        "until": {"type": "string", "description": "the layer after which the network is cut"},
        "freeze": {**TEXTS, "description": "the layers and folders whose weights are frozen"},
        "freeze_until": {"type": "string", "description": "the layer whose weights are frozen, with those of all that it depends on"},
        "deployed": {"const": True, "description": "batch norms and parallel branches are merged into convolutions"},
        "layers": {"type": "array", "items": _object(LAYER, [name for name in LAYER if name not in optional])},
        "total": _object(TOTAL, REQUIRED_TOTALS),
        "sides": {**_object(TOTAL, REQUIRED_TOTALS), "description": "the sums of the auxiliary heads"},
        "conditions": {**TEXTS, "description": "the conditions on the symbols"},
        "notes": TEXTS,
    }
    required = ["cnncalc", "network", "batch", "bytes_per_value", "counting", "layers", "total", "notes"]
    return {"$schema": DIALECT, "title": "A report of cnncalc", **_object(properties, required)}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}
