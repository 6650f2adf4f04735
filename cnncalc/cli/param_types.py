"""Click types for words from a list: loaded on use, completed with descriptions, with suggestions for unknown words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from click.shell_completion import CompletionItem

    Known = tuple[Mapping[str, str], Mapping[str, str]]  # words with descriptions, and aliases
    TextType = click.ParamType[str]
else:
    TextType = click.ParamType  # not generic in older versions of click


class OneOf(TextType):
    """One word from a list, either given or returned by `load`."""

    name = "word"

    def __init__(self, what: str, *words: str, load: Callable[[], Known] | None = None, aliases: Mapping[str, str] | None = None) -> None:
        self.what = what
        self.known = load or (lambda: (dict.fromkeys(words, ""), aliases or {}))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the known word."""
        return self.choose(value, 0, len(value), param)

    def choose(self, text: str, start: int, end: int, param: click.Parameter | None) -> str:
        """Return the known word for a part of the text; errors in options point at it."""
        from cnncalc.choice import choose

        words, aliases = self.known()
        word = text[start:end]
        if word in words:
            return word
        from cnncalc.errors import Problem, Source, Span, SpecError

        try:
            return choose(word, words, self.what, aliases)
        except SpecError as error:
            if not isinstance(param, click.Option):
                raise
            (problem,) = error.problems
            span = Span(Source(max(param.opts, key=len), text, option=True), start, max(end - start, 1))
            raise SpecError(Problem(problem.message, span, problem.hint)) from None

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete words with this prefix."""
        return items(self.known()[0], incomplete)


class ListOf(OneOf):
    """Comma-separated words, as in a,b or +a,-b. They are only validated here; the command has the default that + and - change."""

    name = "words"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text if it contains only known words."""
        for word in re.finditer(r"[+-]?([^\s,]*)", value):
            if word[0]:
                self.choose(value, word.start(1), word.end(1), param)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete the last word."""
        head = incomplete[: max(incomplete.rfind(sign) for sign in ", +-") + 1]
        return items({head + word: help for word, help in self.known()[0].items()}, incomplete)


def items(words: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    """Return completions for words with a prefix."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(word, help=help or None) for word, help in words.items() if word.startswith(incomplete)]


def _described(names: Iterable[str]) -> dict[str, str]:
    """Return names with the description of the metric, if it is one."""
    from cnncalc.study.metrics import METRICS

    return {name: METRICS[name].help if name in METRICS else "" for name in names}


def _dtypes() -> Known:
    from cnncalc.propagate.rows import BYTES, DTYPE_ALIASES

    return {name: f"{size} bytes" for name, size in BYTES.items()}, DTYPE_ALIASES


def _conventions() -> Known:
    from cnncalc.propagate.counting import CONVENTIONS

    return {name: convention.manual[0] for name, convention in CONVENTIONS.items()}, {}


def _columns() -> Known:
    from cnncalc.output.sheets.columns import ALIASES, COLUMNS

    described = _described(COLUMNS)
    return {name: described[name] or column.heading for name, column in COLUMNS.items()}, ALIASES


def _compared() -> Known:
    from cnncalc.output.sheets.comparison import ALIASES, COLUMNS

    return {name: column.heading for name, column in COLUMNS.items()}, ALIASES


def _metrics() -> Known:
    from cnncalc.study.metrics import NETWORK_ALIASES, NUMBERS

    return _described(NUMBERS), NETWORK_ALIASES


def _costs() -> Known:
    from cnncalc.explore.accuracy import YEAR

    words, aliases = _metrics()
    return {**words, YEAR.name: YEAR.help}, aliases


def _derived() -> Known:
    from cnncalc.study.derive.derivation import ALIASES, QUANTITIES

    return _described(QUANTITIES), ALIASES


def _optimizers() -> Known:
    from cnncalc.study.memory.peak import OPTIMIZERS

    return {name: " and ".join(kept) for name, kept in OPTIMIZERS.items()}, {}


def _kinds() -> Known:
    from cnncalc.output.sheets.manual import document

    return {kind["kind"]: kind["does"] for kind in document(None)["kinds"]}, {}


def _reconciled() -> Known:
    from cnncalc.explore.causes import QUANTITIES
    from cnncalc.explore.reconcile import ALIASES

    return _described(QUANTITIES), ALIASES


DTYPE = OneOf("element type", load=_dtypes)
CONVENTION = OneOf("counting convention", load=_conventions)
COLUMN, COLUMNS = OneOf("column", load=_columns), ListOf("column", load=_columns)
COMPARED_COLUMNS = ListOf("column", load=_compared)
METRIC, METRICS = OneOf("metric", load=_metrics), ListOf("metric", load=_metrics)
COST = OneOf("metric", load=_costs)
DERIVED = OneOf("quantity", load=_derived)
RECONCILED = OneOf("quantity", load=_reconciled)
OPTIMIZER = OneOf("optimizer", load=_optimizers)
KIND = OneOf("kind of layer", load=_kinds)
