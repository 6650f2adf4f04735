"""Describes layers in the words of a worksheet and as steps of a network."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cnncalc.answers.asking.draw import Scenario
from cnncalc.layers.fields import Padding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.propagate.rows import Row

NUMBERS = {2: "two", 3: "three", 4: "four"}


class WordedLayer(Protocol):
    """A layer that a question describes."""

    @property
    def words(self) -> str:
        """What it is, with its article."""

    @property
    def yaml(self) -> str:
        """The step in a network file."""


class Convolution(NamedTuple):
    """A convolution with a square kernel; fields are numbers or symbols."""

    filters: int | str
    kernel: int
    stride: int = 1
    pad: int = 0
    dilation: int = 1
    groups: int = 1
    bias: bool = True
    kind: str = "conv"  # or upconv, depthwise: one filter per channel

    @property
    def words(self) -> str:
        """A description in words."""
        parts = [f"stride {self.stride}", f"padding {self.pad}" if self.pad else "no padding"]
        parts += [f"dilation {self.dilation}"] if self.dilation > 1 else []
        parts += [f"{self.groups} groups"] if self.groups > 1 else []
        parts += [] if self.bias else ["no biases"]
        filters = "1 filter" if self.filters == 1 else f"{self.filters} filters"
        size = f"{self.kernel}×{self.kernel}"
        start = {
            "conv": f"a convolution with {filters} of {size}",
            "upconv": f"a transposed convolution with {filters} of {size}",
            "depthwise": f"a depthwise convolution with one filter of {size} per channel",
        }[self.kind]
        return f"{start}, {', '.join(parts[:-1])} and {parts[-1]}"

    @property
    def yaml(self) -> str:
        """The step in a network file."""
        fields = (("stride", 1), ("pad", 0), ("dilation", 1), ("groups", 1))
        stated = [f"{name}: {getattr(self, name)}" for name, default in fields if getattr(self, name) != default]
        if self.kind == "depthwise":
            start = [f"depthwise: {self.kernel}"]
        else:
            start = [f"{self.kind}: {self.filters}", *([f"kernel: {self.kernel}"] if self.kernel != 1 else [])]
        return "{" + ", ".join([*start, *stated, *([] if self.bias else ["bias: false"])]) + "}"


class Pool(NamedTuple):
    """Pooling with a square kernel."""

    size: int
    stride: int
    kind: str = "max"  # or average
    up: bool = False  # rounds up
    pad: int = 0

    @property
    def words(self) -> str:
        """A description in words."""
        pad = f", stride {self.stride} and padding {self.pad}" if self.pad else f" and stride {self.stride}"
        return f"{self.kind} pooling with a kernel of {self.size}×{self.size}{pad}{' (rounding up)' if self.up else ''}"

    @property
    def yaml(self) -> str:
        """The step in a network file."""
        stated = [f"stride: {self.stride}"] if self.stride != self.size else []
        stated += [f"pad: {self.pad}"] if self.pad else []
        stated += ["round: ceil"] if self.up else []
        return "{" + ", ".join([f"{'maxpool' if self.kind == 'max' else 'avgpool'}: {self.size}", *stated]) + "}"


class FullyConnectedWording(NamedTuple):
    """A fully connected layer."""

    neurons: int | str

    @property
    def words(self) -> str:
        """A description in words."""
        return f"a fully connected layer with {self.neurons} neurons"

    @property
    def yaml(self) -> str:
        """The step in a network file."""
        return f"{{fc: {self.neurons}}}"


class Simple(NamedTuple):
    """A layer without numbers."""

    words: str
    yaml: str


FLATTEN = Simple("flattening", "flatten")
GLOBAL_POOL = Simple("global average pooling", "gap")
BATCH_NORM = Simple("batch normalization with a scale and a shift per channel", "bn")


def volume(side: int | str, depth: int | str) -> str:
    """Format a square volume."""
    return f"{side}×{'W' if side == 'H' else side}×{depth}"


def an_input(volume: str) -> str:
    """Return an input with its article."""
    first = volume.partition("×")[0]
    return f"{'an' if first.startswith('8') or first in ('H', '11', '18') else 'a'} {volume} input"


def capital(text: str) -> str:
    """Capitalize the first letter."""
    return text[:1].upper() + text[1:]


def through(layers: Sequence[WordedLayer]) -> str:
    """List layers in a sentence; equal consecutive ones once, with their number."""
    return ", then ".join(_repeated(layer.words, len([*equal])) for layer, equal in groupby(layers))


def _repeated(words: str, times: int) -> str:
    return words if times == 1 else words.replace("a convolution with", f"{NUMBERS[times]} stacked convolutions, each with", 1)


def network(side: int | str, depth: int | str, *layers: str, params: Sequence[str] = ()) -> str:
    """Return a network of a few layers in YAML flow style; `params` are symbols."""
    symbols = f"params: {{{', '.join(f'{name}: ' for name in params)}}}, " if params else ""
    wide = "W" if side == "H" else side
    shape = f"[{side}, {wide}, {depth}]" if "*" in str(depth) else f"{side}x{wide}x{depth}"
    return f"{{{symbols}input: {shape}, layers: [{', '.join(layers)}]}}"


def applied(side: int | str, depth: int | str, layer: WordedLayer, *, params: Sequence[str] = ()) -> Scenario:
    """Return a single layer and its input."""
    words = f"{capital(layer.words)} is applied to {an_input(volume(side, depth))}."
    return Scenario(words, network(side, depth, layer.yaml, params=params))


def on_batch(scenario: Scenario, batch: int | str) -> Scenario:
    """Return the scenario for a batch of images."""
    words = scenario.words.removesuffix("input.") + f"input, for a batch of {batch} images."
    return scenario._replace(words=words, batch=str(batch))


def named(scenario: Scenario) -> Scenario:
    """Return the only layer of a scenario asked about by name: activations of a network are those of all layers, and its input."""
    return scenario._replace(network=scenario.network.removesuffix("}]}") + ", name: layer}]}", layer="layer")


def in_a_row(side: int | str, depth: int | str, layers: Sequence[WordedLayer], *, params: Sequence[str] = ()) -> Scenario:
    """Consecutive layers and their input."""
    words = f"{capital(an_input(volume(side, depth)))} goes through {through(layers)}."
    return Scenario(words, network(side, depth, *[layer.yaml for layer in layers], params=params))


def module(side: int, depth: int, branches: Sequence[Sequence[WordedLayer]]) -> Scenario:
    """Branches whose outputs are concatenated."""
    words = (
        f"{capital(an_input(volume(side, depth)))} goes through a module of {NUMBERS[len(branches)]} branches whose outputs are "
        f"concatenated along the channel dimension: {'; '.join(map(through, branches))}."
    )
    steps = [f"[{', '.join(layer.yaml for layer in branch)}]" for branch in branches]
    return Scenario(words, network(side, depth, f"{{concat: [{', '.join(steps)}]}}"))


def residual(side: int, depth: int, layers: Sequence[WordedLayer]) -> Scenario:
    """Layers whose output is added to their input."""
    words = f"{capital(an_input(volume(side, depth)))} goes through a residual unit: {through(layers)}; the input is added to their output."
    return Scenario(words, network(side, depth, f"{{add: [[{', '.join(layer.yaml for layer in layers)}], identity]}}"))


def described(row: Row) -> str:
    """Describe a layer of pictures in words; "" if that would be long."""
    layer: Any = row.layer
    if len(row.inputs) != 1 or row.inputs[0].rank != 2 or not all(isinstance(side, int) for side in (*row.inputs[0], *row.output)):
        return ""
    if row.kind == "conv" and plain(layer) and not (layer.connections or layer.gain):
        return Convolution(layer.filters, layer.kernel[0], layer.stride[0], layer.pad[0], layer.dilation[0], layer.groups, layer.bias).words
    if row.kind == "fc":
        return f"{FullyConnectedWording(layer.features).words}{'' if layer.bias else ' and no biases'}"
    if row.kind in ("maxpool", "avgpool") and plain(layer) and layer.dilation == (1, 1):
        kind = "max" if row.kind == "maxpool" else "average"
        return Pool(layer.size[0], layer.stride[0], kind, layer.round == "ceil", layer.pad[0]).words
    return ""


def plain(layer: Any) -> bool:
    """Return whether the kernel and all other fields are square, and the padding is equal on all sides."""
    window = layer.kernel if "kernel" in layer.fields else layer.size
    pairs = (window, layer.stride, layer.dilation)
    return isinstance(layer.pad, Padding) and len(set(layer.pad)) == 1 and all(high == wide for high, wide in pairs)
