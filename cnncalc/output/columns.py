"""The columns that a table of layers can have: the one place where a column is added."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.output.sheet import COUNT, MEMORY, PAIR, SHARE, SIGNED, TEXT, TRUTH, VOLUME, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.output.folding import Line
    from cnncalc.output.sheet import Form
    from cnncalc.propagate.report import Total

C = TypeVar("C", bound=Column)


class LayerColumn(Column):
    """What a column reads from a line (and the totals of the table), and its own total."""

    __slots__ = ("doc", "read", "total")

    def __init__(
        self,
        name: str,
        heading: str,
        form: Form,
        keep: int,
        doc: str,
        read: Callable[[Line, Any], Any],
        total: Callable[[Total], Any] | None = None,
    ) -> None:
        super().__init__(name, heading, form, keep)
        self.doc = doc
        self.read = read
        self.total = total


def _figure(name: str, heading: str, keep: int, doc: str) -> LayerColumn:
    return LayerColumn(name, heading, COUNT, keep, doc, lambda line, total: line.figure(name), attrgetter(name))


def _written(name: str, form: Form, keep: int, figure: str, doc: str) -> LayerColumn:
    return LayerColumn(name, name, form, keep, doc, lambda line, total: line.written(figure), attrgetter(figure))


def _share(figure: str, heading: str, keep: int, doc: str) -> LayerColumn:
    whole = attrgetter(figure)
    return LayerColumn(f"{figure}_share", heading, SHARE, keep, doc, lambda line, total: (line.figure(figure), whole(total)))


_ALL = (
    LayerColumn("layer", "layer", TEXT, 100, "the path of the layer", lambda line, total: line.path),
    LayerColumn("kind", "kind", TEXT, 55, "the kind of layer, or the block", lambda line, total: line.kind),
    LayerColumn("what", "what", SIGNED, 60, "the kind with its fields: conv 96 11×11 /4", lambda line, total: line.what),
    LayerColumn("input", "input", VOLUME, 35, "the volume that arrives", lambda line, total: line.arriving),
    LayerColumn("output", "output", VOLUME, 70, "the volume that it leaves: height × width × channels", lambda line, total: line.leaving),
    _figure("weights", "weights", 30, "learned numbers that multiply"),
    _figure("biases", "biases", 28, "learned numbers that are added"),
    _figure("params", "params", 90, "learned numbers, both kinds"),
    _share("params", "% params", 26, "their share of all parameters"),
    _figure("buffers", "buffers", 20, "numbers that are kept but not learned"),
    _written("values", COUNT, 40, "values", "numbers that it writes, for the whole batch"),
    _written("memory", MEMORY, 50, "bytes", "the memory that they take"),
    _figure("macs", "MACs", 80, "multiply-accumulates of layers with weights, for the whole batch"),
    _share("macs", "% MACs", 24, "their share of all MACs"),
    _figure("flops", "FLOPs", 45, "operations, counted as --counting says"),
    LayerColumn(
        "receptive_field",
        "receptive field",
        PAIR,
        15,
        "input pixels that a unit sees; of units that differ, one that sees most",
        lambda line, total: line.last("receptive_field"),
    ),
    LayerColumn("jump", "jump", PAIR, 10, "input pixels from one unit to the next, on average", lambda line, total: line.last("jump")),
    LayerColumn("exact", "exact", TRUTH, 12, "every window tiles its input", lambda line, total: line.exact),
    LayerColumn("side", "side", TRUTH, 11, "stands on a side exit", lambda line, total: line.rows[0].side),
    LayerColumn(
        "offset",
        "offset",
        PAIR,
        9,
        "the pixel with which the first unit's field begins; below 0 are zeros",
        lambda line, total: line.last("offset"),
    ),
    LayerColumn(
        "narrowest",
        "narrowest way",
        PAIR,
        8,
        "input pixels that a unit sees by the narrowest way",
        lambda line, total: line.last("narrowest"),
    ),
    LayerColumn(
        "receptive_field_smallest",
        "smallest field",
        PAIR,
        7,
        "input pixels that a unit sees that sees least",
        lambda line, total: line.last("receptive_field_smallest"),
    ),
    LayerColumn(
        "receptive_field_exact",
        "field exact",
        TRUTH,
        6,
        "the receptive field is no upper bound",
        lambda line, total: line.last("receptive_field_exact"),
    ),
)
COLUMNS: Mapping[str, LayerColumn] = {column.name: column for column in _ALL}
DEFAULT = ("layer", "what", "output", "params", "memory", "macs")
ALIASES = {"path": "layer", "bytes": "memory", "activations": "values", "parameters": "params", "rf": "receptive_field"}


def chosen(asked: str | None, default: Iterable[str] = DEFAULT) -> list[LayerColumn]:
    """The columns of a table of layers that --columns asks for."""
    return pick(asked, default, COLUMNS, ALIASES)


def known(word: str) -> str:
    """The name of a column of a table of layers."""
    return name_of(word, COLUMNS, ALIASES)


def pick(asked: str | None, default: Iterable[str], table: Mapping[str, C], aliases: Mapping[str, str]) -> list[C]:
    """The columns of --columns: a,b for these, +a,b and -c for the usual ones with more and without some."""
    words = (asked or "").replace(",", " ").split()
    changing = not words or words[0][0] in "+-"
    found = list(default) if changing else []
    for word in words:
        name = name_of(word.lstrip("+-") if changing else word, table, aliases)
        if changing and word[0] == "-":
            found = [each for each in found if each != name]
        elif name not in found:
            found.append(name)
    if not found:
        raise SpecError(Problem("--columns leaves no column"))
    return [table[name] for name in found]


def name_of(word: str, table: Mapping[str, Column], aliases: Mapping[str, str]) -> str:
    """The name of a column, or the error that names the nearest."""
    name = word.lower().replace("-", "_")
    name = aliases.get(name, name)
    if name not in table:
        hint = suggestion(word, [*table, *aliases]) or f"known: {', '.join(table)}"
        raise SpecError(Problem(f"no column {word!r}", hint=hint))
    return name
