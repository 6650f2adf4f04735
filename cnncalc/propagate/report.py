"""What a network costs, layer by layer and in all: numbers (or formulas) and units, no words for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cnncalc.propagate.receptive_field import Views

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cnncalc.dims import Condition, Dim
    from cnncalc.graph.graph import Graph, Node, Placed
    from cnncalc.layers import Layer, Volume
    from cnncalc.propagate.costs import Cost
    from cnncalc.propagate.receptive_field import View
    from cnncalc.spec.settings import Setting

    Costs = Mapping[Placed, tuple[Cost, Dim]]  # with the figure of the counting convention

SEEN = ("receptive_field", "receptive_field_smallest", "receptive_field_exact", "jump", "offset", "narrowest")
BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8, "int8": 1}


class Row:
    """One layer of a report. Work and values are for the whole batch."""

    __slots__ = ("_batch", "_cost", "_width", "at", "flops", "node", "sources", "views")

    def __init__(self, node: Node, sources: tuple[str, ...], cost: Cost, flops: Dim, views: Views, at: int, batch: Dim, width: Dim) -> None:
        self.node = node
        self.sources = sources  # the paths of the layers that it takes from
        self.flops = flops
        self.views = views  # of all layers, of which this one is the `at`-th
        self.at = at
        self._cost = cost
        self._batch = batch
        self._width = width

    @property
    def path(self) -> str:
        """Where it stands in the network: stage2/unit1/conv1."""
        return self.node.path

    @property
    def layer(self) -> Layer:
        """The layer itself."""
        return self.node.placed.layer

    @property
    def kind(self) -> str:
        """What it is."""
        return self.node.placed.layer.kind

    @property
    def inputs(self) -> tuple[Volume, ...]:
        """The volumes that arrive."""
        return self.node.placed.inputs

    @property
    def output(self) -> Volume:
        """The volume that it leaves."""
        return self.node.placed.output

    @property
    def side(self) -> bool:
        """Stands on a side exit."""
        return self.node.side

    @property
    def cost(self) -> Cost:
        """What it costs one image."""
        return self._cost

    @property
    def weights(self) -> Dim:
        """Learned numbers that multiply."""
        return self._cost.weights

    @property
    def biases(self) -> Dim:
        """Learned numbers that are added."""
        return self._cost.biases

    @property
    def params(self) -> Dim:
        """Learned numbers."""
        return self._cost.params

    @property
    def buffers(self) -> Dim:
        """Numbers kept but not learned."""
        return self._cost.buffers

    @property
    def macs(self) -> Dim:
        """Uses of a weight."""
        return self._batch * self._cost.work.macs

    @property
    def values(self) -> Dim:
        """Numbers that it writes."""
        return self._batch * self._cost.values

    @property
    def bytes(self) -> Dim:
        """What they take."""
        return self._width * self.values

    @property
    def stored(self) -> bool:
        """Writes a volume of its own."""
        return self._cost.stored

    @property
    def exact(self) -> bool | None:
        """Every window tiles its input; None where that depends on symbols."""
        return self._cost.exact

    @property
    def view(self) -> View:
        """What its units see of the input, along each axis."""
        return self.views[self.at]

    @property
    def receptive_field(self) -> tuple[Any, Any]:
        """Input pixels from the first to the last that a unit sees, [height, width]; of units that differ, the one that sees most."""
        return self.view[0].largest, self.view[1].largest

    @property
    def receptive_field_smallest(self) -> tuple[Any, Any]:
        """The same of the unit that sees least."""
        return self.view[0].smallest, self.view[1].smallest

    @property
    def receptive_field_exact(self) -> bool:
        """Whether these are no upper bounds: behind a split, other parts of the volume count as well."""
        return self.view[0].exact

    @property
    def jump(self) -> tuple[Any, Any]:
        """Input pixels from one unit to the next, on average, [height, width]; 0 where there is no next one."""
        return whole(self.view[0].jump), whole(self.view[1].jump)

    @property
    def offset(self) -> tuple[Any, Any]:
        """The input pixel with which the first value's field begins, [height, width]; below 0 there are zeros."""
        return self.view[0].start, self.view[1].start

    @property
    def narrowest(self) -> tuple[Any, Any]:
        """Input pixels that a unit sees by the narrowest of the paths to it, [height, width]."""
        return self.view[0].least, self.view[1].least

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON has it."""
        placed, cost = self.node.placed, self._cost
        row: dict[str, Any] = {"path": self.node.path, "kind": placed.layer.kind}
        if self.sources:
            row["from"] = list(self.sources)
            row["input"] = plain(placed.inputs[0]) if len(placed.inputs) == 1 else [plain(volume) for volume in placed.inputs]
        row["output"] = plain(placed.output)
        numbers = ("weights", "biases", "params", "buffers", "macs", "flops", "values", "bytes")
        row.update((name, plain(getattr(self, name))) for name in numbers)
        row.update(stored=cost.stored, side=self.node.side, exact=cost.exact)
        row.update(self._seen())
        layer = placed.layer
        row["fields"] = {name: plain(layer.fields[name].type.plain(value)) for name, value in layer.stated().items()}
        return row

    def like(self, other: Mapping[str, Any]) -> dict[str, Any]:
        """The row as JSON has it, by that of a row that shares its place."""
        own = {"path": self.node.path, "side": self.node.side, **self._seen()}
        return {**other, **own, "from": list(self.sources)} if self.sources else {**other, **own}

    def _seen(self) -> dict[str, Any]:
        """What it sees of the input; rows that share their place do not share this."""
        return {name: plain(getattr(self, name)) for name in SEEN}


class Total:
    """The sums of the rows. Rows that share their place are added at once."""

    __slots__ = ("biases", "buffers", "bytes", "flops", "macs", "param_bytes", "params", "values", "weight_layers", "weights")

    def __init__(self, counts: Mapping[Placed, int], costs: Costs, weight_layers: int, batch: Dim, width: int) -> None:
        counted = [(*costs[placed], count) for placed, count in counts.items()]
        self.weights = total(count * cost.weights for cost, _, count in counted)
        self.biases = total(count * cost.biases for cost, _, count in counted)
        self.buffers = total(count * cost.buffers for cost, _, count in counted)
        self.params = total(count * cost.params for cost, _, count in counted)
        self.macs = batch * total(count * cost.work.macs for cost, _, count in counted)
        self.flops = total(count * flops for _, flops, count in counted)
        self.values = batch * total(count * cost.values for cost, _, count in counted if cost.stored)
        self.param_bytes = width * self.params
        self.bytes = width * self.values
        self.weight_layers = weight_layers

    def as_dict(self) -> dict[str, Any]:
        """The totals as JSON has them."""
        order = ("params", "weights", "biases", "buffers", "param_bytes", "macs", "flops", "values", "bytes", "weight_layers")
        return {name: plain(getattr(self, name)) for name in order}


class Report:
    """What a network costs."""

    def __init__(
        self,
        setting: Setting,
        graph: Graph,
        costs: Costs,
        weight_layers: int,
        *,
        batch: Dim = 1,
        dtype: str = "float32",
        counting: str = "full",
        sides: bool = False,
        bias: bool = True,
    ) -> None:
        self.setting = setting
        self.graph = graph
        self.batch = batch
        self.dtype = dtype
        self.counting = counting
        self.sides = sides  # side exits are in the totals
        self.bias = bias  # biases are parameters
        width = BYTES[dtype]
        main = Counter([node.placed for node in graph.nodes if sides or not node.side])
        aside = Counter([node.placed for node in graph.nodes if node.side])
        self.total = Total(main, costs, weight_layers, batch, width)
        self.exits = Total(aside, costs, 0, batch, width) if aside else None
        self._costs = costs
        self._rows: list[Row] | None = None
        self._paths: dict[str, list[Row]] | None = None

    @property
    def rows(self) -> list[Row]:
        """Layer by layer; made when somebody asks, since totals do without."""
        if self._rows is None:
            nodes, costs, width = self.graph.nodes, self._costs, BYTES[self.dtype]
            views = Views(self.graph, costs)
            self._rows = [
                Row(node, tuple([nodes[each].path for each in node.inputs]), *costs[node.placed], views, at, self.batch, width)
                for at, node in enumerate(nodes)
            ]
        return self._rows

    @property
    def costs(self) -> Costs:
        """What each layer in its place costs; nodes that share their place share the answer."""
        return self._costs

    @property
    def input(self) -> Volume:
        """The volume that is given."""
        return self.graph.nodes[0].placed.output

    @property
    def outputs(self) -> tuple[Volume, ...]:
        """The volumes that come out."""
        return tuple(self.graph.nodes[each].placed.output for each in self.graph.outputs)

    @property
    def conditions(self) -> Mapping[Condition, str]:
        """What had to be assumed of the symbols, and for which layer."""
        return self.graph.conditions

    @property
    def inexact(self) -> list[Row]:
        """The layers whose windows do not tile."""
        return [row for row in self.rows if row.exact is False]

    def __getitem__(self, path: str) -> Row:
        """The row of a layer, by its path or by any tail of it that is unique."""
        found = self.find(path)
        if len(found) == 1:
            return found[0]
        raise KeyError(f"{len(found)} layers are meant by {path!r}" if found else path)

    def find(self, path: str) -> list[Row]:
        """The rows that a path means: the one that bears it, else all whose paths end in it."""
        if self._paths is None:
            self._paths = {}
            for row in self.rows:
                self._paths.setdefault(row.path.rpartition("/")[2], []).append(row)
        ending = self._paths.get(path.rpartition("/")[2], [])
        whole = [row for row in ending if row.path == path]
        return whole or [row for row in ending if row.path.endswith("/" + path)]

    def _repr_html_(self) -> str:
        """What a notebook shows. The one place where data knows how it is drawn: notebooks ask the object itself."""
        from cnncalc.output.notebook import fragment

        return fragment(self)

    def __iter__(self) -> Iterator[Row]:
        """Row by row."""
        return iter(self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Exactly what `show --format json` prints."""
        from cnncalc.propagate.document import document

        return document(self)


def total(figures: Iterable[Dim]) -> Dim:
    """The sum of numbers or formulas."""
    result: Dim = 0
    for figure in figures:
        result += figure
    return result


def whole(value: Any) -> Any:
    """A fraction that is a whole number, as one."""
    return value.numerator if getattr(value, "denominator", 0) == 1 else value


def plain(value: Any) -> Any:
    """A number as JSON has it: formulas and fractions become text that the spec's arithmetic reads back."""
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
