"""Computes a grid of settings from formulas: with symbols in place of the varied values, a network is built once, not at every point."""

from __future__ import annotations

from itertools import count
from math import prod
from operator import mul
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly
from cnncalc.dims.poly import evaluate, made, symbols_of
from cnncalc.dims.terms import Atom, tidy
from cnncalc.errors import SpecError
from cnncalc.explore.vary import applied
from cnncalc.limits import ENDLESS, Meter
from cnncalc.printed_number import exact_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cnncalc.dims.terms import Monomial, Terms
    from cnncalc.explore.vary import Axis
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report
    from cnncalc.spec.settings import Setting

    Values = Mapping[str, str]  # of a point, by axis

FEWEST = 16  # points for which a network is built in symbols; for fewer, it is built with the numbers
MOST = 10**6  # largest value that a symbol stands for; with larger ones, sizes may exceed their limits


class FormulaGrid:
    """The metrics of a network on a grid, as far as formulas give them."""

    def __init__(self, setting: Setting, along: Sequence[Axis], asked: Mapping[str, Any], metrics: Sequence[Figure]) -> None:
        self.setting = setting
        self.asked = asked
        self.metrics = metrics
        self.axes = {axis.name: {value: exact_number(value) for value in axis.values} for axis in along}
        text = " ".join(map(str, (*asked.values(), *setting.network.params, *setting.shape.names)))
        unused = (symbol for i in count(1) if (symbol := f"k{i}") not in text)
        self.letters = dict(zip(self.axes, unused, strict=False))
        self.pieces: dict[tuple[Any, ...], Piece | None] = {}
        self.symbolic = self._symbolic({axis.name: axis.values[-1] for axis in along})

    def _symbolic(self, values: Values) -> frozenset[str]:
        """Return the axes that can be symbols together, near these values; the longest first, if not all can."""
        names = [
            name
            for name, numbers in sorted(self.axes.items(), key=lambda axis: -len(axis[1]))
            if name not in ("dtype", "deployed") and all(value is not None and 0 < value <= MOST for value in numbers.values())
        ]
        if self._piece(values, frozenset(names)) is not None:
            return frozenset(names)
        chosen: frozenset[str] = frozenset()
        for name in names:
            if self._piece(values, chosen | {name}) is not None:
                chosen |= {name}
        return chosen

    def _piece(self, values: Values, symbolic: frozenset[str]) -> Piece | None:
        """Return the formulas with symbols for some axes and the values of the others; None if there are none, or too few points."""
        key = symbolic, *[value for name, value in values.items() if name not in symbolic]
        if key not in self.pieces:
            enough = prod(len(self.axes[name]) for name in symbolic) >= FEWEST
            self.pieces[key] = self._built(values, symbolic) if enough else None
        return self.pieces[key]

    def _built(self, values: Values, symbolic: frozenset[str]) -> Piece | None:
        from cnncalc import analysis

        letters = {name: self.letters[name] for name in values if name in symbolic}
        options = applied(self.setting, {**values, **letters}, self.asked)
        try:
            report = analysis.report(self.setting, **options)
            report.graph.symbols.meter = Meter(operations=ENDLESS)
            metrics = [metric.read(report) for metric in self.metrics]
        except SpecError:  # such as a number of repeats that is a symbol
            return None
        others = {*symbols_of(*metrics)} - {*letters.values()}  # of the file, or of other options
        return None if others else Piece(report, metrics, letters, self.axes)

    def at(self, values: Values) -> list[Any] | None:
        """Return the metrics of a point; None if they have to be computed from its network."""
        symbolic = self.symbolic
        while symbolic and (piece := self._piece(values, symbolic)) is not None:
            outside = piece.outside(values)
            if not outside:
                return piece.at(values)
            symbolic -= frozenset(outside)
        return None


