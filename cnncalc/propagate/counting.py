"""Conventions for counting operations: each computes its count from the cost of a layer.

A convention is a function with a manual text. Tools count a network as written in their framework, in evaluation mode: each layer as the
module of the same name, element-wise sums and products by + and *. Attention is a call of scaled_dot_product_attention, in which only
torch's counter sees products; written as two matrix products, fvcore and ptflops-aten count them, too. Bugs of a tool are reproduced in
its count and described in the manual.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import exact_div
from cnncalc.layers import operation_types as op

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.dims import Dim
    from cnncalc.layers.operation_types import Operation
    from cnncalc.propagate.costs import Cost

    Rule = Callable[[Cost], Dim]
    Table = Mapping[Operation, Rule]


class Count(NamedTuple):
    """The count for one layer and one image, in parts. The layer's operation tells what `other` counts."""

    macs: Dim = 0
    biases: Dim = 0
    other: Dim = 0


DIRECT = ("macs", "flops", "full", "connections", "keras")  # count the layers themselves, not what a tool recognizes
REPRODUCED = "Reproduced: "  # first word of a paragraph about a reproduced bug


class Convention:
    """A way of counting operations, and whether it counts buffers as parameters."""

    __slots__ = ("_text", "buffers", "count", "mistaken", "name", "prints")

    def __init__(
        self,
        name: str,
        prints: str,
        text: str,
        count: Callable[[Cost], Count],
        mistaken: tuple[frozenset[Operation], ...],
        *,
        buffers: bool,
    ) -> None:
        self.name = name
        self.prints = prints  # the name a tool prints for the count; "" for no tool
        self.count = count
        self.mistaken = mistaken  # for each mistake in the manual, the operations it affects
        self.buffers = buffers  # counts buffers as parameters
        self._text = text

    def __call__(self, cost: Cost) -> Dim:
        """Return the count for one layer."""
        macs, biases, other = self.count(cost)
        return macs + biases + other

    def mistakes(self, operations: Iterable[Operation]) -> list[str]:
        """Return the manual's paragraphs about mistakes that affect these operations."""
        present = frozenset(operations)
        paragraphs = [paragraph for paragraph in self.manual if paragraph.startswith(REPRODUCED)]
        return [paragraph for paragraph, concerned in zip(paragraphs, self.mistaken, strict=True) if present & concerned]

    def unknown(self, operations: Iterable[Operation]) -> list[str]:
        """Return the names of operations that a tool does not recognize, and counts as 0."""
        return [] if self.name in DIRECT else sorted({each.name for each in operations if each in op.NO_MODULE})

    @property
    def manual(self) -> list[str]:
        """One sentence on what is counted, followed by paragraphs of detail."""
        return [" ".join(paragraph.split()) for paragraph in self._text.split("\n\n")]


CONVENTIONS: dict[str, Convention] = {}  # filled by the functions below


def convention(
    name: str, prints: str, text: str, mistaken: Iterable[Iterable[Operation]] = (), *, buffers: bool = False
) -> Callable[[Callable[[Cost], Count]], Callable[[Cost], Count]]:
    """Register a function as a convention with its manual text."""

    def enter(count: Callable[[Cost], Count]) -> Callable[[Cost], Count]:
        CONVENTIONS[name] = Convention(name, prints, text, count, tuple(map(frozenset, mistaken)), buffers=buffers)
        return count

    return enter


def counted(cost: Cost, by: Convention, *, bias: bool) -> tuple[Cost, Dim]:
    """Return the cost with buffers counted as the convention does, and the count; without `bias`, parameters exclude biases."""
    figure = by(cost)
    if by.buffers:
        cost = cost._replace(taken=cost.buffers)
    return cost if bias else cost._replace(biases=0), figure


WEIGHING = frozenset({op.CONVOLUTION, op.TRANSPOSED, op.LINEAR})  # operations with weights in every framework


def _macs(cost: Cost) -> Dim:
    """Multiply-accumulates seen by tools; LeNet's output layer (no standard module) counts 0."""
    return cost.work.macs if cost.operation in WEIGHING else 0


def _biases(cost: Cost) -> Dim:
    return cost.work.bias_adds if cost.operation in WEIGHING else 0


def _entering(times: int) -> Rule:
    """Count `times` per input element."""
    return lambda cost: times * cost.entering


def _leaving(times: int) -> Rule:
    """Count `times` per output element."""
    return lambda cost: times * cost.values


def _norm(learned: int, bare: int) -> Rule:
    """Count `learned` per input element with a learnable scale, `bare` without."""
    return lambda cost: (bare if cost.weights == 0 else learned) * cost.entering


def _by_mode(**times: int) -> Rule:
    """Count per output element what the interpolation of a resize takes; modes that are not named count 0."""
    return lambda cost: times.get(getattr(cost.placed.layer, "mode", "nearest"), 0) * cost.values


def _upsampling(by_factor: Rule, to_size: Rule) -> Rule:
    """Count an interpolation by a factor and one to a size with different rules."""
    return lambda cost: to_size(cost) if getattr(cost.placed.layer, "factor", 1) is None else by_factor(cost)


