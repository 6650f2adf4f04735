"""Arithmetic of files, with powers, floors, quotients and conditions: counted, compared with Python's own, and read back."""

from __future__ import annotations

import operator
import re
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

import cnncalc
from cnncalc.dims import Poly
from cnncalc.limits import LimitError
from cnncalc.study.symbols.substitution import substitute
from tests.dims.expressions import NAMES, OPERATIONS, Tree, grown, leaves, points, worked_out, written
from tests.fuzz.work import Work
from tests.propagate.test_symbolic import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.propagate.report import Report

MOST = 3_000_000  # calls: less than half a second. A short file may ask for a million operations
LARGE = 4_000  # bits of a number that Python is asked for; cnncalc refuses more than 4,096


def power(base: Any, exponent: int) -> Any:
    """A power, unless it takes pages to write."""
    if max(base.numerator.bit_length(), base.denominator.bit_length()) * exponent > LARGE:
        raise OverflowError
    return base**exponent


NUMBERS: Mapping[str, Callable[[Any, Any], Any]] = {
    **OPERATIONS, "/": Fraction, "**": power, "max": max, "min": min,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def steeper(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """What other tests of formulas leave out: powers of anything, quotients of anything, the larger and the smaller."""
    return st.one_of(
        grown(children),
        st.tuples(st.just("**"), children, st.sampled_from((2, 3, 5, 10, 30, 100, 300, 1000))),
        st.tuples(st.sampled_from(("/", "//", "%", "max", "min")), children, children),
    )


steep = st.recursive(leaves, steeper, max_leaves=7)
conditions = st.tuples(st.sampled_from(("<", "<=", ">", ">=", "==", "!=")), steep, steep)


class Formula(NamedTuple):
    """Arithmetic, and numbers for its names."""

    tree: Tree
    point: dict[str, int]

    def __str__(self) -> str:
        return f"{written(self.tree)}  # at {', '.join(f'{name} = {number}' for name, number in self.point.items())}"


formulas = st.builds(Formula, steep, points)


def analyzed(network: dict[str, Any], **options: Any) -> Report | str:
    """The report of a network, or the message that says why there is none, within the budget."""
    try:
        with Work(MOST):
            return cnncalc.analyze(network, **options)
    except cnncalc.SpecError as error:
        return str(error)


def unless_too_long(found: Report | str) -> Report | None:
    """The report; or None, where a number or a text is longer than it may be in a file: formulas go on where numbers end."""
    if isinstance(found, str):
        assert re.search(r"\d (bits|digits|characters)", found), found
        return None
    return found


def valued(text: str, **point: int) -> Report | str:
    """A network whose param q is arithmetic of symbols, or of numbers."""
    return analyzed({"input": "1x1x1", "params": {**dict.fromkeys(NAMES, ""), "q": text}, "layers": ["relu"]}, set=point)


def a_formula_is_its_numbers(given: Formula) -> None:
    """A formula with values substituted is what the numbers give, and both are what Python's arithmetic gives; or there is a message."""
    text = written(given.tree)
    formulas, numbers = valued(text), valued(text, **given.point)
    try:
        expected = worked_out(given.tree, given.point, NUMBERS)
    except OverflowError:
        return
    except ZeroDivisionError:
        expected = None
        assert "division by zero" in str(numbers), numbers
    else:
        report = unless_too_long(numbers)
        assert report is None or report.graph.params["q"] == expected, report.graph.params
    if isinstance(formulas, str) or not all(condition.at(given.point) for condition in formulas.conditions):
        return
    formula = formulas.graph.params["q"]
    with suppress(LimitError):  # the number has too many bits
        assert substitute(formula, given.point) == expected, formula
    if isinstance(formula, Poly):
        report = unless_too_long(valued(str(formula)))  # its symbols may have other bounds, so texts are compared
        assert report is None or str(report.graph.params["q"]) == str(formula), formula


class Conditional(NamedTuple):
    """A network in which arithmetic decides and counts, and numbers for its symbols."""

    layers: list[dict[str, Any]]
    point: dict[str, int]

    def __str__(self) -> str:
        return f"{self.network}  # at {self.point}"

    @property
    def network(self) -> dict[str, Any]:
        """As `analyze` takes it."""
        return {"input": "HxWx3", "params": {"k": ""}, "layers": self.layers}


arithmetic = steep.map(written)
layers = st.one_of(
    st.fixed_dictionaries({"conv": arithmetic}, optional={"kernel": arithmetic, "stride": arithmetic, "pad": arithmetic}),
    st.fixed_dictionaries({"relu": st.just("")}, optional={"repeat": arithmetic}),
    st.fixed_dictionaries({"conv": st.just(4), "when": conditions.map(written)}),
)
networks = st.builds(Conditional, st.lists(layers, min_size=1, max_size=3), points)


def a_network_is_its_numbers(given: Conditional) -> None:
    """The formulas of a network with values substituted are the figures of the network with those numbers, where its conditions hold."""
    formulas = analyzed(given.network)
    numbers = analyzed(given.network, input=f"{given.point['H']}x{given.point['W']}x3", set={"k": given.point["k"]})
    if isinstance(formulas, str):
        return
    failing = [condition for condition in formulas.conditions if not condition.at(given.point)]
    if failing:
        assert isinstance(numbers, str) or any(condition.assumed for condition in failing)
    else:
        report = unless_too_long(numbers)
        if report is not None:
            compare(formulas, report, given.point)
