"""Conventions: what a "FLOP" is. In goes the cost of a layer, out comes the figure that a convention, or a tool, has for it.

A convention is one function here, with its manual. Tools count what they see of a network in their framework: each of
its layers as the module of that name, in evaluation mode, sums and products of volumes by + and *. Where a tool has a bug, its
figure has it too, and the manual says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.layers import operation_types as op
from cnncalc.layers.contract import product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.dims import Dim
    from cnncalc.layers.operation_types import Operation
    from cnncalc.propagate.costs import Cost

    Rule = Callable[[Cost], Dim]
    Table = Mapping[Operation, Rule]


class Count(NamedTuple):
    """The figure for one layer and one image, in parts; what `other` is of, the layer's operation says."""

    macs: Dim = 0
    biases: Dim = 0
    other: Dim = 0


REPRODUCED = "Reproduced: "  # how a manual begins to tell of a mistake


class Convention:
    """A way to count operations, and which stored numbers it takes for parameters."""

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
        self.prints = prints  # what it calls the figure; "" where it has none of its own
        self.count = count
        self.mistaken = mistaken  # for each mistake that the manual tells of, the operations that have it
        self.buffers = buffers  # takes buffers for parameters
        self._text = text

    def __call__(self, cost: Cost) -> Dim:
        """The figure for one layer."""
        macs, biases, other = self.count(cost)
        return macs + biases + other

    def mistakes(self, operations: Iterable[Operation]) -> list[str]:
        """Of the manual, what it reproduces of a tool's mistakes with these operations."""
        found = frozenset(operations)
        told = [paragraph for paragraph in self.manual if paragraph.startswith(REPRODUCED)]
        return [paragraph for paragraph, concerned in zip(told, self.mistaken, strict=True) if found & concerned]

    @property
    def manual(self) -> list[str]:
        """What it counts, in one sentence, and then what else there is to know, a paragraph each."""
        return [" ".join(paragraph.split()) for paragraph in self._text.split("\n\n")]


CONVENTIONS: dict[str, Convention] = {}  # written once, by the functions below


def convention(
    name: str, prints: str, text: str, mistaken: Iterable[Iterable[Operation]] = (), *, buffers: bool = False
) -> Callable[[Callable[[Cost], Count]], Callable[[Cost], Count]]:
    """Enter a function into the table of conventions; the text is its manual."""

    def enter(count: Callable[[Cost], Count]) -> Callable[[Cost], Count]:
        CONVENTIONS[name] = Convention(name, prints, text, count, tuple(map(frozenset, mistaken)), buffers=buffers)
        return count

    return enter


def counted(found: Cost, by: Convention, *, bias: bool) -> tuple[Cost, Dim]:
    """A cost with what the convention takes for parameters, and its figure; without `bias`, parameters are weights alone."""
    figure = by(found)
    if by.buffers:
        found = found._replace(taken=found.buffers)
    return found if bias else found._replace(biases=0), figure


WEIGHING = frozenset({op.CONVOLUTION, op.TRANSPOSED, op.LINEAR})  # what has weights in every framework


def _macs(cost: Cost) -> Dim:
    """Uses of a weight, where tools see it: LeNet's output layer is theirs to write, and then counts as nothing."""
    return cost.work.macs if cost.operation in WEIGHING else 0


def _biases(cost: Cost) -> Dim:
    return cost.work.bias_adds if cost.operation in WEIGHING else 0


def _entering(times: int) -> Rule:
    """So many for every value that enters."""
    return lambda cost: times * cost.entering


def _leaving(times: int) -> Rule:
    """So many for every value that leaves."""
    return lambda cost: times * cost.values


def _norm(learned: int, bare: int) -> Rule:
    """So many for every value, with learned factors and without."""
    return lambda cost: (bare if cost.weights == 0 else learned) * cost.entering


def _nothing(cost: Cost) -> Dim:
    return 0


def _other(table: Table, cost: Cost) -> Dim:
    """What the table has for the operation; what is not in it counts as nothing."""
    return table.get(cost.operation, _nothing)(cost)


@convention("macs", "MACs", "Multiply-accumulates of layers with weights: the figure that papers print.")
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
    return Count(other=0 if cost.operation == op.SCALING else cost.learned)


def _at_output(cost: Cost) -> Dim:
    """Every weight once for every place of the output: for a transposed convolution, stride² times too often."""
    places: Dim = cost.placed.output.places
    return cost.weights * places if cost.operation in WEIGHING else 0


FVCORE: Table = {
    op.BATCH_NORM: _norm(2, 1),
    op.LAYER_NORM: _norm(5, 4),
    op.GROUP_NORM: _norm(5, 4),
    op.ADAPTIVE_AVERAGE: _entering(1),
    op.UPSAMPLING: _leaving(1),
}


@convention(
    "fvcore",
    "flops",
    """Multiply-accumulates, 2 for every value of a batch norm, 1 for every value that global average pooling takes.

    It prints them as flops, though a multiply-accumulate is one. A norm without learned factors counts 1; layer and group norm count 5
    (4 without factors), upsampling 1 for every value that leaves. Biases, activations, other pooling and sums count nothing.

    fvcore 0.1.5.post20221221, FlopCountAnalysis.
    """,
)
def fvcore(cost: Cost) -> Count:
    return Count(_macs(cost), other=_other(FVCORE, cost))


