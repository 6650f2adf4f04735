"""Notes on formulas: the sizes for which they hold, and their growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly
from cnncalc.dims.notation import SUPERSCRIPTS
from cnncalc.output.words import summary
from cnncalc.study.symbols.growth import doublings, order
from cnncalc.study.symbols.legal_sizes import sizes
from cnncalc.study.symbols.substitution import default_values, substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from cnncalc.propagate.report import Report
    from cnncalc.study.symbols.growth import Powers
    from cnncalc.study.symbols.legal_sizes import PeriodicSet, Sizes

    Figures = Sequence[tuple[str, Any]]  # names and values

LISTED = 6  # numbers listed of an irregular or finite set
SHOWN = 3  # numbers listed of a regular one


def notes(report: Report, point: Mapping[str, int], figures: Figures) -> list[str]:
    """Return the notes below formulas: growth, legal sizes, and the effect of doubling a symbol."""
    names = report.symbols
    sentences = [*grows(report, point, figures), *summary.conditions(report, point)]
    if not point:
        sentences += legal(report)
    known = {**default_values(report), **point}
    return [*sentences, *doubled(figures, {name: known[name] for name in names if name in known})]


def grows(report: Report, point: Mapping[str, int], figures: Figures) -> Iterator[str]:
    """Yield the growth of each number, such as "MACs grow with H·W"; numbers with equal growth share a sentence."""
    sides = dict.fromkeys(name for side in report.input.sides if isinstance(side, Poly) for name in side.symbols)
    alike: dict[str, list[str]] = {}
    for word, figure in figures:
        powers = order(substitute(figure, point), sides)
        if powers:
            alike.setdefault(listed([f"with {product(each)}" for each in powers]), []).append(word)
    if alike:
        text = "; ".join(f"{listed(words)} grow {powers}" for powers, words in alike.items())
        yield f"{text[0].upper()}{text[1:]}."


def product(powers: Powers) -> str:
    """Format symbols with their powers: H·W, w²."""
    return "·".join(f"{name}{str(power).translate(SUPERSCRIPTS)}" if power > 1 else name for name, power in powers)


def listed(words: Sequence[str]) -> str:
    """Join words: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def legal(report: Report) -> Iterator[str]:
    """Yield the sizes at which the network works and all kernels divide evenly; symbols with equal sizes share a sentence."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    legal_sizes = sizes(report)
    for each in legal_sizes:
        if not each.free:
            alike.setdefault(each[1:], []).append(each.symbol)
    bounds = dict(condition.bound for condition in report.conditions if condition.bound is not None)
    for (works, tiles, rests, rounding), names in alike.items():
        known = works is not None and works.all_from_least and all(works.least == bounds[name] for name in names)
        yield from of_sizes(works, tiles if rests else works, rounding, listed(names), rests=rests, known=known)
    if report.inexact:
        paths = [row.path for row in report.inexact]
        others = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
        yield f"Kernels do not divide the input evenly, whatever the symbols are: {', '.join(paths[:SHOWN])}{others}."
    yield from assumed(report, legal_sizes)


def assumed(report: Report, legal_sizes: Sequence[Sizes]) -> Iterator[str]:
    """Yield the assumed lower bounds, below which the network and its formulas would be different."""
    least = {each.symbol: each.works.least for each in legal_sizes if each.works is not None}
    for condition in report.conditions:
        (name,) = condition.symbols[:1]
        if condition.assumed and condition.right == least.get(name, condition.right):
            yield f"{name} ≥ {condition.right} is assumed: {condition.message}."


def of_sizes(works: PeriodicSet | None, tiles: PeriodicSet | None, rounding: int, names: str, *, rests: bool, known: bool) -> Iterator[str]:
    """Yield a sentence on the legal values of one or several symbols, which are left out if known; nothing if nothing is left."""
    if works is None:  # it depends on other symbols as well
        return
    if works.least is None:
        yield f"It works for no {names}."
        return
    phrases = [] if known else [f"It works for {every(works, names)}"]
    if rounding > 1:
        phrases.append(f"rounding repeats every {rounding}")
    if tiles is None:
        phrases.append("whether all kernels divide evenly depends on other symbols as well")
    elif rests:
        where = "" if tiles == works else f" at {series(tiles)}"
        phrases.append(f"all kernels divide evenly{where}" if tiles.least is not None else "some kernels never divide evenly")
    if phrases:
        yield f"{f'{names}: ' if known else ''}{'; '.join(phrases)}."


def every(numbers: PeriodicSet, names: str) -> str:
    """Return a set of numbers in words."""
    if numbers.all_from_least:
        return f"every {names}" if numbers.least == 1 else f"every {names} from {numbers.least} up"
    if numbers.period == 1:
        first, last = numbers.runs[0]
        return f"every {names} from {first} to {last}"
    return f"{names} = {series(numbers)}"


def series(numbers: PeriodicSet) -> str:
    """Return the first numbers of a set: 1, 33, 65, … (every 32)."""
    if not numbers.endless:
        first = numbers.first(LISTED + 1)
        return ", ".join(map(str, first[:LISTED])) + (", …" if len(first) > LISTED else "")
    single = len(numbers.runs) == 1
    first = numbers.first(SHOWN if single else LISTED)
    return f"{', '.join(map(str, first))}, … ({'every' if single else 'repeating every'} {numbers.period})"


def doubled(figures: Figures, point: Mapping[str, int]) -> Iterator[str]:
    """Yield the factors by which numbers grow when a symbol is doubled."""
    effects: dict[tuple[int, str], list[str]] = {}
    by_figure = [(word, doublings(figure, point)) for word, figure in figures]
    for name in point:
        factors = [
            f"{word} ×{times(each.times)}" for word, all_of in by_figure for each in all_of if each.symbol == name and each.times != 1
        ]
        if factors:
            effects.setdefault((point[name], ", ".join(factors)), []).append(name)
    if effects:
        yield f"At {', '.join(f'{name} = {value}' for name, value in point.items())}, with one of them doubled:"
    for (value, text), names in effects.items():
        yield f"{' or '.join(names)} {value} → {2 * value}: {text}."


def times(ratio: Fraction) -> str:
    """Format a ratio: 2 if exact, otherwise two digits (3.9, 16, 2.0)."""
    if ratio.denominator == 1:
        return str(ratio)
    tenths = int(ratio * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}" if tenths < 100 else str((tenths + 5) // 10)


def plain_sizes(report: Report) -> dict[str, dict[str, object]]:
    """Return the legal sizes for JSON."""
    return {
        each.symbol: {"works": plain_numbers(each.works), "tiles": plain_numbers(each.tiles), "rounding": each.rounding}
        for each in sizes(report)
    }


def plain_numbers(numbers: PeriodicSet | None) -> dict[str, object] | None:
    """Return a set of numbers for JSON: every period-th number from first to last (null: unbounded), for each run."""
    return None if numbers is None else {"least": numbers.least, "period": numbers.period, "runs": [list(run) for run in numbers.runs]}


def plain_growth(report: Report) -> dict[str, dict[str, int]]:
    """Return the highest power of each symbol in the totals."""
    orders = {figure: order(getattr(report.total, figure)) for figure in ("params", "macs", "flops", "values")}
    return {figure: {name: power for powers in found for name, power in powers} for figure, found in orders.items()}
