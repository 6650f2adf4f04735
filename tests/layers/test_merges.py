"""Merges: number of inputs, matching shapes, and error messages."""

from __future__ import annotations

import pytest

from cnncalc.dims import Inconclusive, symbol
from cnncalc.layers import KINDS, Volume

H = symbol("H")
KINDS_OF_MERGES = ("add", "subtract", "mean", "multiply", "maximum", "concat")


def failing(kind: str, *volumes: Volume) -> list[str]:
    return [condition.message for condition in KINDS[kind]().requires(*volumes) if condition.holds is not True]


@pytest.mark.parametrize("kind", KINDS_OF_MERGES)
def test_it_takes_two(kind: str) -> None:
    x = Volume(4, 4, 8)
    first = next(iter(KINDS[kind]().requires()))
    assert (first.message, first.holds) == (f"{kind} needs at least two inputs, found 0", False)
    assert failing(kind, x) == [f"{kind} needs at least two inputs, found 1"]
    assert failing(kind, x, x) == failing(kind, x, x, x) == []


@pytest.mark.parametrize(
    ("kind", "other", "sides"),
    [
        ("add", Volume(5, 4, 8), ["heights"]),
        ("add", Volume(4, 5, 8), ["widths"]),
        ("mean", Volume(4, 4, 9), ["channels"]),
        ("add", Volume(1, 1, 8), ["heights", "widths"]),
        ("subtract", Volume(4, 2, 8), ["widths"]),
        ("maximum", Volume(4, 4, 2), ["channels"]),
        ("multiply", Volume(2, 4, 8), ["heights"]),
        ("multiply", Volume(4, 2, 8), ["widths"]),
        ("multiply", Volume(4, 4, 2), ["channels"]),
        ("multiply", Volume(1, 1, 8), []),
        ("multiply", Volume(1, 1, 2), ["channels"]),
        ("multiply", Volume(4, 4, 1), []),
        ("multiply", Volume(H + 1, 4, 8), ["heights"]),
        ("multiply", Volume(2 * H, 4, 8), ["heights"]),  # never 1, so it has to be 4
        ("concat", Volume(2, 4, 3), ["heights"]),
        ("concat", Volume(4, 2, 3), ["widths"]),
        ("concat", Volume(4, 4, 3), []),
    ],
)
def test_the_sides_that_differ(kind: str, other: Volume, sides: list[str]) -> None:
    x = Volume(4, 4, 8)
    for volumes in ((x, other), (other, x), (x, x, other)):
        found = failing(kind, *volumes)
        assert [message.removesuffix(" differ").split(" the ")[-1] for message in found] == sides
    assert failing(kind, Volume(2, 2, 2), Volume(4, 2, 2)) != []


@pytest.mark.parametrize("volumes", [(Volume(H, 1, 1), Volume(7, 1, 1)), (Volume(7, 1, 1), Volume(H, 1, 1))])
def test_a_side_that_may_be_1_stretches_or_not_so_nobody_can_tell(volumes: tuple[Volume, Volume]) -> None:
    with pytest.raises(Inconclusive):
        failing("multiply", *volumes)


def test_a_third_volume_is_held_against_what_the_first_two_make() -> None:
    gate, row, whole = Volume(1, 1, 8), Volume(1, 4, 8), Volume(3, 4, 8)
    assert KINDS["multiply"]().output(gate, row, whole) == whole
    assert failing("multiply", gate, row, whole) == []
    assert len(failing("multiply", gate, row, Volume(3, 5, 8))) == 1
