"""Reproducible random draws for questions: numbers, layers and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.propagate.report import Report

T = TypeVar("T")
DEPTHS = (3, 6, 8, 16, 32, 64)
FILTERS = (4, 6, 10, 12, 16, 20, 32, 64, 96)
NEURONS = (10, 84, 100, 120, 128, 256, 1000)
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


class Scenario(NamedTuple):
    """What a question is about: in words, and as a sheet says it."""

    words: str
    network: str = ""  # its name, or YAML that writes it out
    layer: str = ""
    claim: str = ""
    batch: str = ""
    networks: Sequence[str] = ()  # the names of networks whose layers one has to know


class DrawnQuestion(NamedTuple):
    """A question in words and its fields in the sheet; for claims, the quantity is "claim"."""

    ask: str
    quantity: str
    about: Scenario
    points: int
    template: str
