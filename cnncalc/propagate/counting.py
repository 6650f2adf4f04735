"""Conventions: what a "FLOP" is. In goes the work of a layer, out comes the figure that a convention prints for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.dims import Dim
    from cnncalc.propagate.costs import Cost

    Convention = Callable[[Cost], Dim]


def macs(cost: Cost) -> Dim:
    """Multiply-accumulates of layers with weights: the figure that papers print."""
    return cost.work.macs


def flops(cost: Cost) -> Dim:
    """Two operations for every multiply-accumulate, nothing else."""
    return 2 * cost.work.macs


def full(cost: Cost) -> Dim:
    """2 × macs + bias additions + one for each element or window input of everything else."""
    work = cost.work
    return 2 * work.macs + work.bias_adds + work.window + work.elements


def connections(cost: Cost) -> Dim:
    """LeCun 1998: every use of a weight, a bias or a window input."""
    work = cost.work
    return work.macs + work.bias_adds + work.window


CONVENTIONS: Mapping[str, Convention] = {"full": full, "macs": macs, "flops": flops, "connections": connections}
