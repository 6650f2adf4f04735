"""Reproducible random draws for questions: numbers, layers and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cnncalc.answers.asking.wording import Convolution, Pool, described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

    Maker = Callable[["Dice", Sequence["Known"]], "DrawnQuestion | None"]

T = TypeVar("T")
DEPTHS = (1, 3, 6, 8, 16, 32, 64)
FILTERS = (4, 6, 10, 12, 16, 20, 32, 64, 96)
SIDES = (28, 32, 48, 64, 96)


class Dice:
    """Chance, the same for a seed in every version of Python: of what it offers, random() alone is promised to stay."""

    def __init__(self, seed: int) -> None:
        from random import Random

        self._random = Random(seed)

    def choice(self, values: Sequence[T]) -> T:
        """One of them."""
        return values[int(self._random.random() * len(values))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All of them, in another order."""
        left = list(values)
        return [left.pop(int(self._random.random() * len(left))) for _ in values]


class Known(NamedTuple):
    """A network that questions may be about: as a sheet names it, as people call it, and what it costs."""

    name: str
    title: str
    report: Report


class DrawnQuestion(NamedTuple):
    """One question: in words, and what the sheet says of it; the quantity of a claim is the claim."""

    ask: str
    quantity: str
    network: str = ""
    layer: str = ""
    claim: str = ""
    batch: str = ""


def anything(row: Row) -> bool:
    """No layer is left out."""
    return True


def tiling(dice: Dice, strides: Sequence[int] = (1, 1, 2, 2, 3, 4)) -> tuple[Convolution, int]:
    """A convolution, and a side of an input that its windows tile."""
    kernel, stride = dice.choice((3, 3, 5, 5, 7, 11)), dice.choice(strides)
    pad = dice.choice(range(kernel // 2 + 1))
    side = (dice.choice(range(6, 33)) - 1) * stride + kernel - 2 * pad
    return Convolution(dice.choice(FILTERS), kernel, stride, pad), side


def chain(dice: Dice) -> tuple[int, list[Convolution | Pool]]:
    """A few layers one behind the other, and a side of an input that is large enough for them."""
    layers: list[Convolution | Pool] = []
    for _ in range(dice.choice((1, 2))):
        for _ in range(dice.choice((1, 2))):
            kernel = dice.choice((3, 3, 5))
            layers.append(Convolution(dice.choice(FILTERS), kernel, 1, kernel // 2))
        layers.append(Pool(2, 2))
    layers.append(Convolution(dice.choice(FILTERS), 3, dice.choice((1, 2)), 1))
    return dice.choice(SIDES), layers


def one_layer(dice: Dice, known: Sequence[Known], suits: Callable[[Row], bool]) -> tuple[Known, Row] | None:
    """A layer of one of the networks that words describe; deep inside folders only where there is none outside of them."""
    for each in dice.shuffled(known):
        rows = [row for row in each.report if suits(row) and described(row)]
        if rows:
            return each, dice.choice([row for row in rows if "/" not in row.path] or rows)
    return None


def claimable(known: Sequence[Known]) -> list[Known]:
    """The networks whose names can stand in arithmetic."""
    return [each for each in known if not any(sign in each.name for sign in "(),")]


def of_layer(
    dice: Dice, known: Sequence[Known], quantity: str, wants: str, suits: Callable[[Row], bool] = anything
) -> DrawnQuestion | None:
    """A question about a layer of a network, with all that one has to know of it."""
    found = one_layer(dice, known, suits)
    if found is None:
        return None
    network, row = found
    ask = f"{row.path} of {network.title} is {described(row)}. It is applied to a {row.inputs[0]} input. {wants}"
    return DrawnQuestion(ask, quantity, network.name, row.path)
