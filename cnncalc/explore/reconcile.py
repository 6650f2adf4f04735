"""Finds what was counted where a number was printed that differs from ours."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.choice import choose
from cnncalc.errors import Problem, Source, Span, SpecError
from cnncalc.explore.causes import QUANTITIES, CountedNetwork, PossibleCause, of, resolution, units
from cnncalc.printed_number import printed_number
from cnncalc.propagate.figures import FIGURES, aliases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.printed_number import PrintedNumber
    from cnncalc.propagate.report import Report
    from cnncalc.spec.model import Variant

CHANCE, CHANCE_NEAR = 40, 20  # one number in so many, at most, has a cause by chance: within a factor of 2, and within NEAR
NEAR = 1.25  # other input sizes are computed if the square law gives a number within this factor
FEW = 5  # causes to return
NOTED = "published"  # the value of a cause that a note of the file tells
ALIASES = aliases(FIGURES[name] for name in QUANTITIES)
WORDS = {"flops": "flops", "flop": "flops", "macs": "macs", "mac": "macs", "params": "params", "parameters": "params"}
_WORD = re.compile(r"(?P<number>.*?[0-9. ] *[KMGTB]?) *(?P<word>flops?|macs?|mult-?adds|params|parameters)", re.IGNORECASE)
_IN_NOTES = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?(?: ?(?:[KMGkB]|million|billion)\b)?")


class FoundCause(NamedTuple):
    """One cause, or two together, the number that they give, and what they add to ours."""

    causes: tuple[PossibleCause, ...]
    gives: int
    words: str
    parts: tuple[tuple[str, int], ...] = ()


class Reconciliation(NamedTuple):
    """A printed number of a network, our own, and the causes that give it."""

    report: Report
    number: PrintedNumber
    quantity: str
    computed: int
    causes: Sequence[FoundCause]
    hint: str = ""


class ChangedNetworks:
    """The networks that causes lead to, each built once for all quantities."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._built: dict[Any, Report | None] = {(None, ()): report}

    def changed(self, causes: Iterable[PossibleCause]) -> tuple[Any, Report | None]:
        """Return the network that the causes change, with its key; None where it cannot be built."""
        variant = next((each.variant for each in causes if each.variant is not None), None)
        changes: dict[str, Any] = {}
        for each in causes:
            changes.update(each.options)
        key = variant and variant.name, tuple(sorted(changes.items()))
        if key not in self._built:
            try:
                self._built[key] = self._report(variant, **changes)
            except SpecError:
                self._built[key] = None
        return key, self._built[key]

    def _report(
        self,
        variant: Variant | None,
        input: str = "",
        params: Sequence[str] = (),
        *,
        deployed: bool | None = None,
        sides: bool | None = None,
    ) -> Report:
        from cnncalc.graph.build import build
        from cnncalc.propagate.walk import propagate
        from cnncalc.spec.settings import Setting, option_input, option_params

        own, old = self.report, self.report.setting
        setting = Setting(
            old.network,
            variant or old.variant,
            input=option_input(input) if input else old.input,
            params={**old.params, **option_params(params)},
            changes=old.changes,
            variables=old.variables,
            layout="channels_last" if input else old.layout,
            freeze=old.freeze,
            until=old.until,
            deployed=old.deployed if deployed is None else deployed,
        )
        sides = own.sides if sides is None else sides
        return propagate(setting, build(setting), batch=own.batch, dtype=own.dtype, counting=own.counting, sides=sides, bias=own.bias)


