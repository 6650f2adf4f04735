"""Sizes: integers, formulas, and traced numbers, which record how they were computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.dims.arithmetic import ceil_div, exact_div, grouped, larger, one_part, smaller
from cnncalc.dims.conditions import Condition, at_least, divides, equal, whole
from cnncalc.dims.domains import FRACTION, Domain, SymbolScope
from cnncalc.dims.poly import Inconclusive, Poly, at, fractional, symbol, together, within
from cnncalc.dims.terms import Floor, FunctionCall

if TYPE_CHECKING:
    from cnncalc.dims.bounds import same
    from cnncalc.dims.calls import call_of
    from cnncalc.dims.traced import Traced

Dim: TypeAlias = "int | Poly | Traced"

__all__ = [
    "FRACTION",
    "Condition",
    "Dim",
    "Domain",
    "Floor",
    "FunctionCall",
    "Inconclusive",
    "Poly",
    "SymbolScope",
    "Traced",
    "at",
    "at_least",
    "call_of",
    "ceil_div",
    "divides",
    "equal",
    "exact_div",
    "fractional",
    "grouped",
    "larger",
    "one_part",
    "same",
    "smaller",
    "symbol",
    "together",
    "whole",
    "within",
]


def __getattr__(name: str) -> Any:  # loads what only some commands need
    if name == "call_of":
        from cnncalc.dims.calls import call_of

        return call_of
    if name == "same":
        from cnncalc.dims.bounds import same

        return same
    if name == "Traced":
        from cnncalc.dims.traced import Traced

        return Traced
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
