"""All metrics by name: those of a report, and those computed by a study of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.choice import choose, chosen
from cnncalc.propagate.figures import FIGURES, MEMORY, Figure, aliases, of_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.propagate.report import Report


def _peak(report: Report) -> Any:
    from cnncalc.study.memory.peak import memory

    return memory(report, train=False).in_use.bytes


def _training(report: Report) -> Any:
    from cnncalc.study.memory.peak import memory

    account = memory(report).training
    assert account is not None  # memory() computes training by default
    return account.bytes


_STUDIED = (
    of_network("peak", "peak", "peak inference memory", "the memory of inference at its peak: parameters and activations", _peak, MEMORY),
    of_network("training", "training", "peak training memory", "the memory of training at its peak, with momentum", _training, MEMORY),
)
METRICS: Mapping[str, Figure] = {**FIGURES, **{figure.name: figure for figure in _STUDIED}}
NUMBERS = tuple(name for name, figure in METRICS.items() if figure.for_networks and figure.is_number)  # metrics that `compare` can use
NETWORK_ALIASES = {**aliases(METRICS[name] for name in NUMBERS), "depth": "weight_layers"}  # "depth" is the number of layers, not channels


def metric(word: str, among: Iterable[str] = NUMBERS) -> Figure:
    """Return the metric with this name; raise an error that suggests the nearest one."""
    names = list(among)
    return METRICS[choose(word, names, "metric", _aliases(names))]


def metrics(asked: str | None, default: Iterable[str], among: Iterable[str] = NUMBERS) -> list[Figure]:
    """Parse a metrics option: "a,b" selects these; "+a" and "-b" add to and remove from the default."""
    names = list(among)
    return [METRICS[name] for name in chosen(asked, default, names, "metric", _aliases(names))]


def _aliases(names: Iterable[str]) -> Mapping[str, str]:
    return {alias: name for alias, name in NETWORK_ALIASES.items() if name in names}
