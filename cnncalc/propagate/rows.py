"""Parts of a report: the costs of a layer, a folder of layers and the whole network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.propagate.figures import FIGURES, OF_LAYERS, PIXELS, TOTALS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.dims import Dim
    from cnncalc.graph.network_graph import Graph, Node, PlacedLayer
    from cnncalc.layers import Layer, Volume
    from cnncalc.propagate.costs import Cost
    from cnncalc.propagate.receptive_field import View

    Costs = Mapping[PlacedLayer, tuple[Cost, Dim]]  # with the FLOPs of the counting convention

SEEN = tuple(
    figure.key for figure in OF_LAYERS if figure.unit == PIXELS or figure.name == "receptive_field_exact"
)  # metrics that can differ between rows with the same layer and inputs
KEYS = {figure.key: figure for figure in FIGURES.values() if figure.for_layers}
WORK = ("macs", "products", "flops")  # keys of what is not known of a layer that is not modelled
OWNED = ("weights", "biases", "params", "trainable", "frozen", "buffers")  # keys of what is counted once where weights are shared
BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8, "int8": 1}
DTYPE_ALIASES = {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16", "fp64": "float64"}


class Views:
    """Receptive fields of all layers of a network, computed on first access."""

    __slots__ = ("costs", "found", "graph")

    def __init__(self, graph: Graph, costs: Mapping[PlacedLayer, tuple[Cost, Any]]) -> None:
        self.graph = graph
        self.costs = costs
        self.found: list[View] = []

    def __getitem__(self, at: int) -> View:
        """Return the view of one layer."""
        if not self.found:
            from cnncalc.propagate.receptive_field import views

            self.found = views(self.graph, lambda node: self.costs[node.placed][0].reach)
        return self.found[at]


class Row:
    """One layer of a report. MACs, FLOPs, activations and their memory are for the whole batch."""

    __slots__ = ("_batch", "_width", "at", "cost", "flops", "node", "sources", "views")

    def __init__(self, node: Node, sources: tuple[str, ...], cost: Cost, flops: Dim, views: Views, at: int, batch: Dim, width: Dim) -> None:
        self.node = node
        self.sources = sources  # the paths of its inputs
        self.flops = flops
        self.views = views  # of all layers; `at` is the index of this one
        self.at = at
        self.cost = cost  # for one image
        self._batch = batch
        self._width = width

    @property
    def path(self) -> str:
        """The path in the network: stage2/unit1/conv1."""
        return self.node.path

    @property
    def rows(self) -> tuple[Row, ...]:
        """The row itself, as for a folder."""
        return (self,)

    @property
    def layer(self) -> Layer:
        """The layer itself."""
        return self.node.placed.layer

    @property
    def kind(self) -> str:
        """The kind of layer."""
        return self.node.placed.layer.kind

    @property
    def inputs(self) -> tuple[Volume, ...]:
        """The input volumes."""
        return self.node.placed.inputs

    @property
    def output(self) -> Volume:
        """The output volume."""
        return self.node.placed.output

    @property
    def side(self) -> bool:
        """Whether it belongs to an auxiliary head."""
        return self.node.side

    @property
    def weights(self) -> Dim:
        """Learnable parameters that multiply."""
        return 0 if self.node.placed.shared else self.cost.weights

    @property
    def biases(self) -> Dim:
        """Learnable parameters that are added."""
        return 0 if self.node.placed.shared else self.cost.biases

    @property
    def params(self) -> Dim:
        """Learnable parameters."""
        return 0 if self.node.placed.shared else self.cost.params

    @property
    def trainable(self) -> Dim:
        """Learnable parameters that training changes."""
        return 0 if self.node.placed.shared else self.cost.trainable

    @property
    def frozen(self) -> Dim:
        """Parameters that training leaves as they are."""
        return 0 if self.node.placed.shared else self.cost.frozen

    @property
    def trains(self) -> bool:
        """Whether training changes its weights, which may be those of another layer."""
        return not self.node.placed.frozen and self.cost.learned != 0

    @property
    def buffers(self) -> Dim:
        """Stored numbers that are not learned, such as running means."""
        return 0 if self.node.placed.shared else self.cost.buffers

    @property
    def macs(self) -> Dim:
        """Multiply-accumulates."""
        return self._batch * self.cost.work.macs

    @property
    def products(self) -> Dim:
        """Multiply-accumulates of activations with each other."""
        return self._batch * self.cost.work.products

    @property
    def values(self) -> Dim:
        """Elements of the output."""
        return self._batch * self.cost.values

    @property
    def bytes(self) -> Dim:
        """The memory of the output."""
        return self._width * self.values

    @property
    def stored(self) -> bool:
        """Whether it writes an output of its own, neither in place nor as a view."""
        return self.cost.stored

    @property
    def exact(self) -> bool | None:
        """Whether its kernel divides the input evenly; None where that depends on symbols."""
        return self.cost.exact

    @property
    def lost(self) -> tuple[int, ...]:
        """Rows and columns of the input after the last position of the kernel, by side."""
        if self.exact is not False:
            return (0,) * (len(self.output) - 1)
        windows = self.layer.windows  # type: ignore[attr-defined]  # only kernels can fail to divide their input
        return tuple(window.lost(side) for window, side in zip(windows, self.inputs[0], strict=False))

    @property
    def view(self) -> View:
        """The receptive fields of the layer's units, by axis."""
        return self.views[self.at]

    @property
    def receptive_field(self) -> tuple[Any, ...]:
        """Input pixels from the first to the last that a unit depends on, by side; the largest if units differ."""
        return tuple(axis.largest for axis in self.view)

    @property
    def receptive_field_smallest(self) -> tuple[Any, ...]:
        """The receptive field of the unit with the smallest one."""
        return tuple(axis.smallest for axis in self.view)

    @property
    def receptive_field_exact(self) -> bool:
        """False if the fields are upper bounds: after a split, all parts count as the whole volume."""
        return self.view[0].exact

    @property
    def jump(self) -> tuple[Any, ...]:
        """Input pixels from one unit to the next, on average, by side; 0 where there is only one."""
        return tuple(whole(axis.jump) for axis in self.view)

    @property
    def offset(self) -> tuple[Any, ...]:
        """The input pixel where the field of the first unit begins, by side; negative in the padding."""
        return tuple(axis.start for axis in self.view)

    @property
    def narrowest(self) -> tuple[Any, ...]:
        """Input pixels of a unit along the narrowest path, by side."""
        return tuple(axis.least for axis in self.view)

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON."""
        placed = self.node.placed
        row: dict[str, Any] = {"path": self.node.path, "kind": placed.layer.kind}
        if self.sources:
            row["from"] = list(self.sources)
            row["input"] = plain(placed.inputs[0]) if len(placed.inputs) == 1 else [plain(volume) for volume in placed.inputs]
        row["output"] = plain(placed.output)
        row.update((figure.key, plain(getattr(self, figure.key))) for figure in OF_LAYERS)
        row["stored"] = self.cost.stored
        if placed.layer.stated:
            row["stated"] = True
        if not placed.layer.modelled:
            row.update(dict.fromkeys(WORK), modelled=False)
        if self.node.owner:
            row["weights_of"] = self.node.owner
        if self.node.parts:
            row["merged_from"] = list(self.node.parts)
        layer = placed.layer
        row["fields"] = {name: plain(layer.fields[name].type.plain(value)) for name, value in layer.non_default_fields().items()}
        return row

    def like(self, other: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row for JSON, based on a row with the same layer, inputs and output."""
        own = {"path": self.node.path, "side": self.node.side, **{name: plain(getattr(self, name)) for name in SEEN}}
        if self.node.parts:
            own["merged_from"] = list(self.node.parts)
        return {**other, **own, "from": list(self.sources)} if self.sources else {**other, **own}


