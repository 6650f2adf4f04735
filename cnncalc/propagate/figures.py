"""The metrics of a report: name, unit and reading of each. A new metric is a new row of this table."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from cnncalc.errors import Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Unit = Literal["count", "bytes", "pixels", "volume", "side", "truth"]
    Reading = Callable[[Any], Any]

COUNT: Unit = "count"
MEMORY: Unit = "bytes"
PIXELS: Unit = "pixels"  # of the network's input, by height and width
VOLUME: Unit = "volume"
SIDE: Unit = "side"  # one dimension of a volume
TRUTH: Unit = "truth"


def _nothing(subject: Any) -> None:
    """The reading for a metric that layers (or networks) do not have."""


class Figure:
    """One metric."""

    __slots__ = ("aliases", "heading", "help", "key", "name", "of", "read", "stored", "sums", "unit", "words")

    def __init__(
        self,
        name: str,
        heading: str,
        words: str,
        unit: Unit,
        help: str,
        key: str,
        aliases: tuple[str, ...],
        read: Reading = _nothing,
        of: Reading = _nothing,
        sums: bool = False,
        stored: bool = False,
    ) -> None:
        self.name = name  # in options, and as a column name
        self.heading = heading  # column heading
        self.words = words  # name in a sentence
        self.unit = unit
        self.help = help
        self.key = key  # the attribute of rows and totals, and the key in JSON
        self.aliases = aliases
        self.read = read  # from a report
        self.of = of  # from the rows of one or several layers
        self.sums = sums  # the network's value is the sum over layers
        self.stored = stored  # sum only layers that write an output of their own

    @property
    def for_networks(self) -> bool:
        """Whether networks have the metric."""
        return self.read is not _nothing

    @property
    def for_layers(self) -> bool:
        """Whether layers have the metric."""
        return self.of is not _nothing

    @property
    def plural(self) -> bool:
        """Whether `words` is a plural (parameters, but not memory)."""
        return self.words.endswith("s")

    @property
    def in_bytes(self) -> bool:
        """Whether the unit is bytes."""
        return self.unit == MEMORY

    @property
    def is_number(self) -> bool:
        """Whether it is a plain number, by which networks can be compared."""
        return self.unit in (COUNT, MEMORY)


def of_network(
    name: str, heading: str, words: str, help: str, read: Reading | None = None, unit: Unit = COUNT, key: str = "", aliases: str = ""
) -> Figure:
    """Return a metric of the whole network, by default one of its totals."""
    key = key or name
    return Figure(name, heading, words, unit, help, key, tuple(aliases.split()), read or attrgetter(f"total.{key}"))


def _summed(name: str, heading: str, words: str, help: str, unit: Unit = COUNT, key: str = "", aliases: str = "") -> Figure:
    """Return a metric of layers that is summed for the network."""
    key = key or name
    stored = name in ("values", "memory")

    value = attrgetter(key)

    def of(rows: Sequence[Any]) -> Any:
        return value(rows[0]) if len(rows) == 1 else sum([value(row) for row in rows if not stored or row.stored])

    return Figure(name, heading, words, unit, help, key, tuple(aliases.split()), attrgetter(f"total.{key}"), of, sums=True, stored=stored)


def _side(letter: str) -> Reading:
    """Return a reader of one side of the output; an error if the output has no such side."""

    def read(row: Any) -> Any:
        try:
            return getattr(row.output, letter)
        except AttributeError as error:
            raise SpecError(Problem(str(error))) from None

    return read


def _at_the_end(name: str, heading: str, unit: Unit, help: str, value: Reading | None = None, aliases: str = "") -> Figure:
    """Return a property of the last layer's output."""
    value = value or attrgetter(name)

    def read(report: Any) -> Any:
        return value(report.rows[report.graph.outputs[-1]])

    return Figure(name, heading, heading, unit, help, name, tuple(aliases.split()), read, lambda rows: value(rows[-1]))


def _exact(rows: Iterable[Any]) -> bool | None:
    values = {row.exact for row in rows}
    return False if False in values else None if None in values else True


_ALL = (
    _at_the_end("output", "output", VOLUME, "the output volume: height × width × channels", aliases="volume"),
    _at_the_end("height", "height", SIDE, "the height of the output", _side("h")),
    _at_the_end("width", "width", SIDE, "the width of the output", _side("w")),
    _at_the_end("depth", "depth", SIDE, "the channels of the output", attrgetter("output.c"), "channels"),
    _summed("weights", "weights", "weights", "learnable parameters that multiply"),
    _summed("biases", "biases", "biases", "learnable parameters that are added"),
    _summed("params", "params", "parameters", "learnable parameters: weights and biases", aliases="parameters"),
    _summed("trainable", "trainable", "trainable parameters", "learnable parameters that training changes: those that are not frozen"),
    _summed("frozen", "frozen", "frozen parameters", "parameters that training leaves as they are"),
    of_network("param_memory", "param memory", "parameter memory", "the memory of the parameters", unit=MEMORY, key="param_bytes"),
    _summed("buffers", "buffers", "buffers", "numbers that are kept but not learned, as the running mean of a batch norm"),
    _summed("macs", "MACs", "MACs", "multiply-accumulates of layers with weights, for the whole batch"),
    _summed("products", "products", "products", "those of the MACs that multiply activations with each other, as attention does"),
    _summed("flops", "FLOPs", "FLOPs", "operations by the counting convention, for the whole batch"),
    _summed("values", "activations", "activations", "elements of the output, for the whole batch", aliases="activations"),
    _summed("memory", "memory", "activation memory", "the memory of the activations, for the whole batch", MEMORY, "bytes"),
    of_network("weight_layers", "weight layers", "weight layers", "layers with weights on the longest path"),
    _at_the_end(
        "receptive_field", "receptive field", PIXELS,
        "input pixels that a unit of the output depends on, the largest where units differ; null where not known", aliases="rf",
    ),
    _at_the_end("receptive_field_smallest", "smallest field", PIXELS, "the same, the smallest where units differ"),
    _at_the_end("receptive_field_exact", "field exact", TRUTH, "false: the receptive field is an upper bound (after a split)"),
    _at_the_end("jump", "jump", PIXELS, "input pixels between neighbouring units, on average; 0 where there is only one"),
    Figure(
        "exact", "exact", "exact", TRUTH, "whether the kernels divide their input evenly; null where that depends on symbols", "exact",
        ("fits",), lambda report: _exact(row for row in report if not row.side), _exact,
    ),
    Figure("side", "side", "side", TRUTH, "whether it belongs to an auxiliary head", "side", (), of=lambda rows: rows[0].side),
    _at_the_end("offset", "offset", PIXELS, "the input pixel where the first receptive field begins; negative in the padding"),
    _at_the_end("narrowest", "narrowest path", PIXELS, "input pixels that an output element depends on along the narrowest path"),
)  # fmt: skip
FIGURES: Mapping[str, Figure] = {figure.name: figure for figure in _ALL}
OF_LAYERS = tuple(figure for figure in _ALL if figure.for_layers and figure.unit not in (VOLUME, SIDE))  # besides the output
TOTALS = tuple(figure for figure in _ALL if figure.for_networks and figure.is_number)
SUMS = tuple(figure for figure in _ALL if figure.sums)


def aliases(table: Iterable[Figure]) -> dict[str, str]:
    """Return the aliases of metrics, each with the metric's name."""
    return {word: figure.name for figure in table for word in (*figure.aliases, figure.key) if word != figure.name}