def _neighbours(cost: Cost) -> Dim:
    """Local response norm as PyTorch writes it: two products, a sum, and an average pooling over zeros added on both sides."""
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
    op.LOCAL_NORM: _neighbours,
    op.UPSAMPLING: _leaving(2),
}


@convention(
    "ptflops",
    "MACs",
    """Multiply-accumulates, biases, 2 for every value of a batch norm or ReLU, 2 for every value that pooling takes.

    Reproduced: modules of ReLU, PReLU, ELU, GELU, pooling and upsampling count twice, as the module and as the function that it calls.

    An architecture does not tell whether a program uses modules: where it calls the functions itself, they count 1, and
    {"count_functional": False} leaves 1 for modules and nothing for functions. ReLU6, leaky ReLU, SiLU and softmax count 1; other
    activations, + and * nothing.

    ptflops 0.7.5 with its default backend, "pytorch". It prints the figure of one image.
    """,
    [(*TWICE, op.UPSAMPLING)],
)
def ptflops(cost: Cost) -> Count:
    return Count(_macs(cost), _biases(cost), _other(PTFLOPS, cost))


@convention(
    "ptflops-aten",
    "MACs",
    """Multiply-accumulates and biases of convolutions and fully connected layers, nothing else.

    ptflops 0.7.5 with backend "aten". It prints the figure of one image.
    """,
)
def ptflops_aten(cost: Cost) -> Count:
    return Count(_macs(cost), _biases(cost))


THOP: Table = {
    op.BATCH_NORM: _norm(4, 2),
    op.LAYER_NORM: _norm(4, 2),
    op.PRELU: _entering(1),
    op.SOFTMAX: lambda cost: 3 * cost.values - cost.placed.output.places,
    op.AVERAGE_POOL: _leaving(1),
    op.ADAPTIVE_AVERAGE: lambda cost: cost.entering + cost.values,
    op.UPSAMPLING: _leaving(1),
}


@convention(
    "thop",
    "MACs",
    """Multiply-accumulates, 4 for every value of a batch norm, average pooling 1 for every value that leaves.

    Global average pooling counts the values that enter and those that leave. A norm without learned factors counts 2, softmax 3 n − 1,
    PReLU 1; biases, other activations, max pooling and group norm nothing. Pooling that a program calls as a function it does not see.
    (Its page says that only multiplications are counted.)

    Reproduced: a transposed convolution counts at every place of its output instead of its input, stride² times too much
    (ultralytics-thop has mended that).

    thop 0.1.1, which is pytorch-OpCounter.
    """,
    [[op.TRANSPOSED]],
)
def thop(cost: Cost) -> Count:
    return Count(_at_output(cost), other=_other(THOP, cost))


ONCE = (*TWICE, op.LEAKY_RELU, op.SWISH, op.SOFTMAX, op.UPSAMPLING)
CALFLOPS: Table = {
    **dict.fromkeys(ONCE, _entering(1)),
    op.BATCH_NORM: _norm(2, 1),
    op.LAYER_NORM: _norm(5, 4),
    op.GROUP_NORM: _norm(5, 4),
    op.LOCAL_NORM: _neighbours,
}


@convention(
    "calflops",
    "FLOPs",
    """Two for every multiply-accumulate, biases of convolutions, 2 for every value of a batch norm, 1 of a ReLU or a pooling.

    Leaky ReLU, PReLU, ELU, SiLU, GELU and softmax count 1, layer and group norm 5; ReLU6, hard swish, sigmoid, + and * nothing.

    Reproduced: biases of fully connected layers are left out.

    Reproduced: a transposed convolution divides its filters by the groups twice, so that a depthwise one counts nothing, and its biases
    are counted for the output that a plain convolution would have.

    Reproduced: upsampling counts the values that enter (DeepSpeed: those that leave).

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
    places = product(window.places(side) for window, side in zip(layer.windows, x.sides, strict=True))
    return Count(2 * uses, filters * places if layer.bias else 0)


@convention(
    "torch",
    "FLOPs",
    """Two for every multiply-accumulate of convolutions and fully connected layers, nothing else.

    torch.utils.flop_counter of PyTorch 2.13, the forward pass. (Its backward pass counts grouped convolutions too often.)
    """,
)
def torch(cost: Cost) -> Count:
    return Count(2 * _macs(cost))


@convention(
    "keras",
    "",
    """Parameters with what batch norm keeps but does not learn: 4 for each channel where the others count 2.

    Keras prints no operations; the figure beside its parameters is that of `full`. A model that was compiled also adds the variables of
    its optimizer to "Total params", which are not counted here. Keras' own versions of a network may have other layers: its ResNet-50
    has biases in its convolutions.

    Keras 3.
    """,
    buffers=True,
)
def keras(cost: Cost) -> Count:
    return full(cost)
