"""What symbols stand for: a domain for each, kept in the scope that formulas carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims.terms import Floor
from cnncalc.limits import ENDLESS, Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.dims.terms import Monomial


class Domain(NamedTuple):
    """The values of a symbol: whole numbers from `least` up; where it is not `whole`, any fractions from there up."""

    least: int = 1
    whole: bool = True


NATURAL = Domain()  # what a symbol stands for unless its scope says otherwise


class SymbolScope:
    """What the formulas of one network share: the domains of their symbols, and the meter that counts the work on them.

    Formulas can be combined where symbols have the same domains; `Poly.within` brings one into a narrower scope.
    """

    __slots__ = ("domains", "meter")

    def __init__(self, meter: Meter | None = None, domains: Mapping[str, Domain] | None = None) -> None:
        self.meter = meter or Meter(operations=ENDLESS)
        self.domains = {name: domain for name, domain in (domains or {}).items() if domain != NATURAL}

    def domain(self, name: str) -> Domain:
        """What a symbol stands for."""
        return self.domains.get(name, NATURAL)

    def narrowed(self, bounds: Mapping[str, int]) -> SymbolScope:
        """The same with larger symbols: none of these is below its bound."""
        raised = {name: self.domain(name)._replace(least=max(least, self.domain(name).least)) for name, least in bounds.items()}
        return SymbolScope(self.meter, {**self.domains, **raised})

    def whole(self, monomial: Monomial) -> bool:
        """Whether a product of symbols and floors is a whole number: floors are."""
        return not self.domains or all(self.domain(atom).whole for atom, _ in monomial if not isinstance(atom, Floor))


ANYWHERE = SymbolScope()  # for symbols that belong to no network


def met(one: SymbolScope, other: SymbolScope) -> SymbolScope:
    """The scope of two formulas that are combined; ValueError where a symbol stands for this in one and for that in the other."""
    if one is not other and one.domains != other.domains:
        raise ValueError(f"formulas whose symbols have different domains: {one.domains} and {other.domains}")
    return one
