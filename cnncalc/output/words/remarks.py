"""Remarks on derived values: why a value is 0 or unknown, and how it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims.traced import Traced
from cnncalc.layers import IN_PLACE, PARAMETER, VIEW
from cnncalc.output.forms.numbers import NumberFormat, pair
from cnncalc.output.words.receptive import PARTS
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.propagate.rows import OWNED
from cnncalc.propagate.unit_fields import MOST_BITS
from cnncalc.study.derive.derivation import LABELS, SEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.propagate.rows import Row
    from cnncalc.study.derive.derivation import Derivation

NONE = {
    "weights": "{} has no weights",
    "biases": "{} adds no biases",
    "params": "{} has no learnable parameters",
    "trainable": "{} has no trainable parameters",
    "frozen": "{} has no frozen parameters",
    "buffers": "{} has no buffers",
    "macs": "{} has no multiply-accumulates",
    "flops": "{} has no operations under this convention",
}
SHARED = "Uses the weights of {}, where they are counted."
NOT_STORED = {
    IN_PLACE: "{} works in place: totals exclude its output",
    VIEW: "{} is a view of its input: totals exclude its output",
    PARAMETER: "{} is counted among the parameters: totals exclude its output",
}
SUBJECTS = {"receptive_field": "The receptive field", "jump": "The jump"}


def remarks(derivation: Derivation) -> list[str]:
    """Return remarks on a value: why it is 0, or how it is counted."""
    row, quantity, value = derivation.row, derivation.quantity, derivation.value
    if quantity == "flops" and value != 0:
        counting = CONVENTIONS[derivation.report.counting]
        mistakes = counting.mistakes([row.layer.operation]) if row is not None else []
        return [" ".join([f"Counting {counting.name}: {counting.manual[0]}", *mistakes])]
    if row is None:
        return [] if value != 0 else [f"No layer has any {LABELS[quantity]}."]
    if quantity in SEEN:
        return [*path_remarks(derivation)]
    if row.node.owner and quantity in OWNED:
        return [SHARED.format(row.node.owner)]
    if quantity == "trainable" and row.node.placed.frozen:
        return ["Its parameters are frozen."]
    if quantity in NONE and value == 0:
        return [NONE[quantity].format(row.kind) + "."]
    if quantity in ("values", "bytes") and not row.stored:
        return [NOT_STORED[row.layer.storage].format(row.kind) + "."]
    return []


def path_remarks(derivation: Derivation) -> Iterator[str]:
    """Yield remarks on the path to a layer."""
    from cnncalc.study.derive.receptive_field_derivation import widest

    assert derivation.row is not None  # receptive fields are those of layers
    if is_unknown(derivation):
        yield f"From there on, it {reason_unknown(derivation)}."
    if any(len(each.node.inputs) > 1 for each in widest(derivation.report, derivation.row)):
        yield "At merges, the path follows the branch with the largest receptive field."
        narrow = derivation.row.narrowest
        if derivation.quantity == "receptive_field" and None not in narrow and narrow != derivation.value:
            yield f"Along the narrowest path it is {pair(narrow, NumberFormat())}."
    yield from unit_remarks(derivation.row)
    if any(not isinstance(line.sum, Traced) for line in derivation.lines if line.label != derivation.lines[0].label):
        yield "Numbers without a formula were computed unit by unit."


def unit_remarks(row: Row) -> Iterator[str]:
    """Yield remarks on units with different receptive fields."""
    if row.receptive_field_smallest != row.receptive_field:
        smallest = pair(row.receptive_field_smallest, NumberFormat())
        yield f"Units differ: r is the largest receptive field, {smallest} the smallest; j is an average."
    if not row.receptive_field_exact:
        yield f"An upper bound: {PARTS}."


def layer_remarks(row: Row) -> list[str]:
    """Return remarks on a layer as a whole."""
    words = []
    if row.node.owner:
        words.append(SHARED.format(row.node.owner).rstrip("."))
    elif row.params == 0 and row.buffers == 0:
        words.append(NONE["params"] + (" and uses no weights" if row.macs == 0 else ""))
    elif row.biases == 0:
        words.append(NONE["biases"])
    if row.flops == 0:
        words.append(NONE["flops"])
    if not row.stored:
        words.append(NOT_STORED[row.layer.storage])
    merged = [f"Merged from {', '.join(row.node.parts)}."] if row.node.parts else []
    return [*[f"{sentence.format(row.kind)}." for sentence in words], *merged]


def is_unknown(derivation: Derivation) -> bool:
    """Return whether the value is unknown: it depends on symbols, or its numbers are too long."""
    return derivation.quantity in SEEN and None in derivation.value


def reason_unknown(derivation: Derivation) -> str:
    """Return the reason for an unknown value."""
    if derivation.report.symbols:
        return "depends on the values of the symbols"
    assert derivation.row is not None  # receptive fields are those of layers
    if derivation.quantity == "jump" and None not in derivation.row.receptive_field:
        return "differs between the branches of a merge"
    if any(row.layer.stated for row in derivation.report.rows):
        return "is unknown beyond a custom layer"
    return f"is unknown: numbers have more than {MOST_BITS:,} bits, or too many units differ"