def _nothing(cost: Cost) -> Dim:
    return 0


def _other(table: Table, cost: Cost) -> Dim:
    """Return the table's count for the operation, 0 for others."""
    return table.get(cost.operation, _nothing)(cost)


@convention("macs", "MACs", "Multiply-accumulates of layers with weights: the number that papers print.")
def macs(cost: Cost) -> Count:
    return Count(cost.work.macs)


@convention("flops", "FLOPs", "Two operations for every multiply-accumulate, nothing else.")
def flops(cost: Cost) -> Count:
    return Count(2 * cost.work.macs)


@convention(
    "full", "FLOPs", "Two for every multiply-accumulate, one for every bias, and one for every element or window input of everything else."
)
def full(cost: Cost) -> Count:
    work = cost.work
    return Count(2 * work.macs, work.bias_adds, work.window + work.elements)


@convention("connections", "connections", "Every use of a weight, a bias or a window input, as LeCun and others count them in 1998.")
def connections(cost: Cost) -> Count:
    work = cost.work
    return Count(work.macs, work.bias_adds, work.window)


@convention(
    "torchinfo",
    "mult-adds",
    """Every use of a weight or a bias; of everything else, the parameters themselves.

    Batch norm counts 2 for each channel, whatever its height and width. Factors that no module calls its weight, such as those of a layer
    scale, count nothing.

    Reproduced: a transposed convolution counts at every place of its output instead of its input, stride² times too much.

    torchinfo 1.8.0.
    """,
    [[op.TRANSPOSED]],
)
def torchinfo(cost: Cost) -> Count:
    if cost.operation in WEIGHING:
        return Count(_at_output(cost), cost.work.bias_adds)
    return Count(other=0 if cost.operation in (op.SCALING, op.LEARNED, op.ATTENTION, *op.NO_MODULE) else cost.learned)


def _at_output(cost: Cost) -> Dim:
    """Count each weight once per output position: for a transposed convolution this is stride² times too much."""
    places: Dim = cost.placed.output.places
    return cost.weights * places if cost.operation in WEIGHING else 0


FVCORE: Table = {
    op.BATCH_NORM: _norm(2, 1),
    op.LAYER_NORM: _norm(5, 4),
    op.GROUP_NORM: _norm(5, 4),
    op.INSTANCE_NORM: _norm(5, 4),
    op.ADAPTIVE_AVERAGE: _entering(1),
    op.UPSAMPLING: _by_mode(nearest=1, bilinear=4),
}


@convention(
    "fvcore",
    "flops",
    """Multiply-accumulates, 2 for every value of a batch norm, 1 for every input element of global average pooling.

    It prints them as flops, though a multiply-accumulate is one. A norm without learned factors counts 1; layer and group norm count 5
    (4 without factors), upsampling 1 for every output element. Biases, activations, other pooling and sums count nothing.

    fvcore 0.1.5.post20221221, FlopCountAnalysis.
    """,
)
def fvcore(cost: Cost) -> Count:
    return Count(_macs(cost), other=_other(FVCORE, cost))


def _neighbours(cost: Cost) -> Dim:
    """Local response norm as PyTorch computes it: two products, a sum, and average pooling over an input padded along the channels."""
    (x,) = cost.placed.inputs
    layer: Any = cost.placed.layer
    padded: Dim = (x.c + layer.size - 1) * x.places
    return 3 * x.size + padded


TWICE = (op.RELU, op.PRELU, op.ELU, op.GELU, op.MAX_POOL, op.AVERAGE_POOL, op.ADAPTIVE_AVERAGE, op.ADAPTIVE_MAX)
PTFLOPS: Table = {
    **dict.fromkeys(TWICE, _entering(2)),
    op.RELU6: _entering(1),
    op.LEAKY_RELU: _entering(1),
    op.SWISH: _entering(1),
    op.SOFTMAX: _entering(1),
    op.BATCH_NORM: _norm(2, 1),
    op.LAYER_NORM: _entering(1),
    op.GROUP_NORM: _norm(2, 1),
    op.INSTANCE_NORM: _norm(2, 1),
    op.LOCAL_NORM: _neighbours,
    op.UPSAMPLING: _upsampling(_leaving(2), lambda cost: cost.values + cost.placed.output.places),
}


@convention(
    "ptflops",
    "MACs",
    """Multiply-accumulates, biases, 2 for every value of a batch norm or ReLU, 2 for every input element of pooling.

    Reproduced: modules of ReLU, PReLU, ELU, GELU, pooling and upsampling count twice, as the module and as the function that it calls.

    An architecture does not tell whether a program uses modules: where it calls the functions itself, they count 1, and
    {"count_functional": False} leaves 1 for modules and nothing for functions. ReLU6, leaky ReLU, SiLU and softmax count 1; other
    activations, + and * nothing.

    ptflops 0.7.5 with its default backend, "pytorch". It prints the number for one image.
    """,
    [(*TWICE, op.UPSAMPLING)],
)
def ptflops(cost: Cost) -> Count:
    return Count(_macs(cost), _biases(cost), _other(PTFLOPS, cost))


