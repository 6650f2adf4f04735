"""Compares networks: reports, ratios and conclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.limits import LIMITS
from cnncalc.printed_number import printed_number
from cnncalc.study.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from cnncalc.explore.vary import Axis
    from cnncalc.propagate.report import Report

LESS_IS_BETTER = ("params", "param_bytes", "macs", "flops", "values", "bytes", "top1_error", "top5_error")
RATIOS = ("params", "macs", "flops", "bytes")
EXTREMES = ("params", "macs", "bytes")  # metrics that the conclusions rank
SIZES = ("params", "macs")  # metrics that decide which networks are between the extremes
WILD = frozenset("*?[")


class RequestedNetwork(NamedTuple):
    """A network to compare. One that comes from a pattern or family is skipped if the options are invalid for it."""

    name: str
    by_name: bool


class ComparedNetwork:
    """One network under one setting."""

    __slots__ = ("_values", "alone", "name", "report", "settings")

    def __init__(self, name: str, report: Report, settings: Mapping[str, str]) -> None:
        self.name = name
        self.report = report
        self.settings = settings  # values given by --vary
        self.alone = False  # all entries are settings of the same network
        self._values: dict[str, Any] = {}

    @property
    def label(self) -> str:
        """The name in sentences."""
        return " ".join([*(() if self.alone else (self.name,)), *(f"{name}={value}" for name, value in self.settings.items())])

    def value(self, name: str) -> Any:
        """Return the value of a metric or published error, or None."""
        if name not in self._values:
            self._values[name] = self.error(name) if name.endswith("_error") else metric(name).read(self.report)
        return self._values[name]

    def error(self, name: str) -> Fraction | None:
        """Return a published error, unless options changed the network."""
        text = self.published(name)
        printed = printed_number(text) if text is not None else None
        return printed.value if printed is not None else None

    def published(self, name: str) -> str | None:
        """Return a published value as printed."""
        text = (self.report.setting.about.published or {}).get(name)
        return text if text is not None and self.untouched else None

    @property
    def untouched(self) -> bool:
        """Whether params, input and fields are those of the file."""
        from cnncalc.spec.settings import Setting

        setting = self.report.setting
        if setting.changes != setting.network.but or setting.until is not None:
            return False
        if setting.input is None and not setting.params:
            return True
        _, input, params = Setting(setting.network, setting.variant).resolve(self.report.graph.symbols)
        return input == self.report.input and params == self.report.graph.params


class Failure(NamedTuple):
    """A network from a pattern for which the options are invalid."""

    label: str
    error: SpecError


class Comparison:
    """Compared networks; ratios are relative to one of them."""

    def __init__(self, entries: Sequence[ComparedNetwork], to: str | None = None, failures: Sequence[Failure] = ()) -> None:
        self.entries = entries
        self.failures = failures
        names = {entry.name for entry in entries}
        for entry in entries:
            entry.alone = len(names) == 1 and bool(entry.settings)
        self.to = _meant(entries, to) if to is not None else entries[0]
        self._lowest: dict[str, Any] = {}  # by metric, computed on first access

    def _lowest_of(self, name: str) -> Any:
        if name.endswith("_error") and not one_task(self.entries):
            return None
        values = [value for entry in self.entries if (value := entry.value(name)) is not None]
        if len(values) < 2 or not all(isinstance(value, int) or name.endswith("_error") for value in values):
            return None
        return min(values) if min(values) != max(values) else None

    def best(self, entry: ComparedNetwork, name: str) -> bool:
        """Return whether an entry has the lowest value, and another one a higher value."""
        if name not in self._lowest:
            self._lowest[name] = self._lowest_of(name)
        return self._lowest[name] is not None and entry.value(name) == self._lowest[name]

    def ratio(self, entry: ComparedNetwork, name: str) -> Fraction | None:
        """Return an entry's value divided by that of the reference network."""
        from fractions import Fraction

        mine, its = entry.value(name), self.to.value(name)
        return Fraction(mine, its) if isinstance(mine, int) and isinstance(its, int) and its else None


def wanted(words: Sequence[str], families: Sequence[str] = ()) -> list[RequestedNetwork]:
    """Return the networks selected by names, patterns (resnet*) and families (catalogue files), without duplicates."""
    from fnmatch import fnmatchcase

    from cnncalc.spec import catalogue_index

    networks: dict[str, RequestedNetwork] = {}
    patterns = {word for word in words if WILD & set(word) and "/" not in word}
    known = list(catalogue_index.entries()) if patterns or families else []
    for word in words:
        if word not in patterns:
            networks[word] = RequestedNetwork(word, by_name=True)
            continue
        _bring(networks, [entry.name for entry in known if fnmatchcase(entry.name, word)], f"no network in the catalogue matches {word!r}")
    for family in families:
        names = [entry.name for entry in known if entry.file.rpartition(".")[0] == family]
        _bring(networks, names, f"no family {family!r}", suggestion(family, (entry.file.rpartition(".")[0] for entry in known)))
    return list(networks.values())


def _bring(networks: dict[str, RequestedNetwork], names: Sequence[str], message: str, hint: str = "") -> None:
    if not names:
        raise SpecError(Problem(message, hint=hint or "cnncalc list shows the catalogue"))
    for name in names:
        networks.setdefault(name, RequestedNetwork(name, by_name=False))