class LayerFolder:
    """The layers of a folder, with the metrics of a row: costs are summed, the output is that of the last layer."""

    __slots__ = ("path", "rows")
    path: str
    rows: Sequence[Row]

    def __init__(self, path: str, rows: Sequence[Row]) -> None:
        self.path = path
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        figure = KEYS.get(name)
        if figure is None:
            raise AttributeError(f"a folder of layers has no {name!r}")
        return figure.of(self.rows)


class Total:
    """The sums of the rows."""

    __slots__ = (
        "biases",
        "buffers",
        "bytes",
        "complete",
        "flops",
        "frozen",
        "macs",
        "param_bytes",
        "params",
        "products",
        "stated",
        "trainable",
        "values",
        "weight_layers",
        "weights",
    )

    def __init__(self, counts: Mapping[PlacedLayer, int], costs: Costs, weight_layers: int, batch: Dim, width: int) -> None:
        counted = [(*costs[placed], count) for placed, count in counts.items()]
        owned = [(costs[placed][0], count) for placed, count in counts.items() if not placed.shared]
        self.weights = sum(count * cost.weights for cost, count in owned)
        self.biases = sum(count * cost.biases for cost, count in owned)
        self.buffers = sum(count * cost.buffers for cost, count in owned)
        self.params = sum(count * cost.params for cost, count in owned)
        self.trainable = sum(count * cost.trainable for cost, count in owned)
        self.frozen = sum(count * cost.frozen for cost, count in owned)
        self.macs = batch * sum(count * cost.work.macs for cost, _, count in counted)
        self.products = batch * sum(count * cost.work.products for cost, _, count in counted)
        self.flops = sum(count * flops for _, flops, count in counted)
        self.values = batch * sum(count * cost.values for cost, _, count in counted if cost.stored)
        self.param_bytes = width * self.params
        self.bytes = width * self.values
        self.weight_layers = weight_layers
        self.complete = all(placed.layer.modelled for placed in counts)  # if not, work is a lower bound
        self.stated = any(placed.layer.stated for placed in counts)  # contains costs stated by the author of the file

    def as_dict(self) -> dict[str, Any]:
        """Return the totals for JSON."""
        totals = {figure.key: plain(getattr(self, figure.key)) for figure in TOTALS}
        return {**totals, **({} if self.complete else {"complete": False}), **({"stated": True} if self.stated else {})}


def whole(value: Any) -> Any:
    """Convert a fraction with denominator 1 to an integer."""
    return value.numerator if getattr(value, "denominator", 0) == 1 else value


def plain(value: Any) -> Any:
    """Return a value for JSON: formulas and fractions as text in the spec's arithmetic."""
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