@convention(
    "ptflops-aten",
    "MACs",
    """Multiply-accumulates and biases of convolutions and fully connected layers, nothing else.

    ptflops 0.7.5 with backend "aten". It prints the number for one image.
    """,
)
def ptflops_aten(cost: Cost) -> Count:
    return Count(_macs(cost), _biases(cost))


THOP: Table = {
    op.BATCH_NORM: _norm(4, 2),
    op.LAYER_NORM: _norm(4, 2),
    op.INSTANCE_NORM: _norm(4, 2),
    op.PRELU: _entering(1),
    op.SOFTMAX: lambda cost: 3 * cost.values - exact_div(cost.values, cost.placed.layer.scores(cost.placed.output)),  # type: ignore[attr-defined]  # it is a softmax
    op.AVERAGE_POOL: _leaving(1),
    op.ADAPTIVE_AVERAGE: lambda cost: cost.entering + cost.values,
    op.UPSAMPLING: _by_mode(nearest=1, bilinear=11, bicubic=259),
}


@convention(
    "thop",
    "MACs",
    """Multiply-accumulates, 4 for every value of a batch norm, 1 for every output element of average pooling.

    Global average pooling counts its input and output elements. A norm without learned factors counts 2, softmax 3 n − 1,
    PReLU 1; biases, other activations, max pooling and group norm nothing. Pooling that a program calls as a function is not counted.
    (Its page says that only multiplications are counted.)

    Reproduced: a transposed convolution counts at every place of its output instead of its input, stride² times too much
    (ultralytics-thop has fixed this).

    thop 0.1.1, which is pytorch-OpCounter.
    """,
    [[op.TRANSPOSED]],
)
def thop(cost: Cost) -> Count:
    return Count(_at_output(cost), other=_other(THOP, cost))


ONCE = (*TWICE, op.LEAKY_RELU, op.SWISH, op.SOFTMAX)
CALFLOPS: Table = {
    **dict.fromkeys(ONCE, _entering(1)),
    op.BATCH_NORM: _norm(2, 1),
    op.LAYER_NORM: _norm(5, 4),
    op.GROUP_NORM: _norm(5, 4),
    op.INSTANCE_NORM: _norm(5, 4),
    op.LOCAL_NORM: _neighbours,
    op.UPSAMPLING: _upsampling(_entering(1), lambda cost: cost.placed.output.places),
}


@convention(
    "calflops",
    "FLOPs",
    """Two for every multiply-accumulate, biases of convolutions, 2 for every value of a batch norm, 1 of a ReLU or a pooling.

    Leaky ReLU, PReLU, ELU, SiLU, GELU and softmax count 1, layer and group norm 5; ReLU6, hard swish, sigmoid, + and * nothing.

    Reproduced: biases of fully connected layers are left out.

    Reproduced: a transposed convolution divides its filters by the groups twice, so that a depthwise one counts nothing, and its biases
    are counted for the output that a plain convolution would have.

    Reproduced: upsampling by a factor counts its input elements (DeepSpeed: its output elements), to a size only its output positions.

    calflops 0.3.2; DeepSpeed's profiler counts the same but for upsampling.
    """,
    [[op.LINEAR], [op.TRANSPOSED], [op.UPSAMPLING]],
)
def calflops(cost: Cost) -> Count:
    if cost.operation == op.TRANSPOSED:
        return _calflops_transposed(cost)
    biases = cost.work.bias_adds if cost.operation == op.CONVOLUTION else 0
    return Count(2 * _macs(cost), biases, _other(CALFLOPS, cost))


def _calflops_transposed(cost: Cost) -> Count:
    layer: Any = cost.placed.layer
    (x,) = cost.placed.inputs
    filters = layer.filters // layer.groups
    uses = layer.area * x.c * (filters // layer.groups) * x.places
    places = prod(window.places(side) for window, side in zip(layer.windows, x.sides, strict=True))
    return Count(2 * uses, filters * places if layer.bias else 0)


@convention(
    "torch",
    "FLOPs",
    """Two for every multiply-accumulate of convolutions, fully connected layers and attention, nothing else.

    torch.utils.flop_counter of PyTorch 2.13, the forward pass. (Its backward pass counts grouped convolutions too often.)
    """,
)
def torch(cost: Cost) -> Count:
    return Count(2 * (cost.work.macs if cost.operation is op.ATTENTION else _macs(cost)))


@convention(
    "keras",
    "",
    """Parameters with what batch norm keeps but does not learn: 4 for each channel where the others count 2.

    Keras prints no operations; the number beside its parameters is that of `full`. A model that was compiled also adds the variables of
    its optimizer to "Total params", which are not counted here. Keras' own versions of a network may have other layers: its ResNet-50
    has biases in its convolutions.

    Keras 3.
    """,
    buffers=True,
)
def keras(cost: Cost) -> Count:
    return full(cost)
