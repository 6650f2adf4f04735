"""The columns of a table of layers."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cnncalc import choice
from cnncalc.output.forms.sheet import FORMS, SHARE, SIGNED, TEXT, VOLUME, Column, Form
from cnncalc.output.forms.styles import STYLES
from cnncalc.propagate.figures import FIGURES, SIDE, SUMS, aliases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cnncalc.propagate.figures import Figure
    from cnncalc.study.folding import Line

KEEP = {  # priority of metrics on a narrow page
    "params": 90, "trainable": 85, "macs": 80, "output": 70, "memory": 50, "flops": 45, "values": 40, "weights": 30, "biases": 28,
    "params_share": 26, "macs_share": 24, "buffers": 20, "receptive_field": 15, "jump": 10,
}  # fmt: skip
SHARES = ("params", "macs")  # metrics that also have a column with their share
FIRST = ("output", "weights", "biases", "params", "buffers", "values", "memory")  # column order in csv; other metrics follow in table order


def _columns() -> Iterator[Column]:
    yield Column("layer", "name", TEXT, 100, lambda line, total: line.path)
    yield Column("kind", "kind", TEXT, 55, lambda line, total: line.kind)
    yield Column("what", "layer", Form(SIGNED.people, SIGNED.machine, style=_family), 60, lambda line, total: line.what)
    yield Column("input", "input", VOLUME, 35, lambda line, total: line.input_volume)
    for name in dict.fromkeys((*FIRST, *FIGURES)):
        figure = FIGURES[name]
        if figure.for_layers and figure.unit != SIDE:
            total = attrgetter(figure.key) if figure.sums else None
            yield Column(name, figure.heading, FORMS[figure.unit], KEEP.get(name, 5), _reader(figure), total)
            if name in SHARES:
                yield Column(f"{name}_share", f"% {figure.heading}", SHARE, KEEP[f"{name}_share"], partial(_share, figure))


def _family(what: str) -> tuple[str, str] | None:
    """Colour the name of a kind or block as in diagrams; the name is last, as in 2 × bottleneck (10 layers)."""
    from cnncalc.layers import KINDS

    first, _, more = what.partition(" × ")
    word = (more if more and first.isdecimal() else what).partition(" ")[0].rstrip(",")
    if word in KINDS:
        family = KINDS[word].__module__.rpartition(".")[2]
        return (family, word) if family in STYLES else None
    return None if word.isdecimal() or word == "input" else ("block", word)


def _reader(figure: Figure) -> Callable[[Line, Any], Any]:
    """Return the function that reads a metric from a line."""
    if figure.name == "output":
        return lambda line, total: line.output_volume
    return lambda line, total: line.apart(figure)


def _share(figure: Figure, line: Line, total: Any) -> tuple[Any, Any]:
    return figure.of(line.rows), getattr(total, figure.key)


COLUMNS: Mapping[str, Column] = {column.name: column for column in _columns()}
DEFAULT = ("layer", "what", "output", "params", "memory", "macs", "flops")
WHERE_FROZEN = ("layer", "what", "output", "params", "trainable", "memory", "macs", "flops")
WITH_WORK = ("layer", "what", "output", "values", "params", "macs")
SHORT = ("values", "macs", "flops")  # metrics whose derived result is rounded
OPTIONAL = ("flops",)  # default columns that are hidden silently on a narrow page
DERIVED = {figure.name: figure.key for figure in SUMS}
ALIASES = {"path": "layer", "name": "layer", **aliases(figure for name, figure in FIGURES.items() if name in COLUMNS)}


def chosen(asked: str | None, default: Iterable[str] = DEFAULT, always: str = "") -> list[Column]:
    """Return the columns selected by --columns; the layer column stays unless removed explicitly."""
    return [COLUMNS[name] for name in choice.chosen(asked, default, COLUMNS, "column", ALIASES, always=always)]
