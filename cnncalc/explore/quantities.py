"""What a network can be measured by: the one table of figures for fit and sweep; a report goes in, out comes a number or a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.propagate.report import Report


class Quantity(NamedTuple):
    """A figure of a whole network."""

    name: str
    heading: str
    memory: bool  # counted in bytes
    doc: str
    read: Callable[[Report], Any]


def _peak(report: Report) -> Any:
    from cnncalc.study.memory.peak import memory

    return memory(report, train=False).in_use.bytes


def _training(report: Report) -> Any:
    from cnncalc.study.memory.peak import memory

    found = memory(report).training
    assert found is not None  # training was asked for
    return found.bytes


_ALL = (
    Quantity("params", "params", False, "learned numbers", lambda report: report.total.params),
    Quantity("weights", "weights", False, "learned numbers that multiply", lambda report: report.total.weights),
    Quantity("macs", "MACs", False, "multiply-accumulates of layers with weights, for the whole batch", lambda report: report.total.macs),
    Quantity("flops", "FLOPs", False, "operations, counted as --counting says", lambda report: report.total.flops),
    Quantity("values", "values", False, "numbers that layers write, for the whole batch", lambda report: report.total.values),
    Quantity("memory", "memory", True, "the memory of these, all at once", lambda report: report.total.bytes),
    Quantity("param_memory", "param memory", True, "the memory of the parameters", lambda report: report.total.param_bytes),
    Quantity("peak", "peak", True, "what use takes at its worst moment: parameters and activations", _peak),
    Quantity("training", "training", True, "what training takes at its worst moment, with momentum", _training),
    Quantity("weight_layers", "weight layers", False, "layers with weights on the longest way", lambda report: report.total.weight_layers),
)
QUANTITIES: Mapping[str, Quantity] = {quantity.name: quantity for quantity in _ALL}
DEFAULT = ("params", "macs", "memory")
ALIASES = {"parameters": "params", "bytes": "memory", "activations": "values", "param_bytes": "param_memory", "depth": "weight_layers"}


def known(word: str) -> Quantity:
    """The quantity of this name, or the error that names the nearest."""
    name = word.lower().replace("-", "_")
    name = ALIASES.get(name, name)
    if name not in QUANTITIES:
        hint = suggestion(word, [*QUANTITIES, *ALIASES]) or f"known: {', '.join(QUANTITIES)}"
        raise SpecError(Problem(f"no quantity {word!r}", hint=hint))
    return QUANTITIES[name]


def chosen(asked: str | None) -> list[Quantity]:
    """Those of --columns: a,b for these, +a and -b for the usual ones with more and without some."""
    words = (asked or "").replace(",", " ").split()
    changing = all(word[0] in "+-" for word in words)
    found = [QUANTITIES[name] for name in DEFAULT] if changing else []
    for word in words:
        quantity = known(word[1:] if changing else word)
        found = [each for each in found if each != quantity]
        if not (changing and word[0] == "-"):
            found.append(quantity)
    if not found:
        raise SpecError(Problem("--columns leaves no column"))
    return found
