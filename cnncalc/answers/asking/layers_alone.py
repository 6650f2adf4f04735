"""Scenarios of single layers, modules and small networks that a sheet writes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.answers.asking.draw import DEPTHS, FILTERS, NEURONS, SIDES
from cnncalc.answers.asking.wording import (
    BATCH_NORM,
    FLATTEN,
    GLOBAL_POOL,
    Convolution,
    FullyConnectedWording,
    Pool,
    applied,
    in_a_row,
    module,
    named,
    on_batch,
    residual,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.asking.draw import Dice, Scenario
    from cnncalc.answers.asking.wording import WordedLayer

IMAGES = (4, 8, 16, 32, 64)
RATES = (1, 2, 4, 8)


def dividing(dice: Dice, strides: Sequence[int] = (1, 1, 2, 2, 3, 4)) -> tuple[Convolution, int]:
    """Return a convolution, and a side of an input that its kernel divides evenly."""
    kernel, stride = dice.choice((3, 3, 5, 5, 7, 11)), dice.choice(strides)
    pad = dice.choice(range(kernel // 2 + 1))
    side = (dice.choice(range(6, 33)) - 1) * stride + kernel - 2 * pad
    return Convolution(dice.choice(FILTERS), kernel, stride, pad), side


def convolution(dice: Dice) -> Scenario:
    """Return a convolution that divides its input evenly."""
    conv, side = dividing(dice)
    return applied(side, dice.choice((1, *DEPTHS)), conv)


def deep_convolution(dice: Dice) -> Scenario:
    """Return a convolution on an input of several channels."""
    conv, side = dividing(dice)
    return applied(side, dice.choice(DEPTHS), conv)


def named_convolution(dice: Dice) -> Scenario:
    """Return a convolution whose own output is asked about."""
    return named(convolution(dice))


def pointwise(dice: Dice) -> Scenario:
    """Return a convolution of 1×1."""
    return applied(dice.choice((7, 14, 28, 56)), dice.choice((64, 96, 128, 192, 256)), Convolution(dice.choice((16, 32, 64, 128)), 1))


def pool(dice: Dice) -> Scenario:
    """Return a max pool that divides its input evenly."""
    layer = Pool(*dice.choice(((2, 2), (3, 2), (3, 3), (2, 1), (3, 1))))
    return applied((dice.choice(range(6, 33)) - 1) * layer.stride + layer.size, dice.choice(DEPTHS), layer)


def average_pool(dice: Dice) -> Scenario:
    """Return an average pool that divides its input evenly."""
    size = dice.choice((2, 3, 4))
    return applied(size * dice.choice(range(3, 20)), dice.choice(DEPTHS), Pool(size, size, "average"))


def global_pool(dice: Dice) -> Scenario:
    """Return a global average pool."""
    return applied(dice.choice((6, 7, 8, 12, 14)), dice.choice((128, 256, 512, 1024)), GLOBAL_POOL)


def flattened(dice: Dice) -> Scenario:
    """Return a pool whose output is flattened."""
    side = 2 * dice.choice((4, 5, 6, 7, 8))
    return in_a_row(side, dice.choice((8, 16, 32, 64, 128)), [Pool(2, 2), FLATTEN])


def dense(dice: Dice) -> Scenario:
    """Return a fully connected layer."""
    return applied(dice.choice((1, 4, 5, 6, 7, 8)), dice.choice((16, 32, 64, 128, 256)), FullyConnectedWording(dice.choice(NEURONS)))


def dense_on_volume(dice: Dice) -> Scenario:
    """Return a fully connected layer on a volume with height and width."""
    return applied(dice.choice((4, 5, 6, 7, 8)), dice.choice((16, 32, 64, 128, 256)), FullyConnectedWording(dice.choice(NEURONS)))


def perhaps_uneven(dice: Dice) -> Scenario:
    """Draw a convolution that may or may not divide its input evenly."""
    conv, side = dividing(dice, (2, 3, 4))
    return applied(side + dice.choice((0, 1)), dice.choice(DEPTHS), conv)


def rounded(dice: Dice) -> Scenario:
    """Draw a convolution that does not divide its input evenly."""
    conv, side = dividing(dice, (2, 3, 4))
    return applied(side + 1, dice.choice(DEPTHS), conv)


def dilated(dice: Dice) -> Scenario:
    """Return a dilated convolution."""
    conv = Convolution(dice.choice(FILTERS), 3, dice.choice((1, 2)), dice.choice((0, 1, 2)), dilation=dice.choice((2, 3)))
    return applied(dice.choice(SIDES), dice.choice(DEPTHS), conv)


def grouped(dice: Dice) -> Scenario:
    """Return a convolution in groups."""
    groups = dice.choice((2, 4, 8))
    depth, filters, kernel = groups * dice.choice((2, 4, 8)), groups * dice.choice((4, 6, 8)), dice.choice((3, 5))
    return applied(dice.choice((14, 28)), depth, Convolution(filters, kernel, 1, kernel // 2, groups=groups))


def depthwise(dice: Dice) -> Scenario:
    """Return a depthwise convolution."""
    kernel = dice.choice((3, 5))
    return applied(dice.choice((14, 28, 56)), dice.choice((32, 64, 96, 128)), Convolution("", kernel, 1, kernel // 2, kind="depthwise"))


def normalized(dice: Dice) -> Scenario:
    """Return a convolution with batch normalization."""
    conv, side = dividing(dice, (1, 2))
    return in_a_row(side, dice.choice(DEPTHS), [conv._replace(bias=False), BATCH_NORM])


def rounded_up_pool(dice: Dice) -> Scenario:
    """Return a pool that rounds up, on a side that makes a difference."""
    size, stride = dice.choice(((3, 2), (2, 2), (3, 3)))
    side = (dice.choice(range(6, 33)) - 1) * stride + size + 1
    return applied(side, dice.choice(DEPTHS), Pool(size, stride, up=True))


def batch_of_images(dice: Dice) -> Scenario:
    """Return a convolution on a batch."""
    return on_batch(named_convolution(dice), dice.choice(IMAGES))


def chain_layers(dice: Dice) -> tuple[int, list[WordedLayer]]:
    """Draw a few consecutive layers, and an input side that is large enough for them."""
    layers: list[WordedLayer] = []
    for _ in range(dice.choice((1, 2))):
        for _ in range(dice.choice((1, 2))):
            kernel = dice.choice((3, 3, 5))
            layers.append(Convolution(dice.choice(FILTERS), kernel, 1, kernel // 2))
        layers.append(Pool(2, 2))
    layers.append(Convolution(dice.choice(FILTERS), 3, dice.choice((1, 2)), 1))
    return dice.choice(SIDES), layers


def chain(dice: Dice) -> Scenario:
    """Ask about consecutive convolutions and pooling layers."""
    side, layers = chain_layers(dice)
    return in_a_row(side, 3, layers)


def classifier(dice: Dice) -> Scenario:
    """Return consecutive convolutions and pooling layers, and a fully connected layer at the end."""
    side, layers = chain_layers(dice)
    return in_a_row(side, 3, [*layers, FullyConnectedWording(dice.choice((10, 20, 100)))])


def residual_unit(dice: Dice) -> Scenario:
    """Two convolutions with a shortcut."""
    side, depth = dice.choice((14, 28, 56)), dice.choice((16, 32, 64, 128))
    return residual(side, depth, [Convolution(depth, 3, 1, 1)] * 2)


def inception(dice: Dice) -> Scenario:
    """Branches of convolutions, one of them with a reduction."""
    side, depth = dice.choice((14, 28)), dice.choice((64, 128, 192, 256))
    one, three, five, less = dice.choice((32, 64, 128)), dice.choice((64, 96, 192)), dice.choice((16, 32, 96)), dice.choice((16, 24))
    branches = ([Convolution(one, 1)], [Convolution(three, 3, 1, 1)], [Convolution(less, 1), Convolution(five, 5, 1, 2)])
    return module(side, depth, branches)


def transposed(dice: Dice) -> Scenario:
    """Return a transposed convolution."""
    kernel, stride, pad = dice.choice(((2, 2, 0), (4, 2, 1), (3, 2, 1), (3, 1, 0)))
    conv = Convolution(dice.choice((8, 16, 32)), kernel, stride, pad, kind="upconv")
    return applied(dice.choice((7, 14, 28)), dice.choice((16, 32, 64)), conv)


def dilated_chain(dice: Dice) -> Scenario:
    """Ask about consecutive dilated convolutions."""
    layers: list[WordedLayer] = [Convolution(16, 3, 1, rate, dilation=rate) for rate in RATES[: dice.choice((3, 4))]]
    return in_a_row(64, 3, [*([Pool(2, 2)] if dice.choice((True, False)) else []), *layers])
