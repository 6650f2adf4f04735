"""The domains of symbols, stored in the scope of their formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.dims.terms import Atom, Floor, FunctionCall
from cnncalc.limits import ENDLESS, Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.dims.terms import Monomial, Number


class Domain(NamedTuple):
    """The possible values of a symbol: whole numbers (or, unless `whole`, positive fractions) from `least` up."""

    least: Number = 1
    whole: bool = True


NATURAL = Domain()  # the default domain
FRACTION = Domain(0, whole=False)  # all positive fractions: 0 itself is none of them


class SymbolScope:
    """Shared by the formulas of a network: the domains of their symbols, and the meter that counts work on them.

    Formulas can be combined if their symbols have the same domains; `Poly.within` converts to a narrower scope.
    """

    __slots__ = ("domains", "meter")

    def __init__(self, meter: Meter | None = None, domains: Mapping[str, Domain] | None = None) -> None:
        self.meter = meter or Meter(operations=ENDLESS)
        self.domains = {name: domain for name, domain in (domains or {}).items() if domain != NATURAL}

    def domain(self, name: str) -> Domain:
        """Return the domain of a symbol."""
        return self.domains.get(name, NATURAL)

    def narrowed(self, bounds: Mapping[str, Number]) -> SymbolScope:
        """Return a scope with raised lower bounds for some symbols."""
        raised = {name: self.domain(name)._replace(least=max(least, self.domain(name).least)) for name, least in bounds.items()}
        return SymbolScope(self.meter, {**self.domains, **raised})

    def whole(self, monomial: Monomial) -> bool:
        """Return whether a product of symbols, floors and calls is known to be whole (floors always are)."""
        return not self.domains or all(self._whole(atom) for atom, _ in monomial)

    def _whole(self, atom: str) -> bool:
        if not isinstance(atom, Atom):
            return self.domain(atom).whole
        if isinstance(atom, Floor) or (isinstance(atom, FunctionCall) and atom.function == "divisible"):
            return True
        return all(isinstance(part, int) or part.whole for part in atom.parts)


ANYWHERE = SymbolScope()  # for symbols outside of networks


def common_scope(one: SymbolScope, other: SymbolScope) -> SymbolScope:
    """Return the scope of two formulas to combine; raise ValueError if a symbol has different domains in them."""
    if one is not other and one.domains != other.domains:
        raise ValueError(f"formulas whose symbols have different domains: {one.domains} and {other.domains}")
    return one
