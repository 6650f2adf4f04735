"""Scenarios with letters for numbers, whose answers are formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.answers.asking.wording import Convolution, FullyConnectedWording, Pool, applied, in_a_row, named, on_batch

if TYPE_CHECKING:
    from cnncalc.answers.asking.draw import Dice, Scenario


def any_same(dice: Dice) -> Scenario:
    """Return a convolution that keeps height and width."""
    kernel = dice.choice((3, 5, 7))
    return applied("H", "C", Convolution("K", kernel, 1, kernel // 2, bias=False), params=("K",))


def any_biased(dice: Dice) -> Scenario:
    """Return a convolution with biases that keeps height and width."""
    kernel = dice.choice((3, 5, 7))
    return applied("H", "C", Convolution("K", kernel, 1, kernel // 2), params=("K",))


def any_strided(dice: Dice) -> Scenario:
    """Return a convolution with a stride, whose kernel may not divide the input evenly."""
    return applied("H", "C", Convolution("K", dice.choice((3, 5, 7)), dice.choice((2, 3, 4)), dice.choice((0, 1))), params=("K",))


def any_narrowing(dice: Dice) -> Scenario:
    """Return a convolution without padding: height and width shrink."""
    return applied("H", "C", Convolution("K", dice.choice((3, 5, 7, 11))), params=("K",))


def any_pool(dice: Dice) -> Scenario:
    """Return a max pool."""
    return applied("H", "C", Pool(*dice.choice(((2, 2), (3, 2), (3, 3), (5, 3)))))


def any_dense(dice: Dice) -> Scenario:
    """Return a fully connected layer."""
    return without_signs(applied("H", dice.choice(("C", "2*C", "3*C")), FullyConnectedWording("K"), params=("K", "C")))


def any_batch(dice: Dice) -> Scenario:
    """Return a convolution on a batch of N images."""
    return on_batch(named(any_same(dice)), "N")


def without_signs(scenario: Scenario) -> Scenario:
    """Return the scenario with 2C instead of 2*C in its words."""
    return scenario._replace(words=scenario.words.replace("*", ""))


def any_grouped(dice: Dice) -> Scenario:
    """Return a convolution in groups: as many channels as filters, a multiple of the groups."""
    groups, kernel = dice.choice((2, 4, 8)), dice.choice((3, 5))
    conv = Convolution(f"{groups}*K", kernel, 1, kernel // 2, groups=groups, bias=False)
    return without_signs(applied("H", f"{groups}*C", conv, params=("K", "C")))


def any_stack(dice: Dice) -> Scenario:
    """Ask about consecutive equal convolutions."""
    kernel = dice.choice((3, 5))
    conv = Convolution("C", kernel, 1, kernel // 2, bias=False)
    return in_a_row("H", "C", [conv] * dice.choice((2, 3, 4)))


def any_bottleneck(dice: Dice) -> Scenario:
    """Return a narrow convolution between two of 1×1."""
    times = dice.choice((2, 4))
    layers = [Convolution("C", 1, bias=False), Convolution("C", 3, 1, 1, bias=False), Convolution(f"{times}*C", 1, bias=False)]
    return without_signs(in_a_row("H", f"{times}*C", layers, params=("C",)))


def any_separable(dice: Dice) -> Scenario:
    """Return a depthwise convolution, then one of 1×1."""
    kernel = dice.choice((3, 5))
    layers = [Convolution("", kernel, 1, kernel // 2, bias=False, kind="depthwise"), Convolution("K", 1, bias=False)]
    return in_a_row("H", "C", layers, params=("K",))