class Piece:
    """Formulas of the metrics with symbols for some axes, and for which of their values they hold."""

    def __init__(self, report: Report, metrics: Sequence[Any], letters: Mapping[str, str], axes: Mapping[str, Mapping[str, Any]]) -> None:
        self.scope = report.graph.symbols
        self.letters = letters
        self.axes = axes
        self.inner = max(letters, key=lambda name: len(axes[name]))
        self.outer = [name for name in letters if name != self.inner]
        self.formulas = [Formula(metric, letters[self.inner]) for metric in metrics]
        self.known: dict[tuple[str, str], dict[str, Any]] = {}
        self.factors: dict[str, list[list[Any]]] = {}
        self.coefficients: dict[tuple[str, ...], list[list[Any]]] = {}
        own = {*letters.values()}
        conditions = [condition for condition in report.conditions if not own.isdisjoint(condition.symbols)]
        self.joint = [condition for condition in conditions if len(condition.symbols) > 1]
        self.single = {name: [each for each in conditions if each.symbols == (letter,)] for name, letter in letters.items()}

    def outside(self, values: Values) -> Collection[str]:
        """Return the axes for whose values the formulas do not hold."""
        outside = [name for name in self.letters if (name, values[name]) not in self.known and not self._holds(name, values[name])]
        if not outside and self.joint:
            point = self._point(values, self.letters)
            return () if all(condition.at(point) for condition in self.joint) else self.letters
        return outside

    def _holds(self, name: str, value: str) -> bool:
        """Return whether the formulas hold for a value, and then keep its number."""
        letter = self.letters[name]
        exact: Any = tidy(self.axes[name][value])
        domain = self.scope.domain(letter)
        holds = exact >= domain.least and (isinstance(exact, int) or not domain.whole)
        holds = holds and all(condition.at({letter: exact}) for condition in self.single[name])
        if holds:
            self.known[name, value] = {letter: exact}
        return holds

    def _point(self, values: Values, names: Iterable[str]) -> dict[str, Any]:
        """Return the numbers of some symbols, and those of their floors and calls that are known."""
        return {atom: number for name in names for atom, number in self.known[name, values[name]].items()}

    def at(self, values: Values) -> list[Any] | None:
        """Return the metrics of a point; None if one is not a whole number.

        The factors that depend on the longest axis are computed once for each of its values, and their coefficients once for each
        combination of the others; what is left to do is a sum of products.
        """
        inner, outer = values[self.inner], tuple([values[name] for name in self.outer])
        if inner not in self.factors:
            known = self._point(values, (self.inner,))
            self.factors[inner] = [[evaluate(factor, known) for factor in formula.factors] for formula in self.formulas]
        if outer not in self.coefficients:
            known = self._point(values, self.outer)
            self.coefficients[outer] = [[evaluate(each, known) for each in formula.coefficients] for formula in self.formulas]
        found = []
        for formula, ours, theirs in zip(self.formulas, self.coefficients[outer], self.factors[inner], strict=True):
            value = sum(map(mul, ours, theirs)) if formula.apart else formula.at(self._point(values, self.letters))
            if value.__class__ is not int and value is not None:
                value = tidy(value)
                if not isinstance(value, int):
                    return None
            found.append(value)
        return found


class Formula:
    """A metric as a sum of products: factors that depend on one symbol, with coefficients that depend on the others."""

    def __init__(self, metric: Any, symbol: str) -> None:
        self.metric = metric
        terms: dict[Monomial, Terms] = {}
        for monomial, coefficient in metric._terms.items() if isinstance(metric, Poly) else ():
            parts: tuple[list[Any], list[Any]] = ([], [])
            for atom, power in monomial:
                parts[symbol in (atom.symbols if isinstance(atom, Atom) else (atom,))].append((atom, power))
            terms.setdefault(tuple(parts[1]), {})[tuple(parts[0])] = coefficient
        symbols = {name for factor in terms for atom, _ in factor for name in (atom.symbols if isinstance(atom, Atom) else (atom,))}
        self.apart = isinstance(metric, Poly) and symbols <= {symbol}  # no floor or call depends on that symbol and others
        self.factors = [made({factor: 1}, metric.scope) for factor in terms] if self.apart else []
        self.coefficients = [made(rest, metric.scope) for rest in terms.values()] if self.apart else []

    def at(self, known: dict[str, Any]) -> Any:
        """Return the value of a metric that is not such a sum."""
        return evaluate(self.metric, known) if isinstance(self.metric, Poly) else self.metric
