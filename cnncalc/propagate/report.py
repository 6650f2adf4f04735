"""The report of a network."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

from cnncalc.dims.conditions import in_force
from cnncalc.dims.poly import symbols_of
from cnncalc.errors import Problem, SpecError
from cnncalc.graph.finder import NAMED, Finder
from cnncalc.propagate.figures import SUMS
from cnncalc.propagate.rows import BYTES, LayerFolder, Row, Total, Views, plain
from cnncalc.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cnncalc.dims import Condition, Dim
    from cnncalc.errors import Span
    from cnncalc.graph.network_graph import Graph, PlacedLayer
    from cnncalc.layers import Volume
    from cnncalc.propagate.rows import Costs
    from cnncalc.spec.settings import Setting


class Report:
    """The costs of a network."""

    to_html: ClassVar[Callable[[Report], str] | None] = None  # set by the package, to keep this module independent of output

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
        self.sides = sides  # whether totals include auxiliary heads
        self.bias = bias  # whether biases are parameters
        width = BYTES[dtype]
        main = Counter([node.placed for node in graph.nodes if sides or not node.side])
        aside = Counter([node.placed for node in graph.nodes if node.side])
        self.total = Total(main, costs, weight_layers, batch, width)
        self.exits = Total(aside, costs, 0, batch, width) if aside else None
        self.costs = costs  # by layer, inputs and output, shared by equal nodes
        self._rows: list[Row] | None = None
        self._conditions: Mapping[Condition, str] | None = None
        self._finder = Finder(graph.nodes)

    @property
    def rows(self) -> list[Row]:
        """The layers in order. Created on first access, since totals do not need them."""
        if self._rows is None:
            nodes, costs, width = self.graph.nodes, self.costs, BYTES[self.dtype]
            views = Views(self.graph, costs)
            self._rows = [
                Row(node, tuple([nodes[each].path for each in node.inputs]), *costs[node.placed], views, at, self.batch, width)
                for at, node in enumerate(nodes)
            ]
        return self._rows

    @property
    def freezes(self) -> bool:
        """Whether the weights of any layer are frozen."""
        return any(placed.frozen for placed in self.costs)

    @property
    def input(self) -> Volume:
        """The input volume."""
        return self.graph.nodes[0].placed.output

    @property
    def outputs(self) -> tuple[Volume, ...]:
        """The output volumes."""
        return tuple(self.graph.nodes[each].placed.output for each in self.graph.outputs)

    @property
    def conditions(self) -> Mapping[Condition, str]:
        """The lower bound of every symbol and all other conditions on them, each with the layer that requires it, if any."""
        if self._conditions is None:
            self._conditions = in_force(self.graph.conditions, self.symbols, self.graph.symbols)
        return self._conditions

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols, input dimensions first."""
        inside = {name for placed in self.costs for name in symbols_of(*placed.output)}
        first = [name for size in (*self.input, *[figure.read(self) for figure in SUMS], self.batch) for name in symbols_of(size)]
        return tuple(dict.fromkeys([*first, *sorted(inside), *(name for each in self.graph.conditions for name in each.symbols)]))

    @property
    def inexact(self) -> list[Row]:
        """The layers whose kernels do not divide their input evenly."""
        return [row for row in self.rows if row.exact is False]

    def places(self, path: str) -> list[Row | LayerFolder]:
        """Return the layers and folders that a path matches: the one with this full path, or else all whose paths end in it."""
        return [self._at(each) for each in self._finder.paths(path)]

    def place(self, path: str, span: Span | None = None, also: Iterable[str] = ()) -> Row | LayerFolder:
        """Return the one layer or folder that a path matches. The error suggests the nearest path, or a word in `also`."""
        return self._at(self._finder.one(path, f"{self.setting.id} has no layer {path!r}", span, also))

    def _at(self, path: str) -> Row | LayerFolder:
        rows = self.rows[self._finder.span(path)]  # type: ignore[index]  # the path was found
        return rows[-1] if rows[-1].path == path else LayerFolder(path, rows)

    def layer(self, path: str, span: Span | None = None) -> Row:
        """Return the one layer that a path matches."""
        match = self.place(path, span)
        if isinstance(match, LayerFolder):
            inside = ", ".join(row.path for row in match.rows[:NAMED])
            raise SpecError(Problem(f"{match.path} is a folder of {len(match.rows)} layers", span, f"name one of them: {inside}, ..."))
        return match

    def __getitem__(self, path: str) -> Row | LayerFolder:
        """Return a layer or folder by its path or an unambiguous end of it."""
        try:
            return self.place(path)
        except SpecError as error:
            raise KeyError(error.problems[0].message) from None

    def _repr_html_(self) -> str | None:
        """Return the table for a notebook."""
        return self.to_html() if self.to_html is not None else None

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the layers."""
        return iter(self.rows)

    def header(self) -> dict[str, Any]:
        """Return the network's name and settings, as at the start of its JSON."""
        setting = self.setting
        about = setting.about
        described: dict[str, Any] = {
            "cnncalc": __version__,
            "network": {
                "id": setting.id,
                "name": about.title or setting.id,
                "year": about.year,
                "paper": about.paper,
                "source": setting.network.source.name,
                "params": {name: plain(value) for name, value in self.graph.params.items()},
                "input": plain(self.input),
            },
            "batch": plain(self.batch),
            "bytes_per_value": BYTES[self.dtype],
            "counting": self.counting,
        }
        if about.published and setting.until is None:  # they are those of the whole network
            described["network"]["published"] = dict(about.published)
        if not self.bias:
            described["bias"] = False
        if setting.until is not None:
            described["until"] = setting.until.source.text
        if setting.freeze:
            described["freeze"] = [each.source.text for each in setting.freeze]
        if setting.freeze_until is not None:
            described["freeze_until"] = setting.freeze_until.source.text
        if setting.deployed:
            described["deployed"] = True
        return described

    def as_dict(self) -> dict[str, Any]:
        """Return what `show --format json` prints."""
        described = {
            **self.header(),
            "layers": self._layers(),
            "total": self.total.as_dict(),
            "notes": list(self.setting.about.notes or ()),
        }
        if self.exits is not None:
            described["sides"] = self.exits.as_dict()
        if self.conditions:
            described["conditions"] = [str(condition) for condition in self.conditions]
        return described

    def _layers(self) -> list[dict[str, Any]]:
        """Return the rows for JSON; rows with the same layer and inputs share a computation."""
        written: dict[PlacedLayer, dict[str, Any]] = {}
        layers = []
        for row in self.rows:
            known = written.get(row.node.placed)
            if known is None:
                known = written[row.node.placed] = row.as_dict()
                layers.append(known)
            else:
                layers.append(row.like(known))
        return layers
