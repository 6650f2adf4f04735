"""The metrics that a sheet can ask for, and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.symbolic_repeat import FIELDS as GROWING
from cnncalc.answers.symbolic_repeat import GrowingReport
from cnncalc.dims import exact_div
from cnncalc.errors import suggestion
from cnncalc.layers import KINDS
from cnncalc.propagate.figures import COUNT, FIGURES, MEMORY, PIXELS, SIDE, VOLUME, Figure, aliases, of_network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.propagate.figures import Reading
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import LayerFolder, Row


class NoSuchQuantityError(Exception):
    """A layer or network without this metric."""


def _kernel(rows: Sequence[Row]) -> tuple[Any, Any]:
    """Return the kernel size of a layer."""
    if len(rows) != 1:
        raise NoSuchQuantityError("a kernel needs a layer: there are several")
    for name in ("kernel", "size"):
        field = rows[0].layer.fields.get(name)
        if field is not None and isinstance(getattr(rows[0].layer, name), tuple):
            height, width = getattr(rows[0].layer, name)
            return height, width
    raise NoSuchQuantityError(f"{rows[0].path} is a {rows[0].kind}, which has no kernel")


def _only_kernel(report: Report) -> tuple[Any, Any]:
    return _kernel([row for row in report if hasattr(row.layer, "kernel")])


def _field(name: str, *others: str) -> Reading:
    """Return the reading of a field of one layer, under the first of the names that it has."""

    def read(rows: Sequence[Row]) -> Any:
        if len(rows) != 1:
            raise NoSuchQuantityError(f"{name} needs a layer: there are several")
        layer = rows[0].layer
        for field in (name, *others):
            if field in layer.fields:
                value = getattr(layer, field)
                if isinstance(value, str):
                    raise NoSuchQuantityError(f"the {name} of {rows[0].path} is {value!r}, not a number")
                return tuple(value) if isinstance(value, tuple) else value
        raise NoSuchQuantityError(f"{rows[0].path} is a {rows[0].kind}, which has no {name}")

    return read


def _of_only(read: Reading) -> Reading:
    """Return the reading for networks: of their only layer with a kernel or neurons."""
    return lambda report: read([row for row in report if hasattr(row.layer, "kernel") or row.kind == "fc"])


def _weight_shape(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Return the shape of the weights as PyTorch has it: filters, channels of a group, kernel; outputs, inputs."""
    if len(rows) == 1 and rows[0].inputs:
        layer, x = rows[0].layer, rows[0].inputs[0]
        if rows[0].kind == "fc":
            return rows[0].output.c, x.size
        if rows[0].kind == "conv":
            return rows[0].output.c, exact_div(x.c, layer.groups), *layer.kernel  # type: ignore[attr-defined]  # a conv has them
    raise NoSuchQuantityError("weight_shape needs a convolution or a fully connected layer")


def _multiplications(rows: Sequence[Row]) -> Any:
    return sum(row.macs for row in rows if not row.side)


def _additions(rows: Sequence[Row]) -> Any:
    """Return the additions of sums of n products: n − 1, and one for the bias."""
    return sum(row.macs - (0 if row.biases != 0 else row.values) for row in rows if row.macs != 0 and not row.side)


def _peak_memory(report: Report) -> Any:
    from cnncalc.study.memory.peak import memory

    return memory(report, train=False).in_use.bytes


def _training_memory(report: Report) -> Any:
    from cnncalc.study.memory.peak import memory

    training = memory(report).training
    assert training is not None  # it was asked for
    return training.bytes


def _sizes(*, even: bool) -> Reading:
    """Return the reading of legal sizes."""

    def read(report: Report) -> Any:
        from cnncalc.answers.legal_answers import legal_sizes

        found = legal_sizes(report, even=even)
        if found is None:
            raise NoSuchQuantityError("legal sizes differ by side, or depend on other symbols: ask of a network with input: HxHxC")
        return found

    return read


def largest(report: Report, metric: str) -> str:
    """Return the layer that has most of a metric."""
    rows = [row for row in report if not row.side]
    values = [ASKED[ALIASES.get(metric, metric)].of([row]) for row in rows]
    if not all(isinstance(value, int) for value in values):
        raise NoSuchQuantityError(f"which layer has most {metric} depends on symbols")
    return rows[values.index(max(values))].path


