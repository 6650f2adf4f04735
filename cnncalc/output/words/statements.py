"""What there is to say of formulas, for which values they hold and how they grow: a report goes in, sentences come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly
from cnncalc.dims.notation import SUPERSCRIPTS
from cnncalc.output.words import summary
from cnncalc.study.symbols.growth import doublings, order
from cnncalc.study.symbols.legal_sizes import sizes
from cnncalc.study.symbols.substitution import own_point, put, symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from cnncalc.propagate.report import Report
    from cnncalc.study.symbols.growth import Powers
    from cnncalc.study.symbols.legal_sizes import Numbers, Sizes

    Figures = Sequence[tuple[str, Any]]  # what they are called, and what they come to

LISTED = 6  # numbers of a set that does not read in words
SHOWN = 3  # numbers of one that does


def notes(report: Report, point: Mapping[str, int], figures: Figures) -> list[str]:
    """The lines below formulas: how the figures grow, for which sizes they hold, and what doubling a symbol does to them."""
    names = symbols(report)
    said = [] if all(name in point for name in names) else list(grows(report, point, figures))
    if not point:
        said += legal(report)
    known = {**own_point(report), **point}
    return [*said, *doubled(figures, {name: known[name] for name in names if name in known})]


def grows(report: Report, point: Mapping[str, int], figures: Figures) -> Iterator[str]:
    """MACs grow with H·W, and with w²; figures that grow alike are named together."""
    sides = dict.fromkeys(name for side in report.input.sides if isinstance(side, Poly) for name in side.symbols)
    alike: dict[str, list[str]] = {}
    for word, figure in figures:
        powers = order(put(figure, point), sides)
        if powers:
            alike.setdefault(listed([f"with {product(each)}" for each in powers]), []).append(word)
    if alike:
        text = "; ".join(f"{listed(words)} grow {powers}" for powers, words in alike.items())
        yield f"{text[0].upper()}{text[1:]}."


def product(powers: Powers) -> str:
    """Symbols with their powers: H·W, w²."""
    return "·".join(f"{name}{str(power).translate(SUPERSCRIPTS)}" if power > 1 else name for name, power in powers)


def listed(words: Sequence[str]) -> str:
    """Words in a row: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def legal(report: Report) -> Iterator[str]:
    """For which sizes the network works and every window tiles; symbols of which the same is true are named together."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    found = sizes(report)
    for each in found:
        if not each.free:
            alike.setdefault(each[1:], []).append(each.symbol)
    told = [(each.symbol,) for each in found if each.works is not None]
    yield from summary.required([condition for condition in report.conditions if condition.symbols not in told])
    for (works, tiles, rests, rounding), names in alike.items():
        yield of_sizes(works, tiles if rests else works, rounding, listed(names), rests=rests)
    if report.inexact:
        paths = [row.path for row in report.inexact]
        others = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
        yield f"Windows leave a rest whatever the symbols are: {', '.join(paths[:SHOWN])}{others}."
    yield from assumed(report, found)


def assumed(report: Report, found: Sequence[Sizes]) -> Iterator[str]:
    """The bounds below which formulas say nothing, since the network is another one there."""
    least = {each.symbol: each.works.least for each in found if each.works is not None}
    for condition in report.conditions:
        (name,) = condition.symbols[:1]
        if condition.assumed and condition.right == least.get(name, condition.right):
            yield f"{name} ≥ {condition.right} is assumed: {condition.message}."


def of_sizes(works: Numbers | None, tiles: Numbers | None, rounding: int, names: str, *, rests: bool) -> str:
    """What a symbol, or several alike, may be."""
    if works is None:
        return f"Which {names} are possible depends on other symbols as well."
    if works.least is None:
        return f"It works for no {names}."
    said = f"It works for {every(works, names)}"
    if rounding > 1:
        said += f"; rounding repeats every {rounding}"
    if not rests:
        return f"{said}."
    if tiles is None:
        return f"{said}; where all windows tile depends on other symbols as well."
    if tiles == works:
        return f"{said}; all windows tile."
    return f"{said}; all windows tile at {series(tiles)}." if tiles.least is not None else f"{said}; some windows never tile."


def every(numbers: Numbers, names: str) -> str:
    """A set of numbers in words."""
    if numbers.all_from_least:
        return f"every {names}" if numbers.least == 1 else f"every {names} from {numbers.least} up"
    if numbers.period == 1:
        first, last = numbers.runs[0]
        return f"every {names} from {first} to {last}"
    return f"{names} = {series(numbers)}"


def series(numbers: Numbers) -> str:
    """A set of numbers by its beginning: 1, 33, 65, … (every 32)."""
    if not numbers.endless:
        found = numbers.first(LISTED + 1)
        return ", ".join(map(str, found[:LISTED])) + (", …" if len(found) > LISTED else "")
    single = len(numbers.runs) == 1
    found = numbers.first(SHOWN if single else LISTED)
    return f"{', '.join(map(str, found))}, … ({'every' if single else 'repeating every'} {numbers.period})"


def doubled(figures: Figures, point: Mapping[str, int]) -> Iterator[str]:
    """What becomes of the figures where a symbol is twice as large."""
    effects: dict[tuple[int, str], list[str]] = {}
    found = [(word, doublings(figure, point)) for word, figure in figures]
    for name in point:
        said = [f"{word} ×{times(each.times)}" for word, all_of in found for each in all_of if each.symbol == name and each.times != 1]
        if said:
            effects.setdefault((point[name], ", ".join(said)), []).append(name)
    if effects:
        yield f"At {', '.join(f'{name} = {value}' for name, value in point.items())}, with one of them doubled:"
    for (value, text), names in effects.items():
        yield f"{' or '.join(names)} {value} → {2 * value}: {text}."


def times(ratio: Fraction) -> str:
    """A ratio: 2 where it is exact, else with two digits, 3.9 or 16 or 2.0."""
    if ratio.denominator == 1:
        return str(ratio)
    tenths = int(ratio * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}" if tenths < 100 else str((tenths + 5) // 10)


def plain_sizes(report: Report) -> dict[str, dict[str, object]]:
    """The legal sizes as JSON has them."""
    return {
        each.symbol: {"works": plain_numbers(each.works), "tiles": plain_numbers(each.tiles), "rounding": each.rounding}
        for each in sizes(report)
    }


def plain_numbers(numbers: Numbers | None) -> dict[str, object] | None:
    """A set of numbers: every period-th from each first to its last one (null: without an end)."""
    return None if numbers is None else {"least": numbers.least, "period": numbers.period, "runs": [list(run) for run in numbers.runs]}


def plain_growth(report: Report) -> dict[str, dict[str, int]]:
    """The highest power of each symbol in the totals."""
    orders = {figure: order(getattr(report.total, figure)) for figure in ("params", "macs", "flops", "values")}
    return {figure: {name: power for powers in found for name, power in powers} for figure, found in orders.items()}
