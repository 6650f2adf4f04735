"""The columns that a table of layers can have: the one place where a column is added."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.output.sheet import COUNT, MEMORY, PAIR, TEXT, TRUTH, VOLUME, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.output.folding import Line
    from cnncalc.output.sheet import Form
    from cnncalc.propagate.report import Total


class LayerColumn(Column):
    """What a column takes from a line, and its total from the totals."""

    __slots__ = ("doc", "read", "total")

    def __init__(
        self,
        name: str,
        heading: str,
        form: Form,
        keep: int,
        read: Callable[[Line], Any],
        doc: str,
        total: Callable[[Total], Any] | None = None,
    ) -> None:
        super().__init__(name, heading, form, keep)
        self.read = read
        self.doc = doc
        self.total = total


def _figure(name: str, heading: str, keep: int, doc: str) -> LayerColumn:
    return LayerColumn(name, heading, COUNT, keep, lambda line: line.figure(name), doc, attrgetter(name))


def _written(name: str, heading: str, form: Form, keep: int, figure: str, doc: str) -> LayerColumn:
    return LayerColumn(name, heading, form, keep, lambda line: line.written(figure), doc, attrgetter(figure))


_ALL = (
    LayerColumn("layer", "layer", TEXT, 100, lambda line: line.path, "the path of the layer"),
    LayerColumn("kind", "kind", TEXT, 55, lambda line: line.kind, "the kind of layer, or the block"),
    LayerColumn("what", "what", TEXT, 60, lambda line: line.what, "the kind with its fields: conv 96 11×11 /4"),
    LayerColumn("input", "input", VOLUME, 35, lambda line: line.arriving, "the volume that arrives"),
    LayerColumn("output", "output", VOLUME, 70, lambda line: line.output, "the volume that it leaves: height × width × channels"),
    LayerColumn("exact", "exact", TRUTH, 25, lambda line: line.exact, "every window tiles its input"),
    _figure("weights", "weights", 30, "learned numbers that multiply"),
    _figure("biases", "biases", 28, "learned numbers that are added"),
    _figure("params", "params", 90, "learned numbers, both kinds"),
    _figure("buffers", "buffers", 20, "numbers that are kept but not learned"),
    _figure("macs", "MACs", 80, "multiply-accumulates: every use of a weight, for the whole batch"),
    _figure("flops", "FLOPs", 45, "operations, as --counting says"),
    _written("values", "values", COUNT, 40, "values", "numbers that it writes, for the whole batch"),
    _written("memory", "memory", MEMORY, 50, "bytes", "what they take"),
    LayerColumn("receptive_field", "sees", PAIR, 15, lambda line: line.last("receptive_field"), "input pixels that a value sees"),
    LayerColumn("jump", "jump", PAIR, 10, lambda line: line.last("jump"), "input pixels from one value to the next"),
)
COLUMNS: Mapping[str, LayerColumn] = {column.name: column for column in _ALL}
DEFAULT = ("layer", "what", "output", "params", "memory", "macs")
ALIASES = {"path": "layer", "bytes": "memory", "activations": "values", "parameters": "params", "rf": "receptive_field"}


def chosen(asked: str | None, default: Iterable[str] = DEFAULT) -> list[LayerColumn]:
    """The columns of --columns: a,b for these, +a and -b for the usual ones with more and without some."""
    names = [word for word in (asked or "").replace(",", " ").split() if word]
    changing = bool(names) and all(name[0] in "+-" for name in names)
    found = list(default) if changing or not names else []
    for word in names:
        name = known(word.lstrip("+-") if changing else word)
        if word[0] == "-" and changing:
            found = [each for each in found if each != name]
        elif name not in found:
            found.append(name)
    if not found:
        raise SpecError(Problem("--columns leaves no column"))
    return [COLUMNS[name] for name in found]


def known(word: str) -> str:
    """The name of a column, or the error that names the nearest."""
    name = word.lower().replace("-", "_")
    name = ALIASES.get(name, name)
    if name not in COLUMNS:
        hint = suggestion(word, [*COLUMNS, *ALIASES]) or f"known: {', '.join(COLUMNS)}"
        raise SpecError(Problem(f"no column {word!r}", hint=hint))
    return name
