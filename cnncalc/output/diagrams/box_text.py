"""The text in the boxes of a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.output.forms import numbers
from cnncalc.output.forms.sheet import VOLUME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.layers import Layer
    from cnncalc.output.diagrams.boxes import Box, Drawing, Frame
    from cnncalc.output.forms.numbers import NumberFormat
    from cnncalc.output.forms.sheet import Column
    from cnncalc.propagate.rows import Row, Total
    from cnncalc.study.folding import Line

BLOCK, INPUT = "block", "input"  # families besides the modules of the kinds
LONGEST, FIGURE = 32, 48  # characters of a line, and of one with a metric
HIDDEN = ("pad", "bias", "scale", "shift", "round", "output_pad", "connections")  # fields that a box does not show
WINDOWS = ("kernel", "size")


class BoxText(NamedTuple):
    """The text in a box."""

    name: str
    what: str
    family: str
    figures: Sequence[str]
    strips: Sequence[tuple[str, str]]  # text and family of layers in place
    volume: str  # the output
    tooltip: str


def box_text(box: Box, shown: Sequence[Column], total: Total, units: str) -> BoxText:
    """Return the text of a box with the metrics to show."""
    if box.arriving is not None:
        return BoxText("", "", INPUT, (), (), numbers.volume(box.arriving, numbers.NumberFormat()), f"the output of {box.path}")
    head, *others = box.lines
    what = described(head)
    return BoxText(
        "" if _is_redundant(box, what) else shortened(box.name),
        shortened(what),
        family(head),
        [shortened(each, FIGURE) for each in _figures(box.whole, shown, total, numbers.NumberFormat(units))],
        [(shortened(described(line)), family(line)) for line in others],
        output(box),
        "\n".join(_tooltip(box)),
    )


def _is_redundant(box: Box, what: str) -> bool:
    """Return whether the name is just the kind with a number. Layers with weights are always named."""
    head = box.lines[0]
    return box.name == what or (
        not head.block and not head.rows[0].layer.is_weight_layer and _counted(box.name.rpartition("/")[2], head.kind)
    )


def _counted(name: str, word: str) -> bool:
    """Return whether a name is a word with a number, as default names are: maxpool1."""
    return name.startswith(word) and name[len(word) :].isdecimal()


def heading(frame: Frame) -> str:
    """Return the title of a frame: its name and its block."""
    last = frame.name.rpartition("/")[2]
    name = shortened(frame.name)
    return name if last == frame.block or _counted(last, frame.block) else f"{name}: {shortened(frame.block)}"


def example(frame: Frame) -> str:
    """Return the title of a block that is drawn beside the network."""
    return frame.block if frame.path == frame.block else f"{frame.block}, as in {shortened(frame.path)}"


def described(line: Line) -> str:
    """Describe a line briefly: conv 64 3×3 /2, 3 × bottleneck."""
    if line.block:
        layers = len(line.rows) // line.times
        text = f"{layers} layer{'s' if layers > 1 else ''}" if line.block == "group" else " ".join([line.block, *_kernel_size(line)])
    else:
        text = _layer(line.rows[0])
    return f"{line.times} × {text}" if line.times > 1 else text


def _layer(row: Row) -> str:
    """Describe a layer by its main fields, including 1×1 kernels and strides of pooling layers."""
    layer = row.layer
    stated = layer.non_default_fields()
    texts = [row.kind]
    for name, field in layer.fields.items():
        if field.shown and name not in HIDDEN and (name in stated or name in WINDOWS or field.like):
            texts.append(field.shown.format(field.type.text(getattr(layer, name))))
    return " ".join(texts)


def _kernel_size(line: Line) -> Iterator[str]:
    """Yield the kernel size in a block, if there is only one besides 1×1; none for classifiers."""
    layers = {row.node.placed.layer for row in line.rows}
    found = {field.type.text(getattr(layer, name)) for layer in layers for name, field in layer.fields.items() if name in WINDOWS}
    found = {text for text in found if "×" in text and text != "1×1"}
    if len(found) == 1 and not any(_room(layer) == "dense" for layer in layers):
        yield from found


def _room(layer: Layer) -> str:
    """Return the module that defines a kind."""
    return type(layer).__module__.rpartition(".")[2]


def family(line: Line) -> str:
    """Return the module of a kind, which determines its colour; blocks and the input have their own."""
    if line.block:
        return BLOCK
    row = line.rows[0]
    return INPUT if row.kind == INPUT else _room(row.layer)


def output(box: Box) -> str:
    """Return the output volume; for a split, also how many of them."""
    last = box.lines[-1]
    layer = last.rows[-1].layer
    volume = VOLUME.people(last.output_volume, numbers.NumberFormat())
    return f"{layer.parts} × {volume}" if layer.splits else volume  # type: ignore[attr-defined]  # layers that split have parts


def _figures(line: Line, shown: Sequence[Column], total: Total, fmt: NumberFormat) -> Iterator[str]:
    """Yield the requested metrics, one per line; zeros are left out."""
    for column in shown:
        value = column.read(line, total)
        text = column.form.people(value, fmt) if value else ""
        if text:
            yield f"{column.heading} {text}"


def _tooltip(box: Box) -> Iterator[str]:
    """Yield the lines of the tooltip: layers, volumes and costs."""
    for line in box.lines:
        yield f"{line.path}: {line.what}"
    whole = box.whole
    fmt = numbers.NumberFormat()
    if whole.input_volume is not None:
        yield f"{numbers.volume(whole.input_volume, fmt)} → {numbers.volume(whole.output, fmt)}"
    yield f"{numbers.count(whole.params, fmt)} parameters, {numbers.count(whole.macs, fmt)} MACs"


def shortened(text: str, most: int = LONGEST) -> str:
    """Shorten a text by cutting out its middle."""
    return text if len(text) <= most else f"{text[: most - 9]}…{text[-8:]}"


def name_boxes(drawing: Drawing, merges: Mapping[str, str]) -> None:
    """Name boxes and frames, unambiguously within their frame and as short as possible. `merges` are paths with their kinds."""
    for frame in (drawing.root, *drawing.frames):
        start = len(frame.path) + 1 if frame.path else 0
        whole = [child.path[start:] for child in frame.children]
        shorter = [[tail(child.path, start, merges) for child in frame.children] for tail in (_without_branches, _without_counted_merges)]
        names = next((each for each in shorter if len(set(each)) == len(each)), whole)
        for child, text in zip(frame.children, names, strict=True):
            child.name = text


def _without_branches(path: str, start: int, merges: Mapping[str, str]) -> str:
    """Return the path from an index on, without the folders of merges and of their branches."""
    kept = []
    branch = False
    for folder, part in _folders(path, start):
        merge = folder in merges
        if not branch and not merge:
            kept.append(part)
        branch = merge
    return "/".join([*kept, path.rpartition("/")[2]])


def _without_counted_merges(path: str, start: int, merges: Mapping[str, str]) -> str:
    """Return the path from an index on, without the folders of merges that have default names."""
    kept = [part for folder, part in _folders(path, start) if not _counted(part, merges.get(folder, "/"))]
    return "/".join([*kept, path.rpartition("/")[2]])


def _folders(path: str, start: int) -> Iterator[tuple[str, str]]:
    """Yield every folder of a path that ends after an index, and its last part."""
    at = path.find("/", start)
    while at >= 0:
        yield path[:at], path[start:at]
        start = at + 1
        at = path.find("/", start)
