"""Questions of level 1: one layer, its output and its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.asking.draw import DEPTHS, DrawnQuestion, evenly_divided, of_layer, one_layer
from cnncalc.answers.asking.wording import Pool, capital, network, volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.asking.draw import Dice, QuizNetwork
    from cnncalc.propagate.rows import Row

NEURONS = (10, 84, 100, 120, 128, 256, 1000)


def conv_output(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the output of a convolution."""
    conv, side = evenly_divided(dice)
    depth = dice.choice(DEPTHS)
    ask = f"{capital(conv.words)} is applied to a {volume(side, depth)} input. What is the output size?"
    return DrawnQuestion(ask, "output", network(side, depth, conv.yaml))


def pool_output(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the output of a pooling layer."""
    pool = Pool(*dice.choice(((2, 2), (3, 2), (3, 3), (2, 1), (3, 1))))
    side, depth = (dice.choice(range(6, 33)) - 1) * pool.stride + pool.size, dice.choice(DEPTHS[1:])
    ask = f"{capital(pool.words)} is applied to a {volume(side, depth)} input. What is the output size?"
    return DrawnQuestion(ask, "output", network(side, depth, pool.yaml))


def conv_params(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the parameters of a convolution."""
    conv, side = evenly_divided(dice)
    depth = dice.choice(DEPTHS)
    ask = f"{capital(conv.words)} is applied to a {volume(side, depth)} input. How many parameters does it have, biases included?"
    return DrawnQuestion(ask, "params", network(side, depth, conv.yaml))


def dense_params(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the parameters of a fully connected layer."""
    side, depth, neurons = dice.choice((1, 4, 5, 6, 7, 8)), dice.choice((16, 32, 64, 128, 256)), dice.choice(NEURONS)
    ask = (
        f"A fully connected layer with {neurons} neurons is applied to a {volume(side, depth)} input. "
        "How many parameters does it have, biases included?"
    )
    return DrawnQuestion(ask, "params", network(side, depth, f"{{fc: {neurons}}}"))


def layer_output(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the output of a layer of a network."""
    return of_layer(dice, known, "output", "What is the output size?")


def layer_params(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the parameters of a layer of a network."""
    return of_layer(dice, known, "params", "How many parameters does it have, biases included?", lambda row: row.biases != 0)


def layer_weights(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the weights of a layer of a network."""
    return of_layer(dice, known, "weights", "How many weights does it have, without biases?", lambda row: row.weights != 0)


def layer_kernel(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the kernel size, given input and output."""

    def tiles(row: Row) -> bool:
        return row.kind == "conv" and row.exact is True and row.output.h != 1 and row.layer.dilation == (1, 1)  # type: ignore[attr-defined]  # it is a conv

    found = one_layer(dice, known, tiles)
    if found is None:
        return None
    there, row = found
    conv: Any = row.layer
    ask = (
        f"{row.path} of {there.title} turns a {row.inputs[0]} input into a {row.output} output, with stride {conv.stride[0]} and "
        f"{f'padding {conv.pad[0]}' if conv.pad[0] else 'no padding'}, and its kernel divides the input evenly. What is its kernel size?"
    )
    return DrawnQuestion(ask, "kernel", there.name, row.path)


BY_ITSELF = (conv_output, pool_output, conv_params, dense_params)
OF_NETWORKS = (layer_output, layer_params, layer_weights, layer_kernel)