_FIELDS = {
    name: Figure(name, name, name, unit, help, name, (), _of_only(_field(name, *others)), _field(name, *others))
    for name, unit, help, others in (
        ("stride", PIXELS, "the stride of the kernel", ()),
        ("pad", PIXELS, "the padding at each edge", ()),
        ("dilation", PIXELS, "the dilation of the kernel", ()),
        ("filters", COUNT, "the number of filters, or of neurons", ("features",)),
    )
}
FIELDS = ("kernel", *_FIELDS)  # that a student may choose: any combination that gives the same output is right
SIZES = ("legal_sizes", "even_sizes")
WEIGHT_SHAPE = "weight_shape"
KERNEL = Figure("kernel", "kernel", "kernel", PIXELS, "height and width of the kernel", "kernel", (), _only_kernel, _kernel)
_MORE = (
    Figure(
        WEIGHT_SHAPE, "weights", "shape of the weights", PIXELS, "the shape of the weights, in the order of PyTorch or of TensorFlow",
        WEIGHT_SHAPE, (), _of_only(_weight_shape), _weight_shape,
    ),
    Figure(
        "multiplications", "multiplications", "multiplications", COUNT, "multiplications of layers with weights, for the whole batch",
        "multiplications", (), lambda report: _multiplications(report.rows), _multiplications,
    ),
    Figure(
        "additions", "additions", "additions", COUNT, "additions of layers with weights and of biases, for the whole batch", "additions",
        (), lambda report: _additions(report.rows), _additions,
    ),
    of_network(
        "legal_sizes", "legal sizes", "legal sizes", "the sides of the input for which it works: >= 32, or 32, 64, 96",
        _sizes(even=False), PIXELS,
    ),
    of_network(
        "even_sizes", "even sizes", "sizes that divide evenly", "those at which every kernel divides its input evenly: 32, 64, 96",
        _sizes(even=True), PIXELS,
    ),
    of_network("peak_memory", "peak memory", "peak memory", "memory at the peak of inference, with the parameters", _peak_memory, MEMORY),
    of_network(
        "training_memory", "training memory", "training memory", "memory of a training step with momentum", _training_memory, MEMORY
    ),
)  # fmt: skip
ASKED: Mapping[str, Figure] = {**FIGURES, "kernel": KERNEL, **_FIELDS, **{figure.name: figure for figure in _MORE}}
ALIASES: Mapping[str, str] = {**aliases(ASKED.values()), "model_size": "param_memory"}
ARITHMETIC = tuple(
    name for name, figure in ASKED.items() if figure.is_number or figure.unit == SIDE or name in ("receptive_field", "jump", *FIELDS)
)  # for claims


def word(quantity: str) -> str:
    """Return the name of a metric in a sentence; a claim is called "claim"."""
    name = ALIASES.get(quantity, quantity)
    return ASKED[name].words if name in ASKED else name


def computed(report: Report, place: Row | LayerFolder | None, name: str, *, bias: bool = True) -> Any:
    """Return a metric of a layer, folder or network. Without `bias`, parameters are weights only."""
    figure = ASKED["weights" if name == "params" and not bias else name]
    if isinstance(report, GrowingReport):
        return growing(report, place, name, bias=bias)
    if place is None and figure.for_networks:
        return figure.read(report)
    if place is None:
        raise NoSuchQuantityError(f"{figure.words} needs a layer")
    if name == "weight_layers" and len(place.rows) == 1:
        return int(place.rows[0].layer.is_weight_layer)
    if not figure.for_layers:
        raise NoSuchQuantityError(f"{place.path} has no {figure.words}; only networks have")
    return figure.of(place.rows)


def growing(report: GrowingReport, place: Row | LayerFolder | None, name: str, *, bias: bool) -> Any:
    """Return a metric of a network with a symbolic number of layers."""
    if place is not None:
        raise NoSuchQuantityError(f"which layers there are depends on {report.name}: ask of the network, or give {report.name} a number")
    figure = ASKED[name]
    volumes = figure.unit in (SIDE, VOLUME)
    if not (figure.sums or volumes or name in (*GROWING, "multiplications", "additions", "weight_layers", "param_memory")):
        raise NoSuchQuantityError(f"{figure.words} of a network with a symbolic number of layers cannot be asked")
    found = report.linear(name, lambda each: computed(each, None, name, bias=bias))
    if found is None:
        raise NoSuchQuantityError(f"{figure.words} could not be proved to be linear in {report.name}: give {report.name} a number")
    return found


def count(report: Report, kind: str) -> int:
    """Return the number of layers of a kind, without auxiliary heads."""
    if kind not in KINDS:
        raise NoSuchQuantityError("; ".join(filter(None, (f"unknown kind {kind!r}", suggestion(kind, KINDS)))))
    if isinstance(report, GrowingReport):
        return report.linear("count", lambda each: count(each, kind))  # type: ignore[no-any-return]
    return sum(row.kind == kind and not row.side for row in report)
