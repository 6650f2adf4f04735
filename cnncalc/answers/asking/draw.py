"""Reproducible random draws for questions: numbers, layers and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cnncalc.answers.asking.wording import Convolution, Pool, described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

    Maker = Callable[["Dice", Sequence["QuizNetwork"]], "DrawnQuestion | None"]

T = TypeVar("T")
DEPTHS = (1, 3, 6, 8, 16, 32, 64)
FILTERS = (4, 6, 10, 12, 16, 20, 32, 64, 96)
SIDES = (28, 32, 48, 64, 96)


class Dice:
    """Random choices that are the same for a seed in every version of Python, which guarantees only random()."""

    def __init__(self, seed: int) -> None:
        from random import Random

        self._random = Random(seed)

    def choice(self, values: Sequence[T]) -> T:
        """Return one of the values."""
        return values[int(self._random.random() * len(values))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """Return the values in random order."""
        left = list(values)
        return [left.pop(int(self._random.random() * len(left))) for _ in values]


class QuizNetwork(NamedTuple):
    """A network for questions: its name in sheets, its title and its report."""

    name: str
    title: str
    report: Report


class DrawnQuestion(NamedTuple):
    """A question in words and its fields in the sheet; for claims, the quantity is "claim"."""

    ask: str
    quantity: str
    network: str = ""
    layer: str = ""
    claim: str = ""
    batch: str = ""


def any_layer(row: Row) -> bool:
    """Accept every layer."""
    return True


def evenly_divided(dice: Dice, strides: Sequence[int] = (1, 1, 2, 2, 3, 4)) -> tuple[Convolution, int]:
    """Draw a convolution, and an input side that its kernel divides evenly."""
    kernel, stride = dice.choice((3, 3, 5, 5, 7, 11)), dice.choice(strides)
    pad = dice.choice(range(kernel // 2 + 1))
    side = (dice.choice(range(6, 33)) - 1) * stride + kernel - 2 * pad
    return Convolution(dice.choice(FILTERS), kernel, stride, pad), side


def chain(dice: Dice) -> tuple[int, list[Convolution | Pool]]:
    """Draw a few consecutive layers, and an input side that is large enough for them."""
    layers: list[Convolution | Pool] = []
    for _ in range(dice.choice((1, 2))):
        for _ in range(dice.choice((1, 2))):
            kernel = dice.choice((3, 3, 5))
            layers.append(Convolution(dice.choice(FILTERS), kernel, 1, kernel // 2))
        layers.append(Pool(2, 2))
    layers.append(Convolution(dice.choice(FILTERS), 3, dice.choice((1, 2)), 1))
    return dice.choice(SIDES), layers


def one_layer(dice: Dice, known: Sequence[QuizNetwork], suits: Callable[[Row], bool]) -> tuple[QuizNetwork, Row] | None:
    """Draw a layer that can be described in words; layers inside folders only if there are no others."""
    for each in dice.shuffled(known):
        rows = [row for row in each.report if suits(row) and described(row)]
        if rows:
            return each, dice.choice([row for row in rows if "/" not in row.path] or rows)
    return None


def claimable(known: Sequence[QuizNetwork]) -> list[QuizNetwork]:
    """Return the networks whose names can be used in expressions."""
    return [each for each in known if not any(sign in each.name for sign in "(),")]


def of_layer(
    dice: Dice, known: Sequence[QuizNetwork], quantity: str, wants: str, suits: Callable[[Row], bool] = any_layer
) -> DrawnQuestion | None:
    """Draw a question about a layer of a network, with everything needed to answer it."""
    found = one_layer(dice, known, suits)
    if found is None:
        return None
    network, row = found
    ask = f"{row.path} of {network.title} is {described(row)}. It is applied to a {row.inputs[0]} input. {wants}"
    return DrawnQuestion(ask, quantity, network.name, row.path)
