"""Networks in which a symbol says how often a step is repeated: what is linear in it, from the networks with 1, 2 and 3 repetitions.

The engine builds networks of known length. The values for any length follow from two of them where a line through these is proved right.
The text repeats one step of the network n times, and uses n and the number of the round nowhere else. Each round takes its input from the
round before only. Where a round leaves a volume like its input, all rounds (but the first) are the same layers on the same volumes: sums
over layers and the longest path grow by the same amount in each. So does the receptive field, also where volumes shrink, if no round has a
stride or merges volumes of different sizes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.dims import symbol, together
from cnncalc.layers import Volume
from cnncalc.spec.reader import Mapping, Scalar, Sequence
from cnncalc.spec.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.graph.network_graph import Node
    from cnncalc.propagate.report import Report
    from cnncalc.spec.model import Network
    from cnncalc.spec.reader import YamlNode

COUNT = re.compile(r"([A-Za-z]\w*)(?: ?([+-]) ?(\d{1,3}))?")  # n, n + 1
BUILT = (1, 2, 3)  # values of the symbol
FIELDS = ("receptive_field", "receptive_field_smallest", "jump")
FORBIDDEN = ("first", "each", "in", "from")  # beside the repeat


class SymbolicRepeat(Setting):
    """A network with a symbolic number of layers: those with 1, 2 and 3 for the symbol, and the layers ahead of the repeated step."""

    __slots__ = ("added", "ahead", "name", "settings")

    def __init__(self, network: Network, name: str, added: int, settings: list[Setting], ahead: Setting | None) -> None:
        super().__init__(network)
        self.added = added  # rounds beside those of the symbol: 1 in n + 1
        self.name = name
        self.settings = settings
        self.ahead = ahead


def symbolic_repeat(tree: Mapping, read: Callable[[Mapping], Network]) -> SymbolicRepeat | None:
    """Return a network that is written out with `repeat: n` and no value of n, if its text allows a proof."""
    entries = {key.text: value for key, value in zip(tree.keys, tree.values, strict=True)}
    params, layers = entries.get("params"), entries.get("layers")
    if not isinstance(params, Mapping) or not isinstance(layers, Sequence) or entries.keys() & {"like", "use", "variants"}:
        return None
    free = {key.text for key, value in zip(params.keys, params.values, strict=True) if getattr(value, "text", None) in ("", "~", "null")}
    for at, step in enumerate(layers.items):
        keys = {key.text: value for key, value in zip(step.keys, step.values, strict=True)} if isinstance(step, Mapping) else {}
        count = COUNT.fullmatch(getattr(keys.get("repeat"), "text", ""))
        if count is None or count[1] not in free or keys.keys() & set(FORBIDDEN):
            continue
        uses = [each.text for each in scalars(tree) if re.search(rf"\b{count[1]}\b", each.text)]
        rounds = any(re.search(r"\b(i|in)\b", each.text) for each in scalars(step))
        if len(uses) != 2 or rounds:  # in params, and here
            return None
        network = read(tree)
        added = int(f"{count[2] or '+'}{count[3] or 0}")
        settings = [Setting(read(with_entry(tree, "layers", repeated(layers, at, value + added)))) for value in BUILT]
        ahead = Setting(read(with_entry(tree, "layers", Sequence(layers.items[:at], layers.at)))) if at else None
        return SymbolicRepeat(network, count[1], added, settings, ahead)
    return None


def scalars(node: YamlNode) -> Iterator[Scalar]:
    """Yield all texts, keys included."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        for key, value in zip(node.keys, node.values, strict=True):
            yield key
            yield from scalars(value)


def with_entry(tree: Mapping, name: str, value: YamlNode) -> Mapping:
    """Return a mapping with another value of one key."""
    values = [value if key.text == name else other for key, other in zip(tree.keys, tree.values, strict=True)]
    return Mapping(tree.keys, values, tree.at)


def repeated(layers: Sequence, at: int, count: int) -> Sequence:
    """Return the steps with a number for the count of one of them."""
    step = layers.items[at]
    assert isinstance(step, Mapping)  # it has a count
    items = [*layers.items]
    items[at] = with_entry(step, "repeat", Scalar(str(count), step.at, plain=True))
    return Sequence(items, layers.at)


class GrowingReport:
    """Reports for 1, 2 and 3 repetitions as one; what is not overridden is that of the first, whose input and output all have."""

    def __init__(self, setting: SymbolicRepeat, reports: list[Report], ahead: int) -> None:
        self.name = setting.name
        self.reports = reports
        self.period = len(reports[1].rows) - len(reports[0].rows)
        own = setting.added >= 0  # the first round is always there, and may be different: of 3 channels, not of 8
        self.starts = [ahead + i * self.period for i in range(own, BUILT[-1] + setting.added + 1)]  # of equal rounds, and of what follows
        self.ahead = self.starts[0]  # layers ahead of these, the input included

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reports[0], name)

    def _in_a_row(self) -> bool:
        """Return whether all rounds have equal layers, and take nothing from before the end of the round ahead of them."""
        nodes = self.reports[-1].graph.nodes
        if self.period < 1 or any(i < start - 1 for start in self.starts for node in nodes[start:] for i in node.inputs):
            return False
        first = nodes[self.ahead : self.ahead + self.period]
        return all(
            same_layer(one, other) and tuple([i + start - self.ahead for i in one.inputs]) == other.inputs
            for start in self.starts[:-1]
            for one, other in zip(first, nodes[start : start + self.period], strict=True)
        )

    def _keeps_the_volume(self) -> bool:
        nodes = self.reports[-1].graph.nodes
        return len({nodes[start - 1].placed.output for start in self.starts}) == 1

    def _fields_add_up(self) -> bool:
        """Return whether each round adds the same to the receptive field: without a stride, from units that are all alike."""
        report = self.reports[-1]
        ends = [report.rows[start - 1] for start in self.starts]
        alike = all(
            row.jump == ends[0].jump and None not in row.jump and row.receptive_field == row.receptive_field_smallest for row in ends
        )
        return alike and all(len({x.sides for x in row.inputs}) == 1 and row.receptive_field_exact for row in report.rows[self.ahead :])

    def linear(self, metric: str, value: Callable[[Report], Any]) -> Any:
        """Return a metric as a formula of the symbol; None if it is not proved to be linear."""
        if not self._in_a_row() or not (self._fields_add_up() if metric in FIELDS else self._keeps_the_volume()):
            return None
        found = [value(each) for each in self.reports]
        if not isinstance(found[0], tuple):
            return self._fitted(*found)
        parts = [self._fitted(*each) for each in zip(*found, strict=True)]
        return None if None in parts else Volume(*parts) if isinstance(found[0], Volume) else tuple(parts)

    def _fitted(self, first: Any, second: Any, third: Any) -> Any:
        """Return the line through the values for 1 and 2; it is that for 3, too."""
        if None in (first, second, third):
            return None
        first, second, third, rounds = together(first, second, third, symbol(self.name, self.reports[0].graph.symbols))
        return first + (rounds - 1) * (second - first) if third - second == second - first else None


def same_layer(one: Node, other: Node) -> bool:
    """Return whether two nodes have equal layers."""
    first, second = one.placed.layer, other.placed.layer
    return first is second or (type(first) is type(second) and first.non_default_fields() == second.non_default_fields())
