"""Retries a network with larger symbols where a condition on them is undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Condition, Inconclusive, symbol
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.dims import SymbolScope
    from cnncalc.dims.terms import Number
    from cnncalc.graph.network_graph import Graph

    Attempt = Callable[[SymbolScope, dict[Condition, str]], Graph]

ATTEMPTS = 24  # a network that depends on a size more often than this has no formula


def build_with_assumptions(attempt: Attempt, symbols: SymbolScope) -> Graph:
    """Build the graph for all values of the symbols, else for values from a bound up, which is recorded as a condition."""
    conditions: dict[Condition, str] = {}
    left = ATTEMPTS
    while True:
        left -= 1
        try:
            return attempt(symbols, conditions)
        except SpecError as error:
            question = _question(error) if left else None
            required = {} if question is None else _required(question, symbols, conditions)
            bounds = required or _assumed(question)
            if not bounds:
                raise _under(error, conditions) from None
            symbols = symbols.narrowed(bounds)
            conditions = {condition.within(symbols): where for condition, where in conditions.items()}
            file, line, _ = error.problems[0].place
            for name, bound in ({} if required else bounds).items():
                message = f"below {bound} the network differs: {file}, line {line}"
                letter = symbol(name, symbols)
                conditions[Condition("at_least", letter, letter - (letter - bound), message, assumed=True)] = f"line {line}"


def _under(error: SpecError, conditions: Mapping[Condition, str]) -> SpecError:
    """Add the assumptions made so far to the message of an error."""
    assumed = {condition.symbols: str(condition) for condition in conditions if condition.assumed}  # the last is the highest
    if not assumed:
        return error
    suffix = f" (for {', '.join(assumed.values())})"
    return SpecError([Problem(problem.message + suffix, problem.span, problem.hint) for problem in error.problems])


def _question(error: BaseException | None) -> Inconclusive | None:
    """Return the undecided relation among the causes of an error."""
    while error is not None and not isinstance(error, Inconclusive):
        error = error.__context__
    return error


def _required(question: Inconclusive, symbols: SymbolScope, conditions: Mapping[Condition, str]) -> dict[str, Number]:
    """Return the bounds that layers require of the symbols in a question; below them, the question does not arise."""
    found: dict[str, Number] = {}
    for name, least in filter(None, (condition.bound for condition in conditions)):
        if name in question.symbols and least > symbols.domain(name).least:
            found[name] = max(least, found.get(name, least))
    return found


def _assumed(question: Inconclusive | None) -> dict[str, Number]:
    """Return bounds from which a question is decided; empty if none was found."""
    from cnncalc.dims.assumptions import decided_from

    try:
        return {} if question is None else decided_from(question)
    except LimitError:  # either of a formula or of all operations
        return {}
