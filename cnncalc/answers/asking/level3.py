"""Questions of level 3: formulas, modules with branches, dilated and transposed convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.answers.asking.draw import DrawnQuestion, of_layer
from cnncalc.answers.asking.level2 import ratio, share
from cnncalc.answers.asking.wording import Convolution, Pool, capital, network, through, volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.asking.draw import Dice, QuizNetwork

ANY = "H×W×C"


def same_size(dice: Dice, filters: int | str = "K") -> Convolution:
    """Draw a convolution that keeps height and width."""
    kernel = dice.choice((3, 5, 7))
    return Convolution(filters, kernel, 1, kernel // 2, bias=False)


def weights_formula(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for a formula for the weights of a convolution."""
    conv = same_size(dice)
    ask = f"{capital(conv.words)} is applied to a {ANY} input. How many weights does it have? (A formula in C and K.)"
    return DrawnQuestion(ask, "weights", network("H", "C", conv.yaml, params=("K",)))


def output_formula(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for a formula for the output of a convolution."""
    conv = Convolution("K", dice.choice((3, 5, 7)), dice.choice((1, 2)), dice.choice((0, 1)))
    ask = (
        f"{capital(conv.words)} is applied to a {ANY} input. What is the output size? "
        "(Formulas in H, W and K; // divides and rounds down, as in (H - 1)//2 x (W - 1)//2 x K.)"
    )
    return DrawnQuestion(ask, "output", network("H", "C", conv.yaml, params=("K",)))


def macs_formula(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for a formula for the MACs of a convolution."""
    conv = same_size(dice)
    ask = f"{capital(conv.words)} is applied to a {ANY} input. How many multiply-accumulates does it take? (A formula in H, W, C and K.)"
    return DrawnQuestion(ask, "macs", network("H", "C", conv.yaml, params=("K",)))


def dense_formula(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for a formula for the parameters of a fully connected layer."""
    ask = (
        f"A fully connected layer with K neurons is applied to a {ANY} input. "
        "How many parameters does it have, biases included? (A formula in H, W, C and K.)"
    )
    return DrawnQuestion(ask, "params", network("H", "C", "{fc: K}", params=("K",)))


def memory_formula(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for a formula for the memory of a convolution's output for a batch."""
    conv = Convolution("K", dice.choice((3, 5)), 1, 1)
    conv = conv._replace(pad=conv.kernel // 2)
    ask = (
        f"{capital(conv.words)} is applied to a batch of N images, {ANY} each. How many bytes does its output take, 4 bytes per element? "
        "(A formula in N, H, W and K.)"
    )
    return DrawnQuestion(ask, "memory", network("H", "C", conv.yaml[:-1] + ", name: conv}", params=("K",)), layer="conv", batch="N")


def stacked(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask about several small kernels in place of a large one."""
    count, kernel = dice.choice((2, 3, 4)), dice.choice((3, 5))
    number = {2: "Two", 3: "Three", 4: "Four"}[count]
    conv = Convolution("C", kernel, 1, kernel // 2, bias=False)
    start = (
        f"{number} convolutions are stacked, each with C filters of {kernel}×{kernel}, stride 1, padding {kernel // 2} and no biases; "
        f"the first is applied to a {ANY} input. "
    )
    spec = network("H", "C", f"{conv.yaml[:-1]}, repeat: {count}}}")
    if dice.choice((True, False)):
        return DrawnQuestion(f"{start}How many weights do they have? (A formula in C.)", "weights", spec)
    ask = f"{start}What is the receptive field of a unit in the last layer (side length in pixels)?"
    return DrawnQuestion(ask, "receptive_field", spec)


def bottleneck(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the weights of a bottleneck."""
    times = dice.choice((2, 4))
    ask = (
        f"An input of H×W×{times}C goes through a convolution with C filters of 1×1, then one with C filters of 3×3 and padding 1, then "
        f"one with {times}C filters of 1×1, all with stride 1 and no biases. How many weights do the three have in total? (A formula in C.)"
    )
    layers = ("{conv: C, bias: false}", "{conv: C, kernel: 3, pad: 1, bias: false}", f"{{conv: {times}*C, bias: false}}")
    return DrawnQuestion(ask, "weights", f"{{params: {{C: }}, input: [H, W, {times}*C], layers: [{', '.join(layers)}]}}")


def separable(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the weights of a depthwise separable convolution."""
    kernel = dice.choice((3, 5))
    ask = (
        f"A {ANY} input goes through a depthwise convolution, one filter of {kernel}×{kernel} for each channel, with stride 1 and "
        f"padding {kernel // 2}, then through a convolution with K filters of 1×1; both without biases. "
        "How many weights do the two have in total? (A formula in C and K.)"
    )
    layers = (f"{{depthwise: {kernel}, pad: {kernel // 2}, bias: false}}", "{conv: K, bias: false}")
    return DrawnQuestion(ask, "weights", network("H", "C", *layers, params=("K",)))


def residual(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the parameters of a residual unit."""
    side, depth = dice.choice((14, 28, 56)), dice.choice((16, 32, 64, 128))
    conv = Convolution(depth, 3, 1, 1)
    ask = (
        f"A residual unit is applied to a {volume(side, depth)} input. It adds an identity shortcut to the output of two convolutions, "
        f"each {conv.words.removeprefix('a convolution ')}. How many parameters does it have, biases included?"
    )
    return DrawnQuestion(ask, "params", network(side, depth, f"{{add: [[{conv.yaml}, relu, {conv.yaml}], identity]}}"))


def inception(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask about an Inception module."""
    side, depth = dice.choice((14, 28)), dice.choice((64, 128, 192, 256))
    one, three, five = dice.choice((32, 64, 128)), dice.choice((64, 96, 192)), dice.choice((16, 32, 96))
    ask = (
        f"A module is applied to a {volume(side, depth)} input. It has three branches of convolutions with stride 1: {one} filters of "
        f"1×1, {three} filters of 3×3 with padding 1, and {five} filters of 5×5 with padding 2. "
        "Their outputs are concatenated along the channel dimension. "
    )
    branches = f"{{conv: {one}}}, {{conv: {three}, kernel: 3, pad: 1}}, {{conv: {five}, kernel: 5, pad: 2}}"
    spec = network(side, depth, f"{{concat: [{branches}]}}")
    quantity, wants = dice.choice((
        ("output", "What is the output size?"),
        ("params", "How many parameters does it have, biases included?"),
        ("macs", "How many multiply-accumulates does it take per image? (Additions of biases are not counted.)"),
    ))  # fmt: skip
    return DrawnQuestion(ask + wants, quantity, spec)


def transposed(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the output of a transposed convolution."""
    filters, (kernel, stride, pad) = dice.choice((8, 16, 32)), dice.choice(((2, 2, 0), (4, 2, 1), (3, 2, 1), (3, 1, 0)))
    side, depth = dice.choice((7, 14, 28)), dice.choice((16, 32, 64))
    padding = f"padding {pad}" if pad else "no padding"
    ask = (
        f"A transposed convolution with {filters} filters of {kernel}×{kernel}, stride {stride} and {padding} is applied to a "
        f"{volume(side, depth)} input. What is the output size?"
    )
    return DrawnQuestion(ask, "output", network(side, depth, f"{{upconv: {filters}, kernel: {kernel}, stride: {stride}, pad: {pad}}}"))


def dilated_field(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the receptive field of dilated convolutions."""
    layers: list[Convolution | Pool] = [Convolution(16, 3, 1, rate, dilation=rate) for rate in (1, 2, 4, 8)[: dice.choice((3, 4))]]
    if dice.choice((True, False)):
        layers.insert(0, Pool(2, 2))
    ask = (
        f"A {volume(64, 3)} input goes through {through(layers)}. "
        "What is the receptive field of a unit in the last layer (side length in pixels)?"
    )
    return DrawnQuestion(ask, "receptive_field", network(64, 3, *[layer.yaml for layer in layers]))


def layer_flops(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for operations instead of multiply-accumulates."""
    wants = "How many FLOPs does it take per image, counting two for each multiply-accumulate and nothing else?"
    return of_layer(dice, known, "flops", wants, lambda row: row.macs != 0)


BY_ITSELF = (
    weights_formula, output_formula, macs_formula, dense_formula, memory_formula, stacked, bottleneck, separable, residual, inception,
    transposed, dilated_field,
)  # fmt: skip
OF_NETWORKS = (layer_flops, ratio, share)