def compare(
    networks: Sequence[RequestedNetwork],
    asked: Mapping[str, Any],
    along: Sequence[Axis] = (),
    to: str | None = None,
    progress: Callable[[str], None] = lambda label: None,
) -> Comparison:
    """Compute the networks under every setting of the axes; `asked` holds the other options of analysis.report."""
    if to is not None and all(to != each.name for each in networks) and not along:
        networks = [RequestedNetwork(to, by_name=True), *networks]
    entries: list[ComparedNetwork] = []
    failures: list[Failure] = []
    for each in networks:
        progress(each.name)
        for entry in _entries(each, asked, along):
            if isinstance(entry, ComparedNetwork):
                entries.append(entry)
                if len(entries) > LIMITS.compared:
                    message = f"more than {LIMITS.compared} networks cannot be compared"
                    raise SpecError(Problem(message, hint="cnncalc sweep computes many settings of one network"))
            else:
                failures.append(entry)
    if not entries:
        raise failures[0].error if failures else SpecError(Problem("nothing to compare"))
    return Comparison(entries, to, failures)


def _entries(each: RequestedNetwork, asked: Mapping[str, Any], along: Sequence[Axis]) -> Iterator[ComparedNetwork | Failure]:
    from cnncalc import analysis
    from cnncalc.explore.vary import points

    setting = analysis.locate(each.name)
    name = setting.id
    if along:
        for point in points(setting, along, asked):
            if point.report is not None:
                yield ComparedNetwork(name, point.report, point.values)
            else:
                assert point.error is not None  # set if there is no report
                yield Failure(" ".join([name, *(f"{axis}={value}" for axis, value in point.values.items())]), point.error)
        return
    try:
        yield ComparedNetwork(name, analysis.report(setting, **asked), {})
    except SpecError as error:
        if each.by_name:
            raise
        yield Failure(name, error)


def _meant(entries: Sequence[ComparedNetwork], to: str) -> ComparedNetwork:
    """Return the entry given by --to: its name, label or setting."""
    for entry in entries:
        if to in (entry.name, entry.label, " ".join(f"{name}={value}" for name, value in entry.settings.items())):
            return entry
    labels = [entry.label for entry in entries]
    raise SpecError(
        Problem(f"--to: {to!r} is not among the compared networks", hint=suggestion(to, labels) or f"compared: {', '.join(labels)}")
    )


class Extremes(NamedTuple):
    """Networks with the highest and lowest values, by metric; `between` are those without an extreme of parameters or MACs."""

    most: Mapping[str, Sequence[ComparedNetwork]]
    least: Mapping[str, Sequence[ComparedNetwork]]
    between: Sequence[ComparedNetwork]


class Ranking(NamedTuple):
    """Networks sorted by the ratio of two values, highest first."""

    entries: Sequence[ComparedNetwork]
    shares: Sequence[Fraction]


def extremes(entries: Sequence[ComparedNetwork]) -> Extremes | None:
    """Return the extremes, or None for fewer than three networks or symbolic values."""
    if len(entries) < 3 or not all(isinstance(entry.value(name), int) for entry in entries for name in EXTREMES):
        return None
    most: dict[str, list[ComparedNetwork]] = {}
    least: dict[str, list[ComparedNetwork]] = {}
    for name in EXTREMES:
        values = [entry.value(name) for entry in entries]
        if min(values) != max(values):
            most[name] = [entry for entry, value in zip(entries, values, strict=True) if value == max(values)]
            least[name] = [entry for entry, value in zip(entries, values, strict=True) if value == min(values)]
    seen = {id(entry) for name in SIZES for entry in (*most.get(name, ()), *least.get(name, ()))}
    return Extremes(most, least, [entry for entry in entries if seen and id(entry) not in seen])


def heaviness(entries: Sequence[ComparedNetwork]) -> Ranking:
    """Rank networks by parameters per MAC."""
    return _standing(entries, lambda entry: (entry.value("params"), entry.value("macs")))


def efficiency(entries: Sequence[ComparedNetwork]) -> Ranking:
    """Rank networks by published top-1 accuracy (percent) per parameter."""
    if not one_task(entries):
        return Ranking([], [])
    return _standing(entries, lambda entry: (_accuracy(entry), entry.value("params")))


def one_task(entries: Sequence[ComparedNetwork]) -> bool:
    """Return whether errors are comparable: as far as known, all networks have the same number of classes and input channels."""
    measured = [entry.report for entry in entries if entry.error("top1_error") is not None]
    return len({(report.outputs[-1].c, report.input.c) for report in measured}) <= 1


def most_accurate(entries: Sequence[ComparedNetwork]) -> Sequence[ComparedNetwork]:
    """Return the networks with the lowest top-1 error."""
    errors = [error for entry in entries if (error := entry.error("top1_error")) is not None]
    return [entry for entry in entries if errors and entry.error("top1_error") == min(errors)]


def _accuracy(entry: ComparedNetwork) -> Fraction | None:
    error = entry.error("top1_error")
    return 100 - error if error is not None else None


def _standing(entries: Sequence[ComparedNetwork], share: Callable[[ComparedNetwork], tuple[Any, Any]]) -> Ranking:
    from fractions import Fraction

    ranked = []
    for entry in entries:
        part, whole = share(entry)
        if isinstance(part, (int, Fraction)) and isinstance(whole, int) and whole:
            ranked.append((Fraction(part) / whole, entry))
    ranked.sort(key=lambda each: -each[0])
    return Ranking([entry for _, entry in ranked], [value for value, _ in ranked])
