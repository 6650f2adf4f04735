"""Networks whose course depends on how large symbols are: tried again for larger ones, as long as something stays undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims import Condition, Inconclusive, Poly, symbol
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cnncalc.graph.graph import Graph

    Attempt = Callable[[Mapping[str, int], dict[Condition, str]], Graph]

ATTEMPTS = 24  # a network whose course depends on a size more often is no formula


def settled(attempt: Attempt) -> Graph:
    """The graph of a network: for all values of its symbols, else from where on it is one network; that is noted as a condition."""
    least: dict[str, int] = {}
    conditions: dict[Condition, str] = {}
    left = ATTEMPTS
    while True:
        left -= 1
        try:
            return attempt(least, conditions)
        except SpecError as error:
            try:
                larger = _larger(error, least, conditions) if left else {}
            except LimitError:  # of a formula, or of all work
                larger = {}
            if not larger:
                raise _under(error, conditions) from None
            least.update(larger)


def _under(error: SpecError, conditions: Mapping[Condition, str]) -> SpecError:
    """An error, and what was assumed before it came up."""
    assumed = {condition.symbols: str(condition) for condition in conditions if condition.assumed}  # the last is the highest
    if not assumed:
        return error
    said = f" (for {', '.join(assumed.values())})"
    return SpecError([Problem(problem.message + said, problem.span, problem.hint) for problem in error.problems])


def _larger(error: SpecError, least: Mapping[str, int], conditions: dict[Condition, str]) -> dict[str, int]:
    """How large symbols have to be so that what ended the attempt is decided; nothing where that is no way."""
    question = _question(error)
    if question is None:
        return {}
    larger = {name: bound for name, bound in _required(conditions).items() if name in question.symbols and bound > least.get(name, 1)}
    if not larger:
        from cnncalc.dims.assumptions import decided_from

        larger = {name: bound for name, bound in (decided_from(question) or {}).items() if bound > least.get(name, 1)}
        file, line, _ = error.problems[0].place
        for name, bound in larger.items():
            message = f"below {bound} this is another network: {file}, line {line}"
            conditions[Condition("at_least", symbol(name), bound, message, assumed=True)] = f"line {line}"
    return larger


def _question(error: BaseException | None) -> Inconclusive | None:
    """What could not be decided, among the errors that led to this one."""
    while error is not None and not isinstance(error, Inconclusive):
        error = error.__context__
    return error


def _required(conditions: Mapping[Condition, str]) -> dict[str, int]:
    """The bounds of symbols that layers have asked for so far: below them the network does not come so far."""
    found: dict[str, int] = {}
    for condition in conditions:
        if condition.relation == "at_least" and isinstance(condition.left, Poly) and isinstance(condition.right, int):
            (name, *others) = condition.symbols
            if not others and condition.left == symbol(name):
                found[str(name)] = max(condition.right, found.get(str(name), 1))
    return found
