"""The columns that a table of layers can have: what a layer is, and its metrics."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cnncalc import choice
from cnncalc.output.forms.sheet import FORMS, SHARE, SIGNED, TEXT, VOLUME, Column
from cnncalc.propagate.figures import FIGURES, SIDE, SUMS, aliases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cnncalc.output.forms.sheet import Form
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.rows import Total
    from cnncalc.study.folding import Line


class LayerColumn(Column):
    """What a column reads from a line (and the totals of the table), and its own total."""

    __slots__ = ("read", "total")

    def __init__(
        self,
        name: str,
        heading: str,
        form: Form,
        keep: int,
        read: Callable[[Line, Any], Any],
        total: Callable[[Total], Any] | None = None,
    ) -> None:
        super().__init__(name, heading, form, keep)
        self.read = read
        self.total = total


KEEP = {  # which metrics are kept longest where the page is narrow
    "params": 90, "macs": 80, "output": 70, "memory": 50, "flops": 45, "values": 40, "weights": 30, "biases": 28, "params_share": 26,
    "macs_share": 24, "buffers": 20, "receptive_field": 15, "jump": 10,
}  # fmt: skip
SHARES = ("params", "macs")  # of which layers also have a share
FIRST = ("output", "weights", "biases", "params", "buffers", "values", "memory")  # in csv; the others in the order of the table


def _columns() -> Iterator[LayerColumn]:
    yield LayerColumn("layer", "layer", TEXT, 100, lambda line, total: line.path)
    yield LayerColumn("kind", "kind", TEXT, 55, lambda line, total: line.kind)
    yield LayerColumn("what", "what", SIGNED, 60, lambda line, total: line.what)
    yield LayerColumn("input", "input", VOLUME, 35, lambda line, total: line.arriving)
    for name in dict.fromkeys((*FIRST, *FIGURES)):
        figure = FIGURES[name]
        if figure.for_layers and figure.unit != SIDE:
            yield LayerColumn(name, figure.heading, FORMS[figure.unit], KEEP.get(name, 5), _reader(figure), _total(figure))
            if name in SHARES:
                yield LayerColumn(f"{name}_share", f"% {figure.heading}", SHARE, KEEP[f"{name}_share"], _share(figure))


def _reader(figure: Figure) -> Callable[[Line, Any], Any]:
    """How a column reads a metric; for a single layer that writes no output of its own, where its output is."""
    if figure.name == "output":
        return lambda line, total: line.leaving
    return lambda line, total: line.apart(figure)


def _total(figure: Figure) -> Callable[[Total], Any] | None:
    return attrgetter(figure.key) if figure.sums else None


def _share(figure: Figure) -> Callable[[Line, Any], Any]:
    return lambda line, total: (figure.of(line.rows), getattr(total, figure.key))


COLUMNS: Mapping[str, LayerColumn] = {column.name: column for column in _columns()}
DEFAULT = ("layer", "what", "output", "params", "memory", "macs", "flops")
WITH_WORK = ("layer", "what", "output", "values", "params", "macs")
SHORT = ("values", "macs", "flops")  # of these, the result of a derivation is rounded
OPTIONAL = ("flops",)  # of the usual ones, what a narrow page goes without
DERIVED = {figure.name: figure.key for figure in SUMS}
ALIASES = {"path": "layer", "name": "layer", **aliases(FIGURES.values())}


def chosen(asked: str | None, default: Iterable[str] = DEFAULT) -> list[LayerColumn]:
    """The columns of a table of layers that --columns asks for."""
    return [COLUMNS[name] for name in choice.chosen(asked, default, COLUMNS, "column", ALIASES)]
