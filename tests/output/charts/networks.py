"""Small networks with published errors, and comparisons of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cnncalc
from cnncalc.explore.compare import ComparedNetwork, Comparison, compare, wanted

if TYPE_CHECKING:
    from cnncalc.explore.compare import Failure


def network(filters: int, *, top1: str | None = None, classes: int = 10, input: str = "8x8x3", **keys: Any) -> dict[str, Any]:
    """A convolution and a classifier: 9·3·filters + filters + (64·filters + 1)·classes parameters."""
    published = {"published": {"top1_error": top1, "source": "somebody"}} if top1 is not None else {}
    layers = [{"conv": filters, "kernel": 3, "pad": 1, "name": "conv"}, {"relu": None, "name": "relu"}, {"fc": classes, "name": "fc"}]
    return {"name": f"Net {filters}", "input": input, "layers": layers, **published, **keys}


def params(filters: int, classes: int = 10) -> int:
    return 9 * 3 * filters + filters + (64 * filters + 1) * classes


def macs(filters: int, classes: int = 10) -> int:
    return 64 * 9 * 3 * filters + 64 * filters * classes


def comparison(networks: dict[str, dict[str, Any]], failures: tuple[Failure, ...] = (), **asked: Any) -> Comparison:
    return Comparison([ComparedNetwork(name, cnncalc.analyze(each, **asked), {}) for name, each in networks.items()], None, failures)


def of(*words: str, **asked: Any) -> Comparison:
    return compare(wanted(words), asked)
