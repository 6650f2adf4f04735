"""Describes layers for worksheets, in words and as steps of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.layers.fields import Padding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.propagate.rows import Row


class Convolution(NamedTuple):
    """A convolution with a square kernel; fields are numbers or symbols."""

    filters: int | str
    kernel: int
    stride: int = 1
    pad: int = 0
    dilation: int = 1
    groups: int = 1
    bias: bool = True

    @property
    def words(self) -> str:
        """A description in words."""
        parts = [f"stride {self.stride}", f"padding {self.pad}" if self.pad else "no padding"]
        parts += [f"dilation {self.dilation}"] if self.dilation > 1 else []
        parts += [f"{self.groups} groups"] if self.groups > 1 else []
        parts += [] if self.bias else ["no biases"]
        filters = "1 filter" if self.filters == 1 else f"{self.filters} filters"
        return f"a convolution with {filters} of {self.kernel}×{self.kernel}, {', '.join(parts[:-1])} and {parts[-1]}"

    @property
    def yaml(self) -> str:
        """The step in a network file."""
        fields = (("kernel", 1), ("stride", 1), ("pad", 0), ("dilation", 1), ("groups", 1))
        stated = [f"{name}: {getattr(self, name)}" for name, default in fields if getattr(self, name) != default]
        return "{" + ", ".join([f"conv: {self.filters}", *stated, *([] if self.bias else ["bias: false"])]) + "}"


class Pool(NamedTuple):
    """Max pooling with a square kernel."""

    size: int
    stride: int

    @property
    def words(self) -> str:
        """A description in words."""
        return f"max pooling with a kernel of {self.size}×{self.size} and stride {self.stride}"

    @property
    def yaml(self) -> str:
        """The step in a network file."""
        return f"{{maxpool: {self.size}}}" if self.size == self.stride else f"{{maxpool: {self.size}, stride: {self.stride}}}"


def volume(side: int | str, depth: int | str) -> str:
    """Format a square volume."""
    return f"{side}×{side}×{depth}"


def capital(text: str) -> str:
    """Capitalize the first letter."""
    return text[:1].upper() + text[1:]


def through(layers: Sequence[Convolution | Pool]) -> str:
    """List layers in a sentence."""
    return ", then ".join(layer.words for layer in layers)


def network(side: int | str, depth: int | str, *layers: str, params: Sequence[str] = ()) -> str:
    """Return a network of a few layers in YAML flow style; `params` are symbols."""
    symbols = f"params: {{{', '.join(f'{name}: ' for name in params)}}}, " if params else ""
    height, wide = ("H", "W") if side == "H" else (side, side)
    return f"{{{symbols}input: {height}x{wide}x{depth}, layers: [{', '.join(layers)}]}}"


def described(row: Row) -> str:
    """Describe a layer in words; "" if that would be long."""
    layer: Any = row.layer
    if len(row.inputs) != 1 or not all(isinstance(side, int) for side in (*row.inputs[0], *row.output)):
        return ""
    if row.kind == "conv" and plain(layer) and not layer.connections:
        conv = Convolution(layer.filters, layer.kernel[0], layer.stride[0], layer.pad[0], layer.dilation[0], layer.groups, layer.bias)
        return conv.words
    if row.kind == "fc":
        return f"a fully connected layer with {layer.features} neurons{'' if layer.bias else ' and no biases'}"
    if row.kind in ("maxpool", "avgpool") and plain(layer) and layer.dilation == (1, 1):
        kind = "max pooling" if row.kind == "maxpool" else "average pooling"
        pad = f", padding {layer.pad[0]}" if layer.pad[0] else ""
        rounding = ", rounding up" if layer.round == "ceil" else ""
        return f"{kind} with a kernel of {layer.size[0]}×{layer.size[0]}, stride {layer.stride[0]}{pad}{rounding}"
    return ""


def plain(layer: Any) -> bool:
    """Return whether the kernel and all other fields are square, and the padding is equal on all sides."""
    window = layer.kernel if "kernel" in layer.fields else layer.size
    pairs = (window, layer.stride, layer.dilation)
    return isinstance(layer.pad, Padding) and len(set(layer.pad)) == 1 and all(high == wide for high, wide in pairs)