class CauseSearch:
    """The causes for printed numbers of one quantity of a network. What a cause gives is computed on first use."""

    def __init__(self, networks: ChangedNetworks, quantity: str) -> None:
        self.quantity = quantity
        self.networks = networks
        self.report = networks.report
        self._counted: dict[Any, CountedNetwork] = {}
        self._known: dict[str, list[PossibleCause]] = {}  # by the unit of the number
        self._pairs: dict[str, list[tuple[PossibleCause, PossibleCause]]] = {}
        self._values: dict[tuple[int, ...], Fraction | int | None] = {}  # by the ids of causes, which _known keeps
        self.computed = CountedNetwork(self.report, quantity).computed
        if not isinstance(self.computed, int):
            raise SpecError(Problem(f"{quantity} is a formula here, not a number", hint="give the symbols numbers: --input, --set"))

    @cached_property
    def possible(self) -> list[PossibleCause]:
        """The single causes, the most usual first."""
        return list(of(self.quantity, self.report))

    def search(self, number: PrintedNumber, *, pairs: bool = True, quantities: int = 1) -> list[FoundCause]:
        """Return the causes that give a number, the most usual first: single ones or else, if asked for, pairs.

        A number that may be of several quantities meets more causes by chance.
        """
        found = []
        wanted = float(number.value)
        width = float(number.step or 2 * number.slack)
        seldom = width * (3 + quantities) / 4  # of several quantities, one is met more often
        room, room_near = 3 / 2 * wanted / seldom / CHANCE, (NEAR - 1 / NEAR) * wanted / seldom / CHANCE_NEAR
        if number.agrees(self.computed) or number.rounds(self.computed):
            own = PossibleCause("counting", self.quantity, lambda network: "")
            found.append(FoundCause((own,), self.computed, f"{FIGURES[self.quantity].words} as counted here"))
        elif room >= 1 and 0 <= self.computed - number.value < number.step:
            cut = PossibleCause("slip", "cut off", lambda network: "")
            found.append(FoundCause((cut,), self.computed, f"{FIGURES[self.quantity].words} as counted here, cut off and not rounded"))
        met: set[int] = set()  # numbers of as many digits that causes give, from half the number to its double
        near: set[int] = set()
        for causes in self._ordered(number.unit or _letter(number), pairs=pairs):
            if found and (len(causes) > 1 or causes[0].changes_network):
                break
            scale = causes[0].scale * causes[-1].scale if len(causes) > 1 else causes[0].scale
            value = self._value(causes, wanted * float(scale))
            ratio = float(value) / float(scale) / wanted if value is not None else 0
            if not 1 / 2 <= ratio <= 2 or value is None:
                continue
            met.add(round(ratio * wanted / width))
            if 1 / NEAR < ratio < NEAR:
                near.add(round(ratio * wanted / width))
            if len(met) > room or len(near) > room_near:
                break
            if abs(ratio - 1) * wanted <= width and number.rounds(value / scale):
                found.append(self._found(causes, int(value)))
        return found[:FEW] or self._noted(number)

    def _ordered(self, unit: str, *, pairs: bool) -> Iterator[tuple[PossibleCause, ...]]:
        """Yield the single causes, those first that need no other network, then the pairs by the sum of their places in their kinds."""
        if unit not in self._known:
            known = [*units(unit, memory=self.quantity == "memory"), *self.possible]
            self._known[unit] = sorted(known, key=lambda each: each.changes_network)
        yield from ((each,) for each in self._known[unit])
        if pairs and unit not in self._pairs:
            kinds: dict[Any, int] = {}
            ranks: dict[int, int] = {}
            for each in self._known[unit]:
                kind = each.cause, frozenset(each.changes)
                ranks[id(each)] = kinds.setdefault(kind, 2 * len(kinds))
                kinds[kind] += 1
            both = [pair for pair in combinations(self._known[unit], 2) if _combine(*pair)]
            self._pairs[unit] = sorted(both, key=lambda pair: ranks[id(pair[0])] + ranks[id(pair[1])])
        yield from self._pairs[unit] if pairs else ()

    def _value(self, causes: Sequence[PossibleCause], wanted: float) -> Fraction | int | None:
        """Return what the causes give together, computed once; for other sizes of the input an estimate, where that is far off."""
        key = tuple(map(id, causes))
        size = next((each for each in causes if each.cause == "resolution"), None)
        if key not in self._values and size is not None:
            rest = [each for each in causes if each is not size]
            value = self._value(rest, wanted) if rest else self.computed
            sides: Any = self.report.input.sides
            if value is None or len(sides) != 2:
                return None
            side = int(size.value.partition("x")[0])
            estimate = value * Fraction(side * side, sides[0] * sides[1])
            if not wanted / NEAR < estimate < wanted * NEAR:
                return estimate
        if key not in self._values:
            self._values[key] = self._exact(causes)
        return self._values[key]

    def _exact(self, causes: Sequence[PossibleCause]) -> Fraction | int | None:
        """Return what the causes give together; None if that is our own number, or not possible."""
        network = self._network(causes)
        if network is None or any(each.without and not each.without(network.report) for each in causes):
            return None
        value = network.total(causes)
        return value if value != self.computed or (len(causes) == 1 and causes[0].scale != 1) else None

    def _network(self, causes: Iterable[PossibleCause]) -> CountedNetwork | None:
        """Return the network that the causes change; None where it cannot be built."""
        key, report = self.networks.changed(causes)
        if key not in self._counted and report is not None:
            self._counted[key] = CountedNetwork(report, self.quantity)
        return self._counted.get(key)

    def _found(self, causes: tuple[PossibleCause, ...], gives: int) -> FoundCause:
        network = self._network(causes)
        assert network is not None  # it gave the number
        parts = [part for each in causes if each.rule for part in network.parts(each.rule).items()]
        for each in causes:
            if each.without:
                parts += [(what, -amount) for what, amount in network.parts(network.own, each.without).items()]
        main = [each.words(network) for each in causes if each.cause == "counting"]
        rest = " and ".join([each.words(network) for each in causes if each.cause != "counting"])
        words = ", ".join([*main, *([rest] if rest else [])]) if main else f"{FIGURES[self.quantity].words} {rest}"
        return FoundCause(causes, gives, words, tuple((what, amount) for what, amount in parts if amount))

    def _noted(self, number: PrintedNumber) -> list[FoundCause]:
        """Return the notes of the file that mention the number, where it is published and differs from ours."""
        about = self.report.setting.about
        text = (about.published or {}).get(f"deployed_{self.quantity}" if self.report.setting.deployed else self.quantity)
        printed = printed_number(text) if text else None
        if printed is None or printed.value != number.value or printed.agrees(self.computed):
            return []
        for note in about.notes or ():
            same = [each for word in _IN_NOTES.findall(note) if (each := printed_number(word)) and each.value == number.value]
            if same:
                slip = PossibleCause("slip", NOTED, lambda network, note=note: note)  # type: ignore[misc]  # bound at once
                return [FoundCause((slip,), int(number.value), f"a note of the file says: {note}")]
        return []

    def other_size(self, number: PrintedNumber) -> str:
        """Return a hint about an unusual input size that would give the number."""
        sides: Any = self.report.input.sides
        if self.quantity == "params" or len(sides) != 2 or sides[0] != sides[1]:
            return ""
        side = int(sides[0] * (float(number.value) / self.computed) ** 0.5)
        for size in sorted(range(side * 9 // 10, side * 11 // 10 + 2, max(1, side // 50)), key=lambda size: abs(size - side)):
            cause = resolution(self.report, size)
            network = self._network((cause,))
            if network is not None and number.rounds(network.computed) and network.computed != self.computed:
                unit = "bytes" if self.quantity == "memory" else FIGURES[self.quantity].words
                return f"At {size}×{size} there are {network.computed:,} {unit}."
        return ""


def _letter(number: PrintedNumber) -> str:
    """Return the unit of a count as written: the G of 4.1G."""
    letters = re.search(r"[a-z]+$", number.text.strip(), re.IGNORECASE)
    return letters[0][:1] if letters else "" if number.step != 1 or number.value < 10**5 else "-"


def _combine(one: PossibleCause, other: PossibleCause) -> bool:
    """Return whether two causes can be made together: they change different things, and do not count the same parts twice."""
    if one.rule and other.rule:
        return {one.cause, other.cause} == {"buffers", "bias"}
    return not one.changes & other.changes


def read(text: str, quantity: str | None = None) -> tuple[PrintedNumber, list[str]]:
    """Parse a printed number and the quantity, or those that it can be; the unit may name it, as in 4.1 GMACs."""
    named = _WORD.fullmatch(text.strip())
    words = WORDS.get(named["word"].lower(), "macs") if named else None
    if quantity is None and words is not None:
        quantity = words
    if quantity is not None:
        quantity = choose(quantity, QUANTITIES, "quantity", ALIASES)
    number = printed_number(named["number"] if named else text, memory=quantity == "memory")
    if number is None or number.value <= 0:
        span = Span(Source("NUMBER", text, option=True), 0, max(len(text), 1))
        raise SpecError(Problem(f"expected a number, not {text!r}", span, "as papers print it: 25557032, 25.6M, 4.1G, 97.5MiB"))
    if quantity is not None:
        return number, [quantity]
    return number, ["memory"] if number.unit else ["params", "macs", "flops", *(() if _letter(number).isalpha() else ("memory",))]


def reconcile(report: Report, text: str, quantity: str | None = None) -> Reconciliation:
    """Return what was counted where a number of this network was printed; without a quantity, of the one that has causes."""
    number, quantities = read(text, quantity)
    networks = ChangedNetworks(report)
    searches = [search for name in quantities if (search := CauseSearch(networks, name)).computed]
    if not searches:
        raise SpecError(Problem(f"{report.setting.id} has no {' or '.join(FIGURES[name].words for name in quantities)}"))
    searches.sort(key=lambda search: abs(log(number.value / search.computed)))
    for pairs in (False, True):
        for search in searches:
            if found := search.search(number, pairs=pairs, quantities=len(searches)):
                return Reconciliation(report, number, search.quantity, search.computed, found)
    nearest = searches[0]
    hint = nearest.other_size(number)
    if len(searches) > 1 and not hint:  # of several quantities, more numbers agree by chance
        hint = f"A quantity narrows the search and names more causes: {text} {nearest.quantity}."
    return Reconciliation(report, number, nearest.quantity, nearest.computed, [], hint)


def published(report: Report) -> Iterator[Reconciliation]:
    """Yield the published numbers of a network that differ from ours, with the single causes of each."""
    for quantity in ("params", "macs"):
        text = (report.setting.about.published or {}).get(f"deployed_{quantity}" if report.setting.deployed else quantity)
        number = printed_number(text) if text is not None else None
        here = getattr(report.total, quantity)
        if number is not None and isinstance(here, int) and here and not number.agrees(here):
            search = CauseSearch(ChangedNetworks(report), quantity)
            yield Reconciliation(report, number, quantity, here, search.search(number, pairs=False))
