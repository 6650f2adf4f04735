"""Networks side by side: names, patterns and settings go in, out come reports with their ratios and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.figures import figure
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from cnncalc.explore.vary import Axis
    from cnncalc.propagate.report import Report

LESS_IS_BETTER = ("params", "param_bytes", "macs", "flops", "values", "bytes", "top1_error", "top5_error")
RATIOS = ("params", "macs", "flops", "bytes")
EXTREMES = ("params", "macs", "bytes")  # what networks are ranked by in the conclusions
SIZES = ("params", "macs")  # and what tells which ones lie in between
WILD = frozenset("*?[")


class Wanted(NamedTuple):
    """A network to compare; one that a pattern or a family has brought along may be left out where it does not take the options."""

    name: str
    by_name: bool


class Entry:
    """One network under one setting."""

    __slots__ = ("alone", "name", "report", "settings")

    def __init__(self, name: str, report: Report, settings: Mapping[str, str]) -> None:
        self.name = name
        self.report = report
        self.settings = settings  # what --vary has set
        self.alone = False  # there is no other network beside it, only other settings

    @property
    def label(self) -> str:
        """What it is called in sentences."""
        return " ".join([*(() if self.alone else (self.name,)), *(f"{name}={value}" for name, value in self.settings.items())])

    def figure(self, name: str) -> Any:
        """A total, or what was published of it; None where there is none."""
        return self.error(name) if name.endswith("_error") else getattr(self.report.total, name)

    def error(self, name: str) -> Fraction | None:
        """A published error, where the network is the one that was published."""
        text = self.published(name)
        printed = figure(text) if text is not None else None
        return printed.value if printed is not None else None

    def published(self, name: str) -> str | None:
        """What was published, as it was printed."""
        text = (self.report.setting.about.published or {}).get(name)
        return text if text is not None and self.untouched else None

    @property
    def untouched(self) -> bool:
        """Options have left params, input and fields as they were."""
        from cnncalc.spec.settings import Setting

        setting = self.report.setting
        if setting.changes != setting.network.but:
            return False
        if setting.input is None and not setting.params:
            return True
        _, input, params = Setting(setting.network, setting.variant).resolve(self.report.graph.symbols)
        return input == self.report.input and params == self.report.graph.params


class Failure(NamedTuple):
    """A network that a pattern has brought along and that does not take the options."""

    label: str
    error: SpecError


class Comparison:
    """Networks side by side; ratios are to one of them."""

    def __init__(self, entries: Sequence[Entry], to: str | None = None, failures: Sequence[Failure] = ()) -> None:
        self.entries = entries
        self.failures = failures
        names = {entry.name for entry in entries}
        for entry in entries:
            entry.alone = len(names) == 1 and bool(entry.settings)
        self.to = _meant(entries, to) if to is not None else entries[0]
        self._best: dict[str, Any] = {name: self._lowest(name) for name in LESS_IS_BETTER}

    def _lowest(self, name: str) -> Any:
        if name.endswith("_error") and not one_task(self.entries):
            return None
        values = [value for entry in self.entries if (value := entry.figure(name)) is not None]
        if len(values) < 2 or not all(isinstance(value, int) or name.endswith("_error") for value in values):
            return None
        return min(values) if min(values) != max(values) else None

    def best(self, entry: Entry, name: str) -> bool:
        """Nothing is better in this, and something is worse."""
        lowest = self._best.get(name)
        return lowest is not None and entry.figure(name) == lowest

    def ratio(self, entry: Entry, name: str) -> Fraction | None:
        """How many times as much it has as the one that all are compared to."""
        from fractions import Fraction

        mine, its = entry.figure(name), self.to.figure(name)
        return Fraction(mine, its) if isinstance(mine, int) and isinstance(its, int) and its else None


def wanted(words: Sequence[str], families: Sequence[str] = ()) -> list[Wanted]:
    """The networks that names, patterns (resnet*) and families (the files of the catalogue) mean; each once."""
    from fnmatch import fnmatchcase

    from cnncalc.spec import catalogue

    found: dict[str, Wanted] = {}
    patterns = {word for word in words if WILD & set(word) and "/" not in word}
    known = list(catalogue.entries()) if patterns or families else []
    for word in words:
        if word not in patterns:
            found[word] = Wanted(word, by_name=True)
            continue
        _bring(found, [entry.name for entry in known if fnmatchcase(entry.name, word)], f"no network of the catalogue is like {word!r}")
    for family in families:
        names = [entry.name for entry in known if entry.file.rpartition(".")[0] == family]
        _bring(found, names, f"no family {family!r}", suggestion(family, (entry.file.rpartition(".")[0] for entry in known)))
    return list(found.values())


def _bring(found: dict[str, Wanted], names: Sequence[str], message: str, hint: str = "") -> None:
    if not names:
        raise SpecError(Problem(message, hint=hint or "cnncalc list shows the catalogue"))
    for name in names:
        found.setdefault(name, Wanted(name, by_name=False))


def compare(
    networks: Sequence[Wanted],
    asked: Mapping[str, Any],
    along: Sequence[Axis] = (),
    to: str | None = None,
    progress: Callable[[str], None] = lambda label: None,
) -> Comparison:
    """The networks under every setting of the axes; `asked` holds the other options of analysis.report."""
    if to is not None and all(to != each.name for each in networks) and not along:
        networks = [Wanted(to, by_name=True), *networks]
    entries: list[Entry] = []
    failures: list[Failure] = []
    for each in networks:
        progress(each.name)
        for entry in _entries(each, asked, along):
            if isinstance(entry, Entry):
                entries.append(entry)
                if len(entries) > LIMITS.compared:
                    raise SpecError(
                        Problem(
                            f"more than {LIMITS.compared} networks cannot be compared", hint="cnncalc sweep measures many settings of one"
                        )
                    )
            else:
                failures.append(entry)
    if not entries:
        raise failures[0].error if failures else SpecError(Problem("nothing to compare"))
    return Comparison(entries, to, failures)


def _entries(each: Wanted, asked: Mapping[str, Any], along: Sequence[Axis]) -> Iterator[Entry | Failure]:
    from cnncalc import analysis
    from cnncalc.explore.vary import points

    setting = analysis.locate(each.name)
    name = setting.id
    if along:
        for point in points(setting, along, asked):
            if point.report is not None:
                yield Entry(name, point.report, point.values)
            else:
                assert point.error is not None  # one of both is there
                yield Failure(" ".join([name, *(f"{axis}={value}" for axis, value in point.values.items())]), point.error)
        return
    try:
        yield Entry(name, analysis.report(setting, **asked), {})
    except SpecError as error:
        if each.by_name:
            raise
        yield Failure(name, error)


def _meant(entries: Sequence[Entry], to: str) -> Entry:
    """The entry that --to means: by its name, its label, or its setting."""
    for entry in entries:
        if to in (entry.name, entry.label, " ".join(f"{name}={value}" for name, value in entry.settings.items())):
            return entry
    labels = [entry.label for entry in entries]
    raise SpecError(Problem(f"--to: {to!r} is not compared", hint=suggestion(to, labels) or f"compared: {', '.join(labels)}"))


class Extremes(NamedTuple):
    """Who has most and who has least of what; `between` are those that have neither most nor least parameters and MACs."""

    most: Mapping[str, Sequence[Entry]]
    least: Mapping[str, Sequence[Entry]]
    between: Sequence[Entry]


class Standing(NamedTuple):
    """Networks in the order of a share of two figures, highest first."""

    entries: Sequence[Entry]
    shares: Sequence[Fraction]


def extremes(entries: Sequence[Entry]) -> Extremes | None:
    """Most and least; None for fewer than three networks, and for formulas."""
    if len(entries) < 3 or not all(isinstance(entry.figure(name), int) for entry in entries for name in EXTREMES):
        return None
    most: dict[str, list[Entry]] = {}
    least: dict[str, list[Entry]] = {}
    for name in EXTREMES:
        values = [entry.figure(name) for entry in entries]
        if min(values) != max(values):
            most[name] = [entry for entry, value in zip(entries, values, strict=True) if value == max(values)]
            least[name] = [entry for entry, value in zip(entries, values, strict=True) if value == min(values)]
    seen = {id(entry) for name in SIZES for entry in (*most.get(name, ()), *least.get(name, ()))}
    return Extremes(most, least, [entry for entry in entries if seen and id(entry) not in seen])


def heaviness(entries: Sequence[Entry]) -> Standing:
    """By parameters for each MAC: who has much to store for what it computes."""
    return _standing(entries, lambda entry: (entry.figure("params"), entry.figure("macs")))


def efficiency(entries: Sequence[Entry]) -> Standing:
    """By published top-1 accuracy, in percent, for each parameter."""
    if not one_task(entries):
        return Standing([], [])
    return _standing(entries, lambda entry: (_accuracy(entry), entry.figure("params")))


def one_task(entries: Sequence[Entry]) -> bool:
    """Errors can be compared: as far as an architecture tells, by its classes and the channels of its input, they are for one task."""
    measured = [entry.report for entry in entries if entry.error("top1_error") is not None]
    return len({(report.outputs[-1].c, report.input.c) for report in measured}) <= 1


def most_accurate(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Those with the lowest top-1 error."""
    errors = [error for entry in entries if (error := entry.error("top1_error")) is not None]
    return [entry for entry in entries if errors and entry.error("top1_error") == min(errors)]


def _accuracy(entry: Entry) -> Fraction | None:
    error = entry.error("top1_error")
    return 100 - error if error is not None else None


def _standing(entries: Sequence[Entry], share: Callable[[Entry], tuple[Any, Any]]) -> Standing:
    from fractions import Fraction

    found = []
    for entry in entries:
        part, whole = share(entry)
        if isinstance(part, (int, Fraction)) and isinstance(whole, int) and whole:
            found.append((Fraction(part) / whole, entry))
    found.sort(key=lambda each: -each[0])
    return Standing([entry for _, entry in found], [value for value, _ in found])
