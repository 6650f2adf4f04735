"""Networks side by side, as a table, sentences and JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc import choice
from cnncalc.explore.compare import EXTREMES, LESS_IS_BETTER, RATIOS, efficiency, extremes, heaviness, most_accurate
from cnncalc.output.forms.numbers import NumberFormat, memory, percent
from cnncalc.output.forms.sheet import FORMS, PERCENT, TEXT, VALUE, VOLUME, Column, Form, Section, Sheet
from cnncalc.output.words import summary
from cnncalc.output.words.statements import listed
from cnncalc.propagate.rows import plain
from cnncalc.study.metrics import METRICS, NETWORK_ALIASES, NUMBERS, metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.explore.compare import ComparedNetwork, Comparison

PLAIN = NumberFormat()
SENTENCES = 8  # networks that get a line of their own; of more, columns tell
LISTED = 4  # networks that a sentence names
BEST = "*"


def _marked(form: Form) -> Form:
    """Return a form that adds a sign to the best value."""
    return Form(
        lambda value, fmt: form.people(value[0], fmt) + (BEST if value[1] else " "),
        lambda value: form.machine(value[0]),
        right=True,
        style=lambda value: ("best", "") if value[1] else None,
    )


def decimal(value: Fraction, digits: int = 3) -> str:
    """Format a ratio with significant digits: 0.115, 2.12, 21.7, 217."""
    places = 0
    scaled = abs(value)
    while scaled and scaled < 10 ** (digits - 1) and places < 12:
        scaled, places = scaled * 10, places + 1
    rounded = (2 * abs(value.numerator) * 10**places + value.denominator) // (2 * value.denominator)
    whole, part = divmod(rounded, 10**places)
    return f"{whole:,}.{part:0{places}}" if places else f"{whole:,}"


RATIO = Form(lambda value, fmt: decimal(value), lambda value: f"{float(value):.6g}", right=True)


KEEP = {  # which columns are kept longest where the page is narrow
    "params": 95, "macs": 90, "memory": 80, "param_memory": 70, "top1_error": 65, "weight_layers": 60, "top5_error": 55, "flops": 40,
    "values": 30,
}  # fmt: skip


def _metric(name: str) -> Column:
    """Return the column of a metric, with the lowest value marked if less is better."""
    figure = METRICS[name]
    form = FORMS[figure.unit]
    if name == "weight_layers":
        return Column(name, "layers", form, KEEP[name], lambda comparison, entry: entry.value(name))

    def read(comparison: Comparison, entry: ComparedNetwork) -> Any:
        return entry.value(name), comparison.best(entry, name)

    return Column(name, figure.heading, _marked(form), KEEP.get(name, 25), read)


def _published(name: str, heading: str) -> Column:
    """Return the column of a published error."""

    def read(comparison: Comparison, entry: ComparedNetwork) -> Any:
        text = entry.published(name)
        return None if text is None else (text, comparison.best(entry, name))

    return Column(name, heading, _marked(PERCENT), KEEP[name], read)


def _ratio(key: str, keep: int) -> Column:
    heading = f"× {metric(key).heading}"
    return Column(f"{key}_ratio", heading, RATIO, keep, lambda comparison, entry: comparison.ratio(entry, key))


_ALL = (
    Column("network", "network", TEXT, 100, lambda comparison, entry: entry.name),
    Column("title", "title", TEXT, 5, lambda comparison, entry: entry.report.setting.about.title or entry.name),
    Column("year", "year", VALUE, 50, lambda comparison, entry: entry.report.setting.about.year),
    Column("input", "input", VOLUME, 45, lambda comparison, entry: entry.report.input),
    *(_metric(name) for name in NUMBERS),
    *(_ratio(key, 20 - i) for i, key in enumerate(RATIOS)),
    _published("top1_error", "top-1 error"),
    _published("top5_error", "top-5 error"),
)
COLUMNS: Mapping[str, Column] = {column.name: column for column in _ALL}
DEFAULT = ("network", "year", "input", "weight_layers", "params", "macs", "flops", "memory", "param_memory", "top1_error", "top5_error")
CSV = (
    "network", "title", "year", "input", "weight_layers", "params", "params_ratio", "macs", "macs_ratio", "flops", "flops_ratio", "values",
    "memory", "bytes_ratio", "param_memory", "top1_error", "top5_error",
)  # fmt: skip
ALIASES = {
    **NETWORK_ALIASES, "name": "network", "layers": "weight_layers", "top1": "top1_error", "top5": "top5_error",
    "memory_ratio": "bytes_ratio",
}  # fmt: skip


def chosen(asked: str | None, comparison: Comparison, *, machine: bool = False) -> list[Column]:
    """Return the columns selected by --columns, or by default all that have values, plus those of the settings."""
    found = [COLUMNS[name] for name in choice.chosen(asked, CSV if machine else DEFAULT, COLUMNS, "column", ALIASES, always="network")]
    if not asked and not machine:
        found = [column for column in found if any(column.read(comparison, entry) is not None for entry in comparison.entries)]
        if comparison.to.alone:
            found = [column for column in found if column.name != "network"]
    behind = 1 if found[0].name == "network" else 0
    return [*found[:behind], *(_set(name) for name in axes(comparison)), *found[behind:]]


def axes(comparison: Comparison) -> list[str]:
    """Return the names varied by --vary."""
    return list(dict.fromkeys(name for entry in comparison.entries for name in entry.settings))


def _set(name: str) -> Column:
    return Column(name, name, Form(lambda value, fmt: str(value), right=True), 99, lambda comparison, entry: entry.settings.get(name))


def table(comparison: Comparison, asked: str | None = None, sort: str | None = None, *, machine: bool = False) -> Sheet:
    """Return a table with a row per network."""
    shown = chosen(asked, comparison, machine=machine)
    entries = ordered(comparison, sort)
    if machine:
        return Sheet((), shown, [Section([[column.read(comparison, entry) for column in shown] for entry in entries])])
    formulas = [column for column in shown if any(_is_formula(column.read(comparison, entry)) for entry in entries)]
    shown = [column for column in shown if column not in formulas]
    rows = [[column.read(comparison, entry) for column in shown] for entry in entries]
    notes = [*_formulas(comparison, entries, formulas), *sentences(comparison, entries), *conclusions(entries), *conditions(entries)]
    marked = any(isinstance(value, tuple) and value[-1] is True for row in rows for value in row)
    title = summary.title(comparison.to.report)[:1] if comparison.to.alone else []
    return Sheet(title, shown, [Section(rows)], notes, list(asides(comparison, marked=marked)), "use --columns to choose, ")


def _is_formula(value: Any) -> bool:
    from cnncalc.dims import Poly

    return isinstance(value, tuple) and isinstance(value[0], Poly) and len(value) == len(("figure", "best"))


def _formulas(comparison: Comparison, entries: Sequence[ComparedNetwork], formulas: Sequence[Column]) -> Iterator[str]:
    """Yield symbolic values, which are too long for columns, one per line."""
    for column in formulas:
        for entry in entries:
            value, _ = column.read(comparison, entry)
            yield f"{column.heading} of {entry.label} = {column.form.people((value, False), PLAIN).rstrip()}"


def ordered(comparison: Comparison, sort: str | None) -> list[ComparedNetwork]:
    """Return the networks sorted by a column, if given: numbers descending, words from A to Z."""
    if not sort:
        return list(comparison.entries)
    named = {name: _set(name) for name in axes(comparison)}
    column = named.get(sort) or COLUMNS[choice.choose(sort, {**COLUMNS, **named}, "column", ALIASES)]
    read = {id(entry): column.read(comparison, entry) for entry in comparison.entries}
    return sorted(comparison.entries, key=lambda entry: _rank(read[id(entry)], words=not column.form.right))


def _rank(value: Any, *, words: bool) -> tuple[int, Any]:
    """Return a sort key; missing values and formulas come last."""
    from cnncalc.printed_number import exact_number

    if isinstance(value, tuple) and isinstance(value[-1], bool):
        value = value[0]
    if words:
        return 0, str(value)
    if isinstance(value, str):
        value = exact_number(value)
    return (0, -value) if isinstance(value, (int, Fraction)) else (1, 0)


def sentences(comparison: Comparison, entries: Sequence[ComparedNetwork]) -> Iterator[str]:
    """Yield a sentence for each network with its ratios to the reference network."""
    others = [entry for entry in entries if entry is not comparison.to]
    if len(others) <= SENTENCES:
        for entry in others:
            said = [text for name in EXTREMES if (text := against(comparison, entry, name))]
            if said:
                link = "of" if " the " in said[-1] else "as" if said[-1].startswith("as ") else "than"
                yield f"{entry.label}: {listed(said)} {link} {comparison.to.label}."


def against(comparison: Comparison, entry: ComparedNetwork, name: str) -> str:
    """Return a phrase such as "2.2× the parameters", "11% of the parameters" or "9.5% more parameters"."""
    ratio = comparison.ratio(entry, name)
    figure = metric(name)
    word = figure.words
    if not ratio:
        return ""
    if ratio == 1:
        return f"as {'many' if figure.plural else 'much'} {word}"
    if max(ratio, 1 / ratio) < Fraction(11, 10):
        direction = "more" if ratio > 1 else "fewer" if figure.plural else "less"
        return f"{percent(abs(ratio.numerator - ratio.denominator), ratio.denominator, 1)} {direction} {word}"
    if ratio < 1:
        return f"{decimal(100 * ratio, 2)}% of the {word}"
    return f"{decimal(ratio, 2 if ratio < 10 else 3)}× the {word}"


def conclusions(entries: Sequence[ComparedNetwork]) -> Iterator[str]:
    """Yield conclusions: the extremes, the network with the most parameters per MAC, the most accurate and most efficient ones."""
    found = extremes(entries)
    if found is None:
        return
    parts = [*_held("most", found.most), *_held("least", found.least)]
    if found.between:
        names = [entry.label for entry in found.between]
        who = listed(names) if len(names) <= LISTED else f"the {len(names)} others"
        parts.append(f"in parameters and MACs, {who} {'lies' if len(names) == 1 else 'lie'} in between")
    if parts:
        yield "; ".join(parts) + "."
    yield from _heavy(entries)
    yield from _accurate(entries)


def _held(which: str, ranked: Mapping[str, Sequence[ComparedNetwork]]) -> Iterator[str]:
    """Yield phrases such as "vgg16 has the most parameters and MACs"."""
    together: dict[tuple[str, ...], list[str]] = {}
    for name, holders in ranked.items():
        together.setdefault(tuple(entry.label for entry in holders), []).append(name)
    for labels, names in together.items():
        who = listed(labels) if len(labels) <= LISTED else f"{len(labels)} networks"
        words: dict[str, list[str]] = {}
        for name in names:
            figure = metric(name)
            words.setdefault("fewest" if which == "least" and figure.plural else which, []).append(figure.words)
        joint = ", and " if any(len(said) > 1 for said in words.values()) else " and "
        what = joint.join(f"the {degree} {listed(said)}" for degree, said in words.items())
        yield f"{who} {'has' if len(labels) == 1 else 'have'} {what}"


def _heavy(entries: Sequence[ComparedNetwork]) -> Iterator[str]:
    """Yield a sentence on the network with the most parameters per MAC, if it stands out."""
    found = heaviness(entries)
    if len(found.entries) != len(entries) or found.shares[0] < 2 * found.shares[1]:
        return
    first, share = found.entries[0], found.shares[0]
    computing = sorted(entry.value("macs") for entry in entries)
    little = first.value("macs") < computing[len(computing) // 2]
    much = f"{decimal(1000 * share, 2)} parameters for every 1,000 MACs"
    rest = _others(found.entries, [decimal(1000 * value, 2) for value in found.shares])
    taken = memory(first.value("param_bytes"), PLAIN)
    yield f"{first.label} {'computes little but is' if little else 'is'} heavy on memory: its parameters take {taken}, {much}{rest}."


def _accurate(entries: Sequence[ComparedNetwork]) -> Iterator[str]:
    found = efficiency(entries)
    if len(found.entries) < 2:
        return
    best = most_accurate(entries)
    error = best[0].error("top1_error")
    assert error is not None  # accuracy was read from it
    shares = [decimal(1_000_000 * share, 2) for share in found.shares]
    efficient = f"{found.entries[0].label} is the most efficient: {shares[0]} points of accuracy for a million parameters"
    yield (
        f"{listed([entry.label for entry in best[:LISTED]])} {'is' if len(best) == 1 else 'are'} the most accurate, "
        f"with {float(error):g}% top-1 error; {efficient}{_others(found.entries, shares)}."
    )


def _others(entries: Sequence[ComparedNetwork], shares: Sequence[str]) -> str:
    said = [f"{entry.label} {share}" for entry, share in zip(entries[1:LISTED], shares[1:LISTED], strict=True)]
    return f" ({', '.join(said)}{', …' if len(entries) > LISTED else ''})" if said else ""


def conditions(entries: Iterable[ComparedNetwork]) -> list[str]:
    """Return the conditions of formulas, by network."""
    return [
        f"{entry.label}: {line}" for entry in entries for line in (summary.stated(entry.report), *summary.conditions(entry.report)) if line
    ]


def asides(comparison: Comparison, *, marked: bool) -> Iterator[str]:
    """Yield the meaning of signs, the source of errors, and what was left out."""
    if marked:
        yield f"{BEST} lowest in the column."
    if comparison.to.report.counting != "full":
        yield f"FLOPs: counting convention {comparison.to.report.counting}."
    if sum(entry.error("top1_error") is not None for entry in comparison.entries) > 1:
        yield "Errors are published values; their sources did not all measure the same way."
    if len(comparison.entries) <= SENTENCES:
        yield from _published_otherwise(comparison.entries)
    if len(comparison.entries) - 1 > SENTENCES:
        yield f"Ratios to {comparison.to.label}: --columns +params_ratio,+macs_ratio."
    for failure in comparison.failures:
        yield f"Left out: {failure.label}: {failure.error.problems[0].message}"


def _published_otherwise(entries: Iterable[ComparedNetwork]) -> Iterator[str]:
    """Yield what was counted where published numbers differ from ours, if it is known."""
    from cnncalc.explore.reconcile import NOTED, published

    for entry in entries:
        if entry.untouched and entry.report.batch == 1 and entry.report.bias:
            for found in published(entry.report):
                words = metric(found.quantity).words
                if found.causes and (first := found.causes[0]).causes[0].value != NOTED:
                    yield f"{entry.label}: {found.number.text} {words} are published; {first.gives:,}: {first.words}."


def document(comparison: Comparison, sort: str | None = None) -> dict[str, Any]:
    """Return the JSON of a comparison."""
    from cnncalc.version import __version__

    entries = ordered(comparison, sort)
    report = comparison.to.report
    return {
        "cnncalc": __version__,
        "counting": report.counting,
        "to": comparison.to.label,
        "networks": [_row(comparison, entry) for entry in entries],
        "conclusions": list(conclusions(entries)),
        "left_out": [{"network": each.label, "message": each.error.problems[0].message} for each in comparison.failures],
    }


def _row(comparison: Comparison, entry: ComparedNetwork) -> dict[str, Any]:
    report = entry.report
    about = report.setting.about
    found: dict[str, Any] = {"id": entry.name, "name": about.title or entry.name, "year": about.year, "settings": dict(entry.settings)}
    found["input"] = plain(report.input)
    found["batch"] = plain(report.batch)
    found.update(report.total.as_dict())
    for name in ("top1_error", "top5_error"):
        error = entry.error(name)
        found[name] = None if error is None else float(error)
    ratios = {name: comparison.ratio(entry, name) for name in RATIOS}
    found["ratios"] = {name: None if ratio is None else round(float(ratio), 6) for name, ratio in ratios.items()}
    found["best"] = [name for name in LESS_IS_BETTER if comparison.best(entry, name)]
    if report.conditions:
        found["conditions"] = [str(condition) for condition in report.conditions]
    return found
